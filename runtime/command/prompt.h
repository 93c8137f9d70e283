// Talking with a machine: statements and class definitions are read, evaluated one
// after the other, and what each answers is printed. Where an input ends is
// prompt_input.h's matter.
#ifndef RUNTIME_COMMAND_PROMPT_H
#define RUNTIME_COMMAND_PROMPT_H

#include "runtime/som.h"

// Reads `input` to its end, or until `exit:`, and answers the exit status: that of
// `exit:`, else 1 if it isn't a terminal and something in it was wrong, else 0. An error
// is reported, and reading goes on. Variables that are assigned, or declared in front of
// statements, are globals; `it` is the last result.
int prompt_run(Vm *vm, FILE *input);

#endif
