// `loopwright dispatch`: what an interpreter does between two bytecodes, read from its
// machine code. The reading is backend/anatomy's, which has the definitions; here is the
// command line, and the order of the work.
#include "backend/anatomy/dispatch_print.h"
#include "cli/command.h"
#include "cli/dispatch/dispatch_model.h"
#include "cli/dispatch/dispatch_weights.h"
#include "cli/variant_side.h"
#include "support/interruption.h"

#include <string.h>
#include <unistd.h>

// As --color= names them.
typedef enum Colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER } Colour;

typedef struct DispatchOptions {
    Variant variant;
    const char *input, *bytecode;
    const char *diff[2]; // FLAGS or a file each; NULL: one interpreter is looked at
    DispatchWeights weights;
    const char *processor;     // of the model; NULL: none is asked for
    const char *page, *output; // NULL: no page; standard output
    int colour;
    bool json;
} DispatchOptions;

static const Option option_list[] = {
    {OPTION_PAIR, "--diff", "A B",
     "two interpreters side by side: each is 'FLAGS' (added to those\n"
     "given otherwise) or a file; of the same bytecode, where both have it",
     .offset = offsetof(DispatchOptions, diff)},
    {OPTION_TEXT, "--bytecode", "NAME",
     "show the path of this one (default: one of median length), and\nits handler as a whole",
     .offset = offsetof(DispatchOptions, bytecode)},
    DISPATCH_WEIGHTS_OPTIONS(DispatchOptions),
    {OPTION_TEXT, "--mca", "CPU",
     "latency and reciprocal throughput of the path by llvm-mca's model\n"
     "of that processor (default: znver4)",
     .offset = offsetof(DispatchOptions, processor), .without = "znver4"},
    {OPTION_SWITCH, "--json", NULL, "data instead of text",
     .offset = offsetof(DispatchOptions, json), .is_format = true},
    {OPTION_TEXT, "--html", "FILE", "a page instead, which needs nothing else",
     .offset = offsetof(DispatchOptions, page), .is_format = true},
    {OPTION_TEXT, "-o", "FILE", "where text and data go (default: standard output, also `-`)",
     .offset = offsetof(DispatchOptions, output)},
    {OPTION_CHOICE, "--color", "auto|always|never",
     "classes in colours (default: auto, on terminals)",
     .offset = offsetof(DispatchOptions, colour)},
};

const OptionTable command_dispatch_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_INPUT,
    .words_offset = offsetof(DispatchOptions, input),
    .takes_flags = true,
    .variant_offset = offsetof(DispatchOptions, variant),
};

// ---- Measuring -----------------------------------------------------------------------

// The weights come before the choice: which bytecode is the median one depends on them.
static bool measure(const DispatchOptions *options, Arena *arena, const Variant *variant,
                    const char *input, DispatchSubject *subject) {
    const Variant loop = variant_side_loop(&(VariantSide){*variant, input});
    return dispatch_subject_read(subject, arena, variant, input) &&
           dispatch_weights_apply(&options->weights, arena, &loop, subject) &&
           (!options->bytecode || dispatch_report_choose(subject->report, options->bytecode));
}

static bool add_model(const DispatchOptions *options, const DispatchSubject *subject) {
    return !options->processor ||
           dispatch_model_add(subject->report, options->processor, subject->llvm_version);
}

// ---- Printing ------------------------------------------------------------------------

static bool in_colour(const DispatchOptions *options) {
    switch ((Colour)options->colour) {
    case COLOUR_ALWAYS: return true;
    case COLOUR_NEVER: return false;
    case COLOUR_AUTO: break;
    }
    bool is_standard = !options->output || strcmp(options->output, "-") == 0;
    return is_standard && isatty(STDOUT_FILENO);
}

static bool put(const DispatchOptions *options, Text *text) {
    const char *path = options->page ? options->page : options->output;
    bool good = command_write(path ? path : "-", text);
    text_free(text);
    return good;
}

static bool print_report(const DispatchOptions *options, const DispatchReport *report) {
    DispatchPrinter *print = options->page        ? dispatch_print_page
                             : options->json      ? dispatch_print_json
                             : in_colour(options) ? dispatch_print_colours
                                                  : dispatch_print_text;
    Text text = {0};
    print(report, &text);
    return put(options, &text);
}

static bool print_diff(const DispatchOptions *options, const DispatchDiff *diff) {
    DispatchDiffPrinter *print = options->page        ? dispatch_diff_print_page
                                 : options->json      ? dispatch_diff_print_json
                                 : in_colour(options) ? dispatch_diff_print_colours
                                                      : dispatch_diff_print_text;
    Text text = {0};
    print(diff, &text);
    return put(options, &text);
}

static bool show_one(const DispatchOptions *options, Arena *arena) {
    DispatchSubject subject = {0};
    bool good = measure(options, arena, &options->variant, options->input, &subject) &&
                add_model(options, &subject) && print_report(options, subject.report);
    dispatch_subject_close(&subject);
    return good;
}

// ---- Two of them ---------------------------------------------------------------------

// Of two median bytecodes the first one's is shown in both: to compare two different ones would
// show what differs between these.
static void choose_same(DispatchReport *left, DispatchReport *right) {
    const MeasuredBytecode *shown = dispatch_report_shown(left).shown;
    const MeasuredBytecode *same =
        shown ? dispatch_report_find(right, shown->in_table->name) : NULL;
    if (same)
        right->chosen = same;
}

static bool show_diff(const DispatchOptions *options, Arena *arena, const VariantSide *sides) {
    DispatchSubject subjects[2] = {{0}, {0}};
    bool good = true;
    for (int i = 0; good && i < 2; i++)
        good = measure(options, arena, &sides[i].variant, sides[i].input, &subjects[i]);
    if (good && !options->bytecode)
        choose_same(subjects[0].report, subjects[1].report);
    for (int i = 0; good && i < 2; i++) {
        if (options->diff[i][0] == '-')
            subjects[i].report->name = options->diff[i];
        good = add_model(options, &subjects[i]);
    }
    good = good &&
           print_diff(options, dispatch_diff_new(arena, subjects[0].report, subjects[1].report));
    for (int i = 0; i < 2; i++)
        dispatch_subject_close(&subjects[i]);
    return good;
}

// ---- The command ---------------------------------------------------------------------

static int check_made(const Command *command, const Variant *variant, const char *input) {
    if (!variant->has_flags || !dispatch_subject_is_made(input))
        return EXIT_OK;
    return command_usage_error(
        command, "%s is made already: flags are for what is yet to be emitted", input);
}

static int check_options(const Command *command, const DispatchOptions *options) {
    if (options->page && options->output)
        return command_usage_error(command,
                                   "--html names its file itself: -o is for text and data");
    return dispatch_weights_check(command, &options->weights);
}

static int run(const Command *command, DispatchOptions *options, Arena *arena) {
    int status = check_options(command, options);
    if (!status && !options->diff[0]) {
        status = check_made(command, &options->variant, options->input);
        return status ? status : show_one(options, arena) ? EXIT_OK : EXIT_FAILED;
    }
    VariantSide sides[2];
    for (int i = 0; !status && i < 2; i++) {
        sides[i] = (VariantSide){options->variant, options->input};
        status = variant_side_read(command, arena, options->diff[i], &sides[i]);
        if (!status)
            status = check_made(command, &sides[i].variant, sides[i].input);
    }
    return status ? status : show_diff(options, arena, sides) ? EXIT_OK : EXIT_FAILED;
}

int command_dispatch(const Command *command, int argc, char **argv) {
    DispatchOptions options = {.variant = variant_new()};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    Arena *arena = arena_new();
    status = run(command, &options, arena);
    arena_free(arena);
    temporary_remove_all();
    return status;
}
