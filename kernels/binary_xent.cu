/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The binary cross-entropy with the smoothed target t:
 *     loss = weight mean -(t log q + (1 - t) log(1 - q)) by row
 *     dp   = weight / (n rows) d / dp of that
 * From logits q = sigmoid(p), and the value is max(p, 0) - p t + log(1 + e^-|p|), in which no
 * exponential overflows and no small number is lost beside 1; the slope is q - t. From
 * probabilities q is p clipped, and the slope goes through the clip. Three accesses and some sixty
 * instructions an element: the memory bounds it. */
#include "row_mean.cuh"

namespace
{

struct logit_entropy {
    smoothed target;

    __device__ __forceinline__ float operator()(float p, float t, float &slope) const
    {
        const float wanted = target(t);
        const float e = expf(-fabsf(p));
        slope = (p < 0 ? e : 1.0F) / (1.0F + e) - wanted;
        return (p > 0 ? p : 0.0F) - p * wanted + log1pf(e);
    }
};

struct probability_entropy {
    smoothed target;
    clip_bounds clip;

    __device__ __forceinline__ float operator()(float p, float t, float &slope) const
    {
        const float wanted = target(t);
        const float q = clip(p);
        slope = clip.slope(p) * ((1.0F - wanted) / (1.0F - q) - wanted / q);
        return -(wanted * logf(q) + (1.0F - wanted) * logf(1.0F - q));
    }
};

template <class T> cupel_status binary_xent(cupel_exec *x, const cupel_binary_xent_args *args)
{
    const smoothed target = smooth(args->smoothing, 2);
    if (args->from_logits != 0)
        return launch_loss<T>(x, "binary_xent", args, logit_entropy{target});
    return launch_loss<T>(x, "binary_xent", args,
                          probability_entropy{target, clip_to(args->epsilon)});
}

} // namespace

CUPEL_CUDA_LAUNCHERS(binary_xent)
