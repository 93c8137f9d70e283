// What the tests of the guest compiler share: compile a method of a class with the fields
// `f` and `g`, have the bytecode verified, and compare its listing or its errors.
#ifndef TESTS_UNIT_GUEST_COMPILING_H
#define TESTS_UNIT_GUEST_COMPILING_H

#include "frontend/syntax/parse.h"
#include "runtime/bytecodes/disassemble.h"
#include "runtime/bytecodes/image.h"
#include "runtime/verifier/verifier.h"
#include "tests/unit/guest_symbolic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const guest_fields[] = {"f", "g"};
static const GuestClassScope guest_class = {"C", guest_fields, 2, 0};

typedef struct Compiled {
    Arena *arena;
    const Bytecodes *bytecodes;
    GuestMethod *method; // NULL if there were errors
    char *messages;
} Compiled;

static inline Compiled start_compiling(void) {
    Compiled compiled = {.arena = arena_new()};
    compiled.bytecodes = image_read(compiled.arena, INTERPRETER_IMAGE, stderr);
    return compiled;
}

// Compiles the first method of the class body `source`.
static inline Compiled compile(const char *source) {
    Compiled compiled = start_compiling();
    char *text = arena_printf(compiled.arena, "C = ( | f g |\n%s\n)", source);
    size_t size;
    FILE *stream = open_memstream(&compiled.messages, &size);
    Diagnostics diagnostics = {.source = {"C.som", text, strlen(text)}, .stream = stream};
    AstFile *file = syntax_parse_file(compiled.arena, &diagnostics);
    if (file)
        compiled.method = guest_compile(compiled.arena, file->classes.items[0]->methods.items[0],
                                        &guest_class, &diagnostics);
    fclose(stream);
    assert_true((compiled.method == NULL) == (diagnostics.errors > 0));
    return compiled;
}

static inline void release(Compiled *compiled) {
    arena_free(compiled->arena);
    free(compiled->messages);
}

static inline Compiled compile_sound(const char *source) {
    Compiled compiled = compile(source);
    assert_string_equal(compiled.messages, "");
    char message[200] = "";
    if (!compiled.method->is_primitive &&
        !verifier_check_method(compiled.bytecodes, compiled.method, 2, message, sizeof message))
        fail_msg("%s\n%s", source, message);
    return compiled;
}

// Compares with `expected`, as guest_symbolic.h has it.
static inline void check_code(const char *source, const char *expected) {
    Compiled compiled = compile_sound(source);
    Text text = {0};
    add_symbolic(&text, compiled.bytecodes, compiled.method, &guest_class);
    assert_string_equal(text_chars(&text), expected);
    text_free(&text);
    release(&compiled);
}

static inline void check_listing(const char *source, const char *expected) {
    Compiled compiled = compile_sound(source);
    Text text = {0};
    disassemble_method(&text, compiled.bytecodes, compiled.method, &guest_class, false);
    assert_string_equal(text_chars(&text), expected);
    text_free(&text);
    release(&compiled);
}

// `expected` is the first line of the first error, without the file's name.
static inline void check_error(const char *source, const char *expected) {
    Compiled compiled = compile(source);
    assert_null(compiled.method);
    char *end = strchr(compiled.messages, '\n');
    assert_non_null(end);
    *end = 0;
    assert_true(strncmp(compiled.messages, "C.som:", 6) == 0);
    assert_string_equal(compiled.messages + 6, expected);
    release(&compiled);
}

#endif
