/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What brings a batch into the model. The scale is rounded to float, then the product. */
#include "op_cases.h"

/* Batches of a whole data set: in order, and in the order of an epoch. The sizes of the data set are
 * those around the smallest and larger powers of two; a batch is all of it, or begins within. */
#define ROUTES                                                                                \
    "rows=1 features=1 route=2 data_rows=1", "rows=2 features=3 route=2 data_rows=2",         \
        "rows=2 features=1 route=2 data_rows=2 epoch=1 seed=123456789123",                    \
        "rows=3 features=2 route=2 data_rows=3", "rows=3 features=5 route=2 epoch=2 data_rows=3", \
        "rows=10 features=4 route=2 data_rows=10",                                            \
        "rows=10 features=4 route=2 data_rows=10 epoch=4294967296 seed=-1",                   \
        "rows=257 features=3 route=2 data_rows=257 targets=3",                                \
        "rows=257 features=16 route=2 data_rows=257 epoch=3",                                 \
        "rows=256 features=1 route=2 data_rows=256 epoch=1",                                  \
        "rows=10007 features=1 route=2 data_rows=10007 targets=2",                            \
        "rows=10007 features=3 route=2 data_rows=10007 epoch=7",                              \
        "rows=1000 features=33 route=2 data_rows=3001 position=2001 epoch=5 targets=5",       \
        "rows=65537 features=1 route=2 data_rows=65537",                                      \
        "rows=65537 features=2 route=2 data_rows=65537 epoch=1",                              \
        "rows=65536 features=1 route=2 data_rows=65536 epoch=4 seed=3",                       \
        "rows=64 features=784 route=2 data_rows=257 position=193 epoch=1 targets=10",         \
        "rows=2 features=16384 route=2 data_rows=3 position=1", "rows=1 features=1 route=1",  \
        "rows=7 features=3 route=1 data_rows=10 position=3 targets=3",                        \
        "rows=64 features=48 route=1 data_rows=257 position=193",                             \
        "rows=4099 features=4 route=1 data_rows=10007 position=4099",                         \
        "rows=33 features=515 route=1 data_rows=40 position=7 targets=31",                    \
        "rows=2 features=16385 route=1 data_rows=3 position=1"

/* More than a number a row to learn. */
#define TARGETS                                                                               \
    "rows=64 features=8 targets=48", "rows=31 features=1 targets=31",                         \
        "rows=3 features=2 targets=10007", "rows=257 features=3 targets=33",                  \
        "rows=5 features=1030 targets=1030", "rows=2049 features=2 targets=5",                \
        "rows=2 features=16384 targets=16384"

const check_op check_batch_ops[CUPEL_OP_COUNT] = {
    [CUPEL_OP_batch] =
        {.tensors = CHECK_TENSORS({"x", "rows features", .gate.measure = CHECK_RELATIVE,
                                   .gate.tau = 2 * CHECK_ULP},
                                  {"target", "rows targets", .gate.measure = CHECK_RELATIVE,
                                   .gate.tau = CHECK_ULP},
                                  {"label", "rows targets", .gate.measure = CHECK_EXACT},
                                  {"weight", "rows", .gate.measure = CHECK_EXACT}),
         .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("features"), TARGETS, ROUTES),
         .variants = CHECK_WORDS(
             "x_type=float32 y_type=float32 label=null weights=1",
             "x_type=uint8 x_scale=0.00392156862745098 y_type=uint8 target=null",
             "x_type=float64 x_scale=3 y_type=int32 target=null weights=1",
             "x_type=int32 y_type=float64 label=null",
             "x_type=int64 y_type=uint8 label=null skipped=5 weights=1",
             "x_type=uint8 y_type=int64 target=null skipped=7",
             "x_type=float32 x_scale=0.1 y_type=int32 label=null skipped=1",
             "x_type=int64 x_scale=1e-6 y_type=uint8 target=null skipped=3 weights=1",
             "x_type=float32 target=null label=null weights=1",
             "x_type=uint8 x_scale=0.5 target=null label=null",
             "x=null y_type=int64 label=null weights=1"),
         .common = "targets=1"},
};
