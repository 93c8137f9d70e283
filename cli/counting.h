// How often a program executes each bytecode, for who weighs by it: the evaluator's counts, of
// a process of its own.
#ifndef CLI_COUNTING_H
#define CLI_COUNTING_H

#include "ir/ir.h"

// A program to count on.
typedef struct CountingJob {
    const char *class_path; // what -cp says; NULL: nothing
    const char *program;    // a class and its arguments, apart by blanks
    const char *counts;     // the file that they are written to
} CountingJob;

// Runs the programs in the evaluator with the interpreter that `flags` describe, as many at a time
// as there are processors, which makes no difference to counts. Messages call it `name`. False
// after an error on stderr.
bool counting_run(Arena *arena, const char *name, const char *flags, const CountingJob *jobs,
                  size_t count);

// Runs one program with a module, as it is.
bool counting_run_module(Arena *arena, const char *name, const IrModule *module,
                         const char *class_path, const char *program, const char *counts);

// A new temporary file for counts; NULL after an error on stderr.
const char *counting_file(Arena *arena);

#endif
