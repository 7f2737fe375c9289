// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// The order of operations, by vector clocks: an operation's clock says, for each lane, up to which
// of its operations all are ordered before. The host is lane 0; its number rises when it enqueues,
// so that an operation comes after what the host did before, and not after what it did since.

#include "segments.h"
#include "shadow.h"

#include <algorithm>
#include <deque>
#include <vector>

namespace simcuda
{

Now now;

namespace
{

using Clock = std::vector<uint32_t>;

struct Known {
    unsigned lane;
    std::string name;
    Clock clock; // clock[lane] is this operation's own number in its lane
};

struct Lane {
    uint32_t count;
    Operation newest;
};

// From its first segment on, up to the next of the kind, all that happens is part of the operation;
// of kNoOperation, the host: then with the host's number.
struct Period {
    Segment first;
    Operation operation;
    uint32_t host;
};

struct Orders {
    std::deque<Known> operations{{0, "the host", {}}};
    std::vector<Lane> lanes{{0, kNoOperation}};
    std::vector<Period> periods;
    Clock host{1};
    Operation current = kNoOperation;
};

Orders &orders()
{
    static Orders o;
    return o;
}

// Data is mostly what one operation has written, so the last answer is the next one.
struct Answer {
    Segment first = 0;
    Segment end = 0; // not part of it
    bool ordered = true;
};

Answer last_answer;

void join(Clock &clock, const Clock &other)
{
    if (clock.size() < other.size()) clock.resize(other.size());
    for (size_t i = 0; i < other.size(); i++)
        clock[i] = std::max(clock[i], other[i]);
}

void begin_period(Operation operation)
{
    last_answer = Answer();
    orders().current = operation;
    orders().periods.push_back({++now.segment, operation, orders().host[0]});
}

// The index of the period that holds a segment, or -1 before the first.
ptrdiff_t find_period(Segment segment)
{
    const auto &periods = orders().periods;
    const auto next =
        std::upper_bound(periods.begin(), periods.end(), segment,
                         [](Segment s, const Period &period) { return s < period.first; });
    return next - periods.begin() - 1;
}

bool ordered(const Period &period)
{
    const Orders &o = orders();
    if (period.operation == o.current) return true;
    const Clock &clock = o.current == kNoOperation ? o.host : o.operations[o.current].clock;
    if (period.operation == kNoOperation) return clock[0] >= period.host;
    const Known &known = o.operations[period.operation];
    return known.lane < clock.size() && clock[known.lane] >= known.clock[known.lane];
}

} // namespace

unsigned new_lane()
{
    orders().lanes.push_back({0, kNoOperation});
    return static_cast<unsigned>(orders().lanes.size() - 1);
}

Operation new_operation(unsigned lane, const char *name, const Operation *after, size_t n_after)
{
    Orders &o = orders();
    Lane &own = o.lanes[lane];
    Clock clock = o.host;
    join(clock, o.operations[own.newest].clock);
    for (size_t i = 0; i < n_after; i++)
        join(clock, o.operations[after[i]].clock);
    if (clock.size() <= lane) clock.resize(lane + 1);
    clock[lane] = ++own.count;
    own.newest = static_cast<Operation>(o.operations.size());
    o.operations.push_back({lane, name, std::move(clock)});
    o.host[0]++;
    if (o.current == kNoOperation) begin_period(kNoOperation);
    return own.newest;
}

void begin_operation(Operation operation)
{
    begin_period(operation);
}

void end_operation()
{
    begin_period(kNoOperation);
}

void host_waited_for(Operation operation)
{
    last_answer = Answer();
    join(orders().host, orders().operations[operation].clock);
}

bool operation_ordered(Segment segment)
{
    if (segment >= last_answer.first && segment < last_answer.end) return last_answer.ordered;
    const auto &periods = orders().periods;
    const ptrdiff_t index = find_period(segment);
    if (index < 0) return true;
    const size_t i = static_cast<size_t>(index);
    last_answer.first = periods[i].first;
    last_answer.end = i + 1 < periods.size() ? periods[i + 1].first : UINT32_MAX;
    last_answer.ordered = ordered(periods[i]);
    return last_answer.ordered;
}

std::string operation_name(Segment segment)
{
    const ptrdiff_t index = find_period(segment);
    if (index < 0) return "the host";
    const Operation operation = orders().periods[static_cast<size_t>(index)].operation;
    const Known &known = orders().operations[operation];
    if (operation == kNoOperation) return known.name;
    return known.name + " (operation " + std::to_string(operation) + ", lane " +
           std::to_string(known.lane) + ")";
}

} // namespace simcuda
