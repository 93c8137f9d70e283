// What all our JSON has in common: texts in it, which may be any bytes, and how it is printed.
// Documents are jansson's; how one is made up is the business of whoever prints it.
//
// JSON is UTF-8, and jansson refuses what isn't: NULL is what it gives for such a text, and for all
// that was to have it in it. But names of files, of methods and what a program is given come from
// outside, and a document with a `?` in a name is better than none.
#ifndef SUPPORT_JSON_JSON_TEXT_H
#define SUPPORT_JSON_JSON_TEXT_H

#include "support/diagnostic.h"
#include "support/text.h"

#include <jansson.h>
#include <stdbool.h>

// The text, made valid (text_add_valid), as a new reference; null for NULL.
json_t *json_text(const char *chars);

// A figure, or null where there is none.
json_t *json_real_or_null(bool there, double figure);

// Appends the document, with its lines indented and ended; or all in one line, which doesn't end.
// The document stays the caller's.
void json_text_print(const json_t *document, Text *out);
void json_text_print_compact(const json_t *document, Text *out);

// Sets "line", and where that is in a part "file", of which it is the line then. 0 is null.
void json_set_line(json_t *object, const SourceParts *parts, int line);

#endif
