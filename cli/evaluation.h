// Running a module in the reference evaluator: the default loop with its runtime, which is
// linked in, or another loop with a runtime that is loaded.
#ifndef CLI_EVALUATION_H
#define CLI_EVALUATION_H

#include "backend/eval/eval.h"
#include "cli/variant.h"

typedef struct Evaluation {
    const Variant *variant;       // whose module it is, and which runtime it has
    const char *counts;           // where the counts go as JSON; NULL: nowhere
    const EvalObserver *observer; // sees the dispatches; NULL: nobody does
} Evaluation;

// Runs the program; answers the exit status, after an error on stderr if it is not
// the program's own. `argv` has the program's words, without a name in front.
int evaluation_run(const Evaluation *evaluation, Arena *arena, const IrModule *module, int argc,
                   char **argv);

#endif
