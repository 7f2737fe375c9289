/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Shapes, element types and the enums that several headers share. */
#ifndef CUPEL_TYPES_H
#define CUPEL_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#if defined(_WIN32)
#define CUPEL_API
#elif defined(__GNUC__)
#define CUPEL_API __attribute__((visibility("default")))
#else
#define CUPEL_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* In a config field whose default is not 0, CUPEL_ZERO means the number 0. */
#define CUPEL_ZERO (-1)

#define CUPEL_MAX_RANK 8
#define CUPEL_MAX_METRICS 16
#define CUPEL_MAX_CALLBACKS 16

/* The shape of one sample or of one tensor: row-major, the last dimension varies fastest. A batch
 * of shape s is stored as [batch, s...]. Rank 0 is one number. */
typedef struct cupel_shape {
    int64_t rank;                 /* 0..8 */
    int64_t dims[CUPEL_MAX_RANK]; /* each at least 1; the unused ones are 0 */
} cupel_shape;

/* CUPEL_SHAPE(28, 28) is an expression of type cupel_shape. */
#define CUPEL_SHAPE(...)                                                                           \
    ((cupel_shape){.rank = (int64_t)(sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)),   \
                   .dims = {__VA_ARGS__}})

/* The element type of data in memory. */
typedef enum cupel_type {
    CUPEL_FLOAT32 = 0,
    CUPEL_FLOAT64 = 1,
    CUPEL_BFLOAT16 = 2,
    CUPEL_UINT8 = 3,
    CUPEL_INT32 = 4,
    CUPEL_INT64 = 5
} cupel_type;

/* What a model computes in. TF32 and BFLOAT16 permit less precision: a device without them computes
 * in float32, and cupel_model_summary says so. FLOAT64 needs the CPU device. */
typedef enum cupel_precision {
    CUPEL_PRECISION_FLOAT32 = 0,
    CUPEL_PRECISION_TF32 = 1,
    CUPEL_PRECISION_BFLOAT16 = 2,
    CUPEL_PRECISION_FLOAT64 = 3
} cupel_precision;

/* Whose conventions hold where the two differ: Keras 3 or PyTorch. The flavour switches the initial
 * weights, the place and size of Adam's epsilon, the form of momentum, the meaning of weight decay
 * in Adam, and the defaults of the optimizers. */
typedef enum cupel_flavour {
    CUPEL_KERAS = 0,
    CUPEL_TORCH = 1
} cupel_flavour;

/* Element-wise functions of a layer's output, but for SOFTMAX, which works along the last axis. */
typedef enum cupel_activation {
    CUPEL_LINEAR = 0,     /* x */
    CUPEL_RELU = 1,       /* max(x, 0); the derivative at 0 is 0 */
    CUPEL_SIGMOID = 2,    /* 1 / (1 + exp(-x)) */
    CUPEL_TANH = 3,       /* tanh(x) */
    CUPEL_SOFTMAX = 4,    /* exp(x) / sum exp(x) along the last axis */
    CUPEL_LEAKY_RELU = 5, /* x where x > 0, else slope x; the slope is 0.2 (Keras), 0.01 (PyTorch) */
    CUPEL_ELU = 6,        /* x where x > 0, else exp(x) - 1 */
    CUPEL_SELU = 7,       /* scale (x where x > 0, else alpha (exp(x) - 1)); Klambauer et al. 2017 */
    CUPEL_GELU = 8,       /* x Phi(x), Phi by the error function, not its tanh approximation */
    CUPEL_SILU = 9,       /* x / (1 + exp(-x)) */
    CUPEL_SOFTPLUS = 10   /* log(1 + exp(x)) */
} cupel_activation;

/* How first values are drawn. fan_in and fan_out are a dense kernel's inputs and outputs. The normal
 * kinds are truncated at two standard deviations and rescaled, as in Keras. */
typedef enum cupel_initializer {
    CUPEL_INIT_DEFAULT = 0,        /* what the flavour says, for the kernel and for the bias */
    CUPEL_INIT_GLOROT_UNIFORM = 1, /* U(-l, l), l = sqrt(6 / (fan_in + fan_out)) */
    CUPEL_INIT_GLOROT_NORMAL = 2,  /* variance 2 / (fan_in + fan_out) */
    CUPEL_INIT_HE_UNIFORM = 3,     /* l = sqrt(6 / fan_in) */
    CUPEL_INIT_HE_NORMAL = 4,      /* variance 2 / fan_in */
    CUPEL_INIT_LECUN_UNIFORM = 5,  /* l = sqrt(3 / fan_in) */
    CUPEL_INIT_LECUN_NORMAL = 6,   /* variance 1 / fan_in */
    CUPEL_INIT_ZEROS = 7,
    CUPEL_INIT_ONES = 8
} cupel_initializer;

/* What training minimises. The loss of a batch is the mean over its samples of the mean over the
 * last axis (MSE, binary) or of the sum over the classes (the categorical ones); sample weights
 * multiply a sample's loss and do not change the divisor (Keras: sum_over_batch_size). */
typedef enum cupel_loss {
    CUPEL_LOSS_NONE = 0, /* inference only */
    CUPEL_LOSS_MSE = 1,  /* mean (p - y)^2 */
    CUPEL_LOSS_BINARY_CROSSENTROPY = 4,
    CUPEL_LOSS_CATEGORICAL_CROSSENTROPY = 5,       /* targets are distributions, [rows, classes] */
    CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY = 6 /* targets are class numbers, one a row */
} cupel_loss;

/* What fit and evaluate report beside the loss; a list of them ends at its first NONE. */
typedef enum cupel_metric {
    CUPEL_METRIC_NONE = 0,
    CUPEL_METRIC_ACCURACY = 1, /* binary, sparse or categorical, as the shapes say (Keras) */
    CUPEL_METRIC_MAE = 3,      /* mean |p - y| */
    CUPEL_METRIC_MSE = 4       /* mean (p - y)^2 */
} cupel_metric;

#ifdef __cplusplus
}
#endif
#endif
