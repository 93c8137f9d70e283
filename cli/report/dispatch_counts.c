// What doesn't vary: instructions of a dispatch, its sites, executions; beside figures that others
// have published of the same path.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

#include <stdlib.h>

// Stefan Marr's counts of the machine code of five interpreters, each running Mandelbrot of
// Are-We-Fast-Yet.
typedef struct LiteratureRow {
    const char *name, *remark;
    int instructions, blocks;
} LiteratureRow;

static const LiteratureRow literature[] = {
    {"PySOM", "RPython; the opcode’s range is compared twice", 13, 4},
    {"TruffleSOM", "bytecode loop; without the default case, which was removed by hand", 31, 1},
    {"GraalWasm", "54 of them before the branch of the range check", 56, 2},
    {"Espresso", "a JVM", 79, 2},
    {"GraalPy", "handlers don’t jump straight back to it", 81, 3},
};
enum { LITERATURE = sizeof literature / sizeof *literature };

// Sums and means over the programs of what is known.
typedef struct SubjectCounts {
    bool has_dispatch, has_sites, has_reads, has_executed, is_weighted;
    double instructions, blocks, reads, bytecodes, dispatches;
    int sites;
} SubjectCounts;

static SubjectCounts counts_of(const ReportPage *page, size_t subject) {
    SubjectCounts all = {.is_weighted = true};
    double dispatch = 0, reads = 0;
    for (size_t i = 0; i < page->campaign->programs.count; i++) {
        const CampaignCounts *counts = campaign_counts(page->campaign, subject, i);
        if (counts->has_dispatch) {
            all.instructions += counts->dispatch_instructions;
            all.blocks += counts->dispatch_blocks;
            all.is_weighted = all.is_weighted && counts->is_weighted;
            dispatch++;
        }
        if (counts->has_sites) {
            all.has_sites = true;
            all.sites = counts->dispatch_sites;
        }
        if (counts->has_reads) {
            all.reads += counts->frame_reads;
            reads++;
        }
        if (counts->has_executed) {
            all.has_executed = true;
            all.bytecodes += counts->bytecodes;
            all.dispatches += counts->dispatches;
        }
    }
    all.has_dispatch = dispatch > 0;
    all.has_reads = reads > 0;
    all.instructions /= dispatch > 0 ? dispatch : 1;
    all.blocks /= dispatch > 0 ? dispatch : 1;
    all.reads /= reads > 0 ? reads : 1;
    return all;
}

// ---- The table ----------------------------------------------------------------------------------

static void add_if(Text *out, bool is_known, const char *format, double figure) {
    if (is_known)
        text_addf(out, format, figure);
    else
        markup_no_figure(out);
}

static void add_subject(const ReportPage *page, size_t subject, const SubjectCounts *counts,
                        Text *out) {
    text_add(out, "<tr><th scope=\"row\">");
    page_add_subject(page, out, subject);
    text_add(out, "</th>");
    add_if(out, counts->has_dispatch, "<td class=\"number\">%.2f</td>", counts->instructions);
    add_if(out, counts->has_dispatch, "<td class=\"number\">%.2f</td>", counts->blocks);
    add_if(out, counts->has_sites, "<td class=\"number\">%.0f</td>", counts->sites);
    add_if(out, counts->has_executed && counts->bytecodes > 0, "<td class=\"number\">%.3f</td>",
           counts->dispatches / (counts->bytecodes > 0 ? counts->bytecodes : 1));
    add_if(out, counts->has_reads, "<td class=\"number\">%.2f</td>", counts->reads);
    markup_cell(out, "remark", counts->is_weighted ? "" : "unweighted: all bytecodes alike");
    text_add(out, "</tr>\n");
}

static void add_literature(const LiteratureRow *row, Text *out) {
    text_add(out, "<tr class=\"literature\"><th scope=\"row\">");
    markup_text(out, row->name);
    text_addf(out, "</th><td class=\"number\">%d</td><td class=\"number\">%d</td>",
              row->instructions, row->blocks);
    for (int i = 0; i < 3; i++)
        markup_no_figure(out);
    markup_cell(out, "remark", row->remark);
    text_add(out, "</tr>\n");
}

static void add_table(const ReportPage *page, const SubjectCounts *all, Text *out) {
    markup_begin_scroll(out, "Dispatch in machine code");
    text_add(out, "<table>\n<thead><tr><th></th><th class=\"number\">instructions</th>"
                  "<th class=\"number\">blocks</th><th class=\"number\">sites</th>"
                  "<th class=\"number\">dispatches<br>by bytecodes</th>"
                  "<th class=\"number\">frame reads<br>by bytecodes</th><th></th></tr></thead>\n"
                  "<tbody>\n");
    for (size_t i = 0; i < page->campaign->subjects.count; i++) {
        size_t subject = page->order[i];
        if (all[subject].has_dispatch || all[subject].has_reads)
            add_subject(page, subject, &all[subject], out);
    }
    for (int i = 0; i < LITERATURE; i++)
        add_literature(&literature[i], out);
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
    text_add(out,
             "<p class=\"note\">The lower rows are literature: what Stefan Marr counted of the "
             "same path in the machine code of interpreters that Graal and RPython compiled, on "
             "Mandelbrot of Are-We-Fast-Yet. They are other machines’ and other days’, and were "
             "not measured here.</p>\n");
}

// ---- The plot -----------------------------------------------------------------------------------

static int by_mark(const void *left, const void *right) {
    const PlotRow *a = left, *b = right;
    return (a->mark > b->mark) - (a->mark < b->mark);
}

static bool add_plot(ReportPage *page, const SubjectCounts *all) {
    RowPlot plot = {.title = "Machine instructions of a dispatch",
                    .description =
                        "A row for each interpreter, fewest first, those of the literature "
                        "among them; the table below has the figures.",
                    .axis = "machine instructions from a bytecode to the next",
                    .least = 0,
                    .greatest = 1};
    for (size_t i = 0; i < page->campaign->subjects.count; i++) {
        if (!all[i].has_dispatch)
            continue;
        PlotRow row = page_subject_row(page, i);
        row.has_mark = true;
        row.mark = all[i].instructions;
        ARENA_PUSH(page->arena, &plot.rows, row);
    }
    for (int i = 0; i < LITERATURE; i++) {
        PlotRow row = {.colour = PLOT_DIM, .has_mark = true, .mark = literature[i].instructions};
        row.columns = 10;
        row.name = row.name_short =
            arena_printf(page->arena, "<tspan class=\"literature\">%s</tspan>", literature[i].name);
        ARENA_PUSH(page->arena, &plot.rows, row);
    }
    qsort(plot.rows.items, plot.rows.count, sizeof *plot.rows.items, by_mark);
    for (size_t i = 0; i < plot.rows.count; i++) {
        PlotRow *row = &plot.rows.items[i];
        row->has_box = true;
        row->box_high = row->mark;
        row->figure = arena_printf(page->arena, "%.3g", row->mark);
    }
    return page_add_rows(page, &plot);
}

bool report_dispatch(ReportPage *page) {
    static const char title[] = "Dispatch in machine code";
    size_t count = page->campaign->subjects.count, known = 0;
    SubjectCounts *all = ARENA_ARRAY(page->arena, SubjectCounts, count);
    for (size_t i = 0; i < count; i++) {
        all[i] = counts_of(page, i);
        known += all[i].has_dispatch;
    }
    if (!known) {
        page_is_absent(page, title, "no subject’s dispatch was read from its machine code");
        return true;
    }
    page_begin_section(page, "dispatch", title);
    page_paragraph(page,
                   "What lies between the end of a bytecode and the first useful instruction of "
                   "the next, a mean over what the programs execute. These figures are counted, "
                   "not timed: they are the same in every run. <em>Sites</em> are the indirect "
                   "jumps, each of which the processor predicts by a history of its own.");
    bool good = add_plot(page, all);
    add_table(page, all, page->out);
    page_end_section(page);
    return good;
}
