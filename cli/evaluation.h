// Running a module in the reference evaluator: SOM programs with the runtime that is
// linked in, or another loop with the functions of a shared library.
#ifndef CLI_EVALUATION_H
#define CLI_EVALUATION_H

#include "ir/ir.h"

typedef struct Evaluation {
    const char *counts;    // where the counts go as JSON; NULL: nowhere
    const char *externals; // a shared library; NULL: SOM's runtime
    const char *entry;     // its entry: int NAME(void (*interpret)(void *thread, void
                           // *frame), int argc, char **argv)
} Evaluation;

// Runs the program; answers the exit status, after an error on stderr if it is not
// the program's own. `argv` has the program's words, without a name in front.
int evaluation_run(const Evaluation *evaluation, Arena *arena, const IrModule *module, int argc,
                   char **argv);

#endif
