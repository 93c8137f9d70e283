// Which sequences of bytecodes to join into superinstructions: those that save most of the
// dispatches of some programs, given the programs' straight runs.
//
// The best set would be too dear to find: whether a sequence is worth its code depends on which
// others there are. So it is found a step at a time, by the pair of neighbours that saves most
// (Gage, "A New Algorithm for Data Compression", The C Users Journal 12(2), 1994). The pair
// becomes one token everywhere, and may be part of the next pair. What was only a step on the
// way to something longer is dropped at the end.
#ifndef CLI_CHOOSE_SEQUENCES_H
#define CLI_CHOOSE_SEQUENCES_H

#include "cli/straight_runs.h"
#include "passes/superinstructions.h"

// A program that sequences are chosen for.
typedef struct ProfiledProgram {
    const char *words; // as it was asked for
    StraightRuns runs;
    double weight; // how much one execution of a bytecode counts
    // Set by choose_sequences: what is dispatched without superinstructions, and with those that
    // were chosen where each run is covered by as few of them as can be.
    double plain_dispatches, joined_dispatches;
} ProfiledProgram;

typedef ARENA_VECTOR(ProfiledProgram) ProfiledPrograms;

typedef struct ChosenSequence {
    Sequence sequence;
    double times; // how often it is executed, by the programs' weights
} ChosenSequence;

typedef ARENA_VECTOR(ChosenSequence) ChosenSequences;

// Chooses up to `most` sequences, those that are executed most often first. `ends` says of each
// of the table's `opcodes` whether no sequence can go on after it.
ChosenSequences choose_sequences(Arena *arena, ProfiledPrograms *programs, const bool *ends,
                                 size_t opcodes, size_t most);

#endif
