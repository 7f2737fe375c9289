# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0

# The tests of the runtime and of the fake cuBLASLt. They are C and kernels, as cupel is, and are
# compiled with the hooks of the variant.
foreach(variant ${simcuda_variants})
    set(kernels sim_kernels_${variant})
    add_library(${kernels} OBJECT sim_kernels.cu)
    simcuda_code(${kernels} ${variant})
    foreach(stem capture copies errors events graphs limits lt lt_epilogues lt_refusals
            streams)
        set(test test_sim_${stem}_${variant})
        add_executable(${test} test_sim_${stem}.c)
        simcuda_code(${test} ${variant})
        set_target_properties(${test} PROPERTIES
            C_STANDARD 17 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
        target_compile_definitions(${test} PRIVATE _POSIX_C_SOURCE=200809L)
        target_include_directories(${test} SYSTEM PRIVATE ${CUPEL_CRITERION_INCLUDE_DIR})
        target_link_libraries(${test} PRIVATE ${kernels}
            simcuda_runtime_${variant} ${CUPEL_CRITERION_LIBRARY} Threads::Threads m)
        add_test(NAME sim_${stem}_${variant} COMMAND ${test} -j1)
        set_tests_properties(sim_${stem}_${variant} PROPERTIES
            TIMEOUT 120 LABELS simcuda ENVIRONMENT "OPENBLAS_NUM_THREADS=1"
            FAIL_REGULAR_EXPRESSION "simcuda: |LeakSanitizer|runtime error:|Tested: 0 ")
    endforeach()
endforeach()
