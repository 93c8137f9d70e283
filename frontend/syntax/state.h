// What lexer, grammar and tree builder of one parse share. Private to this room:
// users include parse.h.
#ifndef FRONTEND_SYNTAX_STATE_H
#define FRONTEND_SYNTAX_STATE_H

#include "frontend/syntax/ast.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct SyntaxState {
    Arena *arena;
    Diagnostics *diagnostics;
    AstFile *file;
    bool wants_statements; // the lexer's first token has to say so
    int line;              // of the lexer
    size_t line_start;     // the offset at which that line begins
    const char *lexeme;    // the token last read, valid until the next one is; for messages
    size_t lexeme_length;
    bool after_pound; // the token last read is `#`
    bool stopped;     // an error that makes going on useless: the lexer ends, nobody complains
} SyntaxState;

// Bytes with their number: a string may hold NUL.
typedef struct SyntaxText {
    const char *chars; // `length` bytes, then a NUL
    size_t length;
} SyntaxText;

// The words of a selector, joined when the last one is there.
typedef ARENA_VECTOR(const char *) SyntaxSelector;

// A method's pattern while it is read.
typedef struct SyntaxPattern {
    SyntaxSelector selector;
    AstVariables arguments;
    Location at;
} SyntaxPattern;

// The keyword message at the end of an expression while it is read.
typedef struct SyntaxKeywords {
    SyntaxSelector selector;
    AstExpressions arguments;
    Location at;
} SyntaxKeywords;

// Fields and methods of one side of a class.
typedef struct SyntaxSide {
    AstVariables fields;
    AstMethods methods;
} SyntaxSide;

// lexer.l: runs scanner and grammar over the source. False if the grammar gave
// up; errors are in the diagnostics in either case.
bool syntax_run(SyntaxState *state);

// encoding.c: reports NUL bytes and what is not UTF-8 (RFC 3629), one error a
// line. True if there was nothing to report.
bool syntax_check_encoding(Diagnostics *diagnostics);

// literal.c: the values of literals as they stand in the source.
// The inside of a string literal whose opening quote is at `at`, escapes resolved.
SyntaxText syntax_string(SyntaxState *state, const char *chars, size_t length, Location at);
// Digits without superfluous zeros.
const char *syntax_digits(SyntaxState *state, const char *chars, size_t length);
double syntax_double(SyntaxState *state, const char *chars, size_t length, Location at);

// build.c: nodes. Each function that makes one tree deeper reports when it gets
// deeper than SYNTAX_DEPTH_LIMIT, and stops the parse.
AstExpression *syntax_bracketed(SyntaxState *state, AstExpression *expression, Location at);
AstExpression *syntax_variable(SyntaxState *state, const char *name, Location at);
AstExpression *syntax_assignment(SyntaxState *state, const char *name, AstExpression *value,
                                 Location at);
AstExpression *syntax_unary(SyntaxState *state, AstExpression *receiver, const char *selector,
                            Location at);
AstExpression *syntax_binary(SyntaxState *state, AstExpression *receiver, const char *selector,
                             AstExpression *argument, Location at);
AstExpression *syntax_keyword(SyntaxState *state, AstExpression *receiver, SyntaxKeywords message);
AstExpression *syntax_return(SyntaxState *state, AstExpression *value, Location at);
AstExpression *syntax_block(SyntaxState *state, AstBlock *block, AstVariables arguments,
                            Location at, Location end);
AstExpression *syntax_array(SyntaxState *state, AstExpressions elements, Location at);
AstExpression *syntax_integer(SyntaxState *state, const char *digits, bool negative, Location at);
AstExpression *syntax_number(SyntaxState *state, double number, Location at);
AstExpression *syntax_text(SyntaxState *state, AstKind kind, SyntaxText text, Location at);

// The selector that consists of these words.
const char *syntax_selector(SyntaxState *state, SyntaxSelector words);

// An annotation whose words have been read, noted in the file.
AstAnnotation *syntax_annotation(SyntaxState *state, AstAnnotation *annotation, Location at);

// Begins a pattern, or adds to one, with a word and its argument; likewise a message.
void syntax_add_pattern(SyntaxState *state, SyntaxPattern *pattern, const char *word,
                        AstVariable argument);
void syntax_add_keyword(SyntaxState *state, SyntaxKeywords *keywords, const char *word,
                        AstExpression *argument);

// A body of `locals` and `statements`; the caller fills in the rest.
AstBlock *syntax_body(SyntaxState *state, AstVariables locals, AstExpressions statements);
// Appends a statement (NULL: there was an error); reports one that follows a return.
void syntax_add_statement(SyntaxState *state, AstExpressions *statements, AstExpression *statement,
                          Location at);
// Reports that brackets or expressions at `at` are nested too deep, and stops.
void syntax_too_deep(SyntaxState *state, Location at);

#endif
