// The text of a source whose files are known by name only: that of its own file, then those of its
// parts.
#ifndef SUPPORT_SOURCE_TEXT_H
#define SUPPORT_SOURCE_TEXT_H

#include "support/diagnostic.h"
#include "support/text.h"

// Appends to `buffer`, which is empty, the file and then the parts, each from the line on at which
// it begins: so lines are those of the whole. What can't be read, is no regular file or is huge
// counts as empty; if it is the source's own file, all is.
void source_read(const char *file, const SourceParts *parts, Text *buffer);

// `143` or, of a part, `sends.som:43`: the line as people know it. Lives in the arena.
const char *source_line_text(const SourceParts *parts, int line, Arena *arena);

// The last part of a path: what a part is called.
const char *source_file_name(const char *path);

#endif
