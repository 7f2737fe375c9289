/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* Loads and stores with a hint for the caches, which are none here. Included by device_overlay.h.
 */
#ifndef CUPEL_SIMCUDA_OVERLAY_MEMORY_H
#define CUPEL_SIMCUDA_OVERLAY_MEMORY_H

#define SIMCUDA_LOAD(name)                                                            \
    template <class T> __attribute__((always_inline)) inline T name(const T *address) \
    {                                                                                 \
        return *address;                                                              \
    }

#define SIMCUDA_STORE(name)                                                                 \
    template <class T> __attribute__((always_inline)) inline void name(T *address, T value) \
    {                                                                                       \
        *address = value;                                                                   \
    }

SIMCUDA_LOAD(__ldg)
SIMCUDA_LOAD(__ldca)
SIMCUDA_LOAD(__ldcg)
SIMCUDA_LOAD(__ldcs)
SIMCUDA_LOAD(__ldcv)
SIMCUDA_LOAD(__ldlu)
SIMCUDA_STORE(__stcg)
SIMCUDA_STORE(__stcs)
SIMCUDA_STORE(__stwb)
SIMCUDA_STORE(__stwt)

#undef SIMCUDA_LOAD
#undef SIMCUDA_STORE

#endif
