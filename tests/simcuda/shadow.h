/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The memory of the simulated devices, and what is known about each of its bytes.
 *
 * Allocation works in every variant: the sim variant and the race variant take addresses that are
 * never used twice, with red zones between them; the ASan variant takes them from the heap, for the
 * sanitizer's red zones and leak reports. What is asked about bytes, and the operations with their
 * clocks, work in the race variant; elsewhere they cost nothing and say nothing.
 *
 * The runtime owns: streams, events, graphs, the order in which operations run, error codes, the
 * check that a copy stays inside allocations. This file owns: which bytes exist, which have been
 * written and by whom, and which operations are ordered.
 *
 * All functions are called with device_lock() held (executor.h).
 */
#ifndef CUPEL_SIMCUDA_SHADOW_H
#define CUPEL_SIMCUDA_SHADOW_H

#include <cstddef>
#include <cstdint>

namespace simcuda
{

/* Where memory lies: the ordinal of a device, or pinned memory of the host, which kernels and host
   code both may touch. */
constexpr int kPinned = -1;
constexpr int kMaximalDevices = 4;

struct Allocation {
    char *start;
    size_t bytes; // as asked for
    int place;
};

/* Memory aligned to 256 bytes and filled with 0xff, or NULL where the device has no more than
   simcuda_configuration()->memory. Device memory counts as not yet written, pinned memory as
   written. 0 bytes are the caller's matter. */
void *allocate(int place, size_t bytes);

/* Ends the life of an allocation; false where start is not the start of one. The runtime has waited
   for the operations that use it, or calls this inside the operation of cudaFreeAsync. */
bool release(void *start);

/* The live allocation that holds the byte, or NULL. */
const Allocation *find_allocation(const void *byte);

/* Bytes in live allocations of a place, for cudaMemGetInfo. */
size_t allocated_bytes(int place);

/* Memory of the host's heap that cudaHostRegister has made known: kernels may touch it. */
void register_host_memory(const void *start, size_t bytes);
void unregister_host_memory(const void *start);

/* Copies and fills on behalf of the device. The runtime and the fake cuBLASLt use these instead of
   memcpy, memmove and memset, which the race variant wraps to find host code that is handed a
   device pointer. */
void copy_bytes(void *to, const void *from, size_t bytes);
void fill_bytes(void *to, int value, size_t bytes);

/* The current operation reads or writes these bytes; who names it in a report, such as
   "cudaMemcpyAsync". Checks that the bytes exist, that they have been written, and that the
   operations that used them before are ordered before this one. Memory of the host that is no
   allocation is passed over. */
void mark_read(const void *start, size_t bytes, const char *who);
void mark_written(const void *start, size_t bytes, const char *who);

/* For pools and padding inside an allocation, at any time: the bytes may not be touched (in the
   ASan variant as well), hold nothing yet, or count as written. Forbidden bytes end with either of
   the others. */
void mark_forbidden(const void *start, size_t bytes);
void mark_unwritten(const void *start, size_t bytes);
void mark_initialised(const void *start, size_t bytes);

/*
 * Operations: every asynchronous act that touches memory or carries an order: a kernel, a copy, a
 * fill, a matmul, the recording of an event, a root or a join of a graph. Operations of one lane
 * are ordered by their creation, so a stream has a lane of its own, and the nodes of a graph have
 * one for each chain of dependencies; lanes are never used again.
 *
 * An operation comes after those that it names, after all that they come after, after the older
 * ones of its lane, and after all that the host has waited for when it is created. Nothing else is
 * an order, whatever the sequence in which the runtime happens to run them. An operation stays
 * known when it is done: an event that is complete still hands over its order.
 */
using Operation = uint32_t;
constexpr Operation kNoOperation = 0;

unsigned new_lane();
Operation new_operation(unsigned lane, const char *name, const Operation *after, size_t n_after);

/* Between these two calls all memory is touched on behalf of the operation. They do not nest. */
void begin_operation(Operation operation);
void end_operation();

/* The host has waited for the operation (a synchronisation, a query that found it done, a copy that
   returned): what the host does and enqueues from here on comes after it. */
void host_waited_for(Operation operation);

} // namespace simcuda

#endif
