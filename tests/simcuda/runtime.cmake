# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0

# What stands in for libcudart and cuBLASLt, one library a variant: simcuda_runtime_sim,
# simcuda_runtime_sim_asan, simcuda_runtime_sim_race. The simulator underneath comes with it.
foreach(variant ${simcuda_variants})
    set(target simcuda_runtime_${variant})
    add_library(${target} STATIC
        error_names.cpp
        lt_arithmetic.cpp
        lt_matmul.cpp
        lt_objects.cpp
        lt_product.cpp
        lt_rules.cpp
        lt_table.cpp
        runtime_capture.cpp
        runtime_copy.cpp
        runtime_device.cpp
        runtime_error.cpp
        runtime_event.cpp
        runtime_graph.cpp
        runtime_launch.cpp
        runtime_memory.cpp
        runtime_pinned.cpp
        runtime_stream.cpp
        tasks.cpp
    )
    simcuda_cxx_defaults(${target})
    target_compile_options(${target} PRIVATE -Wconversion ${simcuda_flags_${variant}})
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/kernels)
    target_link_libraries(${target} PUBLIC simcuda_${variant})
    if(CUPEL_HAS_CBLAS)
        target_compile_definitions(${target} PRIVATE SIMCUDA_CBLAS)
        target_include_directories(${target} SYSTEM PRIVATE ${CUPEL_CBLAS_INCLUDE_DIR})
        target_link_libraries(${target} PUBLIC ${CUPEL_CBLAS_LIBRARY})
    endif()
endforeach()
