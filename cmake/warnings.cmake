# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0

# Gives a target of this project the language and the warnings that all of cupel is held to.
function(cupel_c_defaults target)
    set_target_properties(${target} PROPERTIES
        C_STANDARD 17 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
    if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
        target_compile_options(${target} PRIVATE
            -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes)
    endif()
    if(CUPEL_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
endfunction()
