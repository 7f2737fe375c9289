/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Many networks that nobody has chosen, and a long life of one in which everything is done in any
 * order: the card beside the CPU. */
#include "cuda_pair.h"
#include "cuda_twin.h"
#include "random_model.h"

#include <math.h>
#include <stdio.h>

TestSuite(cuda_long);

Test(cuda_long, random_networks)
{
    /* Up to a dozen layers, and losses that divide by probabilities, which has the errors of a few
     * products in one. */
    check_model_gates gates = check_model_gate[0];
    gates.tau *= 3;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        random_model network;
        const random_wish wish = {.seed = seed,
                                  .loss = &random_losses[seed % RANDOM_LOSSES],
                                  .activation = (cupel_activation)(seed % 11),
                                  .dropout = seed % 2 == 0};
        random_model_draw(&wish, &network);
        char name[64];
        snprintf(name, sizeof name, "network %d, %s", (int)seed, network.loss->name);
        const cupel_compile_config config = {
            .loss = network.loss->loss,
            .from_logits = network.loss->from_logits,
            .label_smoothing = network.label_smoothing,
            .optimizer = {.kind = seed % 3 == 0 ? CUPEL_OPTIMIZER_SGD : CUPEL_OPTIMIZER_ADAM},
            .flavour = (cupel_flavour)(seed % 2),
        };
        cuda_twin twin = cuda_twin_open(
            name, &gates,
            &(cupel_model_config){.input_shape = network.input, .seed = network.weights},
            network.layers, network.layer_count, &config);
        const cupel_feed feed = {
            .rows = network.rows,
            .x = network.x,
            .y = network.y,
            .x_type = CUPEL_FLOAT64,
            .y_type = network.loss->loss == CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY
                          ? CUPEL_INT32
                          : CUPEL_FLOAT64,
            .x_scale = 1,
        };
        cuda_twin_step(&twin, &feed);
        cuda_twin_run(&twin, &feed, 1, 4);
        cuda_twin_close(&twin);
        random_model_free(&network);
    }
}

enum { IN = 18, OUT = 9, ROWS = 60, TURNS = 150 };

static float x[ROWS * IN];
static int32_t y[ROWS];

static const cupel_compile_config classify = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                              .from_logits = true,
                                              .optimizer = {.kind = CUPEL_OPTIMIZER_ADAMW},
                                              .metrics = {CUPEL_METRIC_ACCURACY}};

/* What one turn gives: some numbers, which the devices shall agree on. */
typedef struct turn {
    double values[ROWS * OUT];
    int64_t count;
} turn;

static void fit(cupel_model *model, const cupel_dataset *data, rng *r, turn *t)
{
    const cupel_fit_config config = {.epochs = 1 + rng_below(r, 3),
                                     .batch_size = 1 + rng_below(r, ROWS + 9),
                                     .steps_per_execution = rng_below(r, 5),
                                     .no_shuffle = rng_below(r, 3) == 0};
    cupel_history *history;
    const double *losses;
    ASSERT_OK(cupel_model_fit(model, data, &config, &history));
    ASSERT_OK(cupel_history_series(history, "loss", &losses));
    t->count = cupel_history_epochs(history);
    memcpy(t->values, losses, (size_t)t->count * sizeof *losses);
    cupel_history_free(history);
}

static void predict(cupel_model *model, int64_t first, int64_t rows, turn *t)
{
    float out[ROWS * OUT];
    ASSERT_OK(cupel_model_predict(model, x + first * IN, rows, out));
    t->count = rows * OUT;
    for (int64_t i = 0; i < t->count; i++)
        t->values[i] = (double)out[i];
}

/* Does the same on any device for the same numbers. */
static void take_turn(cupel_model *model, cupel_dataset *const data[2], rng r, turn *t)
{
    const int64_t what = rng_below(&r, 9);
    const int64_t first = rng_below(&r, ROWS), rows = 1 + rng_below(&r, ROWS - first);
    *t = (turn){.count = 1};
    switch (what) {
    case 0:
        fit(model, data[rng_below(&r, 2)], &r, t);
        break;
    case 1:
        ASSERT_OK(cupel_model_evaluate(model, data[rng_below(&r, 2)], rows, t->values));
        t->count = 2;
        break;
    case 2:
        predict(model, first, rows, t);
        break;
    case 3:
        ASSERT_OK(cupel_model_gradients(model, x + first * IN, y + first, rows, t->values));
        if (rng_below(&r, 2) == 0) ASSERT_OK(cupel_model_apply_gradients(model));
        break;
    case 4:
        ASSERT_OK(cupel_model_set_learning_rate(model, rng_uniform(&r, 1e-4, 2e-3)));
        break;
    case 5:
        if (rng_below(&r, 4) == 0) ASSERT_OK(cupel_model_compile(model, &classify));
        break;
    default:
        for (int64_t i = rng_below(&r, 4); i >= 0; i--)
            ASSERT_OK(cupel_model_train_batch(model, x + first * IN, y + first, rows, t->values));
        break;
    }
}

Test(cuda_long, anything_in_any_order)
{
    core_numbers(x, ROWS * IN, 12);
    for (int i = 0; i < ROWS; i++)
        y[i] = i * 7 % OUT;
    cuda_pair pair =
        CUDA_PAIR(CUPEL_SHAPE(IN), 13, &classify, CUPEL_DENSE(24, .activation = CUPEL_GELU),
                  CUPEL_DROPOUT(0.25), CUPEL_DENSE(16, .activation = CUPEL_TANH), CUPEL_DENSE(OUT));
    cupel_dataset *data[2];
    for (int i = 0; i < 2; i++)
        ASSERT_OK(cupel_dataset_from_arrays(&(cupel_arrays){.x = x + i * 11 * IN,
                                                            .y = y + i * 11,
                                                            .y_type = CUPEL_INT32,
                                                            .rows = ROWS - i * 11},
                                            &data[i]));
    rng r = {2026};
    for (int k = 0; k < TURNS; k++) {
        turn cpu, cuda;
        const rng same = {rng_next(&r)};
        take_turn(pair.cpu, data, same, &cpu);
        take_turn(pair.cuda, data, same, &cuda);
        cr_assert_eq(cuda.count, cpu.count);
        double size = 0;
        for (int64_t i = 0; i < cpu.count; i++)
            size = fmax(size, fabs(cpu.values[i]));
        for (int64_t i = 0; i < cpu.count; i++)
            cr_assert_float_eq(cuda.values[i], cpu.values[i], 1e-4 * size,
                               "turn %d, number %lld: %.9g, expected %.9g", k, (long long)i,
                               cuda.values[i], cpu.values[i]);
    }
    cr_expect_leq(cuda_pair_distance(&pair, CUPEL_VALUE), 1e-3);
    for (int i = 0; i < 2; i++)
        cupel_dataset_free(data[i]);
    cuda_pair_free(&pair);
}
