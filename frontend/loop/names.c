// Names and numbers: from the definition's spelling to that of C and the IR. A definition is
// written as SOM is, `stackLimit` and `send:arguments:`; C's functions and fields are in snake
// case, its macros and enumerators in capitals, its types and the IR's bytecodes in camel case.
// Two names that differ here may be one there: methods.c and header_names.c look for that.
#include "frontend/loop/definition.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *loop_snake_case(Arena *arena, const char *name) {
    size_t length = strlen(name);
    char *snake = arena_alloc(arena, 2 * length + 1);
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        char letter = name[i];
        if (letter == ':') {
            if (name[i + 1])
                snake[count++] = '_';
            continue;
        }
        // A capital begins a word, unless it stands among capitals (`VM`).
        bool begins = isupper((unsigned char)letter) && i > 0 && name[i - 1] != ':' &&
                      name[i - 1] != '_' &&
                      (!isupper((unsigned char)name[i - 1]) || islower((unsigned char)name[i + 1]));
        if (begins)
            snake[count++] = '_';
        snake[count++] = (char)tolower((unsigned char)letter);
    }
    snake[count] = '\0';
    return snake;
}

char *loop_upper_snake_case(Arena *arena, const char *name) {
    char *snake = loop_snake_case(arena, name);
    for (char *letter = snake; *letter; letter++)
        *letter = (char)toupper((unsigned char)*letter);
    return snake;
}

char *loop_camel_case(Arena *arena, const char *selector, bool capital) {
    char *camel = arena_alloc(arena, strlen(selector) + 1);
    size_t count = 0;
    for (; *selector; selector++) {
        if (*selector == ':') {
            capital = true;
            continue;
        }
        camel[count++] = capital ? (char)toupper((unsigned char)*selector) : *selector;
        capital = false;
    }
    camel[count] = '\0';
    return camel;
}

// The lexer takes any letter of Unicode in a name; what is generated, C and the IR's text, is
// kept to ASCII.
bool loop_check_name(LoopDefinition *definition, const char *name, Location at) {
    for (const char *letter = name; *letter; letter++) {
        if (isalnum((unsigned char)*letter) || *letter == '_' || *letter == ':')
            continue;
        diagnostic_error(
            definition->diagnostics, at,
            "`%s` can't be a name in C: only ASCII letters, digits and `_` can be in it", name);
        return false;
    }
    return true;
}

// A literal is 64 bits: either a signed number or, for masks and tags, an unsigned one. Both
// may be written, as 18446744073709551615 or as -1; what counts are the bits.
bool loop_integer(const char *digits, int64_t *value) {
    bool negative = *digits == '-';
    errno = 0;
    unsigned long long magnitude = strtoull(digits + negative, NULL, 10);
    if (errno == ERANGE || (negative && magnitude > (uint64_t)INT64_MAX + 1))
        return false;
    *value = (int64_t)(negative ? 0 - magnitude : magnitude);
    return true;
}
