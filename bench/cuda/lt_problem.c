/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "lt_problem.h"

#include "cuda_error.h"
#include "device_ops.h"
#include "lt_error.h"

const bench_lt_type bench_lt_types[BENCH_LT_TYPES] = {
    {"float32", "float32", CUDA_R_32F, CUBLAS_COMPUTE_32F},
    {"float32", "tf32", CUDA_R_32F, CUBLAS_COMPUTE_32F_FAST_TF32},
    {"bfloat16", "bfloat16", CUDA_R_16BF, CUBLAS_COMPUTE_32F},
    {"float16", "float16", CUDA_R_16F, CUBLAS_COMPUTE_32F},
};

/* A call of the table within a function that has lt. */
#define LT_TRY(member, ...) CUPEL_LT_TRY(lt, "bench", member, __VA_ARGS__)

static int64_t size_of(cudaDataType type)
{
    return type == CUDA_R_32F ? 4 : 2;
}

static int writes_or_reads_aux(cublasLtEpilogue_t e)
{
    return e == CUBLASLT_EPILOGUE_RELU_AUX_BIAS || e == CUBLASLT_EPILOGUE_GELU_AUX_BIAS ||
           e == CUBLASLT_EPILOGUE_DRELU || e == CUBLASLT_EPILOGUE_DRELU_BGRAD ||
           e == CUBLASLT_EPILOGUE_DGELU || e == CUBLASLT_EPILOGUE_DGELU_BGRAD;
}

static int has_bias(cublasLtEpilogue_t e)
{
    return e == CUBLASLT_EPILOGUE_BIAS || e == CUBLASLT_EPILOGUE_RELU_BIAS ||
           e == CUBLASLT_EPILOGUE_RELU_AUX_BIAS || e == CUBLASLT_EPILOGUE_GELU_AUX_BIAS ||
           e == CUBLASLT_EPILOGUE_DRELU_BGRAD || e == CUBLASLT_EPILOGUE_DGELU_BGRAD ||
           e == CUBLASLT_EPILOGUE_BGRADA || e == CUBLASLT_EPILOGUE_BGRADB;
}

/* The leading dimension of aux: a mask of bits for ReLU, whole numbers for GELU. */
static int64_t aux_ld(const bench_lt_shape *s)
{
    return (s->m + 127) / 128 * 128;
}

static cupel_status allocate(bench_lt_problem *p, int index, int64_t elements, cudaDataType type,
                             int fill)
{
    const int64_t size = size_of(type);
    p->bytes[index] = (elements + p->shape.odd) * size;
    CUPEL_TRY(cupel_device_alloc(p->device, p->bytes[index], &p->memory[index]));
    if (!fill) return CUPEL_OK;
    /* The bits of a bf16 number of that size are also those of a half that is one. */
    return bench_fill_random(p->device,
                             size == 4 ? CUPEL_PRECISION_FLOAT32 : CUPEL_PRECISION_BFLOAT16,
                             elements + p->shape.odd, p->memory[index]);
}

static void *address(const bench_lt_problem *p, int index, cudaDataType type)
{
    unsigned char *start = p->memory[index];
    return start != NULL ? start + p->shape.odd * size_of(type) : NULL;
}

static cupel_status make_memory(bench_lt_problem *p, int fill)
{
    const bench_lt_shape *s = &p->shape;
    CUPEL_TRY(allocate(p, BENCH_LT_A, s->m * s->k, s->factors, fill));
    CUPEL_TRY(allocate(p, BENCH_LT_B, s->k * s->n, s->factors, fill));
    CUPEL_TRY(allocate(p, BENCH_LT_D, s->m * s->n, s->result, 0));
    if (has_bias(s->epilogue)) {
        const int64_t longest = s->m > s->n ? s->m : s->n;
        CUPEL_TRY(allocate(p, BENCH_LT_BIAS, longest, s->result, 0));
    }
    if (writes_or_reads_aux(s->epilogue))
        CUPEL_TRY(allocate(p, BENCH_LT_AUX, aux_ld(s) * s->n, s->result, 0));
    p->bytes[BENCH_LT_SPACE] = BENCH_LT_WORKSPACE;
    return cupel_device_alloc(p->device, BENCH_LT_WORKSPACE, &p->memory[BENCH_LT_SPACE]);
}

static cupel_status describe(bench_lt_problem *p)
{
    const cupel_lt_table *lt = p->lt;
    const bench_lt_shape *s = &p->shape;
    const int32_t first = s->transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N;
    const int32_t second = s->transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N;
    const uint32_t epilogue = (uint32_t)s->epilogue;
    const int64_t a_rows = s->transpose_a ? s->k : s->m;
    const int64_t b_rows = s->transpose_b ? s->n : s->k;
    LT_TRY(create, &p->handle);
    LT_TRY(desc_create, &p->desc, s->compute, CUDA_R_32F);
    LT_TRY(desc_set, p->desc, CUBLASLT_MATMUL_DESC_TRANSA, &first, sizeof first);
    LT_TRY(desc_set, p->desc, CUBLASLT_MATMUL_DESC_TRANSB, &second, sizeof second);
    LT_TRY(desc_set, p->desc, CUBLASLT_MATMUL_DESC_EPILOGUE, &epilogue, sizeof epilogue);
    /* The choice of an algorithm looks at the pointers' alignment. */
    if (p->memory[BENCH_LT_BIAS] != NULL) {
        void *bias = address(p, BENCH_LT_BIAS, s->result);
        LT_TRY(desc_set, p->desc, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &bias, sizeof bias);
    }
    if (p->memory[BENCH_LT_AUX] != NULL) {
        const int64_t ld = aux_ld(s);
        /* What the library writes for itself has no reason to be off. */
        void *aux = p->memory[BENCH_LT_AUX];
        LT_TRY(desc_set, p->desc, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, &aux, sizeof aux);
        LT_TRY(desc_set, p->desc, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, &ld, sizeof ld);
    }
    LT_TRY(layout_create, &p->a, s->factors, (uint64_t)a_rows,
           (uint64_t)(s->transpose_a ? s->m : s->k), a_rows);
    LT_TRY(layout_create, &p->b, s->factors, (uint64_t)b_rows,
           (uint64_t)(s->transpose_b ? s->k : s->n), b_rows);
    LT_TRY(layout_create, &p->d, s->result, (uint64_t)s->m, (uint64_t)s->n, s->m);
    return CUPEL_OK;
}

static cupel_status ask(bench_lt_problem *p, int wanted)
{
    const cupel_lt_table *lt = p->lt;
    const uint64_t space = BENCH_LT_WORKSPACE;
    LT_TRY(preference_create, &p->preference);
    LT_TRY(preference_set, p->preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &space,
           sizeof space);
    for (int i = 0; p->shape.odd && i < 4; i++) {
        const uint32_t bytes = (uint32_t)size_of(i < 2 ? p->shape.factors : p->shape.result);
        const cublasLtMatmulPreferenceAttributes_t attribute =
            (cublasLtMatmulPreferenceAttributes_t)(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES + i);
        LT_TRY(preference_set, p->preference, attribute, &bytes, sizeof bytes);
    }
    const cublasStatus_t result = lt->heuristic(p->handle, p->desc, p->a, p->b, p->d, p->d,
                                                p->preference, wanted, p->found, &p->count);
    if (cupel_cuda_lt_refused(result)) {
        p->count = 0;
        return CUPEL_OK;
    }
    return cupel_cuda_lt_result(lt, result, cupel_lt_name.heuristic, "bench");
}

cupel_status bench_lt_open(cupel_device *device, const bench_lt_shape *shape, int wanted, int fill,
                           bench_lt_problem *problem)
{
    *problem = (bench_lt_problem){.lt = cupel_cuda_lt_table(), .device = device, .shape = *shape};
    CUPEL_FAIL_IF(problem->lt == NULL, CUPEL_ERROR_NO_DEVICE,
                  "there is no cuBLASLt on this machine");
    CUPEL_TRY(make_memory(problem, fill));
    CUPEL_TRY(describe(problem));
    return ask(problem, wanted < BENCH_LT_MOST ? wanted : BENCH_LT_MOST);
}

void bench_lt_close(bench_lt_problem *p)
{
    if (p->preference != NULL) p->lt->preference_destroy(p->preference);
    if (p->a != NULL) p->lt->layout_destroy(p->a);
    if (p->b != NULL) p->lt->layout_destroy(p->b);
    if (p->d != NULL) p->lt->layout_destroy(p->d);
    if (p->desc != NULL) p->lt->desc_destroy(p->desc);
    if (p->handle != NULL) p->lt->destroy(p->handle);
    for (int i = 0; i < BENCH_LT_MEMORIES; i++)
        cupel_device_free(p->device, p->memory[i], p->bytes[i]);
    *p = (bench_lt_problem){0};
}

cupel_status bench_lt_run(cupel_exec *x, const void *args)
{
    static const float one = 1;
    static const float zero = 0;
    bench_lt_problem *p = *(bench_lt_problem *const *)args;
    const cupel_lt_table *lt = p->lt;
    void *d = address(p, BENCH_LT_D, p->shape.result);
    LT_TRY(matmul, p->handle, p->desc, &one, address(p, BENCH_LT_A, p->shape.factors), p->a,
           address(p, BENCH_LT_B, p->shape.factors), p->b, &zero, d, p->d, d, p->d,
           &p->found[p->chosen].algo, p->memory[BENCH_LT_SPACE], (size_t)BENCH_LT_WORKSPACE,
           x->stream);
    return CUPEL_OK;
}

static cupel_status count_nodes(cudaGraph_t graph, int64_t *nodes)
{
    size_t count = 0;
    CUPEL_TRY(cupel_cuda_result(cudaGraphGetNodes(graph, NULL, &count), "cudaGraphGetNodes"));
    *nodes = (int64_t)count;
    return CUPEL_OK;
}

cupel_status bench_lt_count_nodes(cupel_exec *x, const void *args)
{
    bench_lt_count *counted = *(bench_lt_count *const *)args;
    cudaGraph_t graph = NULL;
    CUPEL_TRY(cupel_cuda_result(cudaStreamBeginCapture(x->stream, cudaStreamCaptureModeThreadLocal),
                                "cudaStreamBeginCapture"));
    cupel_status status = bench_lt_run(x, &counted->problem);
    const cupel_status ended =
        cupel_cuda_result(cudaStreamEndCapture(x->stream, &graph), "cudaStreamEndCapture");
    if (status == CUPEL_OK) status = ended;
    if (status == CUPEL_OK) status = count_nodes(graph, &counted->nodes);
    if (graph != NULL) cudaGraphDestroy(graph);
    return status;
}
