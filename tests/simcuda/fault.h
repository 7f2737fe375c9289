/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* A kernel that touches an address where nothing is, or overflows its stack, fails its launch and
   not the test program. */
#ifndef CUPEL_SIMCUDA_FAULT_H
#define CUPEL_SIMCUDA_FAULT_H

namespace simcuda
{

/* Prepares the calling thread of the host; called before each launch. Faults of other code go their
   way. */
void catch_faults();

} // namespace simcuda

#endif
