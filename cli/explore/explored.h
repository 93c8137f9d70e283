// Interpreters made for being looked at: module, history, object, report.
#ifndef CLI_EXPLORE_EXPLORED_H
#define CLI_EXPLORE_EXPLORED_H

#include "cli/dispatch/dispatch_weights.h"
#include "cli/explore/document.h"
#include "cli/variant_side.h"

// What is asked for beside the flags.
typedef struct ExploreRequest {
    const char *bytecodes; // these only, as --bytecode= has them; NULL: all
    DispatchWeights weights;
} ExploreRequest;

// Makes the variant of one side into an empty `explored`. False after an error on stderr; to be
// closed in any case.
bool explored_make(ExploredVariant *explored, Arena *arena, const ExploreRequest *request,
                   const VariantSide *side);
void explored_close(ExploredVariant *explored);

#endif
