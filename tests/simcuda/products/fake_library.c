/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A library with the symbols of cuBLASLt that cupel looks for; with LACKS_ONE the last one is not
 * there. */
#include <stddef.h>

#define FUNCTION(name)                                                                             \
    size_t cublasLt##name(void);                                                                   \
    size_t cublasLt##name(void)                                                                    \
    {                                                                                              \
        return VERSION;                                                                            \
    }

FUNCTION(GetVersion)
FUNCTION(GetStatusName)
FUNCTION(Create)
FUNCTION(Destroy)
FUNCTION(MatmulDescCreate)
FUNCTION(MatmulDescDestroy)
FUNCTION(MatmulDescSetAttribute)
FUNCTION(MatrixLayoutCreate)
FUNCTION(MatrixLayoutDestroy)
FUNCTION(MatrixLayoutSetAttribute)
FUNCTION(MatmulPreferenceCreate)
FUNCTION(MatmulPreferenceDestroy)
FUNCTION(MatmulPreferenceSetAttribute)
FUNCTION(MatmulAlgoGetHeuristic)
#ifndef LACKS_ONE
FUNCTION(Matmul)
#endif
