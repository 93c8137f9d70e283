// The control: an interpreter of the default loop's bytecodes that is written by hand in C
// (bench/control), which `loopwright bench --control=…` races against emitted ones. It is built
// anew each time, which takes a second, with the C compiler that makes the race fairest: clang of
// the LLVM that the variants got, where that is found, else the system's `cc`.
#ifndef CLI_BENCH_CONTROL_H
#define CLI_BENCH_CONTROL_H

#include "cli/emitted_cache.h"

// How it dispatches: "switch|goto".
extern const char control_kinds[];

// Builds the control of that kind (an index of `control_kinds`) and links it with the default
// loop's runtime, as temporary files. `version` is the variants' LLVM. `*compiler` becomes what
// it was compiled with: "gcc 12". False after an error on stderr: there is no C compiler, no
// source, or they don't agree.
bool control_build(Arena *arena, int kind, int version, Emitted *emitted, const char **compiler);

#endif
