// From the text of a literal to its value. What a number means to a machine is not decided here:
// integers stay strings of digits, because SOM's have any size, while the loop language's have
// 64 bits. A Double is the nearest one to the digits (strtod rounds correctly), so that what is
// printed in the shortest form reads back as the same number (support/double_text.h).
#include "frontend/syntax/state.h"
#include "support/characters.h"

#include <math.h>
#include <stdlib.h>

// The byte that `\` and `letter` stand for, or -1.
static int escaped(char letter) {
    switch (letter) {
    case 't': return '\t';
    case 'b': return '\b';
    case 'n': return '\n';
    case 'r': return '\r';
    case 'f': return '\f';
    case '0': return '\0';
    case '\'': return '\'';
    case '\\': return '\\';
    default: return -1;
    }
}

static void report_escape(SyntaxState *state, const char *letter, const char *end, Location at) {
    size_t length = character_length(letter, (size_t)(end - letter));
    Text text = {0};
    text_add_visible(&text, letter, length);
    bool visible = character_is_visible(character_code(letter, length));
    diagnostic_error(state->diagnostics, at,
                     visible ? "unknown escape sequence '\\%s'"
                             : "unknown escape sequence: '\\' and %s",
                     text_chars(&text));
    text_free(&text);
}

// A wrong escape is left out of the string, and the rest is looked at for more. Places are
// counted along, since a string may go over several lines.
SyntaxText syntax_string(SyntaxState *state, const char *chars, size_t length, Location at) {
    char *result = arena_alloc(state->arena, length + 1);
    const char *end = chars + length;
    size_t count = 0;
    at.column++;
    for (; chars < end; chars++, at.column++) {
        char byte = *chars;
        if (byte == '\n') {
            at.line++;
            at.column = 0;
        } else if (byte == '\\' && chars + 1 < end) {
            int value = escaped(chars[1]);
            if (value < 0) {
                report_escape(state, chars + 1, end, at);
                continue;
            }
            byte = (char)value;
            chars++;
            at.column++;
        }
        result[count++] = byte;
    }
    return (SyntaxText){result, count};
}

const char *syntax_digits(SyntaxState *state, const char *chars, size_t length) {
    while (length > 1 && *chars == '0') {
        chars++;
        length--;
    }
    return arena_strndup(state->arena, chars, length);
}

// Too small a number is 0, like any other that lies between two doubles; too large a one is an
// error, because nobody who writes digits means infinity.
double syntax_double(SyntaxState *state, const char *chars, size_t length, Location at) {
    double value = strtod(arena_strndup(state->arena, chars, length), NULL);
    if (isinf(value))
        diagnostic_error(state->diagnostics, at, "number too large for a double");
    return value;
}
