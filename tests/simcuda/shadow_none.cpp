// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// The variants without shadow memory: nothing is known about bytes, and every order is right.

#include "shadow.h"
#include "trace.h"

#include <cstring>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

namespace simcuda
{

void register_host_memory(const void *, size_t)
{
}

void unregister_host_memory(const void *)
{
}

void copy_bytes(void *to, const void *from, size_t bytes)
{
    std::memmove(to, from, bytes);
}

void fill_bytes(void *to, int value, size_t bytes)
{
    std::memset(to, value, bytes);
}

void mark_read(const void *, size_t, const char *)
{
}

void mark_written(const void *, size_t, const char *)
{
}

#if defined(__SANITIZE_ADDRESS__)
void mark_forbidden(const void *start, size_t bytes)
{
    __asan_poison_memory_region(start, bytes);
}

void mark_unwritten(const void *start, size_t bytes)
{
    __asan_unpoison_memory_region(start, bytes);
}
#else
void mark_forbidden(const void *, size_t)
{
}

void mark_unwritten(const void *, size_t)
{
}
#endif

void mark_initialised(const void *start, size_t bytes)
{
    mark_unwritten(start, bytes);
}

unsigned new_lane()
{
    return 0;
}

Operation new_operation(unsigned, const char *, const Operation *, size_t)
{
    return kNoOperation;
}

void begin_operation(Operation)
{
}

void end_operation()
{
}

void host_waited_for(Operation)
{
}

void trace_allocation(const char *, size_t, bool)
{
}

void trace_release(const char *, size_t)
{
}

void trace_launch(int, size_t)
{
}

void trace_block(const char *, size_t)
{
}

void trace_barrier()
{
}

void trace_warp_sync(unsigned, unsigned)
{
}

void trace_fence()
{
}

void trace_atomic(const void *, size_t, bool, Site)
{
}

} // namespace simcuda
