/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What brings a batch into the model. The scale is rounded to float, then the product. */
#include "op_cases.h"

const check_op check_batch_ops[CUPEL_OP_COUNT] = {
    [CUPEL_OP_input] = {.tensors =
                            CHECK_TENSORS({"y", "rows features", .gate.measure = CHECK_RELATIVE,
                                           .gate.tau = 2 * CHECK_ULP}),
                        .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("features")),
                        .variants = CHECK_WORDS(
                            "x_type=float32", "x_type=uint8 x_scale=0.00392156862745098",
                            "x_type=float64 x_scale=3", "x_type=int32", "x_type=int64",
                            "x_type=uint8 skipped=7", "x_type=float32 x_scale=0.1 skipped=1",
                            "x_type=int64 x_scale=1e-6 skipped=3")},
    [CUPEL_OP_targets] = {.tensors =
                              CHECK_TENSORS({"y", "rows features", .gate.measure = CHECK_RELATIVE,
                                             .gate.tau = CHECK_ULP}),
                          .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("features")),
                          .variants =
                              CHECK_WORDS("y_type=float32", "y_type=float64",
                                          "y_type=uint8 skipped=5", "y_type=int32 skipped=1",
                                          "y_type=int64 skipped=1", "y_type=float32 skipped=3")},
    [CUPEL_OP_labels] = {.tensors = CHECK_TENSORS({"y", "rows", .gate.measure = CHECK_EXACT}),
                         .shapes = CHECK_WORDS(CHECK_COUNTS("rows")),
                         .variants =
                             CHECK_WORDS("y_type=uint8", "y_type=int32", "y_type=int64",
                                         "y_type=uint8 skipped=3", "y_type=int32 skipped=1")},
};
