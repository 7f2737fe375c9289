/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "op_shapes.h"

#include <stddef.h>

/* What the CUDA device gives its products; without it cupel's own do all. */
#define LT "workspace=33554432 "
/* A batch of images with labels. */
#define IMAGES "features=784 targets=1 target=null weight=null "
#define BYTES "x_type=uint8 x_scale=0.00392156862745098 y_type=uint8"

const bench_op_shape bench_op_shapes[] = {
    {"batch", "uint8, labels", "rows", IMAGES BYTES, 0},
    {"batch", "uint8, shuffled", "rows", IMAGES BYTES " route=2", 0},
    {"batch", "float32, labels", "rows", IMAGES "x_type=float32 y_type=int32", 0},
    {"batch", "float32, shuffled", "rows", IMAGES "x_type=float32 y_type=int32 route=2", 0},
    {"batch", "float32, targets", "rows",
     "features=1024 targets=1024 x_type=float32 y_type=float32 label=null weight=null", 0},
    {"dense", "relu 1024", "rows", LT "n_in=1024 n_out=1024 activation=relu z=null logits=null",
     1 << 23},
    {"dense", "relu 1024 own", "rows", "n_in=1024 n_out=1024 activation=relu z=null logits=null",
     1 << 23},
    {"dense", "relu 784-512", "rows", LT "n_in=784 n_out=512 activation=relu z=null logits=null",
     1 << 20},
    {"dense_delta", "relu", "rows", "n_out=1024 activation=relu z=null", 0},
    {"dense_delta", "gelu", "rows", "n_out=1024 activation=gelu", 0},
    {"dense_kernel_gradient", "1024", "rows", LT "n_in=1024 n_out=1024", 1 << 23},
    {"dense_kernel_gradient", "784-512", "rows", LT "n_in=784 n_out=512", 1 << 20},
    {"dense_kernel_gradient", "1024 own", "rows", "n_in=1024 n_out=1024", 1 << 23},
    {"dense_input_gradient", "1024", "rows", LT "n_in=1024 n_out=1024", 1 << 23},
    {"activation", "relu", "count", "activation=relu", 0},
    {"activation", "gelu", "count", "activation=gelu", 0},
    {"activation_backward", "relu", "count", "activation=relu x=null", 0},
    {"activation_backward", "gelu", "count", "activation=gelu", 0},
    {"softmax", "1000", "rows", "n=1000", 0},
    {"softmax_backward", "1000", "rows", "n=1000", 0},
    {"dropout", "", "rows", "features=1024 stream=3 rate=0.2", 0},
    {"dropout_backward", "", "rows", "features=1024 stream=3 rate=0.2", 0},
    {"add", "", "count", "", 0},
    {"mse", "", "rows", "n=1024 group=1", 0},
    {"binary_xent", "logits", "rows", "n=1024 group=1 from_logits=1 smoothing=0 epsilon=1e-7", 0},
    {"xent", "1000", "rows", "n=1000 group=1 smoothing=0 epsilon=1e-7", 0},
    {"xent_sparse", "1000", "rows", "n=1000 group=1 epsilon=1e-7", 0},
    {"softmax_xent", "1000", "rows", "n=1000 group=1 smoothing=0", 0},
    {"softmax_xent_sparse", "10", "rows", "n=10 group=1", 0},
    {"softmax_xent_sparse", "1000", "rows", "n=1000 group=1", 0},
    {"softmax_xent_sparse", "16384", "rows", "n=16384 group=1", 0},
    {"softmax_xent_sparse", "50000", "rows", "n=50000 group=1", 0},
    {"accuracy_sparse", "10", "rows", "n=10", 0},
    {"accuracy_categorical", "1000", "rows", "n=1000", 0},
    {"accuracy_binary", "", "rows", "n=1024 threshold=0.5", 0},
    {"absolute_error", "", "rows", "n=1024", 0},
    {"squared_error", "", "rows", "n=1024", 0},
    {"mean", "", "count", "penalty=null penalties=0 index=0", 0},
    {"penalty", "", "count", "index=3 l1=0.01 l2=0.02", 0},
    {"clip_norm", "global", "blocks", "tensors=8 limit=1 global=1 flavour=keras", 0},
    {"mirror", "", "blocks", "", 0},
    {"sgd", "momentum", "blocks",
     "momentum=0.9 nesterov=0 clipvalue=0 flavour=keras scale=null mirror=null", 0},
    {"adam", "", "blocks",
     "beta_1=0.9 beta_2=0.999 epsilon=1e-7 clipvalue=0 decoupled=0 flavour=keras top=null "
     "scale=null "
     "mirror=null",
     1e9},
    {"widen", "", "count", "", 0},
    {"advance", "", NULL, "rows=1 seen=1 steps=1", 0},
    {0}};
