// `loopwright disasm`: the bytecode of a SOM class, as the guest compiler makes it. The
// runtime loads the superclasses, so that fields have their places; nothing runs. It is the
// one command about the client and not the workbench: it shows what the loop has to execute.
#include "cli/command.h"
#include "frontend/syntax/parse.h"
#include "runtime/bytecodes/disassemble.h"
#include "runtime/loading/embedded.h"
#include "runtime/loading/loader.h"
#include "runtime/vm.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct DisasmOptions {
    const char *class_path; // NULL: not given
    const char *names[2];   // CLASS or FILE.som; the selector, NULL: every method
} DisasmOptions;

static const Option option_list[] = {
    {OPTION_TEXT, "-cp", "DIR[:DIR...]", "where classes are looked for",
     .offset = offsetof(DisasmOptions, class_path)},
};

const OptionTable command_disasm_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_NAMES,
    .words_offset = offsetof(DisasmOptions, names),
    .most_words = 2,
};

// ---- Finding the class's source -------------------------------------------------------

static bool ends_in_som(const char *name) {
    size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".som") == 0;
}

// Loads the class, with its superclasses, and reads the source that it came from. Classes of the
// core library may be part of this program (embedded) and have no file.
static bool read_class(Vm *vm, const char *name, Text *source, const char **file, Class **class) {
    LoaderResult result = loader_load(vm, name, class);
    if (result == LOADER_NOT_FOUND) {
        char *path = loader_describe_path(vm);
        command_failure("there is no class %s in %s", name, path);
        free(path);
    }
    if (result != LOADER_FOUND)
        return false;
    *file = (*class)->file;
    if (!(*class)->is_embedded) {
        if (text_read_file(source, *file))
            return true;
        command_failure("can't read %s: %s", *file, strerror(errno));
        return false;
    }
    const char *slash = strrchr(*file, '/');
    for (size_t i = 0; i < embedded_file_count; i++)
        if (strcmp(embedded_files[i].name, slash ? slash + 1 : *file) == 0)
            text_add_bytes(source, embedded_files[i].text, embedded_files[i].length);
    return true;
}

// ---- Printing --------------------------------------------------------------------------

typedef struct Printing {
    Arena *arena;
    Diagnostics *diagnostics;
    const Bytecodes *bytecodes; // what opcodes mean, and how long instructions are
    const char *selector;       // NULL: every method
    int printed;                // methods
} Printing;

// Prints the methods of one side. False if one doesn't compile.
static bool print_methods(Printing *printing, const AstMethods *methods,
                          const GuestClassScope *scope) {
    for (size_t i = 0; i < methods->count; i++) {
        const AstMethod *method = methods->items[i];
        if (printing->selector && strcmp(printing->selector, method->selector) != 0)
            continue;
        Text text = {0};
        text_addf(&text, "%s>>", scope->class_name);
        if (method->is_primitive) {
            text_addf(&text, "%s: primitive\n\n", method->selector);
        } else {
            GuestMethod *compiled =
                guest_compile(printing->arena, method, scope, printing->diagnostics);
            if (!compiled) {
                text_free(&text);
                return false;
            }
            disassemble_method(&text, printing->bytecodes, compiled, scope, true);
            text_add(&text, "\n");
        }
        fputs(text_chars(&text), stdout);
        text_free(&text);
        printing->printed++;
    }
    return true;
}

// The two sides are compiled in scopes of their own: a method knows its class by name and fields,
// and a class's methods have those of the metaclass.
static bool print_class(Arena *arena, const Text *source, const char *file, const Class *class,
                        const char *selector) {
    Diagnostics diagnostics = {
        .source = {.name = file, .text = text_chars(source), .length = source->length},
        .stream = stderr};
    AstFile *tree = syntax_parse_file(arena, &diagnostics);
    if (!tree)
        return false;
    const AstClass *ast = tree->classes.items[0];
    const Class *meta = value_class(class->vm, value_of_class(class));
    GuestClassScope instance = {class->name->chars, class->field_names, class->field_count,
                                class->vm->sent},
                    side = {meta->name->chars, meta->field_names, meta->field_count,
                            class->vm->sent};
    Printing printing = {.arena = arena,
                         .diagnostics = &diagnostics,
                         .bytecodes = class->vm->bytecodes,
                         .selector = selector};
    if (!print_methods(&printing, &ast->methods, &instance) ||
        !print_methods(&printing, &ast->class_methods, &side))
        return false;
    if (selector && !printing.printed) {
        command_failure("%s has no method #%s", ast->name, selector);
        return false;
    }
    return true;
}

// A file is looked for in its own folder, as `som FILE.som` does: its superclass may stand beside
// it.
static bool disassemble(const DisasmOptions *options) {
    Arena *arena = arena_new();
    SomOptions machine = {.class_path = options->class_path};
    const char *name = options->names[0];
    if (ends_in_som(name)) {
        machine.directory = dirname(arena_strdup(arena, name));
        const char *base = basename(arena_strdup(arena, name));
        name = arena_strndup(arena, base, strlen(base) - 4);
    }
    if (!loader_is_class_name(name)) {
        command_failure("'%s' can't be a class's name: letters, digits and _ are wanted", name);
        arena_free(arena);
        return false;
    }
    // Nothing is ever run, so no engine is needed, and no opcodes but the definition's.
    Vm *vm = som_new(&machine, &(SomEngine){.image = INTERPRETER_IMAGE});
    Text source = {0};
    const char *file;
    Class *class;
    bool good = vm && read_class(vm, name, &source, &file, &class) &&
                print_class(arena, &source, file, class, options->names[1]);
    text_free(&source);
    if (vm)
        som_free(vm);
    arena_free(arena);
    return good;
}

int command_disasm(const Command *command, int argc, char **argv) {
    DisasmOptions options = {0};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    if (!options.names[0])
        return command_usage_error(command, "no class is given");
    return disassemble(&options) ? EXIT_OK : EXIT_FAILED;
}
