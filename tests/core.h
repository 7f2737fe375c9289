/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the suites of models and programs share. All of these fail the test on error. */
#ifndef CUPEL_TESTS_CORE_H
#define CUPEL_TESTS_CORE_H

#include <cupel/cupel.h>

#include <criterion/criterion.h>
#include <string.h>

/* Expects a call to fail with a code and a sentence that has part in it. */
#define EXPECT_ERROR(call, code, part)                                                             \
    do {                                                                                           \
        const cupel_status core_status = (call);                                                   \
        cr_expect_eq(core_status, (code), "%s gives %s (%s), expected %s", #call,                  \
                     cupel_status_name(core_status), cupel_last_error(), cupel_status_name(code)); \
        cr_expect(strstr(cupel_last_error(), (part)) != NULL, "%s: '%s' is not in '%s'", #call,    \
                  (part), cupel_last_error());                                                     \
    } while (0)

#define ASSERT_OK(call) cr_assert_eq((call), CUPEL_OK, "%s: %s", #call, cupel_last_error())

/* A model of the given layers, not compiled. */
cupel_model *core_model(cupel_device *device, cupel_shape input, uint64_t seed,
                        const cupel_layer *layers, int64_t count);
#define CORE_MODEL(device, input, seed, ...)                            \
    core_model(device, input, seed, (const cupel_layer[]){__VA_ARGS__}, \
               (int64_t)(sizeof((const cupel_layer[]){__VA_ARGS__}) / sizeof(cupel_layer)))

/* Numbers of [-1, 1), the same for the same seed. */
void core_numbers(float *values, int64_t count, uint64_t seed);

/* The values of all parameters in their order, of one slot, to be freed; *count floats. */
float *core_read(cupel_model *model, cupel_slot slot, int64_t *count);
/* Whether two models of the same layers have the same bits in a slot of all parameters. */
bool core_same(cupel_model *a, cupel_model *b, cupel_slot slot);

#endif
