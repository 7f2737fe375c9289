/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/philox.h"
#include "cpu_ops.h"

#define STREAM (CUPEL_STREAM_DROPOUT + 3)

static void run(cupel_precision precision, cupel_exec *x, bool back, const void *from, void *to,
                int64_t rows, int64_t features, double rate)
{
    const cupel_dropout_args forward = {.x = from, .y = to, .rows = rows, .features = features,
                                        .stream = STREAM, .rate = rate};
    const cupel_dropout_backward_args backward = {
        .dy = from, .dx = to, .rows = rows, .features = features, .stream = STREAM, .rate = rate};
    if (back)
        cpu_run(precision, x, CUPEL_OP_dropout_backward, &backward);
    else
        cpu_run(precision, x, CUPEL_OP_dropout, &forward);
}

/* As the op's row says, one element at a time. */
static bool dropped(const cupel_control *control, uint64_t element, double rate)
{
    const uint64_t seed = (uint64_t)control->seed;
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t counter[4], word[4];
    cupel_philox_counter(element / 4, STREAM, (uint64_t)control->step, counter);
    cupel_philox(counter, key, word);
    return rate >= 1 || (double)word[element % 4] < floor(rate * 4294967296.0);
}

static void check(const cupel_control *at, int64_t rows, int64_t features, double rate)
{
    cupel_control control = *at;
    const int64_t count = rows * features;
    double *in = malloc((size_t)count * sizeof *in), *out = malloc((size_t)count * sizeof *out);
    cr_assert(in != NULL && out != NULL);
    uint64_t state = 1;
    const uint64_t first = (uint64_t)control.row_offset * (uint64_t)features;
    for (int64_t i = 0; i < count; i++) {
        in[i] = (double)(float)cpu_random(&state, 1, 2);
        out[i] = dropped(&control, first + (uint64_t)i, rate) ? 0 : in[i] / (1 - rate);
    }
    char what[96];
    snprintf(what, sizeof what, "%lld x %lld from row %lld, rate %g", (long long)rows,
             (long long)features, (long long)control.row_offset, rate);
    CPU_EACH(precision) {
        const double limit = precision == CUPEL_PRECISION_FLOAT32 ? 1e-7 : 1e-15;
        for (int64_t threads = 1; threads <= 2; threads++) {
            for (int back = 0; back < 2; back++) {
                cupel_exec x = cpu_exec(&control, threads);
                void *from = cpu_tensor(precision, in, count);
                void *to = cpu_tensor(precision, NULL, count);
                run(precision, &x, back != 0, from, to, rows, features, rate);
                cpu_expect(what, precision, to, out, count, limit);
                cpu_release();
            }
        }
    }
    free(in);
    free(out);
}

Test(cpu_dropout, as_philox_says)
{
    const cupel_control plain = {.seed = 7, .step = 0};
    /* An offset at which a row begins within a block, and a large seed and step. */
    const cupel_control odd = {.seed = -1234567890123, .step = INT64_C(1) << 33, .row_offset = 13};
    /* The low word of the block number overflows within the batch. */
    const cupel_control far = {.seed = 7, .step = 5, .row_offset = (INT64_C(4) << 32) - 50};
    static const double rates[] = {0, 0.25, 0.5, 0.9, 1};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        check(&plain, 1, 1, rates[i]);
        check(&plain, 3, 31, rates[i]);
        check(&odd, 5, 257, rates[i]);
        check(&odd, 41, 1001, rates[i]);
    }
    check(&far, 200, 1, 0.5);
    check(&far, 40000, 1, 0.5);
}

/* The rows of a batch may be drawn in two parts. */
Test(cpu_dropout, parts_of_a_batch)
{
    enum { ROWS = 10, FEATURES = 7, FIRST = 3 };
    double in[ROWS * FEATURES], whole[ROWS * FEATURES], parts[ROWS * FEATURES];
    for (int i = 0; i < ROWS * FEATURES; i++)
        in[i] = i + 1;
    cupel_control control = {.seed = 3, .step = 9};
    cupel_exec x = cpu_exec(&control, 1);
    run(CUPEL_PRECISION_FLOAT64, &x, false, in, whole, ROWS, FEATURES, 0.5);
    run(CUPEL_PRECISION_FLOAT64, &x, false, in, parts, FIRST, FEATURES, 0.5);
    control.row_offset = FIRST;
    run(CUPEL_PRECISION_FLOAT64, &x, false, in + FIRST * FEATURES, parts + FIRST * FEATURES,
        ROWS - FIRST, FEATURES, 0.5);
    cr_expect_arr_eq(whole, parts, sizeof whole);
}

Test(cpu_dropout, share_and_mean)
{
    enum { N = 200000 };
    static double in[N], out[N];
    for (int i = 0; i < N; i++)
        in[i] = 1;
    cupel_control control = {.seed = 11, .step = 2};
    cupel_exec x = cpu_exec(&control, 1);
    run(CUPEL_PRECISION_FLOAT64, &x, false, in, out, N / 100, 100, 0.3);
    double zeros = 0, sum = 0;
    for (int i = 0; i < N; i++) {
        zeros += out[i] == 0;
        sum += out[i];
    }
    /* Five standard deviations of a share of 0.3. */
    cr_expect(fabs(zeros / N - 0.3) < 5 * sqrt(0.3 * 0.7 / N), "dropped %g", zeros / N);
    cr_expect(fabs(sum / N - 1) < 5 * sqrt(0.3 * 0.7 / N) / 0.7, "mean %g", sum / N);
}

Test(cpu_dropout, rate_1_gives_zeros_even_for_nan)
{
    const double in[] = {1, NAN, INFINITY}, zeros[] = {0, 0, 0};
    cupel_control control = {.seed = 1};
    CPU_EACH(precision) {
        cupel_exec x = cpu_exec(&control, 1);
        void *to = cpu_tensor(precision, NULL, 3);
        run(precision, &x, false, cpu_tensor(precision, in, 3), to, 1, 3, 1);
        cpu_expect("y", precision, to, zeros, 3, 0);
    }
}
