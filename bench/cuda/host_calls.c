/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How often the library asks CUDA for something: the linker sends the calls that a step can consist
 * of through here (bench/CMakeLists.txt, --wrap), where they are counted and passed on. */
#include "cuda_parts.h"

#include <cuda_runtime_api.h>

static _Atomic int64_t calls;

#define COUNTED(name, parameters, arguments) \
    cudaError_t __real_##name parameters;    \
    cudaError_t __wrap_##name parameters;    \
    cudaError_t __wrap_##name parameters     \
    {                                        \
        calls++;                             \
        return __real_##name arguments;      \
    }

COUNTED(cudaGetDevice, (int *device), (device))
COUNTED(cudaSetDevice, (int device), (device))
COUNTED(cudaGraphLaunch, (cudaGraphExec_t graph, cudaStream_t stream), (graph, stream))
COUNTED(cudaLaunchKernelExC,
        (const cudaLaunchConfig_t *config, const void *kernel, void **arguments),
        (config, kernel, arguments))
COUNTED(cudaMemcpyAsync,
        (void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind, cudaStream_t stream),
        (to, from, bytes, kind, stream))
COUNTED(cudaMemsetAsync, (void *to, int value, size_t bytes, cudaStream_t stream),
        (to, value, bytes, stream))
COUNTED(cudaEventRecord, (cudaEvent_t event, cudaStream_t stream), (event, stream))
COUNTED(cudaEventQuery, (cudaEvent_t event), (event))
COUNTED(cudaEventSynchronize, (cudaEvent_t event), (event))
COUNTED(cudaStreamWaitEvent, (cudaStream_t stream, cudaEvent_t event, unsigned flags),
        (stream, event, flags))
COUNTED(cudaStreamSynchronize, (cudaStream_t stream), (stream))

int64_t bench_cuda_host_calls(void)
{
    return calls;
}
