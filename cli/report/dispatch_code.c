// Dispatch instruction by instruction, variants side by side: where the time goes by samples, where
// there are some, else the path alone, with a model's latencies where it has them. And what the
// mean dispatch of each variant is made of.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

#include <string.h>

// So many variants are shown in full.
enum { COLUMNS_MOST = 3 };

// A rule of the style sheet has each: `.of-frame-read`.
static const char *const classes[] = {
    "opcode fetch", "pc advance", "frame read", "spill or reload", "copy", "address arithmetic",
    "range check",  "table load", "jump",       "other",
};
enum { CLASSES = sizeof classes / sizeof *classes };

static const char *string_at(const json_t *object, const char *key) {
    const char *string = json_string_value(json_object_get(object, key));
    return string ? string : "";
}

static double number_at(const json_t *object, const char *key) {
    return json_number_value(json_object_get(object, key));
}

static bool is_class(const char *name) {
    for (int i = 0; i < CLASSES; i++)
        if (strcmp(name, classes[i]) == 0)
            return true;
    return false;
}

// As a style sheet calls it: with dashes for blanks.
static void add_class_name(Text *out, const char *name) {
    text_add(out, "of-");
    for (const char *at = name; *at; at++)
        text_add_bytes(out, *at == ' ' ? "-" : at, 1);
}

// ---- What a mean dispatch is made of ------------------------------------------------------------

static double most_instructions(const ReportPage *page) {
    double most = 0;
    for (size_t i = 0; i < page->extras->variants.count; i++) {
        double all = number_at(page->extras->variants.items[i].dispatch, "dispatch_instructions");
        most = all > most ? all : most;
    }
    return most;
}

static void add_bar(Text *out, const json_t *means, double most) {
    text_add(out, "<span class=\"bar\" aria-hidden=\"true\">");
    for (int i = 0; i < CLASSES; i++) {
        double mean = number_at(means, classes[i]);
        if (mean <= 0)
            continue;
        text_add(out, "<i class=\"");
        add_class_name(out, classes[i]);
        text_addf(out, "\" style=\"width:%.2f%%\"></i>", 100 * mean / most);
    }
    text_add(out, "</span>");
}

static bool is_used(const ReportPage *page, const char *class) {
    for (size_t i = 0; i < page->extras->variants.count; i++) {
        const json_t *dispatch = page->extras->variants.items[i].dispatch;
        if (number_at(json_object_get(dispatch, "dispatch_classes"), class) > 0)
            return true;
    }
    return false;
}

static void add_class_row(const ReportPage *page, const ReportVariant *variant, double most,
                          Text *out) {
    const json_t *means = json_object_get(variant->dispatch, "dispatch_classes");
    text_add(out, "<tr><th scope=\"row\">");
    page_add_subject(page, out, variant->subject);
    text_add(out, "</th><td class=\"bars\">");
    add_bar(out, means, most);
    text_add(out, "</td>");
    for (int i = 0; i < CLASSES; i++)
        if (is_used(page, classes[i]))
            markup_figure_cell(out, "%.2f", number_at(means, classes[i]));
    markup_figure_cell(out, "%.2f", number_at(variant->dispatch, "dispatch_instructions"));
    text_add(out, "</tr>\n");
}

static void add_classes(const ReportPage *page, Text *out) {
    double most = most_instructions(page);
    if (most <= 0)
        return;
    text_add(out, "<h3>What a dispatch is made of</h3>\n");
    markup_begin_scroll(out, "Classes of instructions in a mean dispatch");
    text_add(out, "<table>\n<thead><tr><th></th><th></th>");
    for (int i = 0; i < CLASSES; i++) {
        if (!is_used(page, classes[i]))
            continue;
        text_add(out, "<th class=\"number ");
        add_class_name(out, classes[i]);
        text_addf(out, "\" scope=\"col\">%s</th>", classes[i]);
    }
    text_add(out, "<th class=\"number\" scope=\"col\">together</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < page->extras->variants.count; i++)
        if (page->extras->variants.items[i].dispatch)
            add_class_row(page, &page->extras->variants.items[i], most, out);
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
}

// ---- Code ---------------------------------------------------------------------------------------

// What heats an instruction.
typedef struct Heat {
    const json_t *rows;
    const char *key, *unit; // of a row; the unit of what is shown, NULL: there is no heat
    double scale;           // from the key's figure to that
    double most;
} Heat;

static Heat heat_of(const json_t *rows, const char *key, const char *unit, double scale) {
    Heat heat = {rows, key, unit, scale, 0};
    size_t index;
    json_t *row;
    json_array_foreach(rows, index, row) {
        double figure = number_at(row, key);
        heat.most = figure > heat.most ? figure : heat.most;
    }
    if (heat.most <= 0)
        heat.unit = NULL;
    return heat;
}

// Samples first; a model is less, as it knows no cache and no jump that was foreseen wrongly.
static Heat choose_heat(const ReportVariant *variant) {
    const json_t *sampled = json_object_get(json_object_get(variant->samples, "table"), "rows");
    if (json_array_size(sampled) > 0)
        return heat_of(sampled, "share", "%", 100);
    return heat_of(json_object_get(variant->dispatch, "path"), "latency", "cycles", 1);
}

static void add_instruction(const Heat *heat, const json_t *row, Text *out) {
    const char *class = string_at(row, "class");
    double figure = number_at(row, heat->key);
    text_add(out, "<tr>");
    if (heat->unit && figure > 0)
        text_addf(out, "<td class=\"number heat\" style=\"--hot:%.0f%%\">%.*f</td>",
                  100 * figure / heat->most, heat->scale > 1 ? 1 : 0, figure * heat->scale);
    else if (heat->unit)
        text_add(out, "<td></td>");
    text_add(out, "<td class=\"code\">");
    markup_text(out, string_at(row, "text"));
    text_add(out, "</td><td class=\"purpose ");
    if (is_class(class))
        add_class_name(out, class);
    text_add(out, "\">");
    markup_text(out, class);
    text_add(out, "</td></tr>\n");
}

static bool is_sampled(const Heat *heat) {
    return heat->unit && heat->scale > 1;
}

static void add_caption(const ReportVariant *variant, const Heat *heat, Text *out) {
    const json_t *from = variant->dispatch;
    text_add(out, "<p class=\"note\">");
    if (is_sampled(heat)) {
        markup_text(out, string_at(json_object_get(variant->samples, "table"), "of"));
        text_add(out, ", which took most of the time");
    } else {
        text_add(out, "The dispatch of ");
        markup_text(out, string_at(from, "bytecode"));
        text_addf(out, ": %.0f instructions, %.0f blocks", number_at(from, "instructions"),
                  number_at(from, "blocks"));
    }
    text_add(out, "</p>\n");
}

// What heat is, in whichever ways it is used here.
static void add_explanation(const ReportPage *page, Text *out) {
    bool samples = false, model = false, neither = false;
    const char *processor = "", *no_samples = NULL;
    for (size_t i = 0; i < page->extras->variants.count; i++) {
        const ReportVariant *variant = &page->extras->variants.items[i];
        Heat heat = choose_heat(variant);
        samples = samples || is_sampled(&heat);
        model = model || (heat.unit && !is_sampled(&heat));
        neither = neither || !heat.unit;
        if (!is_sampled(&heat) && variant->no_samples)
            no_samples = variant->no_samples;
        if (heat.unit && !is_sampled(&heat))
            processor = string_at(json_object_get(variant->dispatch, "model"), "processor");
    }
    text_add(out, "<p>");
    if (samples) {
        text_add(out, "Heat is the share of all samples of ");
        markup_text(out, page_program_named(page, page->extras->sampled_program));
        text_add(out, ". A sample stands at the instruction that waits for the one before. ");
    }
    if (model) {
        text_add(out, "Cycles are the instruction’s latency by llvm-mca’s model of ");
        markup_text(out, processor);
        text_add(out, ", which knows no cache and no jump that was foreseen wrongly. ");
    }
    if (neither)
        text_add(out, "Where there is neither a sample nor a model, there is no heat. ");
    if (no_samples) {
        text_add(out, "There are no samples: ");
        markup_text(out, no_samples);
        text_add(out, ".");
    }
    text_add(out, "</p>\n");
}

static void add_column(const ReportPage *page, const ReportVariant *variant, Text *out) {
    Heat heat = choose_heat(variant);
    text_add(out, "<div class=\"column\"><h3>");
    page_add_subject(page, out, variant->subject);
    text_add(out, "</h3>\n");
    add_caption(variant, &heat, out);
    markup_begin_scroll(out, "Machine code");
    text_add(out, "<table class=\"listing\">\n<thead><tr>");
    if (heat.unit)
        text_addf(out, "<th class=\"number\">%s</th>", heat.unit);
    text_add(out, "<th>instruction</th><th>what it is for</th></tr></thead>\n<tbody>\n");
    size_t index;
    json_t *row;
    json_array_foreach(heat.rows, index, row) {
        add_instruction(&heat, row, out);
    }
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
    text_add(out, "</div>\n");
}

static bool has_code(const ReportVariant *variant) {
    return json_array_size(choose_heat(variant).rows) > 0;
}

static void add_columns(const ReportPage *page, bool others, Text *out) {
    text_add(out, "<div class=\"columns\">\n");
    size_t shown = 0;
    for (size_t i = 0; i < page->extras->variants.count; i++) {
        const ReportVariant *variant = &page->extras->variants.items[i];
        if (has_code(variant) && (shown++ >= COLUMNS_MOST) == others)
            add_column(page, variant, out);
    }
    text_add(out, "</div>\n");
}

void report_code(ReportPage *page) {
    static const char title[] = "Dispatch, instruction by instruction";
    size_t count = 0;
    const char *reason = "nothing but the campaign’s data was there";
    for (size_t i = 0; i < page->extras->variants.count; i++) {
        const ReportVariant *variant = &page->extras->variants.items[i];
        count += has_code(variant);
        reason = variant->no_dispatch ? variant->no_dispatch : reason;
    }
    if (!count) {
        page_is_absent(page, title, reason);
        return;
    }
    page_begin_section(page, "code", title);
    add_classes(page, page->out);
    text_add(page->out, "<h3>Side by side</h3>\n");
    add_explanation(page, page->out);
    add_columns(page, false, page->out);
    if (count > COLUMNS_MOST) {
        markup_begin_details(page->out, "The other variants");
        add_columns(page, true, page->out);
        markup_end_details(page->out);
    }
    page_end_section(page);
}
