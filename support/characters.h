// What characters are to a reader of messages: whether they can be seen, and how many
// columns of a terminal they take. Texts are UTF-8.
#ifndef SUPPORT_CHARACTERS_H
#define SUPPORT_CHARACTERS_H

#include "support/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The number of bytes of the UTF-8 character at `bytes`, of which there are `left`; 0 if
// there is none: cut off, longer than needed, a surrogate, or beyond U+10FFFF (RFC 3629,
// section 4).
size_t character_length(const char *bytes, size_t left);

// The code point of a character of that length.
uint32_t character_code(const char *bytes, size_t length);

// Whether something is drawn for the character. Spaces are invisible but for U+0020, which
// everybody expects; so are control characters, marks of direction, and what isn't assigned
// to a shape at all.
bool character_is_visible(uint32_t code);

// The columns that a visible character takes: 0 if it is drawn on the one before, 2 if it is
// wide, as most of East Asia's are.
int character_columns(uint32_t code);

// Appends a text, with `?` for each byte that is no character.
void text_add_valid(Text *text, const char *chars, size_t length);

// Appends a text, in which every invisible character stands as U+00A0 would, and every byte
// that is no character as 0xA0 would.
void text_add_visible(Text *text, const char *chars, size_t length);

#endif
