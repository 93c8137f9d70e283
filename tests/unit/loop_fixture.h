// What the tests of the loop language share: a small definition into which each
// test puts its bytecodes (on line 2) and helpers (on line 4), and comparison of
// the errors, or of the code that a region got.
#ifndef TESTS_UNIT_LOOP_FIXTURE_H
#define TESTS_UNIT_LOOP_FIXTURE_H

#include "frontend/loop/loop.h"
#include "frontend/syntax/parse.h"
#include "ir/text/text.h"
#include "ir/verify/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RECORDS                                                                                    \
    "Thread = Record ( | request <Int64> limit <const Address> | ) "                               \
    "Site = Record ( | kind <Int64> hits <UInt16> | ) "                                            \
    "Method = Record ( | code <const Elements of: UInt16 in: code> "                               \
    "sites <const Elements of: Site> | ) "                                                         \
    "Frame = Record ( | caller <const Frame> method <const Method> pc <Int64 indexes: method "     \
    "code> sp <Elements of: Value in: stack> locals <inline Elements of: Value in: stack> | ) "    \
    "Object = MovableRecord ( | header <Int64> other <Value> "                                     \
    "fields <inline Elements of: Value in: heap> numbers <inline Elements of: UInt8> | ) "         \
    "VM = Externals ( make: n <Int64> <^Value collects> = primitive "                              \
    "square: d <Double> <^Double pure> = primitive "                                               \
    "next <^Frame raises reads: frame> = primitive note = primitive "                              \
    "run: f <Address> with: v <Value> <^Value indirect> = primitive "                              \
    "keep: o <Object> <^ frameless reads: heap> = primitive ) "
#define LOOP                                                                                       \
    "Loop = BytecodeLoop ( | thread <Thread> frame <Frame> | "                                     \
    "unknownBytecode: o <UInt16> = ( self stop )\n"
#define PLACE                                                                                      \
    "\n---- code <^Elements of: UInt16 in: code> = ( ^frame method code ) pc <^Int64> = ( ^frame " \
    "pc ) pc: i <Int64> = ( frame pc: i ) stackPointer <^Elements of: Value in: stack> = ( "       \
    "^frame sp ) push: v <Value> = ( frame sp at: 0 put: v. frame sp: frame sp + 1 ) "             \
    "drop: n <Int64> = ( frame sp: frame sp - n )\n"

typedef struct Lowered {
    Arena *arena;
    IrModule *module; // NULL if there were errors
    char *messages;
} Lowered;

static inline Lowered lower(const char *source) {
    Lowered lowered = {.arena = arena_new()};
    size_t size;
    FILE *stream = open_memstream(&lowered.messages, &size);
    Diagnostics diagnostics = {.source = {"f", source, strlen(source)}, .stream = stream};
    AstFile *file = syntax_parse_file(lowered.arena, &diagnostics);
    if (file)
        lowered.module =
            loop_lower(lowered.arena, &diagnostics, file, (LoopOptions){.verified = true});
    fclose(stream);
    assert_true((lowered.module == NULL) == (diagnostics.errors > 0));
    return lowered;
}

static inline void release(Lowered *lowered) {
    arena_free(lowered->arena);
    free(lowered->messages);
}

// The lines `line:column: message` of errors and notes.
static inline char *message_lines(const char *messages) {
    Text lines = {0};
    text_add(&lines, "");
    for (const char *line = messages; *line;) {
        const char *end = strchr(line, '\n');
        const char *error = strstr(line, ": error: "), *note = strstr(line, ": note: ");
        const char *kind = error && error < end ? error : note && note < end ? note : NULL;
        if (kind && strncmp(line, "f:", 2) == 0) {
            text_add_bytes(&lines, line + 2, (size_t)(kind - line) - 2);
            const char *rest = kind == error ? kind + 7 : kind;
            text_add_bytes(&lines, rest, (size_t)(end - rest) + 1);
        }
        line = end + 1;
    }
    return lines.chars;
}

static inline void assert_file_errors(const char *source, const char *expected) {
    Lowered lowered = lower(source);
    char *lines = message_lines(lowered.messages);
    assert_string_equal(lines, expected);
    free(lines);
    release(&lowered);
}

static inline char *loop_source(const char *bytecodes, const char *helpers) {
    Text text = {0};
    text_addf(&text, "%s%s%s%s%s\n)\n", RECORDS, LOOP, bytecodes, PLACE, helpers);
    return text.chars;
}

// The bytecodes (line 2) and helpers (line 4) have exactly these errors.
static inline void assert_loop_errors(const char *bytecodes, const char *helpers,
                                      const char *expected) {
    char *source = loop_source(bytecodes, helpers);
    assert_file_errors(source, expected);
    free(source);
}

// One bytecode's body, in `b = ( … )` on line 2: column 7 is where it begins.
static inline void assert_body_error(const char *body, const char *expected) {
    Text text = {0};
    text_addf(&text, "b = ( %s )", body);
    assert_loop_errors(text.chars, "", expected);
    text_free(&text);
}

// Lowers what has to be right, and has to pass the IR's verifier.
static inline Lowered lower_loop(const char *bytecodes, const char *helpers) {
    char *source = loop_source(bytecodes, helpers);
    Lowered lowered = lower(source);
    assert_string_equal(lowered.messages, "");
    IrComplaints complaints = {0};
    if (!ir_verify(lowered.module, lowered.arena, &complaints))
        fail_msg("%s: %s", complaints.items[0].rule, complaints.items[0].message);
    free(source);
    return lowered;
}

static inline const IrBytecode *find_entry(const Lowered *lowered, const char *name) {
    const IrTable *table = lowered->module->tables.items[0];
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        if (!strcmp(table->bytecodes.items[i].name, name))
            return &table->bytecodes.items[i];
    }
    fail_msg("no bytecode %s", name);
    return NULL;
}

// The printed code of the first bytecode's region, without locations.
static inline char *region_text(const Lowered *lowered) {
    Text text = {0}, plain = {0};
    const IrFunction *function = lowered->module->functions.items[0];
    for (size_t i = 0; i < function->regions.items[1]->blocks.count; i++) {
        IrInstruction *at = function->regions.items[1]->blocks.items[i]->first;
        for (; at; at = at->next)
            at->at = (Location){0, 0};
    }
    ir_print_function(lowered->module, function, &text);
    const char *begin = strstr(text_chars(&text), "\nregion ");
    begin = strchr(begin + 1, '\n') + 1;
    text_add_bytes(&plain, begin, (size_t)(strstr(begin, "\n}") - begin) + 1);
    text_free(&text);
    return plain.chars;
}

// One bytecode `b: n <Int16> = ( … )` is lowered to exactly this code.
static inline void assert_code(const char *body, const char *helpers, const char *expected) {
    Text text = {0};
    text_addf(&text, "b = ( %s )", body);
    Lowered lowered = lower_loop(text.chars, helpers);
    char *code = region_text(&lowered);
    assert_string_equal(code, expected);
    free(code);
    text_free(&text);
    release(&lowered);
}

#endif
