// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// The race variant's memory of every byte: what marks set, and what accesses by operations of the
// runtime and by the host find. Accesses of kernels are in kernel_access.cpp.

#include "shadow.h"

#include "arena.h"
#include "cell_check.h"
#include "executor.h"
#include "memory_functions.h"
#include "sim_report.h"
#include "trace.h"

#include <map>

namespace simcuda
{

Region arena_cells;

namespace
{

std::map<const char *, size_t> &host_memory()
{
    static std::map<const char *, size_t> map;
    return map;
}

// The cells of a range in the arena, for marks.
void set_range(const void *start, size_t bytes, Segment written)
{
    if (arena_offset(start) < kArenaBytes) arena_cells.set(arena_offset(start), bytes, written);
}

void mark(const void *start, size_t bytes, bool writes, const char *who)
{
    const size_t offset = arena_offset(start);
    if (bytes == 0 || offset >= kArenaBytes) return;
    Touch touch;
    touch.address = static_cast<const char *>(start);
    touch.bytes = bytes;
    touch.reads = !writes;
    touch.writes = writes;
    touch.who = who;
    check_range(arena_cells, offset, touch);
}

} // namespace

void register_host_memory(const void *start, size_t bytes)
{
    host_memory()[static_cast<const char *>(start)] = bytes;
}

void unregister_host_memory(const void *start)
{
    host_memory().erase(static_cast<const char *>(start));
}

bool is_registered(const void *byte)
{
    const auto &map = host_memory();
    auto next = map.upper_bound(static_cast<const char *>(byte));
    if (next == map.begin()) return false;
    --next;
    return static_cast<size_t>(static_cast<const char *>(byte) - next->first) < next->second;
}

void copy_bytes(void *to, const void *from, size_t bytes)
{
    __real_memmove(to, from, bytes);
}

void fill_bytes(void *to, int value, size_t bytes)
{
    __real_memset(to, value, bytes);
}

void mark_read(const void *start, size_t bytes, const char *who)
{
    mark(start, bytes, false, who);
}

void mark_written(const void *start, size_t bytes, const char *who)
{
    mark(start, bytes, true, who);
}

void mark_forbidden(const void *start, size_t bytes)
{
    set_range(start, bytes, kForbidden);
}

void mark_unwritten(const void *start, size_t bytes)
{
    set_range(start, bytes, kUnwritten);
}

void mark_initialised(const void *start, size_t bytes)
{
    set_range(start, bytes, kInitialised);
}

void trace_allocation(const char *, size_t, bool)
{
    if (arena_cells.bytes() == 0) arena_cells.reserve(arena, kArenaBytes);
    forget_allocation();
}

void trace_release(const char *start, size_t bytes)
{
    arena_cells.clear(arena_offset(start), bytes);
    forget_allocation();
}

void host_access(const void *address, size_t bytes, bool writes, const void *pc)
{
    const size_t offset = arena_offset(address);
    if (place_of(offset) != kPinned) {
        report(SIMCUDA_HOSTCHECK, pc, "host code %s memory of the device at %p",
               writes ? "writes" : "reads", address);
        return;
    }
    const std::lock_guard<std::recursive_mutex> lock(device_lock());
    Touch touch;
    touch.address = static_cast<const char *>(address);
    touch.bytes = bytes;
    touch.reads = !writes;
    touch.writes = writes;
    touch.who = "host code";
    touch.pc = pc;
    check_range(arena_cells, offset, touch);
}

} // namespace simcuda
