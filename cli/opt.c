// `loopwright opt`: passes over a module, text in and text out.
#include "cli/command.h"
#include "cli/variant.h"
#include "ir/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct OptOptions {
    Variant variant;
    const char *input, *output;
    bool stats, time_passes, help;
    PipelineRun run;
} OptOptions;

// Answers EXIT_OK, or the exit status of a usage error.
static int parse_options(const Command *command, OptOptions *options, int argc, char **argv) {
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        Text error = {0};
        PipelineFlag taken = PIPELINE_TAKEN;
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
            options->help = true;
        else if (strcmp(word, "-o") == 0 && i + 1 < argc)
            options->output = argv[++i];
        else if (strcmp(word, "--stats") == 0)
            options->stats = true;
        else if (strcmp(word, "--time-passes") == 0)
            options->time_passes = true;
        else if (strcmp(word, "--verify-each") == 0)
            options->run.verify_each = true;
        else if (strcmp(word, "--print-before-all") == 0)
            options->run.print_before = "*";
        else if (strcmp(word, "--print-after-all") == 0)
            options->run.print_after = "*";
        else if (strncmp(word, "--print-before=", 15) == 0)
            options->run.print_before = word + 15;
        else if (strncmp(word, "--print-after=", 14) == 0)
            options->run.print_after = word + 14;
        else if (word[0] == '-' && word[1])
            taken = variant_take_flag(&options->variant, word, &error);
        else if (!options->input)
            options->input = word;
        else
            return command_usage_error(command, "more than one input: %s and %s", options->input,
                                       word);
        int status = EXIT_OK;
        if (taken == PIPELINE_NOT_MINE)
            status = command_usage_error(command, "unknown flag '%s'", word);
        else if (taken == PIPELINE_WRONG)
            status = command_usage_error(command, "%s", text_chars(&error));
        text_free(&error);
        if (status)
            return status;
    }
    const char *const printed[] = {options->run.print_before, options->run.print_after};
    for (int i = 0; i < 2; i++)
        if (printed[i] && strcmp(printed[i], "*") != 0 && !pass_find(printed[i]))
            return command_usage_error(command, "no pass is called '%s'", printed[i]);
    return EXIT_OK;
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
    status = EXIT_FAILED;
    if (module) {
        Text text = {0};
        if (options.stats || options.time_passes)
            pass_report_print(&report, options.time_passes, &text);
        fputs(text_chars(&text), stderr);
        text_free(&text);
        ir_print(module, &text);
        if (text_write_file(&text, options.output))
            status = EXIT_OK;
        else
            command_failure("can't write %s: %s", options.output, strerror(errno));
        text_free(&text);
    }
    arena_free(arena);
    return status;
}
