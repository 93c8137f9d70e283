// The difference of two texts by lines, as `diff -u` shows it (without the heading
// that names files).
#ifndef SUPPORT_LINE_DIFF_H
#define SUPPORT_LINE_DIFF_H

#include "support/arena.h"
#include "support/text.h"

#include <stdbool.h>

// Appends the hunks that lead from `before` to `after`, with three lines of context.
// The number of changed lines is the least possible: Myers, "An O(ND) Difference
// Algorithm and Its Variations" (1986), in linear space. Where it would take too long
// to find, in large texts that differ much, there may be more. False, and nothing
// appended, if the texts are the same. The last line's newline doesn't matter.
bool line_diff(const char *before, const char *after, Text *out);

// A place where the texts differ: `removed` lines of the one, from its line `before` on, give way
// to `added` lines of the other, from its line `after` on. Lines are counted from 0.
typedef struct LineChange {
    int before, removed, after, added;
} LineChange;

typedef ARENA_VECTOR(LineChange) LineChanges;

// The same difference as data, in order and without context.
LineChanges line_changes(Arena *arena, const char *before, const char *after);

#endif
