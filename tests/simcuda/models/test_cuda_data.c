/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Nothing of one data set is left on the card when the model is trained on the next. */
#include "cuda_pair.h"

#include <math.h>

TestSuite(cuda_data);

enum { IN = 24, OUT = 10, ROWS = 50 };

static float x[2][ROWS * IN];
static int32_t y[2][ROWS];

static const cupel_compile_config classify = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                              .from_logits = true,
                                              .optimizer = {.kind = CUPEL_OPTIMIZER_ADAM},
                                              .metrics = {CUPEL_METRIC_ACCURACY}};

static cupel_dataset *open_data(int i, int64_t rows)
{
    cupel_dataset *data;
    core_numbers(x[i], ROWS * IN, (uint64_t)i + 1);
    for (int j = 0; j < ROWS; j++)
        y[i][j] = (j * 7 + i) % OUT;
    ASSERT_OK(cupel_dataset_from_arrays(
        &(cupel_arrays){.x = x[i], .y = y[i], .y_type = CUPEL_INT32, .rows = rows}, &data));
    return data;
}

static cuda_pair make_pair(uint64_t seed)
{
    return CUDA_PAIR(CUPEL_SHAPE(IN), seed, &classify, CUPEL_DENSE(16, .activation = CUPEL_RELU),
                     CUPEL_DROPOUT(0.125), CUPEL_DENSE(OUT));
}

/* Two data sets of which each is taken several times, of one size and of two. */
static void alternate(int64_t first_rows, int64_t second_rows)
{
    cuda_pair pair = make_pair(2);
    cupel_dataset *data[2] = {open_data(0, first_rows), open_data(1, second_rows)};
    cupel_model *models[2] = {pair.cpu, pair.cuda};
    for (int round = 0; round < 6; round++) {
        double loss[2], score[2][2];
        for (int i = 0; i < 2; i++) {
            cupel_history *history;
            const double *losses;
            ASSERT_OK(cupel_model_fit(models[i], data[round % 2],
                                      &(cupel_fit_config){.epochs = 2, .batch_size = 16},
                                      &history));
            ASSERT_OK(cupel_history_series(history, "loss", &losses));
            loss[i] = losses[1];
            cupel_history_free(history);
            ASSERT_OK(cupel_model_evaluate(models[i], data[1 - round % 2], 16, score[i]));
        }
        EXPECT_CLOSE(loss[1], loss[0], 1e-4);
        EXPECT_CLOSE(score[1][0], score[0][0], 1e-4);
        cr_expect_eq(score[1][1], score[0][1]);
    }
    cr_expect_leq(cuda_pair_distance(&pair, CUPEL_VALUE), 1e-3);
    for (int i = 0; i < 2; i++)
        cupel_dataset_free(data[i]);
    cuda_pair_free(&pair);
}

Test(cuda_data, two_data_sets)
{
    alternate(ROWS, ROWS);
    alternate(ROWS, 33);
}

/* The memory of one that is freed is taken by the next, with other values in the same place. */
Test(cuda_data, a_data_set_in_the_place_of_another)
{
    cuda_pair pair = make_pair(3);
    for (int round = 0; round < 4; round++) {
        cupel_dataset *data = open_data(round % 2, ROWS);
        cupel_model *models[2] = {pair.cpu, pair.cuda};
        double score[2][2];
        for (int i = 0; i < 2; i++) {
            ASSERT_OK(cupel_model_fit(models[i], data, &(cupel_fit_config){.epochs = 3}, NULL));
            ASSERT_OK(cupel_model_evaluate(models[i], data, 0, score[i]));
        }
        EXPECT_CLOSE(score[1][0], score[0][0], 1e-4);
        cupel_dataset_free(data);
    }
    cuda_pair_free(&pair);
}
