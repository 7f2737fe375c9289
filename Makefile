# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# The front door. CMake builds; see CMakePresets.json for the configurations.
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
DATA ?= /usr/share/datasets/fashion-mnist

MAKEFLAGS += --no-print-directory

.PHONY: all demo test bench gpu kernels mutants-kernels install clean format

all:
	cmake --preset release
	cmake --build --preset release --parallel $(JOBS)

# Trains on the 60,000 images of Fashion-MNIST and writes history.csv and history.svg here.
# It builds what it runs and no kernels. On a busy machine threads that sleep while they wait are many
# times faster than threads that spin; on an idle one they cost little.
demo:
	scripts/setup demo
	cmake --preset release
	cmake --build --preset release --parallel $(JOBS) --target fashion_mnist
	OMP_WAIT_POLICY=passive build/release/examples/fashion_mnist $(DATA)

test:
	scripts/setup test
	scripts/run-tests test $(JOBS)
	scripts/run-tests debug $(JOBS)

# Prints cupel's speed beside PyTorch's.
bench:
	scripts/setup bench
	cmake --preset bench
	cmake --build --preset bench --parallel $(JOBS)
	bench/run build/bench

# What there is to know of cupel on this machine's NVIDIA card, in at most nine minutes; see
# docs/gpu-checklist.md. Needs no network and nothing but the toolkit. Results: $OUT or build/gpu.
gpu:
	JOBS=$(JOBS) scripts/gpu

# Compiles the CUDA kernels for all architectures and writes docs/kernels.md.
kernels:
	cmake --preset kernels
	cmake --build --preset kernels --parallel $(JOBS)
	scripts/kernel-report build/kernels docs/kernels.md

# Removes every barrier, fence and tail guard in turn: do the tests notice?
mutants-kernels:
	scripts/setup test
	scripts/mutants-kernels --jobs $(JOBS)

install: all
	cmake --install build/release --prefix $(PREFIX)

clean:
	rm -rf build

format:
	git ls-files '*.c' '*.h' | xargs clang-format -i
