// Texts that stand once in a JSON document and are referred to by number.
#ifndef CLI_EXPLORE_STRINGS_H
#define CLI_EXPLORE_STRINGS_H

#include "support/text.h"

#include <jansson.h>
#include <stddef.h>

typedef struct Strings Strings;

Strings *strings_new(void);

// The text's number, from 0, as a new reference; it is added if it isn't there yet.
json_t *strings_add(Strings *strings, const char *chars);
json_t *strings_add_bytes(Strings *strings, const char *chars, size_t length);

// The list of all of them, a new reference; the strings are gone then.
json_t *strings_take(Strings *strings);

#endif
