/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table of the fake cuBLASLt, and what its calls have in common. */
#include "lt.h"
#include "sim_config.h"
#include "sim_runtime.h"

#include <type_traits>

namespace simcuda
{

LtCall::LtCall(cublasStatus_t usual, Call::Kind kind) : call_(cudaErrorUnknown, kind), usual_(usual)
{
}

cublasStatus_t LtCall::end(cublasStatus_t result) const
{
    switch (call_.reason()) {
    case cudaSuccess:
        return result;
    case cudaErrorInsufficientDriver:
    case cudaErrorNoDevice:
        return CUBLAS_STATUS_NOT_INITIALIZED;
    case cudaErrorMemoryAllocation:
        return CUBLAS_STATUS_ALLOC_FAILED;
    default:
        return sticky_error() != cudaSuccess ? CUBLAS_STATUS_EXECUTION_FAILED : usual_;
    }
}

} // namespace simcuda

using namespace simcuda;

size_t simcuda_cublasLtGetVersion(void)
{
    return 130100;
}

const char *simcuda_cublasLtGetStatusName(cublasStatus_t status)
{
    switch (status) {
    case CUBLAS_STATUS_SUCCESS:
        return "CUBLAS_STATUS_SUCCESS";
    case CUBLAS_STATUS_NOT_INITIALIZED:
        return "CUBLAS_STATUS_NOT_INITIALIZED";
    case CUBLAS_STATUS_ALLOC_FAILED:
        return "CUBLAS_STATUS_ALLOC_FAILED";
    case CUBLAS_STATUS_INVALID_VALUE:
        return "CUBLAS_STATUS_INVALID_VALUE";
    case CUBLAS_STATUS_ARCH_MISMATCH:
        return "CUBLAS_STATUS_ARCH_MISMATCH";
    case CUBLAS_STATUS_MAPPING_ERROR:
        return "CUBLAS_STATUS_MAPPING_ERROR";
    case CUBLAS_STATUS_EXECUTION_FAILED:
        return "CUBLAS_STATUS_EXECUTION_FAILED";
    case CUBLAS_STATUS_INTERNAL_ERROR:
        return "CUBLAS_STATUS_INTERNAL_ERROR";
    case CUBLAS_STATUS_NOT_SUPPORTED:
        return "CUBLAS_STATUS_NOT_SUPPORTED";
    case CUBLAS_STATUS_LICENSE_ERROR:
        return "CUBLAS_STATUS_LICENSE_ERROR";
    }
    return "unknown cublasStatus_t";
}

void simcuda_fill_lt(cupel_lt_table *table)
{
    /* The types of the table are written by hand, so they are compared with those of the header. */
#define FUNCTION(member, name)                                                             \
    static_assert(std::is_same<decltype(table->member), decltype(&cublasLt##name)>::value, \
                  "the type of cublasLt" #name);                                           \
    table->member = simcuda_cublasLt##name;
    CUPEL_LT_FUNCTIONS(FUNCTION)
#undef FUNCTION
}

/* What opens the library of a machine does this here. */
const cupel_lt_table *cupel_cuda_lt_table(void)
{
    static const cupel_lt_table table = [] {
        cupel_lt_table filled;
        simcuda_fill_lt(&filled);
        return filled;
    }();
    return simcuda_configuration()->lt == SIMCUDA_LT_ABSENT ? nullptr : &table;
}
