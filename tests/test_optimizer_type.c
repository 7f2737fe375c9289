/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "optimizers/optimizer_type.h"

#include "core.h"

#include <math.h>
#include <stddef.h>

static const cupel_optimizer_kind kinds[] = {CUPEL_OPTIMIZER_SGD, CUPEL_OPTIMIZER_ADAM,
                                             CUPEL_OPTIMIZER_ADAMW};
static const char *const names[] = {"sgd", "adam", "adamw"};

enum { KINDS = 3 };

static cupel_optimizer resolved;

static cupel_status resolve(cupel_optimizer optimizer, cupel_flavour flavour)
{
    return cupel_optimizer_resolve(&optimizer, flavour, &resolved);
}

Test(optimizer_type, kinds_and_their_names)
{
    for (int i = 0; i < KINDS; i++) {
        cr_assert_not_null(cupel_optimizer_type_of(kinds[i]));
        cr_expect_str_eq(cupel_optimizer_type_of(kinds[i])->name, names[i]);
    }
    const int others[] = {0, -1, 2, 3, 6, 99};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const cupel_optimizer optimizer = {.kind = (cupel_optimizer_kind)others[i]};
        cr_expect_null(cupel_optimizer_type_of(optimizer.kind));
        EXPECT_ERROR(resolve(optimizer, CUPEL_KERAS), CUPEL_ERROR_ARGUMENT, "optimizer kind");
    }
}

Test(optimizer_type, defaults_are_the_flavours)
{
    const struct {
        double rate, epsilon, decay;
    } expected[KINDS][2] = {{{0.01, 0, 0}, {0.001, 0, 0}},
                            {{0.001, 1e-7, 0}, {0.001, 1e-8, 0}},
                            {{0.001, 1e-7, 0.004}, {0.001, 1e-8, 0.01}}};
    for (int k = 0; k < KINDS; k++) {
        for (int f = 0; f < 2; f++) {
            ASSERT_OK(resolve((cupel_optimizer){.kind = kinds[k]}, (cupel_flavour)f));
            cr_expect_eq(resolved.learning_rate, expected[k][f].rate);
            cr_expect_eq(resolved.epsilon, expected[k][f].epsilon);
            cr_expect_eq(resolved.weight_decay, expected[k][f].decay);
            cr_expect_eq(resolved.beta_1, k == 0 ? 0 : 0.9);
            cr_expect_eq(resolved.beta_2, k == 0 ? 0 : 0.999);
            cr_expect(resolved.momentum == 0 && resolved.clipvalue == 0 && resolved.clipnorm == 0 &&
                      resolved.global_clipnorm == 0);
        }
    }
}

Test(optimizer_type, given_values_stay)
{
    ASSERT_OK(resolve(CUPEL_ADAMW(.learning_rate = 0.5, .beta_1 = 0.25, .beta_2 = 0.125,
                                  .epsilon = 2, .weight_decay = 3, .clipnorm = 4, .amsgrad = true,
                                  .schedule = CUPEL_COSINE(9)),
                      CUPEL_TORCH));
    cr_expect(resolved.learning_rate == 0.5 && resolved.beta_1 == 0.25 &&
              resolved.beta_2 == 0.125 && resolved.epsilon == 2 && resolved.weight_decay == 3 &&
              resolved.clipnorm == 4 && resolved.amsgrad && resolved.schedule.steps == 9);
    ASSERT_OK(
        resolve(CUPEL_SGD(.momentum = 1, .nesterov = true, .global_clipnorm = 0.5), CUPEL_KERAS));
    cr_expect(resolved.momentum == 1 && resolved.nesterov && resolved.global_clipnorm == 0.5);
}

/* CUPEL_ZERO is the number 0 where 0 is not the default. */
Test(optimizer_type, zero)
{
    ASSERT_OK(
        resolve(CUPEL_ADAMW(.learning_rate = CUPEL_ZERO, .beta_1 = CUPEL_ZERO, .beta_2 = CUPEL_ZERO,
                            .epsilon = CUPEL_ZERO, .weight_decay = CUPEL_ZERO),
                CUPEL_KERAS));
    cr_expect(resolved.learning_rate == 0 && resolved.beta_1 == 0 && resolved.beta_2 == 0 &&
              resolved.epsilon == 0 && resolved.weight_decay == 0);
}

static void *field(cupel_optimizer *optimizer, size_t offset)
{
    return (char *)optimizer + offset;
}

static const struct {
    const char *name;
    size_t offset;
    bool flag;
    bool used[KINDS];
    double below; /* the first number that is too large */
} fields[] = {
    {"learning_rate", offsetof(cupel_optimizer, learning_rate), false, {true, true, true}, 0},
    {"momentum", offsetof(cupel_optimizer, momentum), false, {true}, 1.001},
    {"nesterov", offsetof(cupel_optimizer, nesterov), true, {true}, 0},
    {"beta_1", offsetof(cupel_optimizer, beta_1), false, {false, true, true}, 1},
    {"beta_2", offsetof(cupel_optimizer, beta_2), false, {false, true, true}, 1},
    {"epsilon", offsetof(cupel_optimizer, epsilon), false, {false, true, true}, 0},
    {"amsgrad", offsetof(cupel_optimizer, amsgrad), true, {false, true, true}, 0},
    {"weight_decay", offsetof(cupel_optimizer, weight_decay), false, {true, true, true}, 0},
    {"clipvalue", offsetof(cupel_optimizer, clipvalue), false, {true, true, true}, 0},
    {"clipnorm", offsetof(cupel_optimizer, clipnorm), false, {true, true, true}, 0},
    {"global_clipnorm", offsetof(cupel_optimizer, global_clipnorm), false, {true, true, true}, 0},
};

enum { FIELDS = sizeof fields / sizeof *fields };

Test(optimizer_type, unused_fields_are_named)
{
    for (int k = 0; k < KINDS; k++) {
        for (int f = 0; f < FIELDS; f++) {
            cupel_optimizer optimizer = {.kind = kinds[k]};
            char sentence[120];
            if (fields[f].used[k]) continue;
            if (fields[f].flag)
                *(bool *)field(&optimizer, fields[f].offset) = true;
            else
                *(double *)field(&optimizer, fields[f].offset) = 0.5;
            snprintf(sentence, sizeof sentence, "optimizer %s: .%s is set, but %s does not use it",
                     names[k], fields[f].name, names[k]);
            EXPECT_ERROR(resolve(optimizer, CUPEL_KERAS), CUPEL_ERROR_ARGUMENT, sentence);
        }
    }
}

/* Negative, infinite and too large numbers, in every field that takes a number. */
Test(optimizer_type, bad_numbers_are_named)
{
    for (int k = 0; k < KINDS; k++) {
        for (int f = 0; f < FIELDS; f++) {
            const double wrong[] = {
                -2, -1e-9, (double)NAN, (double)INFINITY, -(double)INFINITY, fields[f].below};
            if (!fields[f].used[k] || fields[f].flag) continue;
            for (int i = 0; i < (fields[f].below != 0 ? 6 : 5); i++) {
                cupel_optimizer optimizer = {.kind = kinds[k]};
                char sentence[60];
                *(double *)field(&optimizer, fields[f].offset) = wrong[i];
                snprintf(sentence, sizeof sentence, "optimizer %s: .%s is", names[k],
                         fields[f].name);
                EXPECT_ERROR(resolve(optimizer, CUPEL_TORCH), CUPEL_ERROR_ARGUMENT, sentence);
            }
        }
    }
}

Test(optimizer_type, combinations)
{
    EXPECT_ERROR(resolve(CUPEL_SGD(.nesterov = true), CUPEL_KERAS), CUPEL_ERROR_ARGUMENT,
                 ".nesterov needs .momentum");
    EXPECT_ERROR(resolve(CUPEL_SGD(.nesterov = true, .momentum = CUPEL_ZERO), CUPEL_TORCH),
                 CUPEL_ERROR_ARGUMENT, ".nesterov needs .momentum");
    EXPECT_ERROR(resolve(CUPEL_SGD(.clipvalue = 1, .clipnorm = 1), CUPEL_KERAS),
                 CUPEL_ERROR_ARGUMENT, "at most one of");
    EXPECT_ERROR(resolve(CUPEL_ADAM(.global_clipnorm = 1, .clipnorm = 1), CUPEL_KERAS),
                 CUPEL_ERROR_ARGUMENT, "at most one of");
    EXPECT_ERROR(resolve(CUPEL_ADAMW(.global_clipnorm = 1, .clipvalue = 1), CUPEL_KERAS),
                 CUPEL_ERROR_ARGUMENT, "at most one of");
    EXPECT_ERROR(resolve(CUPEL_ADAM(.schedule = CUPEL_COSINE(0)), CUPEL_KERAS),
                 CUPEL_ERROR_ARGUMENT, "cosine schedule: .steps");
}

Test(optimizer_type, moments)
{
    const struct {
        cupel_optimizer optimizer;
        int64_t moments;
    } cases[] = {{CUPEL_SGD(0), 0},
                 {CUPEL_SGD(.momentum = 0.9), 1},
                 {CUPEL_SGD(.momentum = CUPEL_ZERO), 0},
                 {CUPEL_ADAM(0), 2},
                 {CUPEL_ADAM(.amsgrad = true), 3},
                 {CUPEL_ADAMW(0), 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT_OK(resolve(cases[i].optimizer, CUPEL_KERAS));
        cr_expect_eq(cupel_optimizer_type_of(resolved.kind)->moments(&resolved), cases[i].moments);
    }
}
