/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the planted kernels share: their launch, which is that of the product. */
#ifndef CUPEL_SIMCUDA_PLANTED_CUH
#define CUPEL_SIMCUDA_PLANTED_CUH

#include "planted.h"
#include <cuda_bf16.h>
#include <cuda_runtime.h>

namespace
{

constexpr unsigned kAllLanes = 0xffffffffU;

template <class... P, class... A>
cudaError_t launch(void (*kernel)(P...), dim3 grid, dim3 block, size_t shared, A... arguments)
{
    cudaLaunchConfig_t config = {};
    config.gridDim = grid;
    config.blockDim = block;
    config.dynamicSmemBytes = shared;
    return cudaLaunchKernelEx(&config, kernel, static_cast<P>(arguments)...);
}

template <size_t N> PlantedList list(const Planted (&cases)[N])
{
    return {cases, N};
}

} // namespace

#endif
