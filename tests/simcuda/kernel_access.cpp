// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// What kernels touch, by where it lies: the arena, the thread's own stack, static and dynamic
// shared memory, the program's constants, and all else, which a kernel may not touch.

#include "arena.h"
#include "block.h"
#include "builtins.h"
#include "cell_check.h"
#include "sim_config.h"
#include "sim_report.h"
#include "trace.h"

#include <sys/mman.h>
#include <unistd.h>

// The linker's names for the program's writable data. Static shared memory is part of it: gcc can
// not put static variables of templates in a section of their own, so all of it counts as shared
// memory when a kernel touches it, and kernels use no other variables.
extern "C" char __executable_start[];
extern "C" char __data_start[];
extern "C" char _end[];
// The built-in variables; __constant__ variables, where there are any.
extern "C" char __start_simcuda_builtin[];
extern "C" char __stop_simcuda_builtin[];
extern "C" __attribute__((weak)) char __start_simcuda_constant[];
extern "C" __attribute__((weak)) char __stop_simcuda_constant[];

namespace simcuda
{
namespace
{

Region static_cells;
Region dynamic_cells;
int device;
size_t dynamic_limit;
size_t dynamic_bytes;
unsigned preempt; // of 64 accesses
Random preemption;

bool between(const void *address, const char *first, const char *end)
{
    const char *byte = static_cast<const char *>(address);
    return byte >= first && byte < end;
}

void access_arena(size_t offset, Touch &touch)
{
    const int place = place_of(offset);
    if (place != kPinned && place != device) {
        report(SIMCUDA_MEMCHECK, touch.pc, "%s: access to memory of device %d from device %d",
               describe_thread().c_str(), place, device);
        return;
    }
    check_range(arena_cells, offset, touch);
}

void access_dynamic(Touch &touch)
{
    const size_t offset =
        static_cast<size_t>(touch.address - reinterpret_cast<const char *>(dynamic_shared));
    if (offset >= dynamic_bytes || touch.bytes > dynamic_bytes - offset) {
        report(SIMCUDA_MEMCHECK, touch.pc,
               "%s: access to %zu bytes at offset %td of %zu bytes of dynamic shared memory",
               describe_thread().c_str(), touch.bytes, static_cast<ptrdiff_t>(offset),
               dynamic_bytes);
        return;
    }
    touch.shared = true;
    check_range(dynamic_cells, dynamic_cells.offset(touch.address), touch);
}

// What is part of the program, and no shared memory.
bool is_constant(const void *address)
{
    return between(address, __start_simcuda_builtin, __stop_simcuda_builtin) ||
           between(address, __start_simcuda_constant, __stop_simcuda_constant) ||
           between(address, __executable_start, __data_start);
}

void access_elsewhere(const Touch &touch)
{
    if (is_constant(touch.address)) return;
    if (is_registered(touch.address)) return;
    // Where nothing is mapped the access is about to fault, and is reported then.
    const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    const uintptr_t address = reinterpret_cast<uintptr_t>(touch.address);
    if (msync(reinterpret_cast<void *>(address / page * page), page, MS_ASYNC) != 0) return;
    report(SIMCUDA_HOSTCHECK, touch.pc, "%s: access to memory of the host at %p",
           describe_thread().c_str(), static_cast<const void *>(touch.address));
}

} // namespace

void kernel_access(Touch &touch)
{
    touch.by_kernel = true;
    const size_t offset = arena_offset(touch.address);
    if (offset < kArenaBytes) {
        access_arena(offset, touch);
    } else if (on_stack(current_fiber(), touch.address)) {
        return;
    } else if (dynamic_cells.holds(touch.address)) {
        access_dynamic(touch);
    } else if (static_cells.holds(touch.address) && !is_constant(touch.address)) {
        touch.shared = true;
        touch.static_shared = true;
        check_range(static_cells, static_cells.offset(touch.address), touch);
    } else {
        access_elsewhere(touch);
    }
    if (preempt > 0 && !touch.atomic && preemption.below(64) < preempt) give_way();
}

void trace_launch(int on_device, size_t limit)
{
    if (static_cells.bytes() == 0) {
        const char *start = __data_start - reinterpret_cast<uintptr_t>(__data_start) % 4;
        static_cells.reserve(start, static_cast<size_t>(_end - start));
        // With the page behind it, so that what runs over the end is known for what it is.
        dynamic_cells.reserve(reinterpret_cast<const char *>(shared_area()), kSharedArea + kPage);
    }
    device = on_device;
    dynamic_limit = limit;
    preempt = static_cast<unsigned>(simcuda_configuration()->preempt);
    begin_launch();
}

void trace_block(const char *, size_t bytes)
{
    dynamic_bytes = bytes;
    begin_block();
    begin_shared(bytes, dynamic_limit);
}

void trace_barrier()
{
    meet_at_barrier();
}

void trace_warp_sync(unsigned warp, unsigned lanes)
{
    meet_in_warp(warp, lanes);
}

void trace_fence()
{
    pass_fence();
}

void trace_atomic(const void *address, size_t bytes, bool reads, Site site)
{
    Touch touch;
    touch.address = static_cast<const char *>(address);
    touch.bytes = bytes;
    touch.reads = reads;
    touch.writes = true;
    touch.atomic = true;
    touch.site = site;
    kernel_access(touch);
    pass_atomic(address);
}

} // namespace simcuda
