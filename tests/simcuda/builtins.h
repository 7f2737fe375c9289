/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The built-in variables of kernels, as the executor writes them. Kernels see them under CUDA's
 * names and as constants, which they are as long as one thread runs: so the compiler need not load
 * them again after a barrier, and the race variant does not check their loads.
 */
#ifndef CUPEL_SIMCUDA_BUILTINS_H
#define CUPEL_SIMCUDA_BUILTINS_H

#include <vector_types.h>

namespace simcuda
{

/* They have a section of their own, as the compiler takes a dim3 for no constant and so has its
   loads checked. */
#define SIMCUDA_BUILTIN __attribute__((section("simcuda_builtin")))

extern uint3 thread_index __asm__("threadIdx");
extern uint3 block_index __asm__("blockIdx");
extern dim3 block_shape __asm__("blockDim");
extern dim3 grid_shape __asm__("gridDim");

/* The start of the block's dynamic shared memory. */
extern unsigned char *dynamic_shared __asm__("simcuda_dynamic_shared");

/* Whether approximate instructions are perturbed. */
extern bool perturbs __asm__("simcuda_perturbs");

} // namespace simcuda

#endif
