/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The CPU device behind the device table: opening, memory, running, threads. */
#include "base/memory.h"
#include "cpu/team.h"
#include "fault.h"
#include <cupel/device.h>

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Test(cpu_backend, open)
{
    cupel_device *device = NULL;
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK);
    char expected[CUPEL_DEVICE_NAME_TEXT];
    const int64_t threads = cupel_cpu_usual_threads();
    const char *most = getenv("OMP_NUM_THREADS");
    if (most != NULL) cr_expect_leq(threads, atoi(most));
    snprintf(expected, sizeof expected, "cpu, %lld %s, %s", (long long)threads,
             threads == 1 ? "thread" : "threads", cupel_cpu_blas_name());
    cr_expect_str_eq(cupel_device_name(device), expected);
    cr_expect_eq(cupel_device_synchronize(device), CUPEL_OK);
    cupel_device_close(device);
    int64_t count = 0;
    cr_expect_eq(cupel_device_count("cpu", &count), CUPEL_OK);
    cr_expect_eq(count, 1);
    cr_expect_eq(cupel_device_open("cpu:1", &device), CUPEL_ERROR_NO_DEVICE);
    cr_expect_null(device);
    cr_expect_str_eq(cupel_last_error(), "device \"cpu:1\": there is one CPU device, number 0");
}

Test(cpu_backend, tables)
{
    const cupel_backend *cpu = &cupel_cpu_backend;
    cr_expect_eq(cpu->ops(CUPEL_PRECISION_FLOAT32), cupel_cpu_f32_ops);
    cr_expect_eq(cpu->ops(CUPEL_PRECISION_TF32), cupel_cpu_f32_ops);
    cr_expect_eq(cpu->ops(CUPEL_PRECISION_BFLOAT16), cupel_cpu_f32_ops);
    cr_expect_eq(cpu->ops(CUPEL_PRECISION_FLOAT64), cupel_cpu_f64_ops);
    for (int64_t op = 0; op < CUPEL_OP_COUNT; op++) {
        cr_expect_not_null(cupel_cpu_f32_ops[op].run);
        cr_expect_eq(cupel_cpu_f32_ops[op].needs == NULL, cupel_cpu_f64_ops[op].needs == NULL);
    }
}

Test(cpu_backend, memory)
{
    cupel_device *device = NULL;
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK);
    static const int64_t sizes[] = {0, 1, 255, 256, 257, 1000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        void *pointer = NULL;
        cr_assert_eq(cupel_device_alloc(device, sizes[i], &pointer), CUPEL_OK);
        cr_assert_eq((uintptr_t)pointer % 256, 0);
        for (int64_t b = 0; b < sizes[i]; b++)
            cr_assert_eq(((unsigned char *)pointer)[b], 0);
        if (sizes[i] > 0) memset(pointer, 1, (size_t)sizes[i]);
        cupel_device_free(device, pointer, sizes[i]);
    }
    int32_t there[] = {0, 0, 0}, back[] = {0, 0, 0};
    const int32_t values[] = {1, 2, 3};
    const cupel_backend *cpu = device->backend;
    cr_expect_eq(cpu->upload(&device->queue, there, values, sizeof there), CUPEL_OK);
    cr_expect_eq(cpu->download(&device->queue, back, there, sizeof back), CUPEL_OK);
    cr_expect(memcmp(back, values, sizeof back) == 0);
    cr_expect_eq(cpu->upload(&device->queue, there, NULL, 0), CUPEL_OK);
    cupel_device_close(device);
}

Test(cpu_backend, no_memory)
{
    fault_memory_install();
    cupel_device *device = NULL;
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK);
    void *pointer = device;
    fault_memory_arm(1, false);
    cr_expect_eq(cupel_device_alloc(device, 100, &pointer), CUPEL_ERROR_MEMORY);
    cr_expect_eq(fault_memory_disarm(), 1);
    cr_expect_null(pointer);
    cr_expect_eq(cupel_device_alloc(device, INT64_MAX, &pointer), CUPEL_ERROR_MEMORY);
    cupel_device_close(device);
    cr_expect_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}

static int64_t threads_seen;
static int64_t runs;

static cupel_status note(cupel_exec *x, const void *args)
{
    (void)args;
    threads_seen = x->threads;
    runs++;
    return CUPEL_OK;
}

static cupel_status refuse(cupel_exec *x, const void *args)
{
    (void)x;
    (void)args;
    return CUPEL_ERROR_DATA;
}

Test(cpu_backend, run)
{
    cupel_device *device = NULL;
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK);
    const cupel_op_entry noting = {note, NULL}, refusing = {refuse, NULL};
    const cupel_call calls[] = {
        {&noting, NULL}, {&noting, NULL}, {&refusing, NULL}, {&noting, NULL}};
    cupel_exec x = {.device = device, .queue = &device->queue};
    cr_expect_eq(device->backend->run(&x, calls, 2), CUPEL_OK);
    cr_expect_eq(runs, 2);
    cr_expect_eq(threads_seen, cupel_cpu_usual_threads());
    cr_assert_eq(cupel_device_set_threads(device, 3), CUPEL_OK);
    cr_expect_eq(device->backend->run(&x, calls, 4), CUPEL_ERROR_DATA);
    cr_expect_eq(runs, 4);
    cr_expect_eq(threads_seen, 3);
    cupel_device_close(device);
}

/* Which thread did what: body marks every index, and the number of parts. */
typedef struct marks {
    int32_t index[5000];
    int64_t step;
    bool bad_edge;
    int64_t count;
    pthread_mutex_t lock;
    int64_t parts;
} marks;

static void mark(void *context, int64_t begin, int64_t end)
{
    marks *m = context;
    for (int64_t i = begin; i < end; i++)
        m->index[i]++;
    pthread_mutex_lock(&m->lock);
    m->parts++;
    if (begin % m->step != 0 || (end % m->step != 0 && end != m->count)) m->bad_edge = true;
    pthread_mutex_unlock(&m->lock);
}

Test(cpu_backend, share)
{
    static const int64_t counts[] = {0, 1, 2, 15, 16, 17, 33, 1000, 1024, 4097};
    static const int64_t steps[] = {1, 16, 1024};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
            for (int64_t threads = 1; threads <= 5; threads++) {
                for (int64_t least = 0; least <= 400; least += 100) {
                    marks m = {
                        .step = steps[s], .count = counts[c], .lock = PTHREAD_MUTEX_INITIALIZER};
                    cupel_cpu_share(threads, counts[c], steps[s], least, mark, &m);
                    for (int64_t i = 0; i < counts[c]; i++)
                        cr_assert_eq(m.index[i], 1);
                    cr_assert_not(m.bad_edge);
                    cr_assert(m.parts <= threads);
                    cr_assert_eq(m.parts == 0, counts[c] == 0);
                    if (least > 0) cr_assert(m.parts <= 1 || m.parts * least <= counts[c]);
                }
            }
        }
    }
}

#if defined(CUPEL_TEST_OPENBLAS)
int openblas_get_num_threads(void);
void openblas_set_num_threads(int threads);

static int blas_threads_seen;

static cupel_status note_blas(cupel_exec *x, const void *args)
{
    (void)x;
    (void)args;
    blas_threads_seen = openblas_get_num_threads();
    return CUPEL_OK;
}

/* A run, nested as by two models in two threads, leaves OpenBLAS as it was. */
Test(cpu_backend, openblas_is_left_as_it_was)
{
    cupel_device *device = NULL;
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK);
    openblas_set_num_threads(2);
    const int before = openblas_get_num_threads();
    const cupel_op_entry noting = {note_blas, NULL};
    const cupel_call call = {&noting, NULL};
    cupel_exec x = {.device = device, .queue = &device->queue};
    cupel_cpu_blas_enter();
    cr_expect_eq(device->backend->run(&x, &call, 1), CUPEL_OK);
    cr_expect_eq(blas_threads_seen, 1);
    cr_expect_eq(openblas_get_num_threads(), 1);
    cupel_cpu_blas_leave();
    cr_expect_eq(openblas_get_num_threads(), before);
    cupel_device_close(device);
}
#endif
