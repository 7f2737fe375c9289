/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reads the golden vectors of golden/: text, one line a statement, words parted by one space, lines
 * that begin with # are remarks. The statements:
 *
 *     flavour keras|torch
 *     only float64                        where float32 cannot be right
 *     input <dims>                        of one sample
 *     layer <kind> {<field> <value>}      in order; fields as in cupel_layer
 *     loss <kind> {<field> <value>}       from_logits, label_smoothing
 *     optimizer <kind> {<field> <value>}  fields as in cupel_optimizer; those not given are
 * defaults schedule cosine {<field> <value>}   fields as in cupel_schedule metrics <names> rows
 * <count>                        of the data set batch <count>                       of a step,
 * where it is not all rows tensor <name> float64|float32|int32 <dims> end
 *
 * After a tensor line stand its numbers, row-major, in C99's hexadecimal form or as integers.
 * Tensors: x, y and sample_weight are the data; output and scores what the network gives for them
 * at first; before.<parameter>, gradient.<parameter> and after_<steps>.<parameter> the weights
 * before the training, the gradients of its first batch and the weights after some steps; loss the
 * loss of each step, before it. Step k takes the k-th batch, from the start again after the last.
 */
#ifndef CUPEL_TESTS_GOLDEN_H
#define CUPEL_TESTS_GOLDEN_H

#include <cupel/cupel.h>

#define GOLDEN_LAYERS 32
#define GOLDEN_TENSORS 96
#define GOLDEN_NAME 48

typedef struct golden_tensor {
    char name[GOLDEN_NAME];
    cupel_type type; /* FLOAT64, FLOAT32 or INT32 */
    cupel_shape shape;
    int64_t count;
    double *values;
} golden_tensor;

typedef struct golden {
    cupel_shape input;
    cupel_layer layers[GOLDEN_LAYERS];
    int64_t layer_count;
    cupel_compile_config compile; /* all but the precision */
    bool only_float64;
    int64_t rows;
    int64_t batch;
    golden_tensor tensors[GOLDEN_TENSORS];
    int64_t tensor_count;
    char error[256]; /* what is wrong with the file, with its line */
} golden;

/* Reads a file; false with an error. Call golden_free in either case. */
bool golden_read(const char *path, golden *vectors);
/* A tensor by its name; NULL where there is none. */
const golden_tensor *golden_find(const golden *vectors, const char *name);
void golden_free(golden *vectors);

/* What golden_each does with a file. */
typedef void golden_visit(void *user, const char *file, const golden *vectors);
/* Reads the files of a folder in the order of their names and calls visit for each; returns how
 * many there are. Fails the test where one cannot be read. */
int golden_each(const char *folder, golden_visit *visit, void *user);

#endif
