// `loopwright opt`: passes over a module, text in and text out. What one pass does to a loop
// is best seen here, with that pass alone and one look at the text before and after.
#include "cli/command.h"
#include "cli/variant.h"
#include "cli/view_option.h"
#include "ir/analysis/print_analysis.h"
#include "ir/text/print_dot.h"
#include "ir/text/text.h"

#include <limits.h>
#include <stdio.h>

enum { NO_STATS = -1, STATS_TEXT, STATS_JSON };

// -1 is a limit that a user may give, for all passes.
enum { NO_LIMIT = -2 };

typedef struct OptOptions {
    Variant variant;
    const char *input, *output;
    const char *analysis; // NULL: print the module
    bool dot, time_passes, print_before_all, print_after_all;
    int stats;             // NO_STATS, or one of the two ways to print them
    int limit;             // of --bisect-limit
    const char *bytecodes; // NULL: print all of it
    PipelineRun run;       // some options go straight there, the others in command_opt
} OptOptions;

static int take_analysis(const Command *command, void *into, const char *name) {
    if (!ir_analysis_exists(name))
        return command_usage_error(command, "no analysis is called '%s'; there are %s", name,
                                   ir_analysis_names());
    ((OptOptions *)into)->analysis = name;
    return EXIT_OK;
}

static int take_bytecodes(const Command *command, void *into, const char *names) {
    return view_option_take(command, &((OptOptions *)into)->bytecodes, names);
}

// A name is looked up when it is given: a misspelt one would print nothing, as if the pass didn't
// run.
static int take_pass(const Command *command, const char **into, const char *name) {
    if (!pass_find(name))
        return command_usage_error(command, "no pass is called '%s'", name);
    *into = name;
    return EXIT_OK;
}

static int take_print_before(const Command *command, void *into, const char *name) {
    return take_pass(command, &((OptOptions *)into)->run.print_before, name);
}

static int take_print_after(const Command *command, void *into, const char *name) {
    return take_pass(command, &((OptOptions *)into)->run.print_after, name);
}

static const Option option_list[] = {
    {OPTION_TEXT, "-o", "FILE", "where to (default: standard output, also `-`)",
     .offset = offsetof(OptOptions, output)},
    {OPTION_CALL, "--analyze", "NAME",
     "print an analysis of the result instead: dominators, loops,\n"
     "liveness, effects or ranges",
     .take = take_analysis, .is_format = true},
    {OPTION_SWITCH, "--dot", NULL,
     "print the control flow as a Graphviz graph instead, with a\ncluster for each bytecode",
     .offset = offsetof(OptOptions, dot), .is_format = true},
    {OPTION_CALL, "--bytecode", "A,B,...",
     "of all that is printed only these bytecodes, in form `handlers`\n"
     "with their cold functions. A view: it has no head and no tables\n"
     "and can't be read back. --stats says how large they are instead",
     .take = take_bytecodes},
    {OPTION_SWITCH, "--verify-each", NULL,
     "run the verifier after each pass (after those of plug-ins it\nalways runs)",
     .offset = offsetof(OptOptions, run.verify_each)},
    {OPTION_HEADING, .help = "on standard error:"},
    {OPTION_CHOICE, "--stats", "text|json", "what each pass did",
     .offset = offsetof(OptOptions, stats), .without = "text"},
    {OPTION_SWITCH, "--time-passes", NULL, "the same, and how long it took",
     .offset = offsetof(OptOptions, time_passes)},
    {OPTION_CALL, "--print-before", "NAME", "the module before that pass",
     .take = take_print_before},
    {OPTION_CALL, "--print-after", "NAME", "the module after it", .take = take_print_after},
    {OPTION_SWITCH, "--print-before-all", NULL, "the module before each pass",
     .offset = offsetof(OptOptions, print_before_all)},
    {OPTION_SWITCH, "--print-after-all", NULL, "the module after each pass",
     .offset = offsetof(OptOptions, print_after_all)},
    {OPTION_SWITCH, "--print-changed", NULL, "what each pass changed, as `diff -u` shows it",
     .offset = offsetof(OptOptions, run.print_changed)},
    {OPTION_NUMBER, "--bisect-limit", "N",
     "run the first N passes only (-1: all), and say which ran",
     .offset = offsetof(OptOptions, limit), .least = -1, .most = INT_MAX,
     .wanted = "a number of passes is wanted, or -1 for all of them"},
};

const OptionTable command_opt_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_INPUT,
    .words_offset = offsetof(OptOptions, input),
    .takes_flags = true,
    .variant_offset = offsetof(OptOptions, variant),
};

// On standard error, so that the module can go into a pipe.
static void print_report(const OptOptions *options, const PassReport *report) {
    Text text = {0};
    if (options->stats == STATS_JSON)
        pass_report_json(report, options->time_passes, &text);
    else if (options->stats == STATS_TEXT || options->time_passes)
        pass_report_print(report, options->time_passes, &text);
    fputs(text_chars(&text), stderr);
    text_free(&text);
}

static bool write_result(const OptOptions *options, const IrModule *module) {
    Text text = {0};
    if (options->analysis)
        ir_print_analysis(module, options->run.view, options->analysis, &text);
    else if (options->dot)
        ir_print_dot(module, options->run.view, &text);
    else
        ir_print_view(module, options->run.view, &text);
    bool good = command_write(options->output, &text);
    text_free(&text);
    return good;
}

int command_opt(const Command *command, int argc, char **argv) {
    OptOptions options = {
        .variant = variant_new(), .output = "-", .stats = NO_STATS, .limit = NO_LIMIT};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    PipelineRun *run = &options.run;
    if (options.print_before_all)
        run->print_before = "*";
    if (options.print_after_all)
        run->print_after = "*";
    run->has_limit = options.limit != NO_LIMIT;
    run->limit = options.limit;
    Arena *arena = arena_new();
    if (options.bytecodes)
        run->view = ir_view_new(arena, options.bytecodes);
    PassReport report = {.arena = arena};
    run->stream = stderr;
    run->report = &report;
    IrModule *module = variant_module(&options.variant, arena, options.input, true, run);
    bool good = module && view_option_check(module, run->view);
    if (good)
        print_report(&options, &report);
    good = good && write_result(&options, module);
    arena_free(arena);
    return good ? EXIT_OK : EXIT_FAILED;
}
