// See json_text.h.
#include "support/json/json_text.h"

#include "support/source_text.h"

#include "support/characters.h"
#include "support/memory.h"

#include <stdlib.h>
#include <string.h>

// With as many digits as are the same on every machine.
static const size_t PRECISION = JSON_REAL_PRECISION(12);

json_t *json_text(const char *chars) {
    if (!chars)
        return json_null();
    Text valid = {0};
    text_add_valid(&valid, chars, strlen(chars));
    json_t *string = json_string(text_chars(&valid));
    text_free(&valid);
    if (!string)
        memory_exhausted();
    return string;
}

json_t *json_real_or_null(bool there, double figure) {
    return there ? json_real(figure) : json_null();
}

// What jansson can't do here it has no memory for: no document is made of anything but valid texts.
static void print(const json_t *document, size_t flags, Text *out) {
    char *chars = json_dumps(document, flags | PRECISION);
    if (!chars)
        memory_exhausted();
    text_add(out, chars);
    free(chars);
}

void json_text_print(const json_t *document, Text *out) {
    print(document, JSON_INDENT(2), out);
    text_add(out, "\n");
}

void json_text_print_compact(const json_t *document, Text *out) {
    print(document, JSON_COMPACT, out);
}

void json_set_line(json_t *object, const SourceParts *parts, int line) {
    const SourcePart *part = source_part(parts, line);
    int own_line = part ? line - part->first_line + 1 : line;
    json_object_set_new(object, "line", line > 0 ? json_integer(own_line) : json_null());
    if (part)
        json_object_set_new(object, "file", json_text(source_file_name(part->name)));
}
