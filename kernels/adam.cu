/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One step of Adam over all parameters in one launch, both flavours by one formula:
 *     h = clip(scale g) + l2 w;  m += (1 - beta_1) (h - m);  v += (1 - beta_2) (h^2 - v)
 *     w -= shrink w + by m / (root sqrt(top) + epsilon)
 * with top = v, or its maximum so far. KERAS: root = 1 and both corrections are in by. TORCH: root
 * is 1 / sqrt(correction_2), as it has the corrected v under the root.
 *
 * w, m and v are read and written and g is read: 28 bytes a parameter, 36 with amsgrad and 2 more for
 * a mirror in bf16, in accesses of 16, and some 60 instructions: the memory bounds it. The rates are read by the kernel, so that
 * a captured step follows them. */
#include "slices.cuh"

namespace
{

struct adam_constants {
    float first;  /* 1 - beta_1 */
    float second; /* 1 - beta_2 */
    float epsilon;
};

struct adam_rates {
    float rate, by, root;
};

/* The host's numbers are doubles, and by and root take a root and two quotients of them: one thread
 * of a block computes them in double for all. */
__device__ __forceinline__ adam_rates rates_of(const update &u)
{
    __shared__ adam_rates shared;
    if (threadIdx.x == 0) {
        const cupel_rate &now = u.rate();
        const double root = sqrt(now.correction_2);
        const double by = now.rate / now.correction_1;
        shared.rate = static_cast<float>(now.rate);
        shared.by = static_cast<float>(u.torch ? by : by * root);
        shared.root = static_cast<float>(u.torch ? 1 / root : 1);
    }
    __syncthreads();
    return shared;
}

/* The update is 0 where m is: in the padding epsilon 0 would give 0 / 0. */
template <class T, bool kTop, bool kMirror>
__global__ void __launch_bounds__(kBlock)
    adam_kernel(update u, adam_constants c, float *__restrict__ w, const float *__restrict__ g,
                float *__restrict__ m, float *__restrict__ v, float *__restrict__ top,
                T *__restrict__ mirror)
{
    const adam_rates r = rates_of(u);
    for (int64_t block = first_slice(); block < u.blocks; block += slice_step()) {
        float w_[kSlices][kLane], g_[kSlices][kLane], m_[kSlices][kLane], v_[kSlices][kLane];
        float top_[kSlices][kLane];
#pragma unroll
        for (int s = 0; s < kSlices; s++) {
            if (block + s >= u.blocks) continue;
            const int64_t at = slice_place(block + s);
            load(w + at, w_[s]);
            load(g + at, g_[s]);
            load(m + at, m_[s]);
            load(v + at, v_[s]);
            if (kTop) load(top + at, top_[s]);
        }
#pragma unroll
        for (int s = 0; s < kSlices; s++) {
            if (block + s >= u.blocks) continue;
            const int64_t at = slice_place(block + s);
            const treatment own = u.of(block + s, r.rate);
#pragma unroll
            for (int i = 0; i < kLane; i++) {
                const float h = u.gradient(own, g_[s][i], w_[s][i]);
                const float mean = fmaf(c.first, h - m_[s][i], m_[s][i]);
                const float square = fmaf(c.second, h * h - v_[s][i], v_[s][i]);
                float largest = square;
                if (kTop) {
                    largest = top_[s][i] > square ? top_[s][i] : square;
                    top_[s][i] = largest;
                }
                const float change = r.by * mean / fmaf(r.root, sqrtf(largest), c.epsilon);
                w_[s][i] -= fmaf(own.shrink, w_[s][i], mean == 0 ? 0.0F : change);
                m_[s][i] = mean;
                v_[s][i] = square;
            }
            store(w + at, w_[s]);
            store(m + at, m_[s]);
            store(v + at, v_[s]);
            if (kTop) store(top + at, top_[s]);
            if (kMirror) store(mirror + at, w_[s]);
        }
    }
}

/* The optimizer's own arrays are float for both types of real. */
template <class T> cupel_status adam(cupel_exec *x, const cupel_adam_args *args)
{
    const update u = update_of(x, args, args->flavour == CUPEL_TORCH && args->decoupled == 0);
    const adam_constants constants = {static_cast<float>(1 - args->beta_1),
                                      static_cast<float>(1 - args->beta_2),
                                      static_cast<float>(args->epsilon)};
    const bool top = args->top != nullptr;
    const auto start = [=](auto *kernel) {
        return launch(x, "adam", kernel, blocks_for_slices(args->blocks), kBlock, 0, u, constants,
                      args->w, args->g, args->m, args->v, args->top, args->mirror);
    };
    if (args->mirror == nullptr)
        return start(top ? adam_kernel<float, true, false> : adam_kernel<float, false, false>);
    return start(top ? adam_kernel<T, true, true> : adam_kernel<T, false, true>);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(adam)
