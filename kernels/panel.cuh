/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How a [rows, n] matrix is covered where each column has something of its own, a bias or a sum. A
 * block covers a panel of up to kLanes vectors side by side, whose bias or whose sums it keeps in
 * registers, and every slabs-th group of rows. */
#ifndef CUPEL_PANEL_CUH
#define CUPEL_PANEL_CUH

#include "element.cuh"

namespace
{

/* The most vectors of a panel: 128 bytes of a row, whole sectors of the memory. */
constexpr int kLanes = 8;

/* How the grid covers a [rows, n] matrix. */
struct cover {
    int lanes;      /* threads side by side, a power of two */
    int64_t panels; /* of lanes vectors */
    int64_t slabs;  /* blocks of one panel */
};

template <class T> cover cover_of(int64_t rows, int64_t n, int64_t most)
{
    cover c = {1, 0, 0};
    while (c.lanes < kLanes && c.lanes * kVector<T> < n)
        c.lanes *= 2;
    c.panels = ceil_div(n, c.lanes * kVector<T>);
    c.slabs = ceil_div(rows, kBlock / c.lanes);
    if (c.slabs > most / c.panels) c.slabs = most / c.panels;
    if (c.slabs < 1) c.slabs = 1;
    return c;
}

dim3 grid_of(const cover &c)
{
    return dim3(static_cast<unsigned>(c.panels * c.slabs));
}

/* A thread's own: its first column, first row, and the distance to its next row. */
struct walk {
    int64_t column;
    int64_t row;
    int64_t step;
    int64_t slab;
};

template <class T> __device__ __forceinline__ walk walk_of(const cover &c)
{
    const int thread = static_cast<int>(threadIdx.x);
    const int group = kBlock / c.lanes;
    walk w;
    w.column = (blockIdx.x % c.panels * c.lanes + thread % c.lanes) * kVector<T>;
    w.slab = blockIdx.x / c.panels;
    w.row = w.slab * group + thread / c.lanes;
    w.step = c.slabs * group;
    return w;
}

} // namespace

#endif
