#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# pkg-config.sh PREFIX WORK APP COMPILER... compiles and runs a program with what pkg-config says of
# the cupel in PREFIX, and nothing more.
set -eu
prefix=$1 work=$2 app=$3
shift 3
pc=$(find "$prefix" -name cupel.pc)
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
mkdir -p "$work"
# The flags are words.
# shellcheck disable=SC2046
"$@" -o "$work/app" "$app" $(pkg-config --cflags --libs cupel)
LD_LIBRARY_PATH=$(pkg-config --variable=libdir cupel) "$work/app"
