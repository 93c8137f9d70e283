// The reporting part of `loopwright bench`: the same rows as a table, JSON and CSV.
#include "cli/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *bench_machine(Arena *arena) {
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

// The LLVM of a row, from its helper's name.
static int llvm_of(const Bench *bench, const BenchRow *row) {
    const char *helper = emitter_helper(&row->variant, bench->arena);
    const char *dash = helper ? strrchr(helper, '-') : NULL;
    int version = 0;
    if (dash)
        sscanf(dash, "-%d", &version);
    return version;
}

// Does a number of runs tell anything of the interval?
static bool has_interval(const BenchRow *row) {
    return row->ratio.confidence > 0;
}

// Times of rows that aren't verified are no times, and neither is a ratio to them.
static bool has_ratio(const Bench *bench, const BenchRow *row) {
    return row->verified && bench->rows.items[0].verified;
}

void bench_table(const Bench *bench, Text *out) {
    size_t width = strlen("variant");
    for (size_t i = 0; i < bench->rows.count; i++)
        if (strlen(bench->rows.items[i].name) > width)
            width = strlen(bench->rows.items[i].name);
    const BenchRow *first = &bench->rows.items[0];
    text_addf(out, "%s\n%s; LLVM %d; ", program_text(bench), bench_machine(bench->arena),
              llvm_of(bench, first));
    if (has_interval(first))
        text_addf(out, "%zu interleaved runs; [interval of %.0f %%]\n\n", bench->runs,
                  first->ratio.confidence * 100);
    else
        text_add(out, "one run, which tells no interval\n\n");
    text_addf(out, "%-*s  %9s  %5s  %-14s  %11s  %12s  %6s  %5s\n", (int)width, "variant",
              "median ms", "ratio", "[low, high]", "frame reads", "dispatch", "", "");
    text_addf(out, "%-*s  %9s  %5s  %-14s  %11s  %12s  %6s  %5s\n", (int)width, "", "", "", "",
              "/ bytecode", "instructions", "blocks", "sites");
    for (size_t i = 0; i < bench->rows.count; i++) {
        const BenchRow *row = &bench->rows.items[i];
        char median[32] = "-", ratio[32] = "-", reads[32] = "-", interval[64] = "-";
        if (row->verified)
            snprintf(median, sizeof median, "%.1f", row->median / 1000);
        if (has_ratio(bench, row)) {
            snprintf(ratio, sizeof ratio, "%.3f", row->ratio.median);
        }
        if (has_ratio(bench, row) && has_interval(row))
            snprintf(interval, sizeof interval, "[%.3f, %.3f]", row->ratio.low, row->ratio.high);
        if (row->has_reads)
            snprintf(reads, sizeof reads, "%.2f", row->frame_reads);
        text_addf(out, "%-*s  %9s  %5s  %-14s  %11s  %12.2f  %6.2f  %5d%s\n", (int)width, row->name,
                  median, ratio, interval, reads, row->dispatch_instructions, row->dispatch_blocks,
                  row->dispatch_sites, row->verified ? "" : "  NOT VERIFIED");
    }
}

// What came from the command line or a program need not be the UTF-8 that JSON wants.
static json_t *json_bytes(Arena *arena, const char *bytes) {
    json_t *string = json_string(bytes);
    if (string)
        return string;
    char *copy = arena_strdup(arena, bytes);
    for (char *each = copy; *each; each++)
        if (*each & 0x80)
            *each = '?';
    return json_string(copy);
}

static json_t *real_or_null(bool there, double number) {
    return there ? json_real(number) : json_null();
}

void bench_json(const Bench *bench, Text *out) {
    json_t *rows = json_array();
    for (size_t i = 0; i < bench->rows.count; i++) {
        const BenchRow *row = &bench->rows.items[i];
        json_t *times = json_array();
        for (size_t run = 0; run < row->time_count; run++)
            json_array_append_new(times, real_or_null(row->times[run] > 0, row->times[run]));
        bool ratio = has_ratio(bench, row), interval = ratio && has_interval(row);
        json_t *data =
            json_pack("{s:o, s:b, s:o, s:o, s:o, s:o, s:f, s:i, s:o, s:f, s:f, s:i, s:o, s:s}",
                      "variant", json_bytes(bench->arena, row->name), "verified", row->verified,
                      "median_us", real_or_null(row->verified, row->median), "ratio",
                      real_or_null(ratio, row->ratio.median), "ratio_low",
                      real_or_null(interval, row->ratio.low), "ratio_high",
                      real_or_null(interval, row->ratio.high), "confidence", row->ratio.confidence,
                      "llvm", llvm_of(bench, row), "times_us", times, "dispatch_instructions",
                      row->dispatch_instructions, "dispatch_blocks", row->dispatch_blocks,
                      "dispatch_sites", row->dispatch_sites, "frame_reads_per_bytecode",
                      real_or_null(row->has_reads, row->frame_reads), "code_hash", row->code_hash);
        if (!row->verified)
            json_object_set_new(data, "problem", json_bytes(bench->arena, row->problem));
        json_array_append_new(rows, data);
    }
    const char *counted = bench->count_arguments;
    json_t *all = json_pack(
        "{s:o, s:o, s:I, s:o, s:o}", "machine",
        json_bytes(bench->arena, bench_machine(bench->arena)), "program",
        json_bytes(bench->arena, program_text(bench)), "runs", (json_int_t)bench->runs,
        "count_args", counted ? json_bytes(bench->arena, counted) : json_null(), "rows", rows);
    char *text = json_dumps(all, JSON_INDENT(2));
    text_addf(out, "%s\n", text);
    free(text);
    json_decref(all);
}

// In quotes, its own doubled (RFC 4180).
static void add_field(Text *out, const char *field) {
    text_add(out, "\"");
    for (; *field; field++)
        text_add(out, *field == '"' ? "\"\"" : (char[]){*field, '\0'});
    text_add(out, "\"");
}

void bench_csv(const Bench *bench, Text *out) {
    text_add(out,
             "variant,verified,median_us,ratio,ratio_low,ratio_high,confidence,"
             "frame_reads_per_bytecode,dispatch_instructions,dispatch_blocks,dispatch_sites\n");
    for (size_t i = 0; i < bench->rows.count; i++) {
        const BenchRow *row = &bench->rows.items[i];
        add_field(out, row->name);
        text_addf(out, ",%s,", row->verified ? "true" : "false");
        if (row->verified)
            text_addf(out, "%.0f", row->median);
        text_add(out, ",");
        if (has_ratio(bench, row))
            text_addf(out, "%.6f", row->ratio.median);
        if (has_ratio(bench, row) && has_interval(row))
            text_addf(out, ",%.6f,%.6f", row->ratio.low, row->ratio.high);
        else
            text_add(out, ",,");
        text_addf(out, ",%.4f,", row->ratio.confidence);
        if (row->has_reads)
            text_addf(out, "%.6f", row->frame_reads);
        text_addf(out, ",%.6f,%.6f,%d\n", row->dispatch_instructions, row->dispatch_blocks,
                  row->dispatch_sites);
    }
}
