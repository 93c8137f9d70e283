// What became of a campaign since an earlier one: a table for people, JSON, CSV.
#include "cli/bench/bench.h"
#include "support/choice.h"
#include "support/csv_field.h"
#include "support/json/json_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// `choice_at` copies: here the names are few, and what is printed is copied anyway.
static void add_verdict(Text *out, Difference difference) {
    const char *at = difference_names;
    for (int i = 0; i < (int)difference; i++)
        at = strchr(at, '|') + 1;
    text_add_bytes(out, at, strcspn(at, "|"));
}

static const char *verdict_of(const ComparisonRow *row, Text *text) {
    text_free(text);
    add_verdict(text, row->difference);
    return text_chars(text);
}

// ---- A table ------------------------------------------------------------------------------------

static int width_of(const Comparison *comparison, bool programs) {
    size_t width = strlen(programs ? "program" : "variant");
    for (size_t i = 0; i < comparison->rows.count; i++) {
        const ComparisonRow *row = &comparison->rows.items[i];
        size_t length = strlen(programs ? row->short_program : row->subject);
        width = length > width ? length : width;
    }
    return (int)width;
}

static void add_median(const AnalysisRow *row, Text *out) {
    if (row && row->processes)
        text_addf(out, "  %9.1f", row->median / 1000);
    else
        text_addf(out, "  %9s", "-");
}

static void add_row(const ComparisonRow *row, int variants, int programs, Text *out) {
    char ratio[32] = "-", interval[64] = "-";
    Text verdict = {0};
    if (row->has_ratio)
        snprintf(ratio, sizeof ratio, "%.3f", row->ratio.median);
    if (row->has_interval)
        snprintf(interval, sizeof interval, "[%.3f, %.3f]", row->ratio.low, row->ratio.high);
    text_addf(out, "%-*s  %-*s", programs, row->short_program, variants, row->subject);
    add_median(row->old_row, out);
    add_median(row->new_row, out);
    text_addf(out, "  %5s  %-14s  %s", ratio, interval, verdict_of(row, &verdict));
    if (row->reason)
        text_addf(out, ": %s", row->reason);
    text_add(out, "\n");
    text_free(&verdict);
}

void bench_comparison_table(const Comparison *comparison, Text *out) {
    int variants = width_of(comparison, false), programs = width_of(comparison, true);
    if (!comparison->same_machine)
        text_add(out, "The machines are not the same: what differs may be theirs.\n\n");
    text_addf(out, "%-*s  %-*s  %9s  %9s  %5s  %-14s  %s\n", programs, "program", variants,
              "variant", "old ms", "new ms", "ratio", "[low, high]", "verdict");
    for (size_t i = 0; i < comparison->rows.count; i++)
        add_row(&comparison->rows.items[i], variants, programs, out);
    // What all rows have in common is more likely the day's than the code's.
    if (comparison->rows.count > 1 && fabs(comparison->shift - 1) > 0.01)
        text_addf(
            out,
            "\nIn the middle of all rows the ratio is %.3f: if most was to stay as it was, that "
            "is the session's part.\n",
            comparison->shift);
}

// ---- JSON and CSV -------------------------------------------------------------------------------

static json_t *median_json(const AnalysisRow *row) {
    return json_real_or_null(row && row->processes, row ? row->median : 0);
}

static json_t *row_json(const ComparisonRow *row) {
    Text verdict = {0};
    bool has = row->has_ratio;
    json_t *data =
        json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "variant",
                  json_text(row->subject), "program", json_text(row->program), "verdict",
                  verdict_of(row, &verdict), "old_us", median_json(row->old_row), "new_us",
                  median_json(row->new_row), "ratio", json_real_or_null(has, row->ratio.median),
                  "ratio_low", json_real_or_null(row->has_interval, row->ratio.low), "ratio_high",
                  json_real_or_null(row->has_interval, row->ratio.high), "chance",
                  json_real_or_null(has, row->chance));
    if (row->reason)
        json_object_set_new(data, "reason", json_text(row->reason));
    text_free(&verdict);
    return data;
}

void bench_comparison_json(const Comparison *comparison, Text *out) {
    json_t *rows = json_array();
    for (size_t i = 0; i < comparison->rows.count; i++)
        json_array_append_new(rows, row_json(&comparison->rows.items[i]));
    json_t *all = json_pack("{s:b, s:f, s:o}", "same_machine", comparison->same_machine, "shift",
                            comparison->shift, "rows", rows);
    json_text_print(all, out);
    json_decref(all);
}

// A number, or nothing where there is none.
static void add_figure(bool there, double figure, Text *out) {
    text_add(out, ",");
    if (there)
        text_addf(out, "%.6f", figure);
}

void bench_comparison_csv(const Comparison *comparison, Text *out) {
    text_add(out, "variant,program,verdict,ratio,ratio_low,ratio_high,chance,reason\n");
    for (size_t i = 0; i < comparison->rows.count; i++) {
        const ComparisonRow *row = &comparison->rows.items[i];
        text_add_csv_field(out, row->subject);
        text_add(out, ",");
        text_add_csv_field(out, row->program);
        text_add(out, ",");
        add_verdict(out, row->difference);
        add_figure(row->has_ratio, row->ratio.median, out);
        add_figure(row->has_interval, row->ratio.low, out);
        add_figure(row->has_interval, row->ratio.high, out);
        add_figure(row->has_ratio, row->chance, out);
        text_add(out, ",");
        text_add_csv_field(out, row->reason ? row->reason : "");
        text_add(out, "\n");
    }
}
