// See statistics.h. The interval of a median is a pair of order statistics: the median lies between
// the k-th smallest and the k-th largest of n numbers with a probability that is a sum of
// binomial coefficients, whatever their distribution. Times of runs are anything but normal.
#include "cli/bench/statistics.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

void statistics_sort(double *numbers, size_t count) {
    qsort(numbers, count, sizeof *numbers, compare);
}

double statistics_median(double *numbers, size_t count) {
    statistics_sort(numbers, count);
    return statistics_sorted_median(numbers, count);
}

// Halves are added, as the sum of two numbers may be too large for a double.
double statistics_sorted_median(const double *sorted, size_t count) {
    size_t middle = count / 2;
    return count % 2 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

double statistics_quantile(const double *sorted, size_t count, double part) {
    double place = part * (double)(count - 1);
    size_t below = (size_t)place;
    if (below + 1 >= count)
        return sorted[count - 1];
    double share = place - (double)below;
    return sorted[below] * (1 - share) + sorted[below + 1] * share;
}

double statistics_spread(const double *sorted, size_t count) {
    double median = statistics_sorted_median(sorted, count);
    double distance =
        statistics_quantile(sorted, count, 0.75) - statistics_quantile(sorted, count, 0.25);
    return median > 0 ? distance / 1.349 / median : 0;
}

size_t statistics_outliers(const double *sorted, size_t count, double grain) {
    double low = statistics_quantile(sorted, count, 0.25);
    double high = statistics_quantile(sorted, count, 0.75);
    double reach = 3 * fmax(high - low, grain);
    size_t outliers = 0;
    for (size_t i = 0; i < count; i++)
        outliers += sorted[i] < low - reach || sorted[i] > high + reach;
    return outliers;
}

// ---- Intervals ----------------------------------------------------------------------------------

// By logarithms, as the coefficients of some thousand runs exceed what a double can hold.
double statistics_binomial(size_t successes, size_t trials, double probability) {
    if (successes >= trials || probability <= 0)
        return 1;
    if (probability >= 1)
        return 0;
    double sum = 0, n = (double)trials, with = log(probability), without = log1p(-probability);
    for (size_t i = 0; i <= successes; i++) {
        double k = (double)i;
        sum +=
            exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * with + (n - k) * without);
    }
    return fmin(sum, 1);
}

// How many numbers lie below the true median is binomial(n, 1/2), as each does with probability
// 1/2. The interval without the `cut` smallest and largest misses it if at most `cut` of them lie
// on one side: for both sides twice the tail. Numbers are cut off as long as the rest is sure
// enough, and one at least is left. The tail grows term by term, as there may be many.
static size_t find_cut(size_t count, double wanted, double *confidence) {
    double n = (double)count, whole = lgamma(n + 1) - n * log(2), tail = exp(-n * log(2));
    size_t cut = 0;
    while (cut + 1 < (count + 1) / 2) {
        double k = (double)cut + 1;
        double more = tail + exp(whole - lgamma(k + 1) - lgamma(n - k + 1));
        if (1 - 2 * more < wanted)
            break;
        tail = more;
        cut++;
    }
    *confidence = fmax(1 - 2 * tail, 0);
    return cut;
}

size_t statistics_interval_cut(size_t count, double wanted) {
    double confidence;
    return find_cut(count, wanted, &confidence);
}

StatisticsInterval statistics_interval(double *numbers, size_t count, double wanted) {
    StatisticsInterval interval = {.median = statistics_median(numbers, count)};
    size_t cut = find_cut(count, wanted, &interval.confidence);
    interval.low = numbers[cut];
    interval.high = numbers[count - 1 - cut];
    return interval;
}

StatisticsInterval statistics_mean_interval(const double *numbers, size_t count, double wanted) {
    double mean = 0, squares = 0, n = (double)count;
    for (size_t i = 0; i < count; i++)
        mean += numbers[i] / n;
    for (size_t i = 0; i < count; i++)
        squares += (numbers[i] - mean) * (numbers[i] - mean);
    double error = sqrt(squares / (n - 1) / n);
    double reach = error * statistics_student_quantile(1 - wanted, count - 1);
    return (StatisticsInterval){mean, mean - reach, mean + reach, wanted};
}

// ---- Distributions ------------------------------------------------------------------------------

double statistics_normal_tail(double z) {
    return erfc(z / sqrt(2)) / 2;
}

// A tail falls all the way, so halving finds where it has a value. Beyond 40 both are below what a
// double can tell from 0.
double statistics_normal_quantile(double tail) {
    double low = -40, high = 40;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        *(statistics_normal_tail(middle) > tail ? &low : &high) = middle;
    }
    return high;
}

// The part of Student's distribution within t, for whole degrees of freedom, is a finite sum of
// powers of a cosine (Abramowitz and Stegun, 26.7.3 and 26.7.4). From a thousand degrees on it is
// as good as normal.
double statistics_student_tails(double t, size_t freedom) {
    t = fabs(t);
    if (isinf(t))
        return 0;
    if (freedom > 1000)
        return 2 * statistics_normal_tail(t);
    double angle = atan2(t, sqrt((double)freedom)), cosine = cos(angle), sine = sin(angle);
    bool is_odd = freedom % 2;
    double term = is_odd ? cosine : 1, sum = freedom > 1 ? term : 0;
    for (size_t i = is_odd ? 3 : 2; i < freedom; i += 2) {
        term *= cosine * cosine * (double)(i - 1) / (double)i;
        sum += term;
    }
    double within = is_odd ? (angle + sine * sum) * M_2_PI : sine * sum;
    return fmax(1 - within, 0);
}

double statistics_student_quantile(double tails, size_t freedom) {
    double low = 0, high = 1;
    while (statistics_student_tails(high, freedom) > tails && high < 1e300)
        high *= 2;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        *(statistics_student_tails(middle, freedom) > tails ? &low : &high) = middle;
    }
    return high;
}
