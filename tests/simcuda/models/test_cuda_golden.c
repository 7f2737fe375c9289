/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The golden networks on the simulated card beside the CPU in double: a step from the same weights,
 * and twenty that run on, in each precision of the card. */
#include "cuda_twin.h"
#include "golden.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS = 20, BATCHES = 16 };

TestSuite(cuda_golden);

static const golden_tensor *need(const golden *vectors, const char *name)
{
    const golden_tensor *t = golden_find(vectors, name);
    cr_assert(t, "there is no tensor %s", name);
    return t;
}

static void write_weights(cuda_twin *twin, const golden *vectors)
{
    for (int64_t i = 0; i < cupel_model_parameter_count(twin->cuda); i++) {
        cupel_parameter parameter;
        char name[2 * GOLDEN_NAME];
        ASSERT_OK(cupel_model_parameter(twin->cuda, i, &parameter));
        snprintf(name, sizeof name, "before.%s", parameter.name);
        cuda_twin_write(twin, i, need(vectors, name)->values);
    }
}

/* The file's data as batches, which borrow labels and weights. */
static int64_t make_batches(const golden *vectors, const int32_t *labels, const float *weights,
                            cupel_feed batches[BATCHES])
{
    const golden_tensor *x = need(vectors, "x"), *y = need(vectors, "y");
    int64_t count = 0;
    for (int64_t begin = 0; begin < vectors->rows; begin += vectors->batch) {
        cr_assert_lt(count, BATCHES);
        const int64_t left = vectors->rows - begin;
        const int64_t at = begin * y->count / vectors->rows;
        batches[count++] = (cupel_feed){
            .rows = left < vectors->batch ? left : vectors->batch,
            .x = x->values + begin * x->count / vectors->rows,
            .y = labels ? (const void *)(labels + at) : y->values + at,
            .weights = weights ? weights + begin : NULL,
            .x_type = CUPEL_FLOAT64,
            .y_type = labels ? CUPEL_INT32 : CUPEL_FLOAT64,
            .x_scale = 1,
        };
    }
    return count;
}

static void check(void *user, const char *file, const golden *vectors)
{
    const check_model_gates *gates = user;
    if (vectors->only_float64) return;
    const golden_tensor *y = need(vectors, "y");
    const golden_tensor *sample_weight = golden_find(vectors, "sample_weight");
    int32_t *labels = NULL;
    float *weights = NULL;
    if (y->type == CUPEL_INT32) {
        labels = malloc((size_t)y->count * sizeof *labels);
        cr_assert_not_null(labels);
        for (int64_t i = 0; i < y->count; i++)
            labels[i] = (int32_t)y->values[i];
    }
    if (sample_weight != NULL) {
        weights = malloc((size_t)sample_weight->count * sizeof *weights);
        cr_assert_not_null(weights);
        for (int64_t i = 0; i < sample_weight->count; i++)
            weights[i] = (float)sample_weight->values[i];
    }
    cupel_feed batches[BATCHES];
    const int64_t count = make_batches(vectors, labels, weights, batches);
    cuda_twin twin =
        cuda_twin_open(file, gates, &(cupel_model_config){.input_shape = vectors->input},
                       vectors->layers, vectors->layer_count, &vectors->compile);
    write_weights(&twin, vectors);
    cuda_twin_step(&twin, &batches[0]);
    cuda_twin_run(&twin, batches, count, STEPS);
    cuda_twin_close(&twin);
    free(labels);
    free(weights);
}

static void check_all(int precision)
{
    check_model_gates gates = check_model_gate[precision];
    golden_each(CUPEL_SOURCE_DIR "/tests/golden", check, &gates);
}

Test(cuda_golden, float32)
{
    check_all(0);
}

Test(cuda_golden, tf32)
{
    check_all(1);
}

Test(cuda_golden, bf16)
{
    check_all(2);
}
