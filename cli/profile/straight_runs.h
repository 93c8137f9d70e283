// The dynamic stream of a program's bytecodes, as *straight runs*: bytecodes that were executed
// one after the other and stand one after the other in code. A run ends where something else
// came next: a jump was taken, a frame was entered or left, another thread's turn began. It ends
// also with a bytecode after which no superinstruction can go on, since that is what runs are
// gathered for: a sequence can be joined if it lies within a run.
//
// There are few distinct runs even in a long stream, as a program's inner loops are small; so
// all of it fits in a tree, whose nodes count how many runs ended there.
#ifndef CLI_PROFILE_STRAIGHT_RUNS_H
#define CLI_PROFILE_STRAIGHT_RUNS_H

#include "backend/eval/eval.h"

// A distinct run.
typedef struct StraightRun {
    int *opcodes;
    int count;
    uint64_t times; // how often it was executed
} StraightRun;

typedef ARENA_VECTOR(StraightRun) StraightRuns;

typedef struct RunRecorder RunRecorder;

// A recorder for programs that dispatch through `table`. `ends` says of each opcode whether a run
// ends with it; it is borrowed. All lives in `arena`.
RunRecorder *run_recorder_new(Arena *arena, const IrTable *table, const bool *ends);

// What the evaluator is to call.
EvalObserver run_recorder_observer(RunRecorder *recorder);

// Ends the run that is going on, and writes all of them to a stream of bytes that only
// straight_runs_read reads. False with errno set.
bool run_recorder_write(RunRecorder *recorder, FILE *stream);

// Reads, from the stream's position on, what was written. False if it isn't whole.
bool straight_runs_read(FILE *stream, Arena *arena, StraightRuns *runs);

#endif
