/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the simulated runtime share. Together they stand in for libcudart at link time:
 * a function that is not simulated is an undefined symbol, which says what a program uses. */
#ifndef SIMCUDA_RUNTIME_H
#define SIMCUDA_RUNTIME_H

#include "executor.h"
#include "tasks.h"

#include <cuda_runtime_api.h>
#include <thread>

namespace simcuda
{

/*
 * One call of the runtime. It holds the device's lock, counts the call, and says whether the call
 * may do its work:
 *
 *     Call call(cudaErrorMemoryAllocation);
 *     if (call.refused()) return call.end();
 *     ...
 *     return call.end(result);
 *
 * A call is refused without a driver or a device, after a sticky error, when it is the one that the
 * configuration lets fail (with the error named here, where no other is configured), inside a host
 * function of a stream, and, for one that is unsafe during a capture, during a capture. An error
 * that is planted or sticky does not keep a call that frees from its work, so that nothing leaks:
 * the call returns the error all the same. A planted error that is sticky comes from a kernel, so a
 * call that launches one returns well and gives its work the fault, which shows when that has run.
 */
class Call
{
  public:
    enum Kind { kPlain, kUnsafe, kFrees, kUnsafeFrees, kLaunches };

    explicit Call(cudaError_t usual, Kind kind = kPlain);
    Call(const Call &) = delete;
    Call &operator=(const Call &) = delete;

    bool refused() const
    {
        return refused_;
    }
    cudaError_t reason() const
    {
        return reason_;
    }
    cudaError_t fault() const
    {
        return fault_;
    }
    /* The result that the caller sees, which becomes the thread's last error. */
    cudaError_t end(cudaError_t result = cudaSuccess);

  private:
    std::lock_guard<std::recursive_mutex> hold_;
    cudaError_t reason_ = cudaSuccess;
    cudaError_t fault_ = cudaSuccess;
    bool refused_ = false;
};

/* The error after which the device can be used no more, or cudaSuccess. */
cudaError_t sticky_error();
void lose_device(cudaError_t error);

/* While the thread runs a host function of a stream, its calls are refused. */
void enter_host_function(bool inside);

/* The calling thread's device. */
int current_device();

/* Objects that exist, for simcuda_live_objects: +1 or -1. */
void count_objects(int change);

struct Capture;

constexpr unsigned kNoLane = ~0U;

} // namespace simcuda

struct CUstream_st {
    int device = 0;
    bool blocking = true; /* ordered with the legacy stream */
    int priority = 0;
    unsigned lane = simcuda::kNoLane;
    simcuda::TaskPtr last;
    std::shared_ptr<simcuda::Capture> capture; /* NULL: not being captured */
    std::vector<cudaGraphNode_t> tail;         /* in a capture: what the next node depends on */
    unsigned capture_lane = 0;
};

namespace simcuda
{

/* The stream of a handle, the legacy and the per-thread one included; NULL where it is none. */
CUstream_st *find_stream(cudaStream_t handle);
bool is_legacy(const CUstream_st *stream);
/* All streams of a device, the legacy one included. */
std::vector<CUstream_st *> streams_of(int device);

/* Puts work on the stream, or into the graph that the stream is captured into. It comes after the
 * stream's last task, what also names, and for legacy and blocking streams after each other. task,
 * where not NULL, gets what was made, NULL in a capture. */
cudaError_t enqueue(CUstream_st *stream, Work work, const std::vector<TaskPtr> &also = {},
                    TaskPtr *task = nullptr);

/* What everything enqueued so far on the device ends with. */
std::vector<TaskPtr> latest_tasks(int device);

/* The allocation that begins here, or NULL. */
const Allocation *starting_at(const void *start);

/* Whether the bytes lie in one allocation, of page-locked memory or of a device. */
bool in_allocation(const void *start, size_t bytes, bool pinned);

/* Whether the bytes lie in one allocation of page-locked host memory, or of a device's memory. */
bool is_pinned(const void *start, size_t bytes);
bool is_device_memory(const void *start, size_t bytes);

} // namespace simcuda

#endif
