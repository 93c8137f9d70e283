// The lexer of the IR's text form. By hand, as the tokens are few: words, names with one of
// three signs before them, numbers, strings, marks.
#include "ir/text/lex.h"
#include "ir/text/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

IrLexer ir_lexer(Diagnostics *diagnostics, Arena *arena) {
    return (IrLexer){.diagnostics = diagnostics, .arena = arena, .at = {1, 1}, .is_first = true};
}

// The character `ahead` of the current one; '\0' at the end, and for a NUL, which no
// token may hold.
static char peek(const IrLexer *lexer, size_t ahead) {
    const Source *source = &lexer->diagnostics->source;
    size_t position = lexer->position + ahead;
    return position < source->length ? source->text[position] : '\0';
}

static bool at_end(const IrLexer *lexer) {
    return lexer->position >= lexer->diagnostics->source.length;
}

// The only place where lines and columns are counted. Columns are bytes.
static void advance(IrLexer *lexer) {
    if (peek(lexer, 0) == '\n') {
        lexer->at.line++;
        lexer->at.column = 1;
        lexer->is_first = true;
    } else {
        lexer->at.column++;
    }
    lexer->position++;
}

static void skip_blanks(IrLexer *lexer) {
    while (!at_end(lexer)) {
        char c = peek(lexer, 0);
        if (c == ';') {
            while (!at_end(lexer) && peek(lexer, 0) != '\n')
                advance(lexer);
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            advance(lexer);
        } else {
            return;
        }
    }
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool begins_name(char c) {
    return ir_is_name_character(c) && !is_digit(c);
}

// The text from `start` to the current position.
static const char *text_from(const IrLexer *lexer, size_t start) {
    return arena_strndup(lexer->arena, lexer->diagnostics->source.text + start,
                         lexer->position - start);
}

static void lex_name(IrLexer *lexer, IrToken *token) {
    size_t start = lexer->position;
    while (ir_is_name_character(peek(lexer, 0)))
        advance(lexer);
    token->text = text_from(lexer, start);
}

static int hex_digit(char c) {
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// 0x…: the bits of a double.
// Infinities and what is not a number have no decimal.
static bool lex_bits(IrLexer *lexer, IrToken *token) {
    uint64_t bits = 0;
    int digits = 0;
    advance(lexer);
    advance(lexer);
    for (; hex_digit(peek(lexer, 0)) >= 0; digits++) {
        bits = bits << 4 | (uint64_t)hex_digit(peek(lexer, 0));
        advance(lexer);
    }
    token->kind = IR_TOKEN_NUMBER;
    memcpy(&token->number, &bits, sizeof bits);
    return digits > 0 && digits <= 16;
}

static void skip_digits(IrLexer *lexer) {
    while (is_digit(peek(lexer, 0)))
        advance(lexer);
}

// More than 64 bits are remembered as such, so that the message can be the parser's, which
// knows what the number is for.
static void lex_magnitude(IrLexer *lexer, IrToken *token) {
    token->kind = IR_TOKEN_INTEGER;
    for (; is_digit(peek(lexer, 0)); advance(lexer)) {
        unsigned digit = (unsigned)(peek(lexer, 0) - '0');
        if (token->magnitude > (UINT64_MAX - digit) / 10)
            token->overflows = true;
        else
            token->magnitude = token->magnitude * 10 + digit;
    }
}

// Only if a digit follows: `1.x` and `1e` are malformed, not a number and a word.
static bool lex_fraction_and_exponent(IrLexer *lexer) {
    size_t start = lexer->position;
    if (peek(lexer, 0) == '.' && is_digit(peek(lexer, 1))) {
        advance(lexer);
        skip_digits(lexer);
    }
    char e = peek(lexer, 0), sign = peek(lexer, 1);
    size_t digit = sign == '+' || sign == '-' ? 2 : 1;
    if ((e == 'e' || e == 'E') && is_digit(peek(lexer, digit))) {
        while (digit--)
            advance(lexer);
        skip_digits(lexer);
    }
    return lexer->position > start;
}

static void lex_number(IrLexer *lexer, IrToken *token) {
    size_t start = lexer->position;
    bool is_right = true;
    token->is_negative = peek(lexer, 0) == '-';
    if (token->is_negative)
        advance(lexer);
    if (!token->is_negative && peek(lexer, 0) == '0' && peek(lexer, 1) == 'x') {
        is_right = lex_bits(lexer, token);
    } else {
        lex_magnitude(lexer, token);
        if (lex_fraction_and_exponent(lexer)) {
            token->kind = IR_TOKEN_NUMBER;
            token->number = strtod(text_from(lexer, start), NULL);
            is_right = isfinite(token->number);
        }
    }
    // What sticks to a number is a part of the mistake, and is passed over with it.
    if (is_right && !ir_is_name_character(peek(lexer, 0)))
        return;
    while (ir_is_name_character(peek(lexer, 0)))
        advance(lexer);
    diagnostic_error(lexer->diagnostics, token->at, "malformed number");
}

static bool lex_escape(IrLexer *lexer, char *c) {
    advance(lexer);
    char escape = peek(lexer, 0);
    if (escape == 'x' && hex_digit(peek(lexer, 1)) >= 0 && hex_digit(peek(lexer, 2)) >= 0) {
        *c = (char)(hex_digit(peek(lexer, 1)) * 16 + hex_digit(peek(lexer, 2)));
        advance(lexer);
        advance(lexer);
        advance(lexer);
        return *c != '\0';
    }
    *c = escape;
    if (escape != '"' && escape != '\\')
        return false;
    advance(lexer);
    return true;
}

// The room first, by counting what will be taken; an escape of more than one character gives
// one, so it is enough.
static void lex_string(IrLexer *lexer, IrToken *token) {
    size_t room = 0;
    for (char c = peek(lexer, 1); c && c != '\n' && c != '"'; c = peek(lexer, 1 + room))
        room += c == '\\' && peek(lexer, 2 + room) == '"' ? 2 : 1;
    char *text = arena_alloc(lexer->arena, room + 1);
    size_t length = 0;
    token->text = text;
    advance(lexer);
    while (peek(lexer, 0) != '"') {
        char c = peek(lexer, 0);
        if (!c || c == '\n') {
            diagnostic_error(lexer->diagnostics, token->at, "the string doesn't end on its line");
            return;
        }
        if (c != '\\') {
            advance(lexer);
        } else if (!lex_escape(lexer, &c)) {
            diagnostic_error(lexer->diagnostics, lexer->at, "unknown escape in a string");
            continue;
        }
        text[length++] = c;
    }
    advance(lexer);
}

static void lex_mark(IrLexer *lexer, IrToken *token) {
    size_t start = lexer->position;
    bool is_arrow = peek(lexer, 0) == '-' && peek(lexer, 1) == '>';
    token->kind = is_arrow ? IR_TOKEN_ARROW : IR_TOKEN_MARK;
    advance(lexer);
    if (is_arrow)
        advance(lexer);
    token->text = text_from(lexer, start);
}

static IrTokenKind sigil_kind(char c) {
    return c == '%' ? IR_TOKEN_VALUE : c == '^' ? IR_TOKEN_BLOCK : IR_TOKEN_GLOBAL;
}

IrToken ir_lex(IrLexer *lexer) {
    for (;;) {
        skip_blanks(lexer);
        IrToken token = {.at = lexer->at, .is_first = lexer->is_first, .text = ""};
        lexer->is_first = false;
        char c = peek(lexer, 0);
        if (at_end(lexer)) {
            // So that whoever skips to a line's beginning stops at the end.
            token.is_first = true;
            return token;
        }
        if (begins_name(c)) {
            token.kind = IR_TOKEN_WORD;
            lex_name(lexer, &token);
        } else if (c && strchr("%^@", c) && begins_name(peek(lexer, 1))) {
            token.kind = sigil_kind(c);
            advance(lexer);
            lex_name(lexer, &token);
        } else if (is_digit(c) || (c == '-' && is_digit(peek(lexer, 1)))) {
            lex_number(lexer, &token);
        } else if (c == '"') {
            token.kind = IR_TOKEN_STRING;
            lex_string(lexer, &token);
        } else if (c && strchr("(){}[]:,=!#@+-*", c)) {
            lex_mark(lexer, &token);
        } else {
            if (c > ' ' && c < 0x7f)
                diagnostic_error(lexer->diagnostics, token.at, "unexpected '%c'", c);
            else
                diagnostic_error(lexer->diagnostics, token.at, "unexpected byte 0x%02x",
                                 (unsigned char)c);
            advance(lexer);
            // What was skipped was no token, so the next one is still its line's first.
            lexer->is_first = token.is_first;
            continue;
        }
        return token;
    }
}
