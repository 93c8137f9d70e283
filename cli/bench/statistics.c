// See statistics.h. The interval is a pair of order statistics: the median lies between the
// k-th smallest and the k-th largest of n numbers with a probability that is a sum of
// binomial coefficients, whatever their distribution. Times of runs are anything but normal.
#include "cli/bench/statistics.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

double statistics_median(double *numbers, size_t count) {
    qsort(numbers, count, sizeof *numbers, compare);
    size_t middle = count / 2;
    return count % 2 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
}

// P(X <= k) for X binomial(n, 1/2). By logarithms, as the coefficients of some thousand runs exceed
// what a double can hold.
static double binomial_half_up_to(size_t k, size_t n) {
    double sum = 0;
    for (size_t i = 0; i <= k; i++)
        sum += exp(lgamma((double)n + 1) - lgamma((double)i + 1) - lgamma((double)(n - i) + 1) -
                   (double)n * log(2));
    return sum;
}

// How many numbers lie below the true median is binomial(n, 1/2), as each does with probability
// 1/2. The interval without the `cut` smallest and largest misses it if at most `cut` of them lie
// on one side: for both sides twice the tail. Numbers are cut off as long as the rest is sure
// enough, and one at least is left.
StatisticsInterval statistics_interval(double *numbers, size_t count, double wanted) {
    StatisticsInterval interval = {.median = statistics_median(numbers, count)};
    size_t cut = 0;
    while (cut + 1 < (count + 1) / 2 && 1 - 2 * binomial_half_up_to(cut + 1, count) >= wanted)
        cut++;
    interval.low = numbers[cut];
    interval.high = numbers[count - 1 - cut];
    double confidence = 1 - 2 * binomial_half_up_to(cut, count);
    interval.confidence = confidence > 0 ? confidence : 0;
    return interval;
}
