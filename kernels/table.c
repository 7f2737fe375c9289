/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The op tables of the CUDA device, one a precision. */
#include "table.h"

#define CUDA(name) cupel_cuda_f32_##name
#include "table_rows.h"
#undef CUDA

#define CUDA(name) cupel_cuda_bf16_##name
#include "table_rows.h"
#undef CUDA
