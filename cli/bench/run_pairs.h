// Runs of two samples that have the same number, and whether they have more in common than that.
#ifndef CLI_BENCH_RUN_PAIRS_H
#define CLI_BENCH_RUN_PAIRS_H

#include "cli/bench/samples.h"

// Logarithms of their times, pair by pair.
typedef struct RunPairs {
    double *times, *base;
    size_t count;
} RunPairs;

// False: they don't pair up, that is, the one with fewer runs has some that the other doesn't have,
// or a number is there twice. (One that was interrupted has one less or so, and the rest pairs up.)
bool run_pairs(Arena *arena, const Sample *sample, const Sample *base, RunPairs *pairs);

// The times of one divided by those of the other, logarithms, sorted.
double *run_pairs_ratios(Arena *arena, const RunPairs *pairs);

// Do both go up and down together, so that what disturbed the one disturbed the other? That is so
// where the ranks of six pairs or more have a correlation of 0.9. Runs that have nothing to do with
// each other look like that once in a hundred times with six pairs, and once in a thousand with
// nine; and which of a pair is the longer one has no part in it.
bool run_pairs_go_together(const RunPairs *pairs);

#endif
