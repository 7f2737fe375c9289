// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0

#include "allocation.h"

#include "shadow.h"
#include "sim_config.h"
#include "trace.h"

#include <iterator>
#include <map>

namespace simcuda
{
namespace
{

struct Book {
    std::map<const char *, Allocation> live;
    size_t bytes[kMaximalDevices + 1]; // of each place, pinned memory first
    size_t count[kMaximalDevices + 1];
};

Book &book()
{
    static Book b = {};
    return b;
}

} // namespace

void *allocate(int place, size_t bytes)
{
    Book &b = book();
    size_t &used = b.bytes[place - kPinned];
    if (place != kPinned) {
        const size_t memory = simcuda_configuration()->memory;
        if (used > memory || bytes > memory - used) return nullptr;
    }
    const size_t taken = bytes > 0 ? bytes : 1;
    char *start = take_addresses(place, taken);
    if (start == nullptr) return nullptr;
    // All bits set are a NaN, so that a result over what nobody wrote shows.
    fill_bytes(start, 0xff, taken);
    b.live[start] = {start, bytes, place};
    used += bytes;
    b.count[place - kPinned]++;
    trace_allocation(start, bytes, place == kPinned);
    return start;
}

bool release(void *start)
{
    Book &b = book();
    const auto found = b.live.find(static_cast<char *>(start));
    if (found == b.live.end()) return false;
    const Allocation gone = found->second;
    b.live.erase(found);
    b.bytes[gone.place - kPinned] -= gone.bytes;
    const bool anything_left = --b.count[gone.place - kPinned] > 0;
    trace_release(gone.start, gone.bytes);
    return_addresses(gone.place, gone.start, gone.bytes > 0 ? gone.bytes : 1, anything_left);
    return true;
}

const Allocation *find_allocation(const void *byte)
{
    const Allocation *candidate = allocation_before(byte);
    if (candidate == nullptr) return nullptr;
    const size_t offset = static_cast<size_t>(static_cast<const char *>(byte) - candidate->start);
    return offset < candidate->bytes ? candidate : nullptr;
}

const Allocation *allocation_before(const void *byte)
{
    const Book &b = book();
    const auto next = b.live.upper_bound(static_cast<const char *>(byte));
    return next == b.live.begin() ? nullptr : &std::prev(next)->second;
}

size_t allocated_bytes(int place)
{
    return book().bytes[place - kPinned];
}

} // namespace simcuda
