// How far few numbers scatter is hardly known from them alone: of four placements the variance may
// come out at a tenth of what it is, or at three times that. Where there are many rows of a kind,
// each with its few numbers, all of them together tell what variances are like, and each row's own
// is drawn towards that, the more the more alike they are. (Smyth, "Linear Models and Empirical
// Bayes Methods for Assessing Differential Expression in Microarray Experiments", Statistical
// Applications in Genetics and Molecular Biology 3, 2004, sections 3 and 6.2, where it is called a
// moderated t-test.)
#ifndef CLI_BENCH_VARIANCE_PRIOR_H
#define CLI_BENCH_VARIANCE_PRIOR_H

#include "cli/bench/statistics.h"

typedef struct VariancePrior {
    double freedom;  // what it is worth, in degrees of freedom; 0: nothing
    double variance; // what is to be expected
} VariancePrior;

// From variances above 0, each with its degrees of freedom. With fewer than three, or such as have
// nothing in common, it is worth nothing.
VariancePrior variance_prior(const double *variances, const double *freedoms, size_t count);

// The variance of the numbers, at least two.
double variance_of(const double *numbers, size_t count);

// What is to be believed of a mean of `count` numbers with that variance: its interval around
// `mean`, and how likely it is that it would be so far from 0 if it were 0.
typedef struct ModeratedMean {
    StatisticsInterval interval;
    double chance;
} ModeratedMean;
ModeratedMean variance_moderated(double mean, double variance, size_t count,
                                 const VariancePrior *prior, double wanted);

#endif
