// See variant.h.
#include "cli/variant.h"

#include "cli/command.h"
#include "cli/process.h"
#include "frontend/loop/loop.h"
#include "frontend/syntax/parse.h"
#include "ir/text/text.h"
#include "ir/verify/verify.h"
#include "passes/manager/plugin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// SOM's: the installed one, beside the folder of the installed program; else the one of
// the source tree that this was built from.
static const char *default_definition(Arena *arena) {
    const char *installed =
        arena_printf(arena, "%s/../share/loopwright/Interpreter.som", process_own_folder());
    return access(installed, R_OK) == 0 ? installed
                                        : LOOPWRIGHT_SOURCE_DIR "/runtime/Interpreter.som";
}

// The flags besides those of the passes: what each may be set to, and its help.
typedef enum FlagKind { FLAG_CODE, FLAG_TAIL_DUP, FLAG_ALIAS, FLAG_SANITIZE, FLAG_LLVM } FlagKind;

static const struct {
    const char *name; // up to and with `=`
    const char *choices[3];
    FlagKind kind;
    const char *syntax, *help;
} flags[] = {
    {"--code=",
     {"verified", "any"},
     FLAG_CODE,
     "--code=verified|any",
     "for code that the bytecode verifier has passed (default), or any"},
    {"--llvm=", {"19", "22"}, FLAG_LLVM, "--llvm=19|22", "which LLVM (default: the newest found)"},
    {"--llvm-tail-dup=",
     {"off", "on"},
     FLAG_TAIL_DUP,
     "--llvm-tail-dup=off|on",
     "may LLVM duplicate the dispatch by itself? (default: off)"},
    {"--llvm-alias=",
     {"none", "full"},
     FLAG_ALIAS,
     "--llvm-alias=none|full",
     "tell LLVM which memory regions don't overlap (default: none)"},
    {"--sanitize=",
     {"address", "thread"},
     FLAG_SANITIZE,
     "--sanitize=address|thread",
     "instrument the interpreter itself"},
};

Variant variant_new(void) {
    return (Variant){.code = "verified", .tail_dup = "off", .alias = "none"};
}

static void set_flag(Variant *variant, FlagKind kind, const char *choice) {
    switch (kind) {
    case FLAG_CODE: variant->code = choice; break;
    case FLAG_TAIL_DUP: variant->tail_dup = choice; break;
    case FLAG_ALIAS: variant->alias = choice; break;
    case FLAG_SANITIZE: variant->sanitize = choice; break;
    case FLAG_LLVM: variant->llvm = atoi(choice); break;
    }
}

static const char load[] = "--load-pass=";

PipelineFlag variant_take_flag(Variant *variant, const char *flag, Text *error) {
    PipelineFlag taken = pipeline_take_flag(&variant->passes, flag, error);
    if (taken != PIPELINE_NOT_MINE)
        return taken;
    static const char definition[] = "--definition=";
    if (strncmp(flag, definition, sizeof definition - 1) == 0) {
        variant->definition = flag + sizeof definition - 1;
        if (*variant->definition)
            return PIPELINE_TAKEN;
        text_addf(error, "no file is given by %s", definition);
        return PIPELINE_WRONG;
    }
    if (strncmp(flag, load, sizeof load - 1) == 0) // by variant_load_passes
        return PIPELINE_TAKEN;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        size_t length = strlen(flags[i].name);
        if (strncmp(flag, flags[i].name, length) != 0)
            continue;
        for (size_t c = 0; c < 3 && flags[i].choices[c]; c++)
            if (strcmp(flag + length, flags[i].choices[c]) == 0) {
                set_flag(variant, flags[i].kind, flags[i].choices[c]);
                return PIPELINE_TAKEN;
            }
        text_addf(error, "'%s' is not one of %s", flag, flags[i].syntax);
        return PIPELINE_WRONG;
    }
    return PIPELINE_NOT_MINE;
}

static bool is_flag_of_ours(const char *word) {
    return word[0] == '-' && (word[1] == '-' || word[1] == 'O' || word[1] == 'f');
}

PipelineFlag variant_load_passes(int argc, char *const *argv, bool leading, Text *error) {
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (leading && !is_flag_of_ours(argv[i]))
            break;
        if (strncmp(argv[i], load, sizeof load - 1) == 0 &&
            !plugin_load(argv[i] + sizeof load - 1, error))
            return PIPELINE_FAILED;
    }
    return PIPELINE_TAKEN;
}

bool variant_parse(Variant *variant, Arena *arena, const char *words, Text *error) {
    ARENA_VECTOR(char *) list = {0};
    char *rest = arena_strdup(arena, words);
    for (char *word; (word = strtok_r(rest, " \t\n", &rest));)
        ARENA_PUSH(arena, &list, word);
    if (variant_load_passes((int)list.count, list.items, false, error) != PIPELINE_TAKEN)
        return false;
    for (size_t i = 0; i < list.count; i++) {
        const char *word = list.items[i];
        PipelineFlag taken = variant_take_flag(variant, word, error);
        if (taken == PIPELINE_NOT_MINE)
            text_addf(error, "unknown flag '%s'", word);
        if (taken != PIPELINE_TAKEN)
            return false;
    }
    return true;
}

void variant_describe_flags(Text *out) {
    text_add(out, "  -O0 -O1 -O2           no optimisation; the usual; the best so far (default)\n"
                  "  -fNAME[=PARAMETER], -fno-NAME  one pass on or off, at its place in the order\n"
                  "  --passes=A,B=P,...    exactly these passes; empty: none\n"
                  "  --load-pass=FILE.so   passes of a plug-in\n"
                  "  --definition=FILE     another loop: a definition (.som) or a module (.mir)\n");
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        text_addf(out, "  %s\n                        %s\n", flags[i].syntax, flags[i].help);
    text_add(out, "\npasses (loopwright passes):\n ");
    size_t column = 1;
    for (size_t i = 0; i < pass_count(); i++) {
        const char *name = pass_at(i)->name;
        if (column + strlen(name) + 1 > 90) {
            text_add(out, "\n ");
            column = 1;
        }
        text_addf(out, " %s", name);
        column += strlen(name) + 1;
    }
    text_add(out, "\n");
}

static bool has_ending(const char *file, const char *ending) {
    size_t length = strlen(file), wanted = strlen(ending);
    return length >= wanted && strcmp(file + length - wanted, ending) == 0;
}

// Reads and checks the module itself, before any pass.
static IrModule *read_module(const Variant *variant, Arena *arena, const char *file) {
    Text text = {0};
    if (!text_read_file(&text, file)) {
        command_failure("can't read %s: %s", command_input_name(file), strerror(errno));
        text_free(&text);
        return NULL;
    }
    Diagnostics diagnostics = {.source = {.name = strcmp(file, "-") == 0 ? "<stdin>" : file,
                                          .text = text_chars(&text),
                                          .length = text.length},
                               .stream = stderr};
    IrModule *module = NULL;
    if (has_ending(file, ".som")) {
        AstFile *tree = syntax_parse_file(arena, &diagnostics);
        LoopOptions options = {.verified = strcmp(variant->code, "verified") == 0};
        module = tree ? loop_lower(arena, &diagnostics, tree, options) : NULL;
    } else {
        module = ir_parse(arena, &diagnostics);
    }
    text_free(&text);
    if (module && !ir_verify_or_report(module, stderr))
        return NULL;
    return module;
}

IrModule *variant_module(const Variant *variant, Arena *arena, const char *file, bool lenient_mir,
                         PipelineRun *run) {
    if (!file)
        file = variant->definition ? variant->definition : default_definition(arena);
    IrModule *module = read_module(variant, arena, file);
    if (!module)
        return NULL;
    Text error = {0};
    Pipeline pipeline = {0};
    int level = lenient_mir && !has_ending(file, ".som") ? -1 : 2;
    bool good = pipeline_build(&variant->passes, level, module->form, arena, &pipeline, &error);
    if (!good)
        fprintf(stderr, "loopwright: error: %s\n", text_chars(&error));
    text_free(&error);
    PipelineRun plain = {.verify_each = true, .stream = stderr};
    return good && pipeline_run(&pipeline, module, run ? run : &plain) ? module : NULL;
}

void variant_identity(const Variant *variant, Text *out) {
    text_addf(out, "llvm %d, tail-dup %s, alias %s, sanitize %s", variant->llvm, variant->tail_dup,
              variant->alias, variant->sanitize ? variant->sanitize : "none");
}
