// What the tests of the syntax room share: parse a text, look at its tree as a
// fully bracketed line, compare the errors.
#ifndef TESTS_UNIT_SYNTAX_PARSING_H
#define TESTS_UNIT_SYNTAX_PARSING_H

#include "frontend/syntax/parse.h"
#include "support/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct Parsed {
    Arena *arena;
    AstFile *file;  // NULL if there were errors
    char *messages; // as printed
    int errors;
} Parsed;

static inline Parsed parse_bytes(const char *source, size_t length) {
    Parsed parsed = {.arena = arena_new()};
    size_t size;
    FILE *stream = open_memstream(&parsed.messages, &size);
    Diagnostics diagnostics = {.source = {"f", source, length}, .stream = stream};
    parsed.file = syntax_parse_file(parsed.arena, &diagnostics);
    parsed.errors = diagnostics.errors;
    fclose(stream);
    assert_true((parsed.file == NULL) == (parsed.errors > 0));
    return parsed;
}

// Parses a text that has to be right.
static inline Parsed parse(const char *source) {
    Parsed parsed = parse_bytes(source, strlen(source));
    assert_string_equal(parsed.messages, "");
    return parsed;
}

static inline void release(Parsed *parsed) {
    arena_free(parsed->arena);
    free(parsed->messages);
}

// The lines of `messages` that say what is wrong, without the source shown.
static inline char *error_lines(const char *messages) {
    Text lines = {0};
    text_add(&lines, "");
    for (const char *line = messages; *line;) {
        const char *end = strchr(line, '\n');
        const char *error = strstr(line, ": error: ");
        if (error && error < end && strncmp(line, "f:", 2) == 0) {
            text_add_bytes(&lines, line + 2, (size_t)(error - line) - 2);
            text_add_bytes(&lines, error + 7, (size_t)(end - error) - 7 + 1);
        }
        line = end + 1;
    }
    return lines.chars;
}

// `source` has exactly these errors: lines of `line:column: message`.
static inline void assert_errors_in(const char *source, size_t length, const char *expected) {
    Parsed parsed = parse_bytes(source, length);
    char *lines = error_lines(parsed.messages);
    assert_string_equal(lines, expected);
    free(lines);
    release(&parsed);
}

static inline void assert_errors(const char *source, const char *expected) {
    assert_errors_in(source, strlen(source), expected);
}

static inline void show_shape(Text *text, const AstExpression *expression);

static inline void show_names(Text *text, const char *before, AstVariables variables) {
    for (size_t i = 0; i < variables.count; i++)
        text_addf(text, " %s%s", before, variables.items[i].name);
}

static inline void show_block(Text *text, const AstBlock *block) {
    text_add(text, "[");
    show_names(text, ":", block->arguments);
    show_names(text, "|", block->locals);
    for (size_t i = 0; i < block->statements.count; i++) {
        text_add(text, " ");
        show_shape(text, block->statements.items[i]);
        text_add(text, ".");
    }
    text_add(text, " ]");
}

// One expression with brackets around every send, `receiver selector argument…`.
static inline void show_shape(Text *text, const AstExpression *expression) {
    switch (expression->kind) {
    case AST_VARIABLE: text_add(text, expression->variable.name); break;
    case AST_ASSIGNMENT:
        text_addf(text, "{%s := ", expression->assignment.name);
        show_shape(text, expression->assignment.value);
        text_add(text, "}");
        break;
    case AST_SEND:
        text_add(text, "(");
        show_shape(text, expression->send.receiver);
        text_addf(text, " %s", expression->send.selector);
        for (size_t i = 0; i < expression->send.arguments.count; i++) {
            text_add(text, " ");
            show_shape(text, expression->send.arguments.items[i]);
        }
        text_add(text, ")");
        break;
    case AST_BLOCK: show_block(text, expression->block); break;
    case AST_RETURN:
        text_add(text, "^");
        show_shape(text, expression->returned);
        break;
    case AST_INTEGER: text_add(text, expression->digits); break;
    case AST_DOUBLE: text_addf(text, "%g!", expression->number); break;
    case AST_STRING: text_addf(text, "'%s'", expression->text.chars); break;
    case AST_SYMBOL: text_addf(text, "#%s", expression->text.chars); break;
    case AST_ARRAY:
        text_add(text, "#(");
        for (size_t i = 0; i < expression->elements.count; i++) {
            text_add(text, " ");
            show_shape(text, expression->elements.items[i]);
        }
        text_add(text, " )");
        break;
    }
}

// The body of the first method of the first class.
static inline const AstBlock *body_of(const Parsed *parsed) {
    return parsed->file->classes.items[0]->methods.items[0]->body;
}

// `code`, the inside of a method, has this shape.
static inline void assert_shape(const char *code, const char *expected) {
    Text source = {0}, shape = {0};
    text_addf(&source, "A = ( m = ( %s ) )", code);
    Parsed parsed = parse(source.chars);
    show_block(&shape, body_of(&parsed));
    char *inside = shape.chars + 1;
    inside[strlen(inside) - 2] = '\0';
    assert_string_equal(*inside ? inside + 1 : inside, expected);
    release(&parsed);
    text_free(&source);
    text_free(&shape);
}

#endif
