/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * cuBLASLt, opened once in a process and never closed: its kernels may be in graphs that live as
 * long as the process. The simulated device has a file of its own in the place of this one. */
#define _POSIX_C_SOURCE 200809L
#include "base/log.h"
#include "lt_table.h"
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

/* The versions whose functions are those of the table, the newest first. */
static const char *const names[] = {"libcublasLt.so.13", "libcublasLt.so.12"};

#define NAMES (sizeof names / sizeof names[0])

static pthread_once_t once = PTHREAD_ONCE_INIT;
static cupel_lt_table table;
static bool complete;

/* Fills the table; the name of the first function that the library lacks, or NULL. */
static const char *fill(void *library)
{
    void *symbol = NULL;
    /* POSIX lets a pointer to an object stand for one to a function; C wants it copied. */
#define FUNCTION(member, name)                   \
    symbol = dlsym(library, "cublasLt" #name);   \
    if (symbol == NULL) return "cublasLt" #name; \
    memcpy(&table.member, &symbol, sizeof symbol);
    CUPEL_LT_FUNCTIONS(FUNCTION)
#undef FUNCTION
    return NULL;
}

static void open_library(void)
{
    for (size_t i = 0; i < NAMES && !complete; i++) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library == NULL) continue;
        const char *missing = fill(library);
        complete = missing == NULL;
        if (complete) continue;
        cupel_log(CUPEL_LOG_WARNING, "%s has no %s and is not used", names[i], missing);
        dlclose(library);
    }
    if (!complete) {
        cupel_log(
            CUPEL_LOG_WARNING,
            "neither %s nor %s can be opened: cupel's own matrix products are used, which are "
            "several times slower",
            names[0], names[1]);
    }
}

const cupel_lt_table *cupel_cuda_lt_table(void)
{
    pthread_once(&once, open_library);
    return complete ? &table : NULL;
}
