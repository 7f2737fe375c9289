/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The life of a model on the card while the N-th call of CUDA or cuBLASLt fails, for every N: once,
 * from then on as on a card that is lost, and from then on with an error that says nothing. */
#include "../../fault.h"
#include "base/status.h"
#include "cuda_life.h"
#include "sim_config.h"
#include "sim_runtime.h"

#include <ctype.h>
#include <cuda_runtime_api.h>
#include <stdio.h>

TestSuite(cuda_faults);

/* Of so many calls one is made to fail, where the sanitizers take their time. */
#if !defined(STRIDE)
#define STRIDE 1
#endif

/* Whether the sentence names a function of the library, as cudaMalloc or cublasLtMatmul. */
static bool names_a_call(const char *sentence)
{
    for (const char *at = sentence; (at = strstr(at, "cuda")) != NULL; at++)
        if (isupper((unsigned char)at[4])) return true;
    return strstr(sentence, "cublasLt") != NULL;
}

/* A failure is one of the device, and says of which call; where memory is short, how much. */
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
    cr_expect_eq(simcuda_configuration()->calls, calls, "call %lld: CUDA was asked", (long long)n);
    if (l->at <= LIFE_COMPILE) return;
    for (life_stage stage = LIFE_TRAIN; stage < LIFE_DONE; stage++)
        cr_expect_eq(life_stage_run(l, stage), CUPEL_ERROR_DEVICE_LOST, "call %lld, stage %d",
                     (long long)n, (int)stage);
}

typedef struct faults {
    simcuda_failure mode;
    int error; /* 0: what the call usually gives */
    cupel_precision precision;
    int64_t silent; /* failures of calls that free, or that there is a way round: nobody is told */
    int64_t lost;
    int64_t resumed;
    float out[LIFE_ROWS]; /* where nothing fails */
} faults;

/* One life in which call n fails; false where there were not so many. */
static bool check(faults *f, cupel_dataset *data, int64_t n)
{
    simcuda_config *sim = simcuda_configuration();
    life l = {.name = "cuda", .precision = f->precision, .data = data};
    sim->calls = 0;
    sim->fail_call = (uint64_t)n;
    sim->fail_mode = f->mode;
    sim->fail_error = f->error;
    const cupel_status status = life_live(&l);
    const bool failed = sim->calls >= (uint64_t)n;
    if (status != CUPEL_OK) {
        cr_expect(failed);
        expect_named(status, n);
    } else if (failed) {
        f->silent++;
        cr_expect_eq(memcmp(l.out, f->out, sizeof f->out), 0, "call %lld: other outputs",
                     (long long)n);
    }
    const life_stage reached = l.at;
    if (status == CUPEL_ERROR_DEVICE_LOST && l.device != NULL) {
        f->lost++;
        expect_remembered(&l, n);
    } else if (status != CUPEL_OK && f->mode == SIMCUDA_TRANSIENT) {
        f->resumed++;
        cr_expect_eq(life_live(&l), CUPEL_OK,
                     "call %lld in stage %d: afterwards stage %d fails: %s", (long long)n,
                     (int)reached, (int)l.at, cupel_last_error());
    }
    life_end(&l);
    const bool reached_n = sim->calls >= (uint64_t)n;
    sim->fail_call = 0;
    simcuda_revive();
    return reached_n;
}

static void check_all(faults f)
{
    fault_memory_install();
    cupel_dataset *data = life_data();
    life cpu[2] = {{.name = "cpu", .data = data}, {.name = "cpu", .data = data}};
    for (int i = 0; i < 2; i++)
        ASSERT_OK(life_live(&cpu[i]));
    life clean = {.name = "cuda", .precision = f.precision, .data = data};
    ASSERT_OK(life_live(&clean));
    memcpy(f.out, clean.out, sizeof f.out);
    life_end(&clean);
    const size_t bytes = simcuda_live_bytes();
    const int64_t objects = simcuda_live_objects();
    const int64_t blocks = fault_memory_blocks();
    int64_t n = 1, lives = 0;
    for (; check(&f, data, n); n += STRIDE, lives++) {
        cr_assert_eq(simcuda_live_bytes(), bytes, "call %lld", (long long)n);
        cr_assert_eq(simcuda_live_objects(), objects, "call %lld", (long long)n);
        cr_assert_eq(fault_memory_blocks(), blocks, "call %lld", (long long)n);
        ASSERT_OK(life_stage_run(&cpu[0], LIFE_TRAIN));
    }
    /* The CPU has not noticed. */
    for (int64_t i = 0; i < lives; i++)
        ASSERT_OK(life_stage_run(&cpu[1], LIFE_TRAIN));
    cr_expect(core_same(cpu[0].model, cpu[1].model, CUPEL_VALUE));
    printf("%lld calls failed: %lld lost the card, %lld were got over, %lld not told\n",
           (long long)lives, (long long)f.lost, (long long)f.resumed, (long long)f.silent);
    cr_expect_gt(n, 200);
    for (int i = 0; i < 2; i++)
        life_end(&cpu[i]);
    cupel_dataset_free(data);
    cr_expect_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}

Test(cuda_faults, once)
{
    check_all((faults){.mode = SIMCUDA_TRANSIENT});
}

Test(cuda_faults, a_card_that_is_lost)
{
    check_all((faults){.mode = SIMCUDA_PERSISTENT, .precision = CUPEL_PRECISION_BFLOAT16});
}

Test(cuda_faults, from_then_on)
{
    check_all((faults){
        .mode = SIMCUDA_PERSISTENT, .error = cudaErrorUnknown, .precision = CUPEL_PRECISION_TF32});
}

/* The errors of CUDA that only a new process gets over. */
static const int final_errors[] = {cudaErrorECCUncorrectable,
                                   cudaErrorNvlinkUncorrectable,
                                   cudaErrorIllegalAddress,
                                   cudaErrorLaunchTimeout,
                                   cudaErrorAssert,
                                   cudaErrorHardwareStackError,
                                   cudaErrorIllegalInstruction,
                                   cudaErrorMisalignedAddress,
                                   cudaErrorInvalidAddressSpace,
                                   cudaErrorInvalidPc,
                                   cudaErrorLaunchFailure};

/* One of them is enough: every handle of the card knows it, the old one and a new one, until all
 * are closed. */
Test(cuda_faults, every_handle_of_a_lost_card)
{
    simcuda_config *sim = simcuda_configuration();
    cupel_dataset *data = life_data();
    for (size_t i = 0; i < sizeof final_errors / sizeof final_errors[0]; i++) {
        const cudaError_t error = (cudaError_t)final_errors[i];
        cupel_device *other = NULL, *later = NULL;
        ASSERT_OK(cupel_device_open("cuda", &other));
        life l = {.name = "cuda", .data = data};
        sim->calls = 0;
        sim->fail_call = 150;
        sim->fail_mode = SIMCUDA_TRANSIENT;
        sim->fail_error = final_errors[i];
        EXPECT_ERROR(life_live(&l), CUPEL_ERROR_DEVICE_LOST, cudaGetErrorName(error));
        expect_remembered(&l, 150);
        EXPECT_ERROR(cupel_device_synchronize(other), CUPEL_ERROR_DEVICE_LOST,
                     cudaGetErrorName(error));
        EXPECT_ERROR(cupel_device_open("cuda", &later), CUPEL_ERROR_DEVICE_LOST, "cuda");
        cr_expect_null(later);
        life_end(&l);
        EXPECT_ERROR(cupel_device_synchronize(other), CUPEL_ERROR_DEVICE_LOST,
                     cudaGetErrorName(error));
        cupel_device_close(other);
        simcuda_revive();
        sim->fail_call = 0;
        l = (life){.name = "cuda", .data = data};
        ASSERT_OK(life_live(&l));
        life_end(&l);
    }
    cupel_dataset_free(data);
}
