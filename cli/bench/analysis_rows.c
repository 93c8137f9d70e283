// What a row's runs say by themselves: how many there are, medians, outliers, warming up; and
// whether they are good for a ratio. Comparing is the business of analysis.c.
#include "cli/bench/analysis_rows.h"

// What the clock is good for: it shows whole microseconds, so a shorter run is known to a hundredth
// at best.
#define SHORTEST_RUN 100

// Times that are printed as whole microseconds differ by this.
#define GRAIN 1.0

static double median_or_none(double *numbers, size_t count) {
    return count ? statistics_median(numbers, count) : RUN_NO_FIGURE;
}

// The first iterations by the last ones, each of those runs that have two at least.
static double find_first_iteration(Arena *arena, const CampaignRun **runs, size_t count) {
    double *first = ARENA_ARRAY(arena, double, count), *last = ARENA_ARRAY(arena, double, count);
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        if (!samples_take(runs[i]) || runs[i]->iteration_count < 2 || runs[i]->iterations[0] < 0)
            continue;
        first[known] = runs[i]->iterations[0];
        last[known++] = runs[i]->iterations[runs[i]->iteration_count - 1];
    }
    double late = median_or_none(last, known);
    return late > 0 ? statistics_median(first, known) / late : RUN_NO_FIGURE;
}

static void describe_processes(Arena *arena, AnalysisRow *row, const CampaignRun **runs,
                               size_t count) {
    double *users = ARENA_ARRAY(arena, double, count), *walls = ARENA_ARRAY(arena, double, count);
    size_t user_count = 0, wall_count = 0;
    for (size_t i = 0; i < count; i++) {
        const CampaignRun *run = runs[i];
        if (row->verdict == RUN_VERIFIED && run->verdict != RUN_VERIFIED) {
            row->verdict = run->verdict;
            row->reason = run->reason;
        }
        row->repeated += run->repeated > 0;
        if (!samples_take(run)) {
            row->failures++;
            continue;
        }
        row->processes++;
        if (run->user >= 0)
            users[user_count++] = run->user;
        if (run->wall >= 0)
            walls[wall_count++] = run->wall;
    }
    row->user = median_or_none(users, user_count);
    row->wall = median_or_none(walls, wall_count);
}

AnalysisRow analysis_describe(Arena *arena, size_t subject, size_t program,
                              const CampaignRun **runs, size_t run_count, const Samples *samples) {
    AnalysisRow row = {.subject = subject, .program = program, .chance = 1};
    row.median = row.least = row.greatest = RUN_NO_FIGURE;
    row.difference = DIFFERENCE_CANT_TELL;
    describe_processes(arena, &row, runs, run_count);
    row.first_iteration = find_first_iteration(arena, runs, run_count);
    if (samples->count)
        row.median = samples_median(samples, &row.least, &row.greatest);
    for (size_t i = 0; i < samples->count; i++)
        row.outliers +=
            statistics_outliers(samples->items[i].sorted, samples->items[i].count, GRAIN);
    return row;
}

const char *analysis_hindrance(Arena *arena, const AnalysisRow *row, const Samples *samples) {
    if (row->verdict != RUN_VERIFIED)
        return row->reason ? row->reason : "not verified";
    if (!samples->count)
        return "not measured";
    double least = samples_least(samples);
    if (least < SHORTEST_RUN)
        return arena_printf(
            arena, "a run of %.0f us is too short for the clock; give it a larger size", least);
    return NULL;
}
