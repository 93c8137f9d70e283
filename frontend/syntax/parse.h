// The parser's interface: text in, syntax tree out. SOM programs, loop
// definitions and REPL input all come through here.
#ifndef FRONTEND_SYNTAX_PARSE_H
#define FRONTEND_SYNTAX_PARSE_H

#include "frontend/syntax/ast.h"

// No tree is deeper than this: a path from a method's statement downwards meets at
// most so many expressions, not counting the later messages of long chains (chain.h);
// nor are so many brackets put around one expression. Walkers may recurse, but along
// chains; deeper source is an error.
enum { SYNTAX_DEPTH_LIMIT = 1000 };

// Parses `diagnostics->source` as a file of classes. Several errors are reported
// in one run. The tree is in `arena` and keeps no pointer into the source text.
// Returns NULL if there was any error. Re-entrant.
AstFile *syntax_parse_file(Arena *arena, Diagnostics *diagnostics);

// The same for a file that `diagnostics->source` includes: its last part. The places are those of
// its lines as the part counts them.
AstFile *syntax_parse_part(Arena *arena, Diagnostics *diagnostics);

// The same for what stands between a method's brackets: locals and statements, as a
// REPL reads them. They are the file's `statements`; their own places are unset.
AstFile *syntax_parse_statements(Arena *arena, Diagnostics *diagnostics);

#endif
