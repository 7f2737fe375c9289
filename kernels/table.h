/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef CUPEL_CUDA_TABLE_H
#define CUPEL_CUDA_TABLE_H

#include "device.h"

extern const cupel_op_entry cupel_cuda_f32_ops[CUPEL_OP_COUNT];
extern const cupel_op_entry cupel_cuda_bf16_ops[CUPEL_OP_COUNT];

#endif
