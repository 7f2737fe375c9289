/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

#include "core.h"
#include "fault.h"

#include <stdio.h>

static cupel_device *open_device(const char *name)
{
    cupel_device *device;
    ASSERT_OK(cupel_device_open(name, &device));
    return device;
}

Test(device, names_that_open)
{
    const char *const names[] = {"cpu", "auto", "cpu:0"};
    for (int i = 0; i < 3; i++) {
        cupel_device *device = open_device(names[i]);
        long long threads = 0;
        char blas[30] = "";
        cr_assert_eq(
            sscanf(cupel_device_name(device), "cpu, %lld thread%*[s,] %29[^\n]", &threads, blas), 2,
            "%s", cupel_device_name(device));
        cr_expect_gt(threads, 0);
        cr_expect(strcmp(blas, "OpenBLAS") == 0 || strcmp(blas, "CBLAS") == 0 ||
                      strcmp(blas, "own GEMM") == 0,
                  "%s", blas);
        ASSERT_OK(cupel_device_synchronize(device));
        cupel_device_close(device);
    }
}

Test(device, names_that_do_not)
{
    const struct {
        const char *name;
        cupel_status status;
        const char *part;
    } cases[] = {
        {"", CUPEL_ERROR_ARGUMENT, "device \"\" is none of"},
        {"gpu", CUPEL_ERROR_ARGUMENT, "device \"gpu\" is none of"},
        {"CPU", CUPEL_ERROR_ARGUMENT, "is none of"},
        {"cpu ", CUPEL_ERROR_ARGUMENT, "is none of"},
        {"cp", CUPEL_ERROR_ARGUMENT, "is none of"},
        {"cpus", CUPEL_ERROR_ARGUMENT, "is none of"},
        {"auto:0", CUPEL_ERROR_ARGUMENT, "is none of"},
        {":0", CUPEL_ERROR_ARGUMENT, "is none of"},
        {"cpu:", CUPEL_ERROR_ARGUMENT, "is no card number"},
        {"cpu:x", CUPEL_ERROR_ARGUMENT, "\"x\" is no card number"},
        {"cpu:-1", CUPEL_ERROR_ARGUMENT, "\"-1\" is no card number"},
        {"cpu:0:0", CUPEL_ERROR_ARGUMENT, "is no card number"},
        {"cpu:99999999999999999999", CUPEL_ERROR_ARGUMENT, "is no card number"},
        {"cpu:1", CUPEL_ERROR_NO_DEVICE, "there is one CPU device"},
        {"cuda", CUPEL_ERROR_NO_DEVICE, "no CUDA device"},
        {"cuda:1", CUPEL_ERROR_NO_DEVICE, "no CUDA device"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cupel_device *device = (cupel_device *)&cases;
        EXPECT_ERROR(cupel_device_open(cases[i].name, &device), cases[i].status, cases[i].part);
        cr_expect_null(device);
    }
    char name[5000];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    cupel_device *device = (cupel_device *)&cases;
    EXPECT_ERROR(cupel_device_open(name, &device), CUPEL_ERROR_ARGUMENT, "is none of");
    cr_expect_null(device);
}

Test(device, null_for_every_pointer)
{
    cupel_device *device = (cupel_device *)&device;
    int64_t count = 5;
    EXPECT_ERROR(cupel_device_open(NULL, &device), CUPEL_ERROR_ARGUMENT, "name is NULL");
    cr_expect_null(device);
    EXPECT_ERROR(cupel_device_open("cpu", NULL), CUPEL_ERROR_ARGUMENT, "device is NULL");
    cupel_device_close(NULL);
    cr_expect_str_eq(cupel_device_name(NULL), "");
    EXPECT_ERROR(cupel_device_count(NULL, &count), CUPEL_ERROR_ARGUMENT, "kind is NULL");
    cr_expect_eq(count, 0);
    EXPECT_ERROR(cupel_device_count("cpu", NULL), CUPEL_ERROR_ARGUMENT, "count is NULL");
    EXPECT_ERROR(cupel_device_set_threads(NULL, 1), CUPEL_ERROR_ARGUMENT, "device is NULL");
    EXPECT_ERROR(cupel_device_synchronize(NULL), CUPEL_ERROR_ARGUMENT, "device is NULL");
}

Test(device, counts)
{
    int64_t count = 5;
    ASSERT_OK(cupel_device_count("cpu", &count));
    cr_expect_eq(count, 1);
    ASSERT_OK(cupel_device_count("cuda", &count));
    cr_expect_eq(count, 0);
    const char *const wrong[] = {"", "auto", "gpu", "cpu:0"};
    for (int i = 0; i < 4; i++) {
        count = 5;
        EXPECT_ERROR(cupel_device_count(wrong[i], &count), CUPEL_ERROR_ARGUMENT,
                     "is neither \"cpu\" nor \"cuda\"");
        cr_expect_eq(count, 0);
    }
}

Test(device, threads_have_bounds)
{
    cupel_device *device = open_device("cpu");
    const int64_t right[] = {1, 2, 64, 4096, 0}, wrong[] = {-1, 4097, INT64_MAX, INT64_MIN};
    for (int i = 0; i < 5; i++) {
        ASSERT_OK(cupel_device_set_threads(device, right[i]));
        cr_expect_eq(device->threads, right[i]);
    }
    ASSERT_OK(cupel_device_set_threads(device, 3));
    for (int i = 0; i < 4; i++) {
        EXPECT_ERROR(cupel_device_set_threads(device, wrong[i]), CUPEL_ERROR_ARGUMENT,
                     "cupel_device_set_threads: threads is");
        cr_expect_eq(device->threads, 3);
    }
    cupel_device_close(device);
}

/* The last user ends a device, whoever it is. */
Test(device, lives_as_long_as_its_users)
{
    fault_memory_install();
    cupel_device *device = open_device("cpu");
    cupel_model *model = CORE_MODEL(device, CUPEL_SHAPE(2), 1, CUPEL_DENSE(1));
    cupel_model *other = CORE_MODEL(device, CUPEL_SHAPE(2), 1, CUPEL_DENSE(1));
    cupel_tensor *tensor;
    ASSERT_OK(cupel_tensor_create(device, CUPEL_FLOAT32, CUPEL_SHAPE(2), &tensor));
    const float x[2] = {1, 2};
    float out;
    cupel_device_close(device);
    ASSERT_OK(cupel_model_predict(model, x, 1, &out));
    cupel_model_free(model);
    ASSERT_OK(cupel_model_predict(other, x, 1, &out));
    cupel_model_free(other);
    ASSERT_OK(cupel_tensor_upload(tensor, x));
    cr_expect_gt(fault_memory_blocks(), 0);
    EXPECT_ERROR(cupel_set_allocator(NULL), CUPEL_ERROR_STATE, "handles are open");
    cupel_tensor_free(tensor);
    cr_expect_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}

Test(device, without_memory)
{
    fault_memory_install();
    const char *const names[] = {"cpu", "auto"};
    for (int i = 0; i < 2; i++) {
        cupel_device *device = (cupel_device *)&names;
        fault_memory_arm(1, false);
        cr_expect_eq(cupel_device_open(names[i], &device), CUPEL_ERROR_MEMORY);
        cr_expect_eq(fault_memory_disarm(), 1);
        cr_expect_null(device);
        cr_expect_eq(fault_memory_blocks(), 0);
    }
    fault_memory_remove();
}

/* The count of bytes follows what is taken and given back, and a failure leaves it. */
Test(device, counts_its_bytes)
{
    cupel_device *device = open_device("cpu");
    void *blocks[2] = {NULL, NULL};
    ASSERT_OK(cupel_device_alloc(device, 1000, &blocks[0]));
    ASSERT_OK(cupel_device_alloc(device, 24, &blocks[1]));
    cr_expect_eq(device->bytes, 1024);
    cr_expect((uintptr_t)blocks[0] % 256 == 0 && (uintptr_t)blocks[1] % 256 == 0);
    void *none = blocks;
    EXPECT_ERROR(cupel_device_alloc(device, INT64_MAX, &none), CUPEL_ERROR_MEMORY, "no memory");
    cr_expect_null(none);
    cr_expect_eq(device->bytes, 1024);
    cupel_device_free(device, blocks[0], 1000);
    cupel_device_free(device, NULL, 77);
    cr_expect_eq(device->bytes, 24);
    cupel_device_free(device, blocks[1], 24);
    cr_expect_eq(device->bytes, 0);
    cupel_device_close(device);
}
