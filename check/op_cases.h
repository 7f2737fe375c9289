/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a family's table says of an op: which arguments it is run with, how its inputs are made, and
 * how far its outputs may be from the reference. All else follows from the row of ops.def.
 *
 * Arguments are written as words, name=value: "rows=31 n=257 activation=gelu z=null". Names:
 *
 *     a field of the op    its value; for a tensor: null, or the tensor whose memory it shares
 *
 *     seed step row_offset weights    of the control block; weights=1 gives each sample a weight
 *     x_type y_type x_scale           of the control block, for the op that brings a batch; a type
 *                                     says that there are such rows
 *     route position epoch data_rows  the same; data_rows: those in memory, where they are more
 *                                     than the batch has
 *     skipped                         elements before those rows, in the same memory
 *     workspace                       bytes that cuBLASLt may use; without it is not asked
 *     special                         1 puts NaN, infinities and zeros into the first tensor
 *     shift                           the tensor, or all, that begins one element off its alignment
 *
 * Values are numbers and the names of activations, flavours and element types. */
#ifndef CUPEL_CHECK_OP_CASES_H
#define CUPEL_CHECK_OP_CASES_H

#include "op_fields.h"
#include <stdbool.h>
#include <stddef.h>

/* How the elements of an input are made. */
typedef enum check_fill {
    CHECK_NO_FILL,      /* the tensor is no input */
    CHECK_NORMAL,       /* the normal distribution */
    CHECK_LOGITS,       /* 4 times the normal distribution, and rows of a common offset */
    CHECK_UNIFORM,      /* [0.02, 0.98) */
    CHECK_EDGES,        /* [0, 1], a quarter of them 0, 1 or 2^-10 from them */
    CHECK_SCORES,       /* CHECK_LOGITS where from_logits is set, else CHECK_EDGES */
    CHECK_BITS,         /* 0 or 1 */
    CHECK_TIES,         /* the normal distribution in steps of 1/2: many are equal */
    CHECK_DISTRIBUTION, /* rows of n that add up to 1 */
    CHECK_LABELS,       /* int32 below n */
    CHECK_BEST_LABELS,  /* the same; in two rows of three the place of the first tensor's maximum */
    CHECK_BEST_TARGETS, /* in steps of 1/2; in two rows of three the maximum stands there; NaN */
    CHECK_SLICES,       /* a parameter array: the normal distribution, 0 in the padding */
    CHECK_SQUARES,      /* the same, squared */
    CHECK_BLOCKS,       /* int32: to which of tensors each of blocks belongs */
    CHECK_RULES         /* cupel_rule */
} check_fill;

/* What an element may be off, in units of which size; the size is computed in double. */
typedef enum check_measure {
    CHECK_NO_GATE,  /* the tensor is no output */
    CHECK_EXACT,    /* the reference, rounded once */
    CHECK_RELATIVE, /* |y| */
    CHECK_SUMS,     /* for what is linear: the same op on absolute values, or |y| if that is more */
    CHECK_COLUMNS,  /* for sums over the rows of the first tensor: the sums of its sizes */
    CHECK_SMOOTH    /* |y| + sum |x dy/dx| over the inputs: what their relative errors come to */
} check_measure;

/* |y - reference| <= tau size + rounding |reference|, with the rounding of the element type. */
typedef struct check_gate {
    check_measure measure;
    double tau;      /* for arithmetic in float */
    double tau_bf16; /* where it differs for a bf16 table: what is rounded on the way */
    double plus;     /* added to the size: what is of that size on the way */
    double plus_cpu; /* the same, on the CPU device alone */
    bool at_label;   /* more at the label, where close numbers are subtracted */
} check_gate;

typedef struct check_tensor {
    const char *field;
    const char *size; /* names of fields and numbers, multiplied: "rows n" */
    check_fill fill;
    check_gate gate;
} check_tensor;

/* Lists end with NULL. Every shape is run with one variant, the first one with all of them. The
 * first two, whose rows are of a multiple of 16 elements, are run with each tensor of the first
 * variant shifted. */
typedef struct check_op {
    const check_tensor *tensors; /* ends with a NULL field */
    const char *const *shapes;   /* at least CHECK_LEAST_SHAPES */
    const char *const *variants; /* NULL: none */
    const char *common;          /* words of every case, before the others; or NULL */
    bool aligned;                /* its arrays are slices, which are never shifted */
    bool products;               /* all cases come twice: without a workspace and with one */
} check_op;

#define CHECK_LEAST_SHAPES 20
/* Small enough for every element to be checked for races. */
#define CHECK_MOST_ELEMENTS 200000

/* Half a unit in the last place of float, relative to the largest number that has it. */
#define CHECK_ULP 0x1p-24

/* The lists of a row of a table. */
/* clang-format off */
#define CHECK_WORDS(...) (const char *const[]){__VA_ARGS__, NULL}
#define CHECK_TENSORS(...) (const check_tensor[]){__VA_ARGS__, {.field = NULL}}
/* clang-format on */

/* Shapes of what works by row: rows of n elements, n named as the op names it. */
#define CHECK_ROW_SHAPES(n)                                                                    \
    "rows=64 " n "=48", "rows=2 " n "=16400", "rows=1 " n "=1", "rows=2 " n "=2",              \
        "rows=31 " n "=31", "rows=257 " n "=1", "rows=1 " n "=257", "rows=257 " n "=33",       \
        "rows=31 " n "=257", "rows=1000 " n "=10", "rows=130 " n "=130", "rows=33 " n "=515",  \
        "rows=2049 " n "=5", "rows=10007 " n "=1", "rows=10007 " n "=3", "rows=1 " n "=10007", \
        "rows=3 " n "=10007", "rows=65537 " n "=1", "rows=65537 " n "=3", "rows=7 " n "=1000", \
        "rows=5 " n "=1030", "rows=64 " n "=784", "rows=3 " n "=16384", "rows=3 " n "=16385",  \
        "rows=3 " n "=50000"

/* Numbers of elements, or rows, of what knows no rows, or nothing of their length. */
#define CHECK_COUNTS(count)                                                                       \
    count "=3072", count "=4096", count "=1", count "=2", count "=3", count "=5", count "=7",     \
        count "=8", count "=31", count "=32", count "=33", count "=255", count "=256",            \
        count "=257", count "=1000", count "=1023", count "=2047", count "=4099", count "=10007", \
        count "=65536", count "=65537", count "=100003", count "=196611"

/* The tables of the families; a row of another family is empty. */
extern const check_op check_dense_ops[CUPEL_OP_COUNT];
extern const check_op check_element_ops[CUPEL_OP_COUNT];
extern const check_op check_loss_ops[CUPEL_OP_COUNT];
extern const check_op check_metric_ops[CUPEL_OP_COUNT];
extern const check_op check_update_ops[CUPEL_OP_COUNT];
extern const check_op check_batch_ops[CUPEL_OP_COUNT];

/* The op's row in one of the tables, or NULL. */
const check_op *check_find_op(cupel_op op);

/* The number of its cases, and the words of one of them. */
int check_count_cases(cupel_op op);
#define CHECK_CASE_TEXT 320
void check_write_case(cupel_op op, int index, char text[CHECK_CASE_TEXT]);

#endif
