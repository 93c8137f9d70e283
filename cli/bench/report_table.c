// The report of a campaign as tables for people. What a figure rests on stands beside it (how many
// runs, which interval, whether bytecodes are weighted), and a figure that doesn't exist is shown
// as missing, never as 0.
#include "cli/bench/bench.h"
#include "cli/bench/machine.h"
#include "support/choice.h"

#include <stdio.h>
#include <string.h>

// A table is this wide, and not wider, unless a remark is.
enum { TABLE_WIDTH = 100, FIGURES_WIDTH = 90, LAYOUTS_WIDTH = 18 };

// ---- What stands above --------------------------------------------------------------------------

// What the figures rest on: how many runs, in how many placements.
static void add_basis(const Analysis *analysis, Text *out) {
    const Campaign *campaign = analysis->campaign;
    bool is_several = campaign->layouts > 1;
    if (is_several)
        text_addf(out, "%zu placements, ", campaign->layouts);
    size_t all =
        campaign->subjects.count * campaign->programs.count * campaign->layouts * campaign->runs;
    if (campaign->measured.count < all)
        text_addf(out, "%zu of %zu runs, interleaved", campaign->measured.count, all);
    else if (campaign->runs > 1)
        text_addf(out, "%zu interleaved runs%s", campaign->runs, is_several ? " each" : "");
    else
        text_addf(out, "one run%s", is_several ? " each" : ", which tells no interval");
    for (size_t i = 0; i < campaign->subjects.count * campaign->programs.count; i++)
        if (analysis->rows[i].has_interval) {
            text_addf(out, "; [interval of %.0f %%%s]", analysis->rows[i].ratio.confidence * 100,
                      is_several ? " over placements" : "");
            break;
        }
    if (strcmp(campaign->clock, "harness") != 0)
        text_add(out, strcmp(campaign->clock, "lines") == 0 ? "; times in lines of the program"
                                                            : "; times of the whole process");
}

static void add_title(const Analysis *analysis, Text *out) {
    const Campaign *campaign = analysis->campaign;
    const CampaignSubject *first = &campaign->subjects.items[0];
    if (campaign->programs.count == 1)
        text_addf(out, "%s\n", campaign->programs.items[0]);
    text_add(out, machine_name(campaign->arena, &campaign->machine));
    if (first->made_by)
        text_addf(out, "; %s", first->made_by);
    text_add(out, "\n");
    add_basis(analysis, out);
    text_add(out, "\n\n");
}

// How wide the column of names is. 0: the names don't fit, and rows have numbers instead.
static int name_width(const Campaign *campaign) {
    size_t width = strlen("variant");
    for (size_t i = 0; i < campaign->subjects.count; i++)
        if (strlen(campaign->subjects.items[i].name) > width)
            width = strlen(campaign->subjects.items[i].name);
    int left = TABLE_WIDTH - FIGURES_WIDTH - (campaign->layouts > 1 ? LAYOUTS_WIDTH : 0);
    return (int)width <= left ? (int)width : 0;
}

static void add_numbered_names(const Campaign *campaign, Text *out) {
    for (size_t i = 0; i < campaign->subjects.count; i++)
        text_addf(out, "%3zu  %s\n", i + 1, campaign->subjects.items[i].name);
    text_add(out, "\n");
}

static bool is_weighted(const Campaign *campaign, size_t program) {
    for (size_t i = 0; i < campaign->subjects.count; i++)
        if (campaign_counts(campaign, i, program)->is_weighted)
            return true;
    return false;
}

static void add_heads(const Campaign *campaign, size_t program, int width, bool names, Text *out) {
    text_addf(out, "%-*s  %9s", width, names ? "variant" : "", "median ms");
    if (campaign->layouts > 1)
        text_addf(out, "  %-16s", "[least, most]");
    text_addf(out, "  %5s  %-14s  %-12s  %11s  %12s%s\n", "ratio", "[low, high]", "difference",
              "frame reads", "dispatch", is_weighted(campaign, program) ? "" : ", unweighted");
    text_addf(out, "%-*s  %9s", width, "", "");
    if (campaign->layouts > 1)
        text_addf(out, "  %-16s", "of placements");
    text_addf(out, "  %5s  %-14s  %-12s  %11s  %12s  %6s  %5s\n", "", "", "", "/ bytecode",
              "instructions", "blocks", "sites");
}

// ---- A row --------------------------------------------------------------------------------------

static void add_dispatch(const CampaignCounts *counts, Text *out) {
    if (counts->has_dispatch)
        text_addf(out, "  %12.2f  %6.2f", counts->dispatch_instructions, counts->dispatch_blocks);
    else
        text_addf(out, "  %12s  %6s", "-", "-");
    if (counts->has_sites)
        text_addf(out, "  %5d", counts->dispatch_sites);
    else
        text_addf(out, "  %5s", "-");
}

// What a reader of the row must not overlook.
static void add_remark(const AnalysisRow *row, Text *out) {
    if (row->verdict == RUN_WRONG)
        text_add(out, "  NOT VERIFIED");
    else if (row->verdict == RUN_UNKNOWN)
        text_addf(out, "  unverified: %s", row->reason);
    else if (row->reason)
        text_addf(out, "  no ratio: %s", row->reason);
}

static const char *difference_text(const Campaign *campaign, const AnalysisRow *row) {
    if (!row->has_ratio || row->difference == DIFFERENCE_BASELINE)
        return "-";
    return choice_at(difference_names, (int)row->difference, campaign->arena);
}

static void add_ratio(const Campaign *campaign, const AnalysisRow *row, Text *out) {
    char ratio[32] = "-", interval[64] = "-";
    if (row->has_ratio)
        snprintf(ratio, sizeof ratio, "%.3f", row->ratio.median);
    if (row->has_interval)
        snprintf(interval, sizeof interval, "[%.3f, %.3f]", row->ratio.low, row->ratio.high);
    text_addf(out, "  %5s  %-14s  %-12s", ratio, interval, difference_text(campaign, row));
}

static void add_figures(const Campaign *campaign, const AnalysisRow *row, Text *out) {
    const CampaignCounts *counts = campaign_counts(campaign, row->subject, row->program);
    char median[32] = "-", reads[32] = "-", spread[64] = "-";
    if (row->verdict == RUN_VERIFIED && row->processes) {
        snprintf(median, sizeof median, "%.1f", row->median / 1000);
        snprintf(spread, sizeof spread, "[%.1f, %.1f]", row->least / 1000, row->greatest / 1000);
    }
    if (counts->has_reads)
        snprintf(reads, sizeof reads, "%.2f", counts->frame_reads);
    text_addf(out, "  %9s", median);
    if (campaign->layouts > 1)
        text_addf(out, "  %-16s", spread);
    add_ratio(campaign, row, out);
    text_addf(out, "  %11s", reads);
    add_dispatch(counts, out);
    add_remark(row, out);
    text_add(out, "\n");
}

static void add_name(const Campaign *campaign, size_t subject, int width, bool names, Text *out) {
    if (names)
        text_addf(out, "%-*s", width, campaign->subjects.items[subject].name);
    else
        text_addf(out, "%*zu", width, subject + 1);
}

static void add_program(const Analysis *analysis, size_t program, int width, bool names,
                        Text *out) {
    const Campaign *campaign = analysis->campaign;
    if (campaign->programs.count > 1)
        text_addf(out, "%s\n", campaign->programs.items[program]);
    add_heads(campaign, program, width, names, out);
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        add_name(campaign, i, width, names, out);
        add_figures(campaign, analysis_row(analysis, i, program), out);
    }
    if (campaign->programs.count > 1)
        text_add(out, "\n");
}

// ---- All programs together ----------------------------------------------------------------------

// What is counted, as means over the programs, each alike: a program that executes more is no more
// important. What isn't known of all of them isn't known.
static CampaignCounts mean_counts(const Campaign *campaign, size_t subject) {
    CampaignCounts mean = *campaign_counts(campaign, subject, 0);
    double count = (double)campaign->programs.count;
    mean.dispatch_instructions = mean.dispatch_blocks = mean.frame_reads = 0;
    for (size_t i = 0; i < campaign->programs.count; i++) {
        const CampaignCounts *counts = campaign_counts(campaign, subject, i);
        mean.has_dispatch &= counts->has_dispatch;
        mean.has_reads &= counts->has_reads;
        mean.dispatch_instructions += counts->dispatch_instructions / count;
        mean.dispatch_blocks += counts->dispatch_blocks / count;
        mean.frame_reads += counts->frame_reads / count;
    }
    return mean;
}

static void add_mean(const Analysis *analysis, size_t subject, Text *out) {
    const Campaign *campaign = analysis->campaign;
    const AnalysisRow *row = &analysis->means[subject];
    const CampaignCounts counts = mean_counts(campaign, subject);
    char reads[32] = "-";
    if (counts.has_reads)
        snprintf(reads, sizeof reads, "%.2f", counts.frame_reads);
    add_ratio(campaign, row, out);
    text_addf(out, "  %11s", reads);
    add_dispatch(&counts, out);
    if (!row->has_ratio && row->reason)
        text_addf(out, "  %s", row->reason);
    text_add(out, "\n");
}

static void add_means(const Analysis *analysis, int width, bool names, Text *out) {
    const Campaign *campaign = analysis->campaign;
    text_add(out, "geometric mean of ");
    if (analysis->mean_programs < campaign->programs.count)
        text_addf(out, "%zu of ", analysis->mean_programs);
    text_addf(out, "%zu programs; means of what is counted\n", campaign->programs.count);
    text_addf(out, "%-*s  %5s  %-14s  %-12s  %11s  %12s%s\n", width, names ? "variant" : "",
              "ratio", "[low, high]", "difference", "frame reads", "dispatch",
              is_weighted(campaign, 0) ? "" : ", unweighted");
    text_addf(out, "%-*s  %5s  %-14s  %-12s  %11s  %12s  %6s  %5s\n", width, "", "", "", "",
              "/ bytecode", "instructions", "blocks", "sites");
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        add_name(campaign, i, width, names, out);
        add_mean(analysis, i, out);
    }
}

// ---- The process's times ------------------------------------------------------------------------

// Where the whole process counts, it is of interest how much of its time was its own.
static void add_process_times(const Analysis *analysis, int width, bool names, Text *out) {
    const Campaign *campaign = analysis->campaign;
    if (strcmp(campaign->clock, "process") != 0)
        return;
    text_addf(out, "\n%-*s  %9s  %9s  of the process, on\n", width, names ? "variant" : "",
              "wall ms", "user ms");
    for (size_t i = 0; i < campaign->programs.count * campaign->subjects.count; i++) {
        size_t subject = i % campaign->subjects.count, program = i / campaign->subjects.count;
        const AnalysisRow *row = analysis_row(analysis, subject, program);
        if (row->wall == RUN_NO_FIGURE || row->user == RUN_NO_FIGURE)
            continue;
        add_name(campaign, subject, width, names, out);
        text_addf(out, "  %9.1f  %9.1f  %s\n", row->wall / 1000, row->user / 1000,
                  campaign_short_program(campaign, program));
    }
}

// ---- The processor's counters -------------------------------------------------------------------

typedef struct Counted {
    double instructions, cycles, branch_misses;
    bool has;
} Counted;

static double median_of(const Campaign *campaign, const double *figures, size_t count) {
    double *sorted = ARENA_ARRAY(campaign->arena, double, count);
    memcpy(sorted, figures, count * sizeof *sorted);
    return statistics_median(sorted, count);
}

static Counted count_row(const Campaign *campaign, size_t subject, size_t program) {
    ARENA_VECTOR(double) figures[3] = {0};
    for (size_t i = 0; i < campaign->measured.count; i++) {
        const CampaignRun *run = &campaign->measured.items[i];
        const double values[3] = {run->instructions, run->cycles, run->branch_misses};
        for (int k = 0; k < 3; k++)
            if (run->subject == subject && run->program == program && values[k] > 0)
                ARENA_PUSH(campaign->arena, &figures[k], values[k]);
    }
    Counted counted = {.has = figures[0].count && figures[1].count && figures[2].count};
    if (counted.has) {
        counted.instructions = median_of(campaign, figures[0].items, figures[0].count);
        counted.cycles = median_of(campaign, figures[1].items, figures[1].count);
        counted.branch_misses = median_of(campaign, figures[2].items, figures[2].count);
    }
    return counted;
}

static void add_counters(const Analysis *analysis, int width, bool names, Text *out) {
    const Campaign *campaign = analysis->campaign;
    bool has_head = false;
    for (size_t program = 0; program < campaign->programs.count; program++)
        for (size_t i = 0; i < campaign->subjects.count; i++) {
            Counted counted = count_row(campaign, i, program);
            if (!counted.has)
                continue;
            if (!has_head)
                text_addf(out, "\n%-*s  %14s  %5s  %18s  %s\n", width, names ? "variant" : "",
                          "Minstructions", "IPC", "misses / 1000", "of the process, on");
            has_head = true;
            add_name(campaign, i, width, names, out);
            text_addf(out, "  %14.1f  %5.2f  %18.2f  %s\n", counted.instructions / 1e6,
                      counted.instructions / counted.cycles,
                      1000 * counted.branch_misses / counted.instructions,
                      campaign_short_program(campaign, program));
        }
}

// ---- What stands below --------------------------------------------------------------------------

static void add_flags(const Analysis *analysis, Text *out) {
    const Campaign *campaign = analysis->campaign;
    size_t repeated = 0, outliers = 0, failures = 0;
    for (size_t i = 0; i < campaign->subjects.count * campaign->programs.count; i++) {
        repeated += analysis->rows[i].repeated;
        outliers += analysis->rows[i].outliers;
        failures += analysis->rows[i].failures;
    }
    if (failures)
        text_addf(out, "failed: %zu of %zu runs\n", failures, campaign->measured.count);
    if (repeated)
        text_addf(out, "made again, as the machine did something else meanwhile: %zu of %zu runs\n",
                  repeated, campaign->measured.count);
    if (outliers)
        text_addf(out, "far from the others, and counted all the same: %zu of %zu runs\n", outliers,
                  campaign->measured.count);
}

static bool excludes_one(const AnalysisRow *row) {
    return row->has_interval && (row->ratio.low > 1 || row->ratio.high < 1);
}

// The same machine code should take the same time. Where it doesn't, the machine is what was
// measured.
static void add_noise(const Analysis *analysis, Text *out) {
    const Campaign *campaign = analysis->campaign;
    for (size_t i = 0; i < campaign->subjects.count * campaign->programs.count; i++) {
        const AnalysisRow *row = &analysis->rows[i];
        if (row->difference == DIFFERENCE_SAME_CODE && excludes_one(row))
            text_addf(out,
                      "`%s` is the same machine code as the first on %s, and seems to take %.3f of "
                      "its time: so much is noise here\n",
                      campaign->subjects.items[row->subject].name,
                      campaign_short_program(campaign, row->program), row->ratio.median);
    }
}

// What would help is only worth saying where something can't be told.
static void add_advice(const Analysis *analysis, Text *out) {
    const Campaign *campaign = analysis->campaign;
    bool cant_tell = false;
    for (size_t i = 0; i < campaign->subjects.count * campaign->programs.count; i++)
        cant_tell |= analysis->rows[i].difference == DIFFERENCE_CANT_TELL;
    if (cant_tell && analysis->wanted_runs > campaign->runs)
        text_addf(out, "on this noise --runs=%zu tells 3 %% apart\n", analysis->wanted_runs);
}

static void add_footnotes(const Analysis *analysis, Text *out) {
    Text notes = {0};
    add_flags(analysis, &notes);
    add_noise(analysis, &notes);
    add_advice(analysis, &notes);
    if (notes.length)
        text_addf(out, "\n%s", text_chars(&notes));
    text_free(&notes);
}

void bench_table(const Analysis *analysis, Text *out) {
    const Campaign *campaign = analysis->campaign;
    int fitting = name_width(campaign), width = fitting ? fitting : 3;
    bool names = fitting != 0;
    add_title(analysis, out);
    if (!names)
        add_numbered_names(campaign, out);
    for (size_t i = 0; i < campaign->programs.count; i++)
        add_program(analysis, i, width, names, out);
    if (campaign->programs.count > 1)
        add_means(analysis, width, names, out);
    add_process_times(analysis, width, names, out);
    add_counters(analysis, width, names, out);
    add_footnotes(analysis, out);
}
