// The flame graph of a program, as `loopwright profile --guest` draws it, within a page: without
// the background and the fonts of its own, which would be the whole page's.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

#include <stdio.h>
#include <string.h>

// A larger one would be the most of the page.
enum { FLAME_MOST = 1 << 20 };

// The frames: what follows the title, up to the end. NULL: it isn't as we draw one.
static const char *frames_of(const char *svg, size_t *length) {
    const char *style = strstr(svg, "</style>");
    const char *title = style ? strstr(style, "</text>") : NULL;
    const char *end = title ? strstr(title, "</svg>") : NULL;
    if (!end)
        return NULL;
    title += strlen("</text>");
    *length = (size_t)(end - title);
    return title;
}

static const char *reason_of(const ReportExtras *extras, const char *frames) {
    if (extras->flame)
        return frames ? "the picture is too large" : "it could not be read";
    return extras->no_flame ? extras->no_flame : "nothing but the campaign’s data was there";
}

void report_flame(ReportPage *page) {
    static const char title[] = "Where the program’s time goes";
    const ReportExtras *extras = page->extras;
    size_t length = 0;
    int width = 0, height = 0;
    const char *frames = extras->flame ? frames_of(extras->flame, &length) : NULL;
    const char *size = extras->flame ? strstr(extras->flame, "viewBox=\"") : NULL;
    if (!frames || length > FLAME_MOST || !size ||
        sscanf(size, "viewBox=\"0 0 %d %d\"", &width, &height) != 2) {
        page_is_absent(page, title, reason_of(extras, frames));
        return;
    }
    page_begin_section(page, "flame", title);
    text_add(page->out,
             "<p>A box is a method of SOM, as wide as its time, and stands on the one that "
             "sent it. This is ");
    markup_text(page->out, page_program_named(page, extras->sampled_program));
    text_add(page->out,
             ", sampled by the interpreter itself; pointing at a box tells its figures, and "
             "<code>loopwright profile --guest</code> tells them as a table.</p>\n");
    markup_begin_scroll(page->out, "Flame graph");
    text_addf(page->out,
              "<svg class=\"flame\" role=\"img\" viewBox=\"0 30 %d %d\"><title>Flame graph</title>"
              "<desc>Methods by time, each on the one that called it.</desc>\n",
              width, height - 30);
    text_add_bytes(page->out, frames, length);
    text_add(page->out, "</svg>\n");
    markup_end_scroll(page->out);
    page_end_section(page);
}
