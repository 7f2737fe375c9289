/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The layers in a file: what is wrong with them is said, and nothing large is taken. */
#include "folder.h"
#include "model_files.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static cupel_device *device;

static void enter(void)
{
    folder_enter();
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK);
}

static void leave(void)
{
    cupel_device_close(device);
    folder_leave();
}

TestSuite(model_json, .init = enter, .fini = leave);

#define OUTLINE(layers) \
    "{\"input_shape\":[2],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":" layers "}"
#define LAYER(fields) OUTLINE("[{" fields "}]")

Test(model_json, wrong_layers_are_refused)
{
    static const struct {
        const char *outline;
        const char *says;
    } cases[] = {
        {"", "cupel.model is not valid JSON"},
        {"[]", "\"input_shape\" is not there"},
        {"{}", "\"input_shape\" is not there"},
        {"null", "cupel.model is not valid JSON"},
        {OUTLINE("[{\"kind\":\"dense\",\"units\":1}]") "x", "cupel.model is not valid JSON"},
        {"{\"input_shape\":[2],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[],\"x\":1}",
         "5 members"},
        {"{\"input_shape\":[2],\"seed\":\"1\",\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[]}",
         "duplicate"},
        {"{\"input_shape\":[2],\"seed\":1,\"flavour\":\"keras\",\"layers\":[]}",
         "\"seed\" is not a string of digits"},
        {"{\"input_shape\":[2],\"seed\":\"\",\"flavour\":\"keras\",\"layers\":[]}", "\"seed\""},
        {"{\"input_shape\":[2],\"seed\":\"-1\",\"flavour\":\"keras\",\"layers\":[]}", "\"seed\""},
        {"{\"input_shape\":[2],\"seed\":\"18446744073709551616\",\"flavour\":\"keras\","
         "\"layers\":[]}",
         "\"seed\""},
        {"{\"input_shape\":[2],\"seed\":\"1\",\"flavour\":\"jax\",\"layers\":[]}",
         "\"flavour\" is \"jax\", which cupel"},
        {"{\"input_shape\":2,\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[]}",
         "\"input_shape\" is not an array"},
        {"{\"input_shape\":[2.5],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[]}",
         "\"input_shape\" is not an array of integers"},
        {"{\"input_shape\":[1,1,1,1,1,1,1,1,2],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[]}",
         "\"input_shape\" is not an array of at most 8"},
        {"{\"input_shape\":[],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[]}", "input_shape"},
        {"{\"input_shape\":[0],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[]}",
         "expected at least 1"},
        {"{\"input_shape\":[4294967296,4294967296],\"seed\":\"1\",\"flavour\":\"keras\","
         "\"layers\":[]}",
         "more elements than 64 bits"},
        {OUTLINE("{}"), "\"layers\" is not an array"},
        {OUTLINE("[]"), "is none of the model's 0"},
        {OUTLINE("[null]"), "layer 0: \"kind\" is not there"},
        {OUTLINE("[[]]"), "layer 0: \"kind\" is not there"},
        {LAYER("\"units\":1"), "layer 0: \"kind\" is not there"},
        {LAYER("\"kind\":1"), "layer 0: \"kind\" is not a string"},
        {LAYER("\"kind\":\"conv2d\""), "layer 0: \"kind\" is \"conv2d\", which cupel"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"x\":0"), "layer 0: \"x\" is not a field"},
        {LAYER("\"kind\":\"dense\",\"units\":1.0"), "layer 0: \"units\" is not an integer"},
        {LAYER("\"kind\":\"dense\",\"units\":\"1\""), "layer 0: \"units\" is not an integer"},
        {LAYER("\"kind\":\"dense\""), "layer 0 (dense): .units is 0"},
        {LAYER("\"kind\":\"dense\",\"units\":-1"), "layer 0 (dense): .units is -1"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"rate\":0.5"), ".rate is set"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"kernel_l2\":-1"), "kernel_l2"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"kernel_l2\":1e999"), "overflow"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"kernel_l2\":\"1\""), "is not a number"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"no_bias\":1"), "is not true or false"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"activation\":\"swish\""),
         "\"swish\", which cupel"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"activation\":1"), "is not a string"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"kernel_initializer\":\"x\""),
         "\"x\", which cupel"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"bias_initializer\":null"), "is not a string"},
        {LAYER("\"kind\":\"dropout\",\"rate\":1.5"), "layer 0 (dropout)"},
        {LAYER("\"kind\":\"reshape\",\"shape\":[3]"), "layer 0 (reshape)"},
        {LAYER("\"kind\":\"reshape\",\"shape\":[\"2\"]"), "\"shape\" is not an array of integers"},
        /* A model, but not the one of the tensors. */
        {LAYER("\"kind\":\"dense\",\"units\":2"), "\"0.kernel\" does not fit"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"no_bias\":true"),
         "\"0.bias\" is none of the model's"},
        {LAYER("\"kind\":\"flatten\""), "\"0.kernel\" is none of the model's 0"},
        {OUTLINE("[{\"kind\":\"flatten\"},{\"kind\":\"dense\",\"units\":1}]"),
         "\"0.kernel\" is none of the model's 2"},
        {LAYER("\"kind\":\"dense\",\"units\":4611686018427387904"), "layer 0 (dense)"},
        {LAYER("\"kind\":\"dense\",\"units\":36028797018963967"), "\"0.kernel\" does not fit"},
        {LAYER("\"kind\":\"dense\",\"units\":1000000000"), "\"0.kernel\" does not fit"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cupel_model *model = NULL;
        files_write_outline("model", cases[i].outline);
        cr_expect_eq(cupel_model_open(device, "model", &model), CUPEL_ERROR_FORMAT, "%s: %s",
                     cases[i].outline, cupel_last_error());
        cr_expect_null(model);
        cr_expect_not_null(strstr(cupel_last_error(), cases[i].says), "%s: %s", cases[i].outline,
                           cupel_last_error());
        cr_expect_eq(strncmp(cupel_last_error(), "model: ", 7), 0, "%s", cupel_last_error());
    }
    /* The same file with the right layers is a model. */
    files_write_outline("model", LAYER("\"kind\":\"dense\",\"units\":1"));
    cupel_model *model;
    cr_assert_eq(cupel_model_open(device, "model", &model), CUPEL_OK, "%s", cupel_last_error());
    cupel_model_free(model);
}

/* A text that would be a deep or a large tree. */
Test(model_json, hostile_layers_are_refused)
{
    const size_t lengths[] = {3000, 1 << 20, (1 << 20) + 1};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char *outline = malloc(lengths[i] + 1);
        cr_assert_not_null(outline);
        memset(outline, '[', lengths[i]);
        outline[lengths[i]] = '\0';
        files_write_outline("model", outline);
        cupel_model *model;
        cr_assert_eq(cupel_model_open(device, "model", &model), CUPEL_ERROR_FORMAT);
        cr_assert_null(model);
        free(outline);
    }
    cr_assert_not_null(strstr(cupel_last_error(), "expected at most 1048576"));
}

/* Layers whose sizes only their sum makes too large. */
Test(model_json, many_large_layers_are_refused)
{
    const char layer[] = "{\"kind\":\"dense\",\"units\":300000000},";
    const size_t count = 100, each = sizeof layer - 1;
    const char begin[] =
        "{\"input_shape\":[300000000],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[";
    char *outline = malloc(sizeof begin + count * each + 3);
    cr_assert_not_null(outline);
    strcpy(outline, begin);
    for (size_t i = 0; i < count; i++)
        memcpy(outline + sizeof begin - 1 + i * each, layer, each);
    strcpy(outline + sizeof begin - 1 + count * each - 1, "]}");
    files_write_outline("model", outline);
    cupel_model *model;
    cr_assert_eq(cupel_model_open(device, "model", &model), CUPEL_ERROR_FORMAT);
    cr_assert_not_null(strstr(cupel_last_error(), "\"0.kernel\" does not fit"), "%s",
                       cupel_last_error());
    free(outline);
}
