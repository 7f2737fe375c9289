/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the simulated CUDA device has found. A report is kept once for each kind and place, with a
 * count. Each is printed to stderr at once as "simcuda: KIND: FILE:LINE: TEXT", and ctest fails a
 * test that prints such a line; a test that plants a bug calls simcuda_reports_expected() first and
 * reads them.
 *
 * The executor and the shadow memory report what kernels do, the runtime and the fake cuBLASLt what
 * the host does with the CUDA API beyond a plain error code.
 */
#ifndef CUPEL_SIMCUDA_SIM_REPORT_H
#define CUPEL_SIMCUDA_SIM_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum simcuda_kind {
    SIMCUDA_MEMCHECK,    /* an access outside of every allocation, or a wild pointer */
    SIMCUDA_RACECHECK,   /* two accesses of one launch that nothing orders */
    SIMCUDA_INITCHECK,   /* a read of memory that nobody has written */
    SIMCUDA_SYNCCHECK,   /* a divergent barrier, a wrong mask, a lane outside the mask */
    SIMCUDA_STREAMCHECK, /* two operations on the same bytes that no stream or event orders */
    SIMCUDA_HOSTCHECK,   /* host code touches device memory, or a kernel host memory */
    SIMCUDA_ALIGNCHECK,  /* a misaligned access */
    SIMCUDA_LIMITCHECK,  /* more stack or shared memory than the device has */
    SIMCUDA_RULECHECK,   /* what cupel forbids itself, such as a float atomic */
    SIMCUDA_APICHECK,    /* a use of the CUDA API that is wrong but has no error code */
    SIMCUDA_ADDRESS,     /* what AddressSanitizer found */
    SIMCUDA_UNDEFINED    /* what UndefinedBehaviorSanitizer found */
} simcuda_kind;

typedef struct simcuda_report {
    simcuda_kind kind;
    const char *text; /* one sentence, with kernel, block and thread where there are any */
    const char *file; /* of the source line at fault, "?" where unknown */
    int line;         /* 0 where unknown */
    uint64_t count;   /* how many times */
} simcuda_report;

/* The reports so far, in the order of their first time, and their number. The array and its strings
   stay valid until the next report or simcuda_reports_clear(). */
const simcuda_report *simcuda_reports(int *n);

/* Forgets all reports, so that the same place is reported again. */
void simcuda_reports_clear(void);

/* Whether reports are expected: then they are kept, but not printed. */
void simcuda_reports_expected(bool expected);

/* The name of a kind, such as "racecheck". */
const char *simcuda_kind_name(simcuda_kind kind);

#ifdef __cplusplus
}

namespace simcuda
{

/* Reports at a source line that is known. */
__attribute__((format(printf, 4, 5))) void report_at(simcuda_kind kind, const char *file, int line,
                                                     const char *format, ...);

/* Reports at the instruction before a return address, whose source line is looked up. */
__attribute__((format(printf, 3, 4))) void report(simcuda_kind kind, const void *pc,
                                                  const char *format, ...);

} // namespace simcuda
#endif

#endif
