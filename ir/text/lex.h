// The tokens of the IR's text form. White space and comments separate them; a token
// knows whether it is its line's first, which is where the parser goes on after an
// error.
#ifndef IR_TEXT_LEX_H
#define IR_TEXT_LEX_H

#include "support/arena.h"
#include "support/diagnostic.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum IrTokenKind {
    IR_TOKEN_END,
    IR_TOKEN_WORD,    // name
    IR_TOKEN_VALUE,   // %name
    IR_TOKEN_BLOCK,   // ^name
    IR_TOKEN_GLOBAL,  // @name
    IR_TOKEN_INTEGER, // magnitude, is_negative
    IR_TOKEN_NUMBER,  // number
    IR_TOKEN_STRING,  // text, without quotes and escapes
    IR_TOKEN_ARROW,   // ->
    IR_TOKEN_MARK,    // one of ( ) { } [ ] : , = ! # @ + - *
} IrTokenKind;

typedef struct IrToken {
    IrTokenKind kind;
    Location at;
    bool is_first;    // on its line
    const char *text; // of names without the sigil, of strings, of marks
    uint64_t magnitude;
    bool is_negative, overflows; // overflows: the magnitude doesn't fit 64 bits
    double number;
} IrToken;

typedef struct IrLexer {
    Diagnostics *diagnostics;
    Arena *arena; // for the tokens' texts
    size_t position;
    Location at;
    bool is_first;
} IrLexer;

IrLexer ir_lexer(Diagnostics *diagnostics, Arena *arena);

// The next token; IR_TOKEN_END again and again at the end. Characters that begin no
// token are reported and skipped.
IrToken ir_lex(IrLexer *lexer);

#endif
