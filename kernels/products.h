/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The matrix products of one model by cuBLASLt: its handle, and a plan of every product that it has
 * been asked for. What cuBLASLt is not there for, or refuses, is left to the caller, who has
 * cupel's own product in gemm.cuh. Read by C++ and by C. */
#ifndef CUPEL_PRODUCTS_H
#define CUPEL_PRODUCTS_H

#include "gemm.cuh"
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Used by one thread at a time, on the card that is selected when it is opened. */
typedef struct cupel_cuda_products cupel_cuda_products;

/* *products is NULL where this machine has no cuBLASLt: a warning is logged, and cupel's own
 * product does all. */
cupel_status cupel_cuda_products_open(cupel_cuda_products **products);

/* Takes NULL. What has been captured into graphs stays valid. */
void cupel_cuda_products_close(cupel_cuda_products *products);

/* A product, and what may follow it in one kernel. */
typedef struct cupel_product {
    cupel_gemm gemm;
    cupel_type type;  /* of a and b: FLOAT32 or BFLOAT16 */
    const void *bias; /* [n] of c's type, added to each row of c, or NULL */
    bool relu;        /* c = max(c, 0), after the bias, without which there is none */
    const char *op;   /* named in errors */
} cupel_product;

typedef enum cupel_product_done {
    CUPEL_PRODUCT_REFUSED, /* nothing has been done */
    CUPEL_PRODUCT_PLAIN,   /* c = a b without what follows */
    CUPEL_PRODUCT_WHOLE
} cupel_product_done;

/* Starts the product on the stream of the run, with its workspace, without which all is refused, and
 * its precision. The first call for a
 * shape chooses an algorithm, always the same one, and keeps it. While the stream is captured
 * nothing is chosen: a shape that has not been run before is refused. */
cupel_status cupel_cuda_product(const cupel_exec *x, const cupel_product *product,
                                cupel_product_done *done);

#ifdef __cplusplus
}
#endif

#endif
