// What the passes of a pipeline made of each bytecode: its text before the first pass and after
// each that changed it. A pipeline is watched while it runs (PipelineRun); what is kept are texts,
// as the module itself is changed in place.
#ifndef CLI_EXPLORE_HISTORY_H
#define CLI_EXPLORE_HISTORY_H

#include "passes/manager/pass.h"

// What a bytecode has become once `steps` entries of the report were written.
typedef struct HistoryState {
    size_t steps;     // 0: before the first pass
    const char *text; // empty: it isn't there yet, or has no code any more
} HistoryState;

typedef struct HistoryBytecode {
    const char *name;
    ARENA_VECTOR(HistoryState) states; // each differs from the one before it
} HistoryBytecode;

typedef struct History {
    Arena *arena;
    const IrView *view;       // these bytecodes only; NULL: all
    const PassReport *report; // of the pipeline that is watched
    HistoryBytecode trunk;    // what belongs to no bytecode
    ARENA_VECTOR(HistoryBytecode) bytecodes;
} History;

// Has the pipeline's run write the history, whose first three members are set.
void history_watch(History *history, PipelineRun *run);

#endif
