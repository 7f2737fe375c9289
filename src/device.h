/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a device implements: the op tables, memory, copies, running. Devices run ops and know nothing
 * of layers; programs name a device only through this header. */
#ifndef CUPEL_DEVICE_TABLE_H
#define CUPEL_DEVICE_TABLE_H

#include "base/status.h"
#include "op.h"
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

/* What an executable reads and writes beside its tensors: in the device's memory, so that a captured
 * step needs no host value. Ops and uploads write it in program order. */
typedef struct cupel_control {
    int64_t step;        /* optimizer steps done */
    int64_t seed;        /* the model's seed, as bits */
    int64_t row_offset;  /* of this batch in the step's global batch */
    int64_t rows;        /* of this batch */
    const void *x;       /* where the batch lies: [rows, features] of x_type */
    const void *y;       /* [rows, features] of y_type */
    const float *weights; /* [rows], or NULL for all 1 */
    double x_scale;
    int64_t x_type;      /* cupel_type */
    int64_t y_type;
    int64_t seen;        /* rows in the sums below */
    double sum[CUPEL_RESULTS];   /* sum over the batches of value * rows */
    double value[CUPEL_RESULTS]; /* of the last batch: the loss, then the metrics */
} cupel_control;

/* The state of one run, handed to every op. */
typedef struct cupel_exec {
    cupel_device *device;
    int64_t threads;         /* of the CPU device's team */
    cupel_control *control;  /* in device memory */
    const cupel_rate *rates; /* [CUPEL_RATES], in device memory */
    void *scratch;           /* device memory, as large as the largest need */
    uint64_t *branches;      /* where not NULL, the CPU's double ops mix a hash of every decision at a
                                kink (the sign at a ReLU, a clip) into it: see gradcheck */
} cupel_exec;

/* One op of one device: run takes the op's argument struct; needs is NULL for NO_SCRATCH. */
typedef struct cupel_op_entry {
    cupel_status (*run)(cupel_exec *x, const void *args);
    int64_t (*needs)(const void *args);
} cupel_op_entry;

/* One op with its arguments bound. */
typedef struct cupel_call {
    const cupel_op_entry *entry;
    const void *args;
} cupel_call;

/* A kind of device. Memory, copies and runs of one exec happen in the order they were asked for. */
typedef struct cupel_backend {
    const char *kind; /* "cpu" */
    /* Fills the device's state and name for the given card; NO_DEVICE with the reason. */
    cupel_status (*open)(cupel_device *device, int64_t ordinal);
    void (*close)(cupel_device *device);
    cupel_status (*count)(int64_t *count);
    /* The op table for a precision, indexed by cupel_op; NULL where the device has none. */
    const cupel_op_entry *(*ops)(cupel_precision precision);
    /* Device memory, zeroed, aligned to 256 bytes. DEVICE_MEMORY (MEMORY on the CPU). */
    cupel_status (*allocate)(cupel_device *device, int64_t bytes, void **pointer);
    void (*release)(cupel_device *device, void *pointer, int64_t bytes);
    /* Copies from and to host memory; download waits for what was asked before. */
    cupel_status (*upload)(cupel_device *device, void *to, const void *from, int64_t bytes);
    cupel_status (*download)(cupel_device *device, void *to, const void *from, int64_t bytes);
    /* Runs the calls in order; stops at the first failure. */
    cupel_status (*run)(cupel_exec *x, const cupel_call *calls, int64_t count);
    cupel_status (*synchronize)(cupel_device *device);
} cupel_backend;

#define CUPEL_DEVICE_NAME_TEXT 128

struct cupel_device {
    const cupel_backend *backend;
    int64_t ordinal;
    _Atomic int64_t users;   /* the opener and each model and tensor */
    _Atomic int64_t threads; /* 0: one a core */
    _Atomic int64_t bytes;   /* allocated now: the memory plan is tested against it */
    char name[CUPEL_DEVICE_NAME_TEXT];
    void *state; /* the backend's own */
};

extern const cupel_backend cupel_cpu_backend;

/* Counts users; the last one closes the device. */
void cupel_device_retain(cupel_device *device);
void cupel_device_release(cupel_device *device);

/* The backend's calls, with device->bytes kept; free takes NULL. */
cupel_status cupel_device_alloc(cupel_device *device, int64_t bytes, void **pointer);
void cupel_device_free(cupel_device *device, void *pointer, int64_t bytes);

#endif
