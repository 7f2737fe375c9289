/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Elements and products of the fake cuBLASLt. CBLAS multiplies where it is there, plain loops where
 * it is not. */
#include "lt.h"

#include <cstring>
#include <vector>
#if defined(SIMCUDA_CBLAS)
#include <cblas.h>
#endif

namespace simcuda
{

namespace
{

uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

float from_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The value with so many bits of its mantissa cut off, rounded to nearest even. NaN stays NaN. */
uint32_t round_off(float value, unsigned cut)
{
    const uint32_t bits = bits_of(value);
    if (value != value) return bits | (1U << 22);
    const uint32_t odd = (bits >> cut) & 1U;
    return (bits + (1U << (cut - 1)) - 1 + odd) >> cut << cut;
}

/* A factor as the tensor cores of a compute type see it. */
float rounded(float value, int32_t compute)
{
    switch (compute) {
    case CUBLAS_COMPUTE_32F_FAST_TF32:
        return from_bits(round_off(value, 13));
    case CUBLAS_COMPUTE_32F_FAST_16BF:
        return from_bits(round_off(value, 16));
    default:
        return value;
    }
}

/* A factor, rows x columns after its transposition, without gaps, column after column; of the
 * columns or rows that belong to k only the range. */
std::vector<float> pack(const LtRun &run, const LtLayout &x, const void *start, bool transposed,
                        uint64_t batch, uint64_t row, uint64_t rows, uint64_t column,
                        uint64_t columns)
{
    std::vector<float> out(rows * columns);
    const size_t first = batch * static_cast<size_t>(x.stride);
    const size_t ld = static_cast<size_t>(x.ld);
    for (uint64_t j = 0; j < columns; j++) {
        for (uint64_t i = 0; i < rows; i++) {
            const size_t index =
                transposed ? (row + i) * ld + column + j : (column + j) * ld + row + i;
            out[j * rows + i] =
                rounded(lt_load(start, x.type, first + index), run.problem.desc.compute);
        }
    }
    return out;
}

/* out (m x n) = a (m x k) b (k x n), all without gaps. */
void multiply(uint64_t m, uint64_t n, uint64_t k, const float *a, const float *b, float *out)
{
#if defined(SIMCUDA_CBLAS)
    const auto size = [](uint64_t x) { return static_cast<int>(x); };
    cblas_sgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, size(m), size(n), size(k), 1, a, size(m),
                b, size(k), 0, out, size(m));
#else
    for (uint64_t j = 0; j < n; j++) {
        float *column = out + j * m;
        for (uint64_t i = 0; i < m; i++)
            column[i] = 0;
        for (uint64_t p = 0; p < k; p++) {
            const float factor = b[j * k + p];
            for (uint64_t i = 0; i < m; i++)
                column[i] += a[p * m + i] * factor;
        }
    }
#endif
}

} // namespace

float lt_load(const void *start, uint32_t type, uint64_t index)
{
    if (type == CUDA_R_32F) return static_cast<const float *>(start)[index];
    return from_bits(static_cast<uint32_t>(static_cast<const uint16_t *>(start)[index]) << 16);
}

void lt_store(void *start, uint32_t type, uint64_t index, float value)
{
    if (type == CUDA_R_32F)
        static_cast<float *>(start)[index] = value;
    else
        static_cast<uint16_t *>(start)[index] = static_cast<uint16_t>(round_off(value, 16) >> 16);
}

void lt_product(const LtRun &run, uint64_t batch, uint64_t k_begin, uint64_t k_end, float *out)
{
    const LtProblem &p = run.problem;
    const uint64_t k = k_end - k_begin;
    const std::vector<float> a =
        pack(run, p.a, run.at.a, p.desc.a_operation == CUBLAS_OP_T, batch, 0, p.m, k_begin, k);
    const std::vector<float> b =
        pack(run, p.b, run.at.b, p.desc.b_operation == CUBLAS_OP_T, batch, k_begin, k, 0, p.n);
    multiply(p.m, p.n, k, a.data(), b.data(), out);
}

} // namespace simcuda
