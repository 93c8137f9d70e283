// Robust statistics of few measurements: medians, quartiles, and intervals. Those of medians assume
// nothing about how times are distributed. Whether two samples differ is the business of
// significance.h.
#ifndef CLI_BENCH_STATISTICS_H
#define CLI_BENCH_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

void statistics_sort(double *numbers, size_t count);

// The median of `count` > 0 numbers, which get sorted.
double statistics_median(double *numbers, size_t count);
double statistics_sorted_median(const double *sorted, size_t count);

// What the share `part` (0 to 1) of `count` > 0 sorted numbers lies below: between the two next to
// that place in proportion, so that 0 gives the least, 1 the greatest, and 1/2 the median.
double statistics_quantile(const double *sorted, size_t count, double part);

// How far single numbers lie from the median, relative to it: the distance of the quartiles, which
// one number in four may lie outside of without changing it, divided by 1.349, which makes it the
// standard deviation of normal numbers. 0 if the median is. `count` > 0.
double statistics_spread(const double *sorted, size_t count);

// How many lie further outside of the quartiles than three times the quartiles' distance, and than
// three of `grain`, which is the least by which two can differ.
size_t statistics_outliers(const double *sorted, size_t count, double grain);

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

// How many numbers that interval leaves out on either side.
size_t statistics_interval_cut(size_t count, double wanted);

// P(X <= successes) for `trials` that succeed with this probability each.
double statistics_binomial(size_t successes, size_t trials, double probability);

// The mean of `count` > 1 numbers, as `median`, with Student's interval: right for numbers that are
// about normal, be they ever so few.
StatisticsInterval statistics_mean_interval(const double *numbers, size_t count, double wanted);

// P(Z > z) of the normal distribution, and the z with that probability.
double statistics_normal_tail(double z);
double statistics_normal_quantile(double tail);

// P(|T| > t) of Student's distribution, and the t with that probability.
double statistics_student_tails(double t, size_t freedom);
double statistics_student_quantile(double tails, size_t freedom);

#endif
