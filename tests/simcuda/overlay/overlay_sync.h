/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* Barriers, warp operations and fences of CUDA. Included by device_overlay.h. */
#ifndef CUPEL_SIMCUDA_OVERLAY_SYNC_H
#define CUPEL_SIMCUDA_OVERLAY_SYNC_H

inline void __syncthreads(SIMCUDA_SITE)
{
    simcuda::barrier(simcuda::Barrier::Plain, 0, site);
}

inline int __syncthreads_count(int predicate, SIMCUDA_SITE)
{
    return simcuda::barrier(simcuda::Barrier::Count, predicate, site);
}

inline int __syncthreads_and(int predicate, SIMCUDA_SITE)
{
    return simcuda::barrier(simcuda::Barrier::All, predicate, site);
}

inline int __syncthreads_or(int predicate, SIMCUDA_SITE)
{
    return simcuda::barrier(simcuda::Barrier::Any, predicate, site);
}

inline void __syncwarp(unsigned mask = ~0U, SIMCUDA_SITE)
{
    simcuda::warp_operation(simcuda::Warp::Sync, mask, 0, 0, site);
}

inline void __threadfence()
{
    simcuda::fence();
}

inline void __threadfence_system()
{
    simcuda::fence();
}

/* Orders nothing between blocks; inside of one, only a barrier says that the other side has come.
 */
inline void __threadfence_block()
{
}

[[noreturn]] inline void __trap(SIMCUDA_SITE)
{
    simcuda::trap(site);
}

namespace simcuda
{

template <class T> inline uint64_t to_bits(T value)
{
    static_assert(sizeof value <= 8, "a warp operation takes at most 8 bytes");
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof value);
    return bits;
}

template <class T> inline T from_bits(uint64_t bits)
{
    T value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

template <class T> inline T shuffle(unsigned mask, T value, int source, Site site)
{
    return from_bits<T>(
        warp_operation(Warp::Shuffle, mask, to_bits(value), static_cast<unsigned>(source), site));
}

inline int vote(Warp kind, unsigned mask, int predicate, Site site)
{
    return static_cast<int>(warp_operation(kind, mask, predicate != 0, 0, site));
}

/* The first lane of the segment of width lanes to which the caller belongs. */
inline int segment_start(int width)
{
    return static_cast<int>(lane()) & ~(width - 1);
}

} // namespace simcuda

template <class T>
inline T __shfl_sync(unsigned mask, T value, int source, int width = 32, SIMCUDA_SITE)
{
    return simcuda::shuffle(mask, value, simcuda::segment_start(width) | (source & (width - 1)),
                            site);
}

/* Lanes of a later segment are out of reach: the caller gets its own value. */
template <class T>
inline T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32, SIMCUDA_SITE)
{
    const int own = static_cast<int>(simcuda::lane());
    const int source = own ^ lanes;
    const bool reached = source < simcuda::segment_start(width) + width;
    return simcuda::shuffle(mask, value, reached ? source : own, site);
}

template <class T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32, SIMCUDA_SITE)
{
    const int own = static_cast<int>(simcuda::lane());
    const int source = own + static_cast<int>(delta);
    const bool reached = source < simcuda::segment_start(width) + width;
    return simcuda::shuffle(mask, value, reached ? source : own, site);
}

template <class T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, SIMCUDA_SITE)
{
    const int own = static_cast<int>(simcuda::lane());
    const int source = own - static_cast<int>(delta);
    const bool reached = source >= simcuda::segment_start(width);
    return simcuda::shuffle(mask, value, reached ? source : own, site);
}

inline unsigned __ballot_sync(unsigned mask, int predicate, SIMCUDA_SITE)
{
    return static_cast<unsigned>(simcuda::vote(simcuda::Warp::Ballot, mask, predicate, site));
}

inline int __any_sync(unsigned mask, int predicate, SIMCUDA_SITE)
{
    return simcuda::vote(simcuda::Warp::Any, mask, predicate, site);
}

inline int __all_sync(unsigned mask, int predicate, SIMCUDA_SITE)
{
    return simcuda::vote(simcuda::Warp::All, mask, predicate, site);
}

/* Any set of lanes with the caller in it is a right answer, and code that is right with the
   smallest is right with all. */
inline unsigned __activemask()
{
    return 1U << simcuda::lane();
}

template <class T> inline unsigned __match_any_sync(unsigned mask, T value, SIMCUDA_SITE)
{
    return static_cast<unsigned>(
        simcuda::warp_operation(simcuda::Warp::MatchAny, mask, simcuda::to_bits(value), 0, site));
}

template <class T> inline unsigned __match_all_sync(unsigned mask, T value, int *all, SIMCUDA_SITE)
{
    const uint64_t lanes =
        simcuda::warp_operation(simcuda::Warp::MatchAll, mask, simcuda::to_bits(value), 0, site);
    *all = lanes != 0;
    return static_cast<unsigned>(lanes);
}

#define SIMCUDA_REDUCE(name, T, kind)                                                          \
    inline T name(unsigned mask, T value, SIMCUDA_SITE)                                        \
    {                                                                                          \
        return static_cast<T>(simcuda::warp_operation(simcuda::Warp::kind, mask,               \
                                                      static_cast<unsigned>(value), 0, site)); \
    }

SIMCUDA_REDUCE(__reduce_add_sync, unsigned, Add)
SIMCUDA_REDUCE(__reduce_add_sync, int, Add)
SIMCUDA_REDUCE(__reduce_min_sync, unsigned, MinUnsigned)
SIMCUDA_REDUCE(__reduce_min_sync, int, MinSigned)
SIMCUDA_REDUCE(__reduce_max_sync, unsigned, MaxUnsigned)
SIMCUDA_REDUCE(__reduce_max_sync, int, MaxSigned)
SIMCUDA_REDUCE(__reduce_and_sync, unsigned, And)
SIMCUDA_REDUCE(__reduce_or_sync, unsigned, Or)
SIMCUDA_REDUCE(__reduce_xor_sync, unsigned, Xor)

#undef SIMCUDA_REDUCE

#endif
