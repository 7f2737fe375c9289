/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "comma_locale.h"
#include "core.h"
#include "fault.h"
#include "tiny.h"

#include <stdio.h>

static cupel_device *device;

static void start(void)
{
    device = tiny_device();
}

static void end(void)
{
    cupel_device_close(device);
}

TestSuite(summary, .init = start, .fini = end);

static cupel_model *open_model(void)
{
    return CORE_MODEL(device, CUPEL_SHAPE(28, 28), 1, CUPEL_FLATTEN(),
                      CUPEL_DENSE(512, .activation = CUPEL_RELU), CUPEL_DROPOUT(0.25),
                      CUPEL_DENSE(10), CUPEL_ACTIVATION(CUPEL_SOFTMAX));
}

static void compile(cupel_model *model, cupel_precision precision)
{
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){
                   .loss = CUPEL_LOSS_BINARY_CROSSENTROPY,
                   .from_logits = true,
                   .optimizer = CUPEL_ADAM(.learning_rate = 0.0025, .schedule = CUPEL_COSINE(10)),
                   .precision = precision}));
}

/* The text for a batch size, until the next call. */
static const char *summary(const cupel_model *model, int64_t batch)
{
    static char text[4096];
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    ASSERT_OK(cupel_model_summary(model, batch, file));
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    cr_assert_eq(fclose(file), 0);
    return text;
}

static void expect_part(const char *text, const char *part)
{
    cr_expect(strstr(text, part) != NULL, "'%s' is not in\n%s", part, text);
}

Test(summary, layers_settings_and_memory)
{
    cupel_model *model = open_model();
    compile(model, CUPEL_PRECISION_FLOAT32);
    const char *text = summary(model, 128);
    expect_part(text, "layer kind                         output shape               parameters\n");
    expect_part(text, "      input                        (28, 28)                             \n");
    expect_part(text, "0     flatten                      (784)                               0\n");
    expect_part(text, "1     dense, relu                  (512)                          401920\n");
    expect_part(text, "2     dropout 0.25                 (512)                               0\n");
    expect_part(text, "3     dense                        (10)                             5130\n");
    expect_part(text, "4     activation, softmax          (10)                                0\n");
    expect_part(text, "total                                                             407050\n");
    expect_part(text, cupel_device_name(device));
    expect_part(text, "precision float32\n");
    expect_part(text, "loss      binary_crossentropy from logits\n");
    expect_part(text, "optimizer adam, learning rate 0.0025, scheduled\n");
    expect_part(text, "memory for batches of 128\n");
    cupel_memory memory;
    char line[60];
    ASSERT_OK(cupel_model_memory(model, 128, &memory));
    snprintf(line, sizeof line, "  total        %10lld KiB\n",
             (long long)((memory.total + 512) / 1024));
    expect_part(text, line);
    cupel_model_free(model);
}

Test(summary, of_a_model_that_is_not_compiled)
{
    cupel_model *model = open_model();
    const char *text = summary(model, 0);
    expect_part(text, "not compiled for training\n");
    expect_part(text, "memory for batches of 32\n");
    expect_part(text, "  gradients             0 B\n");
    /* Nothing was drawn. */
    ASSERT_OK(cupel_model_add(model, CUPEL_DENSE(2)));
    cupel_model_free(model);
}

Test(summary, precisions_that_the_device_lacks)
{
    cupel_model *model = open_model();
    compile(model, CUPEL_PRECISION_TF32);
    expect_part(summary(model, 1), "precision float32 (the device has no tf32)\n");
    compile(model, CUPEL_PRECISION_BFLOAT16);
    expect_part(summary(model, 1), "precision float32 (the device has no bfloat16)\n");
    compile(model, CUPEL_PRECISION_FLOAT64);
    expect_part(summary(model, 1), "precision float64\n");
    cupel_model_free(model);
}

/* Bytes in the unit that is readable. */
Test(summary, sizes)
{
    cupel_model *model = CORE_MODEL(device, CUPEL_SHAPE(1024), 1, CUPEL_DENSE(1024));
    expect_part(summary(model, 2), "  input              8192 B\n");
    expect_part(summary(model, 3), "  input                12 KiB\n");
    expect_part(summary(model, 1 << 14), "  input              64.0 MiB\n");
    cupel_model_free(model);
}

Test(summary, whatever_the_locale)
{
    cupel_model *model = open_model();
    compile(model, CUPEL_PRECISION_FLOAT32);
    char before[4096];
    strcpy(before, summary(model, 5));
    if (!comma_locale_set("de_DE")) cr_skip("no locale with a comma");
    cr_expect_str_eq(summary(model, 5), before);
    cupel_model_free(model);
}

Test(summary, bad_arguments)
{
    cupel_model *model = open_model();
    EXPECT_ERROR(cupel_model_summary(NULL, 1, stderr), CUPEL_ERROR_ARGUMENT, "model is NULL");
    EXPECT_ERROR(cupel_model_summary(model, 1, NULL), CUPEL_ERROR_ARGUMENT, "out is NULL");
    EXPECT_ERROR(cupel_model_summary(model, -1, stderr), CUPEL_ERROR_ARGUMENT, "batch is -1");
    EXPECT_ERROR(cupel_model_summary(model, INT64_MAX, stderr), CUPEL_ERROR_ARGUMENT,
                 "too large for 64-bit sizes");
    cupel_model_free(model);
    ASSERT_OK(
        cupel_model_create(device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(4)}, &model));
    EXPECT_ERROR(cupel_model_summary(model, 1, stderr), CUPEL_ERROR_STATE, "no layers");
    cupel_model_free(model);
}

Test(summary, a_disk_that_is_full)
{
    cupel_model *model = open_model();
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL) cr_skip("no /dev/full");
    EXPECT_ERROR(cupel_model_summary(model, 1, full), CUPEL_ERROR_IO, "cannot be written");
    fclose(full);
    cupel_model_free(model);
}

Test(summary, without_memory)
{
    end();
    fault_memory_install();
    device = tiny_device();
    cupel_model *model = open_model();
    const int64_t blocks = fault_memory_blocks();
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    for (int64_t n = 1;; n++) {
        fault_memory_arm(n, false);
        const cupel_status status = cupel_model_summary(model, 8, file);
        const int64_t failed = fault_memory_disarm();
        cr_expect_eq(status, failed > 0 ? CUPEL_ERROR_MEMORY : CUPEL_OK);
        cr_expect_eq(failed > 0, ftell(file) == 0, "a failed summary writes nothing");
        cr_assert_eq(fault_memory_blocks(), blocks);
        if (failed == 0) break;
    }
    fclose(file);
    cupel_model_free(model);
    cupel_device_close(device);
    fault_memory_remove();
    device = NULL;
}
