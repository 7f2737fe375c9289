// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// Contexts for processors that have no switch of their own here.
#if !defined(__x86_64__) || defined(SIMCUDA_UCONTEXT)

#include "fiber.h"

#include <ucontext.h>

namespace simcuda
{

struct Context {
    ucontext_t registers;
};

Context *new_context()
{
    return new Context();
}

void prepare_context(Context *context, char *stack, size_t bytes, void (*entry)())
{
    getcontext(&context->registers);
    context->registers.uc_stack.ss_sp = stack;
    context->registers.uc_stack.ss_size = bytes;
    context->registers.uc_link = nullptr;
    makecontext(&context->registers, entry, 0);
}

void swap_contexts(Context *from, Context *to)
{
    swapcontext(&from->registers, &to->registers);
}

} // namespace simcuda

#endif
