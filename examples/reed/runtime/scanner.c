// See scanner.h.
#include "scanner.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[] = {"and", "break", "else", "false",  "for",  "function", "if",
                                    "let", "nil",   "or",   "return", "true", "while",    "not"};

// ---- Errors and memory ---------------------------------------------------------------------

void source_report(const Source *source, Place place, const char *format, va_list arguments) {
    fprintf(stderr, "%s:%d:%d: error: ", source->file, place.line, place.column);
    vfprintf(stderr, format, arguments);
    const char *line = source->text;
    for (int i = 1; i < place.line; i++)
        line = strchr(line, '\n') + 1;
    fprintf(stderr, "\n%.*s\n", (int)strcspn(line, "\n"), line);
    for (int i = 1; i < place.column; i++)
        fputc(line[i - 1] == '\t' ? '\t' : ' ', stderr);
    fputs("^\n", stderr);
}

void source_fail(const Source *source, Place place, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    source_report(source, place, format, arguments);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

void *grown(void *memory, size_t size) {
    memory = realloc(memory, size ? size : 1);
    if (!memory) {
        fputs("reed: error: out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    return memory;
}

Source source_read(const char *file) {
    FILE *stream = fopen(file, "rb");
    Source source = {.file = file};
    size_t got = 0, room = 0;
    if (stream)
        do {
            if (room < source.length + 4097)
                source.text = grown(source.text, room = 2 * source.length + 8192);
            source.length += got = fread(source.text + source.length, 1, 4096, stream);
        } while (got);
    if (!stream || ferror(stream) || memchr(source.text, '\0', source.length)) {
        fprintf(stderr, "reed: error: can't read %s as text\n", file);
        exit(EXIT_FAILURE);
    }
    fclose(stream);
    source.text[source.length] = '\0';
    return source;
}

// ---- Tokens --------------------------------------------------------------------------------

static _Noreturn void fail(const Scanner *scanner, const char *what) {
    source_fail(scanner->source, scanner->token.place, "%s", what);
}

// White space and comments, which begin with two hyphens. Answers whether a line has ended.
static bool skip_space(Scanner *scanner) {
    bool ended = false;
    for (;; scanner->at++) {
        if (scanner->at[0] == '-' && scanner->at[1] == '-')
            scanner->at += strcspn(scanner->at, "\n");
        if (!isspace((unsigned char)*scanner->at))
            return ended;
        if (*scanner->at == '\n') {
            ended = true;
            scanner->line++;
            scanner->line_start = scanner->at + 1;
        }
    }
}

static int length_while(const char *at, int (*matches)(int)) {
    int length = 0;
    while (matches((unsigned char)at[length]))
        length++;
    return length;
}

static int is_name_part(int character) {
    return isalnum(character) || character == '_';
}

static int text_length(const Scanner *scanner) {
    int length = 1;
    while (scanner->at[length] && scanner->at[length] != '\n' && scanner->at[length] != '"')
        length += scanner->at[length] == '\\' && scanner->at[length + 1] > '\n' ? 2 : 1;
    if (scanner->at[length] != '"')
        fail(scanner, "this text has no closing quote in its line");
    return length + 1;
}

static int exponent_length(const char *at) {
    int sign = at[1] == '-' || at[1] == '+';
    return tolower((unsigned char)*at) == 'e' && isdigit((unsigned char)at[1 + sign])
               ? 1 + sign + length_while(at + 1 + sign, isdigit)
               : 0;
}

static void scan_number(Scanner *scanner, Token *token) {
    const char *at = scanner->at;
    bool is_hexadecimal = at[0] == '0' && tolower((unsigned char)at[1]) == 'x';
    token->kind = TOKEN_INTEGER;
    errno = 0;
    if (is_hexadecimal) {
        token->length = 2 + length_while(at + 2, isxdigit);
        token->integer = (int64_t)strtoull(at, NULL, 16);
        if (token->length == 2)
            fail(scanner, "hexadecimal digits are expected after 0x");
    } else {
        token->length = length_while(at, isdigit);
        int fraction = at[token->length] == '.' ? length_while(at + token->length + 1, isdigit) : 0;
        int more = fraction ? 1 + fraction : 0;
        more += exponent_length(at + token->length + more);
        if (more) {
            token->kind = TOKEN_DOUBLE;
            token->length += more;
            token->number = strtod(at, NULL);
            errno = 0;
        } else {
            token->integer = strtoll(at, NULL, 10);
        }
    }
    if (errno == ERANGE)
        fail(scanner, "this whole number does not fit 64 bits");
    if (is_name_part((unsigned char)at[token->length]))
        fail(scanner, "a number can't be followed by a letter");
}

static bool is_word(const Token *token) {
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(token->start, words[i], (size_t)token->length) == 0 && !words[i][token->length])
            return true;
    return false;
}

static int symbol_length(const Scanner *scanner) {
    static const char *const pairs[] = {"<=", ">=", "==", "!=", "..", "//"};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strncmp(scanner->at, pairs[i], 2) == 0)
            return 2;
    if (!strchr("+-*/%<>=(){}[],;.:#", *scanner->at))
        fail(scanner, "this character means nothing here");
    return 1;
}

void scanner_advance(Scanner *scanner) {
    bool begins_line = skip_space(scanner);
    scanner->token = (Token){.kind = TOKEN_SYMBOL,
                             .start = scanner->at,
                             .place = {scanner->line, (int)(scanner->at - scanner->line_start) + 1},
                             .begins_line = begins_line};
    Token *token = &scanner->token;
    if (!*scanner->at) {
        token->kind = TOKEN_END;
    } else if (isalpha((unsigned char)*scanner->at) || *scanner->at == '_') {
        token->length = length_while(scanner->at, is_name_part);
        token->kind = is_word(token) ? TOKEN_WORD : TOKEN_NAME;
    } else if (isdigit((unsigned char)*scanner->at)) {
        scan_number(scanner, token);
    } else if (*scanner->at == '"') {
        token->kind = TOKEN_TEXT;
        token->length = text_length(scanner);
    } else {
        token->length = symbol_length(scanner);
    }
    scanner->at += token->length;
}

Scanner scanner_open(const Source *source) {
    Scanner scanner = {.source = source, .at = source->text, .line_start = source->text, .line = 1};
    if (source->length > INT32_MAX / 2)
        fail(&scanner, "the program is too long");
    scanner_advance(&scanner);
    return scanner;
}

static bool token_is(const Token *token, const char *word) {
    return (token->kind == TOKEN_WORD || token->kind == TOKEN_SYMBOL) &&
           strncmp(token->start, word, (size_t)token->length) == 0 && !word[token->length];
}

bool token_same(const Token *one, const Token *other) {
    return one->length == other->length &&
           memcmp(one->start, other->start, (size_t)one->length) == 0;
}

bool scanner_is(const Scanner *scanner, const char *word) {
    return token_is(&scanner->token, word);
}

bool scanner_accept(Scanner *scanner, const char *word) {
    bool found = scanner_is(scanner, word);
    if (found)
        scanner_advance(scanner);
    return found;
}

void scanner_expect(Scanner *scanner, const char *word) {
    if (scanner_accept(scanner, word))
        return;
    if (scanner->token.kind == TOKEN_END)
        source_fail(scanner->source, scanner->token.place,
                    "'%s' is missing at the end of the program", word);
    source_fail(scanner->source, scanner->token.place, "'%s' is expected before '%.*s'", word,
                scanner->token.length, scanner->token.start);
}

Token scanner_expect_name(Scanner *scanner, const char *what) {
    Token name = scanner->token;
    if (name.kind != TOKEN_NAME)
        source_fail(scanner->source, name.place, "%s is expected here", what);
    scanner_advance(scanner);
    return name;
}

size_t scanner_unquote(const Scanner *scanner, const Token *token, char *to) {
    static const char letters[] = "n\nt\tr\r\"\"\\\\";
    const char *at = token->start + 1, *end = token->start + token->length - 1;
    size_t length = 0;
    while (at < end) {
        if (*at != '\\') {
            to[length++] = *at++;
            continue;
        }
        const char *letter = letters;
        while (*letter && *letter != at[1])
            letter += 2;
        if (!*letter) {
            Place place = {token->place.line, token->place.column + (int)(at - token->start)};
            source_fail(scanner->source, place, "there is no such escape: \\n \\t \\r \\\" \\\\");
        }
        to[length++] = letter[1];
        at += 2;
    }
    return length;
}
