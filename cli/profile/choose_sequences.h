// Which sequences of bytecodes to join into superinstructions: those that save most of the
// dispatches of some programs, given the programs' straight runs.
//
// The best set would be too dear to find: whether a sequence is worth its code depends on which
// others there are. So it is found a step at a time, by the pair of neighbours that saves most
// (Gage, "A New Algorithm for Data Compression", The C Users Journal 12(2), 1994). The pair
// becomes one token everywhere, and may be part of the next pair. At the end those are dropped
// that save least for the code that they take: what was only a step on the way to something
// longer, and what ends with a long bytecode, such as a send, without being executed often.
#ifndef CLI_PROFILE_CHOOSE_SEQUENCES_H
#define CLI_PROFILE_CHOOSE_SEQUENCES_H

#include "cli/profile/straight_runs.h"
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
    double yield; // what it saves for each instruction of its code
} ChosenSequence;

typedef ARENA_VECTOR(ChosenSequence) ChosenSequences;

// What superinstructions may be made of, by opcode.
typedef struct SequenceParts {
    size_t count;      // of opcodes
    bool *ends;        // can no sequence go on after it?
    int *sizes;        // how many instructions of IR it adds to a sequence that goes on
    int *ending_sizes; // and to one that it ends
} SequenceParts;

typedef struct SequenceBounds {
    size_t most;   // so many sequences
    int most_code; // so many instructions of IR for all of them together
    // The sequences are for programs other than these. So what counts of a pair is how often it is
    // executed without the program that executes it most: one that is that program's alone says
    // nothing about others.
    bool for_others;
} SequenceBounds;

// Those that are executed most often come first.
ChosenSequences choose_sequences(Arena *arena, ProfiledPrograms *programs,
                                 const SequenceParts *parts, SequenceBounds bounds);

#endif
