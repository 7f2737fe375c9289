// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// The race variant compiles kernels and host code with -fsanitize=thread, which calls these
// functions at every load and store, and does not link that sanitizer's runtime: here they are our
// own.

#include "arena.h"
#include "block.h"
#include "cell_check.h"
#include "memory_functions.h"

namespace simcuda
{
namespace
{

inline void access(const void *address, size_t bytes, bool writes, const void *pc)
{
    if (running_kernel) {
        Touch touch;
        touch.address = static_cast<const char *>(address);
        touch.bytes = bytes;
        touch.reads = !writes;
        touch.writes = writes;
        touch.pc = pc;
        kernel_access(touch);
    } else if (arena_offset(address) < kArenaBytes) {
        host_access(address, bytes, writes, pc);
    }
}

// The memory functions are the host's to get wrong. What kernels touch through them, and what the
// simulator does while a kernel runs, is passed over.
inline void host_range(const void *address, size_t bytes, bool writes, const void *pc)
{
    if (!running_kernel && bytes > 0 && arena_offset(address) < kArenaBytes)
        host_access(address, bytes, writes, pc);
}

} // namespace
} // namespace simcuda

#define HERE __builtin_return_address(0)
#define HOOKS(bytes)                                  \
    void __tsan_read##bytes(void *address)            \
    {                                                 \
        simcuda::access(address, bytes, false, HERE); \
    }                                                 \
    void __tsan_write##bytes(void *address)           \
    {                                                 \
        simcuda::access(address, bytes, true, HERE);  \
    }                                                 \
    void __tsan_unaligned_read##bytes(void *address)  \
    {                                                 \
        simcuda::access(address, bytes, false, HERE); \
    }                                                 \
    void __tsan_unaligned_write##bytes(void *address) \
    {                                                 \
        simcuda::access(address, bytes, true, HERE);  \
    }                                                 \
    void __tsan_read_write##bytes(void *address)      \
    {                                                 \
        simcuda::access(address, bytes, false, HERE); \
        simcuda::access(address, bytes, true, HERE);  \
    }

extern "C" {

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

void __tsan_read_range(void *address, size_t bytes)
{
    simcuda::access(address, bytes, false, HERE);
}

void __tsan_write_range(void *address, size_t bytes)
{
    simcuda::access(address, bytes, true, HERE);
}

void __tsan_init()
{
}

void __tsan_func_entry(void *)
{
}

void __tsan_func_exit()
{
}

void __tsan_vptr_update(void **, void *)
{
}

void __tsan_vptr_read(void **)
{
}

void *__wrap_memcpy(void *to, const void *from, size_t bytes)
{
    simcuda::host_range(from, bytes, false, HERE);
    simcuda::host_range(to, bytes, true, HERE);
    return __real_memcpy(to, from, bytes);
}

void *__wrap_memmove(void *to, const void *from, size_t bytes)
{
    simcuda::host_range(from, bytes, false, HERE);
    simcuda::host_range(to, bytes, true, HERE);
    return __real_memmove(to, from, bytes);
}

void *__wrap_memset(void *to, int value, size_t bytes)
{
    simcuda::host_range(to, bytes, true, HERE);
    return __real_memset(to, value, bytes);
}

} // extern "C"
