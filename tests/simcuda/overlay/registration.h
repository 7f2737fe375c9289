/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* How a kernel makes itself known to the executor. */
#ifndef CUPEL_SIMCUDA_REGISTRATION_H
#define CUPEL_SIMCUDA_REGISTRATION_H

namespace simcuda
{

using CallKernel = void (*)(const void *function, void *arguments);
using CopyArguments = void *(*)(void **arguments);
using DestroyArguments = void (*)(void *arguments);

/* Once a kernel is known, later calls change nothing. */
void register_kernel(const void *function, CallKernel call, CopyArguments copy,
                     DestroyArguments destroy);

} // namespace simcuda

#endif
