/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the simulated card can do: the limits of an H100, which launches are held to. */
#ifndef SIMCUDA_CARD_H
#define SIMCUDA_CARD_H

#include <cstddef>

namespace simcuda
{

constexpr int kMajor = 9;
constexpr int kMinor = 0;
constexpr int kMultiprocessors = 132;
constexpr int kWarp = 32;
constexpr int kMaxThreads = 1024; /* of a block */
constexpr int kMaxBlockXY = 1024;
constexpr int kMaxBlockZ = 64;
constexpr int kMaxGridX = 2147483647;
constexpr int kMaxGridYZ = 65535;
constexpr int kMaxThreadsMultiprocessor = 2048;
constexpr int kMaxBlocksMultiprocessor = 32;
constexpr int kRegisters = 65536;
constexpr int kSharedMemory = 48 << 10;       /* of a block that did not opt in */
constexpr int kSharedMemoryOptIn = 227 << 10; /* of one that did */
constexpr int kSharedMemoryMultiprocessor = 228 << 10;
constexpr int kSharedMemoryReserved = 1 << 10; /* of each block, by the driver */
constexpr int kL2 = 50 << 20;
constexpr int kLowestPriority = 0;
constexpr int kHighestPriority = -5;
constexpr int kVersion = 13000; /* of driver and runtime */

} // namespace simcuda

#endif
