// Texts in HTML, XML and SVG: what means something there is written so that it doesn't. What can't
// be seen at all is another matter (text_add_visible).
#ifndef SUPPORT_MARKUP_TEXT_H
#define SUPPORT_MARKUP_TEXT_H

#include "support/text.h"

// Appends the bytes, to stand between tags or in an attribute in quotes of either kind.
void text_add_markup(Text *text, const char *chars, size_t length);

#endif
