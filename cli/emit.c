// `loopwright emit`: an interpreter as IR, assembly, object or executable.
#include "cli/command.h"
#include "cli/emitter.h"

#include <stdio.h>
#include <string.h>

typedef struct EmitOptions {
    Variant variant;
    const char *input, *output;
    EmitKind kind;
    bool stats, help;
} EmitOptions;

static const struct {
    const char *name, *ending;
} kinds[] = {[EMIT_MIR] = {"mir", ".mir"},
             [EMIT_LLVM_IR] = {"llvm-ir", ".ll"},
             [EMIT_ASSEMBLY] = {"assembly", ".s"},
             [EMIT_OBJECT] = {"object", ".o"},
             [EMIT_EXECUTABLE] = {"executable", ""}};

static bool take_kind(EmitOptions *options, const char *name) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0) {
            options->kind = (EmitKind)i;
            return true;
        }
    return false;
}

static int parse_options(const Command *command, EmitOptions *options, int argc, char **argv) {
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
        } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            options->help = true;
        } else if (strcmp(word, "-o") == 0 && i + 1 < argc && argv[i + 1][0]) {
            options->output = argv[++i];
        } else if (strcmp(word, "--stats") == 0) {
            options->stats = true;
        } else if (strncmp(word, "--emit=", 7) == 0) {
            if (!take_kind(options, word + 7))
                return command_usage_error(
                    command, "'%s': KIND is mir, llvm-ir, assembly, object or executable", word);
        } else {
            status = command_take_flag(command, &options->variant, word);
        }
        if (status)
            return status;
    }
    if (options->kind == EMIT_EXECUTABLE && options->output && strcmp(options->output, "-") == 0)
        return command_usage_error(command, "an executable can't go to standard output");
    return EXIT_OK;
}

static const char *default_output(Arena *arena, const IrModule *module, EmitKind kind) {
    if (kind == EMIT_EXECUTABLE)
        return "som";
    return arena_printf(arena, "%s%s", module->name, kinds[kind].ending);
}

int command_emit(const Command *command, int argc, char **argv) {
    EmitOptions options = {.variant = variant_new(), .kind = EMIT_EXECUTABLE};
    int status = parse_options(command, &options, argc, argv);
    if (status)
        return status;
    if (options.help)
        return command_help(command);
    Arena *arena = arena_new();
    PassReport report = {.arena = arena};
    PipelineRun run = {.verify_each = true, .stream = stderr, .report = &report};
    IrModule *module = variant_module(&options.variant, arena, options.input, false, &run);
    if (module && options.stats) {
        Text text = {0};
        pass_report_print(&report, false, &text);
        fputs(text_chars(&text), stderr);
        text_free(&text);
    }
    const char *output = options.output;
    if (module && !output)
        output = default_output(arena, module, options.kind);
    bool good = module && emitter_emit(&options.variant, arena, module, options.kind, output);
    arena_free(arena);
    return good ? EXIT_OK : EXIT_FAILED;
}
