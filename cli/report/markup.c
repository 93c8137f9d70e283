// See markup.h.
#include "cli/report/markup.h"

#include "support/characters.h"
#include "support/markup_text.h"

#include <string.h>

void markup_text(Text *out, const char *chars) {
    Text visible = {0};
    text_add_visible(&visible, chars, strlen(chars));
    text_add_markup(out, text_chars(&visible), visible.length);
    text_free(&visible);
}

static size_t columns_of(const Text *text) {
    size_t columns = 0;
    for (size_t i = 0, step; i < text->length; i += step) {
        step = character_length(text->chars + i, text->length - i);
        columns += (size_t)character_columns(character_code(text->chars + i, step));
    }
    return columns;
}

// The bytes of the first characters that are at most so wide together.
static size_t bytes_within(const Text *text, size_t columns) {
    size_t at = 0;
    while (at < text->length) {
        size_t step = character_length(text->chars + at, text->length - at);
        size_t wide = (size_t)character_columns(character_code(text->chars + at, step));
        if (wide > columns)
            break;
        columns -= wide;
        at += step;
    }
    return at;
}

// Names that differ mostly do so at their ends.
bool markup_text_within(Text *out, const char *chars, size_t columns) {
    Text visible = {0};
    text_add_visible(&visible, chars, strlen(chars));
    size_t all = columns_of(&visible);
    bool fits = all <= columns;
    if (fits) {
        text_add_markup(out, text_chars(&visible), visible.length);
    } else {
        size_t before = columns / 3, after = columns - before - 1;
        size_t end = bytes_within(&visible, all - after);
        // A wide character that would be cut goes as a whole.
        if (columns_of(&(Text){visible.chars, end, end}) < all - after)
            end = bytes_within(&visible, all - after + 1);
        text_add_markup(out, visible.chars, bytes_within(&visible, before));
        text_add(out, "…");
        text_add_markup(out, visible.chars + end, visible.length - end);
    }
    text_free(&visible);
    return fits;
}

size_t markup_columns(const char *chars) {
    Text visible = {0};
    text_add_visible(&visible, chars, strlen(chars));
    size_t columns = columns_of(&visible);
    text_free(&visible);
    return columns;
}

void markup_cell(Text *out, const char *class, const char *chars) {
    text_add(out, "<td");
    if (class)
        text_addf(out, " class=\"%s\"", class);
    text_add(out, ">");
    markup_text(out, chars ? chars : "");
    text_add(out, "</td>");
}

void markup_figure_cell(Text *out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    text_add(out, "<td class=\"number\">");
    text_addv(out, format, arguments);
    text_add(out, "</td>");
    va_end(arguments);
}

void markup_no_figure(Text *out) {
    text_add(out, "<td class=\"number none\">–</td>");
}

void markup_begin_scroll(Text *out, const char *label) {
    text_add(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    markup_text(out, label);
    text_add(out, "\">\n");
}

void markup_end_scroll(Text *out) {
    text_add(out, "</div>\n");
}

void markup_begin_details(Text *out, const char *summary) {
    text_add(out, "<details><summary>");
    markup_text(out, summary);
    text_add(out, "</summary>\n");
}

void markup_end_details(Text *out) {
    text_add(out, "</details>\n");
}
