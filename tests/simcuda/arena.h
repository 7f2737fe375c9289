/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* The addresses of the simulated memory in the variants that have an arena: one range for each
   device and one for pinned memory, in which no address is given out twice while anything lives. */
#ifndef CUPEL_SIMCUDA_ARENA_H
#define CUPEL_SIMCUDA_ARENA_H

#include "shadow.h"

#include <cstddef>
#include <cstdint>

namespace simcuda
{

constexpr size_t kPlaceBytes = size_t{8} << 30;
constexpr size_t kArenaBytes = kPlaceBytes * (kMaximalDevices + 1);

/* NULL until the first allocation. */
extern char *arena;

/* The offset of an address in the arena, kArenaBytes or more for all others. */
inline size_t arena_offset(const void *address)
{
    return reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(arena);
}

/* The place to which an offset belongs. */
inline int place_of(size_t offset)
{
    return static_cast<int>(offset / kPlaceBytes) + kPinned;
}

} // namespace simcuda

#endif
