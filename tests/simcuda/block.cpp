// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0

#include "block.h"

#include "builtins.h"
#include "locate.h"
#include "sim_config.h"
#include "sim_report.h"
#include "trace.h"

#include <algorithm>
#include <cstdio>
#include <unordered_map>
#include <vector>

namespace simcuda
{

Block block;

namespace
{

// Threads that may go on, first come, first served. A thread is in it once at most.
struct Queue {
    uint16_t thread[kMaxThreads];
    unsigned first;
    unsigned count;

    uint16_t &at(unsigned i)
    {
        return thread[(first + i) % kMaxThreads];
    }
    void push(uint16_t t)
    {
        at(count++) = t;
    }
    uint16_t pop()
    {
        const uint16_t t = at(0);
        first = (first + 1) % kMaxThreads;
        count--;
        return t;
    }
};

Queue ready;
// Never destroyed, as the fibers are not.
std::vector<Fiber *> &all_fibers = *new std::vector<Fiber *>();
std::vector<Fiber *> &idle_fibers = *new std::vector<Fiber *>();

void shuffle(uint16_t *list, unsigned n)
{
    for (unsigned i = n; i > 1; i--)
        std::swap(list[i - 1], list[block.random.below(i)]);
}

void set_current(unsigned t)
{
    block.current = t;
    thread_index = block.thread[t].index;
}

bool any_fresh()
{
    return block.fresh < block.threads;
}

// A thread has returned from the kernel: those that wait may now be all that are left.
void thread_ended()
{
    const unsigned t = block.current;
    const unsigned w = t / kWarp;
    block.thread[t].state = State::Done;
    block.live--;
    block.warp[w].live &= ~(1U << t % kWarp);
    if (block.arrived > 0) complete_barrier();
    if (block.warp[w].open > 0) complete_warp(w);
}

[[noreturn]] void run_threads();

Fiber *idle_fiber()
{
    if (idle_fibers.empty()) {
        all_fibers.push_back(new_fiber(run_threads));
        return all_fibers.back();
    }
    Fiber *fiber = idle_fibers.back();
    idle_fibers.pop_back();
    return fiber;
}

// Every live thread waits for something that no other can bring about.
[[noreturn]] void report_deadlock()
{
    unsigned at_barrier = 0;
    unsigned in_warp = 0;
    const Thread *first = nullptr;
    for (unsigned t = 0; t < block.threads; t++) {
        const Thread &thread = block.thread[t];
        at_barrier += thread.state == State::AtBarrier;
        in_warp += thread.state == State::InWarpOperation;
        // Lanes that wait for others of their warp are nearer to the mistake.
        if (thread.state == State::InWarpOperation &&
            (first == nullptr || first->state == State::AtBarrier))
            first = &thread;
        if (thread.state == State::AtBarrier && first == nullptr) first = &thread;
    }
    report_at(SIMCUDA_SYNCCHECK, first->site.file, first->site.line,
              "%s: deadlock: of %u threads %u wait at a barrier, %u in warp operations for lanes "
              "that do not come, %u have ended; the first waits here",
              describe_thread().c_str(), block.threads, at_barrier, in_warp,
              block.threads - block.live);
    fail_launch(cudaErrorLaunchFailure);
}

// Picks who runs next and switches there; returns when the fiber is taken up again.
void hand_over()
{
    const bool random = simcuda_configuration()->order == SIMCUDA_RANDOM;
    bool take_ready = ready.count > 0;
    if (take_ready && random) {
        std::swap(ready.at(0), ready.at(block.random.below(ready.count)));
        const unsigned fresh = block.threads - block.fresh;
        take_ready = block.random.below(ready.count + fresh) < ready.count;
    }
    if (take_ready) {
        set_current(ready.pop());
        switch_to(block.thread[block.current].fiber);
    } else if (any_fresh()) {
        switch_to(idle_fiber());
    } else if (block.live == 0) {
        switch_to(host_fiber());
    } else {
        report_deadlock();
    }
}

// What every fiber does: take threads that have not begun, until others are to go on.
void run_threads()
{
    for (;;) {
        while (any_fresh()) {
            const unsigned t = block.order[block.fresh++];
            set_current(t);
            block.thread[t].fiber = current_fiber();
            block.thread[t].state = State::Ready;
            block.kernel->call(block.kernel->function, block.arguments);
            thread_ended();
            if (ready.count > 0 && simcuda_configuration()->order == SIMCUDA_RANDOM) break;
        }
        idle_fibers.push_back(current_fiber());
        hand_over();
    }
}

void arrange(simcuda_order order)
{
    const unsigned n = block.threads;
    if (order == SIMCUDA_WARPS) {
        const unsigned warps = (n + kWarp - 1) / kWarp;
        unsigned k = 0;
        for (unsigned l = 0; l < kWarp; l++) {
            for (unsigned w = warps; w-- > 0;) {
                if (w * kWarp + l < n) block.order[k++] = static_cast<uint16_t>(w * kWarp + l);
            }
        }
        return;
    }
    for (unsigned t = 0; t < n; t++)
        block.order[t] = static_cast<uint16_t>(order == SIMCUDA_REVERSE ? n - 1 - t : t);
}

} // namespace

void number_threads(dim3 shape)
{
    block.threads = shape.x * shape.y * shape.z;
    for (unsigned t = 0; t < block.threads; t++)
        block.thread[t].index = {t % shape.x, t / shape.x % shape.y, t / (shape.x * shape.y)};
    arrange(simcuda_configuration()->order);
}

void run_block()
{
    block.live = block.threads;
    block.arrived = 0;
    block.fresh = 0;
    ready.count = 0;
    for (unsigned t = 0; t < block.threads; t++)
        block.thread[t].state = State::Fresh;
    for (unsigned w = 0; w * kWarp < block.threads; w++) {
        const unsigned lanes = std::min(block.threads - w * kWarp, unsigned{kWarp});
        block.warp[w].live = ~0U >> (kWarp - lanes);
        block.warp[w].open = 0;
    }
    if (simcuda_configuration()->order == SIMCUDA_RANDOM) shuffle(block.order, block.threads);
    switch_to(idle_fiber());
}

void make_ready(uint16_t *list, unsigned n)
{
    if (simcuda_configuration()->order == SIMCUDA_RANDOM) shuffle(list, n);
    for (unsigned i = 0; i < n; i++) {
        block.thread[list[i]].state = State::Ready;
        ready.push(list[i]);
    }
}

void wait()
{
    hand_over();
}

void give_way()
{
    if (ready.count == 0 && !any_fresh()) return;
    ready.push(static_cast<uint16_t>(block.current));
    hand_over();
}

void fail_launch(cudaError_t error)
{
    block.error = error;
    switch_to(host_fiber());
    __builtin_unreachable();
}

void forget_threads()
{
    idle_fibers = all_fibers;
    for (Fiber *fiber : all_fibers)
        rewind_fiber(fiber);
}

std::string describe_thread()
{
    static std::unordered_map<const void *, std::string> names;
    const void *function = block.kernel->function;
    std::string &name = names[function];
    if (name.empty()) name = locate(static_cast<const char *>(function) + 1).function;
    const uint3 t = thread_index;
    const uint3 b = block_index;
    char text[512];
    std::snprintf(text, sizeof text, "%.300s, block (%u, %u, %u), thread (%u, %u, %u)",
                  name.c_str(), b.x, b.y, b.z, t.x, t.y, t.z);
    return text;
}

} // namespace simcuda
