/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * python_safetensors save FLOAT DOUBLE: writes two models whose weights are counted in sevenths.
 * python_safetensors load FLOAT DOUBLE: loads such files, which python_safetensors.py wrote. */
#include <cupel/cupel.h>
#include <stdio.h>
#include <string.h>

#define TRY(call)                                        \
    do {                                                 \
        if ((call) != CUPEL_OK) {                        \
            fprintf(stderr, "%s\n", cupel_last_error()); \
            return 1;                                    \
        }                                                \
    } while (0)

/* Element i of tensor t. */
static double value(int64_t t, int64_t i)
{
    return (double)(100 * t + i) / 7;
}

static int save(cupel_model *model, bool wide, const char *path)
{
    for (int64_t t = 0; t < cupel_model_parameter_count(model); t++) {
        double doubles[12] = {0};
        float floats[12] = {0};
        for (int i = 0; i < 12; i++) {
            doubles[i] = value(t, i);
            floats[i] = (float)doubles[i];
        }
        TRY(cupel_parameter_write(model, t, wide ? (const void *)doubles : (const void *)floats));
    }
    TRY(cupel_model_save(model, path));
    return 0;
}

static int load(cupel_model *model, bool wide, const char *path)
{
    TRY(cupel_model_load(model, path));
    for (int64_t t = 0; t < cupel_model_parameter_count(model); t++) {
        double doubles[12];
        float floats[12];
        cupel_parameter parameter;
        TRY(cupel_model_parameter(model, t, &parameter));
        TRY(cupel_parameter_read(model, t, CUPEL_VALUE, wide ? (void *)doubles : (void *)floats));
        for (int64_t i = 0; i < parameter.count; i++) {
            const double expected = wide ? value(t, i) : (double)(float)value(t, i);
            if ((wide ? doubles[i] : (double)floats[i]) == expected) continue;
            fprintf(stderr, "%s: %s: element %d differs\n", path, parameter.name, (int)i);
            return 1;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    cupel_device *device;
    TRY(cupel_device_open("cpu", &device));
    for (int wide = 0; wide < 2; wide++) {
        cupel_model *model;
        const cupel_model_config config = {.input_shape = CUPEL_SHAPE(4)};
        const cupel_compile_config inference = {.precision = wide ? CUPEL_PRECISION_FLOAT64
                                                                  : CUPEL_PRECISION_FLOAT32};
        TRY(cupel_model_create(device, &config, &model));
        TRY(cupel_model_add(model, CUPEL_DENSE(3, .activation = CUPEL_RELU)));
        TRY(cupel_model_add(model, CUPEL_DENSE(2)));
        TRY(cupel_model_compile(model, &inference));
        const int failed = strcmp(argv[1], "save") == 0 ? save(model, wide, argv[2 + wide])
                                                        : load(model, wide, argv[2 + wide]);
        if (failed) return 1;
        cupel_model_free(model);
    }
    cupel_device_close(device);
    return 0;
}
