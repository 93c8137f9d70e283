// See run_pairs.h.
#include "cli/bench/run_pairs.h"

#include "cli/bench/statistics.h"

#include <math.h>
#include <string.h>

static bool has_twice(const Sample *sample) {
    for (size_t i = 1; i < sample->count; i++)
        if (sample->runs[i] == sample->runs[i - 1])
            return true;
    return false;
}

bool run_pairs(Arena *arena, const Sample *sample, const Sample *base, RunPairs *pairs) {
    size_t fewer = sample->count < base->count ? sample->count : base->count;
    *pairs = (RunPairs){ARENA_ARRAY(arena, double, fewer), ARENA_ARRAY(arena, double, fewer), 0};
    if (has_twice(sample) || has_twice(base))
        return false;
    for (size_t i = 0, j = 0; i < sample->count && j < base->count;) {
        int run = sample->runs[i], other = base->runs[j];
        if (run == other) {
            pairs->times[pairs->count] = log(sample->times[i]);
            pairs->base[pairs->count++] = log(base->times[j]);
        }
        i += run <= other;
        j += other <= run;
    }
    return pairs->count == fewer;
}

double *run_pairs_ratios(Arena *arena, const RunPairs *pairs) {
    double *ratios = ARENA_ARRAY(arena, double, pairs->count);
    for (size_t i = 0; i < pairs->count; i++)
        ratios[i] = pairs->times[i] - pairs->base[i];
    statistics_sort(ratios, pairs->count);
    return ratios;
}

// How many of the sorted numbers are less, and with `or_equal` also equal.
static size_t count_below(const double *sorted, size_t count, double number, bool or_equal) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (sorted[middle] < number || (or_equal && sorted[middle] == number))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// The numbers' ranks, from the middle one on; equal ones share theirs.
static double *centred_ranks(Arena *arena, const double *numbers, size_t count) {
    double *sorted = ARENA_ARRAY(arena, double, count), *ranks = ARENA_ARRAY(arena, double, count);
    memcpy(sorted, numbers, count * sizeof *sorted);
    statistics_sort(sorted, count);
    for (size_t i = 0; i < count; i++)
        ranks[i] = ((double)count_below(sorted, count, numbers[i], false) +
                    (double)count_below(sorted, count, numbers[i], true) - (double)count) /
                   2;
    return ranks;
}

bool run_pairs_go_together(const RunPairs *pairs) {
    if (pairs->count < 6)
        return false;
    Arena *arena = arena_new();
    const double *times = centred_ranks(arena, pairs->times, pairs->count);
    const double *base = centred_ranks(arena, pairs->base, pairs->count);
    double together = 0, of_times = 0, of_base = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        together += times[i] * base[i];
        of_times += times[i] * times[i];
        of_base += base[i] * base[i];
    }
    arena_free(arena);
    return of_times > 0 && of_base > 0 && together >= 0.9 * sqrt(of_times * of_base);
}
