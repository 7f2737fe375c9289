/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A training loop of one's own: batches made on the fly, gradients looked at before they are used, the
 * learning rate changed by hand. The network learns the sine of its input. */
#include <cupel/cupel.h>
#include <math.h>
#include <stdio.h>

#define TRY(call)                                                                                  \
    do {                                                                                           \
        if ((call) != CUPEL_OK) {                                                                  \
            fprintf(stderr, "%s\n", cupel_last_error());                                           \
            return 1;                                                                              \
        }                                                                                          \
    } while (0)

enum { BATCH = 64, STEPS = 3000 };

int main(void)
{
    cupel_device *device;
    cupel_model *model;
    cupel_gradcheck_report report;
    float x[BATCH];
    float y[BATCH];
    double loss = 0;
    float bias_gradient[32];
    unsigned state = 1;

    TRY(cupel_device_open("auto", &device));
    TRY(cupel_model_create(device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(1), .seed = 3},
                           &model));
    TRY(cupel_model_add(model, CUPEL_DENSE(32, .activation = CUPEL_TANH)));
    TRY(cupel_model_add(model, CUPEL_DENSE(32, .activation = CUPEL_TANH)));
    TRY(cupel_model_add(model, CUPEL_DENSE(1)));
    TRY(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                       .optimizer = CUPEL_ADAM(.learning_rate = 3e-3)}));
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < BATCH; i++) {
            state = state * 1664525u + 1013904223u;
            x[i] = (float)state / 4294967296.0f * 6 - 3;
            y[i] = sinf(x[i]);
        }
        if (step == 0) { /* are the gradients right? */
            TRY(cupel_model_gradcheck(model, x, y, BATCH, &report));
            printf("worst gradient error %.1e of %lld checked\n", report.worst,
                   (long long)report.checked);
        }
        if (step == STEPS / 2) TRY(cupel_model_set_learning_rate(model, 3e-4));
        TRY(cupel_model_gradients(model, x, y, BATCH, step % 500 == 0 ? &loss : NULL));
        if (step % 500 == 0) {
            TRY(cupel_parameter_read(model, 1, CUPEL_GRADIENT, bias_gradient));
            printf("step %4d  loss %.6f  first bias gradient %+.1e\n", step, loss,
                   (double)bias_gradient[0]);
        }
        TRY(cupel_model_apply_gradients(model));
    }
    TRY(cupel_model_predict(model, (const float[]){0, 1, 2}, 3, y));
    printf("sin 0, 1, 2: %.3f %.3f %.3f\n", (double)y[0], (double)y[1], (double)y[2]);
    cupel_model_free(model);
    cupel_device_close(device);
    return 0;
}
