/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "model_gates.h"

/* Loss: the mean over samples of what comes out of a few sums, 2e-6 in float32, and in the others
 * as tau. tau and square are those of one product of matrices: in float32 1e-6 and 1e-11, with
 * factors in TF32 1e-3 and 3e-7, in bf16 8e-3 and 1e-5. In float32 that is enough for a gradient.
 * In the others it has the errors of the products before it as well (two on the way forward, one on
 * the way back), and ReLUs that have changed sides with them: 4 tau; and where a gradient is what
 * samples that pull both ways have left, it is small beside its error: 100 square. Steps that run
 * on: 1e-4, 1e-2, 3e-2, as their errors add up. */
const check_model_gates check_model_gate[CHECK_MODEL_PRECISIONS] = {
    {CUPEL_PRECISION_FLOAT32, "float32", 2e-6, 1e-6, 1e-11, 1e-4},
    {CUPEL_PRECISION_TF32, "tf32", 1e-3, 4e-3, 3e-5, 1e-2},
    {CUPEL_PRECISION_BFLOAT16, "bfloat16", 8e-3, 3.2e-2, 1e-3, 3e-2},
};
