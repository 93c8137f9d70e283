// Robust statistics of few measurements: medians, and intervals that assume nothing
// about how times are distributed.
#ifndef CLI_BENCH_STATISTICS_H
#define CLI_BENCH_STATISTICS_H

#include <stddef.h>

// The median of `count` > 0 numbers, which get sorted.
double statistics_median(double *numbers, size_t count);

typedef struct StatisticsInterval {
    double median, low, high;
    double confidence; // the probability, in [0, 1], that the interval holds the true median
} StatisticsInterval;

// The median with its interval from order statistics (sign test): the narrowest
// symmetric pair of order statistics that holds the median with a probability of at
// least `wanted`. With too few numbers for that it is least and greatest, and
// `confidence` says what that is worth. Sorts `numbers`; `count` > 0.
// (Conover, Practical Nonparametric Statistics, section 3.2.)
StatisticsInterval statistics_interval(double *numbers, size_t count, double wanted);

#endif
