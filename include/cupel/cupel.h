/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * cupel trains neural networks from plain C, on NVIDIA GPUs and on the CPU. This header brings
 * everything but <cupel/cuda.h>. Every call that can fail returns a cupel_status; cupel_last_error()
 * then says in one sentence what was wrong. In config structs 0 means the default. */
#ifndef CUPEL_CUPEL_H
#define CUPEL_CUPEL_H

#include <cupel/dataset.h>
#include <cupel/device.h>
#include <cupel/layer.h>
#include <cupel/model.h>
#include <cupel/optimizer.h>
#include <cupel/status.h>
#include <cupel/tensor.h>
#include <cupel/train.h>
#include <cupel/types.h>
#include <cupel/version.h>

#endif
