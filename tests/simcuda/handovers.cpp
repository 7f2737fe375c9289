// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// The order between blocks of one launch. Blocks run one after another, so what they see of each
// other is always complete here, and on a card only where it was handed over:
//
//     a block writes; __threadfence; an atomic operation on A
//     a later one does an atomic operation on A; __threadfence; reads
//
// A fence hands over what its thread did before, and what others of the block did before a barrier
// that the thread has passed. A barrier between fence and atomic operation lets another thread do
// the latter. On the taking side it is the same.

#include "block.h"
#include "segments.h"

#include <algorithm>
#include <bitset>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

namespace simcuda
{
namespace
{

// A fence, or what is ordered after one.
struct Fence {
    Segment segment = 0; // 0: there was none
    unsigned thread = 0;
    Stamp stamp = 0;
};

// The threads that have passed a fence in one segment.
struct FencedThreads {
    Segment segment;
    std::bitset<kMaxThreads> threads;
};

using Marks = std::vector<std::shared_ptr<FencedThreads>>;

// What one atomic operation hands over of its block.
struct Release {
    Fence fence; // of the thread of the atomic operation
    Marks marks; // fences of all threads, before a barrier that it has passed
};

// Everything that atomic operations on one address have handed over, by the block that did: a block
// is known by its first segment.
struct Releases {
    std::unordered_map<Segment, std::vector<Release>> of_block;
    std::set<const Releases *> others; // what those blocks had themselves taken over
};

// A fence that has taken over what atomic operations before it found.
struct Taken {
    const Releases *releases;
    Access when;
};

// The first atomic operation of a thread that found something, which a fence has to follow: by
// whose thread, and at which address.
using Pending = std::map<std::pair<const Releases *, unsigned>, Access>;

struct Handovers {
    std::unordered_map<const void *, std::unique_ptr<Releases>> at; // of this launch
    std::vector<Segment> blocks; // the first segments of the launch's blocks so far
    // Of the block that runs:
    Fence last_fence[kMaxThreads];
    Marks marks;
    Pending pending;
    std::vector<Taken> taken;
};

Handovers handovers;

bool covers(const Release &release, const Access &access)
{
    const Fence &fence = release.fence;
    if (access.segment < fence.segment) return true;
    if (access.segment == fence.segment && access.thread == fence.thread &&
        access.stamp <= fence.stamp)
        return true;
    return std::any_of(release.marks.begin(), release.marks.end(), [&](const auto &mark) {
        return access.segment < mark->segment ||
               (access.segment == mark->segment && mark->threads[access.thread]);
    });
}

bool hands_over(const Releases &releases, Segment from, const Access &access,
                std::set<const Releases *> &visited)
{
    if (!visited.insert(&releases).second) return false;
    const auto found = releases.of_block.find(from);
    if (found != releases.of_block.end()) {
        for (const Release &release : found->second) {
            if (covers(release, access)) return true;
        }
    }
    for (const Releases *other : releases.others) {
        if (hands_over(*other, from, access, visited)) return true;
    }
    return false;
}

Access present()
{
    return {now.segment, block.current, current_stamp()};
}

bool has_taken(const Releases *releases)
{
    return std::any_of(handovers.taken.begin(), handovers.taken.end(), [&](const Taken &taken) {
        return taken.releases == releases && ordered_in_block(taken.when);
    });
}

void hand_over(Releases &releases)
{
    Release release;
    release.fence = handovers.last_fence[block.current];
    for (const auto &mark : handovers.marks) {
        if (mark->segment < now.segment) release.marks.push_back(mark);
    }
    if (release.fence.segment == 0 && release.marks.empty()) return;
    for (const Taken &taken : handovers.taken) {
        if (taken.releases != &releases && ordered_in_block(taken.when))
            releases.others.insert(taken.releases);
    }
    // A later fence of the same thread covers all that its earlier ones do.
    std::vector<Release> &own = releases.of_block[now.block];
    for (Release &earlier : own) {
        if (earlier.fence.thread == release.fence.thread && release.fence.segment > 0 &&
            earlier.fence.segment > 0) {
            earlier = std::move(release);
            return;
        }
    }
    own.push_back(std::move(release));
}

} // namespace

void begin_launch()
{
    now.launch = ++now.segment;
    handovers.at.clear();
    handovers.blocks.clear();
}

void begin_block()
{
    now.block = ++now.segment;
    handovers.blocks.push_back(now.block);
    std::fill_n(handovers.last_fence, block.threads, Fence());
    handovers.marks.clear();
    handovers.pending.clear();
    handovers.taken.clear();
    begin_lanes();
}

void meet_at_barrier()
{
    now.segment++;
    begin_lanes();
}

void pass_fence()
{
    const unsigned t = block.current;
    const Access here = present();
    handovers.last_fence[t] = {here.segment, t, here.stamp};
    if (handovers.marks.empty() || handovers.marks.back()->segment != here.segment)
        handovers.marks.push_back(std::make_shared<FencedThreads>(FencedThreads{here.segment, {}}));
    handovers.marks.back()->threads.set(t);
    for (const auto &[key, when] : handovers.pending) {
        if (ordered_in_block(when) && !has_taken(key.first))
            handovers.taken.push_back({key.first, here});
    }
    // What follows the fence is told apart from what it covers.
    raise_stamp();
}

void pass_atomic(const void *address)
{
    auto &releases = handovers.at[address];
    if (releases == nullptr) releases = std::make_unique<Releases>();
    if (!releases->of_block.empty())
        handovers.pending.emplace(std::make_pair(releases.get(), block.current), present());
    hand_over(*releases);
}

bool handed_over(const Access &access)
{
    if (handovers.taken.empty()) return false;
    const auto next =
        std::upper_bound(handovers.blocks.begin(), handovers.blocks.end(), access.segment);
    const Segment from = next == handovers.blocks.begin() ? 0 : *(next - 1);
    return std::any_of(handovers.taken.begin(), handovers.taken.end(), [&](const Taken &taken) {
        std::set<const Releases *> visited;
        return ordered_in_block(taken.when) && hands_over(*taken.releases, from, access, visited);
    });
}

bool took_over()
{
    return !handovers.taken.empty();
}

} // namespace simcuda
