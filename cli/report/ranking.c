// Everybody over all programs: a box for each subject, as papers on language implementations rank
// them. Who wants to guess first can hide the names, here and everywhere in the page.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

#include <stdlib.h>
#include <string.h>

// Fewer programs have no quartiles worth a box.
enum { BOX_PROGRAMS = 5 };

// A subject's ratios over the programs, sorted, and what a box plot has of them (Tukey 1977): the
// whiskers end at the last figures within one and a half boxes.
typedef struct Spread {
    double *ratios, *in_order; // sorted; as the programs come
    size_t count;
    double quartiles[3], low, high;
} Spread;

static Spread spread_of(const ReportPage *page, size_t subject) {
    size_t programs = page->campaign->programs.count;
    Spread spread = {.ratios = ARENA_ARRAY(page->arena, double, programs),
                     .in_order = ARENA_ARRAY(page->arena, double, programs)};
    for (size_t i = 0; i < programs; i++)
        spread.count += page_ratio(page, subject, i, &spread.ratios[spread.count]);
    if (!spread.count)
        return spread;
    memcpy(spread.in_order, spread.ratios, spread.count * sizeof *spread.ratios);
    page_sort(spread.ratios, spread.count);
    for (int i = 0; i < 3; i++)
        spread.quartiles[i] = page_quantile(spread.ratios, spread.count, 0.25 * (i + 1));
    double reach = 1.5 * (spread.quartiles[2] - spread.quartiles[0]);
    spread.low = spread.quartiles[0];
    spread.high = spread.quartiles[2];
    for (size_t i = 0; i < spread.count; i++) {
        double ratio = spread.ratios[i];
        if (ratio < spread.low && ratio >= spread.quartiles[0] - reach)
            spread.low = ratio;
        if (ratio > spread.high && ratio <= spread.quartiles[2] + reach)
            spread.high = ratio;
    }
    return spread;
}

static PlotRow row_of(const ReportPage *page, size_t subject) {
    PlotRow row = page_subject_row(page, subject);
    Spread spread = spread_of(page, subject);
    row.points = spread.in_order;
    row.point_count = subject == 0 ? 0 : spread.count;
    row.has_summary = page_mean(page, subject, &row.summary);
    if (row.has_summary)
        row.figure = arena_printf(page->arena, "%.3g×", row.summary);
    if (spread.count >= BOX_PROGRAMS && subject > 0) {
        row.has_box = row.has_span = row.has_mark = true;
        row.box_low = spread.quartiles[0];
        row.box_high = spread.quartiles[2];
        row.mark = spread.quartiles[1];
        row.low = spread.low;
        row.high = spread.high;
    }
    return row;
}

static void add_table(const ReportPage *page, Text *out) {
    markup_begin_details(out, "As a table");
    markup_begin_scroll(out, "Ratios over all programs");
    text_add(out, "<table>\n<thead><tr><th>who</th><th class=\"number\">least</th>"
                  "<th class=\"number\">quartile</th><th class=\"number\">median</th>"
                  "<th class=\"number\">quartile</th><th class=\"number\">greatest</th>"
                  "<th class=\"number\">geometric mean</th><th class=\"number\">programs</th>"
                  "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < page->campaign->subjects.count; i++) {
        size_t subject = page->order[i];
        Spread spread = spread_of(page, subject);
        double mean;
        text_add(out, "<tr><th scope=\"row\">");
        page_add_subject(page, out, subject);
        text_add(out, "</th>");
        if (spread.count) {
            markup_figure_cell(out, "%.3f", spread.ratios[0]);
            for (int quartile = 0; quartile < 3; quartile++)
                markup_figure_cell(out, "%.3f", spread.quartiles[quartile]);
            markup_figure_cell(out, "%.3f", spread.ratios[spread.count - 1]);
        } else {
            for (int quartile = 0; quartile < 5; quartile++)
                markup_no_figure(out);
        }
        if (page_mean(page, subject, &mean))
            markup_figure_cell(out, "%.3f", mean);
        else
            markup_no_figure(out);
        markup_figure_cell(out, "%zu", spread.count);
        text_add(out, "</tr>\n");
    }
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
    markup_end_details(out);
}

// Which colour is which kind, of those that there are.
static void add_legend(const ReportPage *page, Text *out) {
    bool is_named[PLOT_COLOURS] = {false};
    text_add(out, "<ul class=\"legend kind\">\n");
    for (size_t i = 0; i < page->campaign->subjects.count; i++) {
        PlotColour colour = page_subject_colour(page, i);
        if (!is_named[colour])
            text_addf(out, "<li style=\"--mark:%s\">%s</li>\n", plot_colour_variable(colour),
                      page_subject_kind(page, i));
        is_named[colour] = true;
    }
    text_add(out, "</ul>\n");
}

static int by_name(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

// Whoever hides the names sees here who they may be.
static void add_guess(const ReportPage *page, Text *out) {
    size_t count = page->campaign->subjects.count;
    const char **names = ARENA_ARRAY(page->arena, const char *, count);
    for (size_t i = 0; i < count; i++)
        names[i] = page->campaign->subjects.items[i].name;
    qsort(names, count, sizeof *names, by_name);
    text_add(out, "<p class=\"guess\"><label><input type=\"checkbox\" id=\"hide-names\"> Hide the "
                  "names and guess</label></p>\n<p class=\"candidates\">They are, by "
                  "alphabet: ");
    for (size_t i = 0; i < count; i++) {
        text_add(out, i ? ", <code>" : "<code>");
        markup_text(out, names[i]);
        text_add(out, "</code>");
    }
    text_add(out, ".</p>\n");
}

bool report_ranking(ReportPage *page) {
    size_t subjects = page->campaign->subjects.count, programs = page->campaign->programs.count;
    page_begin_section(page, "ranking", "Who is how fast");
    if (programs == 1)
        page_paragraph(page,
                       "A row is an implementation, the diamond its time as a multiple of the "
                       "baseline’s, in the same session.");
    else
        page_paragraph(
            page,
            "A row is an implementation, a dot one of %zu programs: its time as a multiple "
            "of the baseline’s, in the same session.%s The diamond is the geometric mean.",
            programs,
            programs < BOX_PROGRAMS ? ""
                                    : " The box holds the middle half of them, the line in "
                                      "it is the median; whiskers reach to the last dots "
                                      "within one and a half boxes.");
    add_guess(page, page->out);
    RowPlot plot = {.title = "Time by the baseline’s, over all programs",
                    .description = "A box for each implementation, the quickest first; the table "
                                   "below has the figures.",
                    .axis_left = "← quicker",
                    .axis = "time by the baseline’s",
                    .axis_right = "slower →",
                    .is_logarithmic = true,
                    .has_reference = true,
                    .reference = 1};
    for (size_t i = 0; i < subjects; i++)
        ARENA_PUSH(page->arena, &plot.rows, row_of(page, page->order[i]));
    bool good = page_add_rows(page, &plot);
    add_legend(page, page->out);
    add_table(page, page->out);
    page_end_section(page);
    return good;
}
