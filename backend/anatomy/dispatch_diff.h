// Two interpreters' paths of one bytecode, aligned: what both have stands in one row, what one
// of them has not, in a row of its own.
#ifndef BACKEND_ANATOMY_DISPATCH_DIFF_H
#define BACKEND_ANATOMY_DISPATCH_DIFF_H

#include "backend/anatomy/dispatch_rows.h"

typedef struct DispatchPair {
    const DispatchRow *rows[2]; // NULL: that one has no such instruction
} DispatchPair;

typedef struct DispatchDiff {
    Arena *arena;
    const DispatchReport *reports[2];
    const MeasuredBytecode *bytecodes[2]; // whose paths are compared; NULL: nothing dispatches
    DispatchRows rows[2];
    ARENA_VECTOR(DispatchPair) pairs;
} DispatchDiff;

// Compares what the two reports show. Instructions are paired if they are of one class; among
// the ways to pair most of them, one that pairs most of the same text.
DispatchDiff *dispatch_diff_new(Arena *arena, const DispatchReport *left,
                                const DispatchReport *right);

#endif
