/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The card's memory: what does not fit is refused before anything is taken, and the caller's own
 * memory and stream. */
#include "cuda_pair.h"
#include "device.h"
#include "sim_config.h"
#include "sim_runtime.h"

#include <cuda_runtime_api.h>
#include <cupel/cuda.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

TestSuite(cuda_memory);

enum { IN = 96, OUT = 4, ROWS = 32 };

static float x[ROWS * IN], y[ROWS * OUT];

static const cupel_compile_config regress = {.loss = CUPEL_LOSS_MSE,
                                             .optimizer = {.kind = CUPEL_OPTIMIZER_ADAM}};

static cuda_pair make_pair(uint64_t seed)
{
    core_numbers(x, ROWS * IN, 1);
    core_numbers(y, ROWS * OUT, 2);
    return CUDA_PAIR(CUPEL_SHAPE(IN), seed, &regress, CUPEL_DENSE(64, .activation = CUPEL_RELU),
                     CUPEL_DENSE(OUT));
}

static void expect_step(cuda_pair *pair)
{
    double cpu = 0, cuda = 0;
    ASSERT_OK(cupel_model_train_batch(pair->cpu, x, y, ROWS, &cpu));
    ASSERT_OK(cupel_model_train_batch(pair->cuda, x, y, ROWS, &cuda));
    EXPECT_CLOSE(cuda, cpu, 1e-4);
}

/* A batch of twice what fits is refused with the largest that fits; that one runs, one more does
 * not. */
Test(cuda_memory, a_batch_that_is_too_large)
{
    simcuda_configuration()->memory = (size_t)48 << 20;
    cuda_pair pair = make_pair(1);
    for (int i = 0; i < 3; i++) expect_step(&pair);
    const int64_t taken = pair.cuda_device->bytes;
    const int64_t rows = 40000;
    float *many_x = calloc((size_t)rows * IN, sizeof *many_x);
    float *many_y = calloc((size_t)rows * OUT, sizeof *many_y);
    cr_assert(many_x != NULL && many_y != NULL);
    EXPECT_ERROR(cupel_model_train_batch(pair.cuda, many_x, many_y, rows, NULL),
                 CUPEL_ERROR_DEVICE_MEMORY, "the largest batch that fits is ");
    long long largest = 0;
    const char *tail = strstr(cupel_last_error(), "fits is ");
    cr_assert_not_null(tail);
    cr_assert_eq(sscanf(tail, "fits is %lld", &largest), 1);
    cr_expect(largest > ROWS && largest < rows, "%lld", largest);
    cr_expect_eq(pair.cuda_device->bytes, taken, "nothing has been given up or taken");
    expect_step(&pair);
    EXPECT_ERROR(cupel_model_train_batch(pair.cuda, many_x, many_y, largest + 1, NULL),
                 CUPEL_ERROR_DEVICE_MEMORY, "the largest batch that fits is ");
    double loss;
    ASSERT_OK(cupel_model_gradients(pair.cuda, many_x, many_y, largest, &loss));
    expect_step(&pair);
    free(many_x);
    free(many_y);
    cuda_pair_free(&pair);
}

/* A model that is larger than the card: the sizes are told, and another one still works. */
Test(cuda_memory, a_model_that_is_too_large)
{
    simcuda_configuration()->memory = (size_t)64 << 20;
    cuda_pair pair = make_pair(2);
    cupel_model *large = CORE_MODEL(pair.cuda_device, CUPEL_SHAPE(IN), 1, CUPEL_DENSE(60000),
                                    CUPEL_DENSE(OUT));
    ASSERT_OK(cupel_model_compile(large, &regress));
    EXPECT_ERROR(cupel_model_train_batch(large, x, y, ROWS, NULL), CUPEL_ERROR_DEVICE_MEMORY,
                 "too little for a batch of 1");
    cupel_model_free(large);
    for (int i = 0; i < 3; i++) expect_step(&pair);
    cuda_pair_free(&pair);
}

/* Work of the caller before and behind the model's, in a stream of the caller's, without a wait. */
Test(cuda_memory, the_stream_and_the_memory_of_the_caller)
{
    simcuda_configuration()->streams = SIMCUDA_LAZY_NEWEST;
    cuda_pair pair = make_pair(3);
    cudaStream_t stream;
    void *device_x, *device_y;
    cr_assert_eq(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), cudaSuccess);
    cr_assert_eq(cudaMalloc(&device_x, sizeof x), cudaSuccess);
    cr_assert_eq(cudaMalloc(&device_y, sizeof y), cudaSuccess);
    cupel_tensor *tx, *ty;
    ASSERT_OK(cupel_tensor_wrap(pair.cuda_device, CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, IN), device_x,
                                &tx));
    ASSERT_OK(cupel_tensor_wrap(pair.cuda_device, CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, OUT), device_y,
                                &ty));
    ASSERT_OK(cupel_model_set_stream(pair.cuda, stream));
    for (int step = 0; step < 5; step++) {
        core_numbers(x, ROWS * IN, 10 + (uint64_t)step);
        cr_assert_eq(cudaMemcpyAsync(device_x, x, sizeof x, cudaMemcpyHostToDevice, stream),
                     cudaSuccess);
        cr_assert_eq(cudaMemcpyAsync(device_y, y, sizeof y, cudaMemcpyHostToDevice, stream),
                     cudaSuccess);
        ASSERT_OK(cupel_model_train_tensors(pair.cuda, tx, ty, NULL));
        ASSERT_OK(cupel_model_train_batch(pair.cpu, x, y, ROWS, NULL));
    }
    cr_expect_leq(cuda_pair_distance(&pair, CUPEL_VALUE), 1e-4);
    /* Compiled anew, it is in the same stream; then in its own again. */
    ASSERT_OK(cupel_model_compile(pair.cuda, &regress));
    ASSERT_OK(cupel_model_compile(pair.cpu, &regress));
    ASSERT_OK(cupel_model_copy_weights(pair.cuda, pair.cpu));
    cr_assert_eq(cudaMemcpyAsync(device_x, x, sizeof x, cudaMemcpyHostToDevice, stream),
                 cudaSuccess);
    ASSERT_OK(cupel_model_train_tensors(pair.cuda, tx, ty, NULL));
    ASSERT_OK(cupel_model_train_batch(pair.cpu, x, y, ROWS, NULL));
    ASSERT_OK(cupel_model_set_stream(pair.cuda, NULL));
    expect_step(&pair);
    cr_expect_leq(cuda_pair_distance(&pair, CUPEL_VALUE), 1e-4);
    EXPECT_ERROR(cupel_model_set_stream(pair.cpu, stream), CUPEL_ERROR_UNSUPPORTED,
                 "has no streams");
    cupel_tensor_free(tx);
    cupel_tensor_free(ty);
    cudaFree(device_x);
    cudaFree(device_y);
    cuda_pair_free(&pair);
    cudaStreamDestroy(stream);
}
