// Where things happen in a program, as its author knows it: a routine, which is a method or the
// blocks in it, and a line. An instruction belongs to a line of a routine; so do those of the other
// versions of its method that on-stack replacement has made.
#ifndef RUNTIME_PROFILE_PLACES_H
#define RUNTIME_PROFILE_PLACES_H

#include "runtime/profile/pairs.h"
#include "runtime/vm.h"

typedef struct Routine {
    const char *label; // `Class>>selector`, with `[] in ` before it if it is the method's blocks
    const char *file;
} Routine;

typedef struct Line {
    size_t routine;
    int number; // in the routine's file; 0: not known
} Line;

typedef struct Places {
    Arena *arena;
    PairTable routine_keys, line_keys, instruction_keys;
    ARENA_VECTOR(Routine) routines;
    ARENA_VECTOR(Line) lines;
    ARENA_VECTOR(size_t) instructions; // the line of each
} Places;

// The number of the line that the instruction at `pc`, or around it, of the frame's method stands
// in. What is done before the first method runs is in a routine of its own.
size_t places_line(Places *places, const Frame *frame, int64_t pc);

// The routine that stands for what is not looked at: the callers at the bottom of a deep stack.
size_t places_routine_cut(Places *places);

#endif
