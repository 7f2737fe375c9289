/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a data set is inside: rows in host memory, or a function that makes them, or a view. */
#ifndef CUPEL_DATA_DATASET_H
#define CUPEL_DATA_DATASET_H

#include "base/status.h"
#include <cupel/dataset.h>
#include <pthread.h>

struct cupel_dataset {
    _Atomic int64_t users; /* the opener, each view, each running call */
    int64_t rows;
    cupel_shape x_shape; /* rank 0: the input shape of the model that uses it */
    cupel_shape y_shape; /* rank 0: one number a row */
    cupel_type x_type;
    cupel_type y_type;
    bool has_y;
    double scale; /* 1 where the config said 0 */
    bool allow_nan;

    /* Rows in memory: NULL for a source and for a view. */
    const void *x;
    const void *y;
    const float *weights; /* NULL: all 1 */
    void *owned_x;        /* freed with the data set; NULL where memory is borrowed */
    void *owned_y;

    /* Rows that a function makes: fill is NULL for the other kinds. */
    cupel_source source;
    pthread_mutex_t source_lock;

    /* Rows [first, first + rows) of a parent; NULL for the other kinds. */
    cupel_dataset *parent;
    int64_t first;

    /* Class names of a CSV file. */
    int64_t classes;
    char **class_names; /* one block: the pointers, then the bytes they point to; NULL for a view */
};

/* Makes an empty data set with one user; the caller fills it in. */
cupel_status cupel_dataset_make(cupel_dataset **dataset);
void cupel_dataset_retain(const cupel_dataset *dataset);
void cupel_dataset_release(const cupel_dataset *dataset);

/* Checks the rows, shapes, types and scale that a user gave, as stored in the data set, and turns a
 * scale of 0 into 1. who names the config in the sentence. ARGUMENT. */
cupel_status cupel_dataset_describe(cupel_dataset *dataset, const char *who);
/* The same for a scale alone. */
cupel_status cupel_dataset_check_scale(double scale, const char *who);

/* Elements of one row of y. */
int64_t cupel_dataset_y_count(const cupel_dataset *dataset);

/* Writes count named rows as they are stored: x (x_count elements a row) always, y and weights
 * where not NULL (weights: 1 where the data set has none). Checks nothing. A source's failure is
 * returned. */
cupel_status cupel_dataset_gather(const cupel_dataset *dataset, const int64_t *rows, int64_t count,
                                  int64_t x_count, void *x, void *y, float *weights);

/* Whether any row of the data set (or its parent) carries a sample weight. */
bool cupel_dataset_weighted(const cupel_dataset *dataset);

#endif
