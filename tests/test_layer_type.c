/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "layers/layer_type.h"

#include "core.h"

#include <math.h>

static const cupel_layer_kind kinds[] = {CUPEL_LAYER_DENSE, CUPEL_LAYER_ACTIVATION,
                                         CUPEL_LAYER_FLATTEN, CUPEL_LAYER_RESHAPE,
                                         CUPEL_LAYER_DROPOUT};
static const char *const names[] = {"dense", "activation", "flatten", "reshape", "dropout"};

enum { KINDS = 5, FIELDS = 9 };

/* One field set, by its number, to what is legal where it is used. */
static const struct {
    const char *name;
    cupel_layer layer;
    bool used[KINDS];
} fields[FIELDS] = {
    {"units", {.units = 3}, {true}},
    {"activation", {.activation = CUPEL_TANH}, {true, true}},
    {"no_bias", {.no_bias = true}, {true}},
    {"kernel_initializer", {.kernel_initializer = CUPEL_INIT_ONES}, {true}},
    {"bias_initializer", {.bias_initializer = CUPEL_INIT_ONES}, {true}},
    {"kernel_l1", {.kernel_l1 = 0.5}, {true}},
    {"kernel_l2", {.kernel_l2 = 0.5}, {true}},
    {"rate", {.rate = 0.5}, {false, false, false, false, true}},
    {"shape", {.shape = {.rank = 1, .dims = {4}}}, {false, false, false, true}},
};

Test(layer_type, kinds_and_their_names)
{
    for (int i = 0; i < KINDS; i++) {
        const cupel_layer_type *type = cupel_layer_type_of(kinds[i]);
        cr_assert_not_null(type);
        cr_expect_str_eq(type->name, names[i]);
        cr_expect(type->inputs == 1 && type->outputs == 1);
    }
    const int others[] = {0, -1, 6, 1000};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const cupel_layer layer = {.kind = (cupel_layer_kind)others[i]};
        cr_expect_null(cupel_layer_type_of(layer.kind));
        EXPECT_ERROR(cupel_layer_check(&layer, 4), CUPEL_ERROR_ARGUMENT, "layer 4: kind");
    }
}

/* Every field with every kind: the unused ones are named. */
Test(layer_type, unused_fields_are_named)
{
    for (int k = 0; k < KINDS; k++) {
        for (int f = 0; f < FIELDS; f++) {
            cupel_layer layer = fields[f].layer;
            char sentence[100];
            layer.kind = kinds[k];
            if (fields[f].used[k]) {
                cr_expect_eq(cupel_layer_check(&layer, 2), CUPEL_OK, "%s of %s: %s", fields[f].name,
                             names[k], cupel_last_error());
                continue;
            }
            snprintf(sentence, sizeof sentence,
                     "layer 2 (%s): .%s is set, but a %s layer does not use it", names[k],
                     fields[f].name, names[k]);
            EXPECT_ERROR(cupel_layer_check(&layer, 2), CUPEL_ERROR_ARGUMENT, sentence);
        }
    }
}

Test(layer_type, what_is_no_number_is_set)
{
    EXPECT_ERROR(cupel_layer_check(&CUPEL_DROPOUT(0.5, .kernel_l1 = (double)NAN), 0),
                 CUPEL_ERROR_ARGUMENT, ".kernel_l1 is set");
    EXPECT_ERROR(cupel_layer_check(&CUPEL_DENSE(5, .rate = (double)NAN), 0), CUPEL_ERROR_ARGUMENT,
                 ".rate is set");
    EXPECT_ERROR(cupel_layer_check(&CUPEL_DENSE(5, .rate = CUPEL_ZERO), 0), CUPEL_ERROR_ARGUMENT,
                 ".rate is set");
    /* A shape without a rank. */
    EXPECT_ERROR(cupel_layer_check(&CUPEL_DENSE(5, .shape = {.dims = {0, 3}}), 0),
                 CUPEL_ERROR_ARGUMENT, ".shape is set");
}

Test(layer_type, enums_out_of_range)
{
    const int wrong[] = {-1, 11, 100};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const cupel_activation activation = (cupel_activation)wrong[i];
        const cupel_initializer initializer = (cupel_initializer)wrong[i];
        EXPECT_ERROR(cupel_layer_check(&CUPEL_DENSE(2, .activation = activation), 1),
                     CUPEL_ERROR_ARGUMENT, "layer 1 (dense): .activation is");
        EXPECT_ERROR(cupel_layer_check(&CUPEL_ACTIVATION(activation), 1), CUPEL_ERROR_ARGUMENT,
                     "layer 1 (activation): .activation is");
        EXPECT_ERROR(cupel_layer_check(&CUPEL_DENSE(2, .kernel_initializer = initializer), 1),
                     CUPEL_ERROR_ARGUMENT, "layer 1 (dense): .kernel_initializer is");
        EXPECT_ERROR(cupel_layer_check(&CUPEL_DENSE(2, .bias_initializer = initializer), 1),
                     CUPEL_ERROR_ARGUMENT, "layer 1 (dense): .bias_initializer is");
    }
    for (int kind = CUPEL_LINEAR; kind <= CUPEL_SOFTPLUS; kind++)
        ASSERT_OK(cupel_layer_check(&CUPEL_ACTIVATION((cupel_activation)kind), 0));
    for (int kind = CUPEL_INIT_DEFAULT; kind <= CUPEL_INIT_ONES; kind++)
        ASSERT_OK(
            cupel_layer_check(&CUPEL_DENSE(1, .bias_initializer = (cupel_initializer)kind), 0));
}
