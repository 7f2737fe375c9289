/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* Where addresses come from: arena.cpp, or heap.cpp in the ASan variant. */
#ifndef CUPEL_SIMCUDA_ALLOCATION_H
#define CUPEL_SIMCUDA_ALLOCATION_H

#include "shadow.h"

#include <cstddef>

namespace simcuda
{

/* The live allocation with the greatest start that is not behind the byte, or NULL. */
const Allocation *allocation_before(const void *byte);

/* bytes > 0, aligned to 256; NULL where there are no more addresses. */
char *take_addresses(int place, size_t bytes);

/* anything_left says whether the place still has live allocations. */
void return_addresses(int place, char *start, size_t bytes, bool anything_left);

} // namespace simcuda

#endif
