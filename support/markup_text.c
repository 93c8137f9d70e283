// See markup_text.h.
#include "support/markup_text.h"

void text_add_markup(Text *text, const char *chars, size_t length) {
    for (size_t i = 0; i < length; i++)
        switch (chars[i]) {
        case '&': text_add(text, "&amp;"); break;
        case '<': text_add(text, "&lt;"); break;
        case '>': text_add(text, "&gt;"); break;
        case '"': text_add(text, "&quot;"); break;
        case '\'': text_add(text, "&#39;"); break;
        default: text_add_bytes(text, chars + i, 1);
        }
}
