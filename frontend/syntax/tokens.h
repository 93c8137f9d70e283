// The tokens of a source in order, comments among them: for whoever writes a source anew and must
// not lose what the tree leaves out. The parser has them from the lexer itself.
#ifndef FRONTEND_SYNTAX_TOKENS_H
#define FRONTEND_SYNTAX_TOKENS_H

#include "support/arena.h"
#include "support/diagnostic.h"

#include <stdbool.h>

typedef enum SyntaxTokenKind {
    SYNTAX_END, // after the last one
    SYNTAX_COMMENT,
    SYNTAX_WORD,    // an identifier, `primitive` too
    SYNTAX_KEYWORD, // `at:`, `at:put:`
    SYNTAX_NUMBER,
    SYNTAX_STRING,
    SYNTAX_OPERATOR,  // `+`, `<`, `|`, `||` …: whatever may be a binary message
    SYNTAX_ASSIGN,    // `:=`
    SYNTAX_RESULT,    // `<^`
    SYNTAX_SEPARATOR, // `----`
    SYNTAX_MARK,      // one of . ^ # : ( ) [ ]
} SyntaxTokenKind;

typedef struct SyntaxToken {
    SyntaxTokenKind kind;
    const char *chars; // in the source; a comment's and a string's with the quotes
    size_t length;
    Location at;
    int lines; // the line ends between the token before and this one
} SyntaxToken;

typedef ARENA_VECTOR(SyntaxToken) SyntaxTokens;

// Appends the tokens of `diagnostics->source`, SYNTAX_END last. They refer to the source's text.
// False after errors, which are reported; what has been parsed without any has none here.
bool syntax_tokens(Arena *arena, Diagnostics *diagnostics, SyntaxTokens *tokens);

#endif
