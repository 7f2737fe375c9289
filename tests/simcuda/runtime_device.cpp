/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The devices: which there are and what they can do. */
#include "capture.h"
#include "card.h"
#include "runtime.h"
#include "sim_config.h"

#include <cstring>

namespace simcuda
{

namespace
{

thread_local int chosen_device = 0;

bool exists(int device)
{
    return device >= 0 && device < simcuda_configuration()->devices;
}

struct Attribute {
    cudaDeviceAttr name;
    int value;
};

const Attribute attributes[] = {
    {cudaDevAttrMaxThreadsPerBlock, kMaxThreads},
    {cudaDevAttrMaxBlockDimX, kMaxBlockXY},
    {cudaDevAttrMaxBlockDimY, kMaxBlockXY},
    {cudaDevAttrMaxBlockDimZ, kMaxBlockZ},
    {cudaDevAttrMaxGridDimX, kMaxGridX},
    {cudaDevAttrMaxGridDimY, kMaxGridYZ},
    {cudaDevAttrMaxGridDimZ, kMaxGridYZ},
    {cudaDevAttrMaxSharedMemoryPerBlock, kSharedMemory},
    {cudaDevAttrMaxSharedMemoryPerBlockOptin, kSharedMemoryOptIn},
    {cudaDevAttrMaxSharedMemoryPerMultiprocessor, kSharedMemoryMultiprocessor},
    {cudaDevAttrReservedSharedMemoryPerBlock, kSharedMemoryReserved},
    {cudaDevAttrTotalConstantMemory, 64 << 10},
    {cudaDevAttrWarpSize, kWarp},
    {cudaDevAttrMaxRegistersPerBlock, kRegisters},
    {cudaDevAttrMaxRegistersPerMultiprocessor, kRegisters},
    {cudaDevAttrClockRate, 1980000},
    {cudaDevAttrMemoryClockRate, 2619000},
    {cudaDevAttrGlobalMemoryBusWidth, 5120},
    {cudaDevAttrMultiProcessorCount, kMultiprocessors},
    {cudaDevAttrMaxThreadsPerMultiProcessor, kMaxThreadsMultiprocessor},
    {cudaDevAttrMaxBlocksPerMultiprocessor, kMaxBlocksMultiprocessor},
    {cudaDevAttrL2CacheSize, kL2},
    {cudaDevAttrComputeCapabilityMajor, kMajor},
    {cudaDevAttrComputeCapabilityMinor, kMinor},
    {cudaDevAttrComputeMode, cudaComputeModeDefault},
    {cudaDevAttrGpuOverlap, 1},
    {cudaDevAttrAsyncEngineCount, 3},
    {cudaDevAttrConcurrentKernels, 1},
    {cudaDevAttrEccEnabled, 1},
    {cudaDevAttrIntegrated, 0},
    {cudaDevAttrCanMapHostMemory, 1},
    {cudaDevAttrUnifiedAddressing, 1},
    {cudaDevAttrStreamPrioritiesSupported, 1},
    {cudaDevAttrManagedMemory, 0},
    {cudaDevAttrPageableMemoryAccess, 0},
    {cudaDevAttrConcurrentManagedAccess, 0},
    {cudaDevAttrHostNativeAtomicSupported, 0},
    {cudaDevAttrCanUseHostPointerForRegisteredMem, 1},
    {cudaDevAttrHostRegisterSupported, 1},
    {cudaDevAttrMemoryPoolsSupported, 1},
    {cudaDevAttrCooperativeLaunch, 0},
    {cudaDevAttrClusterLaunch, 0},
    {cudaDevAttrComputePreemptionSupported, 1},
    {cudaDevAttrKernelExecTimeout, 0},
    {cudaDevAttrTccDriver, 0},
    {cudaDevAttrPciDomainId, 0},
    {cudaDevAttrPciDeviceId, 0},
};

/* The bus on which a device seems to sit. */
int bus(int device)
{
    return 0x10 + device;
}

} // namespace

int current_device()
{
    return chosen_device;
}

} // namespace simcuda

using namespace simcuda;

cudaError_t cudaDriverGetVersion(int *version)
{
    /* The one question that is answered without a driver. */
    const std::lock_guard<std::recursive_mutex> hold(device_lock());
    if (version == nullptr) return cudaErrorInvalidValue;
    *version = simcuda_configuration()->driver ? kVersion : 0;
    return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int *version)
{
    if (version == nullptr) return cudaErrorInvalidValue;
    *version = kVersion;
    return cudaSuccess;
}

cudaError_t cudaGetDeviceCount(int *count)
{
    Call call(cudaErrorInitializationError);
    if (call.refused()) return call.end();
    if (count == nullptr) return call.end(cudaErrorInvalidValue);
    *count = simcuda_configuration()->devices;
    return call.end();
}

cudaError_t cudaSetDevice(int device)
{
    Call call(cudaErrorDevicesUnavailable);
    if (call.refused()) return call.end();
    if (!exists(device)) return call.end(cudaErrorInvalidDevice);
    chosen_device = device;
    return call.end();
}

cudaError_t cudaGetDevice(int *device)
{
    Call call(cudaErrorInitializationError);
    if (call.refused()) return call.end();
    if (device == nullptr) return call.end(cudaErrorInvalidValue);
    *device = chosen_device;
    return call.end();
}

cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr name, int device)
{
    Call call(cudaErrorInitializationError);
    if (call.refused()) return call.end();
    if (value == nullptr) return call.end(cudaErrorInvalidValue);
    if (!exists(device)) return call.end(cudaErrorInvalidDevice);
    if (name == cudaDevAttrPciBusId) {
        *value = bus(device);
        return call.end();
    }
    for (const Attribute &attribute : attributes) {
        if (attribute.name != name) continue;
        *value = attribute.value;
        return call.end();
    }
    return call.end(cudaErrorInvalidValue);
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp *p, int device)
{
    Call call(cudaErrorInitializationError);
    if (call.refused()) return call.end();
    if (p == nullptr) return call.end(cudaErrorInvalidValue);
    if (!exists(device)) return call.end(cudaErrorInvalidDevice);
    *p = cudaDeviceProp();
    strcpy(p->name, "Simulated H100");
    p->uuid.bytes[15] = static_cast<char>(device);
    p->totalGlobalMem = simcuda_configuration()->memory;
    p->sharedMemPerBlock = kSharedMemory;
    p->sharedMemPerBlockOptin = kSharedMemoryOptIn;
    p->sharedMemPerMultiprocessor = kSharedMemoryMultiprocessor;
    p->reservedSharedMemPerBlock = kSharedMemoryReserved;
    p->regsPerBlock = kRegisters;
    p->regsPerMultiprocessor = kRegisters;
    p->warpSize = kWarp;
    p->memPitch = kMaxGridX;
    p->maxThreadsPerBlock = kMaxThreads;
    p->maxThreadsDim[0] = p->maxThreadsDim[1] = kMaxBlockXY;
    p->maxThreadsDim[2] = kMaxBlockZ;
    p->maxGridSize[0] = kMaxGridX;
    p->maxGridSize[1] = p->maxGridSize[2] = kMaxGridYZ;
    p->maxThreadsPerMultiProcessor = kMaxThreadsMultiprocessor;
    p->maxBlocksPerMultiProcessor = kMaxBlocksMultiprocessor;
    p->totalConstMem = 64 << 10;
    p->major = kMajor;
    p->minor = kMinor;
    p->textureAlignment = 512;
    p->texturePitchAlignment = 32;
    p->surfaceAlignment = 512;
    p->multiProcessorCount = kMultiprocessors;
    p->canMapHostMemory = 1;
    p->concurrentKernels = 1;
    p->ECCEnabled = 1;
    p->pciBusID = bus(device);
    p->asyncEngineCount = 3;
    p->unifiedAddressing = 1;
    p->memoryBusWidth = 5120;
    p->l2CacheSize = kL2;
    p->streamPrioritiesSupported = 1;
    p->globalL1CacheSupported = 1;
    p->localL1CacheSupported = 1;
    p->computePreemptionSupported = 1;
    p->canUseHostPointerForRegisteredMem = 1;
    p->hostRegisterSupported = 1;
    p->memoryPoolsSupported = 1;
    return call.end();
}

cudaError_t cudaDeviceGetPCIBusId(char *text, int bytes, int device)
{
    Call call(cudaErrorInitializationError);
    if (call.refused()) return call.end();
    if (text == nullptr || bytes < 13) return call.end(cudaErrorInvalidValue);
    if (!exists(device)) return call.end(cudaErrorInvalidDevice);
    snprintf(text, static_cast<size_t>(bytes), "0000:%02X:00.0", bus(device));
    return call.end();
}

cudaError_t cudaDeviceGetStreamPriorityRange(int *least, int *greatest)
{
    Call call(cudaErrorInitializationError);
    if (call.refused()) return call.end();
    if (least != nullptr) *least = kLowestPriority;
    if (greatest != nullptr) *greatest = kHighestPriority;
    return call.end();
}

cudaError_t cudaDeviceSynchronize(void)
{
    Call call(cudaErrorLaunchFailure);
    if (call.refused()) return call.end();
    if (const cudaError_t error = synchronize_in_capture(current_device())) return call.end(error);
    for (const TaskPtr &task : latest_tasks(current_device()))
        finish(task);
    return call.end(sticky_error());
}
