// Which edges of a region are seldom taken, as far as the code itself tells: by a mark of the
// definition's, and by what the ways after them do. An edge is *cold*
// - if it is the slow one of a poll;
// - if it is that of an `if` which is marked unlikely;
// - if nothing is marked, but every way on from there calls the runtime for what may collect,
//   raise or block, or a cold function (by `tail`), or comes to where a guest's call polls, and
//   from another edge of the same block there is a way without: so the send that an operator ends
//   in is colder than the sum that it tries first, and a primitive in C colder than a getter in
//   place. (One of the heuristics of Ball and Larus, "Branch Prediction for Free", 1993: a branch
//   avoids calls.)
//
// What decides whether a loop goes on is never cold by the last rule, and the one way out of a
// loop not by a mark either: it is taken as often as the loop is entered.
#ifndef PASSES_SUPPORT_COLDNESS_H
#define PASSES_SUPPORT_COLDNESS_H

#include "ir/analysis/loops.h"

typedef struct Coldness {
    const IrCfg *cfg;
    const IrLoops *loops;
    size_t *ways_out;  // by loop
    const bool *calls; // by position: does every way from there call?
    const bool
        *has_choice; // by position: has it a way without a call, beside which others are cold?
} Coldness;

// In `scratch`; the graph must stay as long as the result does.
Coldness *coldness_compute(const IrCfg *cfg, Arena *scratch);

// Is the edge of the block at `position` cold?
bool coldness_of_edge(const Coldness *coldness, int position, size_t edge);

// By position, in `scratch`: can the block be reached from the region's entry without a cold
// edge?
bool *coldness_find_hot(const Coldness *coldness, Arena *scratch);

#endif
