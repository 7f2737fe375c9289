/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What cuBLASLt supports, as tables and as one list of restrictions: from cublasLt.h, from the
 * error texts inside libcublasLt 13.1, from its documentation, and from what other projects have
 * met. Where these are silent the fake refuses. */
#include "lt.h"
#include "sim_config.h"
#include "sim_runtime.h"

#include <string>

namespace simcuda
{

namespace
{

std::string refusal;

const LtEpilogue epilogues[] = {
    {CUBLASLT_EPILOGUE_DEFAULT, false, LtAux::kNone, false, false, LtSum::kNone},
    {CUBLASLT_EPILOGUE_RELU, false, LtAux::kNone, true, false, LtSum::kNone},
    {CUBLASLT_EPILOGUE_RELU_AUX, false, LtAux::kWritesMask, true, false, LtSum::kNone},
    {CUBLASLT_EPILOGUE_BIAS, true, LtAux::kNone, false, false, LtSum::kNone},
    {CUBLASLT_EPILOGUE_RELU_BIAS, true, LtAux::kNone, true, false, LtSum::kNone},
    {CUBLASLT_EPILOGUE_RELU_AUX_BIAS, true, LtAux::kWritesMask, true, false, LtSum::kNone},
    {CUBLASLT_EPILOGUE_DRELU, false, LtAux::kReadsMask, true, false, LtSum::kNone},
    {CUBLASLT_EPILOGUE_DRELU_BGRAD, false, LtAux::kReadsMask, true, false, LtSum::kOfD},
    {CUBLASLT_EPILOGUE_GELU, false, LtAux::kNone, false, true, LtSum::kNone},
    {CUBLASLT_EPILOGUE_GELU_AUX, false, LtAux::kWritesInput, false, true, LtSum::kNone},
    {CUBLASLT_EPILOGUE_GELU_BIAS, true, LtAux::kNone, false, true, LtSum::kNone},
    {CUBLASLT_EPILOGUE_GELU_AUX_BIAS, true, LtAux::kWritesInput, false, true, LtSum::kNone},
    {CUBLASLT_EPILOGUE_DGELU, false, LtAux::kReadsInput, false, true, LtSum::kNone},
    {CUBLASLT_EPILOGUE_DGELU_BGRAD, false, LtAux::kReadsInput, false, true, LtSum::kOfD},
    {CUBLASLT_EPILOGUE_BGRADA, false, LtAux::kNone, false, false, LtSum::kOfA},
    {CUBLASLT_EPILOGUE_BGRADB, false, LtAux::kNone, false, false, LtSum::kOfB},
};

/* Types that go together; the scale is always float, and a bias has the type of D. */
struct Types {
    uint32_t factors; /* of A and B */
    uint32_t result;  /* of C and D */
    bool fast;        /* whether the compute types that round the factors are allowed */
};

const Types types[] = {
    {CUDA_R_32F, CUDA_R_32F, true},
    {CUDA_R_16BF, CUDA_R_16BF, false},
    {CUDA_R_16BF, CUDA_R_32F, false},
};

bool computes(int32_t compute, bool fast)
{
    switch (compute) {
    case CUBLAS_COMPUTE_32F:
    case CUBLAS_COMPUTE_32F_PEDANTIC:
        return true;
    case CUBLAS_COMPUTE_32F_FAST_TF32:
    case CUBLAS_COMPUTE_32F_FAST_16BF:
        return fast;
    default:
        return false;
    }
}

bool types_supported(const LtProblem &p)
{
    for (const Types &row : types)
        if (p.a.type == row.factors && p.b.type == row.factors && p.c.type == row.result &&
            p.d.type == row.result && computes(p.desc.compute, row.fast))
            return p.desc.scale == CUDA_R_32F;
    return false;
}

bool find_epilogue(uint32_t value, LtEpilogue *epilogue)
{
    for (const LtEpilogue &row : epilogues) {
        if (row.value != value) continue;
        *epilogue = row;
        return true;
    }
    return false;
}

bool aligned(const void *pointer, size_t bytes)
{
    return reinterpret_cast<uintptr_t>(pointer) % bytes == 0;
}

struct Restriction {
    bool broken;
    cublasStatus_t status;
    const char *why;
};

constexpr cublasStatus_t kInvalid = CUBLAS_STATUS_INVALID_VALUE;
constexpr cublasStatus_t kUnsupported = CUBLAS_STATUS_NOT_SUPPORTED;

cublasStatus_t first_broken(std::initializer_list<Restriction> restrictions)
{
    for (const Restriction &r : restrictions)
        if (r.broken) return lt_refuse(r.status, r.why);
    return CUBLAS_STATUS_SUCCESS;
}

bool bad_operation(int32_t operation)
{
    return operation != CUBLAS_OP_N && operation != CUBLAS_OP_T;
}

bool bad_layout(const LtLayout &x)
{
    return x.rows < 1 || x.columns < 1 || x.ld < static_cast<int64_t>(x.rows) || x.batch < 1;
}

cublasStatus_t check_matrices(const LtProblem &p)
{
    const uint64_t b_k = p.desc.b_operation == CUBLAS_OP_N ? p.b.rows : p.b.columns;
    bool columns = true;
    bool same_batch = true;
    for (const LtLayout *x : {&p.a, &p.b, &p.c, &p.d}) {
        columns = columns && x->order == CUBLASLT_ORDER_COL;
        same_batch = same_batch && x->batch == p.d.batch;
    }
    return first_broken({
        {bad_operation(p.desc.a_operation) || bad_operation(p.desc.b_operation), kUnsupported,
         "A and B are taken as they are or transposed"},
        {p.desc.c_operation != CUBLAS_OP_N, kUnsupported, "C cannot be transposed"},
        {!columns, kUnsupported, "every matrix is to be in CUBLASLT_ORDER_COL"},
        {bad_layout(p.a) || bad_layout(p.b) || bad_layout(p.c) || bad_layout(p.d), kInvalid,
         "a matrix is empty or its leading dimension is less than its rows"},
        {b_k != p.k, kInvalid, "the k of A and that of B differ"},
        {p.d.rows != p.m || p.d.columns != p.n, kInvalid, "D is not m x n"},
        {p.c.rows != p.m || p.c.columns != p.n, kInvalid, "C is not m x n"},
        {!same_batch, kInvalid, "the matrices differ in their batch count"},
        {!types_supported(p), kUnsupported, "these types do not go together"},
        {p.desc.pointer_mode != CUBLASLT_POINTER_MODE_HOST &&
             p.desc.pointer_mode != CUBLASLT_POINTER_MODE_DEVICE,
         kUnsupported, "alpha and beta are scalars of the host or of the device"},
    });
}

cublasStatus_t check_epilogue(const LtProblem &p)
{
    const LtEpilogue &e = p.epilogue;
    const LtDesc &x = p.desc;
    const bool uses_bias = e.bias || e.sum != LtSum::kNone;
    const bool mask = e.aux == LtAux::kWritesMask || e.aux == LtAux::kReadsMask;
    const bool input = e.aux == LtAux::kWritesInput || e.aux == LtAux::kReadsInput;
    const bool derivative = e.aux == LtAux::kReadsMask || e.aux == LtAux::kReadsInput;
    return first_broken({
        {p.d.batch > 1 && x.epilogue != CUBLASLT_EPILOGUE_DEFAULT, kUnsupported,
         "a batch of products has no epilogue"},
        {uses_bias && x.bias == nullptr, kInvalid, "the epilogue needs a bias pointer"},
        {!uses_bias && x.bias != nullptr, kInvalid, "a bias pointer for an epilogue without"},
        {uses_bias && !aligned(x.bias, lt_bytes(p.d.type)), kInvalid,
         "the bias is not aligned to its elements"},
        {uses_bias && x.bias_type != -1 && x.bias_type != static_cast<int32_t>(p.d.type),
         kUnsupported, "a bias or bias gradient has the type of D"},
        {x.bias_stride != 0 || x.aux_stride != 0, kUnsupported, "a stride without a batch"},
        {(mask || input) && x.aux == nullptr, kInvalid, "the epilogue needs an auxiliary pointer"},
        {(mask || input) && !aligned(x.aux, 16), kInvalid,
         "the auxiliary buffer is not aligned to 16 bytes"},
        {mask && x.aux_type != -1, kInvalid, "a ReLU mask has no type"},
        {mask && (x.aux_ld % 128 != 0 || x.aux_ld < static_cast<int64_t>(p.m)), kInvalid,
         "the leading dimension of a ReLU mask is a multiple of 128 and at least m"},
        {input && x.aux_type != -1 && x.aux_type != static_cast<int32_t>(p.d.type), kUnsupported,
         "the input of a GELU has the type of D"},
        {input && (x.aux_ld % 8 != 0 || x.aux_ld < static_cast<int64_t>(p.m)), kInvalid,
         "the leading dimension of a GELU's input is a multiple of 8 and at least m"},
        {derivative && p.k == 1, kUnsupported, "DRELU and DGELU need k > 1"},
        {e.sum != LtSum::kNone && (p.m == 1 || p.n == 1), kUnsupported,
         "a bias gradient needs m > 1 and n > 1"},
        {e.sum == LtSum::kOfA && x.a_operation != CUBLAS_OP_N, kUnsupported,
         "BGRADA needs an A that is not transposed"},
        {e.sum == LtSum::kOfB && x.b_operation != CUBLAS_OP_T, kUnsupported,
         "BGRADB needs a B that is transposed"},
    });
}

} // namespace

cublasStatus_t lt_refuse(cublasStatus_t status, const char *why)
{
    refusal = why;
    return status;
}

size_t lt_bytes(uint32_t type)
{
    return type == CUDA_R_16BF ? 2 : 4;
}

size_t lt_extent(const LtLayout &x)
{
    const size_t ld = static_cast<size_t>(x.ld);
    const size_t matrices = static_cast<size_t>(x.batch - 1) * static_cast<size_t>(x.stride);
    return (matrices + (x.columns - 1) * ld + x.rows) * lt_bytes(x.type);
}

cublasStatus_t lt_problem(const LtDesc &desc, const LtLayout &a, const LtLayout &b,
                          const LtLayout &c, const LtLayout &d, LtProblem *problem)
{
    LtProblem &p = *problem;
    p.desc = desc;
    p.a = a;
    p.b = b;
    p.c = c;
    p.d = d;
    p.m = desc.a_operation == CUBLAS_OP_N ? a.rows : a.columns;
    p.k = desc.a_operation == CUBLAS_OP_N ? a.columns : a.rows;
    p.n = desc.b_operation == CUBLAS_OP_N ? b.columns : b.rows;
    if (!find_epilogue(desc.epilogue, &p.epilogue))
        return lt_refuse(kUnsupported, "there is no such epilogue");
    if (const cublasStatus_t status = check_matrices(p)) return status;
    if (const cublasStatus_t status = check_epilogue(p)) return status;
    if (simcuda_configuration()->lt == SIMCUDA_LT_REFUSES)
        return lt_refuse(kUnsupported, "the configuration lets everything be refused");
    return CUBLAS_STATUS_SUCCESS;
}

} // namespace simcuda

const char *simcuda_lt_refusal(void)
{
    return simcuda::refusal.c_str();
}
