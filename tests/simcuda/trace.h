/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* What the executor tells the shadow memory about the order in which threads run. In the variants
   without shadow memory these functions do nothing. */
#ifndef CUPEL_SIMCUDA_TRACE_H
#define CUPEL_SIMCUDA_TRACE_H

#include "overlay/instructions.h"

#include <cstddef>

namespace simcuda
{

/* Memory begins or ends its life. Pinned memory counts as written. */
void trace_allocation(const char *start, size_t bytes, bool pinned);
void trace_release(const char *start, size_t bytes);

/* A launch begins on a device; blocks follow one after another, each to its end. */
void trace_launch(int device, size_t dynamic_shared_limit);

/* A block begins; its dynamic shared memory lies here. */
void trace_block(const char *dynamic_shared, size_t bytes);

/* All threads of the block have met. */
void trace_barrier();

/* These lanes of a warp have met in __syncwarp, which orders memory; shuffles and votes do not. */
void trace_warp_sync(unsigned warp, unsigned lanes);

/* The current thread does a __threadfence, or is about to do an atomic operation. */
void trace_fence();
void trace_atomic(const void *address, size_t bytes, bool reads, Site site);

} // namespace simcuda

#endif
