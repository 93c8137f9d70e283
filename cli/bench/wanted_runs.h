// How many runs a campaign needs to tell a small difference, by the noise that it recorded.
#ifndef CLI_BENCH_WANTED_RUNS_H
#define CLI_BENCH_WANTED_RUNS_H

#include "cli/bench/samples.h"

// The difference that is to be found, and in what share of campaigns.
#define WANTED_DIFFERENCE 1.03
#define WANTED_POWER      0.9

// How many runs each subject needs on each program, so that nine of ten campaigns like this one
// find 3 % on any one program, with their chances adjusted for all of their comparisons. 0: not
// known, as there are too few runs, or as there are several placements, of which runs say little.
// *program becomes
// the one that needs so many, the noisiest. `samples` as samples_of gives them.
size_t wanted_runs(const Campaign *campaign, const Samples *samples, size_t *program);

#endif
