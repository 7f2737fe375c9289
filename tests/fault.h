/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Faults made on purpose: the N-th allocation or the N-th file operation of the library fails. The
 * loop of a test is
 *
 *     for (int64_t n = 1;; n++) {
 *         fault_memory_arm(n, false);
 *         status = what_is_tested();
 *         if (fault_memory_disarm() == 0) break;   // the fault lay behind the end
 *         cr_assert_eq(status, CUPEL_ERROR_MEMORY);
 *     }
 */
#ifndef CUPEL_TESTS_FAULT_H
#define CUPEL_TESTS_FAULT_H

#include <stdbool.h>
#include <stdint.h>

/* Makes the library take its memory from here; before the first handle. Checks sizes and alignment
 * of what comes back. */
void fault_memory_install(void);
/* Fails the at-th allocation from now on, and all behind it if persistent. */
void fault_memory_arm(int64_t at, bool persistent);
/* Lets all succeed again. Returns how many have failed since arming. */
int64_t fault_memory_disarm(void);
/* Allocations since arming, and blocks that were not given back yet. */
int64_t fault_memory_calls(void);
int64_t fault_memory_blocks(void);
/* Refuses larger blocks than this, as a machine with little memory does; 0: none. Not counted as
 * failed. */
void fault_memory_limit(int64_t bytes);
/* Restores the C library's; when no handle is open. */
void fault_memory_remove(void);

/* Puts itself between the library and the system's file operations. unlink never fails: a file that
 * cannot be removed stays. */
void fault_files_install(void);
/* Fails the at-th operation from now on with the error number, and all behind it if persistent. A
 * close that fails closes all the same, as Linux does. */
void fault_files_arm(int64_t at, bool persistent, int error);
int64_t fault_files_disarm(void);
int64_t fault_files_calls(void);
/* Descriptors that the library has opened and not closed. */
int64_t fault_files_descriptors(void);
/* Every operation is first interrupted by a signal, and reads and writes move one byte at a time. */
void fault_files_hamper(bool hamper);
/* The name of the operation that failed last. */
const char *fault_files_failed(void);
void fault_files_remove(void);

#endif
