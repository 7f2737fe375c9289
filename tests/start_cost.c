/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * start_cost WITH WITHOUT: what the CUDA device costs a program that does not use it. Both programs run
 * in turn; of each the quickest run and the least memory count, as whatever else the machine does only
 * adds. Ends with 1 for more than 5 ms or 5 MB. */
#define _DEFAULT_SOURCE

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 40 };

typedef struct cost {
    double milliseconds;
    double megabytes;
} cost;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

/* Runs a program once; false if that fails. */
static int run(const char *program, cost *least)
{
    struct rusage usage;
    int status = 0;
    const double began = now();
    const pid_t child = vfork();
    if (child < 0) return 0;
    if (child == 0) {
        execl(program, program, (char *)NULL);
        _exit(127);
    }
    if (wait4(child, &status, 0, &usage) != child || status != 0) return 0;
    const double took = now() - began;
    const double megabytes = 1e-3 * (double)usage.ru_maxrss;
    if (took < least->milliseconds) least->milliseconds = took;
    if (megabytes < least->megabytes) least->megabytes = megabytes;
    return 1;
}

int main(int argc, char **argv)
{
    cost least[2] = {{1e9, 1e9}, {1e9, 1e9}};
    if (argc != 3) return 2;
    for (int i = 0; i < 2 * RUNS; i++) {
        if (!run(argv[1 + i % 2], &least[i % 2])) return 2;
    }
    printf("with CUDA %.2f ms, %.1f MB; without %.2f ms, %.1f MB\n", least[0].milliseconds,
           least[0].megabytes, least[1].milliseconds, least[1].megabytes);
    return least[0].milliseconds - least[1].milliseconds > 5 ||
           least[0].megabytes - least[1].megabytes > 5;
}
