# The commit that is built, as a line in a file, which is empty where it isn't known: outside of a checkout, or without
# git. Run at each build. No header: whatever depends on the program would be made anew after each commit.
cmake_minimum_required(VERSION 3.22)
set(git git --no-optional-locks -C ${SOURCE})
execute_process(COMMAND ${git} rev-parse --show-toplevel
                OUTPUT_VARIABLE top OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failure ERROR_QUIET)
set(commit "")
if(NOT failure AND top STREQUAL SOURCE)
  execute_process(COMMAND ${git} describe --always --dirty --exclude=*
                  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
file(CONFIGURE OUTPUT ${FILE} CONTENT "${commit}\n")
