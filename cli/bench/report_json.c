// The report of a campaign as JSON: an object a row, with the times of each run, so that whoever
// reads it can compute what we didn't think of. docs/measuring.md names the keys.
#include "cli/bench/bench.h"
#include "cli/bench/machine.h"
#include "cli/bench/raw_file.h"
#include "support/choice.h"
#include "support/json/json_text.h"

#include <stdio.h>

static json_t *figure(double number) {
    return json_real_or_null(number != RUN_NO_FIGURE, number);
}

// ---- Times --------------------------------------------------------------------------------------

// The time of a run; RUN_NO_FIGURE: there is none.
static double time_of(const Campaign *campaign, const AnalysisRow *row, size_t placement,
                      size_t run) {
    for (size_t i = 0; i < campaign->measured.count; i++) {
        const CampaignRun *each = &campaign->measured.items[i];
        if (each->subject == row->subject && each->program == row->program &&
            (size_t)each->placement == placement && (size_t)each->run == run)
            return each->microseconds;
    }
    return RUN_NO_FIGURE;
}

// A run without a time is null and not left out: the n-th time of every row is of the same round.
static void add_times(const Campaign *campaign, const AnalysisRow *row, size_t placement,
                      json_t *times) {
    for (size_t run = 0; run < campaign->runs; run++)
        json_array_append_new(times, figure(time_of(campaign, row, placement, run)));
}

// The median of the times, and of their ratios to the first subject's, run by run.
static void add_medians(const Campaign *campaign, const AnalysisRow *row, size_t placement,
                        json_t *layout) {
    const AnalysisRow first = {.program = row->program};
    double *times = ARENA_ARRAY(campaign->arena, double, campaign->runs),
           *ratios = ARENA_ARRAY(campaign->arena, double, campaign->runs);
    size_t time_count = 0, ratio_count = 0;
    for (size_t run = 0; run < campaign->runs; run++) {
        double time = time_of(campaign, row, placement, run),
               base = time_of(campaign, &first, placement, run);
        if (time != RUN_NO_FIGURE)
            times[time_count++] = time;
        if (time > 0 && base > 0)
            ratios[ratio_count++] = time / base;
    }
    bool has_ratio = row->has_ratio && ratio_count;
    json_object_set_new(layout, "median_us",
                        time_count ? json_real(statistics_median(times, time_count)) : json_null());
    json_object_set_new(layout, "ratio",
                        has_ratio ? json_real(statistics_median(ratios, ratio_count))
                                  : json_null());
}

static json_t *layouts_json(const Campaign *campaign, const AnalysisRow *row) {
    json_t *layouts = json_array();
    for (size_t i = 0; i < campaign->layouts; i++) {
        json_t *layout = json_object(), *times = json_array();
        json_object_set_new(layout, "placement", json_integer((json_int_t)i));
        add_medians(campaign, row, i, layout);
        add_times(campaign, row, i, times);
        json_object_set_new(layout, "times_us", times);
        json_array_append_new(layouts, layout);
    }
    return layouts;
}

// ---- Rows ---------------------------------------------------------------------------------------

static void add_ratio(const Campaign *campaign, const AnalysisRow *row, json_t *data) {
    bool interval = row->has_interval;
    json_object_set_new(data, "ratio", json_real_or_null(row->has_ratio, row->ratio.median));
    json_object_set_new(data, "ratio_low", json_real_or_null(interval, row->ratio.low));
    json_object_set_new(data, "ratio_high", json_real_or_null(interval, row->ratio.high));
    json_object_set_new(data, "confidence", json_real(interval ? row->ratio.confidence : 0));
    json_object_set_new(
        data, "difference",
        row->has_ratio
            ? json_string(choice_at(difference_names, (int)row->difference, campaign->arena))
            : json_null());
    json_object_set_new(data, "chance", json_real_or_null(interval, row->chance));
}

static void add_counts(const CampaignCounts *counts, json_t *data) {
    json_object_set_new(data, "dispatch_instructions",
                        json_real_or_null(counts->has_dispatch, counts->dispatch_instructions));
    json_object_set_new(data, "dispatch_blocks",
                        json_real_or_null(counts->has_dispatch, counts->dispatch_blocks));
    json_object_set_new(data, "dispatch_weighted", json_boolean(counts->is_weighted));
    json_object_set_new(data, "dispatch_sites",
                        counts->has_sites ? json_integer(counts->dispatch_sites) : json_null());
    json_object_set_new(data, "frame_reads_per_bytecode",
                        json_real_or_null(counts->has_reads, counts->frame_reads));
    json_object_set_new(data, "bytecodes",
                        json_real_or_null(counts->has_executed, counts->bytecodes));
    json_object_set_new(data, "dispatches",
                        json_real_or_null(counts->has_executed, counts->dispatches));
}

static void add_process(const AnalysisRow *row, json_t *data) {
    json_object_set_new(data, "wall_us", figure(row->wall));
    json_object_set_new(data, "user_us", figure(row->user));
    json_object_set_new(data, "first_iteration", figure(row->first_iteration));
    json_object_set_new(data, "runs", json_integer((json_int_t)row->processes));
    json_object_set_new(data, "failures", json_integer((json_int_t)row->failures));
    json_object_set_new(data, "repeated", json_integer((json_int_t)row->repeated));
    json_object_set_new(data, "outliers", json_integer((json_int_t)row->outliers));
}

// What made it; of a variant the number of its LLVM, too.
static void add_maker(const CampaignSubject *subject, json_t *data) {
    int version;
    bool is_llvm = subject->made_by && sscanf(subject->made_by, "LLVM %d", &version) == 1;
    json_object_set_new(data, "made_by", json_text(subject->made_by));
    json_object_set_new(data, "llvm", is_llvm ? json_integer(version) : json_null());
    json_object_set_new(data, "code_hash", json_text(subject->code_hash));
    if (subject->kind == SUBJECT_CONTROL)
        json_object_set_new(data, "compiler", json_text(subject->made_by));
    if (subject->command)
        json_object_set_new(data, "command", json_text(subject->command));
}

static json_t *row_json(const Campaign *campaign, const AnalysisRow *row) {
    const CampaignSubject *subject = &campaign->subjects.items[row->subject],
                          *twin = campaign_twin(campaign, row->subject);
    bool verified = row->verdict == RUN_VERIFIED;
    json_t *times = json_array();
    for (size_t i = 0; i < campaign->layouts; i++)
        add_times(campaign, row, i, times);
    json_t *data = json_pack("{s:o, s:o, s:s, s:o, s:o}", "variant", json_text(subject->name),
                             "program", json_text(campaign->programs.items[row->program]), "kind",
                             choice_at(subject_kinds, (int)subject->kind, campaign->arena),
                             "verified", raw_file_verdict(row->verdict), "median_us",
                             json_real_or_null(verified && row->processes, row->median));
    add_ratio(campaign, row, data);
    json_object_set_new(data, "times_us", times);
    add_counts(campaign_counts(campaign, row->subject, row->program), data);
    add_maker(subject, data);
    json_object_set_new(data, "same_code_as", json_text(twin ? twin->name : NULL));
    add_process(row, data);
    if (campaign->layouts > 1)
        json_object_set_new(data, "layouts", layouts_json(campaign, row));
    if (row->reason)
        json_object_set_new(data, "reason", json_text(row->reason));
    return data;
}

static json_t *means_json(const Analysis *analysis) {
    const Campaign *campaign = analysis->campaign;
    json_t *means = json_array();
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        const CampaignSubject *subject = &campaign->subjects.items[i];
        json_t *data = json_pack("{s:o, s:s}", "variant", json_text(subject->name), "kind",
                                 choice_at(subject_kinds, (int)subject->kind, campaign->arena));
        add_ratio(campaign, &analysis->means[i], data);
        json_array_append_new(means, data);
    }
    return means;
}

static json_t *programs_json(const Campaign *campaign) {
    json_t *programs = json_array();
    for (size_t i = 0; i < campaign->programs.count; i++)
        json_array_append_new(programs, json_text(campaign->programs.items[i]));
    return programs;
}

void bench_json(const Analysis *analysis, Text *out) {
    const Campaign *campaign = analysis->campaign;
    json_t *rows = json_array();
    for (size_t program = 0; program < campaign->programs.count; program++)
        for (size_t i = 0; i < campaign->subjects.count; i++)
            json_array_append_new(rows, row_json(campaign, analysis_row(analysis, i, program)));
    json_t *all = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:f, s:I, s:o, s:o}", "machine",
        json_text(machine_name(campaign->arena, &campaign->machine)), "date",
        json_text(campaign->date), "programs", programs_json(campaign), "program",
        json_text(campaign->programs.items[0]), "clock", json_text(campaign->clock), "runs",
        (json_int_t)campaign->runs, "layouts", (json_int_t)campaign->layouts, "count_args",
        json_text(campaign->count_arguments), "noise", analysis->noise, "wanted_runs",
        (json_int_t)analysis->wanted_runs, "rows", rows, "means", means_json(analysis));
    json_text_print(all, out);
    json_decref(all);
}
