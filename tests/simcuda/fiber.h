/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* Stacks of their own for the threads of a block, all on one thread of the host. */
#ifndef CUPEL_SIMCUDA_FIBER_H
#define CUPEL_SIMCUDA_FIBER_H

#include <cstddef>
#include <cstdint>

namespace simcuda
{

struct Context; // the saved registers: fiber_x86_64.cpp or fiber_ucontext.cpp

/* Prepares a context that begins entry() on the stack; entry never returns. */
Context *new_context();
void prepare_context(Context *context, char *stack, size_t bytes, void (*entry)());

/* Saves what runs into one context and resumes another. */
void swap_contexts(Context *from, Context *to);

/* What a kernel's thread may use of the stack. The sanitizers make frames larger, and report on the
   stack of the thread at fault. */
#if defined(__SANITIZE_ADDRESS__) || defined(SIMCUDA_RACE)
constexpr size_t kStackBytes = 256 << 10;
#else
constexpr size_t kStackBytes = 64 << 10;
#endif

struct Fiber {
    Context *context;
    char *stack; // of kStackBytes, above a page that faults; NULL for the host's own
    void (*entry)();
    // For AddressSanitizer: its fake stack, and where the real one lies.
    void *fake_stack;
    const void *bottom;
    size_t bytes;
};

/* The fiber that runs now; that of the host while no kernel does. */
Fiber *current_fiber();
Fiber *host_fiber();

/* A fiber that begins entry() when it is first switched to. It lives as long as the process. */
Fiber *new_fiber(void (*entry)());

/* Drops whatever the fiber was doing: it begins entry() again. */
void rewind_fiber(Fiber *fiber);

void switch_to(Fiber *fiber);

inline bool on_stack(const Fiber *fiber, const void *byte)
{
    return reinterpret_cast<uintptr_t>(byte) - reinterpret_cast<uintptr_t>(fiber->stack) <
           kStackBytes;
}

/* Whether an address is in the page below the stack, where only an overflow leads. */
bool below_stack(const Fiber *fiber, const void *byte);

} // namespace simcuda

#endif
