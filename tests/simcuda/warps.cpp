// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// The order inside of a block: barriers, and __syncwarp by a vector clock for each lane.

#include "block.h"
#include "segments.h"

#include <algorithm>
#include <cstring>

namespace simcuda
{
namespace
{

// seen[a][b]: up to which stamp what lane b did is ordered before what lane a does; seen[a][a] is
// a's own stamp. A warp in which nothing has happened in this segment is fresh: every lane's stamp
// is 1 and none has seen another.
struct Lanes {
    bool fresh;
    Stamp seen[kWarp][kWarp];
};

Lanes lanes[kMaxThreads / kWarp];

void forget_lanes()
{
    for (Lanes &warp : lanes)
        warp.fresh = true;
}

Lanes &touch(unsigned warp)
{
    Lanes &w = lanes[warp];
    if (w.fresh) {
        std::memset(w.seen, 0, sizeof w.seen);
        for (unsigned l = 0; l < kWarp; l++)
            w.seen[l][l] = 1;
        w.fresh = false;
    }
    return w;
}

// A stamp that has come to its end stays there: a race may be missed, none is made up.
void raise(Stamp &stamp)
{
    if (stamp < UINT16_MAX) stamp++;
}

} // namespace

Stamp current_stamp()
{
    const Lanes &warp = lanes[block.current / kWarp];
    const unsigned l = block.current % kWarp;
    return warp.fresh ? Stamp{1} : warp.seen[l][l];
}

bool ordered_in_segment(unsigned thread, Stamp stamp)
{
    if (thread == block.current) return true;
    if (thread / kWarp != block.current / kWarp) return false;
    const Lanes &warp = lanes[thread / kWarp];
    return !warp.fresh && warp.seen[block.current % kWarp][thread % kWarp] >= stamp;
}

void begin_lanes()
{
    forget_lanes();
}

void meet_in_warp(unsigned w, unsigned mask)
{
    Lanes &warp = touch(w);
    Stamp all[kWarp] = {};
    for (unsigned a = 0; a < kWarp; a++) {
        if (!(mask >> a & 1)) continue;
        for (unsigned b = 0; b < kWarp; b++)
            all[b] = std::max(all[b], warp.seen[a][b]);
    }
    for (unsigned a = 0; a < kWarp; a++) {
        if (!(mask >> a & 1)) continue;
        std::memcpy(warp.seen[a], all, sizeof all);
        raise(warp.seen[a][a]);
    }
}

void raise_stamp()
{
    const unsigned l = block.current % kWarp;
    raise(touch(block.current / kWarp).seen[l][l]);
}

} // namespace simcuda
