// Talking with a machine: statements and class definitions are read, evaluated one
// after the other, and what each answers is printed. Where an input ends is
// repl_input.h's matter.
#ifndef RUNTIME_REPL_H
#define RUNTIME_REPL_H

#include "runtime/som.h"

// Reads `input` to its end, or until `exit:`, and answers the exit status: that of
// `exit:`, else 1 if it isn't a terminal and something in it was wrong, else 0. An error
// is reported, and reading goes on. Variables that are assigned, or declared in front of
// statements, are globals; `it` is the last result.
int repl_run(Vm *vm, FILE *input);

#endif
