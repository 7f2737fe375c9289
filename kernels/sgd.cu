/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One step of SGD over all parameters in one launch, both flavours by one formula:
 *     h = clip(scale g) + l2 w;  v = momentum v + into h;  w += by (look v + now h) - shrink w
 * KERAS keeps the rate in the velocity: into = -rate, by = 1; TORCH into = 1, by = -rate. 12 bytes
 * a parameter, 20 with momentum, in accesses of 16: the memory bounds it. The rate is read by the
 * kernel, so that a captured step follows it. */
#include "slices.cuh"

namespace
{

template <class T, bool kMomentum, bool kMirror>
__global__ void __launch_bounds__(kBlock)
    sgd_kernel(update u, float *__restrict__ w, const float *__restrict__ g, float *__restrict__ v,
               T *__restrict__ mirror, float momentum, bool nesterov)
{
    const float rate = static_cast<float>(u.rate().rate);
    const float into = u.torch ? 1.0F : -rate;
    const float by = u.torch ? -rate : 1.0F;
    const float look = nesterov ? momentum : 1.0F;
    const float now = kMomentum && !nesterov ? 0.0F : into;
    for (int64_t block = first_slice(); block < u.blocks; block += slice_step()) {
        float w_[kSlices][kLane], g_[kSlices][kLane], v_[kSlices][kLane];
#pragma unroll
        for (int s = 0; s < kSlices; s++) {
            if (block + s >= u.blocks) continue;
            const int64_t at = slice_place(block + s);
            load(w + at, w_[s]);
            load(g + at, g_[s]);
            if (kMomentum) load(v + at, v_[s]);
        }
#pragma unroll
        for (int s = 0; s < kSlices; s++) {
            if (block + s >= u.blocks) continue;
            const int64_t at = slice_place(block + s);
            const treatment own = u.of(block + s, rate);
#pragma unroll
            for (int i = 0; i < kLane; i++) {
                const float h = u.gradient(own, g_[s][i], w_[s][i]);
                float change = now * h;
                if (kMomentum) {
                    v_[s][i] = momentum * v_[s][i] + into * h;
                    change = fmaf(look, v_[s][i], change);
                }
                w_[s][i] += fmaf(-own.shrink, w_[s][i], by * change);
            }
            store(w + at, w_[s]);
            if (kMomentum) store(v + at, v_[s]);
            if (kMirror) store(mirror + at, w_[s]);
        }
    }
}

/* The optimizer's own arrays are float for both types of real. */
template <class T> cupel_status sgd(cupel_exec *x, const cupel_sgd_args *args)
{
    const update u = update_of(x, args, args->flavour == CUPEL_TORCH);
    const bool momentum = args->v != nullptr;
    const auto start = [=](auto *kernel) {
        return launch(x, "sgd", kernel, blocks_for_slices(args->blocks), kBlock, 0, u, args->w,
                      args->g, args->v, args->mirror, args->momentum, args->nesterov != 0);
    };
    if (args->mirror == nullptr)
        return start(momentum ? sgd_kernel<float, true, false> : sgd_kernel<float, false, false>);
    return start(momentum ? sgd_kernel<T, true, true> : sgd_kernel<T, false, true>);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(sgd)
