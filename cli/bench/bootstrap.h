// The bootstrap (Efron, 1979): what a statistic would have been, had other numbers of the same kind
// been measured, is asked of the numbers themselves, drawn anew with replacement.
#ifndef CLI_BENCH_BOOTSTRAP_H
#define CLI_BENCH_BOOTSTRAP_H

#include "cli/bench/random_numbers.h"

// How often numbers are drawn anew for an interval.
enum { BOOTSTRAP_RESAMPLES = 2000 };

// The median of `count` numbers that are drawn from as many sorted ones; at the same cost for ten
// as for ten thousand. `count` > 0.
double bootstrap_median(const double *sorted, size_t count, RandomNumbers *numbers);

#endif
