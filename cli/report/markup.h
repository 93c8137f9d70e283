// Texts in HTML. Names come from outside and may hold anything: none gets into a page but through
// here.
#ifndef CLI_REPORT_MARKUP_H
#define CLI_REPORT_MARKUP_H

#include "support/text.h"

// Appends a text with all that means something to HTML escaped, be it between tags or in an
// attribute in quotes; what can't be seen is told by its number.
void markup_text(Text *out, const char *chars);
// Likewise, no more than `columns` wide, which is 8 at least: of a longer one the middle is left
// out. False: it was longer.
bool markup_text_within(Text *out, const char *chars, size_t columns);

// The columns that a text takes as it is shown, were it not cut.
size_t markup_columns(const char *chars);

// A cell of a table: `<td>`, or `<td class="CLASS">`, with a text, or with a formatted one that
// needs no escaping.
void markup_cell(Text *out, const char *class, const char *chars);
void markup_figure_cell(Text *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
// A cell that says that there is no figure.
void markup_no_figure(Text *out);

// What may be wider than the page gets a box of its own, which scrolls, with keys, too: `label`
// says to those who don't see it what it is.
void markup_begin_scroll(Text *out, const char *label);
void markup_end_scroll(Text *out);

// A part of the page that is opened where somebody asks for it.
void markup_begin_details(Text *out, const char *summary);
void markup_end_details(Text *out);

#endif
