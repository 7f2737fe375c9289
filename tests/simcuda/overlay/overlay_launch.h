/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* Launches: they register how the kernel is called, and then go the way of the real headers to the
   functions of the runtime. Included by device_overlay.h. */
#ifndef CUPEL_SIMCUDA_OVERLAY_LAUNCH_H
#define CUPEL_SIMCUDA_OVERLAY_LAUNCH_H

#include "registration.h"

#include <tuple>
#include <type_traits>
#include <utility>

namespace simcuda
{

template <class... P> class TypedCall
{
  public:
    static void add(void (*kernel)(P...))
    {
        register_kernel(reinterpret_cast<const void *>(kernel), call, copy, destroy);
    }

  private:
    using Arguments = std::tuple<std::decay_t<P>...>;

    template <size_t... I> static void *copy_each(void **from, std::index_sequence<I...>)
    {
        return new Arguments(*static_cast<std::decay_t<P> *>(from[I])...);
    }

    static void *copy(void **from)
    {
        return copy_each(from, std::index_sequence_for<P...>());
    }

    static void destroy(void *arguments)
    {
        delete static_cast<Arguments *>(arguments);
    }

    /* The arguments lie on the host's heap, where no kernel may read: these loads are not its. */
    template <size_t... I>
    __attribute__((no_sanitize("thread"))) static void
    call_with(void (*kernel)(P...), Arguments &arguments, std::index_sequence<I...>)
    {
        kernel(std::get<I>(arguments)...);
    }

    static void call(const void *function, void *arguments)
    {
        call_with(reinterpret_cast<void (*)(P...)>(const_cast<void *>(function)),
                  *static_cast<Arguments *>(arguments), std::index_sequence_for<P...>());
    }
};

template <class... P, class... A>
inline cudaError_t launch_registered(const cudaLaunchConfig_t *config, void (*kernel)(P...),
                                     A &&...arguments)
{
    TypedCall<P...>::add(kernel);
    return ::cudaLaunchKernelEx(config, kernel, std::forward<A>(arguments)...);
}

} // namespace simcuda

#define cudaLaunchKernelEx simcuda::launch_registered

/* More special than those of the real header, for any T *, and so taken before them. */
template <class... P>
inline cudaError_t cudaLaunchKernel(void (*kernel)(P...), dim3 grid, dim3 block, void **arguments,
                                    size_t shared = 0, cudaStream_t stream = nullptr)
{
    simcuda::TypedCall<P...>::add(kernel);
    return ::cudaLaunchKernel(reinterpret_cast<const void *>(kernel), grid, block, arguments,
                              shared, stream);
}

template <class... P>
inline cudaError_t cudaFuncSetAttribute(void (*kernel)(P...), cudaFuncAttribute attribute,
                                        int value)
{
    simcuda::TypedCall<P...>::add(kernel);
    return ::cudaFuncSetAttribute(reinterpret_cast<const void *>(kernel), attribute, value);
}

template <class... P>
inline cudaError_t cudaFuncGetAttributes(cudaFuncAttributes *attributes, void (*kernel)(P...))
{
    simcuda::TypedCall<P...>::add(kernel);
    return ::cudaFuncGetAttributes(attributes, reinterpret_cast<const void *>(kernel));
}

#endif
