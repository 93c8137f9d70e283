// Tally's source text as tokens, and errors that show their place in it.
#ifndef TALLY_SCANNER_H
#define TALLY_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Place {
    int line, column; // from 1; columns in bytes
} Place;

typedef enum TokenKind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_SYMBOL } TokenKind;

typedef struct Token {
    TokenKind kind;
    const char *start; // in the source; texts and characters with their quotes
    int length;
    Place place;
} Token;

typedef struct Scanner {
    const char *file, *source;
    const char *at, *line_start; // after the token
    int line;
    Token token; // the one to look at
} Scanner;

// Reads a file and its first token. The source is the caller's, to be freed.
Scanner scanner_open(const char *file);

// Goes on to the next token.
void scanner_advance(Scanner *scanner);

// Is the token this word or symbol? `accept` goes on if it is, `expect` insists.
bool scanner_is(const Scanner *scanner, const char *word);
bool scanner_accept(Scanner *scanner, const char *word);
void scanner_expect(Scanner *scanner, const char *word);

// Insist on a name that is no word of the language, or on a number or character.
Token scanner_expect_name(Scanner *scanner, const char *what);
int64_t scanner_expect_number(Scanner *scanner);

bool token_same(const Token *one, const Token *other);

// Memory that grows; there is always enough, or the process ends.
void *grown(void *memory, size_t size);

// Reports an error with its line and a caret. `scanner_fail` ends the process, too.
void report_error(const char *file, const char *source, Place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
#define scanner_fail(scanner, token, ...)                                                          \
    (report_error((scanner)->file, (scanner)->source, (token).place, __VA_ARGS__),                 \
     exit(EXIT_FAILURE))

#endif
