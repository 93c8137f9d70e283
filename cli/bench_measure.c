// The measuring part of `loopwright bench`: emits, disassembles, counts, and runs.
// Runs are interleaved, so that what disturbs the machine disturbs all rows alike.
#include "cli/bench.h"
#include "cli/command.h"
#include "cli/interruption.h"
#include "cli/process.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// ---- Progress ---------------------------------------------------------------------------

// Says on stderr what is going on once the work has taken more than two seconds.
static void progress(const char *what, size_t done, size_t all) {
    static _Thread_local time_t begun;
    if (!begun)
        begun = time(NULL);
    if (time(NULL) - begun < 2 || !isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r\033[K%s %zu of %zu%s", what, done, all, done == all ? "\r\033[K" : "");
    fflush(stderr);
}

// ---- Emitting and reading the object ----------------------------------------------------

static bool emit_row(Bench *bench, BenchRow *row) {
    IrModule *module = variant_module(&row->variant, bench->arena, NULL, false, NULL);
    return module && emitter_cached(&row->variant, bench->arena, module, &row->emitted);
}

// Starts ourselves: the evaluator runs in a process of its own, as every interpreter does.
static bool count_row(Bench *bench, BenchRow *row, const char *counts_path) {
    Arena *arena = bench->arena;
    ARENA_VECTOR(char *) argv = {0};
    ARENA_PUSH(arena, &argv, arena_printf(arena, "%s/loopwright", process_own_folder()));
    ARENA_PUSH(arena, &argv, "run");
    ARENA_PUSH(arena, &argv, "--engine=eval");
    ARENA_PUSH(arena, &argv, arena_printf(arena, "--counts=%s", counts_path));
    char *rest = arena_strdup(arena, row->name);
    for (char *word; (word = strtok_r(rest, " \t\n", &rest));)
        ARENA_PUSH(arena, &argv, word);
    if (strcmp(bench->program[0], "-cp") == 0) {
        ARENA_PUSH(arena, &argv, bench->program[0]);
        ARENA_PUSH(arena, &argv, bench->program[1]);
    }
    rest = arena_strdup(arena, bench->count_arguments);
    for (char *word; (word = strtok_r(rest, " \t\n", &rest));)
        ARENA_PUSH(arena, &argv, word);
    ARENA_PUSH(arena, &argv, NULL);
    Text output = {0};
    int status = process_run(argv.items, &output, &output);
    if (status != 0)
        command_failure("counting %s (%s) failed: %s", row->name, bench->count_arguments,
                        status < 0 ? strerror(errno) : text_chars(&output));
    text_free(&output);
    return status == 0;
}

// Takes the figure `key` out of a JSON file or text; complains if it isn't there.
static bool figure(const json_t *data, const char *key, double *number) {
    json_t *value = json_object_get(data, key);
    if (!json_is_number(value)) {
        command_failure("the figure '%s' is missing", key);
        return false;
    }
    *number = json_number_value(value);
    return true;
}

static bool read_dispatch(Bench *bench, BenchRow *row, const char *counts_path) {
    const char *helper = emitter_helper(&row->variant, bench->arena);
    if (!helper)
        return false;
    char *counts = counts_path ? arena_printf(bench->arena, "--counts=%s", counts_path) : NULL;
    char *argv[] = {(char *)helper, "dispatch", "--json", (char *)row->emitted.object,
                    counts,         NULL};
    Text output = {0};
    int status = process_run(argv, &output, NULL);
    json_t *data = status == 0 ? json_loads(text_chars(&output), 0, NULL) : NULL;
    double sites = 0;
    bool good = data && figure(data, "dispatch_instructions", &row->dispatch_instructions) &&
                figure(data, "dispatch_blocks", &row->dispatch_blocks) &&
                figure(data, "dispatch_sites", &sites);
    const char *hash = data ? json_string_value(json_object_get(data, "code_hash")) : NULL;
    row->code_hash = hash ? arena_strdup(bench->arena, hash) : "";
    row->dispatch_sites = (int)sites;
    row->has_dispatch = good;
    if (!data)
        command_failure("the dispatch path of %s can't be read", row->emitted.object);
    json_decref(data);
    text_free(&output);
    return good;
}

static bool read_figures(Bench *bench, BenchRow *row) {
    if (!bench->count_arguments)
        return read_dispatch(bench, row, NULL);
    const char *folder = temporary_folder(bench->arena);
    const char *path = temporary_file(
        bench->arena, arena_printf(bench->arena, "%s/loopwright-counts.", folder), "");
    if (!path) {
        command_failure("can't write to %s: %s", folder, strerror(errno));
        return false;
    }
    bool good = count_row(bench, row, path);
    json_t *counts = good ? json_load_file(path, 0, NULL) : NULL;
    good = counts && figure(counts, "frame_reads_per_bytecode", &row->frame_reads) &&
           read_dispatch(bench, row, path);
    row->has_reads = good;
    json_decref(counts);
    temporary_remove(path);
    return good;
}

// The row's twin with LLVM's tail duplication on, if that makes other machine code.
static bool add_twin(Bench *bench, size_t index) {
    BenchRow twin = bench->rows.items[index];
    if (strcmp(twin.variant.tail_dup, "on") == 0)
        return true;
    twin.name = arena_printf(bench->arena, "%s --llvm-tail-dup=on", twin.name);
    twin.variant.tail_dup = "on";
    if (!emit_row(bench, &twin) || !read_figures(bench, &twin))
        return false;
    if (strcmp(twin.code_hash, bench->rows.items[index].code_hash) != 0)
        ARENA_PUSH(bench->arena, &bench->rows, twin);
    return true;
}

bool bench_prepare(Bench *bench) {
    size_t given = bench->rows.count;
    for (size_t i = 0; i < given; i++) {
        BenchRow *row = &bench->rows.items[i];
        if (!emit_row(bench, row) || !read_figures(bench, row))
            return false;
        progress("emitted", i + 1, given);
    }
    for (size_t i = 0; bench->with_tail_dup && i < given; i++)
        if (!add_twin(bench, i))
            return false;
    return true;
}

// ---- Running ------------------------------------------------------------------------------

// The median of the times in lines `NAME: iterations=1 runtime: Nus`; 0 if there is none.
static double parse_times(Arena *arena, const char *output) {
    static const char mark[] = ": iterations=1 runtime: ";
    ARENA_VECTOR(double) times = {0};
    for (const char *at = output; (at = strstr(at, mark));) {
        at += sizeof mark - 1;
        char *end;
        double time = strtod(at, &end);
        if (end > at && strncmp(end, "us", 2) == 0)
            ARENA_PUSH(arena, &times, time);
    }
    return times.count ? statistics_median(times.items, times.count) : 0;
}

static const char *last_line(Arena *arena, const char *text) {
    size_t length = strlen(text);
    while (length && text[length - 1] == '\n')
        length--;
    size_t begin = length;
    while (begin && text[begin - 1] != '\n')
        begin--;
    return arena_strndup(arena, text + begin, length - begin);
}

// Why a run counts for nothing, with the last that it had to say.
static const char *problem(Arena *arena, int status, const Text *output, const Text *errors) {
    const char *said = last_line(arena, text_chars(errors->length ? errors : output));
    const char *between = *said ? ": " : "";
    if (status < 0)
        return arena_printf(arena, "it can't be started: %s", strerror(errno));
    if (status > 128)
        return arena_printf(arena, "ended by signal %d%s%s", status - 128, between, said);
    if (status > 0)
        return arena_printf(arena, "exit status %d%s%s", status, between, said);
    return arena_printf(arena, "no line `NAME: iterations=1 runtime: Nus`%s%s", between, said);
}

static void run_row(Bench *bench, BenchRow *row) {
    ARENA_VECTOR(char *) argv = {0};
    ARENA_PUSH(bench->arena, &argv, (char *)row->emitted.executable);
    for (size_t i = 0; i < bench->program_count; i++)
        ARENA_PUSH(bench->arena, &argv, bench->program[i]);
    ARENA_PUSH(bench->arena, &argv, NULL);
    Text output = {0}, errors = {0};
    int status = process_run(argv.items, &output, &errors);
    double time = parse_times(bench->arena, text_chars(&output));
    if ((status != 0 || time <= 0) && row->verified) {
        row->problem = problem(bench->arena, status, &output, &errors);
        row->verified = false;
    }
    row->times[row->time_count++] = time;
    text_free(&output);
    text_free(&errors);
}

void bench_measure(Bench *bench) {
    size_t rows = bench->rows.count;
    for (size_t i = 0; i < rows; i++)
        bench->rows.items[i].times = ARENA_ARRAY(bench->arena, double, bench->runs);
    for (size_t run = 0; run < bench->runs; run++)
        for (size_t i = 0; i < rows; i++) {
            // Each run begins with another row, so that none always comes first.
            run_row(bench, &bench->rows.items[(run + i) % rows]);
            progress("run", run * rows + i + 1, bench->runs * rows);
        }
    const BenchRow *first = &bench->rows.items[0];
    for (size_t i = rows; i-- > 0;) {
        BenchRow *row = &bench->rows.items[i];
        double *ratios = ARENA_ARRAY(bench->arena, double, bench->runs);
        for (size_t run = 0; run < bench->runs; run++)
            ratios[run] = first->times[run] > 0 ? row->times[run] / first->times[run] : 0;
        row->ratio = statistics_interval(ratios, bench->runs, 0.95);
        double *times = ARENA_ARRAY(bench->arena, double, bench->runs);
        memcpy(times, row->times, bench->runs * sizeof *times);
        row->median = statistics_median(times, bench->runs);
    }
}
