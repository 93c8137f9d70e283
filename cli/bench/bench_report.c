// The reporting part of `loopwright bench`: the same rows as a table, JSON and CSV. What a
// figure rests on stands beside it (how many runs, which interval, whether bytecodes are
// weighted), and a figure that doesn't exist is shown as missing, never as 0.
#include "cli/bench/bench.h"
#include "cli/emitter.h"
#include "support/csv_field.h"
#include "support/json/json_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The machine's name: the processor's model and the number of cores. Virtual machines often call
// their processor by its maker alone, so family and model are said, too.
static const char *machine_text(Arena *arena) {
    Text text = {0};
    const char *model = "unknown processor";
    if (text_read_file(&text, "/proc/cpuinfo")) {
        const char *line = strstr(text_chars(&text), "model name");
        const char *colon = line ? strchr(line, ':') : NULL;
        if (colon)
            model = arena_strndup(arena, colon + 2, strcspn(colon + 2, "\n"));
        const char *family = strstr(text_chars(&text), "cpu family"),
                   *number = strstr(text_chars(&text), "model\t");
        family = family ? strchr(family, ':') : NULL;
        number = number ? strchr(number, ':') : NULL;
        if (family && number)
            model = arena_printf(arena, "%s (family %.*s, model %.*s)", model,
                                 (int)strcspn(family + 2, "\n"), family + 2,
                                 (int)strcspn(number + 2, "\n"), number + 2);
    }
    text_free(&text);
    return arena_printf(arena, "%s, %ld cores", model, sysconf(_SC_NPROCESSORS_ONLN));
}

static const char *program_text(const Bench *bench) {
    Text text = {0};
    for (size_t i = 0; i < bench->program_count; i++)
        text_addf(&text, "%s%s", i ? " " : "", bench->program[i]);
    const char *copy = arena_strdup(bench->arena, text_chars(&text));
    text_free(&text);
    return copy;
}

// The version that the row got, which is known only here if none was asked for.
static int llvm_of(const Bench *bench, const BenchRow *row) {
    return emitter_helper(&row->variant, bench->arena).version;
}

// Does a number of runs tell anything of the interval?
static bool has_interval(const BenchRow *row) {
    return row->has_ratio && row->ratio.confidence > 0;
}

// ---- A table ----------------------------------------------------------------------------

// What the figures rest on: how many runs, in how many placements.
static void add_basis(const Bench *bench, Text *out) {
    const BenchRow *first = &bench->rows.items[0];
    bool is_several = bench->layouts > 1;
    if (is_several)
        text_addf(out, "%zu placements, ", bench->layouts);
    if (bench->runs > 1)
        text_addf(out, "%zu interleaved runs%s", bench->runs, is_several ? " each" : "");
    else
        text_addf(out, "one run%s", is_several ? " each" : ", which tells no interval");
    if (has_interval(first))
        text_addf(out, "; [interval of %.0f %%%s]", first->ratio.confidence * 100,
                  is_several ? " over placements" : "");
}

static void add_title(const Bench *bench, Text *out) {
    text_addf(out, "%s\n%s; LLVM %d\n", program_text(bench), machine_text(bench->arena),
              llvm_of(bench, &bench->rows.items[0]));
    add_basis(bench, out);
    text_add(out, "\n\n");
}

static void add_dispatch(const BenchRow *row, Text *out) {
    if (row->has_dispatch)
        text_addf(out, "  %12.2f  %6.2f", row->dispatch_instructions, row->dispatch_blocks);
    else
        text_addf(out, "  %12s  %6s", "-", "-");
    if (row->is_control)
        text_addf(out, "  %5s", "-");
    else
        text_addf(out, "  %5d", row->dispatch_sites);
}

// What a reader of the row must not overlook.
static void add_remark(const BenchRow *row, Text *out) {
    if (row->verdict == BENCH_WRONG)
        text_add(out, "  NOT VERIFIED");
    else if (row->verdict == BENCH_UNKNOWN)
        text_addf(out, "  unverified: %s", row->reason);
    else if (row->reason)
        text_addf(out, "  no ratio: %s", row->reason);
}

// A table is this wide, and not wider, unless a remark is.
enum { TABLE_WIDTH = 100, FIGURES_WIDTH = 76, LAYOUTS_WIDTH = 18 };

// How wide the column of names is. 0: the names don't fit, and rows have numbers instead.
static int name_width(const Bench *bench) {
    size_t width = strlen("variant");
    for (size_t i = 0; i < bench->rows.count; i++)
        if (strlen(bench->rows.items[i].name) > width)
            width = strlen(bench->rows.items[i].name);
    size_t left = TABLE_WIDTH - FIGURES_WIDTH - (bench->layouts > 1 ? LAYOUTS_WIDTH : 0);
    return width <= left ? (int)width : 0;
}

static void add_numbered_names(const Bench *bench, Text *out) {
    for (size_t i = 0; i < bench->rows.count; i++)
        text_addf(out, "%3zu  %s\n", i + 1, bench->rows.items[i].name);
    text_add(out, "\n");
}

static void add_heads(const Bench *bench, int width, const char *name, Text *out) {
    text_addf(out, "%-*s  %9s", width, name, "median ms");
    if (bench->layouts > 1)
        text_addf(out, "  %-16s", "[least, most]");
    text_addf(out, "  %5s  %-14s  %11s  %12s%s\n", "ratio", "[low, high]", "frame reads",
              "dispatch", bench->count_arguments ? "" : ", unweighted");
    text_addf(out, "%-*s  %9s", width, "", "");
    if (bench->layouts > 1)
        text_addf(out, "  %-16s", "of placements");
    text_addf(out, "  %5s  %-14s  %11s  %12s  %6s  %5s\n", "", "", "/ bytecode", "instructions",
              "blocks", "sites");
}

static void add_figures(const Bench *bench, const BenchRow *row, Text *out) {
    char median[32] = "-", ratio[32] = "-", reads[32] = "-", interval[64] = "-", spread[64] = "-";
    if (row->verdict == BENCH_VERIFIED) {
        snprintf(median, sizeof median, "%.1f", row->median / 1000);
        snprintf(spread, sizeof spread, "[%.1f, %.1f]", row->least / 1000, row->greatest / 1000);
    }
    if (row->has_ratio)
        snprintf(ratio, sizeof ratio, "%.3f", row->ratio.median);
    if (has_interval(row))
        snprintf(interval, sizeof interval, "[%.3f, %.3f]", row->ratio.low, row->ratio.high);
    if (row->has_reads)
        snprintf(reads, sizeof reads, "%.2f", row->frame_reads);
    text_addf(out, "  %9s", median);
    if (bench->layouts > 1)
        text_addf(out, "  %-16s", spread);
    text_addf(out, "  %5s  %-14s  %11s", ratio, interval, reads);
}

void bench_table(const Bench *bench, Text *out) {
    int names = name_width(bench), width = names ? names : 3;
    add_title(bench, out);
    if (!names)
        add_numbered_names(bench, out);
    add_heads(bench, width, names ? "variant" : "", out);
    for (size_t i = 0; i < bench->rows.count; i++) {
        const BenchRow *row = &bench->rows.items[i];
        if (names)
            text_addf(out, "%-*s", width, row->name);
        else
            text_addf(out, "%*zu", width, i + 1);
        add_figures(bench, row, out);
        add_dispatch(row, out);
        add_remark(row, out);
        text_add(out, "\n");
    }
}

// ---- JSON -------------------------------------------------------------------------------

static json_t *real_or_null(bool there, double number) {
    return there ? json_real(number) : json_null();
}

// true, false, or null where there is no known result.
static json_t *verdict_json(const BenchRow *row) {
    return row->verdict == BENCH_UNKNOWN ? json_null()
                                         : json_boolean(row->verdict == BENCH_VERIFIED);
}

// A run without a time is null and not left out: the n-th time of every row is of the same round.
static json_t *times_json(const BenchPlacement *placement) {
    json_t *times = json_array();
    for (size_t run = 0; run < placement->time_count; run++)
        json_array_append_new(times,
                              real_or_null(placement->times[run] >= 0, placement->times[run]));
    return times;
}

// All of the row's runs, a placement after the other.
static json_t *all_times_json(const Bench *bench, const BenchRow *row) {
    json_t *times = json_array();
    for (size_t i = 0; i < bench->layouts; i++) {
        json_t *those = times_json(&row->placements[i]);
        json_array_extend(times, those);
        json_decref(those);
    }
    return times;
}

static json_t *layouts_json(const Bench *bench, const BenchRow *row) {
    json_t *layouts = json_array();
    for (size_t i = 0; i < bench->layouts; i++) {
        const BenchPlacement *placement = &row->placements[i];
        json_array_append_new(
            layouts, json_pack("{s:I, s:o, s:o, s:o}", "placement", (json_int_t)i, "median_us",
                               real_or_null(row->verdict == BENCH_VERIFIED, placement->median),
                               "ratio", real_or_null(row->has_ratio, placement->ratio), "times_us",
                               times_json(placement)));
    }
    return layouts;
}

static json_t *row_json(const Bench *bench, const BenchRow *row) {
    bool ratio = row->has_ratio, interval = has_interval(row), control = row->is_control;
    json_t *data = json_pack(
        "{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:f, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:s?}",
        "variant", json_text(row->name), "program", json_text(program_text(bench)), "kind",
        control ? "control" : "variant", "verified", verdict_json(row), "median_us",
        real_or_null(row->verdict == BENCH_VERIFIED, row->median), "ratio",
        real_or_null(ratio, row->ratio.median), "ratio_low", real_or_null(interval, row->ratio.low),
        "ratio_high", real_or_null(interval, row->ratio.high), "confidence", row->ratio.confidence,
        "llvm", control ? json_null() : json_integer(llvm_of(bench, row)), "times_us",
        all_times_json(bench, row), "dispatch_instructions",
        real_or_null(row->has_dispatch, row->dispatch_instructions), "dispatch_blocks",
        real_or_null(row->has_dispatch, row->dispatch_blocks), "dispatch_weighted",
        bench->count_arguments != NULL, "dispatch_sites",
        control ? json_null() : json_integer(row->dispatch_sites), "frame_reads_per_bytecode",
        real_or_null(row->has_reads, row->frame_reads), "code_hash", row->code_hash);
    if (control)
        json_object_set_new(data, "compiler", json_text(row->compiler));
    if (bench->layouts > 1)
        json_object_set_new(data, "layouts", layouts_json(bench, row));
    if (row->reason)
        json_object_set_new(data, "reason", json_text(row->reason));
    return data;
}

void bench_json(const Bench *bench, Text *out) {
    json_t *rows = json_array();
    for (size_t i = 0; i < bench->rows.count; i++)
        json_array_append_new(rows, row_json(bench, &bench->rows.items[i]));
    const char *counted = bench->count_arguments;
    json_t *all = json_pack(
        "{s:o, s:o, s:I, s:I, s:o, s:o}", "machine", json_text(machine_text(bench->arena)),
        "program", json_text(program_text(bench)), "runs", (json_int_t)bench->runs, "layouts",
        (json_int_t)bench->layouts, "count_args", json_text(counted), "rows", rows);
    json_text_print(all, out);
    json_decref(all);
}

// ---- CSV --------------------------------------------------------------------------------

// A number, or nothing where there is none.
static void add_number(Text *out, bool there, const char *format, double number) {
    char text[64] = "";
    if (there)
        snprintf(text, sizeof text, format, number);
    text_addf(out, ",%s", text);
}

void bench_csv(const Bench *bench, Text *out) {
    static const char *const verdicts[] = {
        [BENCH_VERIFIED] = "true", [BENCH_UNKNOWN] = "null", [BENCH_WRONG] = "false"};
    text_add(out, "variant,verified,median_us,ratio,ratio_low,ratio_high,confidence,"
                  "frame_reads_per_bytecode,dispatch_instructions,dispatch_blocks,dispatch_sites,"
                  "dispatch_weighted,reason,layouts,least_us,greatest_us\n");
    for (size_t i = 0; i < bench->rows.count; i++) {
        const BenchRow *row = &bench->rows.items[i];
        text_add_csv_field(out, row->name);
        text_addf(out, ",%s", verdicts[row->verdict]);
        add_number(out, row->verdict == BENCH_VERIFIED, "%.0f", row->median);
        add_number(out, row->has_ratio, "%.6f", row->ratio.median);
        add_number(out, has_interval(row), "%.6f", row->ratio.low);
        add_number(out, has_interval(row), "%.6f", row->ratio.high);
        add_number(out, true, "%.4f", row->ratio.confidence);
        add_number(out, row->has_reads, "%.6f", row->frame_reads);
        add_number(out, row->has_dispatch, "%.6f", row->dispatch_instructions);
        add_number(out, row->has_dispatch, "%.6f", row->dispatch_blocks);
        add_number(out, !row->is_control, "%.0f", row->dispatch_sites);
        text_addf(out, ",%s,", bench->count_arguments ? "true" : "false");
        text_add_csv_field(out, row->reason ? row->reason : "");
        text_addf(out, ",%zu", bench->layouts);
        add_number(out, row->verdict == BENCH_VERIFIED, "%.0f", row->least);
        add_number(out, row->verdict == BENCH_VERIFIED, "%.0f", row->greatest);
        text_add(out, "\n");
    }
}
