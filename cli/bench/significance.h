// Tests of whether two samples differ by more than chance, and what many tests at once allow to be
// said. How large a difference is, is no matter of a test: see ratio.h.
#ifndef CLI_BENCH_SIGNIFICANCE_H
#define CLI_BENCH_SIGNIFICANCE_H

#include "support/arena.h"

#include <stddef.h>

// The rank-sum test (Wilcoxon 1945, Mann and Whitney 1947), two-sided: how likely it is that the
// ranks of both samples together are divided between them at least as unevenly, if all numbers come
// from one distribution, whatever that is. Both are sorted. 1 if one of them is empty.
//
// Exact up to some fifty numbers in all, forty if some are equal (these share their ranks, and the
// distribution is that of just these ranks); for more it is normal, with continuity and equal
// numbers accounted for. (Conover, Practical Nonparametric Statistics, section 5.1.)
double significance_rank_sum(const double *left, size_t left_count, const double *right,
                             size_t right_count);

// The greatest U that is significant: U counts the pairs, of one number from each sample, in which
// the one of the first is greater (or, on the other side, less), and P(U <= it) * 2 <= chance if
// both are alike. -1 if none is. `*tails`, if it isn't NULL, becomes that P * 2, or 0.
double significance_critical_u(Arena *arena, size_t left_count, size_t right_count, double chance,
                               double *tails);

// How likely it is that all of the one sample lie below, or all above, all of the other, if both
// are alike: what the rank-sum test gives at best.
double significance_extreme(size_t left_count, size_t right_count);

// The signed-rank test (Wilcoxon, 1945), two-sided: how likely it is that positive and negative
// numbers differ in size and count by at least as much, if each might as well have the other sign.
// Zeros are left out. Exact up to fifty numbers, then normal. 1 if there are none.
// (Conover, Practical Nonparametric Statistics, section 5.7.)
double significance_signed_rank(const double *numbers, size_t count);

// How likely it is that so many numbers have a mean that is at least so far from 0 if it is 0 of
// all there might be, and these are normal (Student's test). 1 if there are fewer than two.
double significance_mean(const double *numbers, size_t count);

// Adjusts the chances of several tests for there being so many (Holm, 1979): who calls a difference
// what is at most 0.05 afterwards is wrong about any of them in at most one of twenty such lists,
// whichever of the differences are there.
void significance_adjust(double **chances, size_t count);

#endif
