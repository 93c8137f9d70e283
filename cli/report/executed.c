// What the reference evaluator executed, in total and by bytecode: the same in every run.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

#include <stdlib.h>

// So many bytecodes of a variant are listed.
enum { BYTECODES_MOST = 25 };

typedef struct Counter {
    const char *key, *title;
} Counter;

static const Counter counters[] = {
    {"bytecodes", "bytecodes"},
    {"dispatches", "dispatches"},
    {"range_checks", "range checks"},
    {"frame_reads_const", "reads of const fields"},
    {"frame_reads_state", "reads of the frame’s state"},
    {"frame_writes", "frame writes"},
    {"stack_loads", "stack loads"},
    {"stack_stores", "stack stores"},
    {"polls", "polls"},
};
enum { COUNTERS = sizeof counters / sizeof *counters };

static double number_at(const json_t *object, const char *key) {
    return json_number_value(json_object_get(object, key));
}

// With spaces between thousands.
static void add_count(Text *out, double count) {
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%.0f", count);
    text_add(out, "<td class=\"number\">");
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            text_add(out, "&#8239;");
        text_add_bytes(out, digits + i, 1);
    }
    text_add(out, "</td>");
}

static void add_totals(const ReportPage *page, Text *out) {
    markup_begin_scroll(out, "Counts of the evaluator");
    text_add(out, "<table>\n<thead><tr><th></th>");
    for (int i = 0; i < COUNTERS; i++)
        text_addf(out, "<th class=\"number\" scope=\"col\">%s</th>", counters[i].title);
    text_add(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < page->extras->variants.count; i++) {
        const ReportVariant *variant = &page->extras->variants.items[i];
        if (!variant->executed)
            continue;
        text_add(out, "<tr><th scope=\"row\">");
        page_add_subject(page, out, variant->subject);
        text_add(out, "</th>");
        for (int counter = 0; counter < COUNTERS; counter++)
            add_count(out, number_at(variant->executed, counters[counter].key));
        text_add(out, "</tr>\n");
    }
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
}

// ---- By bytecode --------------------------------------------------------------------------------

static int by_count(const void *left, const void *right) {
    double a = number_at(*(const json_t *const *)left, "count"),
           b = number_at(*(const json_t *const *)right, "count");
    return (a < b) - (a > b);
}

static void add_bytecode(Text *out, const json_t *bytecode, double most, double all) {
    const char *name = json_string_value(json_object_get(bytecode, "name"));
    double count = number_at(bytecode, "count");
    text_add(out, "<tr><th scope=\"row\" class=\"code\">");
    markup_text_within(out, name ? name : "", 72);
    text_add(out, "</th>");
    add_count(out, count);
    markup_figure_cell(out, "%.1f %%", all > 0 ? 100 * count / all : 0);
    text_addf(out,
              "<td class=\"bars\" aria-hidden=\"true\"><span class=\"bar\"><i "
              "style=\"width:%.1f%%\"></i></span></td></tr>\n",
              most > 0 ? 100 * count / most : 0);
}

static void add_bytecodes(const ReportPage *page, const ReportVariant *variant, Text *out) {
    const json_t *list = json_object_get(variant->executed, "per_bytecode");
    size_t count = json_array_size(list), shown = 0;
    const json_t **sorted = ARENA_ARRAY(page->arena, const json_t *, count + 1);
    double all = 0, rest = 0;
    for (size_t i = 0; i < count; i++) {
        sorted[i] = json_array_get(list, i);
        all += number_at(sorted[i], "count");
    }
    qsort(sorted, count, sizeof *sorted, by_count);
    while (shown < count && shown < BYTECODES_MOST && number_at(sorted[shown], "count") > 0)
        shown++;
    text_add(out, "<details><summary>");
    page_add_subject(page, out, variant->subject);
    text_add(out, "</summary>\n");
    markup_begin_scroll(out, "Bytecodes by how often they were executed");
    text_add(out, "<table>\n<thead><tr><th>bytecode</th><th class=\"number\">executed</th>"
                  "<th class=\"number\">share</th><th></th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < shown; i++)
        add_bytecode(out, sorted[i], number_at(sorted[0], "count"), all);
    for (size_t i = shown; i < count; i++)
        rest += number_at(sorted[i], "count");
    text_add(out, "</tbody></table>\n");
    if (rest > 0)
        text_addf(out, "<p class=\"note\">All others: %.1f %%.</p>\n", 100 * rest / all);
    markup_end_scroll(out);
    text_add(out, "</details>\n");
}

void report_executed(ReportPage *page) {
    static const char title[] = "What is executed";
    size_t count = 0;
    const char *reason = "nothing but the campaign’s data was there";
    for (size_t i = 0; i < page->extras->variants.count; i++) {
        const ReportVariant *variant = &page->extras->variants.items[i];
        count += variant->executed != NULL;
        reason = variant->no_executed ? variant->no_executed : reason;
    }
    if (!count) {
        page_is_absent(page, title, reason);
        return;
    }
    page_begin_section(page, "executed", title);
    text_add(page->out,
             "<p>The reference evaluator runs the IR and counts. These are its counts of ");
    markup_text(page->out, page->extras->counted_program ? page->extras->counted_program : "");
    text_add(page->out,
             ", the same in every run and on every machine. A fused bytecode counts as those "
             "that it is made of, and takes one dispatch.</p>\n");
    add_totals(page, page->out);
    text_add(page->out, "<h3>By bytecode</h3>\n");
    for (size_t i = 0; i < page->extras->variants.count; i++)
        if (page->extras->variants.items[i].executed)
            add_bytecodes(page, &page->extras->variants.items[i], page->out);
    page_end_section(page);
}
