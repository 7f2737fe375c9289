// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// Barriers, and operations of the lanes of a warp.

#include "block.h"
#include "sim_config.h"
#include "sim_report.h"
#include "trace.h"

#include <algorithm>
#include <cstring>

namespace simcuda
{
namespace
{

bool same_site(const Site &a, const Site &b)
{
    return a.line == b.line && std::strcmp(a.file, b.file) == 0;
}

uint64_t barrier_result(unsigned holding)
{
    switch (block.barrier_kind) {
    case Barrier::Count:
        return holding;
    case Barrier::All:
        return holding == block.live;
    case Barrier::Any:
        return holding > 0;
    case Barrier::Plain:
        break;
    }
    return 0;
}

int32_t as_signed(uint64_t value)
{
    return static_cast<int32_t>(static_cast<uint32_t>(value));
}

uint64_t combine(Warp kind, uint64_t a, uint64_t b)
{
    switch (kind) {
    case Warp::Add:
        return static_cast<uint32_t>(a + b);
    case Warp::MinSigned:
        return as_signed(b) < as_signed(a) ? b : a;
    case Warp::MaxSigned:
        return as_signed(b) > as_signed(a) ? b : a;
    case Warp::MinUnsigned:
        return std::min(a, b);
    case Warp::MaxUnsigned:
        return std::max(a, b);
    case Warp::And:
        return a & b;
    case Warp::Or:
        return a | b;
    default: // Warp::Xor
        return a ^ b;
    }
}

// The one result of all lanes of a reduction.
uint64_t reduce(const Thread *lanes, const WarpOperation &op)
{
    const unsigned first = static_cast<unsigned>(__builtin_ctz(op.arrived));
    uint64_t result = lanes[first].value;
    for (unsigned l = first + 1; l < kWarp; l++) {
        if (op.arrived >> l & 1) result = combine(op.kind, result, lanes[l].value);
    }
    return result;
}

// The lanes whose value is that of one lane.
unsigned matching(const Thread *lanes, const WarpOperation &op, uint64_t value)
{
    unsigned result = 0;
    for (unsigned l = 0; l < kWarp; l++) {
        if ((op.arrived >> l & 1) && lanes[l].value == value) result |= 1U << l;
    }
    return result;
}

uint64_t shuffled(const Thread *lanes, const WarpOperation &op, unsigned lane)
{
    const unsigned source = lanes[lane].source;
    if (op.arrived >> source & 1) return lanes[source].value;
    report_at(SIMCUDA_SYNCCHECK, op.site.file, op.site.line,
              "%s: lane %u reads lane %u, which does not take part: the mask is 0x%08x",
              describe_thread().c_str(), lane, source, op.mask);
    return ~uint64_t{0};
}

// Gives every lane that has come its result.
void give_results(Thread *lanes, const WarpOperation &op)
{
    uint64_t result[kWarp] = {};
    const unsigned votes = op.kind == Warp::Ballot || op.kind == Warp::All || op.kind == Warp::Any
                               ? matching(lanes, op, 1)
                               : 0;
    for (unsigned l = 0; l < kWarp; l++) {
        if (!(op.arrived >> l & 1)) continue;
        switch (op.kind) {
        case Warp::Sync:
            break;
        case Warp::Shuffle:
            result[l] = shuffled(lanes, op, l);
            break;
        case Warp::Ballot:
            result[l] = votes;
            break;
        case Warp::All:
            result[l] = votes == op.arrived;
            break;
        case Warp::Any:
            result[l] = votes != 0;
            break;
        case Warp::MatchAny:
            result[l] = matching(lanes, op, lanes[l].value);
            break;
        case Warp::MatchAll:
            result[l] = matching(lanes, op, lanes[l].value) == op.arrived ? op.arrived : 0;
            break;
        default:
            result[l] = reduce(lanes, op);
        }
    }
    for (unsigned l = 0; l < kWarp; l++) {
        if (op.arrived >> l & 1) lanes[l].value = result[l];
    }
}

// The open operation with this mask, or a new one.
WarpOperation &join(WarpState &warp, Warp kind, unsigned mask, Site site)
{
    for (unsigned i = 0; i < warp.open; i++) {
        if (warp.operation[i].mask == mask) return warp.operation[i];
    }
    warp.operation[warp.open] = {kind, mask, 0, site};
    return warp.operation[warp.open++];
}

} // namespace

void complete_barrier()
{
    if (block.arrived != block.live) return;
    if (block.live < block.threads && simcuda_configuration()->strict) {
        report_at(SIMCUDA_SYNCCHECK, block.barrier_site.file, block.barrier_site.line,
                  "%s: divergent barrier: %u of %u threads have ended without coming here",
                  describe_thread().c_str(), block.threads - block.live, block.threads);
    }
    uint16_t list[kMaxThreads];
    unsigned n = 0;
    unsigned holding = 0;
    for (unsigned i = 0; i < block.threads; i++) {
        const Thread &thread = block.thread[block.order[i]];
        if (thread.state != State::AtBarrier) continue;
        list[n++] = block.order[i];
        holding += thread.value != 0;
    }
    const uint64_t result = barrier_result(holding);
    for (unsigned i = 0; i < n; i++)
        block.thread[list[i]].value = result;
    block.arrived = 0;
    trace_barrier();
    make_ready(list, n);
}

void complete_warp(unsigned w)
{
    WarpState &warp = block.warp[w];
    Thread *lanes = block.thread + w * kWarp;
    for (unsigned i = 0; i < warp.open;) {
        const WarpOperation op = warp.operation[i];
        const unsigned needed = op.mask & warp.live;
        if ((op.arrived & needed) != needed) {
            i++;
            continue;
        }
        warp.operation[i] = warp.operation[--warp.open];
        give_results(lanes, op);
        if (op.kind == Warp::Sync) trace_warp_sync(w, op.arrived);
        uint16_t list[kWarp];
        unsigned n = 0;
        for (unsigned l = 0; l < kWarp; l++) {
            if (op.arrived >> l & 1) list[n++] = static_cast<uint16_t>(w * kWarp + l);
        }
        if (simcuda_configuration()->order == SIMCUDA_REVERSE) std::reverse(list, list + n);
        make_ready(list, n);
    }
}

int barrier(Barrier kind, int predicate, Site site)
{
    if (block.arrived > 0 && !same_site(site, block.barrier_site)) {
        report_at(SIMCUDA_SYNCCHECK, site.file, site.line,
                  "%s: divergent barrier: others wait in the one at %s:%d",
                  describe_thread().c_str(), block.barrier_site.file, block.barrier_site.line);
    }
    if (block.arrived == 0) {
        block.barrier_kind = kind;
        block.barrier_site = site;
    }
    Thread &thread = block.thread[block.current];
    thread.state = State::AtBarrier;
    thread.site = site;
    thread.value = predicate != 0;
    block.arrived++;
    complete_barrier();
    wait();
    return static_cast<int>(thread.value);
}

uint64_t warp_operation(Warp kind, unsigned mask, uint64_t value, unsigned source, Site site)
{
    const unsigned w = block.current / kWarp;
    const unsigned bit = 1U << block.current % kWarp;
    if ((mask & bit) == 0) {
        report_at(SIMCUDA_SYNCCHECK, site.file, site.line,
                  "%s: lane %u is not in its own mask 0x%08x", describe_thread().c_str(),
                  block.current % kWarp, mask);
        return value;
    }
    WarpOperation &op = join(block.warp[w], kind, mask, site);
    // The lanes may come to __syncwarp from different places; all else is one instruction.
    if (op.kind != kind || (kind != Warp::Sync && !same_site(op.site, site))) {
        report_at(SIMCUDA_SYNCCHECK, site.file, site.line,
                  "%s: divergent warp operation: lanes of the same mask wait in the one at %s:%d",
                  describe_thread().c_str(), op.site.file, op.site.line);
    }
    op.arrived |= bit;
    Thread &thread = block.thread[block.current];
    thread.state = State::InWarpOperation;
    thread.site = site;
    thread.value = value;
    thread.source = source % kWarp;
    complete_warp(w);
    wait();
    return thread.value;
}

unsigned lane()
{
    return block.current % kWarp;
}

} // namespace simcuda
