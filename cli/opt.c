// `loopwright opt`: passes over a module, text in and text out.
#include "cli/command.h"
#include "cli/variant.h"
#include "ir/analysis/print_analysis.h"
#include "ir/text/print_dot.h"
#include "ir/text/text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct OptOptions {
    Variant variant;
    const char *input, *output;
    const char *analysis; // NULL: print the module
    bool dot, stats, json, time_passes, help;
    PipelineRun run;
} OptOptions;

static bool parse_limit(OptOptions *options, const char *digits) {
    char *end;
    errno = 0;
    long limit = strtol(digits, &end, 10);
    if (errno || end == digits || *end || limit < -1 || limit > INT_MAX)
        return false;
    options->run.has_limit = true;
    options->run.limit = (int)limit;
    return true;
}

// The flags without a value; false if it is none of them.
static bool take_switch(OptOptions *options, const char *word) {
    const struct {
        const char *name;
        bool *is_on;
    } switches[] = {
        {"--help", &options->help},
        {"-h", &options->help},
        {"--dot", &options->dot},
        {"--stats", &options->stats},
        {"--stats=json", &options->json},
        {"--time-passes", &options->time_passes},
        {"--verify-each", &options->run.verify_each},
        {"--print-changed", &options->run.print_changed},
    };
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (strcmp(switches[i].name, word) == 0)
            return *switches[i].is_on = true;
    if (strcmp(word, "--print-before-all") == 0)
        options->run.print_before = "*";
    else if (strcmp(word, "--print-after-all") == 0)
        options->run.print_after = "*";
    else
        return false;
    return true;
}

// What follows `prefix` in `word`, or NULL.
static const char *value_of(const char *word, const char *prefix) {
    size_t length = strlen(prefix);
    return strncmp(word, prefix, length) == 0 ? word + length : NULL;
}

// Takes one word that begins with `-`; answers EXIT_OK or the status of an error.
static int take_flag(const Command *command, OptOptions *options, const char *word) {
    const char *value;
    if (take_switch(options, word))
        return EXIT_OK;
    if ((value = value_of(word, "--print-before="))) {
        options->run.print_before = value;
    } else if ((value = value_of(word, "--print-after="))) {
        options->run.print_after = value;
    } else if ((value = value_of(word, "--analyze="))) {
        if (!ir_analysis_exists(value))
            return command_usage_error(command, "no analysis is called '%s'; there are %s", value,
                                       ir_analysis_names());
        options->analysis = value;
    } else if ((value = value_of(word, "--bisect-limit="))) {
        if (!parse_limit(options, value))
            return command_usage_error(
                command, "'%s': a number of passes is wanted, or -1 for all of them", word);
    } else {
        return command_take_flag(command, &options->variant, word);
    }
    return EXIT_OK;
}

// Answers EXIT_OK, or the exit status of an error.
static int parse_options(const Command *command, OptOptions *options, int argc, char **argv) {
    int loaded = command_load_passes(command, argc, argv, false);
    if (loaded)
        return loaded;
    bool only_files = false; // behind `--`
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        int status = EXIT_OK;
        if (only_files || word[0] != '-' || !word[1]) {
            status = command_take_input(command, &options->input, word);
        } else if (strcmp(word, "--") == 0) {
            only_files = true;
        } else if (strcmp(word, "-o") == 0 && i + 1 < argc && argv[i + 1][0]) {
            options->output = argv[++i];
        } else {
            status = take_flag(command, options, word);
        }
        if (status)
            return status;
    }
    const char *const printed[] = {options->run.print_before, options->run.print_after};
    for (int i = 0; i < 2; i++)
        if (printed[i] && strcmp(printed[i], "*") != 0 && !pass_find(printed[i]))
            return command_usage_error(command, "no pass is called '%s'", printed[i]);
    if (options->analysis && options->dot)
        return command_usage_error(command, "--analyze and --dot are two outputs; choose one");
    return EXIT_OK;
}

static void print_report(const OptOptions *options, const PassReport *report) {
    Text text = {0};
    if (options->json)
        pass_report_json(report, options->time_passes, &text);
    else if (options->stats || options->time_passes)
        pass_report_print(report, options->time_passes, &text);
    fputs(text_chars(&text), stderr);
    text_free(&text);
}

static bool write_result(const OptOptions *options, const IrModule *module) {
    Text text = {0};
    if (options->analysis)
        ir_print_analysis(module, options->analysis, &text);
    else if (options->dot)
        ir_print_dot(module, &text);
    else
        ir_print(module, &text);
    bool good = text_write_file(&text, options->output);
    if (!good)
        command_failure("can't write %s: %s", command_output_name(options->output),
                        strerror(errno));
    text_free(&text);
    return good;
}

int command_opt(const Command *command, int argc, char **argv) {
    OptOptions options = {.variant = variant_new(), .output = "-"};
    int status = parse_options(command, &options, argc, argv);
    if (status)
        return status;
    if (options.help)
        return command_help(command);
    Arena *arena = arena_new();
    PassReport report = {.arena = arena};
    options.run.stream = stderr;
    options.run.report = &report;
    IrModule *module = variant_module(&options.variant, arena, options.input, true, &options.run);
    if (module)
        print_report(&options, &report);
    bool good = module && write_result(&options, module);
    arena_free(arena);
    return good ? EXIT_OK : EXIT_FAILED;
}
