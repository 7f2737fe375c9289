/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "op_cases.h"

#include <stdio.h>

const check_op *check_find_op(cupel_op op)
{
    static const check_op *const families[] = {check_dense_ops,  check_element_ops,
                                               check_loss_ops,   check_metric_ops,
                                               check_update_ops, check_batch_ops};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (families[i][op].shapes != NULL) return &families[i][op];
    }
    return NULL;
}

static int count(const char *const *list)
{
    int n = 0;
    while (list != NULL && list[n] != NULL)
        n++;
    return n;
}

/* Bytes: enough for a product of these sizes to be cut along k. */
#define WORKSPACE "4194304"

/* Shapes that are run with shifted tensors. */
#define SHIFTED 2

/* How many ways there are to shift tensors: each one alone, then all of them. */
static int count_shifts(const check_op *cases)
{
    int n = 0;
    if (cases->aligned || cases->tensors == NULL) return 0;
    while (cases->tensors[n].field != NULL)
        n++;
    return n + (n > 1);
}

static int count_once(const check_op *cases)
{
    const int variants = count(cases->variants);
    return count(cases->shapes) + (variants > 1 ? variants - 1 : 0) + SHIFTED * count_shifts(cases);
}

int check_count_cases(cupel_op op)
{
    const check_op *cases = check_find_op(op);
    return count_once(cases) * (cases->products ? 2 : 1);
}

/* The order: every shape, every further variant of the first shape, the shifts; all of that again
 * with a workspace. */
void check_write_case(cupel_op op, int index, char text[CHECK_CASE_TEXT])
{
    const check_op *cases = check_find_op(op);
    const int shapes = count(cases->shapes), variants = count(cases->variants);
    const char *shape = cases->shapes[0], *shift = NULL;
    const bool workspace = index >= count_once(cases);
    int variant = 0;
    if (workspace) index -= count_once(cases);
    if (index < shapes) {
        shape = cases->shapes[index];
        variant = variants > 0 ? index % variants : 0;
    } else if (index - shapes < variants - 1) {
        variant = index - shapes + 1;
    } else {
        const int number = index - shapes - (variants > 1 ? variants - 1 : 0);
        const int tensor = number / SHIFTED;
        shape = cases->shapes[number % SHIFTED];
        shift = cases->tensors[tensor].field != NULL ? cases->tensors[tensor].field : "all";
    }
    const char *words[] = {cases->common, shape, variants > 0 ? cases->variants[variant] : NULL};
    int length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i] == NULL || words[i][0] == '\0') continue;
        length += snprintf(text + length, CHECK_CASE_TEXT - (size_t)length, "%s%s",
                           length > 0 ? " " : "", words[i]);
    }
    if (shift != NULL)
        length += snprintf(text + length, CHECK_CASE_TEXT - (size_t)length, " shift=%s", shift);
    if (workspace)
        snprintf(text + length, CHECK_CASE_TEXT - (size_t)length, " workspace=" WORKSPACE);
}
