// How much longer one takes than the other, with an interval, and how likely chance alone would
// show that. Everything is computed on logarithms of times, so that 2 and 1/2 are equally far from
// 1, and exchanging both turns the ratio over and nothing else.
//
// What a ratio is depends on what there is:
// - Rounds: in one placement, runs of both with the same number were made one after the other, or
//   show that they belong together (run_pairs.h). The median, over rounds, of the ratios within a
//   round; the interval is made of order statistics.
// - Runs: in one placement, and they don't pair up. The median of the ratios of each run of the one
//   to each of the other (Hodges and Lehmann, 1963); the interval has all ratios by which the times
//   may be divided without the rank-sum test seeing a difference.
// - Placements: both were run in several ones. A ratio in each of them, as above; their geometric
//   mean with Student's interval; in a campaign of many rows, with what these tell of each other's
//   variances.
//
// docs/measuring.md, "Statistics", says how well the intervals hold what they promise.
#ifndef CLI_BENCH_RATIO_H
#define CLI_BENCH_RATIO_H

#include "cli/bench/samples.h"
#include "cli/bench/statistics.h"
#include "cli/bench/variance_prior.h"

typedef enum RatioKind {
    RATIO_ROUNDS,
    RATIO_RUNS,
    RATIO_PLACEMENTS,
    RATIO_ALONE, // there are several placements, and hardly any that both were run in
} RatioKind;

// What a ratio is computed from.
typedef struct RatioData {
    RatioKind kind;
    double *ratios; // logarithms: with rounds of each, from the least; with placements of each
    const int *placements; // with placements: their numbers, in order
    size_t count;          // of `ratios`
    double *times, *base;  // logarithms of all times of the one and of the other, from the least
    size_t time_count, base_count;
    bool go_together; // rounds that show that they belong together, see run_pairs.h
    double point;     // the logarithm of the ratio
} RatioData;

typedef struct Ratio {
    StatisticsInterval interval; // with `low` and `high` as `median` where there is none
    bool has_interval;           // false: a single run, or a single placement that both have
    double chance;               // of the test, for this comparison alone; 1: there was none
} Ratio;

// Both have a sample, and no time that is 0. `has_rounds`: runs with the same number belong
// together.
RatioData ratio_data(Arena *arena, const Samples *samples, const Samples *base, bool has_rounds);

Ratio ratio_of(const RatioData *data);

// The same of placements, with what is known of other rows' variances.
Ratio ratio_moderated(const RatioData *data, const VariancePrior *prior);

// The ratios, in each placement, of several programs' geometric mean, as data of their own. False:
// these are no placements, or there aren't two that all programs have.
bool ratio_mean_data(Arena *arena, RatioData *const *data, size_t count, RatioData *mean);

// The geometric mean of a subject's ratios on several programs, which count alike. With rounds or
// runs its interval is a bootstrap's, in which each program's runs are drawn anew; with placements,
// whose effects the programs share, it is that of the means in each placement.
Ratio ratio_mean(Arena *arena, RatioData *const *data, size_t count, uint64_t seed);

#endif
