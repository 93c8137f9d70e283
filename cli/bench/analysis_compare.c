// Two campaigns, row by row: those that have the same name and program belong together. Their runs
// were made at different times, so nothing pairs up, but for placements of the same number.
#include "cli/bench/analysis_rows.h"
#include "cli/bench/significance.h"

#include <stdint.h>
#include <string.h>

// Nothing, as an index of what the other campaign has.
#define MISSING SIZE_MAX

typedef struct Side {
    const Analysis *analysis;
    const Samples *samples;
} Side;

typedef struct Work {
    Arena *arena;
    Side before, after;
    Comparison *comparison;
    ARENA_VECTOR(Ratio) ratios; // one for each row
} Work;

// ---- What belongs together ----------------------------------------------------------------------

// The subject of the other campaign with the same name.
static size_t find_subject(const Campaign *campaign, const char *name) {
    for (size_t i = 0; i < campaign->subjects.count; i++)
        if (strcmp(campaign->subjects.items[i].name, name) == 0)
            return i;
    return MISSING;
}

static size_t find_program(const Campaign *campaign, const char *program) {
    for (size_t i = 0; i < campaign->programs.count; i++)
        if (strcmp(campaign->programs.items[i], program) == 0)
            return i;
    return MISSING;
}

// What isn't known is no difference.
static bool is_same(const char *one, const char *other) {
    return !one || !other || strcmp(one, other) == 0;
}

static bool is_same_machine(const CampaignMachine *one, const CampaignMachine *other) {
    return is_same(one->processor, other->processor) && is_same(one->kernel, other->kernel) &&
           (!one->cores || !other->cores || one->cores == other->cores);
}

// ---- One row ------------------------------------------------------------------------------------

static size_t side_index(const Side *side, const AnalysisRow *row) {
    return (size_t)(row - side->analysis->rows);
}

static const Samples *side_samples(const Side *side, const AnalysisRow *row) {
    return &side->samples[side_index(side, row)];
}

// Why nothing can be told of this side; NULL.
static const char *side_reason(Arena *arena, const char *which, const Side *side,
                               const AnalysisRow *row) {
    const char *hindrance = analysis_hindrance(arena, row, side_samples(side, row));
    return hindrance ? arena_printf(arena, "the %s one: %s", which, hindrance) : NULL;
}

// The very same times are no difference, however few they are, and however short.
static bool is_equal(const Work *work, const ComparisonRow *row) {
    const Samples *before = side_samples(&work->before, row->old_row);
    const Samples *after = side_samples(&work->after, row->new_row);
    return row->old_row->verdict == RUN_VERIFIED && row->new_row->verdict == RUN_VERIFIED &&
           before->count && samples_are_equal(before, after);
}

static void add_row(Work *work, const AnalysisRow *old_row, const AnalysisRow *new_row) {
    const Campaign *campaign = (old_row ? &work->before : &work->after)->analysis->campaign;
    const AnalysisRow *named = old_row ? old_row : new_row;
    ComparisonRow row = {
        .subject = campaign->subjects.items[named->subject].name,
        .program = campaign->programs.items[named->program],
        .short_program = campaign_short_program(campaign, named->program),
        .old_row = old_row,
        .new_row = new_row,
        .difference = DIFFERENCE_CANT_TELL,
        .chance = 1,
    };
    Ratio ratio = {.chance = 1};
    if (!old_row || !new_row)
        row.reason = old_row ? "only the old one has it" : "only the new one has it";
    else
        row.reason = side_reason(work->arena, "old", &work->before, old_row);
    if (!row.reason)
        row.reason = side_reason(work->arena, "new", &work->after, new_row);
    if (!row.reason) {
        RatioData data = ratio_data(work->arena, side_samples(&work->after, new_row),
                                    side_samples(&work->before, old_row), false);
        ratio = ratio_of(&data);
        row.has_ratio = true;
        row.has_interval = ratio.has_interval;
        row.ratio = ratio.interval;
        row.chance = ratio.chance;
    }
    ARENA_PUSH(work->arena, &work->comparison->rows, row);
    ARENA_PUSH(work->arena, &work->ratios, ratio);
}

// ---- All rows -----------------------------------------------------------------------------------

// The rows of one side; with `both` those that the other has, too, else those that it hasn't.
static void add_rows(Work *work, const Side *side, const Side *other, bool both) {
    const Campaign *campaign = side->analysis->campaign, *there = other->analysis->campaign;
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        size_t subject = find_subject(there, campaign->subjects.items[i].name);
        for (size_t j = 0; j < campaign->programs.count; j++) {
            size_t program = find_program(there, campaign->programs.items[j]);
            const AnalysisRow *row = analysis_row(side->analysis, i, j), *match = NULL;
            if (subject != MISSING && program != MISSING)
                match = analysis_row(other->analysis, subject, program);
            if ((match != NULL) == both)
                add_row(work, side == &work->before ? row : match,
                        side == &work->before ? match : row);
        }
    }
}

// Rows of the very same times can't be called different, so they are no comparisons.
static void adjust_chances(Work *work) {
    size_t rows = work->comparison->rows.count, count = 0;
    double **chances = ARENA_ARRAY(work->arena, double *, rows);
    for (size_t i = 0; i < rows; i++) {
        ComparisonRow *row = &work->comparison->rows.items[i];
        if (row->has_ratio && !is_equal(work, row))
            chances[count++] = &row->chance;
    }
    significance_adjust(chances, count);
}

static void call_differences(Work *work) {
    adjust_chances(work);
    for (size_t i = 0; i < work->comparison->rows.count; i++) {
        ComparisonRow *row = &work->comparison->rows.items[i];
        if (row->old_row && row->new_row && is_equal(work, row)) {
            row->difference = DIFFERENCE_NONE;
            row->reason = NULL;
        } else if (row->has_ratio) {
            row->difference = analysis_difference(&work->ratios.items[i], row->chance);
        }
    }
}

static double find_shift(const Work *work) {
    size_t rows = work->comparison->rows.count, count = 0;
    double *ratios = ARENA_ARRAY(work->arena, double, rows);
    for (size_t i = 0; i < rows; i++)
        if (work->comparison->rows.items[i].has_ratio)
            ratios[count++] = work->comparison->rows.items[i].ratio.median;
    return count ? statistics_median(ratios, count) : 1;
}

const Comparison *analysis_compare(Arena *arena, const Analysis *before, const Analysis *after) {
    Work work = {
        .arena = arena,
        .before = {before, samples_of(arena, before->campaign)},
        .after = {after, samples_of(arena, after->campaign)},
        .comparison = ARENA_NEW(arena, Comparison),
    };
    work.comparison->same_machine =
        is_same_machine(&before->campaign->machine, &after->campaign->machine);
    add_rows(&work, &work.before, &work.after, true);
    add_rows(&work, &work.before, &work.after, false);
    add_rows(&work, &work.after, &work.before, false);
    call_differences(&work);
    work.comparison->shift = find_shift(&work);
    return work.comparison;
}
