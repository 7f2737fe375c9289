/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the kernels of the fake cuBLASLt compute, all in float, and which bytes they touch. */
#include "lt.h"
#include "sim_config.h"

#include <cmath>
#include <vector>

namespace simcuda
{

namespace
{

constexpr const char *kName = "cublasLtMatmul";

/* Calls the mark for the bytes of a matrix, column by column where there are gaps between them. */
template <class Mark, class Pointer> void mark_matrix(Mark mark, Pointer start, const LtLayout &x)
{
    const size_t bytes = lt_bytes(x.type);
    const size_t ld = static_cast<size_t>(x.ld);
    for (int32_t i = 0; i < x.batch; i++) {
        const size_t first = static_cast<size_t>(i) * static_cast<size_t>(x.stride);
        if (ld == x.rows) {
            mark(start + first * bytes, x.rows * x.columns * bytes, kName);
            continue;
        }
        for (uint64_t column = 0; column < x.columns; column++)
            mark(start + (first + column * ld) * bytes, x.rows * bytes, kName);
    }
}

void read_matrix(const void *start, const LtLayout &x)
{
    mark_matrix(mark_read, static_cast<const char *>(start), x);
}

void write_matrix(void *start, const LtLayout &x)
{
    mark_matrix(mark_written, static_cast<char *>(start), x);
}

float scalar(const LtRun &run, const void *pointer, float value)
{
    if (run.problem.desc.pointer_mode == CUBLASLT_POINTER_MODE_HOST) return value;
    mark_read(pointer, sizeof(float), kName);
    return *static_cast<const float *>(pointer);
}

/* The bytes of a mask's column that belong to it: whole groups of 128 rows. */
size_t mask_bytes(const LtProblem &p)
{
    return (p.m + 127) / 128 * 16;
}

/* Where a row's bit stands. The real order is not documented, so the fake has one that no other
 * code will guess, and stores the complement: a program that reads masks itself goes wrong here as
 * well. */
unsigned char mask_bit(uint64_t row)
{
    return static_cast<unsigned char>(1U << ((row ^ 5U) & 7U));
}

float gelu(float x)
{
    return 0.5F * x * (1 + tanhf(0.7978845608F * (x + 0.044715F * x * x * x)));
}

float gelu_derivative(float x)
{
    const float t = tanhf(0.7978845608F * (x + 0.044715F * x * x * x));
    const float inner = 0.7978845608F * (1 + 3 * 0.044715F * x * x);
    return 0.5F * (1 + t) + 0.5F * x * (1 - t * t) * inner;
}

/* The epilogue of one column, from and to floats. */
void apply(const LtProblem &p, uint64_t column, float *values)
{
    const LtEpilogue &e = p.epilogue;
    const size_t ld = static_cast<size_t>(p.desc.aux_ld);
    unsigned char *mask = static_cast<unsigned char *>(p.desc.aux) + column * (ld / 8);
    char *input = static_cast<char *>(p.desc.aux) + column * ld * lt_bytes(p.d.type);
    if (e.aux == LtAux::kWritesMask) mark_written(mask, mask_bytes(p), kName);
    if (e.aux == LtAux::kReadsMask) mark_read(mask, mask_bytes(p), kName);
    if (e.aux == LtAux::kWritesInput) mark_written(input, p.m * lt_bytes(p.d.type), kName);
    if (e.aux == LtAux::kReadsInput) mark_read(input, p.m * lt_bytes(p.d.type), kName);
    for (uint64_t i = 0; i < p.m; i++) {
        float &v = values[i];
        if (e.bias) v += lt_load(p.desc.bias, p.d.type, i);
        switch (e.aux) {
        case LtAux::kReadsMask:
            if ((mask[i / 8] & mask_bit(i)) != 0) v = 0;
            continue;
        case LtAux::kReadsInput:
            v *= gelu_derivative(lt_load(input, p.d.type, i));
            continue;
        case LtAux::kWritesMask:
            if (v > 0)
                mask[i / 8] &= static_cast<unsigned char>(~mask_bit(i));
            else
                mask[i / 8] |= mask_bit(i);
            break;
        case LtAux::kWritesInput:
            lt_store(input, p.d.type, i, v);
            break;
        case LtAux::kNone:
            break;
        }
        if (e.relu && (v <= 0 || (v != v && simcuda_configuration()->lt_drops_nan))) v = 0;
        if (e.gelu) v = gelu(v);
    }
}

/* The sums over k of A's rows or of B's columns, which BGRADA and BGRADB give. */
void sum_factor(const LtRun &run, const LtLayout &x, const void *start)
{
    const LtProblem &p = run.problem;
    const size_t ld = static_cast<size_t>(x.ld);
    read_matrix(start, x);
    mark_written(p.desc.bias, x.rows * lt_bytes(p.d.type), kName);
    for (uint64_t row = 0; row < x.rows; row++) {
        float sum = 0;
        for (uint64_t column = 0; column < x.columns; column++)
            sum += lt_load(start, x.type, column * ld + row);
        lt_store(p.desc.bias, p.d.type, row, sum);
    }
}

/* Runs the epilogue over floats that hold D and stores them. */
void finish_matrix(const LtRun &run, uint64_t batch, std::vector<float> &values, bool epilogue)
{
    const LtProblem &p = run.problem;
    const size_t first = batch * static_cast<size_t>(p.d.stride);
    std::vector<float> sums(p.m);
    for (uint64_t j = 0; j < p.n; j++) {
        float *column = values.data() + j * p.m;
        if (epilogue) apply(p, j, column);
        for (uint64_t i = 0; i < p.m; i++) {
            lt_store(run.at.d, p.d.type, first + j * static_cast<size_t>(p.d.ld) + i, column[i]);
            sums[i] += column[i];
        }
    }
    if (!epilogue || p.epilogue.sum == LtSum::kNone) return;
    if (p.epilogue.sum == LtSum::kOfA) return sum_factor(run, p.a, run.at.a);
    if (p.epilogue.sum == LtSum::kOfB) return sum_factor(run, p.b, run.at.b);
    mark_written(p.desc.bias, p.m * lt_bytes(p.d.type), kName);
    for (uint64_t i = 0; i < p.m; i++)
        lt_store(p.desc.bias, p.d.type, i, sums[i]);
}

void read_bias(const LtProblem &p)
{
    if (p.epilogue.bias) mark_read(p.desc.bias, p.m * lt_bytes(p.d.type), kName);
}

} // namespace

void lt_partial_products(const LtRun &run)
{
    const LtProblem &p = run.problem;
    float *out = static_cast<float *>(run.at.workspace);
    read_matrix(run.at.a, p.a);
    read_matrix(run.at.b, p.b);
    const uint64_t splits = static_cast<uint64_t>(run.splits);
    mark_written(out, splits * p.m * p.n * sizeof(float), kName);
    for (uint64_t s = 0; s < splits; s++)
        lt_product(run, 0, p.k * s / splits, p.k * (s + 1) / splits, out + s * p.m * p.n);
}

void lt_whole(const LtRun &run, bool with_epilogue)
{
    const LtProblem &p = run.problem;
    const uint64_t size = p.m * p.n;
    const float alpha = scalar(run, run.at.alpha, run.at.alpha_value);
    const float beta = scalar(run, run.at.beta, run.at.beta_value);
    const uint64_t splits = static_cast<uint64_t>(run.splits);
    if (splits == 1) {
        read_matrix(run.at.a, p.a);
        read_matrix(run.at.b, p.b);
    } else {
        mark_read(run.at.workspace, splits * size * sizeof(float), kName);
    }
    if (beta != 0) read_matrix(run.at.c, p.c);
    if (with_epilogue) read_bias(p);
    write_matrix(run.at.d, p.d);
    std::vector<float> values(size);
    for (uint64_t batch = 0; batch < static_cast<uint64_t>(p.d.batch); batch++) {
        if (splits == 1) {
            lt_product(run, batch, 0, p.k, values.data());
        } else {
            const float *partial = static_cast<const float *>(run.at.workspace);
            for (uint64_t i = 0; i < size; i++) {
                values[i] = partial[i];
                for (uint64_t s = 1; s < splits; s++)
                    values[i] += partial[s * size + i];
            }
        }
        const size_t first = batch * static_cast<size_t>(p.c.stride);
        for (uint64_t j = 0; j < p.n; j++) {
            for (uint64_t i = 0; i < p.m; i++) {
                float &v = values[j * p.m + i];
                v *= alpha;
                if (beta != 0)
                    v += beta *
                         lt_load(run.at.c, p.c.type, first + j * static_cast<size_t>(p.c.ld) + i);
            }
        }
        finish_matrix(run, batch, values, with_epilogue);
    }
}

void lt_epilogue(const LtRun &run)
{
    const LtProblem &p = run.problem;
    read_matrix(run.at.d, p.d);
    read_bias(p);
    write_matrix(run.at.d, p.d);
    std::vector<float> values(p.m * p.n);
    for (uint64_t batch = 0; batch < static_cast<uint64_t>(p.d.batch); batch++) {
        const size_t first = batch * static_cast<size_t>(p.d.stride);
        for (uint64_t j = 0; j < p.n; j++)
            for (uint64_t i = 0; i < p.m; i++)
                values[j * p.m + i] =
                    lt_load(run.at.d, p.d.type, first + j * static_cast<size_t>(p.d.ld) + i);
        finish_matrix(run, batch, values, true);
    }
}

} // namespace simcuda
