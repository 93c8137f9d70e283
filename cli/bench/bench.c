// `loopwright bench`: the options, and the order of the work. First everything is emitted,
// disassembled and counted, which may take long and doesn't depend on the clock; then the
// machine does nothing but the runs that are compared.
#include "cli/bench/bench.h"

#include "cli/bench/control.h"
#include "cli/command.h"
#include "support/choice.h"
#include "support/output_file.h"

#include <errno.h>
#include <string.h>

typedef struct BenchOptions {
    Bench bench;
    bool json, csv;
    int runs, layouts;
    ARENA_VECTOR(BenchRow) controls; // they come after all variants
    const char *output;
    OptionProgram program;
} BenchOptions;

enum { MOST_RUNS = 10000, MOST_LAYOUTS = 1000 };

// The flags are kept as they were written: that is what the report calls the row.
static int take_variant(const Command *command, void *into, const char *flags) {
    Bench *bench = &((BenchOptions *)into)->bench;
    BenchRow row = {.name = flags, .variant = variant_new()};
    Text error = {0};
    bool good = variant_parse(&row.variant, bench->arena, flags, &error);
    int status =
        good ? EXIT_OK
             : command_usage_error(command, "in --variant='%s': %s", flags, text_chars(&error));
    text_free(&error);
    ARENA_PUSH(bench->arena, &bench->rows, row);
    return status;
}

static int take_control(const Command *command, void *into, const char *kind) {
    BenchOptions *options = into;
    BenchRow row = {
        .variant = variant_new(), .is_control = true, .control = choice_find(control_kinds, kind)};
    if (row.control < 0)
        return command_usage_error(command, "--control=%s: it is one of %s", kind, control_kinds);
    ARENA_PUSH(options->bench.arena, &options->controls, row);
    return EXIT_OK;
}

static int take_count_arguments(const Command *command, void *into, const char *words) {
    if (!words[strspn(words, " \t\n")])
        return command_usage_error(command, "no program is given by --count-args=");
    ((BenchOptions *)into)->bench.count_arguments = words;
    return EXIT_OK;
}

static const Option option_list[] = {
    {OPTION_CALL, "--variant", "'FLAGS'",
     "one interpreter; the first is the baseline (default: -O0 and -O2)", .take = take_variant},
    {OPTION_CALL, "--control", "switch|goto",
     "also the loop that is written by hand in C (bench/control), built\n"
     "with clang of the same LLVM if it is found, else with cc",
     .take = take_control},
    {OPTION_SWITCH, "--with-llvm-tail-dup", NULL,
     "each variant again with LLVM's own tail duplication, where that\nchanges its machine code",
     .offset = offsetof(BenchOptions, bench.with_tail_duplication)},
    {OPTION_NUMBER, "--runs", "N",
     "how often each is run (default 9, which gives an interval\nof 96 %; a single run gives none)",
     .offset = offsetof(BenchOptions, runs), .least = 1, .most = MOST_RUNS},
    {OPTION_NUMBER, "--layouts", "N",
     "each variant in N placements of its code, and the spread of their\n"
     "medians (default 1: as the variant's flags say)",
     .offset = offsetof(BenchOptions, layouts), .least = 1, .most = MOST_LAYOUTS},
    {OPTION_CALL, "--count-args", "'CLASS ARGS'",
     "the program to count on with the evaluator: a small size. Without it\n"
     "there are no frame reads, and dispatch figures are unweighted",
     .take = take_count_arguments},
    {OPTION_SWITCH, "--json", NULL, "data instead of a table (times in microseconds)",
     .offset = offsetof(BenchOptions, json), .is_format = true},
    {OPTION_SWITCH, "--csv", NULL, "the same, one line for each row",
     .offset = offsetof(BenchOptions, csv), .is_format = true},
    {OPTION_TEXT, "-o", "FILE", "where to (default: standard output, also `-`)",
     .offset = offsetof(BenchOptions, output)},
};

const OptionTable command_bench_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_PROGRAM,
    .words_offset = offsetof(BenchOptions, program),
};

// Every row must have verified its result, else the figures mean nothing.
static int verdict(const Bench *bench) {
    int status = EXIT_OK;
    for (size_t i = 0; i < bench->rows.count; i++) {
        const BenchRow *row = &bench->rows.items[i];
        if (row->verdict == BENCH_WRONG)
            status = command_failure("%s: the result is not verified: %s", row->name, row->reason);
        else if (row->verdict == BENCH_UNKNOWN)
            status = command_failure("%s: unverified: %s", row->name, row->reason);
        else if (row->reason)
            command_warning("%s: no ratio: %s", row->name, row->reason);
    }
    return status;
}

// The report is written even if a row is wrong: it says so itself. The exit status is for scripts.
static int report(const BenchOptions *options, const OutputFile *output) {
    Text text = {0};
    (options->json ? bench_json : options->csv ? bench_csv : bench_table)(&options->bench, &text);
    bool good = output_file_put(output, &text) && output_file_finish(output, false);
    int error = errno;
    text_free(&text);
    if (good)
        return verdict(&options->bench);
    output_file_abandon(output);
    return command_failure("can't write %s: %s", command_output_name(options->output),
                           strerror(error));
}

// Whether the report can be written is better known before the work than after it.
static int run(BenchOptions *options) {
    Bench *bench = &options->bench;
    OutputFile output;
    if (!output_file_begin(&output, bench->arena, options->output))
        return command_failure("can't write %s: %s", command_output_name(options->output),
                               strerror(errno));
    if (!bench_prepare(bench)) {
        output_file_abandon(&output);
        return EXIT_FAILED;
    }
    bench_measure(bench);
    return report(options, &output);
}

// Without a variant: the naive loop and the usual one. Controls are no baseline.
static int complete(const Command *command, BenchOptions *options) {
    Bench *bench = &options->bench;
    const OptionProgram *program = &options->program;
    if (program->count == 0 || (strcmp(program->words[0], "-cp") == 0 && program->count < 3))
        return command_usage_error(command, "no program is given");
    bench->program = program->words;
    bench->program_count = (size_t)program->count;
    bench->runs = (size_t)options->runs;
    bench->layouts = (size_t)options->layouts;
    int status = EXIT_OK;
    if (bench->rows.count == 0)
        status = take_variant(command, options, "-O0") | take_variant(command, options, "-O2");
    for (size_t i = 0; i < options->controls.count; i++)
        ARENA_PUSH(bench->arena, &bench->rows, options->controls.items[i]);
    return status;
}

int command_bench(const Command *command, int argc, char **argv) {
    BenchOptions options = {
        .bench = {.arena = arena_new()}, .runs = 9, .layouts = 1, .output = "-"};
    int status;
    if (options_parse(command, &options, argc, argv, &status)) {
        status = complete(command, &options);
        if (!status)
            status = run(&options);
    }
    arena_free(options.bench.arena);
    return status;
}
