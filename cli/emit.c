// `loopwright emit`: an interpreter as IR, assembly, object or executable. What the flags
// ask for becomes one module of mini IR here; the rest is the emitter's (emitter.h).
#include "cli/command.h"
#include "cli/default_loop.h"
#include "cli/emitter.h"
#include "frontend/loop/loop.h"

#include <stdio.h>
#include <string.h>

typedef struct EmitOptions {
    Variant variant;
    const char *input, *output;
    int kind; // EmitterKind
    bool stats;
} EmitOptions;

static const Option option_list[] = {
    {OPTION_TEXT, "-o", "FILE", "where to (`-`: standard output, not for executables)",
     .offset = offsetof(EmitOptions, output)},
    {OPTION_CHOICE, "--emit", emitter_kinds, "default: executable",
     .offset = offsetof(EmitOptions, kind)},
    {OPTION_SWITCH, "--stats", NULL, "what each pass did, on standard error",
     .offset = offsetof(EmitOptions, stats)},
};

const OptionTable command_emit_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_INPUT,
    .words_offset = offsetof(EmitOptions, input),
    .takes_flags = true,
    .variant_offset = offsetof(EmitOptions, variant),
};

// A program is called as its users will: `som` for the default loop, else after the loop. Anything
// else is after the module, in the current folder, as compilers do.
static const char *default_output(const Variant *variant, Arena *arena, const IrModule *module,
                                  EmitterKind kind) {
    if (kind == EMITTER_EXECUTABLE)
        return variant->runtime_count ? loop_snake_case(arena, module->name)
                                      : DEFAULT_LOOP_EXECUTABLE;
    return arena_printf(arena, "%s%s", module->name, emitter_ending(kind));
}

static void print_report(const PassReport *report) {
    Text text = {0};
    pass_report_print(report, false, &text);
    fputs(text_chars(&text), stderr);
    text_free(&text);
}

// Whoever writes over what an interpreter is made of has mistyped something. True after an error.
static bool would_overwrite(const Variant *variant, const char *output) {
    const char *input = NULL;
    if (variant->definition && command_is_same_file(variant->definition, output))
        input = variant->definition;
    for (size_t i = 0; i < variant->runtime_count && !input; i++)
        if (command_is_same_file(variant->runtime[i], output))
            input = variant->runtime[i];
    if (input)
        command_failure("%s would be written over: -o names another file", input);
    return input != NULL;
}

// The verifier runs after each pass: what LLVM makes of a broken module could hardly be traced back
// to the pass that broke it.
static bool emit(const EmitOptions *options) {
    Arena *arena = arena_new();
    PassReport report = {.arena = arena};
    PipelineRun run = {.verify_each = true, .stream = stderr, .report = &report};
    IrModule *module = variant_module(&options->variant, arena, NULL, false, &run);
    if (module && options->stats)
        print_report(&report);
    const char *output = options->output;
    EmitterKind kind = (EmitterKind)options->kind;
    if (module && !output)
        output = default_output(&options->variant, arena, module, kind);
    bool good = module && !would_overwrite(&options->variant, output) &&
                emitter_emit(&options->variant, arena, module, kind, output);
    arena_free(arena);
    return good;
}

int command_emit(const Command *command, int argc, char **argv) {
    EmitOptions options = {.variant = variant_new(), .kind = EMITTER_EXECUTABLE};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    bool is_stream = options.output && strcmp(options.output, "-") == 0;
    if (is_stream && (options.kind == EMITTER_EXECUTABLE || options.kind == EMITTER_SHARED))
        return command_usage_error(command, "what is linked can't go to standard output");
    if (options.kind == EMITTER_SHARED &&
        llvm_flags_is(&options.variant.llvm, LLVM_FLAG_PIC, "off"))
        return command_usage_error(command, "a shared library can be anywhere: --no-pic is for "
                                            "objects and programs");
    if (options.input)
        options.variant.definition = options.input;
    if (options.variant.runtime_count && options.kind != EMITTER_EXECUTABLE &&
        options.kind != EMITTER_SHARED)
        command_note("--runtime= is for what is linked: there is nothing of it in what is emitted");
    return emit(&options) ? EXIT_OK : EXIT_FAILED;
}
