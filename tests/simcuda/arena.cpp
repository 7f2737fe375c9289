// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0

#include "arena.h"

#include "allocation.h"

#include <cstdio>
#include <cstdlib>
#include <sys/mman.h>

namespace simcuda
{

char *arena;

namespace
{

constexpr size_t kPage = 4096;

size_t next[kMaximalDevices + 1]; // the first offset in each place that was never given out

// Whole pages, and an empty one behind each allocation as a red zone.
size_t with_red_zone(size_t bytes)
{
    return (bytes + kPage - 1) / kPage * kPage + kPage;
}

void reserve()
{
    void *memory = mmap(nullptr, kArenaBytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        std::perror("simcuda: no addresses for the device's memory");
        std::_Exit(2);
    }
    arena = static_cast<char *>(memory);
}

} // namespace

char *take_addresses(int place, size_t bytes)
{
    if (arena == nullptr) reserve();
    size_t &first = next[place - kPinned];
    if (bytes > kPlaceBytes - 2 * kPage || with_red_zone(bytes) > kPlaceBytes - first)
        return nullptr;
    char *start = arena + static_cast<size_t>(place - kPinned) * kPlaceBytes + first;
    first += with_red_zone(bytes);
    return start;
}

void return_addresses(int place, char *start, size_t bytes, bool anything_left)
{
    madvise(start, with_red_zone(bytes), MADV_DONTNEED);
    if (!anything_left) next[place - kPinned] = 0;
}

} // namespace simcuda
