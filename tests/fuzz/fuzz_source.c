// SOM source: parsed, printed, compiled. What the guest compiler makes has to pass the
// bytecode verifier, versions for on-stack replacement included, and what is printed has to parse.
#include "frontend/syntax/parse.h"
#include "frontend/syntax/print.h"
#include "runtime/bytecodes/disassemble.h"
#include "runtime/verifier/verifier.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FIELDS = 64, MOST_POINTS = 20 };

static void check_sound(const GuestMethod *method, const GuestClassScope *scope) {
    char message[256] = "";
    if (!verifier_check_method(fuzz_bytecodes(), method, (int)scope->field_count, message,
                               sizeof message)) {
        fprintf(stderr, "%s is refused: %s\n", method->selector, message);
        abort();
    }
}

// The version in which the message of an OSR point is sent, besides one other, or with all others.
// A frame that is at the point goes on there, so it has to fit. NULL if it is too large.
static const GuestMethod *check_version(Arena *arena, const AstMethod *tree,
                                        const GuestMethod *method, const GuestOsrPoint *point,
                                        const GuestClassScope *scope, const AstExpression *other) {
    Diagnostics diagnostics = {.stream = NULL};
    const GuestVersion description = {
        .entry = point->send, .sent = &other, .sent_count = other != NULL, .all = !other};
    const GuestMethod *version =
        guest_compile_version(arena, tree, scope, &description, &diagnostics);
    if (!version)
        return NULL;
    check_sound(version, scope);
    const GuestOsrPoint *entry =
        guest_osr_entry(version->osr_entries.items, version->osr_entries.count, point);
    if (!entry || !guest_osr_fits(point, entry) ||
        !guest_same_contexts(&method->around, &version->around) ||
        method->local_count != version->local_count) {
        fprintf(stderr, "%s: a frame can't go on where %s is sent\n", tree->selector,
                point->send->send.selector);
        abort();
    }
    return version;
}

// A version has OSR points of its own, some of them in code that the method doesn't reach.
static void check_versions(Arena *arena, const AstMethod *tree, const GuestMethod *method,
                           const GuestClassScope *scope) {
    for (size_t i = 0; i < method->osr_points.count && i < MOST_POINTS; i++) {
        const GuestOsrPoint *point = &method->osr_points.items[i];
        check_version(arena, tree, method, point, scope, NULL);
        const GuestMethod *version = check_version(arena, tree, method, point, scope, point->send);
        for (size_t j = 0; version && j < version->osr_points.count && j < MOST_POINTS; j++)
            check_version(arena, tree, version, &version->osr_points.items[j], scope, point->send);
    }
    for (size_t i = 0; i < method->literals.count; i++)
        if (method->literals.items[i].kind == GUEST_BLOCK)
            check_versions(arena, tree, method->literals.items[i].block, scope);
}

static void compile_methods(Arena *arena, Diagnostics *diagnostics, const AstMethods *methods,
                            const GuestClassScope *scope) {
    for (size_t i = 0; i < methods->count; i++) {
        GuestMethod *method = guest_compile(arena, methods->items[i], scope, diagnostics);
        if (!method || method->is_primitive)
            continue;
        check_sound(method, scope);
        check_versions(arena, methods->items[i], method, scope);
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
