// `loopwright bench`: the options, and the order of the work.
#include "cli/bench.h"

#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct BenchOptions {
    Bench bench;
    enum { FORMAT_TABLE, FORMAT_JSON, FORMAT_CSV } format;
    const char *output;
    bool help;
} BenchOptions;

enum { MOST_RUNS = 10000 };

static int add_variant(const Command *command, Bench *bench, const char *flags) {
    BenchRow row = {.name = flags, .variant = variant_new(), .verified = true};
    Text error = {0};
    bool good = variant_parse(&row.variant, bench->arena, flags, &error);
    int status =
        good ? EXIT_OK
             : command_usage_error(command, "in --variant='%s': %s", flags, text_chars(&error));
    text_free(&error);
    ARENA_PUSH(bench->arena, &bench->rows, row);
    return status;
}

static int parse_runs(const Command *command, Bench *bench, const char *text) {
    char *end;
    errno = 0;
    long runs = strtol(text, &end, 10);
    if (errno || end == text || *end || runs < 1 || runs > MOST_RUNS)
        return command_usage_error(command, "--runs=%s: a number from 1 to %d is wanted", text,
                                   MOST_RUNS);
    bench->runs = (size_t)runs;
    return EXIT_OK;
}

static int parse_options(const Command *command, BenchOptions *options, int argc, char **argv) {
    Bench *bench = &options->bench;
    int i = 0, status = EXIT_OK;
    for (; i < argc && argv[i][0] == '-' && strcmp(argv[i], "-cp") != 0 &&
           strcmp(argv[i], "--") != 0 && !status;
         i++) {
        const char *word = argv[i];
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
            options->help = true;
        else if (strncmp(word, "--variant=", 10) == 0)
            status = add_variant(command, bench, word + 10);
        else if (strncmp(word, "--runs=", 7) == 0)
            status = parse_runs(command, bench, word + 7);
        else if (strncmp(word, "--count-args=", 13) == 0)
            bench->count_arguments = word + 13;
        else if (strcmp(word, "--with-llvm-tail-dup") == 0)
            bench->with_tail_dup = true;
        else if (strcmp(word, "--json") == 0)
            options->format = FORMAT_JSON;
        else if (strcmp(word, "--csv") == 0)
            options->format = FORMAT_CSV;
        else if (strcmp(word, "-o") == 0 && i + 1 < argc && argv[i + 1][0])
            options->output = argv[++i];
        else if (strcmp(word, "-o") == 0)
            status = command_usage_error(command, "no file is given behind '-o'");
        else
            status = command_usage_error(command, "unknown option '%s'", word);
    }
    if (status || options->help)
        return status;
    if (i < argc && strcmp(argv[i], "--") == 0)
        i++;
    bench->program = argv + i;
    bench->program_count = (size_t)(argc - i);
    if (bench->program_count == 0 ||
        (strcmp(bench->program[0], "-cp") == 0 && bench->program_count < 3))
        return command_usage_error(command, "no program is given");
    if (bench->count_arguments && !bench->count_arguments[strspn(bench->count_arguments, " \t\n")])
        return command_usage_error(command, "no program is given by --count-args=");
    if (bench->rows.count == 0)
        status = add_variant(command, bench, "-O0") | add_variant(command, bench, "-O2");
    return status;
}

// Every row must have verified its result, else the figures mean nothing.
static int verdict(const Bench *bench) {
    int status = EXIT_OK;
    for (size_t i = 0; i < bench->rows.count; i++) {
        const BenchRow *row = &bench->rows.items[i];
        if (!row->verified)
            status = command_failure("%s: the result is not verified: %s", row->name, row->problem);
    }
    return status;
}

int command_bench(const Command *command, int argc, char **argv) {
    BenchOptions options = {.bench = {.runs = 9, .arena = arena_new()}, .output = "-"};
    Bench *bench = &options.bench;
    int status = parse_options(command, &options, argc, argv);
    if (!status && options.help)
        command_help(command);
    if (!status && !options.help) {
        status = EXIT_FAILED;
        if (bench_prepare(bench)) {
            bench_measure(bench);
            Text text = {0};
            (options.format == FORMAT_TABLE  ? bench_table
             : options.format == FORMAT_JSON ? bench_json
                                             : bench_csv)(bench, &text);
            status = text_write_file(&text, options.output)
                         ? verdict(bench)
                         : command_failure("can't write %s: %s",
                                           command_output_name(options.output), strerror(errno));
            text_free(&text);
        }
    }
    arena_free(bench->arena);
    return status;
}
