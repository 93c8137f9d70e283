// All differences between a number of one sample and a number of another, in order, without writing
// them down: of ten thousand and ten thousand there would be a hundred million.
#ifndef CLI_BENCH_PAIR_DIFFERENCES_H
#define CLI_BENCH_PAIR_DIFFERENCES_H

#include <stddef.h>

// The difference (left - right) that `below` others lie below or beside, from 0 to left_count *
// right_count - 1. Both samples are sorted and not empty.
double pair_difference(const double *left, size_t left_count, const double *right,
                       size_t right_count, size_t below);

// Their median.
double pair_difference_median(const double *left, size_t left_count, const double *right,
                              size_t right_count);

#endif
