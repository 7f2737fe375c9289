# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# Finds the CUDA toolkit: CUPEL_HAS_CUDA. Without one all the rest of cupel is built and tested.
include(CheckLanguage)

# What the kernels are compiled for, unless CMAKE_CUDA_ARCHITECTURES or CUDAARCHS says otherwise.
set(cupel_cuda_architectures
    75-real  # Turing: the oldest that toolkit 13 knows
    80-real  # Ampere, A100
    86-real  # Ampere, consumer cards
    89-real  # Ada
    90       # Hopper, and for later cards that this toolkit does not know
    100-real # Blackwell, B200
    120      # Blackwell, consumer cards, and for what follows them
)

# What the library links for its CUDA device: plain paths and names, as cupel_private_libs.
set(cupel_cuda_libs "")
set(CUPEL_HAS_CUDA OFF)
set(detail "")
if(NOT CUPEL_CUDA STREQUAL "OFF")
    check_language(CUDA)
    if(CMAKE_CUDA_COMPILER)
        # A normal variable, set before CMake looks for its own default.
        set(cupel_user_architectures "${CMAKE_CUDA_ARCHITECTURES}$ENV{CUDAARCHS}")
        if(NOT cupel_user_architectures)
            # One that every toolkit knows, until nvcc has been asked.
            set(CMAKE_CUDA_ARCHITECTURES 80-real)
        endif()
        enable_language(CUDA)
        find_package(CUDAToolkit)
        # The library itself is opened at run time.
        find_path(CUPEL_CUBLASLT_INCLUDE_DIR cublasLt.h HINTS ${CUDAToolkit_INCLUDE_DIRS})
        mark_as_advanced(CUPEL_CUBLASLT_INCLUDE_DIR)
        if(CMAKE_CUDA_COMPILER_VERSION VERSION_LESS 12.4 OR NOT TARGET CUDA::cudart_static
           OR NOT CUPEL_CUBLASLT_INCLUDE_DIR)
            message(STATUS "cupel: CUDA toolkit ${CMAKE_CUDA_COMPILER_VERSION} is not used: 12.4 or "
                           "newer with the static runtime and the header cublasLt.h is expected")
        else()
            set(CUPEL_HAS_CUDA ON)
        endif()
    endif()
endif()

# Sets ${out} to the numbers of the architectures that nvcc compiles for.
function(cupel_ask_nvcc out)
    execute_process(COMMAND ${CMAKE_CUDA_COMPILER} --list-gpu-code
        OUTPUT_VARIABLE known RESULT_VARIABLE failed ERROR_QUIET)
    if(failed)
        message(FATAL_ERROR "cupel: ${CMAKE_CUDA_COMPILER} --list-gpu-code fails")
    endif()
    string(REGEX MATCHALL "[0-9]+[a-z]?" known "${known}")
    set(${out} "${known}" PARENT_SCOPE)
endfunction()

if(CUPEL_HAS_CUDA)
    set(cupel_cuda_libs ${CUDA_cudart_static_LIBRARY} dl rt)
    cupel_ask_nvcc(known)
    set(wanted ${cupel_cuda_architectures})
    if(cupel_user_architectures)
        set(wanted ${CMAKE_CUDA_ARCHITECTURES})
    endif()
    set(CMAKE_CUDA_ARCHITECTURES "")
    set(dropped "")
    foreach(architecture ${wanted})
        string(REGEX REPLACE "-(real|virtual)$" "" number "${architecture}")
        if(number MATCHES "^[0-9]" AND NOT number IN_LIST known)
            list(APPEND dropped ${architecture})
        else()
            # What is no number, as native and all-major, is CMake's to judge.
            list(APPEND CMAKE_CUDA_ARCHITECTURES ${architecture})
        endif()
    endforeach()
    if(dropped AND cupel_user_architectures)
        message(FATAL_ERROR "cupel: CMAKE_CUDA_ARCHITECTURES has ${dropped}, which nvcc "
            "${CMAKE_CUDA_COMPILER_VERSION} does not compile for; it knows ${known}")
    endif()
    if(dropped)
        message(STATUS "cupel: CUDA: nvcc ${CMAKE_CUDA_COMPILER_VERSION} does not know "
                       "${dropped}: dropped")
    endif()
    set(detail "nvcc ${CMAKE_CUDA_COMPILER_VERSION}, architectures ${CMAKE_CUDA_ARCHITECTURES}")
endif()
cupel_report(CUDA "CUDA" ${CUPEL_HAS_CUDA} "${detail}"
             "the library knows the CPU device alone")
