// `som --profile`: running a program while notes are taken, and writing them down however the run
// ends. What is noted is runtime/profile's.
#ifndef RUNTIME_COMMAND_PROFILING_H
#define RUNTIME_COMMAND_PROFILING_H

#include "runtime/som.h"

enum { PROFILING_FILES = 4 };

typedef struct Profiling {
    const char *files[PROFILING_FILES]; // each in the form that its name says
    int file_count;                     // 0: no profile is wanted
    unsigned parts;                     // PROFILE_…; 0: all
    int rows;                           // of each table; 0: as many as is usual
} Profiling;

// Takes an option of these, whole, if it is one: `known` is set. Answers what is wrong with it;
// NULL: nothing.
const char *profiling_take(Profiling *profiling, const char *option, bool *known);

// The parts that words with commas between them name; 0: one of them is none.
unsigned profiling_parts(const char *words);

// What is wrong with all of them together; NULL: nothing.
const char *profiling_conflict(const Profiling *profiling, bool has_program);

// Finds out before the run whether there are places to write to, and says what can't be had. False
// after an error on standard error.
bool profiling_check(const Profiling *profiling, const char *image);

// som_run, and writes the profile afterwards. Signals end the run in order, and then, when all is
// written, the process. The status is 1 if the profile couldn't be written.
int profiling_run(const Profiling *profiling, Vm *vm, int count, char **strings);

#endif
