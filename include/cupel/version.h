/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef CUPEL_VERSION_H
#define CUPEL_VERSION_H

/* The version of these headers; cupel_version() tells the library's. */
#define CUPEL_VERSION_MAJOR 0
#define CUPEL_VERSION_MINOR 1
#define CUPEL_VERSION_PATCH 0

#endif
