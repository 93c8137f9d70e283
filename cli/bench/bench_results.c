// What a campaign comes to: the report, the files beside it, and the exit status (bench_data.h).
#include "cli/bench/bench_data.h"
#include "cli/bench/rebench_data.h"
#include "cli/command.h"
#include "cli/report/report.h"
#include "support/characters.h"
#include "support/output_file.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

// Every row must have verified its result, else the figures mean nothing. Ratios to the first
// subject are wanted of a campaign that isn't compared with another one.
static int judge(const Analysis *analysis, bool wants_ratios) {
    const Campaign *campaign = analysis->campaign;
    int status = EXIT_OK;
    for (size_t i = 0; i < campaign->subjects.count * campaign->programs.count; i++) {
        const AnalysisRow *row = &analysis->rows[i];
        const char *name = campaign->subjects.items[row->subject].name;
        const char *where = campaign->programs.count > 1
                                ? arena_printf(campaign->arena, "%s, %s", name,
                                               campaign_short_program(campaign, row->program))
                                : name;
        if (row->verdict == RUN_WRONG)
            status = command_failure("%s: the result is not verified: %s", where, row->reason);
        else if (row->verdict == RUN_UNKNOWN)
            status = command_failure("%s: unverified: %s", where, row->reason);
        else if (row->reason && wants_ratios)
            command_warning("%s: no ratio: %s", where, row->reason);
    }
    return status;
}

// Two campaigns that share nothing, as a folder is called otherwise now, would seem to be all
// right.
static int judge_comparison(const Comparison *comparison) {
    bool is_slower = false, has_common = false;
    for (size_t i = 0; i < comparison->rows.count; i++) {
        const ComparisonRow *row = &comparison->rows.items[i];
        is_slower |= row->difference == DIFFERENCE_SLOWER;
        has_common |= row->old_row && row->new_row;
    }
    if (!has_common)
        return command_failure("nothing is compared: no row of the old campaign has the variant "
                               "and the program of one of the new");
    return is_slower ? EXIT_FAILED : EXIT_OK;
}

// Names come out of files, and a terminal obeys what it is sent.
static void add_visible_lines(Text *lines, Text *out) {
    for (const char *line = text_chars(lines); *line;) {
        size_t length = strcspn(line, "\n");
        text_add_visible(out, line, length);
        text_add(out, "\n");
        line += length + (line[length] == '\n');
    }
    text_free(lines);
}

static void print(const Analysis *analysis, BenchFormat format, Text *out) {
    Text table = {0};
    switch (format) {
    case BENCH_TABLE:
        bench_table(analysis, &table);
        add_visible_lines(&table, out);
        break;
    case BENCH_JSON: bench_json(analysis, out); break;
    case BENCH_CSV: bench_csv(analysis, out); break;
    case BENCH_REBENCH_DATA: rebench_data_print(analysis->campaign, out); break;
    }
}

// ReBench has no words for it.
static void print_comparison(const Comparison *comparison, BenchFormat format, Text *out) {
    Text table = {0};
    switch (format) {
    case BENCH_JSON: bench_comparison_json(comparison, out); break;
    case BENCH_CSV: bench_comparison_csv(comparison, out); break;
    case BENCH_TABLE:
    case BENCH_REBENCH_DATA:
        bench_comparison_table(comparison, &table);
        add_visible_lines(&table, out);
        break;
    }
}

// ---- The page -----------------------------------------------------------------------------------

static const char *counted_program(const Bench *bench) {
    for (size_t i = 0; i < bench->programs.count; i++)
        if (bench->programs.items[i].count_arguments)
            return bench->programs.items[i].count_arguments;
    return NULL;
}

// What commands know of variants is of now, so data of another day go without it.
static bool write_page(Bench *bench, const BenchData *data) {
    ReportExtras extras = {0};
    Text page = {0};
    const ReportHistory *history = data->history ? history_read(bench->arena, data->history) : NULL;
    if (data->is_measured && !bench->was_interrupted) // who interrupts wants an end
        report_gather(bench->arena, bench->campaign, counted_program(bench), &extras);
    bool good = report_html(bench->campaign, data->analysis, &extras, history, &page);
    if (good && !output_file_write(data->html, &page))
        good = !command_failure("can't write %s: %s", data->html, strerror(errno));
    report_extras_free(&extras);
    text_free(&page);
    return good;
}

static bool write_release(const Bench *bench, const BenchData *data) {
    const char *path = history_path(bench->arena, data->history, data->release);
    return history_write(path, bench->campaign, data->analysis, data->release);
}

// A release is a whole campaign.
bool bench_data_write_files(Bench *bench, const BenchData *data) {
    bool has_page = data->html && data->analysis,
         has_release = data->release && data->analysis && !bench->was_interrupted;
    bool good = !has_release || write_release(bench, data);
    return (!has_page || write_page(bench, data)) && good;
}

// ---- All of it ----------------------------------------------------------------------------------

static int end_of_interrupted(const Bench *bench, const BenchData *data) {
    const Campaign *campaign = bench->campaign;
    size_t all =
        campaign->subjects.count * campaign->programs.count * campaign->layouts * campaign->runs;
    command_failure("interrupted after %zu of %zu runs%s", campaign->measured.count, all,
                    data->raw ? ": --resume goes on" : "");
    return 128 + SIGINT;
}

int bench_data_report(Bench *bench, BenchData *data, BenchFormat format, Text *out) {
    const Analysis *analysis = data->analysis = analysis_of(bench->arena, bench->campaign);
    int status = EXIT_OK;
    if (data->compare) {
        const Comparison *comparison =
            analysis_compare(bench->arena, analysis_of(bench->arena, data->old), analysis);
        print_comparison(comparison, format, out);
        status = judge_comparison(comparison);
    } else {
        print(analysis, format, out);
    }
    status |= judge(analysis, data->is_measured || !data->compare);
    return bench->was_interrupted ? end_of_interrupted(bench, data) : status;
}
