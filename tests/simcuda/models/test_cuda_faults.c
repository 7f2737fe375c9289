/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The life of a model on the card while the N-th call of CUDA or cuBLASLt fails, for every N: once,
 * from then on as on a card that is lost, and from then on with an error that says nothing. */
#include "../../fault.h"
#include "base/status.h"
#include "cuda_pair.h"
#include "sim_config.h"
#include "sim_runtime.h"

#include <ctype.h>
#include <cuda_runtime_api.h>
#include <math.h>

TestSuite(cuda_faults);

enum { ROWS = 16, IN = 8, HIDDEN = 8, BATCH = 8 };

/* Of so many calls one is made to fail, where the sanitizers take their time. */
#if !defined(STRIDE)
#define STRIDE 1
#endif

static float x[ROWS * IN];
static float y[ROWS];

typedef enum stage { OPEN, CREATE, ADD, COMPILE, FIT, EVALUATE, PREDICT, SYNCHRONIZE, DONE } stage;

typedef struct life {
    stage at; /* what is next, or has failed */
    cupel_device *device;
    cupel_model *model;
    cupel_dataset *data;
    float out[ROWS];
} life;

static cupel_status add(cupel_model *model)
{
    CUPEL_TRY(cupel_model_add(model, CUPEL_DENSE(HIDDEN, .activation = CUPEL_RELU)));
    return cupel_model_add(model, CUPEL_DENSE(1));
}

static cupel_status compile(cupel_model *model)
{
    const cupel_compile_config config = {
        .loss = CUPEL_LOSS_MSE,
        .optimizer = CUPEL_ADAM(.global_clipnorm = 1),
        .metrics = {CUPEL_METRIC_MAE},
    };
    return cupel_model_compile(model, &config);
}

static cupel_status fit(cupel_model *model, const cupel_dataset *data)
{
    /* Its steps are run, captured and replayed. */
    const cupel_fit_config config = {.epochs = 2, .batch_size = BATCH};
    return cupel_model_fit(model, data, &config, NULL);
}

static cupel_status evaluate(cupel_model *model, const cupel_dataset *data)
{
    double score[2];
    CUPEL_TRY(cupel_model_evaluate(model, data, BATCH, score));
    cr_expect(isfinite(score[0]));
    return CUPEL_OK;
}

/* More rows than before, so that the model's memory is taken anew. */
static cupel_status predict(cupel_model *model, float out[ROWS])
{
    for (int i = 0; i < 2; i++) CUPEL_TRY(cupel_model_predict(model, x, ROWS, out));
    for (int i = 0; i < ROWS; i++) cr_expect(isfinite(out[i]));
    return CUPEL_OK;
}

static cupel_status run_stage(life *l)
{
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(IN), .seed = 3};
    switch (l->at) {
    case OPEN:
        return cupel_device_open("cuda", &l->device);
    case CREATE:
        return cupel_model_create(l->device, &config, &l->model);
    case ADD:
        return add(l->model);
    case COMPILE:
        return compile(l->model);
    case FIT:
        return fit(l->model, l->data);
    case EVALUATE:
        return evaluate(l->model, l->data);
    case PREDICT:
        return predict(l->model, l->out);
    default:
        return cupel_device_synchronize(l->device);
    }
}

/* From where it stands to the end, or to the first failure. */
static cupel_status live(life *l)
{
    while (l->at < DONE) {
        CUPEL_TRY(run_stage(l));
        l->at++;
    }
    return CUPEL_OK;
}

static void die(life *l)
{
    cupel_model_free(l->model);
    cupel_device_close(l->device);
    l->model = NULL;
    l->device = NULL;
}

/* Whether the sentence names a function of the library, as cudaMalloc or cublasLtMatmul. */
static bool names_a_call(const char *sentence)
{
    for (const char *at = sentence; (at = strstr(at, "cuda")) != NULL; at++)
        if (isupper((unsigned char)at[4])) return true;
    return strstr(sentence, "cublasLt") != NULL;
}

/* A failure is one of the device, and says of which call. Where memory is short, it says how much. */
static void expect_named(cupel_status status, int64_t n)
{
    char sentence[512];
    strncpy(sentence, cupel_last_error(), sizeof sentence - 1);
    sentence[sizeof sentence - 1] = '\0';
    cr_expect(status == CUPEL_ERROR_CUDA || status == CUPEL_ERROR_DEVICE_MEMORY ||
                  status == CUPEL_ERROR_DEVICE_LOST || status == CUPEL_ERROR_MEMORY,
              "call %lld: %s (%s)", (long long)n, cupel_status_name(status), sentence);
    cr_expect(names_a_call(sentence) || strstr(sentence, " bytes ") != NULL,
              "call %lld: no call is named in '%s'", (long long)n, sentence);
}

/* Once it is lost, every call says so, and nothing but what frees asks CUDA. */
static void expect_remembered(life *l, int64_t n)
{
    const uint64_t calls = simcuda_configuration()->calls;
    cupel_tensor *tensor = NULL;
    cr_expect_eq(cupel_device_synchronize(l->device), CUPEL_ERROR_DEVICE_LOST, "call %lld",
                 (long long)n);
    cr_expect_eq(cupel_tensor_create(l->device, CUPEL_FLOAT32, CUPEL_SHAPE(3), &tensor),
                 CUPEL_ERROR_DEVICE_LOST, "call %lld", (long long)n);
    cr_expect_null(tensor);
    cr_expect_eq(simcuda_configuration()->calls, calls, "call %lld: CUDA was asked",
                 (long long)n);
    if (l->at <= COMPILE) return;
    cr_expect_eq(fit(l->model, l->data), CUPEL_ERROR_DEVICE_LOST, "call %lld", (long long)n);
    cr_expect_eq(evaluate(l->model, l->data), CUPEL_ERROR_DEVICE_LOST, "call %lld", (long long)n);
    cr_expect_eq(predict(l->model, l->out), CUPEL_ERROR_DEVICE_LOST, "call %lld", (long long)n);
}

typedef struct faults {
    simcuda_failure mode;
    int error;
    int64_t silent; /* failures of calls that free, or that there is a way round: nobody is told */
    int64_t lost;
    int64_t resumed;
    float out[ROWS]; /* where nothing fails */
} faults;

/* One life in which call n fails; false where there were not so many. */
static bool check(faults *f, cupel_dataset *data, int64_t n)
{
    simcuda_config *sim = simcuda_configuration();
    life l = {.data = data};
    sim->calls = 0;
    sim->fail_call = (uint64_t)n;
    sim->fail_mode = f->mode;
    sim->fail_error = f->error;
    const cupel_status status = live(&l);
    const bool failed = sim->calls >= (uint64_t)n;
    if (status != CUPEL_OK) {
        cr_expect(failed);
        expect_named(status, n);
    } else if (failed) {
        f->silent++;
        cr_expect_eq(memcmp(l.out, f->out, sizeof f->out), 0, "call %lld: other outputs",
                     (long long)n);
    }
    const stage reached = l.at;
    if (status == CUPEL_ERROR_DEVICE_LOST && l.device != NULL) {
        f->lost++;
        expect_remembered(&l, n);
    } else if (status != CUPEL_OK && f->mode == SIMCUDA_TRANSIENT) {
        f->resumed++;
        cr_expect_eq(live(&l), CUPEL_OK, "call %lld in stage %d: afterwards stage %d fails: %s",
                     (long long)n, (int)reached, (int)l.at, cupel_last_error());
    }
    die(&l);
    const bool reached_n = sim->calls >= (uint64_t)n;
    sim->fail_call = 0;
    simcuda_revive();
    return reached_n;
}

static void check_all(simcuda_failure mode, int error)
{
    faults f = {.mode = mode, .error = error};
    core_numbers(x, ROWS * IN, 1);
    core_numbers(y, ROWS, 2);
    fault_memory_install();
    cupel_device *cpu;
    ASSERT_OK(cupel_device_open("cpu", &cpu));
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(IN), .seed = 3};
    cupel_model *models[2];
    for (int i = 0; i < 2; i++) {
        ASSERT_OK(cupel_model_create(cpu, &config, &models[i]));
        ASSERT_OK(add(models[i]));
        ASSERT_OK(compile(models[i]));
        ASSERT_OK(cupel_model_train_batch(models[i], x, y, ROWS, NULL));
    }
    cupel_dataset *data;
    ASSERT_OK(cupel_dataset_from_arrays(&(cupel_arrays){.x = x, .y = y, .rows = ROWS}, &data));
    life clean = {.data = data};
    ASSERT_OK(live(&clean));
    memcpy(f.out, clean.out, sizeof f.out);
    die(&clean);
    const size_t bytes = simcuda_live_bytes();
    const int64_t objects = simcuda_live_objects();
    const int64_t blocks = fault_memory_blocks();
    int64_t n = 1, steps = 0;
    for (; check(&f, data, n); n += STRIDE, steps++) {
        cr_assert_eq(simcuda_live_bytes(), bytes, "call %lld", (long long)n);
        cr_assert_eq(simcuda_live_objects(), objects, "call %lld", (long long)n);
        cr_assert_eq(fault_memory_blocks(), blocks, "call %lld", (long long)n);
        ASSERT_OK(cupel_model_train_batch(models[0], x, y, ROWS, NULL));
    }
    /* The CPU has not noticed. */
    for (int64_t i = 0; i < steps; i++)
        ASSERT_OK(cupel_model_train_batch(models[1], x, y, ROWS, NULL));
    cr_expect(core_same(models[0], models[1], CUPEL_VALUE));
    cr_log_warn("%lld calls failed: %lld lost the card, %lld were got over, %lld not told\n",
                (long long)steps, (long long)f.lost, (long long)f.resumed, (long long)f.silent);
    cr_expect_gt(n, 200);
    cupel_dataset_free(data);
    for (int i = 0; i < 2; i++) cupel_model_free(models[i]);
    cupel_device_close(cpu);
    cr_expect_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}

Test(cuda_faults, once)
{
    check_all(SIMCUDA_TRANSIENT, 0);
}

Test(cuda_faults, a_card_that_is_lost)
{
    check_all(SIMCUDA_PERSISTENT, 0);
}

Test(cuda_faults, from_then_on)
{
    check_all(SIMCUDA_PERSISTENT, cudaErrorUnknown);
}

/* The errors of CUDA that only a new process gets over. */
static const int final_errors[] = {
    cudaErrorECCUncorrectable, cudaErrorNvlinkUncorrectable, cudaErrorIllegalAddress,
    cudaErrorLaunchTimeout,    cudaErrorAssert,              cudaErrorHardwareStackError,
    cudaErrorIllegalInstruction, cudaErrorMisalignedAddress, cudaErrorInvalidAddressSpace,
    cudaErrorInvalidPc,        cudaErrorLaunchFailure};

/* One of them is enough: every handle of the card knows it, the old one and a new one, until all are
 * closed. */
Test(cuda_faults, every_handle_of_a_lost_card)
{
    simcuda_config *sim = simcuda_configuration();
    cupel_dataset *data;
    core_numbers(x, ROWS * IN, 1);
    core_numbers(y, ROWS, 2);
    ASSERT_OK(cupel_dataset_from_arrays(&(cupel_arrays){.x = x, .y = y, .rows = ROWS}, &data));
    for (size_t i = 0; i < sizeof final_errors / sizeof final_errors[0]; i++) {
        const cudaError_t error = (cudaError_t)final_errors[i];
        cupel_device *other = cuda_device(), *later = NULL;
        life l = {.data = data};
        sim->calls = 0;
        sim->fail_call = 150;
        sim->fail_mode = SIMCUDA_TRANSIENT;
        sim->fail_error = final_errors[i];
        EXPECT_ERROR(live(&l), CUPEL_ERROR_DEVICE_LOST, cudaGetErrorName(error));
        expect_remembered(&l, 150);
        EXPECT_ERROR(cupel_device_synchronize(other), CUPEL_ERROR_DEVICE_LOST,
                     cudaGetErrorName(error));
        EXPECT_ERROR(cupel_device_open("cuda", &later), CUPEL_ERROR_DEVICE_LOST, "cuda");
        cr_expect_null(later);
        die(&l);
        EXPECT_ERROR(cupel_device_synchronize(other), CUPEL_ERROR_DEVICE_LOST,
                     cudaGetErrorName(error));
        cupel_device_close(other);
        simcuda_revive();
        sim->fail_call = 0;
        l = (life){.data = data};
        ASSERT_OK(live(&l));
        die(&l);
    }
    cupel_dataset_free(data);
}
