/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* The sentences in which the shadow memory reports an access. */
#ifndef CUPEL_SIMCUDA_FINDINGS_H
#define CUPEL_SIMCUDA_FINDINGS_H

#include "cell_check.h"
#include "sim_report.h"

namespace simcuda
{

/* "WHO: ", the sentence, at the place of the access. */
__attribute__((format(printf, 3, 4))) void tell(simcuda_kind kind, const Touch &touch,
                                                const char *format, ...);

/* "write to", and "global", as the access is. */
const char *deed(const Touch &touch);
const char *space(const Touch &touch);

/* The byte is in no allocation, or forbidden. */
void tell_no_memory(const Touch &touch, const char *byte);

/* Nothing orders an earlier access of the launch, a "write" or "read", before this one. Where it
   was one of several threads, known_thread is false. */
void tell_race(const Touch &touch, const char *earlier, Segment segment, unsigned thread,
               bool known_thread);

/* Nothing orders an earlier operation's access before this one. */
void tell_unordered(const Touch &touch, const char *earlier, Segment segment);

} // namespace simcuda

#endif
