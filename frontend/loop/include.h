// Definitions in several files: `include 'FILE'` between classes brings in the classes of another
// file in that place. What is parsed here is one tree, as if all stood in one file.
#ifndef FRONTEND_LOOP_INCLUDE_H
#define FRONTEND_LOOP_INCLUDE_H

#include "frontend/syntax/ast.h"
#include "support/text.h"

// Parses `diagnostics->source`, whose name is a path, and all the files that it includes. Paths are
// relative to the file that they stand in. The files become parts of the source and live in the
// arena. NULL after errors, all of them reported: a file that can't be read, that is included
// twice or includes itself, that is called like another one, or that doesn't parse.
AstFile *loop_parse(Arena *arena, Diagnostics *diagnostics);

// Appends a rule of make that says on which files `target` depends: the source and its parts.
void loop_depend(const Source *source, const char *target, Text *out);

#endif
