/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* Atomic operations of CUDA: one thread runs at a time, so each is an ordinary one that tells the
   race variant of itself. Included by device_overlay.h. */
#ifndef CUPEL_SIMCUDA_OVERLAY_ATOMICS_H
#define CUPEL_SIMCUDA_OVERLAY_ATOMICS_H

#define SIMCUDA_NO_TSAN __attribute__((no_sanitize("thread")))

/* name(address, value): the old value, with `result` stored in its place. */
#define SIMCUDA_ATOMIC(name, T, reads, result)                       \
    SIMCUDA_NO_TSAN inline T name(T *address, T value, SIMCUDA_SITE) \
    {                                                                \
        simcuda::atomic_access(address, sizeof(T), reads, site);     \
        const T old = *address;                                      \
        *address = static_cast<T>(result);                           \
        return old;                                                  \
    }

#define SIMCUDA_ATOMIC_CAS(T)                                                        \
    SIMCUDA_NO_TSAN inline T atomicCAS(T *address, T compare, T value, SIMCUDA_SITE) \
    {                                                                                \
        simcuda::atomic_access(address, sizeof(T), true, site);                      \
        const T old = *address;                                                      \
        if (old == compare) *address = value;                                        \
        return old;                                                                  \
    }

/* Signed integers wrap around. */
#define SIMCUDA_SUM(T, U, operation) static_cast<U>(old) operation static_cast<U>(value)

#define SIMCUDA_ATOMICS(T, U)                                     \
    SIMCUDA_ATOMIC(atomicAdd, T, true, SIMCUDA_SUM(T, U, +))      \
    SIMCUDA_ATOMIC(atomicMin, T, true, value < old ? value : old) \
    SIMCUDA_ATOMIC(atomicMax, T, true, value > old ? value : old) \
    SIMCUDA_ATOMIC(atomicAnd, T, true, old &value)                \
    SIMCUDA_ATOMIC(atomicOr, T, true, old | value)                \
    SIMCUDA_ATOMIC(atomicXor, T, true, old ^ value)               \
    SIMCUDA_ATOMIC(atomicExch, T, false, value)                   \
    SIMCUDA_ATOMIC_CAS(T)

SIMCUDA_ATOMICS(int, unsigned)
SIMCUDA_ATOMICS(unsigned, unsigned)
SIMCUDA_ATOMICS(unsigned long long, unsigned long long)
SIMCUDA_ATOMIC(atomicMin, long long, true, value < old ? value : old)
SIMCUDA_ATOMIC(atomicMax, long long, true, value > old ? value : old)
SIMCUDA_ATOMIC(atomicSub, int, true, SIMCUDA_SUM(int, unsigned, -))
SIMCUDA_ATOMIC(atomicSub, unsigned, true, old - value)
SIMCUDA_ATOMIC(atomicInc, unsigned, true, old >= value ? 0 : old + 1)
SIMCUDA_ATOMIC(atomicDec, unsigned, true, old == 0 || old > value ? value : old - 1)
SIMCUDA_ATOMIC(atomicExch, float, false, value)

/* A sum of floats depends on the order in which they come, so cupel adds none atomically: any other
   type works, as on a card, and is reported. */
template <class T> SIMCUDA_NO_TSAN inline T atomicAdd(T *address, T value, SIMCUDA_SITE)
{
    simcuda::forbidden("atomicAdd of floats, whose sum depends on their order", site);
    simcuda::atomic_access(address, sizeof(T), true, site);
    const T old = *address;
    *address = old + value;
    return old;
}

#undef SIMCUDA_ATOMICS
#undef SIMCUDA_SUM
#undef SIMCUDA_ATOMIC_CAS
#undef SIMCUDA_ATOMIC

#endif
