// How often a program executes each bytecode, for who weighs by it: the evaluator's counts, of
// a process of its own.
#ifndef CLI_COUNTING_H
#define CLI_COUNTING_H

#include "cli/variant.h"
#include "ir/ir.h"

// A program to count on.
typedef struct CountingJob {
    const char *class_path; // what -cp says; NULL: nothing
    const char *program;    // a class and its arguments, apart by blanks
    const char *counts;     // the file that they are written to
} CountingJob;

// The interpreter that programs are counted on.
typedef struct CountingInterpreter {
    Arena *arena;
    const char *name;            // as messages call it
    const char *module;          // a temporary file
    const char *runtime, *entry; // of a loop that isn't the default one; else NULL
} CountingInterpreter;

// Prepares the module, with the runtime that its variant names. False after an error on stderr; to
// be ended in any case.
bool counting_begin(CountingInterpreter *interpreter, Arena *arena, const char *name,
                    const Variant *variant, const IrModule *module);
void counting_end(const CountingInterpreter *interpreter);

// Runs the programs in the evaluator, as many at a time as there are processors, which makes no
// difference to counts. False after an error on stderr.
bool counting_run(const CountingInterpreter *interpreter, const CountingJob *jobs, size_t count);

// A new temporary file for counts; NULL after an error on stderr.
const char *counting_file(Arena *arena);

#endif
