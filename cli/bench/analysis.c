// See analysis.h: ratios to the first subject, their geometric means, and the verdicts of a
// campaign. What a row says by itself stands in analysis_rows.c, how ratios and intervals are
// computed in ratio.c, and the comparison of two campaigns in analysis_compare.c.
#include "cli/bench/analysis.h"

#include "cli/bench/analysis_rows.h"
#include "cli/bench/significance.h"
#include "cli/bench/wanted_runs.h"

#include <string.h>

const char difference_names[] = "no difference|faster|slower|can't tell|same code|baseline";

// What is worked with while a campaign is analysed. Arrays have a row of programs for each subject.
typedef struct Work {
    Arena *arena;
    const Campaign *campaign;
    Analysis *analysis;
    const Samples *samples;
    const char **hindrances; // why there is no ratio to any other
    RatioData **data;        // NULL: no ratio to the first subject
    Ratio *ratios;
    Ratio *means;         // for each subject
    RatioData *mean_data; // likewise, with placements; else its count is 0
} Work;

static size_t row_index(const Campaign *campaign, size_t subject, size_t program) {
    return subject * campaign->programs.count + program;
}

const AnalysisRow *analysis_row(const Analysis *analysis, size_t subject, size_t program) {
    return &analysis->rows[row_index(analysis->campaign, subject, program)];
}

// ---- Rows by themselves -------------------------------------------------------------------------

// The runs of each row, one row after the other; `ends` says where each ends.
static const CampaignRun **gather_runs(Arena *arena, const Campaign *campaign, size_t *ends) {
    size_t rows = campaign->subjects.count * campaign->programs.count;
    size_t count = campaign->measured.count;
    const CampaignRun **runs = ARENA_ARRAY(arena, const CampaignRun *, count);
    for (size_t i = 0; i < count; i++) {
        const CampaignRun *run = &campaign->measured.items[i];
        ends[row_index(campaign, run->subject, run->program)]++;
    }
    for (size_t i = 1; i < rows; i++)
        ends[i] += ends[i - 1];
    for (size_t i = count; i-- > 0;) { // each moves its row's end to the front
        const CampaignRun *run = &campaign->measured.items[i];
        runs[--ends[row_index(campaign, run->subject, run->program)]] = run;
    }
    for (size_t i = 0; i + 1 < rows; i++)
        ends[i] = ends[i + 1];
    if (rows)
        ends[rows - 1] = count;
    return runs;
}

static void describe_rows(Work *work) {
    const Campaign *campaign = work->campaign;
    size_t rows = campaign->subjects.count * campaign->programs.count, begin = 0;
    size_t *ends = ARENA_ARRAY(work->arena, size_t, rows);
    const CampaignRun **runs = gather_runs(work->arena, campaign, ends);
    for (size_t i = 0; i < rows; i++) {
        AnalysisRow *row = &work->analysis->rows[i];
        *row = analysis_describe(work->arena, i / campaign->programs.count,
                                 i % campaign->programs.count, runs + begin, ends[i] - begin,
                                 &work->samples[i]);
        work->hindrances[i] = analysis_hindrance(work->arena, row, &work->samples[i]);
        begin = ends[i];
    }
}

// ---- Ratios -------------------------------------------------------------------------------------

static bool is_same_code(const Campaign *campaign, size_t subject) {
    return campaign->subjects.items[subject].kind == SUBJECT_AA ||
           campaign_twin(campaign, subject) == &campaign->subjects.items[0];
}

// Why the first subject is no good to compare with.
static const char *baseline_hindrance(const Work *work, size_t program) {
    const char *hindrance = work->hindrances[program];
    if (!hindrance)
        return NULL;
    if (work->analysis->rows[program].verdict != RUN_VERIFIED)
        return "the first row is not verified";
    if (!work->samples[program].count)
        return "the first row was not measured";
    return arena_printf(work->arena,
                        "a run of %.0f us, of the first row, is too short for the clock; give it a "
                        "larger size",
                        samples_least(&work->samples[program]));
}

static void take_ratio(AnalysisRow *row, const Ratio *ratio) {
    row->has_ratio = true;
    row->has_interval = ratio->has_interval;
    row->ratio = ratio->interval;
    row->chance = ratio->chance;
}

static void compare_row(Work *work, size_t subject, size_t program) {
    size_t index = row_index(work->campaign, subject, program);
    AnalysisRow *row = &work->analysis->rows[index];
    const char *hindrance = work->hindrances[index];
    if (!hindrance)
        hindrance = baseline_hindrance(work, program);
    if (hindrance) {
        row->reason = hindrance;
        return;
    }
    work->data[index] = ARENA_NEW(work->arena, RatioData);
    *work->data[index] =
        ratio_data(work->arena, &work->samples[index], &work->samples[program], true);
    work->ratios[index] = ratio_of(work->data[index]);
    take_ratio(row, &work->ratios[index]);
}

// ---- Geometric means ----------------------------------------------------------------------------

// Counts, and the first verdict that isn't good.
static void sum_up(const Work *work, size_t subject, AnalysisRow *mean) {
    *mean = (AnalysisRow){.subject = subject, .chance = 1, .difference = DIFFERENCE_CANT_TELL};
    mean->median = mean->least = mean->greatest = RUN_NO_FIGURE;
    mean->user = mean->wall = mean->first_iteration = RUN_NO_FIGURE;
    for (size_t i = 0; i < work->campaign->programs.count; i++) {
        const AnalysisRow *row = analysis_row(work->analysis, subject, i);
        mean->processes += row->processes;
        mean->failures += row->failures;
        mean->repeated += row->repeated;
        mean->outliers += row->outliers;
        if (mean->verdict == RUN_VERIFIED)
            mean->verdict = row->verdict;
    }
}

// Programs on which there is nothing to compare with are left out, for all subjects alike. One that
// lacks a ratio on another program has no mean: it would be of other programs than theirs.
static void compare_mean(Work *work, size_t subject) {
    const Campaign *campaign = work->campaign;
    AnalysisRow *mean = &work->analysis->means[subject];
    sum_up(work, subject, mean);
    RatioData **data = ARENA_ARRAY(work->arena, RatioData *, campaign->programs.count);
    size_t count = 0;
    for (size_t i = 0; i < campaign->programs.count && !mean->reason; i++) {
        if (work->hindrances[i])
            continue;
        data[count] = work->data[row_index(campaign, subject, i)];
        if (!data[count++])
            mean->reason =
                arena_printf(work->arena, "no ratio on %s", campaign_short_program(campaign, i));
    }
    if (!count && !mean->reason)
        mean->reason = "the first row has nothing to compare with";
    if (mean->reason)
        return;
    work->means[subject] = count == 1
                               ? ratio_of(data[0])
                               : ratio_mean(work->arena, data, count, campaign->seed + subject);
    take_ratio(mean, &work->means[subject]);
    if (!ratio_mean_data(work->arena, data, count, &work->mean_data[subject]))
        work->mean_data[subject].count = 0;
}

static size_t count_mean_programs(const Work *work) {
    size_t count = 0;
    for (size_t i = 0; i < work->campaign->programs.count; i++)
        count += !work->hindrances[i]; // the first subject's
    return count;
}

// ---- Few placements -----------------------------------------------------------------------------

// A row that is compared in several placements, as the rows around it are.
typedef struct PlacedRow {
    const RatioData *data;
    Ratio *ratio;
    AnalysisRow *row;
} PlacedRow;

typedef ARENA_VECTOR(PlacedRow) PlacedRows;

static void moderate(Arena *arena, const PlacedRows *rows) {
    double *variances = ARENA_ARRAY(arena, double, rows->count),
           *freedoms = ARENA_ARRAY(arena, double, rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        const RatioData *data = rows->items[i].data;
        variances[i] = variance_of(data->ratios, data->count);
        freedoms[i] = (double)(data->count - 1);
    }
    const VariancePrior prior = variance_prior(variances, freedoms, rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        *rows->items[i].ratio = ratio_moderated(rows->items[i].data, &prior);
        take_ratio(rows->items[i].row, rows->items[i].ratio);
    }
}

// Ratios that don't vary at all are the first subject's to itself, or made up.
static void add_placed(Arena *arena, PlacedRows *rows, const RatioData *data, Ratio *ratio,
                       AnalysisRow *row) {
    if (data && data->kind == RATIO_PLACEMENTS && data->count > 1 &&
        variance_of(data->ratios, data->count) > 0)
        ARENA_PUSH(arena, rows, ((PlacedRow){data, ratio, row}));
}

// Rows tell each other how far placements are apart, and so do means.
static void moderate_placements(Work *work) {
    const Campaign *campaign = work->campaign;
    PlacedRows rows = {0}, means = {0};
    for (size_t i = 0; i < campaign->subjects.count * campaign->programs.count; i++)
        add_placed(work->arena, &rows, work->data[i], &work->ratios[i], &work->analysis->rows[i]);
    for (size_t i = 0; i < campaign->subjects.count; i++)
        if (work->mean_data[i].count)
            add_placed(work->arena, &means, &work->mean_data[i], &work->means[i],
                       &work->analysis->means[i]);
    moderate(work->arena, &rows);
    moderate(work->arena, &means);
}

// ---- Verdicts -----------------------------------------------------------------------------------

Difference analysis_difference(const Ratio *ratio, double chance) {
    const StatisticsInterval *interval = &ratio->interval;
    if (!ratio->has_interval)
        return DIFFERENCE_CANT_TELL;
    if (chance <= ANALYSIS_CHANCE && interval->high < 1)
        return DIFFERENCE_FASTER;
    if (chance <= ANALYSIS_CHANCE && interval->low > 1)
        return DIFFERENCE_SLOWER;
    bool is_sure = interval->confidence > 0.949;
    bool is_small = interval->low >= 1 / ANALYSIS_SMALL && interval->high <= ANALYSIS_SMALL;
    return is_sure && is_small ? DIFFERENCE_NONE : DIFFERENCE_CANT_TELL;
}

// Rows whose code is the baseline's are adjusted among themselves: nobody asks whether they differ,
// so they don't make it harder to tell for those that may, and yet they are to show what noise
// does.
static void adjust_chances(const Work *work, bool same_code) {
    const Campaign *campaign = work->campaign;
    size_t programs = campaign->programs.count, count = 0;
    double **chances = ARENA_ARRAY(work->arena, double *, campaign->subjects.count *(programs + 1));
    for (size_t subject = 1; subject < campaign->subjects.count; subject++) {
        if (is_same_code(campaign, subject) != same_code)
            continue;
        for (size_t i = 0; i < programs; i++)
            if (analysis_row(work->analysis, subject, i)->has_ratio)
                chances[count++] = &work->analysis->rows[row_index(campaign, subject, i)].chance;
        if (programs > 1 && work->analysis->means[subject].has_ratio)
            chances[count++] = &work->analysis->means[subject].chance;
    }
    significance_adjust(chances, count);
}

static void call_row(const Work *work, AnalysisRow *row, const Ratio *ratio) {
    if (row->subject == 0)
        row->difference = DIFFERENCE_BASELINE;
    else if (is_same_code(work->campaign, row->subject))
        row->difference = DIFFERENCE_SAME_CODE;
    else if (row->has_ratio)
        row->difference = analysis_difference(ratio, row->chance);
}

static void call_differences(const Work *work) {
    const Campaign *campaign = work->campaign;
    size_t programs = campaign->programs.count;
    adjust_chances(work, false);
    adjust_chances(work, true);
    for (size_t subject = 0; subject < campaign->subjects.count; subject++) {
        for (size_t i = 0; i < programs; i++) {
            size_t index = row_index(campaign, subject, i);
            call_row(work, &work->analysis->rows[index], &work->ratios[index]);
        }
        AnalysisRow *mean = &work->analysis->means[subject];
        if (programs == 1) // it is the only row once more
            mean->chance = analysis_row(work->analysis, subject, 0)->chance;
        call_row(work, mean, &work->means[subject]);
    }
}

// ---- Noise --------------------------------------------------------------------------------------

// A single run has no spread.
static double find_noise(const Work *work) {
    size_t rows = work->campaign->subjects.count * work->campaign->programs.count, count = 0;
    double *spreads = ARENA_ARRAY(work->arena, double, rows);
    for (size_t i = 0; i < rows; i++)
        if (work->samples[i].count && work->samples[i].items[0].count > 1)
            spreads[count++] = samples_spread(&work->samples[i]);
    return count ? statistics_median(spreads, count) : 0;
}

const Analysis *analysis_of(Arena *arena, const Campaign *campaign) {
    size_t subjects = campaign->subjects.count, programs = campaign->programs.count;
    Analysis *analysis = ARENA_NEW(arena, Analysis);
    analysis->campaign = campaign;
    analysis->rows = ARENA_ARRAY(arena, AnalysisRow, subjects * programs);
    analysis->means = ARENA_ARRAY(arena, AnalysisRow, subjects);
    Work work = {
        .arena = arena,
        .campaign = campaign,
        .analysis = analysis,
        .samples = samples_of(arena, campaign),
        .hindrances = ARENA_ARRAY(arena, const char *, subjects *programs),
        .data = ARENA_ARRAY(arena, RatioData *, subjects * programs),
        .ratios = ARENA_ARRAY(arena, Ratio, subjects * programs),
        .means = ARENA_ARRAY(arena, Ratio, subjects),
        .mean_data = ARENA_ARRAY(arena, RatioData, subjects),
    };
    describe_rows(&work);
    for (size_t subject = 0; subject < subjects; subject++)
        for (size_t program = 0; program < programs; program++)
            compare_row(&work, subject, program);
    for (size_t subject = 0; subject < subjects; subject++)
        compare_mean(&work, subject);
    analysis->mean_programs = count_mean_programs(&work);
    moderate_placements(&work);
    call_differences(&work);
    analysis->noise = find_noise(&work);
    analysis->wanted_runs = wanted_runs(campaign, work.samples, &analysis->wanted_program);
    return analysis;
}
