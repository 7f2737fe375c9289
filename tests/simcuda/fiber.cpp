// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0

#include "fiber.h"

#include <cstdio>
#include <cstdlib>
#include <sys/mman.h>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace simcuda
{
namespace
{

constexpr size_t kGuard = 4096;

Fiber host = {new_context(), nullptr, nullptr, nullptr, nullptr, 0};
Fiber *current = &host;

#if defined(__SANITIZE_ADDRESS__)
Fiber *previous;

void leave(Fiber *from, const Fiber *to)
{
    previous = from;
    __sanitizer_start_switch_fiber(&from->fake_stack, to->bottom, to->bytes);
}

// The host's fiber is whichever thread of the host is running a kernel: its stack is known only
// from here.
void arrive(Fiber *to)
{
    const void *bottom = nullptr;
    size_t bytes = 0;
    __sanitizer_finish_switch_fiber(to->fake_stack, &bottom, &bytes);
    if (previous == &host) {
        host.bottom = bottom;
        host.bytes = bytes;
    }
}
#else
void leave(Fiber *, const Fiber *)
{
}

void arrive(Fiber *)
{
}
#endif

void begin()
{
    arrive(current);
    current->entry();
    std::abort(); // an entry never returns
}

} // namespace

Fiber *current_fiber()
{
    return current;
}

Fiber *host_fiber()
{
    return &host;
}

Fiber *new_fiber(void (*entry)())
{
    void *memory = mmap(nullptr, kGuard + kStackBytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, kGuard, PROT_NONE) != 0) {
        std::perror("simcuda: no memory for the stack of a thread");
        std::_Exit(2);
    }
    char *stack = static_cast<char *>(memory) + kGuard;
    Fiber *fiber = new Fiber{new_context(), stack, entry, nullptr, stack, kStackBytes};
    prepare_context(fiber->context, stack, kStackBytes, begin);
    return fiber;
}

void rewind_fiber(Fiber *fiber)
{
    fiber->fake_stack = nullptr;
#if defined(__SANITIZE_ADDRESS__)
    __asan_unpoison_memory_region(fiber->stack, kStackBytes);
#endif
    prepare_context(fiber->context, fiber->stack, kStackBytes, begin);
}

void switch_to(Fiber *fiber)
{
    Fiber *from = current;
    if (fiber == from) return;
    leave(from, fiber);
    current = fiber;
    swap_contexts(from->context, fiber->context);
    arrive(from);
}

bool below_stack(const Fiber *fiber, const void *byte)
{
    return fiber->stack != nullptr &&
           reinterpret_cast<uintptr_t>(fiber->stack) - reinterpret_cast<uintptr_t>(byte) - 1 <
               kGuard;
}

} // namespace simcuda
