// `loopwright dispatch`: what an interpreter does between two bytecodes, read from its
// machine code. The reading is backend/anatomy's, which has the definitions; here is the
// command line. It takes an object and not an executable, because an object still has its
// relocations, and these say which table a jump goes through.
#include "backend/anatomy/dispatch_report.h"
#include "cli/command.h"

typedef struct DispatchOptions {
    const char *object, *counts, *bytecode;
    bool json;
} DispatchOptions;

static const Option option_list[] = {
    {OPTION_SWITCH, "--json", NULL, "data instead of text",
     .offset = offsetof(DispatchOptions, json)},
    {OPTION_TEXT, "--counts", "FILE.json",
     "weigh the bytecodes by the evaluator's counts (`loopwright run\n--engine=eval --counts=`)",
     .offset = offsetof(DispatchOptions, counts)},
    {OPTION_TEXT, "--bytecode", "NAME",
     "show the path of this one (default: one of median length), and\nin text its work",
     .offset = offsetof(DispatchOptions, bytecode)},
};

const OptionTable command_dispatch_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_INPUT,
    .words_offset = offsetof(DispatchOptions, object),
};

static bool print_report(const DispatchReport *report, bool as_json) {
    Text text = {0};
    (as_json ? dispatch_report_json : dispatch_report_text)(report, &text);
    bool good = command_write("-", &text);
    text_free(&text);
    return good;
}

// The weights come before the choice: which bytecode is the median one depends on them.
static bool measure(Arena *arena, const ObjectFile *object, const DispatchOptions *options) {
    DispatchReport *report = dispatch_report_read(arena, object);
    return report && (!options->counts || dispatch_report_weigh(report, options->counts)) &&
           (!options->bytecode || dispatch_report_choose(report, options->bytecode)) &&
           print_report(report, options->json);
}

int command_dispatch(const Command *command, int argc, char **argv) {
    DispatchOptions options = {0};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    if (!options.object)
        return command_usage_error(command, "no object is given");
    Arena *arena = arena_new();
    ObjectFile *object = object_file_open(arena, options.object);
    bool good = object && measure(arena, object, &options);
    if (object)
        object_file_close(object);
    arena_free(arena);
    return good ? EXIT_OK : EXIT_FAILED;
}
