// How often each sequence of bytecodes up to some length was executed, each bytecode by itself
// among them, given the programs' straight runs. Sequences overlap: of `a b c` once there is one
// `a b` and one `b c`.
#ifndef CLI_PROFILE_SEQUENCE_COUNTS_H
#define CLI_PROFILE_SEQUENCE_COUNTS_H

#include "cli/profile/choose_sequences.h"

typedef struct CountedSequence {
    Sequence sequence;
    double times; // by the programs' weights
} CountedSequence;

typedef struct SequenceCounts {
    ARENA_VECTOR(CountedSequence) items; // shorter ones first; of one length the most frequent
    double bytecodes;                    // executed in all
} SequenceCounts;

// Counts those of 1 to `longest` bytecodes. Lives in the arena.
SequenceCounts sequence_counts(Arena *arena, const ProfiledPrograms *programs, int longest);

#endif
