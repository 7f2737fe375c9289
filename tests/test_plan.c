/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "program/plan.h"

#include "core.h"
#include "fault.h"
#include "program/model.h"
#include "random_model.h"
#include "tiny.h"

#include <stdlib.h>

enum { TENSORS = 60, OPS = 40 };

/* A graph of tensors alone: the plan looks at nothing else. */
typedef struct drawn {
    cupel_graph graph;
    cupel_tensor_plan tensors[TENSORS + 1];
    int64_t offsets[TENSORS + 1];
} drawn;

static void draw(rng *r, drawn *d)
{
    *d = (drawn){0};
    d->graph.tensors = d->tensors;
    d->graph.tensor_count = 2 + rng_below(r, TENSORS - 1);
    for (int64_t i = 1; i < d->graph.tensor_count; i++) {
        const int64_t first = rng_below(r, OPS);
        d->tensors[i] = (cupel_tensor_plan){
            .home = rng_below(r, 8) == 0 ? CUPEL_HOME_WEIGHTS : CUPEL_HOME_ACTIVATION,
            .use = rng_below(r, 6) == 0 ? CUPEL_USE_INPUT : CUPEL_USE_ACTIVATION,
            .element = (cupel_element)rng_below(r, 3),
            .per_row = rng_below(r, 4) == 0 ? 0 : rng_below(r, 300),
            .fixed = rng_below(r, 3) == 0 ? rng_below(r, 100) : 0,
            .first = first,
            .last = first + rng_below(r, OPS - first),
        };
        /* Some tensors no op has touched. */
        if (rng_below(r, 10) == 0) d->tensors[i].first = d->tensors[i].last = -1;
    }
}

static bool is_planned(const cupel_tensor_plan *tensor)
{
    return tensor->home == CUPEL_HOME_ACTIVATION && tensor->first >= 0;
}

/* The bytes of a tensor, rounded up. acc is float beside bf16, else it is as real is. */
static int64_t size_of(const cupel_tensor_plan *tensor, int64_t rows, int64_t real_size)
{
    const int64_t acc_size = real_size == 2 ? 4 : real_size;
    const bool narrow =
        tensor->element == CUPEL_ELEMENT_I32 || tensor->element == CUPEL_ELEMENT_F32;
    const int64_t each = narrow                                 ? 4
                         : tensor->element == CUPEL_ELEMENT_ACC ? acc_size
                                                                : real_size;
    const int64_t bytes = (tensor->per_row * rows + tensor->fixed) * each;
    return bytes + (256 - bytes % 256) % 256;
}

static bool meets(int64_t a_begin, int64_t a_end, int64_t b_begin, int64_t b_end)
{
    return a_begin < b_end && b_begin < a_end;
}

/* The largest sum of the bytes of what is alive at once: no plan is smaller. */
static int64_t lower_bound(const cupel_graph *graph, int64_t rows, int64_t real_size)
{
    int64_t most = 0;
    for (int64_t i = 1; i < graph->tensor_count; i++) {
        if (!is_planned(&graph->tensors[i])) continue;
        const int64_t op = graph->tensors[i].first;
        int64_t sum = 0;
        for (int64_t j = 1; j < graph->tensor_count; j++) {
            const cupel_tensor_plan *tensor = &graph->tensors[j];
            if (is_planned(tensor) && tensor->first <= op && op <= tensor->last)
                sum += size_of(tensor, rows, real_size);
        }
        if (sum > most) most = sum;
    }
    return most;
}

static void check_plan(const drawn *d, int64_t rows, int64_t real_size, int64_t bytes,
                       int64_t input_bytes)
{
    int64_t end = 0, inputs = 0;
    for (int64_t i = 1; i < d->graph.tensor_count; i++) {
        const cupel_tensor_plan *a = &d->tensors[i];
        if (!is_planned(a)) continue;
        const int64_t size = size_of(a, rows, real_size), begin = d->offsets[i];
        cr_assert(begin >= 0 && begin % 256 == 0, "tensor %lld lies at %lld", (long long)i,
                  (long long)begin);
        if (begin + size > end) end = begin + size;
        if (a->use == CUPEL_USE_INPUT) inputs += size;
        for (int64_t j = 1; j < i; j++) {
            const cupel_tensor_plan *b = &d->tensors[j];
            if (!is_planned(b) || !meets(a->first, a->last + 1, b->first, b->last + 1)) continue;
            cr_assert(!meets(begin, begin + size, d->offsets[j],
                             d->offsets[j] + size_of(b, rows, real_size)),
                      "tensors %lld and %lld live at once in the same bytes", (long long)i,
                      (long long)j);
        }
    }
    cr_assert_eq(bytes, end);
    cr_assert_eq(input_bytes, inputs);
    cr_assert_geq(bytes, lower_bound(&d->graph, rows, real_size));
}

Test(plan, what_lives_at_once_lies_apart)
{
    rng r = {1};
    static drawn d;
    for (int round = 0; round < 400; round++) {
        draw(&r, &d);
        const int64_t rows = 1 + rng_below(&r, 70);
        const int64_t real_size = (int64_t)2 << rng_below(&r, 3);
        const int64_t acc_size = real_size == 2 ? 4 : real_size;
        int64_t bytes, input_bytes;
        ASSERT_OK(cupel_plan_graph(&d.graph, rows, real_size, acc_size, d.offsets, &bytes,
                                   &input_bytes));
        check_plan(&d, rows, real_size, bytes, input_bytes);
    }
}

Test(plan, a_plan_is_always_the_same)
{
    rng r = {2};
    static drawn d;
    static int64_t again[TENSORS + 1];
    for (int round = 0; round < 50; round++) {
        draw(&r, &d);
        int64_t bytes, more, input_bytes;
        ASSERT_OK(cupel_plan_graph(&d.graph, 9, 4, 4, d.offsets, &bytes, &input_bytes));
        ASSERT_OK(cupel_plan_graph(&d.graph, 9, 4, 4, again, &more, &input_bytes));
        cr_expect_eq(bytes, more);
        for (int64_t i = 1; i < d.graph.tensor_count; i++)
            if (is_planned(&d.tensors[i])) cr_expect_eq(d.offsets[i], again[i]);
    }
}

/* What a chain of layers needs: in a forward pass two tensors at a time, in a training step all
 * outputs and two gradients. */
static void draw_chain(rng *r, drawn *d, bool training)
{
    const int64_t layers = 1 + rng_below(r, 15);
    *d = (drawn){0};
    d->graph.tensors = d->tensors;
    d->graph.tensor_count = 1;
    for (int64_t i = 0; i <= layers; i++) {
        const int64_t width = 1 + rng_below(r, 600);
        d->tensors[d->graph.tensor_count++] = (cupel_tensor_plan){
            .per_row = width, .first = i, .last = training ? 2 * layers + 1 - i : i + 1};
        if (!training || i == 0) continue;
        d->tensors[d->graph.tensor_count++] = (cupel_tensor_plan){
            .per_row = width, .first = 2 * layers + 1 - i, .last = 2 * layers + 2 - i};
    }
}

Test(plan, chains_come_close_to_the_least)
{
    rng r = {3};
    static drawn d;
    double worst[2] = {0}, sum[2] = {0};
    const int rounds = 300;
    for (int round = 0; round < rounds; round++) {
        for (int training = 0; training < 2; training++) {
            int64_t bytes, input_bytes;
            draw_chain(&r, &d, training);
            ASSERT_OK(cupel_plan_graph(&d.graph, 64, 4, 4, d.offsets, &bytes, &input_bytes));
            const double ratio = (double)bytes / (double)lower_bound(&d.graph, 64, 4);
            if (ratio > worst[training]) worst[training] = ratio;
            sum[training] += ratio / rounds;
        }
    }
    cr_log_info("chains: forward %.4f at most, %.4f in the mean; training %.4f, %.4f\n", worst[0],
                sum[0], worst[1], sum[1]);
    /* Widths that jump by factors of a hundred are the worst case. */
    cr_expect_leq(worst[0], 1.5);
    cr_expect_leq(sum[0], 1.08);
    cr_expect_leq(worst[1], 1.2);
    cr_expect_leq(sum[1], 1.04);
}

static double ratio_of(const cupel_graph *graph)
{
    int64_t bytes, input_bytes;
    int64_t *offsets = malloc((size_t)graph->tensor_count * sizeof *offsets);
    cr_assert_not_null(offsets);
    ASSERT_OK(cupel_plan_graph(graph, 128, 4, 4, offsets, &bytes, &input_bytes));
    free(offsets);
    return (double)bytes / (double)lower_bound(graph, 128, 4);
}

/* The graphs of networks as people train them. */
Test(plan, usual_networks_come_within_two_percent)
{
    cupel_device *device = tiny_device();
    cupel_model *models[] = {
        CORE_MODEL(device, CUPEL_SHAPE(784), 1, CUPEL_DENSE(512, .activation = CUPEL_RELU),
                   CUPEL_DROPOUT(0.2), CUPEL_DENSE(256, .activation = CUPEL_RELU),
                   CUPEL_DROPOUT(0.2), CUPEL_DENSE(10)),
        CORE_MODEL(device, CUPEL_SHAPE(64), 1, CUPEL_DENSE(128, .activation = CUPEL_GELU),
                   CUPEL_DENSE(128, .activation = CUPEL_GELU), CUPEL_DENSE(10)),
        CORE_MODEL(device, CUPEL_SHAPE(1024), 1, CUPEL_DENSE(1024, .activation = CUPEL_TANH),
                   CUPEL_DENSE(1024, .activation = CUPEL_SILU), CUPEL_DENSE(1024)),
    };
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        const cupel_compile_config config = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                             .from_logits = true,
                                             .optimizer = {.kind = CUPEL_OPTIMIZER_SGD},
                                             .metrics = {CUPEL_METRIC_ACCURACY}};
        ASSERT_OK(cupel_model_compile(models[i], &config));
        cr_expect_leq(ratio_of(&models[i]->program->train), 1.02, "network %zu", i);
        cr_expect_leq(ratio_of(&models[i]->program->infer), 1.02, "network %zu", i);
        cupel_model_free(models[i]);
    }
    cupel_device_close(device);
}

Test(plan, an_empty_graph_takes_nothing)
{
    const cupel_graph graph = {.tensor_count = 0};
    int64_t bytes = 1, input_bytes = 1, offset;
    ASSERT_OK(cupel_plan_graph(&graph, 5, 4, 4, &offset, &bytes, &input_bytes));
    cr_expect_eq(bytes, 0);
    cr_expect_eq(input_bytes, 0);
}

Test(plan, sizes_beyond_64_bits_are_refused)
{
    static drawn d;
    int64_t bytes, input_bytes;
    d.graph.tensors = d.tensors;
    d.graph.tensor_count = 2;
    d.tensors[1].per_row = 1000;
    EXPECT_ERROR(cupel_plan_graph(&d.graph, INT64_MAX / 999, 4, 4, d.offsets, &bytes, &input_bytes),
                 CUPEL_ERROR_ARGUMENT, "too large for 64-bit sizes");
    EXPECT_ERROR(cupel_plan_graph(&d.graph, INT64_MAX / 2, 8, 8, d.offsets, &bytes, &input_bytes),
                 CUPEL_ERROR_ARGUMENT, "too large for 64-bit sizes");
    /* Tensors that fit one by one and do not together. */
    d.graph.tensor_count = TENSORS + 1;
    for (int64_t i = 1; i <= TENSORS; i++)
        d.tensors[i] = (cupel_tensor_plan){.per_row = 1, .use = CUPEL_USE_INPUT, .last = 1};
    EXPECT_ERROR(cupel_plan_graph(&d.graph, INT64_MAX / 300, 4, 4, d.offsets, &bytes, &input_bytes),
                 CUPEL_ERROR_ARGUMENT, "too large for 64-bit sizes");
}

Test(plan, without_memory)
{
    static drawn d;
    int64_t bytes, input_bytes;
    d.graph.tensors = d.tensors;
    d.graph.tensor_count = 2;
    d.tensors[1].per_row = 1;
    fault_memory_install();
    fault_memory_arm(1, false);
    cr_expect_eq(cupel_plan_graph(&d.graph, 1, 4, 4, d.offsets, &bytes, &input_bytes),
                 CUPEL_ERROR_MEMORY);
    cr_expect_eq(fault_memory_disarm(), 1);
    cr_expect_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}
