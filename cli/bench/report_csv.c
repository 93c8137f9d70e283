// The report of a campaign as CSV (RFC 4180): one line a row, for spreadsheets and R.
#include "cli/bench/bench.h"
#include "support/choice.h"
#include "support/csv_field.h"

#include <stdio.h>

// A number, or nothing where there is none.
static void add_number(Text *out, bool there, const char *format, double number) {
    char text[64] = "";
    if (there)
        snprintf(text, sizeof text, format, number);
    text_addf(out, ",%s", text);
}

static const char *verdict_text(RunVerdict verdict) {
    static const char *const texts[] = {
        [RUN_VERIFIED] = "true", [RUN_UNKNOWN] = "null", [RUN_WRONG] = "false"};
    return texts[verdict];
}

static void add_ratio(const AnalysisRow *row, Text *out) {
    add_number(out, row->has_ratio, "%.6f", row->ratio.median);
    add_number(out, row->has_interval, "%.6f", row->ratio.low);
    add_number(out, row->has_interval, "%.6f", row->ratio.high);
    add_number(out, true, "%.4f", row->has_interval ? row->ratio.confidence : 0);
}

static void add_counts(const CampaignCounts *counts, Text *out) {
    add_number(out, counts->has_reads, "%.6f", counts->frame_reads);
    add_number(out, counts->has_dispatch, "%.6f", counts->dispatch_instructions);
    add_number(out, counts->has_dispatch, "%.6f", counts->dispatch_blocks);
    add_number(out, counts->has_sites, "%.0f", counts->dispatch_sites);
    text_addf(out, ",%s", counts->is_weighted ? "true" : "false");
}

static void add_difference(const Campaign *campaign, const AnalysisRow *row, Text *out) {
    text_addf(out, ",%s",
              row->has_ratio ? choice_at(difference_names, (int)row->difference, campaign->arena)
                             : "");
    add_number(out, row->has_interval, "%.6f", row->chance);
}

static void add_row(const Campaign *campaign, const AnalysisRow *row, Text *out) {
    const CampaignSubject *subject = &campaign->subjects.items[row->subject];
    bool has_median = row->verdict == RUN_VERIFIED && row->processes;
    text_add_csv_field(out, subject->name);
    text_addf(out, ",%s", verdict_text(row->verdict));
    add_number(out, has_median, "%.0f", row->median);
    add_ratio(row, out);
    add_counts(campaign_counts(campaign, row->subject, row->program), out);
    text_add(out, ",");
    text_add_csv_field(out, row->reason ? row->reason : "");
    text_addf(out, ",%zu", campaign->layouts);
    add_number(out, has_median, "%.0f", row->least);
    add_number(out, has_median, "%.0f", row->greatest);
    text_add(out, ",");
    text_add_csv_field(out, campaign->programs.items[row->program]);
    text_addf(out, ",%s", choice_at(subject_kinds, (int)subject->kind, campaign->arena));
    add_difference(campaign, row, out);
    add_number(out, row->wall != RUN_NO_FIGURE, "%.0f", row->wall);
    add_number(out, row->user != RUN_NO_FIGURE, "%.0f", row->user);
    text_addf(out, ",%zu,%zu,%zu,%zu\n", row->processes, row->failures, row->repeated,
              row->outliers);
}

void bench_csv(const Analysis *analysis, Text *out) {
    const Campaign *campaign = analysis->campaign;
    text_add(out, "variant,verified,median_us,ratio,ratio_low,ratio_high,confidence,"
                  "frame_reads_per_bytecode,dispatch_instructions,dispatch_blocks,dispatch_sites,"
                  "dispatch_weighted,reason,layouts,least_us,greatest_us,program,kind,difference,"
                  "chance,wall_us,user_us,runs,failures,repeated,outliers\n");
    for (size_t program = 0; program < campaign->programs.count; program++)
        for (size_t i = 0; i < campaign->subjects.count; i++)
            add_row(campaign, analysis_row(analysis, i, program), out);
}
