// See scanner.h.
#include "scanner.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_error(const char *file, const char *source, Place place, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%d:%d: error: ", file, place.line, place.column);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    const char *line = source;
    for (int i = 1; i < place.line; i++)
        line = strchr(line, '\n') + 1;
    fprintf(stderr, "\n%.*s\n", (int)strcspn(line, "\n"), line);
    for (int i = 1; i < place.column; i++)
        fputc(line[i - 1] == '\t' ? '\t' : ' ', stderr);
    fputs("^\n", stderr);
}

void *grown(void *memory, size_t size) {
    memory = realloc(memory, size);
    if (!memory) {
        fputs("tally: error: out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    return memory;
}

static const char *read_source(const char *file) {
    FILE *stream = fopen(file, "rb");
    char *text = NULL;
    size_t length = 0, got = 0;
    if (stream)
        do {
            text = grown(text, length + 4097);
            length += got = fread(text + length, 1, 4096, stream);
        } while (got);
    if (!stream || ferror(stream) || memchr(text, '\0', length)) {
        fprintf(stderr, "tally: error: can't read %s as text\n", file);
        exit(EXIT_FAILURE);
    }
    fclose(stream);
    text[length] = '\0';
    return text;
}

Scanner scanner_open(const char *file) {
    Scanner scanner = {.file = file, .source = read_source(file), .line = 1};
    scanner.at = scanner.line_start = scanner.source;
    scanner_advance(&scanner);
    return scanner;
}

static void skip_space(Scanner *s) {
    for (;; s->at++) {
        if (*s->at == '#')
            s->at += strcspn(s->at, "\n");
        if (!isspace((unsigned char)*s->at))
            return;
        if (*s->at == '\n') {
            s->line++;
            s->line_start = s->at + 1;
        }
    }
}

static int length_while(const char *at, int (*matches)(int)) {
    int length = 0;
    while (matches((unsigned char)at[length]) || (matches == isalnum && at[length] == '_'))
        length++;
    return length;
}

static int quoted_length(const Scanner *s, const char *quote) {
    size_t length = 1 + strcspn(s->at + 1, *quote == '"' ? "\"\n" : "'\n");
    if (s->at[length] != *quote)
        scanner_fail(s, s->token, "this has no closing %c in its line", *quote);
    return (int)length + 1;
}

void scanner_advance(Scanner *s) {
    skip_space(s);
    s->token = (Token){TOKEN_SYMBOL, s->at, 1, {s->line, (int)(s->at - s->line_start) + 1}};
    Token *token = &s->token;
    if (!*s->at) {
        token->kind = TOKEN_END;
        token->length = 0;
    } else if (isalpha((unsigned char)*s->at)) {
        token->kind = TOKEN_NAME;
        token->length = length_while(s->at, isalnum);
    } else if (isdigit((unsigned char)*s->at)) {
        token->kind = TOKEN_NUMBER;
        token->length = length_while(s->at, isdigit);
    } else if (*s->at == '"' || *s->at == '\'') {
        token->kind = *s->at == '"' ? TOKEN_TEXT : TOKEN_NUMBER;
        token->length = quoted_length(s, s->at);
    } else if (strchr("<>=!", *s->at) && s->at[1] == '=') {
        token->length = 2;
    } else if (!strchr("+-*/%<>=(){}[],;", *s->at)) {
        scanner_fail(s, *token, "this character means nothing here");
    }
    s->at += token->length;
}

static bool token_is(const Token *token, const char *word) {
    return (token->kind == TOKEN_NAME || token->kind == TOKEN_SYMBOL) &&
           strncmp(token->start, word, (size_t)token->length) == 0 && !word[token->length];
}

bool token_same(const Token *one, const Token *other) {
    return one->length == other->length &&
           memcmp(one->start, other->start, (size_t)one->length) == 0;
}

bool scanner_is(const Scanner *s, const char *word) {
    return token_is(&s->token, word);
}

bool scanner_accept(Scanner *s, const char *word) {
    bool found = scanner_is(s, word);
    if (found)
        scanner_advance(s);
    return found;
}

void scanner_expect(Scanner *s, const char *word) {
    if (scanner_accept(s, word))
        return;
    if (s->token.kind == TOKEN_END)
        scanner_fail(s, s->token, "'%s' is missing at the end of the program", word);
    scanner_fail(s, s->token, "'%s' is expected before '%.*s'", word, s->token.length,
                 s->token.start);
}

Token scanner_expect_name(Scanner *s, const char *what) {
    static const char *const words[] = {"and", "array", "else",  "function", "if",
                                        "not", "or",    "print", "put",      "return",
                                        "var", "while", "write"};
    Token name = s->token;
    bool good = name.kind == TOKEN_NAME;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        good = good && !token_is(&name, words[i]);
    if (!good)
        scanner_fail(s, name, "%s is expected here", what);
    scanner_advance(s);
    return name;
}

int64_t scanner_expect_number(Scanner *s) {
    Token token = s->token;
    int64_t number = 0;
    if (token.kind != TOKEN_NUMBER)
        scanner_fail(s, token, "a number is expected here");
    scanner_advance(s);
    if (*token.start == '\'') {
        if (token.length != 3)
            scanner_fail(s, token, "one character stands between quotes like these");
        return (unsigned char)token.start[1];
    }
    for (int i = 0; i < token.length; i++) {
        number = number * 10 + token.start[i] - '0';
        if (number > INT32_MAX)
            scanner_fail(s, token, "the largest number that can be written is %d", INT32_MAX);
    }
    return number;
}
