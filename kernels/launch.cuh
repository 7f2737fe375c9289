/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The one way in which a kernel is started. */
#ifndef CUPEL_LAUNCH_CUH
#define CUPEL_LAUNCH_CUH

#include "device.cuh"

/* CUPEL_OK for 0, else the failure of that op's launch with the text of the cudaError_t. */
extern "C" cupel_status cupel_cuda_launched(int error, const char *op);

namespace
{

/* Blocks for so many items, per_block at a time: it depends on the arguments alone. */
inline unsigned blocks_for(int64_t items, int64_t per_block, int64_t most = kMaxBlocks)
{
    const int64_t blocks = ceil_div(items, per_block);
    return static_cast<unsigned>(blocks < most ? blocks : most);
}

/* Starts the kernel on the stream of the run. The arguments are converted to the kernel's
 * parameters, so an op's void * may be given as it is. A grid without blocks has nothing to do. */
template <class... P, class... A>
cupel_status launch(const cupel_exec *x, const char *op, void (*kernel)(P...), dim3 grid, int block,
                    size_t shared, A... arguments)
{
    if (grid.x == 0) return CUPEL_OK;
    cudaLaunchConfig_t config = {};
    config.gridDim = grid;
    config.blockDim = dim3(static_cast<unsigned>(block));
    config.dynamicSmemBytes = shared;
    config.stream = static_cast<cudaStream_t>(x->stream);
    const cudaError_t error = cudaLaunchKernelEx(&config, kernel, static_cast<P>(arguments)...);
    return cupel_cuda_launched(static_cast<int>(error), op);
}

} // namespace

#endif
