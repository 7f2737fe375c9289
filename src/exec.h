/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an op sees beside its arguments: the control block, the rates, the state of the run. Read by C
 * and, in kernels/, by C++. */
#ifndef CUPEL_EXEC_H
#define CUPEL_EXEC_H

#include <cupel/device.h>

/* Parameter slices start at multiples of this many elements. */
#define CUPEL_SLICE 128
/* Slots of the results: the loss and the metrics. */
#define CUPEL_RESULTS (1 + CUPEL_MAX_METRICS)
/* Rows of the ring of rates. */
#define CUPEL_RATES 64

/* The host's values for one optimizer step, all computed in double. */
typedef struct cupel_rate {
    double rate;         /* learning rate, schedule included */
    double correction_1; /* 1 - beta_1^t */
    double correction_2; /* 1 - beta_2^t */
} cupel_rate;

/* How the update treats one tensor. */
typedef struct cupel_rule {
    double decay; /* weight decay */
} cupel_rule;

/* Which rows of those at control.x the next batch has. */
typedef enum cupel_route {
    CUPEL_ROUTE_ROWS = 0,     /* as they lie there: a batch that the host has put together */
    CUPEL_ROUTE_ORDERED = 1,  /* of a whole data set, from control.position on */
    CUPEL_ROUTE_SHUFFLED = 2  /* the same in the order of (seed, epoch) */
} cupel_route;

/* What an executable reads and writes beside its tensors: in the device's memory, so that a captured
 * step needs no host value. Ops and uploads write it in program order. */
typedef struct cupel_control {
    int64_t step;        /* optimizer steps done */
    int64_t seed;        /* the model's seed, as bits */
    int64_t row_offset;  /* of this batch in the step's global batch */
    int64_t rows;        /* of this batch */
    const void *x;       /* where the rows lie: [rows, features] of x_type; by route */
    const void *y;       /* [rows, targets] of y_type */
    const float *weights; /* [rows], or NULL for all 1 */
    double x_scale;
    int64_t x_type;      /* cupel_type */
    int64_t y_type;
    int64_t route;       /* cupel_route */
    int64_t data_rows;   /* of the whole data set; SHUFFLED */
    int64_t epoch;       /* SHUFFLED */
    int64_t position;    /* rows of the epoch before this batch; not for ROWS */
    const float *batch_weights; /* of this batch: [rows], or NULL for all 1; set by the op batch */
    uint32_t ticket[2];  /* counts the blocks of a CUDA kernel that have finished; 0 between kernels */
    int64_t seen;        /* rows in the sums below */
    double sum[CUPEL_RESULTS];   /* sum over the batches of value * rows */
    double value[CUPEL_RESULTS]; /* of the last batch: the loss, then the metrics */
} cupel_control;

/* The state of one run, handed to every op. */
typedef struct cupel_exec {
    cupel_device *device;
    struct cupel_queue *queue; /* of the device: where the run waits for its turn */
    int64_t threads;         /* of the CPU device's team */
    cupel_control *control;  /* in device memory */
    const cupel_rate *rates; /* [CUPEL_RATES], in device memory */
    void *scratch;           /* device memory, as large as the largest need */
    void *stream;            /* the CUDA device's: the model's cudaStream_t */
    void *workspace;         /* device memory of cuBLASLt's products, aligned to 256 bytes; NULL: the
                                CUDA device's own products do all */
    int64_t workspace_bytes;
    void *products;          /* the CUDA device's cupel_cuda_products, set by its run */
    cupel_precision precision; /* TF32 lets the CUDA device's products round their factors */
    uint64_t *branches;      /* where not NULL, the CPU's double ops mix a hash of every decision at a
                                kink (the sign at a ReLU, a clip) into it: see gradcheck */
} cupel_exec;

#endif
