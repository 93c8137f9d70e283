// The flame graph of a program, as `loopwright profile --guest` draws it, within a page: without
// the background and the fonts of its own, which would be the whole page's.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

#include <stdio.h>
#include <string.h>

// A larger one would be the most of the page.
enum { FLAME_MOST = 1 << 20 };
// So many methods are listed.
enum { METHODS_MOST = 20 };

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

static double number_at(const json_t *object, const char *key) {
    return json_number_value(json_object_get(object, key));
}

static void add_method(Text *out, const json_t *method, double all) {
    const char *name = json_string_value(json_object_get(method, "method"));
    double self = number_at(method, "self"), total = number_at(method, "total");
    text_add(out, "<tr><th scope=\"row\" class=\"code\">");
    markup_text_within(out, name ? name : "", 72);
    text_add(out, "</th>");
    markup_figure_cell(out, "%.1f", self / 1000);
    markup_figure_cell(out, "%.1f %%", all > 0 ? 100 * self / all : 0);
    markup_figure_cell(out, "%.1f", total / 1000);
    text_add(out, "</tr>\n");
}

// They come with those first that took most by themselves.
static void add_methods(const ReportPage *page, Text *out) {
    const json_t *time = json_object_get(page->extras->methods, "time");
    const json_t *methods = json_object_get(time, "methods");
    if (!json_array_size(methods))
        return;
    markup_begin_details(out, "As a table");
    markup_begin_scroll(out, "Methods by time");
    text_add(out, "<table>\n<thead><tr><th>method</th><th class=\"number\">itself, ms</th>"
                  "<th class=\"number\">share</th><th class=\"number\">with what it sent, ms</th>"
                  "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < json_array_size(methods) && i < METHODS_MOST; i++)
        add_method(out, json_array_get(methods, i), number_at(time, "microseconds"));
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
    markup_end_details(out);
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
    text_add(page->out, " under ");
    page_add_subject(page, page->out, extras->flame_subject);
    text_add(page->out,
             ", sampled by the interpreter itself; pointing at a box tells its figures.</p>\n");
    markup_begin_scroll(page->out, "Flame graph");
    text_addf(page->out,
              "<svg class=\"flame\" role=\"img\" viewBox=\"0 30 %d %d\"><title>Flame graph</title>"
              "<desc>Methods by time, each on the one that called it.</desc>\n",
              width, height - 30);
    text_add_bytes(page->out, frames, length);
    text_add(page->out, "</svg>\n");
    markup_end_scroll(page->out);
    add_methods(page, page->out);
    page_end_section(page);
}
