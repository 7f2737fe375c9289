/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is ordered before what, in the race variant. Time is cut into segments, numbered without
 * end: a new one begins with every operation, every block and every barrier. An access is known by
 * its segment and, inside of a kernel, by its thread and that thread's stamp, which rises at every
 * __syncwarp and every __threadfence.
 *
 *   - Segments of different operations are ordered as the clocks of the operations say
 * (operations.cpp).
 *   - Blocks of one launch are ordered only by an atomic operation with a __threadfence on both of
 * its sides (handovers.cpp).
 *   - Segments of one block are ordered by the barriers between them.
 *   - Inside of one segment a thread is ordered with itself, and with the lanes of its warp by
 * __syncwarp.
 */
#ifndef CUPEL_SIMCUDA_SEGMENTS_H
#define CUPEL_SIMCUDA_SEGMENTS_H

#include <cstdint>
#include <string>

namespace simcuda
{

using Segment = uint32_t;
using Stamp = uint16_t;

/* The first number of a real segment; smaller ones have meanings of their own in shadow.cpp. */
constexpr Segment kFirstSegment = 16;

struct Now {
    Segment segment = kFirstSegment;
    Segment launch = kFirstSegment; /* the first segment of the launch */
    Segment block = kFirstSegment;  /* and of the block that runs */
};

extern Now now;

/* The last access of a thread, as its cell in the shadow memory has it. */
struct Access {
    Segment segment;
    unsigned thread;
    Stamp stamp;
};

/* The current thread's stamp. */
Stamp current_stamp();

/* Whether an access in the current segment is ordered before what the current thread does next. */
bool ordered_in_segment(unsigned thread, Stamp stamp);

/* The same for an access by the block that runs. */
inline bool ordered_in_block(const Access &access)
{
    return access.segment != now.segment || ordered_in_segment(access.thread, access.stamp);
}

/* The same for an access by an earlier block of this launch. */
bool handed_over(const Access &access);

/* Whether the block has taken over anything from any other. */
bool took_over();

/* Whether a segment of an earlier operation, or of the host, is ordered before the current
   operation; on the host, before what the host does next. */
bool operation_ordered(Segment segment);

/* The name of the operation that a segment belongs to. */
std::string operation_name(Segment segment);

/* Begin a segment; what the executor's traces do to the orders inside of a launch. */
void begin_launch();
void begin_block();
void meet_at_barrier();
void meet_in_warp(unsigned warp, unsigned lanes);
void pass_fence();
void pass_atomic(const void *address);

/* Parts of these: the stamps of all lanes start anew, and that of the current thread rises. */
void begin_lanes();
void raise_stamp();

} // namespace simcuda

#endif
