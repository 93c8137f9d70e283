# What is installed, and the packages that CPack makes of it (`./dev package`): a .deb and a .tar.gz. The programs
# find their parts from where they stand, so the tree can be moved.

# ---- Manual pages and completions: what the program itself says --------------------------------

set(MANUAL ${CMAKE_BINARY_DIR}/manual)
file(MAKE_DIRECTORY ${MANUAL})
file(READ ${CMAKE_SOURCE_DIR}/cli/commands.def commands)
string(REGEX MATCHALL "\nCOMMAND\\([a-z]+," commands "${commands}")
list(TRANSFORM commands REPLACE "\nCOMMAND\\(([a-z]+)," "\\1")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cli/commands.def)
function(manual_file name)
  add_custom_command(OUTPUT ${MANUAL}/${name} COMMAND loopwright help ${ARGN} -o ${MANUAL}/${name}
    DEPENDS loopwright VERBATIM COMMENT "")
  set_property(GLOBAL APPEND PROPERTY MANUAL_FILES ${MANUAL}/${name})
endfunction()
manual_file(loopwright.1 --man)
manual_file(som.1 --man=som)
foreach(command ${commands})
  manual_file(loopwright-${command}.1 --man=${command})
endforeach()
manual_file(loopwright.bash --completion=bash)
manual_file(_loopwright --completion=zsh)
get_property(manual_files GLOBAL PROPERTY MANUAL_FILES)
add_custom_target(manual ALL DEPENDS ${manual_files})
add_dependencies(product manual commit)
list(FILTER manual_files INCLUDE REGEX "[.]1$")
install(FILES ${manual_files} DESTINATION share/man/man1)
install(FILES ${MANUAL}/loopwright.bash DESTINATION share/bash-completion/completions RENAME loopwright)
install(FILES ${MANUAL}/_loopwright DESTINATION share/zsh/site-functions)

# ---- Programs, and what they need ----------------------------------------------------------------

install(TARGETS loopwright loopwright-gen RUNTIME DESTINATION bin)
install(PROGRAMS ${CMAKE_BINARY_DIR}/bin/som DESTINATION bin)
foreach(version ${LLVM_VERSIONS})
  install(TARGETS loopwright-llvm-${version} RUNTIME DESTINATION libexec)
endforeach()
# What interpreters of SOM are linked with. It is nobody else's library, so it has a folder of its own.
install(TARGETS somruntime ARCHIVE DESTINATION lib/loopwright)
install(FILES ${SOM_MAIN} DESTINATION lib/loopwright)
if(THREAD_RUNTIME)
  install(TARGETS somruntime-thread ARCHIVE DESTINATION lib/loopwright)
  install(FILES ${SOM_MAIN_THREAD} DESTINATION lib/loopwright)
endif()
install(FILES ${DEFINITION} ${DEFINITION_PROFILE} ${GENERATED}/commit DESTINATION share/loopwright)
install(FILES ${DEFINITION_PARTS} DESTINATION share/loopwright/interpreter)
install(FILES ${CORELIB} DESTINATION share/loopwright/corelib)
install(FILES ${CMAKE_SOURCE_DIR}/bench/control/control.c ${CMAKE_SOURCE_DIR}/bench/control/loop.h
  DESTINATION share/loopwright/control)
# What `loopwright gil` runs.
install(DIRECTORY ${CMAKE_SOURCE_DIR}/examples/threads DESTINATION share/loopwright
  FILES_MATCHING PATTERN "*.som" PATTERN "*.py" PATTERN "*.json" PATTERN "README.md")

# ---- What others build with ------------------------------------------------------------------------

# Plug-in passes; and SOM's own generated header.
install(FILES ${DEFINITION_HEADER} DESTINATION include/loopwright)
foreach(folder ir passes support)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/${folder} DESTINATION include/loopwright
    FILES_MATCHING PATTERN "*.h" PATTERN "ops.def")
endforeach()
include(CMakePackageConfigHelpers)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/LoopwrightConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/LoopwrightConfig.cmake ${CMAKE_BINARY_DIR}/LoopwrightConfigVersion.cmake
  DESTINATION lib/cmake/Loopwright)
configure_file(${CMAKE_CURRENT_LIST_DIR}/loopwright.pc.in ${CMAKE_BINARY_DIR}/loopwright.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/loopwright.pc DESTINATION lib/pkgconfig)
# Pages lead from one to the other, and to the examples.
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/CONTRIBUTING.md ${CMAKE_SOURCE_DIR}/LICENSE
  DESTINATION share/doc/loopwright)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/ DESTINATION share/doc/loopwright/docs USE_SOURCE_PERMISSIONS)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/examples DESTINATION share/doc/loopwright USE_SOURCE_PERMISSIONS
  PATTERN "*.o" EXCLUDE PATTERN "__pycache__" EXCLUDE)

# ---- Packages ----------------------------------------------------------------------------------------

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME loopwright)
set(CPACK_PACKAGE_CONTACT "Seed 0150b98e maintainers <maintainers@users.noreply.r-seed-0150b98e.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "workbench for bytecode interpreters")
set(CPACK_PACKAGE_DESCRIPTION
"Builds native bytecode interpreters from one naive definition: the optimisations that
interpreter authors do by hand are passes, each behind a flag, and what each of them did
can be seen, counted and raced. With SOM, a small Smalltalk, as its first language.")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_FILE_NAME loopwright-${PROJECT_VERSION}-linux-x86_64)
# Debug information of `som` is a feature, and plug-ins need the symbols of `loopwright`.
set(CPACK_STRIP_FILES FALSE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
# Shared libraries are found by dpkg-shlibdeps; these are what interpreters are linked with.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS TRUE)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "gcc, libc6-dev, libgmp-dev")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "make, gnuplot-nox, gdb, clang-19 | clang-22")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, pkg-config, python3, valgrind")
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/package-prefix.cmake)
include(CPack)
