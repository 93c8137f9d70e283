// Which runs fail, and whether two fail in the same way. A schedule that is made smaller must show
// what the larger one showed: a program that is stopped elsewhere often fails, too, but of another
// fault.
#ifndef CLI_RACE_VERDICT_H
#define CLI_RACE_VERDICT_H

#include "cli/parallel.h"
#include "support/arena.h"

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

enum { RACE_MOST_OUTPUT = 16 << 20 }; // bytes; who prints more is ended

typedef enum VerdictKind {
    VERDICT_GOOD,
    VERDICT_STATUS,    // the exit status isn't 0
    VERDICT_SIGNAL,    // a signal ended it
    VERDICT_MATCH,     // a line was printed that mustn't be
    VERDICT_OUTPUT,    // it printed something else than the first schedule did
    VERDICT_TALKATIVE, // it printed more than RACE_MOST_OUTPUT
    VERDICT_ENDLESS,   // it came to the most steps, though every thread had its turns
    VERDICT_CUT_OFF,   // it came to the most steps, where that means nothing
    VERDICT_LATE,      // it was ended by the clock, and nothing is known of it
    VERDICT_UNSTARTED, // it could not be run
} VerdictKind;

typedef struct VerdictRules {
    const regex_t *mustnt_match; // of a line of either stream; NULL: it may print anything
    const uint64_t *must_print;  // verdict_hash of the output; NULL: as above
} VerdictRules;

typedef struct Verdict {
    VerdictKind kind;
    int number;       // the status, the signal, or errno
    uint64_t output;  // verdict_hash of what it printed
    const char *line; // what says most of it: a line that was printed, or NULL
} Verdict;

// The hash of what was printed to standard output.
uint64_t verdict_hash(const ParallelOutcome *outcome);

// `is_fair`: the schedule gave all threads their turns. Texts live in the arena.
Verdict verdict_find(const VerdictRules *rules, const ParallelOutcome *outcome, bool is_fair,
                     Arena *arena);

// Is it one of those that say something about the program, and nothing good?
bool verdict_fails(const Verdict *verdict);

// Do both fail, and in the same way? Numbers in what an error says may differ.
bool verdict_is_same(const Verdict *one, const Verdict *other);

// "exit status 1: ERROR: …", for a line of a report.
void verdict_describe(const Verdict *verdict, Text *out);

#endif
