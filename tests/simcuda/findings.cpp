// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0

#include "findings.h"

#include "allocation.h"
#include "arena.h"
#include "block.h"
#include "segments.h"

#include <cstdarg>
#include <cstdio>
#include <string>

namespace simcuda
{

__attribute__((format(printf, 3, 4))) void tell(simcuda_kind kind, const Touch &touch,
                                                const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const std::string who = touch.by_kernel ? describe_thread() : touch.who;
    if (touch.pc != nullptr) {
        report(kind, touch.pc, "%s: %s", who.c_str(), text);
    } else {
        report_at(kind, touch.site.file != nullptr ? touch.site.file : "?", touch.site.line,
                  "%s: %s", who.c_str(), text);
    }
}

const char *deed(const Touch &touch)
{
    if (touch.atomic) return "atomic operation on";
    return touch.writes ? "write to" : "read of";
}

const char *space(const Touch &touch)
{
    return touch.shared ? "shared" : "global";
}

void tell_no_memory(const Touch &touch, const char *byte)
{
    const Allocation *before = allocation_before(byte);
    if (find_allocation(byte) != nullptr) {
        tell(SIMCUDA_MEMCHECK, touch,
             "%s %zu bytes at %p, which are forbidden or of another device", deed(touch),
             touch.bytes, static_cast<const void *>(touch.address));
    } else if (before == nullptr ||
               place_of(arena_offset(before->start)) != place_of(arena_offset(byte))) {
        tell(SIMCUDA_MEMCHECK, touch, "%s %zu bytes at %p, in no allocation", deed(touch),
             touch.bytes, static_cast<const void *>(touch.address));
    } else {
        tell(SIMCUDA_MEMCHECK, touch, "%s %zu bytes at %p, in no allocation: %zu behind one of %zu",
             deed(touch), touch.bytes, static_cast<const void *>(touch.address),
             static_cast<size_t>(byte - before->start) - before->bytes, before->bytes);
    }
}

void tell_race(const Touch &touch, const char *earlier, Segment segment, unsigned thread,
               bool known_thread)
{
    if (segment < now.block) {
        tell(SIMCUDA_RACECHECK, touch,
             "%s global memory races with the %s of another block: no atomic operation with "
             "__threadfence on both sides orders them",
             deed(touch), earlier);
    } else if (known_thread) {
        const uint3 t = block.thread[thread].index;
        tell(SIMCUDA_RACECHECK, touch,
             "%s %s memory races with the %s of thread (%u, %u, %u): no barrier orders them",
             deed(touch), space(touch), earlier, t.x, t.y, t.z);
    } else {
        tell(SIMCUDA_RACECHECK, touch,
             "%s %s memory races with the %s of several threads: no barrier orders them",
             deed(touch), space(touch), earlier);
    }
}

void tell_unordered(const Touch &touch, const char *earlier, Segment segment)
{
    tell(SIMCUDA_STREAMCHECK, touch, "%s memory after the %s of %s, which nothing orders before it",
         deed(touch), earlier, operation_name(segment).c_str());
}

} // namespace simcuda
