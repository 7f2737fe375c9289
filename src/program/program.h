/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A network compiled for one device and precision: graphs, memory, executables. One model can have
 * several programs (gradcheck makes a float64 twin on the CPU). */
#ifndef CUPEL_PROGRAM_PROGRAM_H
#define CUPEL_PROGRAM_PROGRAM_H

#include "device.h"
#include "losses/loss_type.h"
#include "metrics/metric_type.h"
#include "optimizers/optimizer_type.h"
#include "program/network.h"
#include <cupel/model.h>

/* What compile was asked for, checked and with every default filled in. loss is NULL for a model
 * that is for inference only. */
typedef struct cupel_settings {
    const cupel_loss_type *loss;
    bool from_logits;
    double label_smoothing;
    const cupel_optimizer_type *optimizer_type;
    cupel_optimizer optimizer;
    const cupel_metric_type *metrics[CUPEL_MAX_METRICS];
    int64_t metric_count;
    cupel_precision asked;     /* as the caller said */
    cupel_precision precision; /* as the device computes: one of the backend's precisions */
    cupel_flavour flavour;
} cupel_settings;

/* Checks a compile config against a network. */
cupel_status cupel_settings_resolve(const cupel_compile_config *config, const cupel_network *network,
                                    const cupel_device *device, cupel_settings *settings);

/* What runs; each is a selection of the parts of one of the two graphs. */
typedef enum cupel_segment {
    CUPEL_SEGMENT_STEP,        /* forward, backward, update: reports nothing */
    CUPEL_SEGMENT_STEP_LOSS,   /* the same with the batch's loss */
    CUPEL_SEGMENT_STEP_REPORT, /* the same with loss and metrics, into the sums */
    CUPEL_SEGMENT_GRADIENTS,   /* forward, backward, loss */
    CUPEL_SEGMENT_UPDATE,
    CUPEL_SEGMENT_LOSS,    /* the training graph's forward and loss: for gradcheck */
    CUPEL_SEGMENT_EVAL,    /* the inference graph's forward, loss and metrics, into the sums */
    CUPEL_SEGMENT_PREDICT, /* the inference graph's forward */
    CUPEL_SEGMENT_MIRROR,  /* the mirror of the weights; programs run it themselves */
    CUPEL_SEGMENT_COUNT
} cupel_segment;

/* A batch in memory: the host's, or the device's. The host's may be reused when the run returns. In
 * the device's memory it can be part of a whole data set, by the route. */
typedef struct cupel_feed {
    int64_t rows;
    bool on_device;
    cupel_route route;
    int64_t data_rows; /* for the route; see cupel_control */
    int64_t epoch;
    int64_t position;
    const void *x;
    const void *y;
    const float *weights; /* NULL: all 1 */
    cupel_type x_type;
    cupel_type y_type;
    double x_scale;
} cupel_feed;

#define CUPEL_EXECUTABLES 8

/* The ops of one segment with their arguments bound for a number of rows, and what the device made of
 * so many steps of it. */
typedef struct cupel_executable {
    cupel_segment segment;
    int64_t rows; /* 0: unused */
    int64_t steps;
    cupel_replay replay;
    int64_t used; /* when, for dropping the least recently used */
    cupel_call *calls;
    int64_t call_count;
    uint64_t *words;
} cupel_executable;

typedef struct cupel_program {
    cupel_device *device;
    cupel_queue queue;
    const cupel_network *network; /* borrowed from the model */
    const cupel_op_entry *ops;
    cupel_settings settings;
    uint64_t seed;
    int64_t real_size; /* bytes of an element of activations, and of the mirror */
    int64_t acc_size;  /* of parameters, results, and what goes from and to the host */
    bool mirrored;     /* the weights have a mirror: real is narrower than acc */

    cupel_graph train; /* empty for inference only */
    cupel_graph infer;
    cupel_value infer_output;

    /* Device memory. base[home] is NULL until the first call that needs it. */
    void *base[CUPEL_HOME_COUNT];
    int64_t bytes[CUPEL_HOME_COUNT];
    cupel_control *control;
    cupel_rate *rates;
    void *scratch;
    int64_t scratch_bytes;
    void *workspace; /* of the device's products */
    void *slots;     /* where batches of the host arrive; NULL until the first one, and on the CPU */
    int64_t slot_bytes; /* of each */
    bool streams;       /* batches of the host have come */
    int64_t train_rows; /* the batch sizes that the arena is planned for */
    int64_t infer_rows;

    /* The host's side of the control block. */
    int64_t feeds;       /* how often it was told where a batch lies */
    int64_t step;        /* optimizer steps done */
    int64_t rates_until; /* the ring holds the rates of steps before this one */
    double learning_rate;
    bool have_gradients;
    bool mirror_stale; /* the host has written weights since the mirror was made */
    cupel_control glance; /* the sums that came last, for cupel_program_glance */
    uint64_t *branches; /* see cupel_exec; set by gradcheck */

    cupel_executable executables[CUPEL_EXECUTABLES];
    int64_t clock;
} cupel_program;

/* Builds the graphs and takes no device memory. network and device must outlive the program. */
cupel_status cupel_program_create(const cupel_network *network, cupel_device *device,
                                  const cupel_settings *settings, uint64_t seed,
                                  cupel_program **program);
/* Takes NULL. */
void cupel_program_free(cupel_program *program);

/* Makes sure that the weights' memory is there (zero at first). */
cupel_status cupel_program_need_weights(cupel_program *program);

/* The memory plan for a batch size. */
cupel_status cupel_program_memory(const cupel_program *program, int64_t batch, cupel_memory *memory);

/* Takes what memory a segment needs for batches of up to so many rows. */
cupel_status cupel_program_reserve(cupel_program *program, cupel_segment segment, int64_t rows);

/* Runs a segment; feed is NULL for UPDATE. Takes what memory the batch needs first. */
cupel_status cupel_program_run(cupel_program *program, cupel_segment segment, const cupel_feed *feed);

/* The same where the device knows the rows, so that a step needs nothing of the host: place tells it
 * where a data set in its memory goes on, and each of the steps, which are at most CUPEL_RATES, takes
 * the next rows. Only a segment that trains or that has a part in the sums moves on. */
cupel_status cupel_program_place(cupel_program *program, const cupel_feed *feed);
cupel_status cupel_program_repeat(cupel_program *program, cupel_segment segment, int64_t rows,
                                  int64_t steps);

/* The loss of the last batch; waits. */
cupel_status cupel_program_loss(cupel_program *program, double *loss);
/* Sets the sums to 0. */
cupel_status cupel_program_reset_sums(cupel_program *program);
/* The means over the batches since then, loss first and then the metrics, 1 + metric_count of them,
 * and the rows seen; waits. */
cupel_status cupel_program_means(cupel_program *program, double *means, int64_t *seen);
/* The same without waiting, as they were at a time since the last reset that a call before chose; all 0
 * until there are any. */
cupel_status cupel_program_glance(cupel_program *program, double *means, int64_t *seen);
/* Reads and restores the sums, for an evaluation in the middle of an epoch. */
cupel_status cupel_program_save_sums(cupel_program *program, cupel_control *saved);
cupel_status cupel_program_restore_sums(cupel_program *program, const cupel_control *saved);
/* Copies the output of the last PREDICT or EVAL, rows samples of it, to out; waits. */
cupel_status cupel_program_output(cupel_program *program, int64_t rows, void *out);

/* Reads and writes one parameter of one array (WEIGHTS, GRADIENTS, MOMENT_1, ...) in the program's
 * element type. */
cupel_status cupel_program_read(cupel_program *program, cupel_home home, int64_t index, void *values);
cupel_status cupel_program_write(cupel_program *program, cupel_home home, int64_t index,
                                 const void *values);
/* The same as double, whatever the program's type. */
cupel_status cupel_program_read_double(cupel_program *program, cupel_home home, int64_t index,
                                       double *values);
cupel_status cupel_program_write_double(cupel_program *program, cupel_home home, int64_t index,
                                        const double *values);
/* Reads and writes a whole flat array, network->elements of the program's element type: for keeping
 * the best weights. */
cupel_status cupel_program_read_all(cupel_program *program, cupel_home home, void *values);
cupel_status cupel_program_write_all(cupel_program *program, cupel_home home, const void *values);

/* Replaces the base learning rate from the next step on. */
void cupel_program_set_learning_rate(cupel_program *program, double learning_rate);
/* The learning rate of the next step. */
double cupel_program_learning_rate(const cupel_program *program);

#endif
