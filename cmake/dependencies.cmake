# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# Finds what cupel can use but does not need. Each dependency NAME sets CUPEL_HAS_NAME and appends to
# cupel_private_libs what the library links: plain paths and -l names, no imported targets, so that
# an installed static cupel asks its users for no further find_package.
include(CheckCSourceCompiles)

find_package(Threads REQUIRED)
set(cupel_private_libs m ${CMAKE_THREAD_LIBS_INIT})

# Says what became of a dependency; ON makes its absence an error.
function(cupel_report name label found detail absent)
    if(found)
        message(STATUS "cupel: ${label}: ${detail}")
    elseif(CUPEL_${name} STREQUAL "ON")
        message(FATAL_ERROR "CUPEL_${name}=ON, but ${label} was not found")
    else()
        message(STATUS "cupel: ${label}: none, ${absent}")
    endif()
endfunction()

# Sets ${out} to whether the program links with the given headers and libraries.
function(cupel_links out include_dirs libraries source)
    set(CMAKE_REQUIRED_INCLUDES ${include_dirs})
    set(CMAKE_REQUIRED_LIBRARIES ${libraries})
    set(CMAKE_REQUIRED_QUIET ON)
    check_c_source_compiles("${source}" ${out})
endfunction()

# GEMM: OpenBLAS where present, else any library that has the CBLAS interface.
set(CUPEL_HAS_CBLAS OFF)
set(CUPEL_HAS_OPENBLAS OFF)
if(NOT CUPEL_BLAS STREQUAL "OFF")
    find_path(CUPEL_CBLAS_INCLUDE_DIR cblas.h PATH_SUFFIXES openblas)
    find_library(CUPEL_CBLAS_LIBRARY NAMES openblas cblas blas)
    mark_as_advanced(CUPEL_CBLAS_INCLUDE_DIR CUPEL_CBLAS_LIBRARY)
    if(CUPEL_CBLAS_INCLUDE_DIR AND CUPEL_CBLAS_LIBRARY)
        cupel_links(CUPEL_CBLAS_LINKS "${CUPEL_CBLAS_INCLUDE_DIR}" "${CUPEL_CBLAS_LIBRARY}" "
            #include <cblas.h>
            int main(void)
            {
                float a = 1, c = 0;
                cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 1, 1, 1, 1, &a, 1, &a, 1, 0, &c, 1);
                return (int)c;
            }")
        cupel_links(CUPEL_OPENBLAS_LINKS "" "${CUPEL_CBLAS_LIBRARY}" "
            int openblas_get_num_threads(void);
            void openblas_set_num_threads(int);
            int main(void)
            {
                openblas_set_num_threads(openblas_get_num_threads());
                return 0;
            }")
    endif()
    if(CUPEL_CBLAS_LINKS)
        set(CUPEL_HAS_CBLAS ON)
        list(APPEND cupel_private_libs ${CUPEL_CBLAS_LIBRARY})
        if(CUPEL_OPENBLAS_LINKS)
            set(CUPEL_HAS_OPENBLAS ON)
        endif()
    endif()
endif()
cupel_report(BLAS "CBLAS" ${CUPEL_HAS_CBLAS} "${CUPEL_CBLAS_LIBRARY}" "using cupel's own GEMM")

# Threads of the CPU device. A runtime in the compiler's own folder is linked by name, so that an
# installed static cupel does not name one version of that folder.
set(CUPEL_HAS_OPENMP OFF)
if(NOT CUPEL_OPENMP STREQUAL "OFF")
    find_package(OpenMP QUIET COMPONENTS C)
    if(OpenMP_C_FOUND)
        set(CUPEL_HAS_OPENMP ON)
        separate_arguments(cupel_openmp_flags NATIVE_COMMAND "${OpenMP_C_FLAGS}")
        foreach(name ${OpenMP_C_LIB_NAMES})
            get_filename_component(folder "${OpenMP_${name}_LIBRARY}" DIRECTORY)
            if(folder IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
                list(APPEND cupel_private_libs ${name})
            else()
                list(APPEND cupel_private_libs ${OpenMP_${name}_LIBRARY})
            endif()
        endforeach()
    endif()
endif()
cupel_report(OPENMP "OpenMP" ${CUPEL_HAS_OPENMP} "${OpenMP_C_FLAGS}"
             "the CPU device computes with one thread")

set(CUPEL_HAS_JANSSON OFF)
if(NOT CUPEL_JANSSON STREQUAL "OFF")
    find_path(CUPEL_JANSSON_INCLUDE_DIR jansson.h)
    find_library(CUPEL_JANSSON_LIBRARY jansson)
    mark_as_advanced(CUPEL_JANSSON_INCLUDE_DIR CUPEL_JANSSON_LIBRARY)
    if(CUPEL_JANSSON_INCLUDE_DIR AND CUPEL_JANSSON_LIBRARY)
        set(CUPEL_HAS_JANSSON ON)
        list(APPEND cupel_private_libs ${CUPEL_JANSSON_LIBRARY})
    endif()
endif()
cupel_report(JANSSON "jansson" ${CUPEL_HAS_JANSSON} "${CUPEL_JANSSON_LIBRARY}"
             "safetensors files cannot be read")

set(CUPEL_HAS_ZLIB OFF)
if(NOT CUPEL_ZLIB STREQUAL "OFF")
    find_path(CUPEL_ZLIB_INCLUDE_DIR zlib.h)
    find_library(CUPEL_ZLIB_LIBRARY z)
    mark_as_advanced(CUPEL_ZLIB_INCLUDE_DIR CUPEL_ZLIB_LIBRARY)
    if(CUPEL_ZLIB_INCLUDE_DIR AND CUPEL_ZLIB_LIBRARY)
        set(CUPEL_HAS_ZLIB ON)
        list(APPEND cupel_private_libs ${CUPEL_ZLIB_LIBRARY})
    endif()
endif()
cupel_report(ZLIB "zlib" ${CUPEL_HAS_ZLIB} "${CUPEL_ZLIB_LIBRARY}" ".gz files cannot be read")
