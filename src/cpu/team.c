/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/team.h"

#if defined(_OPENMP)
#include <omp.h>
#endif

#if defined(CUPEL_WITH_OPENBLAS)
#include <pthread.h>

/* As OpenBLAS has them; a cblas.h of another library that was found first lacks them. */
int openblas_get_num_threads(void);
void openblas_set_num_threads(int threads);

static pthread_mutex_t blas_lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t blas_runs;
static int blas_threads_found;
#endif

#if defined(_OPENMP)
/* Where part of parts begins. */
static int64_t part_begin(int64_t count, int64_t step, int64_t part, int64_t parts)
{
    const int64_t steps = (count + step - 1) / step;
    const int64_t begin = (steps / parts * part + steps % parts * part / parts) * step;
    return begin < count ? begin : count;
}
#endif

void cupel_cpu_share(int64_t threads, int64_t count, int64_t step, int64_t least,
                     cupel_cpu_body *body, void *context)
{
    if (count <= 0) return;
#if defined(_OPENMP)
    const int64_t worth = least > 0 ? count / least : count;
    const int64_t parts = worth < threads ? worth : threads;
    if (parts > 1) {
#pragma omp parallel num_threads((int)parts)
        {
            /* The team may be smaller than asked for, as in a region of the caller's. */
            const int64_t part = omp_get_thread_num();
            const int64_t team = omp_get_num_threads();
            const int64_t begin = part_begin(count, step, part, team);
            const int64_t end = part_begin(count, step, part + 1, team);
            if (begin < end) body(context, begin, end);
        }
        return;
    }
#else
    (void)threads;
    (void)step;
    (void)least;
#endif
    body(context, 0, count);
}

int64_t cupel_cpu_usual_threads(void)
{
#if defined(_OPENMP)
    /* Asking the system takes as long as a whole step of a tiny network. */
    static _Atomic int64_t threads;
    if (threads == 0) {
        const int processors = omp_get_num_procs();
        const int most = omp_get_max_threads();
        threads = most < processors ? most : processors;
    }
    return threads;
#else
    return 1;
#endif
}

void cupel_cpu_blas_enter(void)
{
#if defined(CUPEL_WITH_OPENBLAS)
    pthread_mutex_lock(&blas_lock);
    if (blas_runs++ == 0) {
        blas_threads_found = openblas_get_num_threads();
        if (blas_threads_found != 1) openblas_set_num_threads(1);
    }
    pthread_mutex_unlock(&blas_lock);
#endif
}

void cupel_cpu_blas_leave(void)
{
#if defined(CUPEL_WITH_OPENBLAS)
    pthread_mutex_lock(&blas_lock);
    if (--blas_runs == 0 && blas_threads_found != 1) openblas_set_num_threads(blas_threads_found);
    pthread_mutex_unlock(&blas_lock);
#endif
}

const char *cupel_cpu_blas_name(void)
{
#if defined(CUPEL_WITH_OPENBLAS)
    return "OpenBLAS";
#elif defined(CUPEL_WITH_CBLAS)
    return "CBLAS";
#else
    return "own GEMM";
#endif
}
