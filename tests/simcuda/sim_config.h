/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a test may choose about the simulated CUDA device. The values come from the environment
 * once, at the first call of simcuda_configuration(); a test may change them afterwards, between
 * CUDA calls. A variable that holds something else than what stands here ends the program with a
 * message.
 */
#ifndef CUPEL_SIMCUDA_SIM_CONFIG_H
#define CUPEL_SIMCUDA_SIM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* In which order the threads of a block, or the blocks of a grid, run. SIMCUDA_WARPS takes lane 0
   of every warp, then lane 1, and so on; blocks know it as SIMCUDA_FORWARD. */
typedef enum simcuda_order {
    SIMCUDA_FORWARD,
    SIMCUDA_REVERSE,
    SIMCUDA_RANDOM,
    SIMCUDA_WARPS
} simcuda_order;

/* When an asynchronous operation runs: at once; when it is awaited, and then only what the awaited
   one needs; when something is awaited, in a random legal order; or the newest stream first. */
typedef enum simcuda_streams {
    SIMCUDA_EAGER,
    SIMCUDA_LAZY,
    SIMCUDA_LAZY_RANDOM,
    SIMCUDA_LAZY_NEWEST
} simcuda_streams;

/* What the fake cuBLASLt does with a legal matmul: one kernel; always two; two where it has an
   epilogue, which is then not fused; or no algorithm at all. Or there is no such library. */
typedef enum simcuda_lt {
    SIMCUDA_LT_FUSED,
    SIMCUDA_LT_SPLIT,
    SIMCUDA_LT_UNFUSED,
    SIMCUDA_LT_REFUSES,
    SIMCUDA_LT_ABSENT
} simcuda_lt;

typedef enum simcuda_failure {
    SIMCUDA_TRANSIENT, /* the call fails, the next ones do not */
    SIMCUDA_PERSISTENT /* the call and all after it fail, as on a card that is lost */
} simcuda_failure;

typedef struct simcuda_config {
    simcuda_order order;       /* SIMCUDA_ORDER: forward, reverse, random, warps; default forward */
    simcuda_order block_order; /* SIMCUDA_BLOCK_ORDER: forward, reverse, random; default as order */
    uint64_t seed;             /* SIMCUDA_SEED: of all random choices; default 1 */
    int preempt;               /* SIMCUDA_PREEMPT: in the race variant, of 64 memory accesses of a
                                  kernel so many hand over to another thread; 0..64, default 0 */
    bool strict;             /* SIMCUDA_STRICT: 0 or 1; report a thread that ends while others wait
                                at a barrier, which hardware allows; default 1 */
    bool perturb;            /* SIMCUDA_PERTURB: 0 or 1; results of approximate instructions are
                                wrong by up to 2 ulp, equal for equal inputs; default 0 */
    simcuda_streams streams; /* SIMCUDA_STREAMS: eager, lazy, random, newest; default eager */
    simcuda_lt lt;           /* SIMCUDA_LT: fused, split, unfused, refuses, absent;
                                default fused */
    int lt_splits;           /* SIMCUDA_LT_SPLITS: 1..16; cuBLASLt adds so many partial products
                                along k, which are summed by a kernel of their own; default 1 */
    bool lt_drops_nan;       /* SIMCUDA_LT_DROPS_NAN: 0 or 1; its ReLU makes 0 of NaN; default 0 */
    bool driver;             /* SIMCUDA_DRIVER: 0 or 1; 0: there is no driver; default 1 */
    int devices;             /* SIMCUDA_DEVICES: 0..4, default 1 */
    size_t memory;           /* SIMCUDA_MEMORY: bytes of each device; default 2 GiB */
    uint64_t fail_call;      /* SIMCUDA_FAIL_CALL: the number, from 1, of the call that fails;
                                default 0: none */
    int fail_error;          /* SIMCUDA_FAIL_ERROR: the cudaError_t that it returns; default 0:
                                one that is usual for the function. An error after which a
                                  device is lost is a kernel's: a launch returns well, and the
                                  kernel fails when it runs */
    simcuda_failure fail_mode; /* SIMCUDA_FAIL_MODE: transient, persistent; default transient */
    uint64_t calls;            /* calls counted so far; a test sets it to 0 to count from here */
} simcuda_config;

/* The one configuration of the process, never NULL. */
simcuda_config *simcuda_configuration(void);

/* Counts a call of the CUDA runtime or of cuBLASLt and says whether it is to fail. The runtime and
   the fake cuBLASLt ask this first in every function that can fail, and then return an error that
   the real function has. */
bool simcuda_call_fails(void);

#ifdef __cplusplus
}
#endif

#endif
