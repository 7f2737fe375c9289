// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// Contexts for x86-64: the registers that a call preserves lie on the stack, so a context is a
// stack pointer. A switch takes some nanoseconds; that of ucontext, which calls the kernel, twenty
// times as many.
#if defined(__x86_64__) && !defined(SIMCUDA_UCONTEXT)

#include "fiber.h"

namespace simcuda
{

struct Context {
    void *stack_pointer;
};

extern "C" void simcuda_swap_stacks(void **from, void *to);

asm(R"(
    .text
    .globl simcuda_swap_stacks
    .hidden simcuda_swap_stacks
    .type simcuda_swap_stacks, @function
simcuda_swap_stacks:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size simcuda_swap_stacks, . - simcuda_swap_stacks
)");

Context *new_context()
{
    return new Context();
}

void prepare_context(Context *context, char *stack, size_t bytes, void (*entry)())
{
    // What simcuda_swap_stacks pops, and a return address of 0 for entry: with it the stack is
    // aligned as at any function's first instruction, and a debugger stops there.
    void **top = reinterpret_cast<void **>(stack + bytes);
    *--top = nullptr;
    *--top = reinterpret_cast<void *>(entry);
    for (int i = 0; i < 6; i++)
        *--top = nullptr;
    context->stack_pointer = top;
}

void swap_contexts(Context *from, Context *to)
{
    simcuda_swap_stacks(&from->stack_pointer, to->stack_pointer);
}

} // namespace simcuda

#endif
