/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the number of threads may change, and what cupel leaves as it found it. All but the BLAS
 * gives the same bits for any number of threads. */
#define _POSIX_C_SOURCE 200809L

#include "core.h"
#include "cpu/team.h"
#include "tiny.h"

#include <fenv.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(CUPEL_WITH_OPENBLAS)
int openblas_get_num_threads(void);
void openblas_set_num_threads(int threads);
#endif
#if defined(CUPEL_WITH_OPENMP)
int omp_get_max_threads(void);
int omp_get_dynamic(void);
void omp_set_num_threads(int threads);
#endif

enum { ROWS = 300, IN = 120, COUNTS = 4 };

/* One thread is what the others are compared with. */
static const int64_t counts[COUNTS] = {1, 2, 4, 3};

static cupel_device *device;
static float x[ROWS * IN], y[ROWS * IN], zeros[ROWS * IN];
static int32_t labels[ROWS];

static void start(void)
{
    device = tiny_device();
    core_numbers(x, ROWS * IN, 1);
    core_numbers(y, ROWS * IN, 2);
    for (int i = 0; i < ROWS; i++)
        labels[i] = i * 7 % IN;
}

static void end(void)
{
    cupel_device_close(device);
}

TestSuite(threads, .init = start, .fini = end);

/* Activations, softmax and the copies of a prediction. */
Test(threads, predictions_without_products_are_equal)
{
    static float first[ROWS * IN], out[ROWS * IN];
    for (int kind = CUPEL_RELU; kind <= CUPEL_SOFTPLUS; kind++) {
        cupel_model *model =
            CORE_MODEL(device, CUPEL_SHAPE(IN), 1, CUPEL_ACTIVATION((cupel_activation)kind),
                       CUPEL_ACTIVATION(CUPEL_SOFTMAX));
        for (int i = 0; i < COUNTS; i++) {
            ASSERT_OK(cupel_device_set_threads(device, counts[i]));
            ASSERT_OK(cupel_model_predict(model, x, ROWS, i == 0 ? first : out));
            cr_expect(i == 0 || memcmp(first, out, sizeof out) == 0, "kind %d, %lld threads", kind,
                      (long long)counts[i]);
        }
        cupel_model_free(model);
    }
}

static const struct {
    cupel_loss loss;
    bool from_logits;
    cupel_optimizer optimizer;
    cupel_metric metrics[2];
} ways[] = {
    {CUPEL_LOSS_MSE,
     false,
     {.kind = CUPEL_OPTIMIZER_ADAM, .global_clipnorm = 0.01},
     {CUPEL_METRIC_MAE, CUPEL_METRIC_MSE}},
    {CUPEL_LOSS_BINARY_CROSSENTROPY,
     true,
     {.kind = CUPEL_OPTIMIZER_SGD, .momentum = 0.9, .clipnorm = 0.01},
     {CUPEL_METRIC_MAE}},
    {CUPEL_LOSS_CATEGORICAL_CROSSENTROPY,
     true,
     {.kind = CUPEL_OPTIMIZER_ADAMW, .clipvalue = 0.001},
     {CUPEL_METRIC_ACCURACY}},
    {CUPEL_LOSS_CATEGORICAL_CROSSENTROPY,
     false,
     {.kind = CUPEL_OPTIMIZER_ADAM, .amsgrad = true},
     {CUPEL_METRIC_ACCURACY}},
    {CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
     true,
     {.kind = CUPEL_OPTIMIZER_SGD, .momentum = 0.5, .nesterov = true},
     {CUPEL_METRIC_ACCURACY}},
    {CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
     false,
     {.kind = CUPEL_OPTIMIZER_SGD},
     {CUPEL_METRIC_ACCURACY}},
};

enum { WAYS = sizeof ways / sizeof *ways };

/* Trains some steps and returns a model to be compared; losses[steps]. */
static cupel_model *train(int way, const cupel_layer *layers, int64_t layer_count, const float *in,
                          int64_t threads, int steps, double *losses)
{
    cupel_model *model = core_model(device, CUPEL_SHAPE(IN), 3, layers, layer_count);
    cupel_compile_config config = {.loss = ways[way].loss,
                                   .from_logits = ways[way].from_logits,
                                   .optimizer = ways[way].optimizer};
    memcpy(config.metrics, ways[way].metrics, sizeof ways[way].metrics);
    ASSERT_OK(cupel_device_set_threads(device, threads));
    ASSERT_OK(cupel_model_compile(model, &config));
    static float targets[ROWS * IN];
    for (int i = 0; i < ROWS * IN; i++)
        targets[i] = config.loss == CUPEL_LOSS_MSE ? y[i] : fabsf(y[i]) / IN;
    const bool sparse = config.loss == CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY;
    for (int step = 0; step < steps; step++)
        ASSERT_OK(cupel_model_train_batch(model, in, sparse ? (void *)labels : (void *)targets,
                                          ROWS, &losses[step]));
    return model;
}

/* With x = 0 the products are 0, in whatever order they are added, and the training is made of all
 * the rest: biases, losses, their gradients, regularisers, clipping, optimizers. */
Test(threads, training_without_products_is_equal)
{
    const cupel_layer layers[] = {CUPEL_DROPOUT(0.25),
                                  CUPEL_DENSE(IN, .kernel_l1 = 1e-3, .kernel_l2 = 1e-2,
                                              .bias_initializer = CUPEL_INIT_HE_UNIFORM),
                                  CUPEL_DROPOUT(0.25), CUPEL_ACTIVATION(CUPEL_GELU),
                                  CUPEL_ACTIVATION(CUPEL_SOFTMAX)};
    enum { STEPS = 3 };
    for (int way = 0; way < WAYS; way++) {
        double first[STEPS], losses[STEPS];
        cupel_model *alone = train(way, layers, 5, zeros, counts[0], STEPS, first);
        for (int i = 1; i < COUNTS; i++) {
            cupel_model *model = train(way, layers, 5, zeros, counts[i], STEPS, losses);
            cr_expect_arr_eq(losses, first, sizeof first, "way %d, %lld threads", way,
                             (long long)counts[i]);
            cr_expect(core_same(model, alone, CUPEL_VALUE), "way %d, %lld threads", way,
                      (long long)counts[i]);
            cr_expect(core_same(model, alone, CUPEL_GRADIENT));
            cupel_model_free(model);
        }
        cupel_model_free(alone);
    }
}

/* Whole networks: equal bits with cupel's own products; with a BLAS, which adds in another order in
 * slices of other sizes, losses within float's rounding. */
Test(threads, whole_networks)
{
    const cupel_layer layers[] = {CUPEL_DENSE(200, .activation = CUPEL_TANH), CUPEL_DROPOUT(0.25),
                                  CUPEL_DENSE(90, .activation = CUPEL_SILU), CUPEL_DENSE(IN)};
    const bool own = strcmp(cupel_cpu_blas_name(), "own GEMM") == 0;
    enum { STEPS = 4 };
    for (int way = 0; way < WAYS; way++) {
        double first[STEPS], losses[STEPS];
        /* Outputs of any sign are no probabilities. */
        if (ways[way].loss != CUPEL_LOSS_MSE && !ways[way].from_logits) continue;
        cupel_model *alone = train(way, layers, 4, x, counts[0], STEPS, first);
        for (int i = 1; i < COUNTS; i++) {
            cupel_model *model = train(way, layers, 4, x, counts[i], STEPS, losses);
            for (int step = 0; step < STEPS; step++)
                cr_expect(fabs(losses[step] - first[step]) <=
                              (own ? 0 : 32 * (double)FLT_EPSILON * fabs(first[step])),
                          "way %d, %lld threads, step %d: %.9g, one thread %.9g", way,
                          (long long)counts[i], step, losses[step], first[step]);
            cr_expect(!own || core_same(model, alone, CUPEL_VALUE), "way %d, %lld threads", way,
                      (long long)counts[i]);
            cupel_model_free(model);
        }
        cupel_model_free(alone);
    }
}

/* What a process has set, as text. */
static void describe_process(char *text, size_t room)
{
    int blas = 0, team = 0, dynamic = 0;
    unsigned long long handlers = 0, mask = 0;
    sigset_t blocked;
#if defined(CUPEL_WITH_OPENBLAS)
    blas = openblas_get_num_threads();
#endif
#if defined(CUPEL_WITH_OPENMP)
    team = omp_get_max_threads();
    dynamic = omp_get_dynamic();
#endif
    cr_assert_eq(pthread_sigmask(SIG_BLOCK, NULL, &blocked), 0);
    for (int number = 1; number < 65; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) != 0) continue;
        const uintptr_t handler = (uintptr_t)action.sa_handler;
        handlers = handlers * 1000003 + (unsigned long long)handler +
                   ((unsigned long long)action.sa_flags << 7);
        if (sigismember(&blocked, number) == 1) mask |= 1ULL << (number - 1);
    }
    snprintf(text, room, "BLAS %d, OpenMP %d and %d, locale %s, handlers %llx, mask %llx, round %d",
             blas, team, dynamic, setlocale(LC_ALL, NULL), handlers, mask, fegetround());
}

static void on_signal(int number)
{
    (void)number;
}

/* Settings that are not the defaults. */
static void set_process(void)
{
    sigset_t blocked;
    const struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    cr_assert_eq(sigaction(SIGUSR2, &action, NULL), 0);
    cr_assert_eq(sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL), 0);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    cr_assert_eq(pthread_sigmask(SIG_BLOCK, &blocked, NULL), 0);
    setlocale(LC_ALL, "C.UTF-8");
#if defined(CUPEL_WITH_OPENBLAS)
    openblas_set_num_threads(2);
    cr_assert_eq(openblas_get_num_threads(), 2);
#endif
#if defined(CUPEL_WITH_OPENMP)
    omp_set_num_threads(3);
#endif
}

/* Much of what a program does with cupel, and some of what fails. */
static void *use(void *context)
{
    (void)context;
    static const cupel_layer layers[] = {
        {.kind = CUPEL_LAYER_DENSE, .units = 150, .activation = CUPEL_RELU},
        {.kind = CUPEL_LAYER_DENSE, .units = IN}};
    double loss;
    cupel_model *model;
    cupel_memory memory;
    ASSERT_OK(
        cupel_model_create(device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(IN)}, &model));
    for (int i = 0; i < 2; i++)
        ASSERT_OK(cupel_model_add(model, layers[i]));
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE, .optimizer = CUPEL_ADAM(0)}));
    for (int step = 0; step < 10; step++)
        ASSERT_OK(cupel_model_train_batch(model, x, y, ROWS, step % 2 ? &loss : NULL));
    cr_expect_neq(cupel_model_train_batch(model, x, y, -1, &loss), CUPEL_OK);
    float *out = malloc(sizeof y);
    cr_assert_not_null(out);
    ASSERT_OK(cupel_model_predict(model, x, ROWS, out));
    free(out);
    ASSERT_OK(cupel_model_memory(model, 64, &memory));
    cupel_dataset *data;
    cupel_history *history;
    const cupel_arrays arrays = {
        .x = x, .y = y, .rows = ROWS, .x_shape = CUPEL_SHAPE(IN), .y_shape = CUPEL_SHAPE(IN)};
    ASSERT_OK(cupel_dataset_from_arrays(&arrays, &data));
    ASSERT_OK(cupel_model_fit(
        model, data, &(cupel_fit_config){.validation_split = 0.25, .epochs = 2}, &history));
    ASSERT_OK(cupel_model_evaluate(model, data, 100, &loss));
    cupel_history_free(history);
    cupel_dataset_free(data);
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    ASSERT_OK(cupel_model_summary(model, 10, file));
    fclose(file);
    cupel_model_free(model);
    return NULL;
}

Test(threads, the_process_stays_as_it_was)
{
    char before[400], after[400];
    set_process();
    describe_process(before, sizeof before);
    use(NULL);
    describe_process(after, sizeof after);
    cr_expect_str_eq(after, before);
    cupel_device *other;
    ASSERT_OK(cupel_device_open("cpu", &other));
    cupel_device_close(other);
    describe_process(after, sizeof after);
    cr_expect_str_eq(after, before);
}

/* Also when several threads compute at once, and the last to leave is not the first that came. */
Test(threads, the_process_stays_as_it_was_with_threads)
{
    char before[400], after[400];
    pthread_t users[3];
    set_process();
    describe_process(before, sizeof before);
    for (int i = 0; i < 3; i++)
        cr_assert_eq(pthread_create(&users[i], NULL, use, NULL), 0);
    for (int i = 0; i < 3; i++)
        cr_assert_eq(pthread_join(users[i], NULL), 0);
    describe_process(after, sizeof after);
    cr_expect_str_eq(after, before);
}
