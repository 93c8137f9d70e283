// See samples.h.
#include "cli/bench/samples.h"

#include "cli/bench/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool samples_take(const CampaignRun *run) {
    return run->verdict != RUN_WRONG && isfinite(run->microseconds) && run->microseconds >= 0;
}

// By subject, program, placement and number; at last by where they stand, so that the order is the
// same everywhere.
static int compare_runs(const void *left, const void *right) {
    const CampaignRun *a = *(const CampaignRun *const *)left;
    const CampaignRun *b = *(const CampaignRun *const *)right;
    if (a->subject != b->subject)
        return a->subject < b->subject ? -1 : 1;
    if (a->program != b->program)
        return a->program < b->program ? -1 : 1;
    if (a->placement != b->placement)
        return a->placement < b->placement ? -1 : 1;
    if (a->run != b->run)
        return a->run < b->run ? -1 : 1;
    return (a > b) - (a < b);
}

static const CampaignRun **sort_runs(Arena *arena, const Campaign *campaign, size_t *count) {
    const CampaignRun **runs = ARENA_ARRAY(arena, const CampaignRun *, campaign->measured.count);
    *count = 0;
    for (size_t i = 0; i < campaign->measured.count; i++)
        if (samples_take(&campaign->measured.items[i]))
            runs[(*count)++] = &campaign->measured.items[i];
    qsort(runs, *count, sizeof(const CampaignRun *), compare_runs);
    return runs;
}

static Sample make_sample(Arena *arena, const CampaignRun **runs, size_t count) {
    int *numbers = ARENA_ARRAY(arena, int, count);
    double *times = ARENA_ARRAY(arena, double, count);
    double *sorted = ARENA_ARRAY(arena, double, count);
    for (size_t i = 0; i < count; i++) {
        numbers[i] = runs[i]->run;
        times[i] = sorted[i] = runs[i]->microseconds;
    }
    statistics_sort(sorted, count);
    return (Sample){runs[0]->placement, numbers, times, sorted, count};
}

const Samples *samples_of(Arena *arena, const Campaign *campaign) {
    size_t programs = campaign->programs.count, count;
    Samples *all = ARENA_ARRAY(arena, Samples, campaign->subjects.count * programs);
    const CampaignRun **runs = sort_runs(arena, campaign, &count);
    ARENA_VECTOR(Sample) samples = {0};
    for (size_t begin = 0, end; begin < count; begin = end) {
        const CampaignRun *first = runs[begin];
        for (end = begin + 1; end < count; end++)
            if (runs[end]->subject != first->subject || runs[end]->program != first->program ||
                runs[end]->placement != first->placement)
                break;
        ARENA_PUSH(arena, &samples, make_sample(arena, runs + begin, end - begin));
        all[first->subject * programs + first->program].count++;
    }
    const Sample *next = samples.items;
    for (size_t i = 0; i < campaign->subjects.count * programs; i++) {
        all[i].items = next;
        next += all[i].count;
    }
    return all;
}

double samples_median(const Samples *samples, double *least, double *greatest) {
    Arena *arena = arena_new();
    double *medians = ARENA_ARRAY(arena, double, samples->count);
    for (size_t i = 0; i < samples->count; i++)
        medians[i] = statistics_sorted_median(samples->items[i].sorted, samples->items[i].count);
    double median = statistics_median(medians, samples->count); // which sorts them
    if (least)
        *least = medians[0];
    if (greatest)
        *greatest = medians[samples->count - 1];
    arena_free(arena);
    return median;
}

double samples_least(const Samples *samples) {
    double least = INFINITY;
    for (size_t i = 0; i < samples->count; i++)
        least = fmin(least, samples->items[i].sorted[0]);
    return least;
}

bool samples_are_equal(const Samples *left, const Samples *right) {
    if (left->count != right->count)
        return false;
    for (size_t i = 0; i < left->count; i++) {
        const Sample *one = &left->items[i], *other = &right->items[i];
        if (one->count != other->count ||
            memcmp(one->sorted, other->sorted, one->count * sizeof *one->sorted) != 0)
            return false;
    }
    return true;
}

double samples_spread(const Samples *samples) {
    Arena *arena = arena_new();
    double *spreads = ARENA_ARRAY(arena, double, samples->count);
    for (size_t i = 0; i < samples->count; i++)
        spreads[i] = statistics_spread(samples->items[i].sorted, samples->items[i].count);
    double spread = statistics_median(spreads, samples->count);
    arena_free(arena);
    return spread;
}

double *samples_times(Arena *arena, const Samples *samples, size_t *count) {
    *count = 0;
    for (size_t i = 0; i < samples->count; i++)
        *count += samples->items[i].count;
    double *times = ARENA_ARRAY(arena, double, *count), *at = times;
    for (size_t i = 0; i < samples->count; i++) {
        memcpy(at, samples->items[i].sorted, samples->items[i].count * sizeof *at);
        at += samples->items[i].count;
    }
    statistics_sort(times, *count);
    return times;
}
