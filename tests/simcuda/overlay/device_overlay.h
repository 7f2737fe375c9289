/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Included before all else (-include) where a .cu file is compiled as C++ for the simulated device:
 * the real CUDA headers, and what only nvcc knows.
 *
 * What compilers do that this depends on:
 *   - All device code stands in an anonymous namespace. Static variables of templates with external
 *     linkage get no red zones from AddressSanitizer, neither from gcc nor from clang.
 *   - gcc ignores the section attribute of static variables of templates, so the race variant takes
 *     all writable data of the program for shared memory; kernels have no __device__ variables.
 *   - Kernels are compiled with -fno-strict-aliasing, for they view a float * as a float4 *, and
 *     without optimisation across files: the compiler must not see into a barrier.
 *   - Atomic operations tell the race variant of themselves and are not instrumented.
 *   - glibc has functions __expf, __logf and so on, so CUDA's of these names are macros here.
 */
#ifndef CUPEL_SIMCUDA_DEVICE_OVERLAY_H
#define CUPEL_SIMCUDA_DEVICE_OVERLAY_H

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include <cuda_runtime.h>
#include <device_launch_parameters.h>

#include "instructions.h"

/* CUDA has these in the global namespace. */
using std::isfinite;
using std::isinf;
using std::isnan;
using std::signbit;

/* Blocks run one after another, so a block's shared memory is a static variable. */
#undef __shared__
#define __shared__ static
#undef __constant__
#define __constant__ __attribute__((section("simcuda_constant")))
#undef __launch_bounds__
#define __launch_bounds__(...)
#undef __maxnreg__
#define __maxnreg__(...)
#undef __grid_constant__
#define __grid_constant__

/* `extern static` is no C++, so dynamic shared memory has a macro of its own. */
extern "C" unsigned char *const simcuda_dynamic_shared;
#define DYN_SHARED(T, name) T *name = reinterpret_cast<T *>(simcuda_dynamic_shared)

/* The last parameter of an instruction that reports: the line that calls it. */
#define SIMCUDA_SITE simcuda::Site site = {__builtin_FILE(), __builtin_LINE()}

#include "overlay_atomics.h"
#include "overlay_bits.h"
#include "overlay_launch.h"
#include "overlay_math.h"
#include "overlay_memory.h"
#include "overlay_ptx.h"
#include "overlay_sync.h"

#endif
