// How often a program executes each bytecode, for who weighs by it: the evaluator's counts, of
// a process of its own.
#ifndef CLI_COUNTING_H
#define CLI_COUNTING_H

#include "ir/ir.h"

// Runs `program` (a class and its arguments, apart by blanks) in the evaluator with the
// interpreter that `flags` describe, and writes the counts to `counts`. `class_path` is what
// -cp says; NULL: nothing. Messages call it `name`. False after an error on stderr.
bool counting_run(Arena *arena, const char *name, const char *flags, const char *class_path,
                  const char *program, const char *counts);

// The same with a module, as it is.
bool counting_run_module(Arena *arena, const char *name, const IrModule *module,
                         const char *class_path, const char *program, const char *counts);

// A new temporary file for counts; NULL after an error on stderr.
const char *counting_file(Arena *arena);

#endif
