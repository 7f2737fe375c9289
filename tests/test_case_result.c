/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Does cupel-check see what an op does wrong? An add that can be told to go wrong stands in the
 * table of the CPU device. */
#include "case_result.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

typedef enum mistake {
    NONE,
    ROUNDING, /* one element is 4 units in the last place off */
    ONE,      /* one element is off by a thousandth */
    NOT_A_NUMBER,
    SKIPPED, /* the last element is not written */
    BEHIND,  /* one element more is written */
    BEFORE,
    INPUT,    /* an input is changed */
    UNSTEADY, /* the second run gives other bits, still right */
    TICKET,   /* a ticket is left drawn */
    CONTROL,  /* the control block's rows change */
    COUNTER,  /* and its counters */
    STATUS,   /* the op says that it failed */
    MISTAKES
} mistake;

static mistake planted;
static int runs;

static cupel_status wrong_add(cupel_exec *x, const void *args)
{
    const cupel_add_args *a = args;
    float *y = a->y;
    const int64_t last = a->count - 1;
    runs++;
    for (int64_t i = 0; i < a->count; i++)
        y[i] = ((const float *)a->a)[i] + ((const float *)a->b)[i];
    switch (planted) {
    case ROUNDING:
        y[last / 2] *= 1 + 4 * 0x1p-23F;
        break;
    case ONE:
        y[last / 2] *= 1.001F;
        break;
    case NOT_A_NUMBER:
        y[last] = NAN;
        break;
    case SKIPPED:
        memset(&y[last], 0xff, sizeof y[last]);
        break;
    case BEHIND:
        y[a->count] = 0;
        break;
    case BEFORE:
        y[-1] = 0;
        break;
    case INPUT:
        ((float *)(uintptr_t)a->a)[0] = 0;
        break;
    case UNSTEADY:
        if (runs % 2 == 0) y[0] = nextafterf(y[0], 2 * y[0]);
        break;
    case TICKET:
        x->control->ticket[0] = 1;
        break;
    case CONTROL:
        x->control->rows++;
        break;
    case COUNTER:
        x->control->seen++;
        break;
    case STATUS:
        return cupel_fail(CUPEL_ERROR_CUDA, "planted");
    default:
        break;
    }
    return CUPEL_OK;
}

/* Runs one case of add with a mistake in it. */
static check_result run(mistake m, const char *text)
{
    cupel_device *device = NULL;
    cupel_op_entry ops[CUPEL_OP_COUNT];
    check_case c;
    check_result result;
    cr_assert_eq(cupel_device_open_backend(&cupel_cpu_backend, 0, &device), CUPEL_OK);
    memcpy(ops, cupel_cpu_backend.ops(CUPEL_PRECISION_FLOAT32), sizeof ops);
    ops[CUPEL_OP_add].run = wrong_add;
    planted = m;
    runs = 0;
    const check_target target = {
        .device = device, .ops = ops, .table = CHECK_FLOAT32, .twice = true};
    const check_target reference = {.device = device,
                                    .ops = cupel_cpu_backend.ops(CUPEL_PRECISION_FLOAT64),
                                    .table = CHECK_FLOAT64,
                                    .exact = true};
    cr_assert_eq(check_read_case(CUPEL_OP_add, text, &c), CUPEL_OK);
    cr_assert_eq(check_run_case(&target, &reference, &c, 1, &result), CUPEL_OK);
    cupel_device_close(device);
    return result;
}

Test(case_result, passes_what_is_right)
{
    static const char *const texts[] = {"count=1", "count=31", "count=100003", "count=31 shift=y",
                                        "count=31 y=a"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const check_result r = run(NONE, texts[i]);
        cr_expect(r.passed, "%s: %s", texts[i], r.message);
        cr_expect_eq(runs, 2);
    }
}

Test(case_result, fails_every_mistake)
{
    static const char *const messages[MISTAKES] = {
        [ROUNDING] = "",
        [ONE] = "",
        [NOT_A_NUMBER] = "",
        [SKIPPED] = "",
        [BEHIND] = "add wrote outside of y, at byte 400012 of 400012",
        [BEFORE] = "add wrote outside of y, at byte -4 of 400012",
        [INPUT] = "add wrote into its input a, at byte 0 of 400012",
        [UNSTEADY] = "add: a second launch gives other bits in y",
        [TICKET] = "add leaves its tickets at 1 and 0, expected 0",
        [CONTROL] = "control.rows is 100004, expected 100003",
        [COUNTER] = "control.seen is 4, expected 3",
        [STATUS] = "planted"};
    for (mistake m = NONE + 1; m < MISTAKES; m++) {
        const check_result r = run(m, "count=100003");
        cr_expect(!r.passed, "mistake %d is not seen", (int)m);
        cr_expect(strncmp(r.message, messages[m], strlen(messages[m])) == 0, "mistake %d: %s",
                  (int)m, r.message);
        if (messages[m][0] == '\0') cr_expect_str_eq(r.tensor, "y", "mistake %d", (int)m);
    }
}

/* The mean square error over 100,003 elements hardly notices one. */
Test(case_result, one_element_counts)
{
    const check_result r = run(ONE, "count=100003");
    cr_expect_eq(r.element, 50001);
    cr_expect(r.nmse < r.nmse_limit);
    cr_expect(r.error > r.limit);
}

Test(case_result, refuses_mistakes_in_the_tables)
{
    static const char *const texts[] = {"count",        "count=x",     "size=3",         "count=-1",
                                        "count=200001", "count=3 y=z", "count=3 shift=z"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        check_case c;
        cr_expect_neq(check_read_case(CUPEL_OP_add, texts[i], &c), CUPEL_OK, "%s", texts[i]);
    }
}

/* A bf16 is rounded to nearest, ties to even, from double at once. */
Test(case_result, rounds_to_bf16)
{
    static const struct {
        double from, to;
    } cases[] = {{1, 1},
                 {1 + 0x1p-8, 1},
                 {1 + 0x1p-8 + 0x1p-40, 1 + 0x1p-7},
                 {1 + 0x1p-8 - 0x1p-40, 1},
                 {1 + 3 * 0x1p-8, 1 + 0x1p-6},
                 {-(1 + 3 * 0x1p-8 - 0x1p-40), -(1 + 0x1p-7)},
                 {0x1p-133, 0x1p-133},
                 {0x1p-135, 0},
                 {3e38, 0x1.c4p+127},
                 {3.4e38, INFINITY},
                 {-INFINITY, -INFINITY}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint16_t half = 0;
        double back = 0;
        check_pack(CHECK_ELEMENT_BF16, &cases[i].from, 1, &half);
        check_unpack(CHECK_ELEMENT_BF16, &half, 1, &back);
        cr_expect_eq(back, cases[i].to, "%a: %a, expected %a", cases[i].from, back, cases[i].to);
    }
    uint16_t half = 0;
    double back = 0;
    const double nan = NAN;
    check_pack(CHECK_ELEMENT_BF16, &nan, 1, &half);
    check_unpack(CHECK_ELEMENT_BF16, &half, 1, &back);
    cr_expect(isnan(back));
}
