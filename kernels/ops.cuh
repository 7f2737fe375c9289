/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The launchers of the CUDA device, from ops.def: cupel_cuda_f32_<op>, where every type is float,
 * and cupel_cuda_bf16_<op>, where real and weight are bf16, logit and acc float. They start kernels
 * on x->stream, wait for nothing and allocate nothing. Read by C++ and by C. */
#ifndef CUPEL_OPS_CUH
#define CUPEL_OPS_CUH

#include "exec.h"
#include "op.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NO_SCRATCH(name)
#define SCRATCH(name)                                                                              \
    int64_t cupel_cuda_f32_##name##_needs(const cupel_##name##_args *args);                        \
    int64_t cupel_cuda_bf16_##name##_needs(const cupel_##name##_args *args);
#define CUPEL_OP(name, scratch, ...)                                                               \
    cupel_status cupel_cuda_f32_##name(cupel_exec *x, const cupel_##name##_args *args);            \
    cupel_status cupel_cuda_bf16_##name(cupel_exec *x, const cupel_##name##_args *args);           \
    scratch(name)
#include "ops.def"
#undef CUPEL_OP
#undef SCRATCH
#undef NO_SCRATCH

#ifdef __cplusplus
}
#endif

/* Both launchers of an op from one template name<real>(x, args), and both of its needs. */
#define CUPEL_CUDA_LAUNCHERS(name)                                                                 \
    extern "C" cupel_status cupel_cuda_f32_##name(cupel_exec *x, const cupel_##name##_args *args)  \
    {                                                                                              \
        return name<float>(x, args);                                                               \
    }                                                                                              \
    extern "C" cupel_status cupel_cuda_bf16_##name(cupel_exec *x, const cupel_##name##_args *args) \
    {                                                                                              \
        return name<__nv_bfloat16>(x, args);                                                       \
    }
#define CUPEL_CUDA_NEEDS(name)                                                                     \
    extern "C" int64_t cupel_cuda_f32_##name##_needs(const cupel_##name##_args *args)              \
    {                                                                                              \
        return name##_needs<float>(args);                                                          \
    }                                                                                              \
    extern "C" int64_t cupel_cuda_bf16_##name##_needs(const cupel_##name##_args *args)             \
    {                                                                                              \
        return name##_needs<__nv_bfloat16>(args);                                                  \
    }

#endif
