// A definition written anew in the layout of our own definitions (docs/loop-language.md). It is
// made of tokens and not of the tree: comments are kept, and what is parsed afterwards is the same.
// Line ends stay where the author put them, mostly: what a line says is the author's matter, and
// how it stands on the page is this room's.
#ifndef FRONTEND_FORMAT_FORMAT_H
#define FRONTEND_FORMAT_FORMAT_H

#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/text.h"

#include <stdbool.h>

// Appends `diagnostics->source`, laid out anew, to `out`. False after errors of syntax, which are
// reported; nothing is appended then.
bool format_source(Arena *arena, Diagnostics *diagnostics, Text *out);

#endif
