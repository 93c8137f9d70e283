// Located messages: `file:line:col: error: what is wrong`, then the source line
// and a caret. Every parser and checker reports through this, so all errors look
// alike and one run can show several.
#ifndef SUPPORT_DIAGNOSTIC_H
#define SUPPORT_DIAGNOSTIC_H

#include "support/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// A place in a source text. Lines and columns count from 1, columns in bytes;
// line 0 means that no place is known.
typedef struct Location {
    int line, column;
} Location;

// A file that a source includes. Its lines are counted on from those of the files before it, so
// that a line's number alone says in which file it is; people are shown the file's own.
typedef struct SourcePart {
    const char *name;
    const char *text; // NULL: the source's own text goes on with it
    size_t length;
    int first_line;
} SourcePart;

typedef ARENA_VECTOR(SourcePart) SourceParts;

// A source text with the name that messages show. The text is borrowed. A part of a
// longer text has the number of its first line there.
typedef struct Source {
    const char *name;
    const char *text;
    size_t length;
    int first_line;    // 0: 1
    SourceParts parts; // in the order of their lines
} Source;

// How many lines a file has, which is where the next part's begin.
int source_lines(const char *text, size_t length);
// The part that the line is in. NULL: it is the source's own.
const SourcePart *source_part(const SourceParts *parts, int line);

// The number of the source's first line.
static inline int source_first_line(const Source *source) {
    return source->first_line > 0 ? source->first_line : 1;
}

// Collects messages about one source. `stream` gets them as they come (NULL:
// none); `errors` counts them. After `limit` errors (0: 20) the rest is counted
// but not shown.
typedef struct Diagnostics {
    Source source;
    FILE *stream;
    int errors;
    int limit;
} Diagnostics;

// Reports an error at `where`, or a note that belongs to the error before it.
void diagnostic_error(Diagnostics *diagnostics, Location where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diagnostic_note(Diagnostics *diagnostics, Location where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
