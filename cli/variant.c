// See variant.h. A flag is the pipeline's (passes/manager), LLVM's (backend/llvm/flags), or
// one of the few that are left, which are here; each asks in turn whether it is its own.
#include "cli/variant.h"

#include "cli/command.h"
#include "cli/default_loop.h"
#include "frontend/loop/include.h"
#include "frontend/loop/loop.h"
#include "ir/text/text.h"
#include "ir/verify/verify.h"
#include "passes/manager/plugin.h"
#include "support/choice.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_LEVEL = 2 };

static const char code_choices[] = VARIANT_CODE_CHOICES, load[] = "--load-pass=";

Variant variant_new(void) {
    return (Variant){0};
}

// ---- Flags ------------------------------------------------------------------------------

// What follows `prefix` in `flag`, or NULL.
static const char *value_of(const char *flag, const char *prefix) {
    size_t length = strlen(prefix);
    return strncmp(flag, prefix, length) == 0 ? flag + length : NULL;
}

// The message repeats the flag up to its `=`, whichever it is.
static PipelineFlag take_choice(const char *flag, const char *value, const char *choices,
                                int *chosen, Text *error) {
    *chosen = choice_find(choices, value);
    if (*chosen >= 0)
        return PIPELINE_TAKEN;
    text_addf(error, "'%s' is not one of %.*s%s", flag, (int)(value - flag), flag, choices);
    return PIPELINE_WRONG;
}

// A source, an object, an archive, a library, or a word for the linker. What it is, is told by its
// name, as with compilers.
static PipelineFlag take_runtime(Variant *variant, const char *file, Text *error) {
    static const char *const endings[] = {".c", ".o", ".a", ".so"};
    bool known = (strncmp(file, "-l", 2) == 0 || strncmp(file, "-L", 2) == 0) && file[2];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        known = known || (file[0] != '-' && text_ends_with(file, endings[i]));
    if (!known)
        text_addf(error,
                  "--runtime=%s: a C source (.c), an object (.o), an archive (.a), a shared "
                  "library (.so) or -lNAME is wanted",
                  file);
    else if (variant->runtime_count == VARIANT_MOST_RUNTIME)
        text_addf(error, "more than %d files of a runtime", VARIANT_MOST_RUNTIME);
    else
        variant->runtime[variant->runtime_count++] = file;
    return error->length ? PIPELINE_WRONG : PIPELINE_TAKEN;
}

// A `main` is a whole program's, and needs no entry.
static PipelineFlag take_entry(Variant *variant, const char *name, Text *error) {
    bool good = isalpha((unsigned char)*name) || *name == '_';
    for (const char *letter = name; *letter; letter++)
        good = good && (isalnum((unsigned char)*letter) || *letter == '_');
    good = good && strcmp(name, "main") != 0 && strcmp(name, "interpret") != 0;
    if (!good)
        text_addf(error,
                  "--entry=%s: the name of a C function is wanted, other than `main` and "
                  "`interpret`",
                  name);
    variant->entry = name;
    return good ? PIPELINE_TAKEN : PIPELINE_WRONG;
}

void variant_default_loop(Variant *variant, const Variant *other) {
    if (!variant->definition)
        variant->definition = other->definition;
    if (!variant->entry)
        variant->entry = other->entry;
    if (variant->runtime_count)
        return;
    memcpy(variant->runtime, other->runtime, sizeof variant->runtime);
    variant->runtime_count = other->runtime_count;
}

// Takes a flag that is neither the pipeline's nor LLVM's.
static PipelineFlag take_own(Variant *variant, const char *flag, Text *error) {
    const char *value;
    if ((value = value_of(flag, "--definition="))) {
        variant->definition = value;
        if (*value)
            return PIPELINE_TAKEN;
        text_add(error, "no file is given by --definition=");
        return PIPELINE_WRONG;
    }
    if ((value = value_of(flag, "--runtime=")) || (value = value_of(flag, "--externals=")))
        return take_runtime(variant, value, error);
    if ((value = value_of(flag, "--entry=")))
        return take_entry(variant, value, error);
    if (value_of(flag, load)) // variant_load_passes has taken it
        return PIPELINE_TAKEN;
    if ((value = value_of(flag, "--code=")))
        return take_choice(flag, value, code_choices, &variant->code, error);
    if ((value = value_of(flag, "--llvm="))) {
        int chosen;
        PipelineFlag taken = take_choice(flag, value, VARIANT_LLVM_VERSIONS, &chosen, error);
        variant->llvm_version = atoi(value);
        return taken;
    }
    return PIPELINE_NOT_MINE;
}

// No two of them have a flag of the same name, so the order of asking doesn't matter.
static PipelineFlag take_flag(Variant *variant, const char *flag, Text *error) {
    PipelineFlag taken = pipeline_take_flag(&variant->passes, flag, error);
    if (taken != PIPELINE_NOT_MINE)
        return taken;
    switch (llvm_flags_take(&variant->llvm, flag, error)) {
    case LLVM_FLAG_TAKEN: return PIPELINE_TAKEN;
    case LLVM_FLAG_WRONG: return PIPELINE_WRONG;
    case LLVM_FLAG_NOT_MINE: break;
    }
    return take_own(variant, flag, error);
}

PipelineFlag variant_take_flag(Variant *variant, const char *flag, Text *error) {
    PipelineFlag taken = take_flag(variant, flag, error);
    variant->has_flags = variant->has_flags || (taken == PIPELINE_TAKEN && !value_of(flag, load));
    return taken;
}

// As far as can be told before plug-ins are loaded, which is what it's asked for: `-fmine` is a
// flag if a plug-in has a pass `mine`.
static bool is_flag_of_ours(const char *word) {
    return word[0] == '-' && (word[1] == '-' || word[1] == 'O' || word[1] == 'f');
}

// Before a program (`leading`) the search ends with the first word that is none of ours, as
// `--load-pass=` after that is the program's.
PipelineFlag variant_load_passes(int argc, char *const *argv, bool leading, Text *error) {
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (leading && !is_flag_of_ours(argv[i]))
            break;
        const char *file = value_of(argv[i], load);
        if (file && !plugin_load(file, error))
            return PIPELINE_FAILED;
    }
    return PIPELINE_TAKEN;
}

// Words are told apart by white space alone: no flag has a value with a blank in it.
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

// ---- In words ---------------------------------------------------------------------------

// In the order of the registry and not of the command line, and only what was said: so `-fdce
// -fcse` and `-fcse -fdce` print the same, which is what makes them one variant.
static void print_passes(const PipelineRequest *request, Text *out) {
    if (request->passes) {
        text_addf(out, "--passes=%s", request->passes);
        return;
    }
    text_addf(out, "-O%d", request->has_level ? request->level : DEFAULT_LEVEL);
    for (size_t i = 0; i < pass_count(); i++) {
        const struct PipelineToggle *toggle = &request->toggles[i];
        if (!toggle->given)
            continue;
        text_addf(out, " -f%s%s", toggle->on ? "" : "no-", pass_at(i)->name);
        if (toggle->parameter)
            text_addf(out, "=%s", toggle->parameter);
    }
}

void variant_print(const Variant *variant, Text *out) {
    Arena *arena = arena_new();
    const char *words[LLVM_FLAGS + LLVM_MOST_OPTIONS];
    size_t count = llvm_flags_words(&variant->llvm, arena, words);
    print_passes(&variant->passes, out);
    if (variant->code)
        text_addf(out, " --code=%s", choice_at(code_choices, variant->code, arena));
    for (size_t i = 0; i < count; i++)
        text_addf(out, " %s", words[i]);
    arena_free(arena);
}

// The names of a level's passes (-1: of all), in lines of at most `width` letters.
static void add_names(Text *out, int level, size_t width) {
    size_t column = 0;
    for (size_t i = 0; i < pass_count(); i++) {
        const char *name = pass_at(i)->name;
        if (level >= 0 && pass_at(i)->level != level)
            continue;
        if (column && column + strlen(name) + 1 > width) {
            text_add(out, "\n");
            column = 0;
        }
        text_addf(out, "%s%s", column ? " " : "", name);
        column += strlen(name) + 1;
    }
}

void variant_describe_level(int level, Text *out) {
    Text names = {0};
    add_names(&names, level, 72);
    if (level == 0)
        text_addf(out, "%s", names.length ? text_chars(&names) : "no pass");
    else if (names.length)
        text_addf(out, "those of -O%d, and\n%s", level - 1, text_chars(&names));
    else
        text_addf(out, "the same passes as -O%d", level - 1);
    if (level == DEFAULT_LEVEL)
        text_add(out, " (default)");
    text_free(&names);
}

// Asks the registry and the table of LLVM's flags, so that a pass of a plug-in is listed, too.
void variant_describe_flags(Text *out) {
    for (int level = 0; level < PASS_LEVELS; level++) {
        Text passes = {0};
        variant_describe_level(level, &passes);
        options_describe_line(out, (char[]){'-', 'O', (char)('0' + level), '\0'},
                              text_chars(&passes));
        text_free(&passes);
    }
    options_describe_line(out, "-fNAME[=PARAMETER], -fno-NAME",
                          "one pass on or off, at its place in the order");
    options_describe_line(out, "--passes=A,B=P,...", "exactly these passes; empty: none");
    options_describe_line(out, "--load-pass=FILE.so", "passes of a plug-in");
    options_describe_line(out, "--definition=FILE",
                          "another loop: a definition (.som) or a module (.mir)");
    options_describe_line(
        out, "--runtime=FILE",
        "what such a loop is linked with: C sources, objects, archives,\n"
        "shared libraries, -lNAME; once for each (--externals= is its older name)");
    options_describe_line(out, "--entry=NAME",
                          "its function that runs a program (default: " LOOP_RUNTIME_ENTRY ")");
    options_describe_line(out, "--code=verified|any",
                          "for code that the bytecode verifier has passed (default), or any");
    options_describe_line(out, "--llvm=" VARIANT_LLVM_VERSIONS,
                          "which LLVM (default: the newest found)");
    llvm_flags_describe(options_describe_line, out);
    text_add(out, "\npasses (loopwright passes):\n");
    Text names = {0};
    add_names(&names, -1, 88);
    for (const char *c = text_chars(&names); *c; c++) {
        if (c == text_chars(&names) || c[-1] == '\n')
            text_add(out, "  ");
        text_add_bytes(out, c, 1);
    }
    text_add(out, "\n");
    text_free(&names);
}

// ---- The module -------------------------------------------------------------------------

// What a file is, is told by its name, as with compilers; what comes from standard input is a
// module.
bool variant_reads(const char *file) {
    return strcmp(file, "-") == 0 || text_ends_with(file, ".mir") || text_ends_with(file, ".som");
}

// Reads a file of a loop, and begins to report errors in it. False after an error on stderr.
static bool read_loop(const char *file, Text *text, Diagnostics *diagnostics) {
    if (!text_read_file(text, file))
        return !command_failure("can't read %s: %s", command_input_name(file), strerror(errno));
    *diagnostics = (Diagnostics){.source = {.name = strcmp(file, "-") == 0 ? "<stdin>" : file,
                                            .text = text_chars(text),
                                            .length = text->length},
                                 .stream = stderr};
    return true;
}

// Reads and checks the module itself, before any pass.
static IrModule *read_module(const Variant *variant, Arena *arena, const char *file) {
    Text text = {0};
    Diagnostics diagnostics;
    IrModule *module = NULL;
    if (!read_loop(file, &text, &diagnostics)) {
        text_free(&text);
        return NULL;
    }
    if (text_ends_with(file, ".som")) {
        AstFile *tree = loop_parse(arena, &diagnostics);
        LoopOptions options = {.verified = !variant->code};
        module = tree ? loop_lower(arena, &diagnostics, tree, options) : NULL;
    } else {
        module = ir_parse(arena, &diagnostics);
    }
    text_free(&text);
    if (module && !ir_verify_or_report(module, stderr))
        return NULL;
    return module;
}

bool variant_header(const Variant *variant, Arena *arena, Text *header, const char **name) {
    const char *file = variant->definition ? variant->definition : default_loop_definition(arena);
    Text text = {0};
    Diagnostics diagnostics;
    *name = NULL;
    if (!text_ends_with(file, ".som"))
        return true;
    bool good = read_loop(file, &text, &diagnostics);
    AstFile *tree = good ? loop_parse(arena, &diagnostics) : NULL;
    good = tree && loop_header(arena, &diagnostics, tree, header);
    if (good)
        *name = loop_header_name(arena, tree);
    text_free(&text);
    return good;
}

// NAME.profile, where the definition is NAME.som; NULL: there is none.
static const char *profile_of(const char *definition, Arena *arena) {
    if (!text_ends_with(definition, ".som"))
        return NULL;
    int length = (int)(strlen(definition) - strlen(".som"));
    const char *profile = arena_printf(arena, "%.*s.profile", length, definition);
    return access(profile, R_OK) == 0 ? profile : NULL;
}

// A module that somebody wrote by hand, to try one pass on it, should not go through all of -O2
// first: that is what `lenient_mir` is for. A definition is naive and has nothing to lose by it.
IrModule *variant_module(const Variant *variant, Arena *arena, const char *file, bool lenient_mir,
                         PipelineRun *run) {
    if (!file)
        file = variant->definition ? variant->definition : default_loop_definition(arena);
    IrModule *module = read_module(variant, arena, file);
    if (!module)
        return NULL;
    Text error = {0};
    Pipeline pipeline = {0};
    int level = lenient_mir && !text_ends_with(file, ".som") ? -1 : DEFAULT_LEVEL;
    bool good = pipeline_build(&variant->passes, level, module->form, arena, &pipeline, &error);
    if (!good)
        command_failure("%s", text_chars(&error));
    text_free(&error);
    PipelineRun plain = {.verify_each = true, .stream = stderr};
    PipelineRun used = run ? *run : plain;
    used.profile = profile_of(file, arena);
    return good && pipeline_run(&pipeline, module, &used) ? module : NULL;
}
