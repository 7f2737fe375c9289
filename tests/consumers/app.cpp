// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// A C++17 program: no macro of the headers is an expression there, the fields are set by name.
#include <cupel/cupel.h>
#include <cstdio>

static int fail()
{
    std::fprintf(stderr, "%s\n", cupel_last_error());
    return 1;
}

int main()
{
    const float x[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y[4][1] = {{0}, {1}, {1}, {2}};
    cupel_device *device = nullptr;
    cupel_model *model = nullptr;
    if (cupel_device_open("cpu", &device) != CUPEL_OK) {
        return fail();
    }
    cupel_model_config config{};
    config.input_shape.rank = 1;
    config.input_shape.dims[0] = 2;
    if (cupel_model_create(device, &config, &model) != CUPEL_OK) {
        return fail();
    }
    cupel_layer layer{};
    layer.kind = CUPEL_LAYER_DENSE;
    layer.units = 1;
    if (cupel_model_add(model, layer) != CUPEL_OK) {
        return fail();
    }
    cupel_compile_config compile{};
    compile.loss = CUPEL_LOSS_MSE;
    compile.optimizer.kind = CUPEL_OPTIMIZER_SGD;
    compile.optimizer.learning_rate = 0.1f;
    if (cupel_model_compile(model, &compile) != CUPEL_OK) {
        return fail();
    }
    double first = 0, last = 0;
    for (int step = 0; step < 50; step++) {
        if (cupel_model_train_batch(model, x, y, 4, step == 0 ? &first : &last) != CUPEL_OK) {
            return fail();
        }
    }
    cupel_model_free(model);
    cupel_device_close(device);
    return last < first ? 0 : 1;
}
