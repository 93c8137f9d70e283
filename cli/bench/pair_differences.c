// See pair_differences.h. The differences are a matrix with sorted rows and columns: how many are
// at most some x can be counted along its diagonal, and halving finds the x.
#include "cli/bench/pair_differences.h"

#include <math.h>

// How many differences are at most `limit`, and the greatest of these.
static size_t count_up_to(const double *left, size_t left_count, const double *right,
                          size_t right_count, double limit, double *greatest) {
    size_t count = 0, first = right_count; // of those from which left[i] isn't too far away
    *greatest = -INFINITY;
    for (size_t i = left_count; i-- > 0;) { // those of a lesser one are these, and more
        while (first > 0 && left[i] - right[first - 1] <= limit)
            first--;
        count += right_count - first;
        if (first < right_count)
            *greatest = fmax(*greatest, left[i] - right[first]);
    }
    return count;
}

// After so many halvings nothing lies between `low` and `high` but equal numbers; the greatest
// difference that is there is then the very one.
double pair_difference(const double *left, size_t left_count, const double *right,
                       size_t right_count, size_t below) {
    double low = left[0] - right[right_count - 1], high = left[left_count - 1] - right[0];
    double greatest;
    if (count_up_to(left, left_count, right, right_count, low, &greatest) > below)
        return low;
    for (int i = 0; i < 80; i++) {
        double middle = low / 2 + high / 2;
        size_t count = count_up_to(left, left_count, right, right_count, middle, &greatest);
        *(count > below ? &high : &low) = middle;
    }
    count_up_to(left, left_count, right, right_count, high, &greatest);
    return greatest;
}

double pair_difference_median(const double *left, size_t left_count, const double *right,
                              size_t right_count) {
    size_t count = left_count * right_count;
    double upper = pair_difference(left, left_count, right, right_count, count / 2);
    if (count % 2)
        return upper;
    return upper / 2 + pair_difference(left, left_count, right, right_count, count / 2 - 1) / 2;
}
