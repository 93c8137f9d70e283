// Running a module in the reference evaluator: the default loop with its runtime, which is
// linked in, or another loop with the functions of a shared library.
#ifndef CLI_EVALUATION_H
#define CLI_EVALUATION_H

#include "backend/eval/eval.h"

typedef struct Evaluation {
    const char *counts;           // where the counts go as JSON; NULL: nowhere
    const char *externals;        // a shared library; NULL: the default loop's runtime
    const char *entry;            // its entry: int NAME(void (*interpret)(void *thread, void
                                  // *frame), int argc, char **argv)
    const EvalObserver *observer; // sees the dispatches; NULL: nobody does
    const char *flags;            // what the interpreter was made with, for its `--version`
} Evaluation;

// Runs the program; answers the exit status, after an error on stderr if it is not
// the program's own. `argv` has the program's words, without a name in front.
int evaluation_run(const Evaluation *evaluation, Arena *arena, const IrModule *module, int argc,
                   char **argv);

#endif
