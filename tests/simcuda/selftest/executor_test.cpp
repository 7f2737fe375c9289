// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// What the executor computes: warp operations, barriers, orders, arguments, instructions, limits.

#include "executed.h"
#include "planted.h"
#include "sim_config.h"
#include "sim_report.h"

#include <criterion/criterion.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace
{

constexpr int kLanes = 32;

int value_of(int lane)
{
    return 3 * lane % 7;
}

unsigned shuffle_result(WarpCase which, int lane)
{
    int source = lane;
    if (which == kShuffleBroadcast) source = 5;
    if (which == kShuffleWidth8) source = lane / 8 * 8 + 2;
    if (which == kShuffleXor) source = lane ^ 3;
    // Of groups of 4, an earlier one can be read and a later one can not.
    if (which == kShuffleXorWidth4) source = (lane & 4) != 0 ? lane ^ 4 : lane;
    if (which == kShuffleDown) source = lane + 4 < kLanes ? lane + 4 : lane;
    if (which == kShuffleUp) source = lane - 4 >= 0 ? lane - 4 : lane;
    if (which == kShuffleDouble) source = lane ^ 1;
    return static_cast<unsigned>(value_of(source));
}

// Folds the values of all lanes, or of those for which the operation is.
unsigned fold_result(WarpCase which, int lane)
{
    unsigned ballot = 0;
    unsigned match = 0;
    unsigned sum = 0;
    unsigned all_and = ~0U;
    unsigned all_or = 0;
    unsigned all_xor = 0;
    for (int l = 0; l < kLanes; l++) {
        const unsigned v = static_cast<unsigned>(value_of(l));
        if (v % 2 == 1) ballot |= 1U << l;
        if (v == static_cast<unsigned>(value_of(lane))) match |= 1U << l;
        sum += v;
        all_and &= v | 8;
        all_or |= v;
        all_xor ^= v;
    }
    switch (which) {
    case kBallot:
        return ballot;
    case kBallotHalf:
        return lane < 16 ? ballot & 0xffff : 0;
    case kAny:
        return 1;
    case kAll:
        return 0;
    case kMatchAny:
        return match;
    case kMatchAll:
        return ~0U;
    case kReduceAdd:
        return sum;
    case kReduceMin:
        return static_cast<unsigned>(-3);
    case kReduceMax:
        return 3;
    case kReduceAnd:
        return all_and;
    case kReduceOr:
        return all_or;
    case kReduceXor:
        return all_xor;
    default: // kActiveMask: the caller, whoever else
        return 1U << lane;
    }
}

void set_order(simcuda_order order, uint64_t seed)
{
    simcuda_configuration()->order = order;
    simcuda_configuration()->block_order = order;
    simcuda_configuration()->seed = seed;
}

std::vector<unsigned> sequence(simcuda_order order, uint64_t seed)
{
    constexpr int kBlocks = 3;
    constexpr int kThreads = 70;
    set_order(order, seed);
    unsigned *y = device_counters(kBlocks * kThreads);
    unsigned *counter = device_counters(1);
    cr_assert_eq(run_sequence(y, counter, kBlocks, kThreads), cudaSuccess);
    std::vector<unsigned> result(y, y + kBlocks * kThreads);
    device_free(y);
    device_free(counter);
    return result;
}

float dynamic(dim3 grid, dim3 block, size_t shared, int limit, cudaError_t expected)
{
    float *y = device_floats(1);
    const cudaError_t error = run_dynamic(y, grid, block, shared, limit);
    cr_assert_eq(error, expected, "%d, not %d", error, expected);
    const float result = y[0];
    device_free(y);
    return result;
}

void expect_no_reports()
{
    int n = 0;
    const simcuda_report *reports = simcuda_reports(&n);
    cr_assert_eq(n, 0, "%s", n > 0 ? reports[0].text : "");
}

} // namespace

Test(simcuda_executor, warp_operations)
{
    unsigned *y = device_counters(kLanes);
    for (int order = SIMCUDA_FORWARD; order <= SIMCUDA_WARPS; order++) {
        set_order(static_cast<simcuda_order>(order), 1);
        for (int i = 0; i < kWarpCases; i++) {
            const WarpCase which = static_cast<WarpCase>(i);
            cr_assert_eq(run_warp_case(y, which), cudaSuccess);
            for (int lane = 0; lane < kLanes; lane++) {
                const unsigned expected = which <= kShuffleDouble ? shuffle_result(which, lane)
                                                                  : fold_result(which, lane);
                cr_expect_eq(y[lane], expected, "case %d, lane %d: %u, not %u", i, lane, y[lane],
                             expected);
            }
        }
    }
    device_free(y);
    expect_no_reports();
}

Test(simcuda_executor, barriers_count)
{
    int *y = reinterpret_cast<int *>(device_counters(3));
    for (const int n : {0, 30, 99, 100}) {
        cr_assert_eq(run_barrier_results(y, n), cudaSuccess);
        cr_expect_eq(y[0], n);
        cr_expect_eq(y[1], n == 100);
        cr_expect_eq(y[2], n > 0);
    }
    device_free(y);
    expect_no_reports();
}

Test(simcuda_executor, orders_are_what_they_say)
{
    const std::vector<unsigned> forward = sequence(SIMCUDA_FORWARD, 1);
    const std::vector<unsigned> reverse = sequence(SIMCUDA_REVERSE, 1);
    const std::vector<unsigned> warps = sequence(SIMCUDA_WARPS, 1);
    for (unsigned i = 0; i < forward.size(); i++) {
        cr_assert_eq(forward[i], i);
        cr_assert_eq(reverse[i], forward.size() - 1 - i);
    }
    // 70 threads are warps of 32, 32 and 6: the last one's lane 0 is first.
    cr_expect_eq(warps[64], 0);
    cr_expect_eq(warps[32], 1);
    cr_expect_eq(warps[0], 2);
    cr_expect_eq(warps[65], 3);
    cr_expect_eq(warps[6], 19);
}

Test(simcuda_executor, random_orders_differ_and_repeat)
{
    const std::vector<unsigned> first = sequence(SIMCUDA_RANDOM, 1);
    std::vector<unsigned> sorted = first;
    std::sort(sorted.begin(), sorted.end());
    for (unsigned i = 0; i < sorted.size(); i++)
        cr_assert_eq(sorted[i], i);
    const std::vector<unsigned> second = sequence(SIMCUDA_RANDOM, 1000);
    cr_expect(first != second);
    cr_expect(first != sorted);
}

Test(simcuda_executor, coordinates)
{
    unsigned *y = device_counters(240);
    cr_assert_eq(run_coordinates(y), cudaSuccess);
    for (unsigned i = 0; i < 240; i++) {
        const unsigned t = i % 30;
        const unsigned b = i / 30;
        const unsigned expected =
            t % 5 | t / 5 % 3 << 4 | t / 15 << 8 | b % 2 << 12 | b / 2 % 2 << 16 | b / 4 << 20;
        cr_assert_eq(y[i], expected, "thread %u", i);
    }
    device_free(y);
}

Test(simcuda_executor, arguments_are_copied_as_they_are)
{
    ManyBytes many;
    double expected = 7 + 0.5 + 1e12;
    for (int i = 0; i < 40; i++) {
        many.values[i] = i;
        expected += i;
    }
    double *y = reinterpret_cast<double *>(device_counters(2));
    cr_assert_eq(run_arguments(y, many, 7, 0.5F, 1000000000000LL), cudaSuccess);
    cr_expect_eq(y[0], expected);
    device_free(y);
    expect_no_reports();
}

Test(simcuda_executor, atomics)
{
    const unsigned before[] = {5, 5, 5, 5, 6, 7, 8, 9};
    const unsigned after[] = {8, 3, 9, 77, 60, 7, 11, 0};
    unsigned *y = device_counters(8);
    std::copy_n(before, 8, y);
    cr_assert_eq(run_atomics(y), cudaSuccess);
    for (int i = 0; i < 8; i++)
        cr_expect_eq(y[i], after[i], "number %d: %u", i, y[i]);
    device_free(y);
    expect_no_reports();
}

Test(simcuda_executor, instructions)
{
    const double expected[kInstructions] = {2,
                                            0,
                                            0.5,
                                            0.5,
                                            0,
                                            1,
                                            0,
                                            2,
                                            1.25,
                                            2,
                                            4,
                                            -1,
                                            -2,
                                            -1,
                                            2147483647,
                                            -2147483648.0,
                                            0,
                                            0,
                                            static_cast<double>(3.14159274F),
                                            0x3f000000,
                                            3,
                                            32,
                                            13,
                                            4,
                                            0,
                                            0x1e6a2c48,
                                            0x14b66dc,
                                            -1,
                                            0xbcdef012,
                                            0xf0123456,
                                            0x9af05678,
                                            -4,
                                            4,
                                            0.5,
                                            0,
                                            100,
                                            3,
                                            0,
                                            1,
                                            2};
    double *y = reinterpret_cast<double *>(device_counters(2 * kInstructions));
    cr_assert_eq(run_instructions(y), cudaSuccess);
    for (int i = 0; i < kInstructions; i++) {
        cr_expect(std::fabs(y[i] - expected[i]) <= 1e-6 * std::fabs(expected[i]),
                  "number %d: %.17g, not %.17g", i, y[i], expected[i]);
    }
    device_free(y);
    expect_no_reports();
}

Test(simcuda_executor, approximations_are_perturbed_on_demand)
{
    constexpr int kValues = 1000;
    float *x = device_floats(kValues);
    float *y = device_floats(kValues);
    for (int i = 0; i < kValues; i++)
        x[i] = static_cast<float>(i - 500) / 100.0F;
    cr_assert_eq(run_exp(x, y), cudaSuccess);
    const std::vector<float> exact(y, y + kValues);
    simcuda_configuration()->perturb = true;
    cr_assert_eq(run_exp(x, y), cudaSuccess);
    const std::vector<float> once(y, y + kValues);
    cr_assert_eq(run_exp(x, y), cudaSuccess);
    int different = 0;
    for (int i = 0; i < kValues; i++) {
        int32_t a = 0;
        int32_t b = 0;
        std::memcpy(&a, &exact[static_cast<size_t>(i)], sizeof a);
        std::memcpy(&b, &once[static_cast<size_t>(i)], sizeof b);
        cr_assert(std::abs(a - b) <= 2);
        different += a != b;
        cr_assert_eq(y[i], once[static_cast<size_t>(i)]);
    }
    cr_expect(different > kValues / 2);
    device_free(x);
    device_free(y);
}

Test(simcuda_executor, launch_limits)
{
    const cudaError_t bad = cudaErrorInvalidConfiguration;
    cr_expect_eq(dynamic(1, 64, 1024, 0, cudaSuccess), 256.0F);
    dynamic(1, 1025, 0, 0, bad);
    dynamic(1, dim3(512, 3), 0, 0, bad);
    dynamic(1, dim3(1, 1, 65), 0, 0, bad);
    dynamic(1, 0, 0, 0, bad);
    dynamic(0, 64, 0, 0, bad);
    dynamic(dim3(1, 65536), 64, 0, 0, bad);
    dynamic(dim3(1, 1, 65536), 64, 0, 0, bad);
    dynamic(0x80000000U, 64, 0, 0, bad);
    cr_expect_eq(dynamic(1, 64, 48 << 10, 0, cudaSuccess), 12288.0F);
    dynamic(1, 64, (48 << 10) + 4, 0, cudaErrorInvalidValue);
    cr_expect_eq(dynamic(1, 64, 60 << 10, 60 << 10, cudaSuccess), 15360.0F);
    dynamic(1, 64, (60 << 10) + 4, 0, cudaErrorInvalidValue);
    cr_expect_eq(dynamic(1, 64, 227 << 10, 227 << 10, cudaSuccess), 58112.0F);
    expect_no_reports();
}
