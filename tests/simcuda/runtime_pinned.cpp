/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Page-locked memory of the host: allocated as such, or registered. */
#include "runtime.h"
#include "shadow.h"

#include <iterator>
#include <map>

namespace simcuda
{

namespace
{

std::map<const char *, size_t> registered; /* by cudaHostRegister */

/* The registered range that holds the byte, or the end. */
std::map<const char *, size_t>::const_iterator find_registered(const void *byte)
{
    const char *at = static_cast<const char *>(byte);
    auto next = registered.upper_bound(at);
    if (next == registered.begin()) return registered.end();
    --next;
    return static_cast<size_t>(at - next->first) < next->second ? next : registered.end();
}

cudaError_t allocate_host(void **start, size_t bytes, unsigned flags)
{
    Call call(cudaErrorMemoryAllocation, Call::kUnsafe);
    if (call.refused()) return call.end();
    const unsigned known = cudaHostAllocPortable | cudaHostAllocMapped | cudaHostAllocWriteCombined;
    if (start == nullptr || (flags & ~known) != 0) return call.end(cudaErrorInvalidValue);
    *start = nullptr;
    if (bytes == 0) return call.end();
    *start = allocate(kPinned, bytes);
    return call.end(*start != nullptr ? cudaSuccess : cudaErrorMemoryAllocation);
}

} // namespace

bool is_pinned(const void *start, size_t bytes)
{
    const auto range = find_registered(start);
    if (range == registered.end()) return in_allocation(start, bytes, true);
    const size_t offset = static_cast<size_t>(static_cast<const char *>(start) - range->first);
    return bytes <= range->second - offset;
}

} // namespace simcuda

using namespace simcuda;

cudaError_t cudaMallocHost(void **start, size_t bytes)
{
    return allocate_host(start, bytes, cudaHostAllocDefault);
}

cudaError_t cudaHostAlloc(void **start, size_t bytes, unsigned flags)
{
    return allocate_host(start, bytes, flags);
}

cudaError_t cudaFreeHost(void *start)
{
    Call call(cudaErrorInvalidValue, Call::kUnsafeFrees);
    if (call.refused()) return call.end();
    if (start == nullptr) return call.end();
    const Allocation *allocation = starting_at(start);
    if (allocation == nullptr || allocation->place != kPinned)
        return call.end(cudaErrorInvalidValue);
    run_all();
    release(start);
    return call.end(sticky_error());
}

cudaError_t cudaHostRegister(void *start, size_t bytes, unsigned flags)
{
    Call call(cudaErrorMemoryAllocation, Call::kUnsafe);
    if (call.refused()) return call.end();
    const unsigned known =
        cudaHostRegisterPortable | cudaHostRegisterMapped | cudaHostRegisterReadOnly;
    if (start == nullptr || bytes == 0 || (flags & ~known) != 0)
        return call.end(cudaErrorInvalidValue);
    if (find_allocation(start) != nullptr) return call.end(cudaErrorInvalidValue);
    const char *first = static_cast<const char *>(start);
    const auto next = registered.lower_bound(first);
    if (find_registered(start) != registered.end() ||
        (next != registered.end() && next->first < first + bytes))
        return call.end(cudaErrorHostMemoryAlreadyRegistered);
    registered[first] = bytes;
    register_host_memory(start, bytes);
    count_objects(1);
    return call.end();
}

cudaError_t cudaHostUnregister(void *start)
{
    Call call(cudaErrorInvalidValue, Call::kUnsafeFrees);
    if (call.refused()) return call.end();
    const auto range = registered.find(static_cast<const char *>(start));
    if (range == registered.end()) return call.end(cudaErrorHostMemoryNotRegistered);
    run_all();
    unregister_host_memory(start);
    registered.erase(range);
    count_objects(-1);
    return call.end(sticky_error());
}

cudaError_t cudaHostGetDevicePointer(void **device, void *host, unsigned flags)
{
    Call call(cudaErrorMemoryAllocation);
    if (call.refused()) return call.end();
    if (device == nullptr || flags != 0 || !is_pinned(host, 1))
        return call.end(cudaErrorInvalidValue);
    *device = host;
    return call.end();
}
