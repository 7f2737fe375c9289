/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The meaning of the instructions for which CUDA has no function and kernels/ptx.cuh has inline
 * PTX. That header leaves these names to this one where SIMCUDA is defined. Included by
 * device_overlay.h.
 */
#ifndef CUPEL_SIMCUDA_OVERLAY_PTX_H
#define CUPEL_SIMCUDA_OVERLAY_PTX_H

#define SIMCUDA 1

/* tanh.approx.f32 */
inline float ptx_tanh_approx(float x)
{
    return simcuda::approximately(tanhf(x));
}

/* griddepcontrol.wait and .launch_dependents: a launch here begins after the one before has ended.
 */
inline void ptx_grid_dependency_wait()
{
}

inline void ptx_launch_dependents()
{
}

#endif
