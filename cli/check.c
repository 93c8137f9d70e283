// `loopwright check`: what is wrong with a definition or a module, and nothing else. All that
// would refuse it later on, before LLVM, is asked here: the parser, the lowering, the names in the
// generated header, the IR's verifier. No pass runs, so an editor may call it at each key.
#include "cli/command.h"
#include "frontend/loop/include.h"
#include "frontend/loop/loop.h"
#include "ir/text/text.h"
#include "ir/verify/verify.h"

#include <errno.h>
#include <string.h>

typedef struct CheckOptions {
    const char *input;
} CheckOptions;

const OptionTable command_check_options = {
    .words = WORDS_INPUT,
    .words_offset = offsetof(CheckOptions, input),
};

// What the header can't say is looked for only where all else is right: it goes through the
// definition once more, and would report everything again.
static bool check_definition(Arena *arena, Diagnostics *diagnostics) {
    AstFile *file = loop_parse(arena, diagnostics);
    IrModule *module =
        file ? loop_lower(arena, diagnostics, file, (LoopOptions){.verified = true}) : NULL;
    Text header = {0};
    bool good = module && loop_header(arena, diagnostics, file, &header);
    text_free(&header);
    return module && ir_verify_or_report(module, stderr) && good;
}

static bool check_module(Arena *arena, Diagnostics *diagnostics) {
    IrModule *module = ir_parse(arena, diagnostics);
    return module && ir_verify_or_report(module, stderr);
}

static bool check(const char *input) {
    Text text = {0};
    if (!text_read_file(&text, input)) {
        command_failure("can't read %s: %s", command_input_name(input), strerror(errno));
        text_free(&text);
        return false;
    }
    Diagnostics diagnostics = {.source = {.name = strcmp(input, "-") == 0 ? "<stdin>" : input,
                                          .text = text_chars(&text),
                                          .length = text.length},
                               .stream = stderr};
    const char *ending = strrchr(input, '.');
    Arena *arena = arena_new();
    bool good = ending && strcmp(ending, ".som") == 0 ? check_definition(arena, &diagnostics)
                                                      : check_module(arena, &diagnostics);
    arena_free(arena);
    text_free(&text);
    return good;
}

int command_check(const Command *command, int argc, char **argv) {
    CheckOptions options = {0};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    if (!options.input)
        return command_usage_error(command, "no definition is given");
    if (!variant_reads(options.input))
        return command_usage_error(command, "%s: a definition (.som) or a module (.mir) is wanted",
                                   options.input);
    return check(options.input) ? EXIT_OK : EXIT_FAILED;
}
