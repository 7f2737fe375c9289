/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where samples come from. A data set may be used by any number of models; freeing one that is in
 * use ends it with its last user. All data here are in host memory. */
#ifndef CUPEL_DATASET_H
#define CUPEL_DATASET_H

#include <cupel/status.h>
#include <cupel/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cupel_dataset cupel_dataset;

/* Samples in the caller's memory, which is borrowed until cupel_dataset_free. */
typedef struct cupel_arrays {
    const void *x;              /* [rows, x_shape...] of x_type */
    const void *y;              /* [rows, y_shape...] of y_type; NULL for predict_dataset alone */
    int64_t rows;               /* at least 1 */
    cupel_shape x_shape;        /* left zero: the input shape of the model that uses it */
    cupel_shape y_shape;        /* left zero: one number a row */
    cupel_type x_type;          /* FLOAT32, FLOAT64 or UINT8 */
    cupel_type y_type;          /* any but BFLOAT16; class numbers are UINT8, INT32 or INT64 */
    const float *sample_weight; /* [rows], each finite and at least 0; NULL: all 1 */
    double scale;               /* x is multiplied by this; 0 means 1 */
    bool allow_nan;             /* do not look for NaN and infinity in x and y */
} cupel_arrays;

/* A data set around arrays. The struct is copied, the arrays are not: their samples are checked when a
 * call gathers them, the weights at once. ARGUMENT, DATA (a weight), MEMORY. */
CUPEL_API cupel_status cupel_dataset_from_arrays(const cupel_arrays *arrays, cupel_dataset **dataset);

typedef struct cupel_idx_config {
    double scale; /* x is multiplied by this; 0 means 1 */
} cupel_idx_config;

/* Reads an IDX pair (the format of MNIST), plain or gzip by its content: images of unsigned bytes
 * [rows, dims...] and labels of unsigned bytes [rows]. The bytes stay bytes in memory. NULL for
 * labels gives data without targets; a NULL config is all defaults. IO, FORMAT, MEMORY, UNSUPPORTED
 * (gzip without zlib). */
CUPEL_API cupel_status cupel_dataset_open_idx(const char *images, const char *labels,
                                              const cupel_idx_config *config, cupel_dataset **dataset);

typedef struct cupel_csv_config {
    const char *target;             /* the target column's name, or its number from 0; NULL: the last */
    bool no_header;                 /* the first line holds data */
    char separator;                 /* 0 means ',' */
    bool classify;                  /* the target is a class: int32 targets for the sparse loss */
    const char *const *class_names; /* classify: the names in order of their number, NULL at the end;
                                       NULL: numbers as they stand if all are, then integers from 0,
                                       else names numbered in the order of their bytes */
    bool allow_nan;                 /* accept nan, inf and empty fields (as nan) */
} cupel_csv_config;

/* Reads a CSV file (RFC 4180; LF, CRLF or CR; a byte-order mark and a missing last newline are fine)
 * of numbers as float32: every column but the target is a feature. Reading does not depend on the
 * locale. The file may be compressed by gzip. An error names the line and the column, both counted
 * from 1. A NULL config is all defaults. IO, FORMAT, DATA, MEMORY, UNSUPPORTED. */
CUPEL_API cupel_status cupel_dataset_open_csv(const char *path, const cupel_csv_config *config,
                                              cupel_dataset **dataset);

/* The number of classes of a CSV file read with .classify, else 0. */
CUPEL_API int64_t cupel_dataset_classes(const cupel_dataset *dataset);

/* The name of a class read from a CSV file, as it stood there; owned by the data set. */
CUPEL_API cupel_status cupel_dataset_class_name(const cupel_dataset *dataset, int64_t index,
                                                const char **name);

/* Samples that a function makes. */
typedef struct cupel_source {
    /* Writes the named rows, count of them in that order, to x [count, x_shape...] and y. One thread
     * at a time calls it, not always the caller's. Another status than CUPEL_OK ends the work with
     * that status. */
    cupel_status (*fill)(void *user, const int64_t *rows, int64_t count, void *x, void *y);
    void *user;
    int64_t rows;        /* at least 1 */
    cupel_shape x_shape; /* left zero: the input shape of the model that uses it */
    cupel_shape y_shape; /* left zero: one number a row */
    cupel_type x_type;   /* FLOAT32, FLOAT64 or UINT8 */
    cupel_type y_type;   /* FLOAT32, FLOAT64, UINT8, INT32 or INT64 */
    double scale;        /* x is multiplied by this; 0 means 1 */
    bool allow_nan;      /* do not look for NaN and infinity */
} cupel_source;

/* A data set of what a function makes. The struct is copied; user stays the caller's. ARGUMENT,
 * MEMORY. */
CUPEL_API cupel_status cupel_dataset_from_source(const cupel_source *source, cupel_dataset **dataset);

/* Two views of a data set: last holds the last rows, floor(rows * fraction) or one more, as Keras's
 * validation_split counts; first the others. Each is freed on its own; all may be freed first.
 * fraction is in (0, 1), and neither part may be empty. */
CUPEL_API cupel_status cupel_dataset_split(cupel_dataset *all, double fraction, cupel_dataset **first,
                                           cupel_dataset **last);

/* The number of samples; 0 for NULL. */
CUPEL_API int64_t cupel_dataset_rows(const cupel_dataset *dataset);
/* The shape of one sample and of one target; rank 0 where it was left zero. */
CUPEL_API cupel_status cupel_dataset_x_shape(const cupel_dataset *dataset, cupel_shape *shape);
CUPEL_API cupel_status cupel_dataset_y_shape(const cupel_dataset *dataset, cupel_shape *shape);

/* Takes NULL. */
CUPEL_API void cupel_dataset_free(cupel_dataset *dataset);

#ifdef __cplusplus
}
#endif
#endif
