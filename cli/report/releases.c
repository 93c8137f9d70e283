// From release to release: ratios and dispatches as bench/history has them.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

#include <string.h>

// Names of variants that any release has.
typedef ARENA_VECTOR(const char *) Names;

static const HistorySubject *find(const HistoryRelease *release, const char *name) {
    for (size_t i = 0; i < release->subjects.count; i++)
        if (strcmp(release->subjects.items[i].name, name) == 0)
            return &release->subjects.items[i];
    return NULL;
}

static bool has_name(const Names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return false;
}

static Names names_of(const ReportPage *page) {
    Names names = {0};
    for (size_t i = 0; i < page->history->releases.count; i++) {
        const HistoryRelease *release = &page->history->releases.items[i];
        for (size_t subject_index = 0; subject_index < release->subjects.count; subject_index++) {
            const HistorySubject *subject = &release->subjects.items[subject_index];
            if (strcmp(subject->kind, "variant") == 0 && !has_name(&names, subject->name))
                ARENA_PUSH(page->arena, &names, subject->name);
        }
    }
    return names;
}

static bool add_plot(ReportPage *page, const Names *names) {
    size_t count = page->history->releases.count;
    const char **columns = ARENA_ARRAY(page->arena, const char *, count);
    for (size_t i = 0; i < count; i++)
        columns[i] = page_text_svg(page, page->history->releases.items[i].release, 12);
    LinePlot plot = {.title = "Time by the baseline’s, release by release",
                     .description = "A line for each variant; the table below has the figures.",
                     .axis = "release",
                     .columns = columns,
                     .column_count = count,
                     .is_logarithmic = true,
                     .has_reference = true,
                     .reference = 1};
    for (size_t name = 0; name < names->count; name++) {
        PlotPoint *points = ARENA_ARRAY(page->arena, PlotPoint, count);
        PlotLine line = {
            .points = points, .colour = PLOT_VARIANT, .is_strong = true, .has_dots = true};
        line.name = page_text_svg(page, names->items[name], 24);
        for (size_t i = 0; i < count; i++) {
            const HistorySubject *subject =
                find(&page->history->releases.items[i], names->items[name]);
            if (subject && subject->ratio != RUN_NO_FIGURE)
                points[line.count++] = (PlotPoint){(double)i, subject->ratio};
        }
        if (line.count)
            ARENA_PUSH(page->arena, &plot.lines, line);
    }
    return !plot.lines.count || page_add_lines(page, &plot);
}

static void add_cell(const ReportPage *page, const HistorySubject *subject, Text *out) {
    if (!subject || subject->ratio == RUN_NO_FIGURE) {
        markup_no_figure(out);
        return;
    }
    const char *dispatch = subject->dispatch_instructions == RUN_NO_FIGURE
                               ? ""
                               : arena_printf(page->arena, "<br><small>%.2f instructions</small>",
                                              subject->dispatch_instructions);
    markup_figure_cell(out, "%.3f%s", subject->ratio, dispatch);
}

static void add_table(const ReportPage *page, const Names *names, Text *out) {
    markup_begin_scroll(out, "Releases");
    text_add(out,
             "<table>\n<thead><tr><th>release</th><th>date</th><th>machine</th><th>baseline</th>");
    for (size_t name = 0; name < names->count; name++) {
        text_add(out, "<th class=\"number\" scope=\"col\">");
        markup_text(out, names->items[name]);
        text_add(out, "</th>");
    }
    text_add(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < page->history->releases.count; i++) {
        const HistoryRelease *release = &page->history->releases.items[i];
        text_add(out, "<tr><th scope=\"row\">");
        markup_text(out, release->release);
        text_add(out, "</th>");
        markup_cell(out, NULL, arena_strndup(page->arena, release->date, 10));
        markup_cell(out, NULL, release->machine);
        markup_cell(out, "code", release->baseline);
        for (size_t name = 0; name < names->count; name++)
            add_cell(page, find(release, names->items[name]), out);
        text_add(out, "</tr>\n");
    }
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
}

bool report_releases(ReportPage *page) {
    static const char title[] = "From release to release";
    Names names = names_of(page);
    if (!names.count) {
        page_is_absent(page, title, "no release has left a file in bench/history");
        return true;
    }
    page_begin_section(page, "releases", title);
    page_paragraph(page,
                   "The geometric mean over the programs of each variant’s time by its "
                   "baseline’s, as it was measured for each release. Machines differ; ratios on "
                   "different ones are not to be compared to the last digit.");
    bool good = add_plot(page, &names);
    add_table(page, &names, page->out);
    page_end_section(page);
    return good;
}
