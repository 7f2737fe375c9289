/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a step costs on the card, and that neither its graphs nor its slots mix anything up. */
#define _POSIX_C_SOURCE 200809L

#include "capture.h"
#include "cuda_pair.h"
#include "program/model.h"
#include "sim_config.h"
#include "sim_runtime.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>

TestSuite(cuda_step);

enum { IN = 21, OUT = 10, ROWS = 64 };

static float x[ROWS * IN];
static int32_t labels[ROWS];

static void draw_batch(void)
{
    core_numbers(x, ROWS * IN, 5);
    for (int i = 0; i < ROWS; i++) labels[i] = i * 7 % OUT;
}

static const cupel_compile_config classify = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                              .from_logits = true,
                                              .optimizer = {.kind = CUPEL_OPTIMIZER_ADAM},
                                              .metrics = {CUPEL_METRIC_ACCURACY}};

static cuda_pair make_pair(uint64_t seed)
{
    draw_batch();
    return CUDA_PAIR(CUPEL_SHAPE(IN), seed, &classify, CUPEL_DENSE(33, .activation = CUPEL_TANH),
                     CUPEL_DROPOUT(0.25F), CUPEL_DENSE(OUT));
}

static const cupel_executable *find(const cupel_model *model, cupel_segment segment, int64_t rows)
{
    for (int i = 0; i < CUPEL_EXECUTABLES; i++) {
        const cupel_executable *executable = &model->program->executables[i];
        if (executable->segment == segment && executable->rows == rows) return executable;
    }
    return NULL;
}

static uint64_t calls_of_step(cupel_model *model, const void *y, int64_t rows)
{
    simcuda_configuration()->calls = 0;
    ASSERT_OK(cupel_model_train_batch(model, x, y, rows, NULL));
    return simcuda_configuration()->calls;
}

/* Once it is captured, a step that streams its batch is at most eight calls of the host. */
Test(cuda_step, host_calls)
{
    cuda_pair pair = make_pair(1);
    cr_expect_gt(calls_of_step(pair.cuda, labels, ROWS), 8, "the first use launches every kernel");
    cr_expect(find(pair.cuda, CUPEL_SEGMENT_STEP, ROWS)->replay.state == NULL);
    calls_of_step(pair.cuda, labels, ROWS);
    cr_expect(find(pair.cuda, CUPEL_SEGMENT_STEP, ROWS)->replay.state != NULL);
    calls_of_step(pair.cuda, labels, ROWS);
    for (int i = 0; i < 12; i++) {
        const uint64_t calls = calls_of_step(pair.cuda, labels, ROWS);
        cr_expect_leq(calls, 8, "step %d", i);
        if (i == 11) printf("host calls of a streamed step: %d\n", (int)calls);
    }
    cuda_pair_free(&pair);
}

/* The kernels of a step of the usual classifier, those of cuBLASLt set apart. */
Test(cuda_step, kernel_nodes)
{
    enum { PIXELS = 784, IMAGES = 8, PRODUCTS = 8 };
    static float images[4 * IMAGES * PIXELS];
    static int32_t classes[4 * IMAGES];
    core_numbers(images, 4 * IMAGES * PIXELS, 2);
    for (int i = 0; i < 4 * IMAGES; i++) classes[i] = i % OUT;
    cupel_device *device = cuda_device();
    cupel_model *model =
        CORE_MODEL(device, CUPEL_SHAPE(PIXELS), 1, CUPEL_DENSE(512, .activation = CUPEL_RELU),
                   CUPEL_DENSE(512, .activation = CUPEL_RELU), CUPEL_DENSE(OUT));
    cupel_compile_config config = classify;
    config.metrics[0] = CUPEL_METRIC_NONE;
    ASSERT_OK(cupel_model_compile(model, &config));
    cupel_dataset *data;
    ASSERT_OK(cupel_dataset_from_arrays(&(cupel_arrays){.x = images,
                                                        .y = classes,
                                                        .rows = 4 * IMAGES,
                                                        .y_type = CUPEL_INT32,
                                                        .x_shape = CUPEL_SHAPE(PIXELS)},
                                        &data));
    ASSERT_OK(cupel_model_fit(model, data, &(cupel_fit_config){.batch_size = IMAGES}, NULL));
    const cupel_cuda_graph *graph = NULL;
    for (int i = 0; i < CUPEL_EXECUTABLES; i++) {
        const cupel_executable *executable = &model->program->executables[i];
        if (executable->segment == CUPEL_SEGMENT_STEP_REPORT && executable->replay.state != NULL)
            graph = executable->replay.state;
    }
    cr_assert_not_null(graph);
    printf("kernel nodes of a step of 784-512-512-10: %d, %d of them cupel's own\n",
           (int)graph->nodes, (int)graph->nodes - PRODUCTS);
    const simcuda_lt lt = simcuda_configuration()->lt;
    if (lt == SIMCUDA_LT_FUSED) cr_expect_leq(graph->nodes - PRODUCTS, 8);
    if (lt == SIMCUDA_LT_UNFUSED) cr_expect_leq(graph->nodes - PRODUCTS, 12);
    cupel_dataset_free(data);
    cupel_model_free(model);
    cupel_device_close(device);
}

/* Many numbers of rows, so that executables come and go, and each is used twice in a row. */
Test(cuda_step, fifty_numbers_of_rows)
{
    cuda_pair pair = make_pair(3);
    for (int64_t rows = ROWS; rows > ROWS - 50; rows--) {
        double cpu = 0, cuda = 0;
        for (int i = 0; i < 2; i++) {
            ASSERT_OK(cupel_model_train_batch(pair.cpu, x, labels, rows, &cpu));
            ASSERT_OK(cupel_model_train_batch(pair.cuda, x, labels, rows, &cuda));
            EXPECT_CLOSE(cuda, cpu, 1e-4);
        }
    }
    cr_expect_leq(cuda_pair_distance(&pair, CUPEL_VALUE), 1e-3);
    cuda_pair_free(&pair);
}

/* The caller's memory is the caller's again when a call returns, however far the card is behind. */
Test(cuda_step, memory_of_the_caller)
{
    simcuda_configuration()->streams = SIMCUDA_LAZY_NEWEST;
    cuda_pair pair = make_pair(4);
    float batch[16 * IN];
    int32_t y[16];
    for (int step = 0; step < 10; step++) {
        cupel_model *models[2] = {pair.cpu, pair.cuda};
        for (int i = 0; i < 2; i++) {
            const int64_t first = step * 5 % 48;
            memcpy(batch, x + first * IN, sizeof batch);
            memcpy(y, labels + first, sizeof y);
            ASSERT_OK(cupel_model_train_batch(models[i], batch, y, 16, NULL));
            memset(batch, 0, sizeof batch);
            memset(y, 0, sizeof y);
        }
    }
    cr_expect_leq(cuda_pair_distance(&pair, CUPEL_VALUE), 1e-4);
    cuda_pair_free(&pair);
}

/* A larger batch takes all memory of the batch anew; a smaller one is captured in what is there. */
Test(cuda_step, growing_and_shrinking)
{
    cuda_pair pair = make_pair(5);
    const int64_t batches[] = {3, 3, 3, 64, 64, 64, 5, 5, 3, 3, 63, 64};
    for (int i = 0; i < 12; i++) {
        double cpu = 0, cuda = 0;
        ASSERT_OK(cupel_model_train_batch(pair.cpu, x, labels, batches[i], &cpu));
        ASSERT_OK(cupel_model_train_batch(pair.cuda, x, labels, batches[i], &cuda));
        EXPECT_CLOSE(cuda, cpu, 1e-4);
        cupel_memory memory;
        ASSERT_OK(cupel_model_memory(pair.cuda, i < 3 ? 3 : 64, &memory));
        cr_expect_eq(memory.total, pair.cuda_device->bytes, "%lld planned, %lld taken",
                     (long long)memory.total, (long long)pair.cuda_device->bytes);
    }
    cuda_pair_free(&pair);
}

typedef struct worker {
    cupel_model *model;
    cupel_status status;
} worker;

static void *work(void *context)
{
    worker *w = context;
    for (int64_t rows = 12; rows > 4 && w->status == CUPEL_OK; rows--) {
        for (int i = 0; i < 3 && w->status == CUPEL_OK; i++)
            w->status = cupel_model_train_batch(w->model, x, labels, rows, NULL);
    }
    return NULL;
}

static void *disturb(void *context)
{
    worker *w = context;
    for (int i = 0; i < 60 && w->status == CUPEL_OK; i++) {
        cupel_tensor *tensor = NULL;
        w->status = cupel_device_synchronize(w->model->device);
        if (w->status == CUPEL_OK)
            w->status = cupel_tensor_create(w->model->device, CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, IN),
                                            &tensor);
        if (w->status == CUPEL_OK) w->status = cupel_tensor_upload(tensor, x);
        cupel_tensor_free(tensor);
    }
    return NULL;
}

/* Two models on one card in two threads, and a third one that allocates, frees and waits. */
Test(cuda_step, threads)
{
    cuda_pair pairs[2] = {make_pair(6), make_pair(7)};
    worker workers[3] = {
        {.model = pairs[0].cuda}, {.model = pairs[1].cuda}, {.model = pairs[0].cuda}};
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, i < 2 ? work : disturb, &workers[i]), 0);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
        cr_expect_eq(workers[i].status, CUPEL_OK, "thread %d", i);
    }
    for (int i = 0; i < 2; i++) {
        worker cpu = {.model = pairs[i].cpu};
        work(&cpu);
        cr_expect_leq(cuda_pair_distance(&pairs[i], CUPEL_VALUE), 1e-3);
        cuda_pair_free(&pairs[i]);
    }
}

/* Sums that are glanced at are never those of an epoch before, and come without a wait. */
Test(cuda_step, glances)
{
    simcuda_configuration()->streams = SIMCUDA_LAZY;
    cuda_pair pair = make_pair(8);
    cupel_program *program = pair.cuda->program;
    const cupel_feed feed = {
        .rows = 8, .x = x, .y = labels, .y_type = CUPEL_INT32, .x_scale = 1};
    double means[2];
    int64_t seen = 0, total = 0;
    for (int epoch = 0; epoch < 2; epoch++) {
        ASSERT_OK(cupel_program_reset_sums(program));
        for (int step = 1; step <= 6; step++) {
            ASSERT_OK(cupel_program_run(program, CUPEL_SEGMENT_STEP_REPORT, &feed));
            ASSERT_OK(cupel_program_glance(program, means, &seen));
            cr_expect_leq(seen, 8 * step);
            total += seen;
        }
        ASSERT_OK(cupel_program_means(program, means, &seen));
        cr_expect_eq(seen, 48);
    }
    cr_expect_gt(total, 0, "some have arrived");
    cuda_pair_free(&pair);
}
