# The CMake package of an installed Loopwright, found from where this file stands: the tree can be moved.
#
#   find_package(Loopwright REQUIRED)
#
#   LOOPWRIGHT_EXECUTABLE   the command
#   Loopwright::passes      the headers that plug-in passes are compiled with
#   loopwright_add_interpreter(NAME DEFINITION Name.som
#       [RUNTIME FILE...] [ENTRY NAME] [FLAGS FLAG...] [DEPENDS FILE...])
#     builds the interpreter of a language, as `loopwright emit FLAGS --definition= --runtime=` does. It is a
#     program NAME in the current binary folder; NAME_EXECUTABLE is its path. It is made anew when a .som beside
#     the definition changes. What the runtime includes, and other files, are to be named by DEPENDS.
#   loopwright_add_pass(NAME SOURCE...)
#     builds a plug-in, NAME.so, for --load-pass=; NAME is a target like any other.
get_filename_component(LOOPWRIGHT_PREFIX "${CMAKE_CURRENT_LIST_DIR}" REALPATH)
get_filename_component(LOOPWRIGHT_PREFIX "${LOOPWRIGHT_PREFIX}/../../.." ABSOLUTE)
set(LOOPWRIGHT_EXECUTABLE "${LOOPWRIGHT_PREFIX}/bin/loopwright")
if(NOT EXISTS "${LOOPWRIGHT_EXECUTABLE}")
  set(Loopwright_FOUND FALSE)
  set(Loopwright_NOT_FOUND_MESSAGE "there is no ${LOOPWRIGHT_EXECUTABLE}")
  return()
endif()

if(NOT TARGET Loopwright::passes)
  add_library(Loopwright::passes INTERFACE IMPORTED)
  set_target_properties(Loopwright::passes PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${LOOPWRIGHT_PREFIX}/include/loopwright"
    INTERFACE_COMPILE_FEATURES c_std_17)
endif()

function(loopwright_add_pass name)
  add_library(${name} MODULE ${ARGN})
  # Our headers need what GNU C adds, and the plug-in is found by its plain name.
  set_target_properties(${name} PROPERTIES PREFIX "" C_STANDARD 17 C_EXTENSIONS ON)
  target_link_libraries(${name} PRIVATE Loopwright::passes)
endfunction()

# Files are named from the source folder on, as CMake's own commands have it.
function(_loopwright_paths variable)
  set(paths "")
  foreach(file ${ARGN})
    if(NOT IS_ABSOLUTE "${file}" AND NOT file MATCHES "^(-l|[$]<)")
      set(file "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    endif()
    list(APPEND paths "${file}")
  endforeach()
  set(${variable} "${paths}" PARENT_SCOPE)
endfunction()

function(loopwright_add_interpreter name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DEFINITION;ENTRY" "RUNTIME;FLAGS;DEPENDS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_DEFINITION)
    message(FATAL_ERROR "loopwright_add_interpreter(${name}): DEFINITION is missing, or this is unknown: "
                        "${arg_UNPARSED_ARGUMENTS}")
  endif()
  _loopwright_paths(definition ${arg_DEFINITION})
  _loopwright_paths(runtime ${arg_RUNTIME})
  _loopwright_paths(depends ${arg_DEPENDS})
  # Superinstructions come from the profile beside the definition.
  string(REGEX REPLACE "[.]som$" ".profile" profile "${definition}")
  # They may come later; and a definition includes others.
  get_filename_component(folder "${definition}" DIRECTORY)
  file(GLOB beside CONFIGURE_DEPENDS "${folder}/*.som" "${folder}/*.profile")
  foreach(file ${beside})
    if(file STREQUAL profile OR file MATCHES "[.]som$")
      list(APPEND depends "${file}")
    endif()
  endforeach()
  set(flags "${runtime}")
  list(TRANSFORM flags PREPEND "--runtime=")
  if(arg_ENTRY)
    list(APPEND flags "--entry=${arg_ENTRY}")
  endif()
  list(FILTER runtime EXCLUDE REGEX "^-l")
  set(program "${CMAKE_CURRENT_BINARY_DIR}/${name}")
  add_custom_command(OUTPUT "${program}"
    COMMAND "${LOOPWRIGHT_EXECUTABLE}" emit ${arg_FLAGS} "--definition=${definition}" ${flags} -o "${program}"
    DEPENDS "${LOOPWRIGHT_EXECUTABLE}" "${definition}" ${runtime} ${depends}
    VERBATIM
    COMMENT "Emitting the interpreter ${name}")
  # A target may not be called as a file that it makes.
  add_custom_target(${name}-interpreter ALL DEPENDS "${program}")
  set(${name}_EXECUTABLE "${program}" PARENT_SCOPE)
endfunction()
