# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
"""The networks of the golden vectors, in the very lines that stand in the files (see ../golden.h).

The first line of each names what only the generator needs: the seed of all numbers, the spread of
the kernels (times 1 / sqrt(inputs)), soft targets, weights of the samples. A comment in front says
what the network is there for."""

NETWORKS = {
    # The plainest step; a dense layer without a bias.
    "mse_sgd": """
seed 1
flavour {framework}
input 7
layer dense units 9 activation relu
layer dense units 5 no_bias 1
loss mse
optimizer sgd learning_rate 0.125
metrics mae mse
rows 8
""",
    # Regularisers, decay and momentum; dense over the last axis of rank-2 samples.
    "mse_momentum": """
seed 2
flavour {framework}
input 3 4
layer dense units 6 activation tanh kernel_l1 0.0078125 kernel_l2 0.03
layer flatten
layer dense units 8 activation sigmoid kernel_l2 0.01
layer reshape shape 2 4
layer dense units 3 kernel_l1 0.004
loss mse
optimizer sgd learning_rate 0.1 momentum 0.9 weight_decay 0.02
metrics mse
rows 6
""",
    # Nesterov's momentum, clipping by value, smoothed binary targets on logits.
    "binary_logits": """
seed 3
flavour {framework}
input 6
layer dense units 10 activation elu
layer dense units 7 activation selu
layer dense units 3
loss binary_crossentropy from_logits 1 label_smoothing 0.1
optimizer sgd learning_rate 0.2 momentum 0.75 nesterov 1 clipvalue 0.03125
rows 9
""",
    # Adam with nothing but defaults; dropout that drops nothing.
    "binary_probabilities": """
seed 4
flavour {framework}
input 6
layer dense units 8 activation softplus
layer dropout rate 0
layer dense units 1 activation sigmoid
loss binary_crossentropy label_smoothing 0.2
optimizer adam
metrics accuracy
rows 11
""",
    # AMSGrad, the decay of plain Adam, clipping by the norm of all gradients.
    "categorical_logits": """
seed 5
flavour {framework}
input 2 5
layer dense units 6 activation gelu
layer flatten
layer dense units 4
loss categorical_crossentropy from_logits 1 label_smoothing 0.1
optimizer adam learning_rate 0.02 beta_1 0.8 beta_2 0.9 epsilon 0.001 amsgrad 1 weight_decay 0.05 \
global_clipnorm 0.25
metrics accuracy
rows 7
""",
    # A schedule with a warm-up, clipping by the norm of each gradient, batches of 5, 5 and 3.
    "sparse_logits": """
seed 6
flavour {framework}
input 8
layer dense units 12 activation leaky_relu
layer dense units 9 activation silu
layer dense units 6
loss sparse_categorical_crossentropy from_logits 1
optimizer adamw learning_rate 0.03 beta_1 0.9 beta_2 0.99 epsilon 1e-06 weight_decay 0.1 clipnorm 0.2
schedule cosine steps 5 warmup_steps 3 final_fraction 0.125
metrics accuracy
rows 13
batch 5
""",
    # Every activation as a layer of its own; AdamW with nothing but defaults.
    "activations": """
seed 7 spread 1.5
flavour {framework}
input 5
layer activation activation linear
layer dense units 6
layer activation activation gelu
layer dense units 6
layer activation activation selu
layer activation activation elu
layer dense units 6
layer activation activation softplus
layer activation activation softmax
layer dense units 6
layer activation activation silu
layer activation activation leaky_relu
layer dense units 6
layer activation activation relu
layer activation activation tanh
layer dense units 4
layer activation activation sigmoid
loss mse
optimizer adamw
metrics mae
rows 10
""",
    # Classes at every place of a sequence; a decay without a warm-up, down to 0.
    "sequence": """
seed 8
flavour {framework}
input 3 5
layer dense units 7 activation softmax
layer dense units 4
loss sparse_categorical_crossentropy from_logits 1
optimizer sgd learning_rate 0.5 momentum 0.5 global_clipnorm 0.125
schedule cosine steps 8
metrics accuracy
rows 5
""",
    # Samples of different weight.
    "weighted_mse": """
seed 9 weighted 1
flavour {framework}
input 4
layer dense units 8 activation tanh kernel_l2 0.001
layer dense units 2
loss mse
optimizer adam learning_rate 0.0078125 weight_decay 0.01
metrics mae mse
rows 9
""",
    # The same with classes, distributions as targets and batches of 4, 4 and 2.
    "weighted_categorical": """
seed 10 weighted 1 soft 1
flavour {framework}
input 4
layer dense units 8 activation selu
layer dense units 5
loss categorical_crossentropy from_logits 1
optimizer sgd learning_rate 0.25
rows 10
batch 4
""",
    # A sample's weight counts at every place of its sequence.
    "weighted_sequence": """
seed 15 weighted 1
flavour {framework}
input 3 4
layer dense units 6 activation silu
layer dense units 5
loss sparse_categorical_crossentropy from_logits 1
optimizer sgd learning_rate 0.25 momentum 0.75
rows 7
batch 3
""",
    # The same with the other losses, each of which weights its rows itself.
    "weighted_sequence_mse": """
seed 17 weighted 1
flavour {framework}
input 2 4
layer dense units 5 activation elu
layer dense units 3
loss mse
optimizer sgd learning_rate 0.125
rows 6
""",
    "weighted_sequence_binary": """
seed 18 weighted 1
flavour {framework}
input 2 4
layer dense units 5 activation gelu
layer dense units 3
loss binary_crossentropy from_logits 1
optimizer sgd learning_rate 0.5
rows 6
""",
    "weighted_sequence_categorical": """
seed 19 weighted 1
flavour {framework}
input 2 4
layer dense units 5 activation softplus
layer dense units 3
loss categorical_crossentropy from_logits 1 label_smoothing 0.1
optimizer sgd learning_rate 0.5
rows 6
""",
    # Logits of some hundreds: losses of the same size beside losses of 0.
    "saturated_logits": """
seed 11 spread 40
flavour {framework}
input 6
layer dense units 8 activation relu
layer dense units 5
loss sparse_categorical_crossentropy from_logits 1
optimizer sgd learning_rate 0.0009765625 momentum 0.9 nesterov 1 weight_decay 0.001
rows 8
""",
}

# What PyTorch has no loss for: cross-entropy from probabilities.
KERAS_ONLY = {
    # Smoothed distributions from probabilities.
    "categorical_probabilities": """
seed 12 soft 1
flavour {framework}
input 8
layer dense units 8 activation silu
layer dense units 5 activation softmax
loss categorical_crossentropy label_smoothing 0.05
optimizer adamw learning_rate 0.01 weight_decay 0.02 clipnorm 0.125
schedule cosine steps 6 warmup_steps 2
metrics accuracy mae mse
rows 9
""",
    # The output does not add up to 1: the loss divides.
    "categorical_unnormalised": """
seed 13
flavour {framework}
input 5
layer dense units 7 activation tanh
layer dense units 4 activation sigmoid
loss categorical_crossentropy
optimizer adam learning_rate 0.01 amsgrad 1 clipvalue 0.0625
metrics accuracy
rows 8
""",
    # Probabilities so near to 0 and 1 that the loss clips some of them, and no gradient passes there.
    "saturated_probabilities": """
seed 14 spread 5
flavour {framework}
input 6
layer dense units 8 activation relu
layer dense units 5 activation softmax
loss sparse_categorical_crossentropy
optimizer adam learning_rate 0.0009765625
metrics accuracy
rows 12
""",
    # The same with distributions as targets, some of whose classes are clipped and some not.
    "saturated_categorical": """
seed 16 soft 1 spread 5
flavour {framework}
input 6
layer dense units 8 activation relu
layer dense units 5 activation softmax
loss categorical_crossentropy label_smoothing 0.1
optimizer sgd learning_rate 0.0009765625
metrics accuracy
rows 12
""",
    # The same for each output by itself. Near 1 float32 has no numbers for the logarithm of 1 - p.
    "saturated_binary": """
seed 20 spread 8
flavour {framework}
only float64
input 6
layer dense units 8 activation relu
layer dense units 3 activation sigmoid
loss binary_crossentropy
optimizer sgd learning_rate 0.0009765625
metrics accuracy
rows 12
""",
    # Probabilities of a sequence whose samples have weights.
    "weighted_sequence_probabilities": """
seed 21 weighted 1
flavour {framework}
input 2 4
layer dense units 5 activation selu
layer dense units 4 activation softmax
loss sparse_categorical_crossentropy
optimizer sgd learning_rate 0.25
rows 6
""",
    "weighted_sequence_distributions": """
seed 22 weighted 1
flavour {framework}
input 2 4
layer dense units 5 activation tanh
layer dense units 4 activation softmax
loss categorical_crossentropy
optimizer sgd learning_rate 0.25
rows 6
""",
}
