// SOM source: parsed, printed, compiled. What the guest compiler makes has to pass the
// bytecode verifier, and what is printed has to parse.
#include "frontend/syntax/parse.h"
#include "frontend/syntax/print.h"
#include "runtime/bytecodes/disassemble.h"
#include "runtime/verifier/verifier.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FIELDS = 64 };

static void compile_methods(Arena *arena, Diagnostics *diagnostics, const AstMethods *methods,
                            const GuestClassScope *scope) {
    for (size_t i = 0; i < methods->count; i++) {
        GuestMethod *method = guest_compile(arena, methods->items[i], scope, diagnostics);
        if (!method || method->is_primitive)
            continue;
        char message[256] = "";
        if (!verifier_check_method(fuzz_bytecodes(), method, (int)scope->field_count, message,
                                   sizeof message)) {
            fprintf(stderr, "%s is refused: %s\n", method->selector, message);
            abort();
        }
        Text text = {0};
        disassemble_method(&text, fuzz_bytecodes(), method, scope, true);
        text_free(&text);
    }
}

static void compile_side(Arena *arena, Diagnostics *diagnostics, const char *name,
                         const AstVariables *fields, const AstMethods *methods) {
    const char *names[MOST_FIELDS];
    GuestClassScope scope = {.class_name = name, .fields = names};
    while (scope.field_count < fields->count && scope.field_count < MOST_FIELDS) {
        names[scope.field_count] = fields->items[scope.field_count].name;
        scope.field_count++;
    }
    compile_methods(arena, diagnostics, methods, &scope);
}

// Printing is canonical: what is printed parses, and prints to itself.
static void check_printing(Arena *arena, const AstFile *file) {
    Text first = {0}, second = {0};
    syntax_print_file(&first, file);
    Diagnostics diagnostics = {
        .source = {.name = "printed", .text = text_chars(&first), .length = first.length},
        .stream = stderr};
    const AstFile *again = syntax_parse_file(arena, &diagnostics);
    if (!again)
        abort();
    syntax_print_file(&second, again);
    if (strcmp(text_chars(&first), text_chars(&second)) != 0)
        abort();
    text_free(&first);
    text_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_new();
    Diagnostics diagnostics = {
        .source = {.name = "fuzz.som", .text = (const char *)data, .length = size}};
    const AstFile *file = syntax_parse_file(arena, &diagnostics);
    if (file)
        check_printing(arena, file);
    for (size_t i = 0; file && i < file->classes.count; i++) {
        const AstClass *class = file->classes.items[i];
        compile_side(arena, &diagnostics, class->name, &class->fields, &class->methods);
        compile_side(arena, &diagnostics, class->name, &class->class_fields, &class->class_methods);
    }
    arena_free(arena);
    return 0;
}
