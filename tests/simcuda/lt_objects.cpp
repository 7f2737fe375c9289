/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Handles and descriptors of the fake cuBLASLt. As in the real library (13.1),
 * setting an attribute checks its number and its size, never its value. */
#include "lt.h"
#include "sim_report.h"

#include <cstring>
#include <map>
#include <memory>

namespace simcuda
{

namespace
{

struct Handle {
    char unused;
};

/* The objects of one kind that exist. */
template <class Object> std::map<const void *, std::unique_ptr<Object>> &all()
{
    static std::map<const void *, std::unique_ptr<Object>> objects;
    return objects;
}

template <class Object> Object *find(const void *handle)
{
    const auto found = all<Object>().find(handle);
    return found == all<Object>().end() ? nullptr : found->second.get();
}

template <class Object, class Opaque>
cublasStatus_t create(Opaque *handle, const Object &value, cublasStatus_t usual)
{
    const LtCall call(usual);
    if (call.refused()) return call.end();
    if (handle == nullptr) return call.end(CUBLAS_STATUS_INVALID_VALUE);
    auto object = std::make_unique<Object>(value);
    *handle = reinterpret_cast<Opaque>(object.get());
    all<Object>()[*handle] = std::move(object);
    count_objects(1);
    return call.end();
}

template <class Object> cublasStatus_t destroy(const void *handle)
{
    const LtCall call(CUBLAS_STATUS_INTERNAL_ERROR, Call::kFrees);
    if (call.refused() || handle == nullptr) return call.end();
    if (all<Object>().erase(handle) == 0) return call.end(CUBLAS_STATUS_INVALID_VALUE);
    count_objects(-1);
    return call.end();
}

/* One attribute: its number, where it lies in the object, its size. */
struct Field {
    int attribute;
    void *where;
    size_t bytes;
};

template <class T> Field field(int attribute, T *where)
{
    return {attribute, where, sizeof *where};
}

cublasStatus_t set(std::initializer_list<Field> fields, int attribute, const void *value,
                   size_t bytes, int known)
{
    for (const Field &candidate : fields) {
        if (candidate.attribute != attribute) continue;
        if (value == nullptr || bytes != candidate.bytes) return CUBLAS_STATUS_INVALID_VALUE;
        memcpy(candidate.where, value, bytes);
        return CUBLAS_STATUS_SUCCESS;
    }
    /* An attribute that the real library has, but not this one, must not pass for a mistake. */
    if (attribute >= 0 && attribute <= known)
        report_at(SIMCUDA_APICHECK, "?", 0, "cuBLASLt's attribute %d is not simulated", attribute);
    return CUBLAS_STATUS_INVALID_VALUE;
}

} // namespace

const LtDesc *lt_find(cublasLtMatmulDesc_t handle)
{
    return find<LtDesc>(handle);
}

const LtLayout *lt_find(cublasLtMatrixLayout_t handle)
{
    return find<LtLayout>(handle);
}

const LtPreference *lt_find(cublasLtMatmulPreference_t handle)
{
    return find<LtPreference>(handle);
}

bool lt_is_handle(cublasLtHandle_t handle)
{
    return find<Handle>(handle) != nullptr;
}

} // namespace simcuda

using namespace simcuda;

cublasStatus_t simcuda_cublasLtCreate(cublasLtHandle_t *handle)
{
    return create(handle, Handle(), CUBLAS_STATUS_NOT_INITIALIZED);
}

cublasStatus_t simcuda_cublasLtDestroy(cublasLtHandle_t handle)
{
    return destroy<Handle>(handle);
}

cublasStatus_t simcuda_cublasLtMatmulDescCreate(cublasLtMatmulDesc_t *desc,
                                                cublasComputeType_t compute, cudaDataType_t scale)
{
    LtDesc value;
    value.compute = compute;
    value.scale = scale;
    return create(desc, value, CUBLAS_STATUS_ALLOC_FAILED);
}

cublasStatus_t simcuda_cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t desc)
{
    return destroy<LtDesc>(desc);
}

cublasStatus_t simcuda_cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t desc,
                                                      cublasLtMatmulDescAttributes_t attribute,
                                                      const void *value, size_t bytes)
{
    const LtCall call(CUBLAS_STATUS_INTERNAL_ERROR);
    if (call.refused()) return call.end();
    LtDesc *x = find<LtDesc>(desc);
    if (x == nullptr) return call.end(CUBLAS_STATUS_INVALID_VALUE);
    return call.end(set({field(CUBLASLT_MATMUL_DESC_COMPUTE_TYPE, &x->compute),
                         field(CUBLASLT_MATMUL_DESC_SCALE_TYPE, &x->scale),
                         field(CUBLASLT_MATMUL_DESC_POINTER_MODE, &x->pointer_mode),
                         field(CUBLASLT_MATMUL_DESC_TRANSA, &x->a_operation),
                         field(CUBLASLT_MATMUL_DESC_TRANSB, &x->b_operation),
                         field(CUBLASLT_MATMUL_DESC_TRANSC, &x->c_operation),
                         field(CUBLASLT_MATMUL_DESC_EPILOGUE, &x->epilogue),
                         field(CUBLASLT_MATMUL_DESC_BIAS_POINTER, &x->bias),
                         field(CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE, &x->bias_stride),
                         field(CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE, &x->bias_type),
                         field(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, &x->aux),
                         field(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, &x->aux_ld),
                         field(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_BATCH_STRIDE, &x->aux_stride),
                         field(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_DATA_TYPE, &x->aux_type),
                         field(CUBLASLT_MATMUL_DESC_SM_COUNT_TARGET, &x->multiprocessors)},
                        attribute, value, bytes, CUBLASLT_MATMUL_DESC_D_OUT_SCALE_POINTER));
}

cublasStatus_t simcuda_cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t *layout, cudaDataType type,
                                                  uint64_t rows, uint64_t columns, int64_t ld)
{
    LtLayout value;
    value.type = type;
    value.rows = rows;
    value.columns = columns;
    value.ld = ld;
    return create(layout, value, CUBLAS_STATUS_ALLOC_FAILED);
}

cublasStatus_t simcuda_cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t layout)
{
    return destroy<LtLayout>(layout);
}

cublasStatus_t simcuda_cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t layout,
                                                        cublasLtMatrixLayoutAttribute_t attribute,
                                                        const void *value, size_t bytes)
{
    const LtCall call(CUBLAS_STATUS_INTERNAL_ERROR);
    if (call.refused()) return call.end();
    LtLayout *x = find<LtLayout>(layout);
    if (x == nullptr) return call.end(CUBLAS_STATUS_INVALID_VALUE);
    return call.end(set({field(CUBLASLT_MATRIX_LAYOUT_TYPE, &x->type),
                         field(CUBLASLT_MATRIX_LAYOUT_ORDER, &x->order),
                         field(CUBLASLT_MATRIX_LAYOUT_ROWS, &x->rows),
                         field(CUBLASLT_MATRIX_LAYOUT_COLS, &x->columns),
                         field(CUBLASLT_MATRIX_LAYOUT_LD, &x->ld),
                         field(CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, &x->batch),
                         field(CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, &x->stride)},
                        attribute, value, bytes, CUBLASLT_MATRIX_LAYOUT_BATCH_MODE));
}

cublasStatus_t simcuda_cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t *preference)
{
    return create(preference, LtPreference(), CUBLAS_STATUS_ALLOC_FAILED);
}

cublasStatus_t simcuda_cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t preference)
{
    return destroy<LtPreference>(preference);
}

cublasStatus_t
simcuda_cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t preference,
                                             cublasLtMatmulPreferenceAttributes_t attribute,
                                             const void *value, size_t bytes)
{
    const LtCall call(CUBLAS_STATUS_INTERNAL_ERROR);
    if (call.refused()) return call.end();
    LtPreference *x = find<LtPreference>(preference);
    if (x == nullptr) return call.end(CUBLAS_STATUS_INVALID_VALUE);
    return call.end(set({field(CUBLASLT_MATMUL_PREF_SEARCH_MODE, &x->search),
                         field(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &x->workspace),
                         field(CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, &x->reductions),
                         field(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, &x->a_alignment),
                         field(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, &x->b_alignment),
                         field(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, &x->c_alignment),
                         field(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, &x->d_alignment),
                         field(CUBLASLT_MATMUL_PREF_MAX_WAVES_COUNT, &x->waves)},
                        attribute, value, bytes, CUBLASLT_MATMUL_PREF_IMPL_MASK));
}
