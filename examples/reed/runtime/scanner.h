// Reed's source text as tokens, and errors that show their place in it. Whether tokens make sense
// one after another is the parser's to say.
#ifndef REED_SCANNER_H
#define REED_SCANNER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Place {
    int line, column; // from 1; columns in bytes
} Place;

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_WORD, // of the language
    TOKEN_INTEGER,
    TOKEN_DOUBLE,
    TOKEN_TEXT,
    TOKEN_SYMBOL,
} TokenKind;

typedef struct Token {
    TokenKind kind;
    const char *start; // in the source; texts with their quotes
    int length;
    Place place;
    bool begins_line; // nothing stands before it in its line
    int64_t integer;
    double number;
} Token;

typedef struct Source {
    const char *file;
    char *text; // ends with a zero
    size_t length;
} Source;

typedef struct Scanner {
    const Source *source;
    const char *at, *line_start; // after the token
    int line;
    Token token; // the one to look at
} Scanner;

// Reads a file; its text is the caller's, to be freed. What is no text ends the process.
Source source_read(const char *file);

// Reads the first token.
Scanner scanner_open(const Source *source);

// Goes on to the next token.
void scanner_advance(Scanner *scanner);

// Is the token this word or symbol? `accept` goes on if it is, `expect` insists.
bool scanner_is(const Scanner *scanner, const char *word);
bool scanner_accept(Scanner *scanner, const char *word);
void scanner_expect(Scanner *scanner, const char *word);

// Insists on a name.
Token scanner_expect_name(Scanner *scanner, const char *what);

// Writes what a text's token says to `to`, which has room for the token's length. Answers how many
// bytes that is. An escape that there isn't ends the process.
size_t scanner_unquote(const Scanner *scanner, const Token *token, char *to);

bool token_same(const Token *one, const Token *other);

// Memory that grows; there is always enough, or the process ends.
void *grown(void *memory, size_t size);

// Reports an error with its line and a caret. `source_fail` ends the process, too.
void source_report(const Source *source, Place place, const char *format, va_list arguments);
_Noreturn void source_fail(const Source *source, Place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
