// The difference of two texts by lines, as `diff -u` shows it (without the heading
// that names files).
#ifndef SUPPORT_LINE_DIFF_H
#define SUPPORT_LINE_DIFF_H

#include "support/text.h"

#include <stdbool.h>

// Appends the hunks that lead from `before` to `after`, with three lines of context.
// The number of changed lines is the least possible: Myers, "An O(ND) Difference
// Algorithm and Its Variations" (1986), in linear space. Where it would take too long
// to find, in large texts that differ much, there may be more. False, and nothing
// appended, if the texts are the same. The last line's newline doesn't matter.
bool line_diff(const char *before, const char *after, Text *out);

#endif
