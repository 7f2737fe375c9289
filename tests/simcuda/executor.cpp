// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0

#include "executor.h"

#include "block.h"
#include "builtins.h"
#include "fault.h"
#include "overlay/registration.h"
#include "shadow.h"
#include "sim_config.h"
#include "trace.h"

#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <sys/mman.h>
#include <unordered_map>
#include <vector>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

namespace simcuda
{

// Values other than 0, for which the section would be one without contents.
SIMCUDA_BUILTIN uint3 thread_index = {1, 1, 1};
SIMCUDA_BUILTIN uint3 block_index = {1, 1, 1};
SIMCUDA_BUILTIN dim3 block_shape = 1;
SIMCUDA_BUILTIN dim3 grid_shape = 1;
SIMCUDA_BUILTIN unsigned char *dynamic_shared = reinterpret_cast<unsigned char *>(1);
SIMCUDA_BUILTIN bool perturbs = true;

namespace
{

} // namespace

__thread bool running_kernel;

unsigned char *shared_area()
{
    static unsigned char *area = [] {
        void *memory = mmap(nullptr, kSharedArea + kPage, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED ||
            mprotect(static_cast<char *>(memory) + kSharedArea, kPage, PROT_NONE) != 0) {
            std::perror("simcuda: no shared memory");
            std::_Exit(2);
        }
        return static_cast<unsigned char *>(memory);
    }();
    return area;
}

namespace
{

void place_dynamic_shared(size_t bytes)
{
    unsigned char *area = shared_area();
    dynamic_shared = area + (kSharedArea - bytes) / 16 * 16;
#if defined(__SANITIZE_ADDRESS__)
    __asan_poison_memory_region(area, kSharedArea + kPage);
    __asan_unpoison_memory_region(dynamic_shared, bytes);
#endif
}

std::unordered_map<const void *, Kernel> &kernels()
{
    static std::unordered_map<const void *, Kernel> map;
    return map;
}

// The numbers of the blocks in the order in which they run; empty where that is their own.
std::vector<uint64_t> block_numbers(uint64_t n)
{
    const simcuda_order order = simcuda_configuration()->block_order;
    if (order != SIMCUDA_REVERSE && order != SIMCUDA_RANDOM) return {};
    std::vector<uint64_t> numbers(n);
    std::iota(numbers.rbegin(), numbers.rend(), uint64_t{0});
    if (order == SIMCUDA_RANDOM) {
        for (uint64_t i = n; i > 1; i--)
            std::swap(numbers[i - 1], numbers[block.random.below(static_cast<unsigned>(i))]);
    }
    return numbers;
}

} // namespace

void register_kernel(const void *function, CallKernel call, CopyArguments copy,
                     DestroyArguments destroy)
{
    kernels().emplace(function, Kernel{function, call, copy, destroy, kSharedMemory});
}

std::recursive_mutex &device_lock()
{
    static std::recursive_mutex mutex;
    return mutex;
}

Kernel *find_kernel(const void *function)
{
    const auto found = kernels().find(function);
    return found == kernels().end() ? nullptr : &found->second;
}

std::shared_ptr<void> capture_arguments(const Kernel &kernel, void **arguments)
{
    return std::shared_ptr<void>(kernel.copy(arguments), kernel.destroy);
}

cudaError_t check_launch(const Kernel &kernel, const LaunchShape &shape)
{
    const dim3 &g = shape.grid;
    const dim3 &b = shape.block;
    if (g.x < 1 || g.y < 1 || g.z < 1 || g.x > unsigned{kMaxGridX} || g.y > unsigned{kMaxGridYZ} ||
        g.z > unsigned{kMaxGridYZ})
        return cudaErrorInvalidConfiguration;
    if (b.x < 1 || b.y < 1 || b.z < 1 || b.x > unsigned{kMaxBlockXY} ||
        b.y > unsigned{kMaxBlockXY} || b.z > unsigned{kMaxBlockZ} ||
        uint64_t{b.x} * b.y * b.z > uint64_t{kMaxThreads})
        return cudaErrorInvalidConfiguration;
    if (shape.dynamic_shared > kernel.dynamic_shared_limit) return cudaErrorInvalidValue;
    return cudaSuccess;
}

cudaError_t run_launch(const Kernel &kernel, void *arguments, const LaunchShape &shape)
{
    static uint64_t launches;
    const simcuda_config *config = simcuda_configuration();
    block.kernel = &kernel;
    block.arguments = arguments;
    block.error = cudaSuccess;
    block.random.seed(config->seed + ++launches);
    grid_shape = shape.grid;
    block_shape = shape.block;
    perturbs = config->perturb;
    number_threads(shape.block);
    place_dynamic_shared(shape.dynamic_shared);
    catch_faults();
    trace_launch(shape.device, kernel.dynamic_shared_limit);

    const dim3 &g = shape.grid;
    const uint64_t blocks = uint64_t{g.x} * g.y * g.z;
    const std::vector<uint64_t> numbers = block_numbers(blocks);
    running_kernel = true;
    for (uint64_t turn = 0; turn < blocks && block.error == cudaSuccess; turn++) {
        const uint64_t i = numbers.empty() ? turn : numbers[turn];
        block_index = {static_cast<unsigned>(i % g.x), static_cast<unsigned>(i / g.x % g.y),
                       static_cast<unsigned>(i / (uint64_t{g.x} * g.y))};
        // All bits set are a NaN, so that a sum over what nobody wrote shows.
        fill_bytes(dynamic_shared, 0xff, shape.dynamic_shared);
        trace_block(reinterpret_cast<const char *>(dynamic_shared), shape.dynamic_shared);
        run_block();
    }
    running_kernel = false;
    if (block.error != cudaSuccess) forget_threads();
    return block.error;
}

bool in_kernel()
{
    return running_kernel;
}

} // namespace simcuda
