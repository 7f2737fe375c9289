# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# cmake --install: headers, library, cupel.pc and the CMake package.
include(CMakePackageConfigHelpers)

install(TARGETS cupel EXPORT cupelTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY include/cupel DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cupel)
configure_package_config_file(cmake/cupelConfig.cmake.in ${PROJECT_BINARY_DIR}/cupelConfig.cmake
    INSTALL_DESTINATION ${package_dir})
# Before 1.0 another minor version is another interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cupelConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cupelConfig.cmake ${PROJECT_BINARY_DIR}/cupelConfigVersion.cmake
    DESTINATION ${package_dir})
install(EXPORT cupelTargets NAMESPACE cupel:: DESTINATION ${package_dir})

# A program links a static cupel with the libraries that cupel uses; a shared one knows them itself.
set(private_flags "")
foreach(item ${cupel_private_libs} ${cupel_cuda_libs})
    if(IS_ABSOLUTE "${item}")
        get_filename_component(folder "${item}" DIRECTORY)
        get_filename_component(name "${item}" NAME_WE)
        string(REGEX REPLACE "^lib" "" name "${name}")
        if(NOT folder IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
            string(APPEND private_flags " -L${folder}")
        endif()
        string(APPEND private_flags " -l${name}")
    elseif(item MATCHES "^-")
        string(APPEND private_flags " ${item}")
    else()
        string(APPEND private_flags " -l${item}")
    endif()
endforeach()
if(BUILD_SHARED_LIBS)
    set(pc_libs "")
    set(pc_libs_private "${private_flags}")
else()
    set(pc_libs "${private_flags}")
    set(pc_libs_private "")
endif()
# The prefix is where the file lies, so that the one given to the install step counts.
set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    file(RELATIVE_PATH up "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
    string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${up}")
endif()
foreach(kind INCLUDE LIB)
    string(TOLOWER pc_${kind}dir variable)
    if(IS_ABSOLUTE "${CMAKE_INSTALL_${kind}DIR}")
        set(${variable} "${CMAKE_INSTALL_${kind}DIR}")
    else()
        set(${variable} "\${prefix}/${CMAKE_INSTALL_${kind}DIR}")
    endif()
endforeach()
configure_file(cmake/cupel.pc.in ${PROJECT_BINARY_DIR}/cupel.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cupel.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
