// `loopwright dispatch`: what an interpreter does between two bytecodes, read from its
// machine code. The reading is backend/anatomy's, which has the definitions; here is the
// command line. It takes an object and not an executable, because an object still has its
// relocations, and these say which table a jump goes through; or the flags of an interpreter, of
// which it makes the object.
#include "backend/anatomy/dispatch_report.h"
#include "cli/command.h"
#include "cli/emitter.h"
#include "support/interruption.h"

#include <string.h>

typedef struct DispatchOptions {
    Variant variant;
    const char *input, *counts, *bytecode;
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
    .words_offset = offsetof(DispatchOptions, input),
    .takes_flags = true,
    .variant_offset = offsetof(DispatchOptions, variant),
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

// No input is the default loop, by the flags' definition.
static bool is_object(const char *input) {
    return input && !variant_reads(input);
}

static bool has_flags(int argc, char **argv) {
    Variant taken = variant_new();
    Text error = {0};
    bool found = false;
    for (int i = 0; !found && i < argc && strcmp(argv[i], "--") != 0; i++)
        found = *argv[i] == '-' && variant_take_flag(&taken, argv[i], &error) != PIPELINE_NOT_MINE;
    text_free(&error);
    return found;
}

// The object that the flags ask for, in a temporary file; NULL after an error on stderr.
static const char *emit_object(Arena *arena, const DispatchOptions *options) {
    PipelineRun run = {.verify_each = true, .stream = stderr};
    IrModule *module = variant_module(&options->variant, arena, options->input, false, &run);
    const char *mir = module ? emitter_temporary_module(arena, module) : NULL;
    Text object = {0};
    bool made = mir && emitter_compile(&options->variant, arena, EMITTER_OBJECT, mir, &object);
    const char *path = made ? emitter_temporary(arena, &object) : NULL;
    text_free(&object);
    return path;
}

static bool dispatch(const DispatchOptions *options) {
    Arena *arena = arena_new();
    const char *path = is_object(options->input) ? options->input : emit_object(arena, options);
    ObjectFile *object = path ? object_file_open(arena, path) : NULL;
    bool good = object && measure(arena, object, options);
    if (object)
        object_file_close(object);
    arena_free(arena);
    temporary_remove_all();
    return good;
}

int command_dispatch(const Command *command, int argc, char **argv) {
    DispatchOptions options = {.variant = variant_new()};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    if (is_object(options.input) && has_flags(argc, argv))
        return command_usage_error(
            command, "%s is made already: flags are for what is yet to be emitted", options.input);
    return dispatch(&options) ? EXIT_OK : EXIT_FAILED;
}
