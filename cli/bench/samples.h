// A campaign's runs, sorted: the times of each subject on each program in each placement, by the
// number of the run. What is computed from them is the business of ratio.h and analysis.h.
#ifndef CLI_BENCH_SAMPLES_H
#define CLI_BENCH_SAMPLES_H

#include "cli/bench/campaign.h"

// A subject's runs on a program in one placement, those that gave a time.
typedef struct Sample {
    int placement;
    const int *runs;      // their numbers, in order; the same one may be there twice
    const double *times;  // of the same runs, microseconds
    const double *sorted; // the times, from the least to the greatest
    size_t count;         // > 0
} Sample;

// In all placements that have any, in order.
typedef struct Samples {
    const Sample *items;
    size_t count;
} Samples;

// Does a run's time count? One of a wrong result says nothing.
bool samples_take(const CampaignRun *run);

// A row of programs for each subject.
const Samples *samples_of(Arena *arena, const Campaign *campaign);

// The median of the placements' medians; with least and greatest of these, if they aren't NULL.
// There is a sample at least.
double samples_median(const Samples *samples, double *least, double *greatest);

// The least time. There is a sample at least.
double samples_least(const Samples *samples);

// Are the times of both the same ones, in each placement, in whatever order?
bool samples_are_equal(const Samples *left, const Samples *right);

// The median, over placements, of how far single runs are apart (statistics_spread). There is a
// sample at least.
double samples_spread(const Samples *samples);

// All times, whatever their placement, from the least to the greatest; *count becomes how many.
double *samples_times(Arena *arena, const Samples *samples, size_t *count);

#endif
