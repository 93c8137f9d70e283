// `loopwright gil`: the options, and the order of the work. What programs with threads may rely on
// depends on where an interpreter looks whether to let others run; here each claim meets each
// policy.
#include "cli/gil/gil.h"

#include "passes/manager/pass.h"
#include "support/choice.h"
#include "support/interruption.h"
#include "support/output_file.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct GilOptions {
    Gil gil;
    bool json, csv, verdicts;
    const char *output;
} GilOptions;

// ---- Values ---------------------------------------------------------------------------------

enum { MOST_SECONDS = 3600 };
static const int64_t most_interval = 1000000000000; // a million seconds, as SOM has it

typedef int (*TakeItem)(const Command *command, Gil *gil, const char *item);

// A list with commas in between, none of its items empty.
static int take_list(const Command *command, Gil *gil, const char *option, const char *list,
                     TakeItem take) {
    int status = EXIT_OK;
    for (const char *item = list; !status; item++) {
        size_t length = strcspn(item, ",");
        if (!length)
            return command_usage_error(command, "%s=%s: what stands between commas is empty",
                                       option, list);
        status = take(command, gil, arena_strndup(gil->arena, item, length));
        item += length;
        if (!*item)
            break;
    }
    return status;
}

static int take_demo(const Command *command, Gil *gil, const char *name) {
    (void)command;
    ARENA_PUSH(gil->arena, &gil->names, name);
    return EXIT_OK;
}

static int take_policy(const Command *command, Gil *gil, const char *name) {
    if (choice_find(gil_policies(), name) < 0)
        return command_usage_error(command, "--policy=%s: it is one of %s", name, gil_policies());
    gil->policies_named = true;
    for (size_t i = 0; i < gil->policies.count; i++)
        if (strcmp(gil->policies.items[i], name) == 0)
            return EXIT_OK;
    ARENA_PUSH(gil->arena, &gil->policies, name);
    return EXIT_OK;
}

static int take_interval(const Command *command, Gil *gil, const char *text) {
    char *end;
    errno = 0;
    long long interval = strtoll(text, &end, 10);
    if (errno || *end || interval < 0 || interval > most_interval)
        return command_usage_error(command,
                                   "--interval=%s: microseconds are wanted, from 0 to %" PRId64,
                                   text, most_interval);
    for (size_t i = 0; i < gil->intervals.count; i++)
        if (gil->intervals.items[i] == interval)
            return EXIT_OK;
    ARENA_PUSH(gil->arena, &gil->intervals, interval);
    return EXIT_OK;
}

static int take_demos(const Command *command, void *into, const char *list) {
    return take_list(command, &((GilOptions *)into)->gil, "--demo", list, take_demo);
}

static int take_policies(const Command *command, void *into, const char *list) {
    return take_list(command, &((GilOptions *)into)->gil, "--policy", list, take_policy);
}

static int take_intervals(const Command *command, void *into, const char *list) {
    return take_list(command, &((GilOptions *)into)->gil, "--interval", list, take_interval);
}

static int take_time(const Command *command, const char *option, const char *text, double *time) {
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end || !(seconds > 0) || seconds > MOST_SECONDS)
        return command_usage_error(command, "%s=%s: seconds are wanted, more than 0 and at most %d",
                                   option, text, MOST_SECONDS);
    *time = seconds;
    return EXIT_OK;
}

static int take_seconds(const Command *command, void *into, const char *text) {
    return take_time(command, "--seconds", text, &((GilOptions *)into)->gil.seconds);
}

static int take_patience(const Command *command, void *into, const char *text) {
    return take_time(command, "--patience", text, &((GilOptions *)into)->gil.patience);
}

static int take_python(const Command *command, void *into, const char *program) {
    Gil *gil = &((GilOptions *)into)->gil;
    if (!*program)
        return command_usage_error(command, "no PROGRAM is given after '--python='");
    ARENA_PUSH(gil->arena, &gil->pythons, program);
    return EXIT_OK;
}

// ---- Options --------------------------------------------------------------------------------

static const Option option_list[] = {
    {OPTION_CALL, "--demo", "NAME[,NAME]", "only these demonstrations", .take = take_demos},
    {OPTION_CALL, "--policy", "NAME[,NAME]", "only these policies (default: all)",
     .take = take_policies},
    {OPTION_CALL, "--interval", "US[,US]",
     "switch intervals in microseconds, a matrix each (default 5000,50)", .take = take_intervals},
    {OPTION_CALL, "--seconds", "S", "how long a claim is tried that may hold (default 0.5)",
     .take = take_seconds},
    {OPTION_CALL, "--patience", "S",
     "how long is waited for what should come: that a claim turns out\n"
     "wrong, or that a program ends (default 30)",
     .take = take_patience},
    {OPTION_NUMBER, "--jobs", "N", "how many run at a time (default: two a processor)",
     .offset = offsetof(GilOptions, gil.width), .least = 1, .most = CHILDREN_MOST},
    {OPTION_TEXT, "--demos", "DIR",
     "another folder of demonstrations, with its demonstrations.json",
     .offset = offsetof(GilOptions, gil.folder_named)},
    {OPTION_CALL, "--python", "PROGRAM",
     "a Python to measure, or several (default: python3, if it is there)", .take = take_python},
    {OPTION_SWITCH, "--no-python", NULL, "measure none",
     .offset = offsetof(GilOptions, gil.no_python)},
    {OPTION_SWITCH, "--verdicts", NULL, "one matrix of verdicts, without figures",
     .offset = offsetof(GilOptions, verdicts), .is_format = true},
    {OPTION_SWITCH, "--json", NULL, "data instead of tables, an object a cell",
     .offset = offsetof(GilOptions, json), .is_format = true},
    {OPTION_SWITCH, "--csv", NULL, "the same, a line a cell", .offset = offsetof(GilOptions, csv),
     .is_format = true},
    {OPTION_TEXT, "-o", "FILE", "where to (default: standard output, also `-`)",
     .offset = offsetof(GilOptions, output)},
};

const OptionTable command_gil_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_NAMES,
    .words_offset = offsetof(GilOptions, gil.own),
    .most_words = GIL_MOST_OWN,
    .takes_flags = true,
    .variant_offset = offsetof(GilOptions, gil.variant),
};

// ---- The work -------------------------------------------------------------------------------

// Every cell that is not as it should be is said, and which it is.
static int verdict(const Gil *gil) {
    int status = EXIT_OK;
    for (size_t i = 0; i < gil->cells.count; i++) {
        const GilCell *cell = &gil->cells.items[i];
        const char *where = arena_printf(gil->arena, "%s, %s, %" PRId64 " us", cell->demo->name,
                                         cell->column->name, cell->interval);
        if (!gil_is_wrong(cell) && cell->failure)
            command_warning("%s: %s", where, cell->failure);
        else if (cell->failure)
            status = command_failure("%s: %s", where, cell->failure);
        else if (gil_is_wrong(cell))
            status =
                command_failure("%s: %s, where '%s' is expected", where,
                                gil_verdict_text(cell->verdict), gil_verdict_text(cell->expected));
    }
    return status;
}

// The report is written even if a cell is wrong: it says so itself. The exit status is for scripts.
static int report(const GilOptions *options, const OutputFile *output) {
    Text text = {0};
    (options->json       ? gil_json
     : options->csv      ? gil_csv
     : options->verdicts ? gil_verdicts
                         : gil_table)(&options->gil, &text);
    bool good = output_file_put(output, &text) && output_file_finish(output, false);
    int error = errno;
    text_free(&text);
    if (good)
        return verdict(&options->gil);
    output_file_abandon(output);
    return command_failure("can't write %s: %s", command_output_name(options->output),
                           strerror(error));
}

// Whether the report can be written is better known before the work than after it.
static int run(GilOptions *options) {
    OutputFile output;
    if (!output_file_begin(&output, options->gil.arena, options->output))
        return command_failure("can't write %s: %s", command_output_name(options->output),
                               strerror(errno));
    if (!gil_make_columns(&options->gil)) {
        output_file_abandon(&output);
        return EXIT_FAILED;
    }
    gil_run_cells(&options->gil);
    return report(options, &output);
}

// All policies of the pass, unless some were named.
static void default_policies(Gil *gil) {
    for (int i = 0; !gil->policies_named && i < choice_count(gil_policies()); i++)
        ARENA_PUSH(gil->arena, &gil->policies, choice_at(gil_policies(), i, gil->arena));
}

static int complete(const Command *command, Gil *gil) {
    const PipelineRequest *passes = &gil->variant.passes;
    if (passes->passes)
        return command_usage_error(command, "--passes= is the whole pipeline, in which the policy "
                                            "would have to stand; use -O and -f");
    if (passes->toggles[pass_index(pass_find("place-gil-checks"))].given)
        return command_usage_error(command, "the policy is what is compared: --policy= chooses");
    if (gil->no_python && gil->pythons.count)
        return command_usage_error(command, "--python= and --no-python contradict each other");
    Text error = {0};
    if (!passes->has_level)
        variant_take_flag(&gil->variant, "-O1", &error);
    text_free(&error);
    default_policies(gil);
    if (!gil->intervals.count) {
        ARENA_PUSH(gil->arena, &gil->intervals, 5000);
        ARENA_PUSH(gil->arena, &gil->intervals, 50);
    }
    return gil_find_demos(command, gil);
}

int command_gil(const Command *command, int argc, char **argv) {
    GilOptions options = {
        .gil = {.arena = arena_new(), .variant = variant_new(), .seconds = 0.5, .patience = 30},
        .output = "-"};
    int status;
    if (options_parse(command, &options, argc, argv, &status)) {
        status = complete(command, &options.gil);
        if (!status)
            status = run(&options);
    }
    gil_close(&options.gil);
    arena_free(options.gil.arena);
    return status;
}
