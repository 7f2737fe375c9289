// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// C11 atomics of host code compiled with -fsanitize=thread become calls of these. They are done
// with the strongest order, whatever was asked for.

#include <cstdint>

#define FETCH(bits, name, builtin)                                                                 \
    uint##bits##_t __tsan_atomic##bits##_##name(volatile uint##bits##_t *at, uint##bits##_t value, \
                                                int)                                               \
    {                                                                                              \
        return builtin(at, value, __ATOMIC_SEQ_CST);                                               \
    }

#define EXCHANGE_IF(bits, strength, weak)                                                      \
    int __tsan_atomic##bits##_compare_exchange_##strength(                                     \
        volatile uint##bits##_t *at, uint##bits##_t *expected, uint##bits##_t value, int, int) \
    {                                                                                          \
        return __atomic_compare_exchange_n(at, expected, value, weak, __ATOMIC_SEQ_CST,        \
                                           __ATOMIC_SEQ_CST);                                  \
    }

#define ATOMICS(bits)                                                                         \
    uint##bits##_t __tsan_atomic##bits##_load(const volatile uint##bits##_t *at, int)         \
    {                                                                                         \
        return __atomic_load_n(at, __ATOMIC_SEQ_CST);                                         \
    }                                                                                         \
    void __tsan_atomic##bits##_store(volatile uint##bits##_t *at, uint##bits##_t value, int)  \
    {                                                                                         \
        __atomic_store_n(at, value, __ATOMIC_SEQ_CST);                                        \
    }                                                                                         \
    FETCH(bits, exchange, __atomic_exchange_n)                                                \
    FETCH(bits, fetch_add, __atomic_fetch_add)                                                \
    FETCH(bits, fetch_sub, __atomic_fetch_sub)                                                \
    FETCH(bits, fetch_and, __atomic_fetch_and)                                                \
    FETCH(bits, fetch_or, __atomic_fetch_or)                                                  \
    FETCH(bits, fetch_xor, __atomic_fetch_xor)                                                \
    FETCH(bits, fetch_nand, __atomic_fetch_nand)                                              \
    EXCHANGE_IF(bits, strong, false)                                                          \
    EXCHANGE_IF(bits, weak, true)                                                             \
    uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(                                \
        volatile uint##bits##_t *at, uint##bits##_t expected, uint##bits##_t value, int, int) \
    {                                                                                         \
        __atomic_compare_exchange_n(at, &expected, value, false, __ATOMIC_SEQ_CST,            \
                                    __ATOMIC_SEQ_CST);                                        \
        return expected;                                                                      \
    }

extern "C" {

ATOMICS(8)
ATOMICS(16)
ATOMICS(32)
ATOMICS(64)

void __tsan_atomic_thread_fence(int)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void __tsan_atomic_signal_fence(int)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

} // extern "C"
