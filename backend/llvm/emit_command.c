// See emit_command.h.
#include "backend/llvm/emit_command.h"

#include "backend/llvm/emit_options.h"
#include "backend/llvm/llvm_options.h"
#include "backend/llvm/lower.h"
#include "backend/llvm/machine.h"
#include "backend/llvm/site_check.h"
#include "ir/text/text.h"
#include "ir/verify/verify.h"
#include "support/text.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int usage_error(const char *message, const char *argument) {
    fprintf(stderr, "loopwright-llvm emit: %s%s%s (--help lists the options)\n", message,
            *argument ? ": " : "", argument);
    return 2;
}

// If `argument` is `NAME=VALUE`, VALUE.
static const char *value_of(const char *argument, const char *name) {
    size_t length = strlen(name);
    return strncmp(argument, name, length) == 0 && argument[length] == '=' ? argument + length + 1
                                                                           : NULL;
}

// The index of `value` in a NULL-terminated list, or -1.
static int choose(const char *value, const char *const *choices) {
    for (int i = 0; choices[i]; i++)
        if (strcmp(value, choices[i]) == 0)
            return i;
    return -1;
}

static const char *const kinds[] = {"object", "assembly", "llvm-ir", NULL};
static const char *const sanitizers[] = {"none", "address", "thread", NULL};
static const char *const switches[] = {"off", "on", NULL};
static const char *const alias_levels[] = {"none", "full", NULL};
static const char *const processors[] = {"generic", "native", NULL};

// Takes one argument of the form `--name=value`. 0, or the exit status of an error.
static int take_choice(EmitOptions *options, const char *argument) {
    static const struct {
        const char *name;
        const char *const *choices;
    } known[] = {{"--kind", kinds},
                 {"--sanitize", sanitizers},
                 {"--llvm-tail-dup", switches},
                 {"--llvm-alias", alias_levels},
                 {"--cpu", processors}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const char *value = value_of(argument, known[i].name);
        if (!value)
            continue;
        int chosen = choose(value, known[i].choices);
        if (chosen < 0)
            return usage_error("no such choice", argument);
        switch (i) {
        case 0: options->kind = (EmitKind)chosen; break;
        case 1: options->sanitizer = (EmitSanitizer)chosen; break;
        case 2: options->tail_duplication = chosen == 1; break;
        case 3: options->alias_facts = chosen == 1; break;
        case 4: options->native = chosen == 1; break;
        }
        return 0;
    }
    return usage_error("unknown option", argument);
}

static int take_option(EmitOptions *options, const char *argument) {
    const char *value;
    if ((value = value_of(argument, "--flags"))) {
        if (strchr(value, '\n'))
            return usage_error("the flags must be one line", "");
        options->flags = value;
        return 0;
    }
    if ((value = value_of(argument, "--llvm-option"))) {
        if (*value != '-' || strchr(value, '\n'))
            return usage_error("an option of LLVM's begins with '-'", argument);
        if (options->extra_count == EMIT_EXTRA_OPTIONS)
            return usage_error("too many options for LLVM", "");
        options->extra[options->extra_count++] = value;
        return 0;
    }
    return take_choice(options, argument);
}

static int take_arguments(EmitOptions *options, int count, char **arguments) {
    for (int i = 0; i < count; i++) {
        const char *argument = arguments[i];
        if (strcmp(argument, "-o") == 0) {
            if (++i == count)
                return usage_error("-o needs a file", "");
            options->output = arguments[i];
        } else if (*argument == '-' && argument[1]) {
            int status = take_option(options, argument);
            if (status != 0)
                return status;
        } else if (options->input) {
            return usage_error("more than one input", argument);
        } else {
            options->input = argument;
        }
    }
    return options->input ? 0 : usage_error("no input", "");
}

static const char *default_output(EmitKind kind) {
    return kind == EMIT_OBJECT ? "interpreter.o" : "-";
}

static IrModule *read_module(Arena *arena, const char *path, Text *text) {
    if (!text_read_file(text, path)) {
        fprintf(stderr, "%s: error: the file can't be read: %s\n", path, strerror(errno));
        return NULL;
    }
    Diagnostics diagnostics = {
        .source = {.name = path, .text = text_chars(text), .length = text->length},
        .stream = stderr};
    IrModule *module = ir_parse(arena, &diagnostics);
    return module && ir_verify_or_report(module, stderr) ? module : NULL;
}

static bool emit(Arena *arena, const IrModule *module, const EmitOptions *options) {
    LLVMTargetMachineRef machine = machine_new(options->native);
    if (!machine)
        return false;
    LLVMContextRef context = LLVMContextCreate();
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
    char *triple = LLVMGetTargetMachineTriple(machine);
    LLVMModuleRef lowered = lower_module(context, module, options, triple, layout, arena);
    bool done = lowered && machine_optimise(machine, lowered, options) &&
                machine_write(machine, lowered, options);
    bool is_readable = options->kind == EMIT_OBJECT && strcmp(options->output, "-") != 0 &&
                       strncmp(triple, "x86_64", 6) == 0 && module->tables.count > 0;
    done = done && (!is_readable || site_check(module, options));
    if (lowered)
        LLVMDisposeModule(lowered);
    LLVMDisposeMessage(triple);
    LLVMDisposeTargetData(layout);
    LLVMContextDispose(context);
    LLVMDisposeTargetMachine(machine);
    return done;
}

int emit_command(int count, char **arguments) {
    EmitOptions options = {0};
    int status = take_arguments(&options, count, arguments);
    if (status != 0)
        return status;
    if (!options.output)
        options.output = default_output(options.kind);
    Arena *arena = arena_new();
    Text text = {0};
    IrModule *module = read_module(arena, options.input, &text);
    bool done = module && llvm_options_set(&options) && emit(arena, module, &options);
    text_free(&text);
    arena_free(arena);
    return done ? 0 : 1;
}
