// A report while it is written: what its sections share. Each section is a function that appends
// it; one that has nothing to show notes why instead, and the page's end lists these.
#ifndef CLI_REPORT_REPORT_PAGE_H
#define CLI_REPORT_REPORT_PAGE_H

#include "cli/report/line_plot.h"
#include "cli/report/report.h"
#include "cli/report/row_plot.h"

// Something that a report may have, and this one hasn't.
typedef struct AbsentPart {
    const char *title, *reason;
} AbsentPart;

// The verified runs of a subject on a program, in the order in which they were measured.
typedef struct PageRuns {
    const CampaignRun **items;
    size_t count;
} PageRuns;

typedef struct ReportPage {
    Arena *arena;
    const Campaign *campaign;
    const Analysis *analysis;
    const ReportExtras *extras;   // never NULL
    const ReportHistory *history; // never NULL
    const size_t *order;          // subjects, the quickest first; at the end those without a mean
    const size_t *place;          // of a subject in that order
    PageRuns *runs;               // a row of programs for each subject
    const Analysis **against;     // with each subject as the baseline; NULL: not wanted yet
    ARENA_VECTOR(AbsentPart) absent;
    Text contents; // links to the sections
    Text *out;
} ReportPage;

// ---- Sections, each in a file of its own. False after an error on stderr.
// --------------------------

void report_answer(ReportPage *page);     // answer.c: in one sentence, and a table
bool report_ranking(ReportPage *page);    // ranking.c: everybody over all programs
bool report_ratios(ReportPage *page);     // ratios.c: with intervals, and verdicts
bool report_programs(ReportPage *page);   // programs.c: single runs, and which to look at
bool report_warm_up(ReportPage *page);    // warm_up.c
void report_counters(ReportPage *page);   // counters.c: the processor's
bool report_dispatch(ReportPage *page);   // dispatch_counts.c: beside the literature
void report_code(ReportPage *page);       // dispatch_code.c: instruction by instruction
void report_executed(ReportPage *page);   // executed.c: by the evaluator
bool report_ablation(ReportPage *page);   // ablation.c: each pass alone, and each left out
void report_flame(ReportPage *page);      // flame.c: the program's own profile
bool report_releases(ReportPage *page);   // releases.c
void report_conditions(ReportPage *page); // conditions.c: where, how, and how to repeat it

// ---- The page's parts
// ------------------------------------------------------------------------------

void page_begin_section(ReportPage *page, const char *id, const char *title);
void page_end_section(ReportPage *page);
void page_is_absent(ReportPage *page, const char *title, const char *reason);
// Appends a paragraph of HTML.
void page_paragraph(ReportPage *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// A figure: plots that say the same in two widths, of which a reader sees one. False after an
// error.
bool page_add_rows(ReportPage *page, const RowPlot *plot);
bool page_add_lines(ReportPage *page, const LinePlot *plot);
// A plot of several side by side, with its heading (HTML). To be put between page_begin_panels and
// page_end_panels.
void page_begin_panels(ReportPage *page);
bool page_add_rows_panel(ReportPage *page, const char *heading, const RowPlot *plot);
bool page_add_lines_panel(ReportPage *page, const char *heading, const LinePlot *plot);
void page_end_panels(ReportPage *page);

// ---- Subjects and programs
// -------------------------------------------------------------------------

// A subject's name is never written but by these: a reader can hide all names, and sees letters
// instead, by rank.
void page_add_subject(const ReportPage *page, Text *out, size_t subject);
// The same as a string.
const char *page_subject(const ReportPage *page, size_t subject);
// As an SVG text of so many columns.
const char *page_subject_svg(const ReportPage *page, size_t subject, size_t columns);
// The colour of its kind, and the word for it.
PlotColour page_subject_colour(const ReportPage *page, size_t subject);
const char *page_subject_kind(const ReportPage *page, size_t subject);
// Fills in a row's name and colour.
PlotRow page_subject_row(const ReportPage *page, size_t subject);

const char *page_program(const ReportPage *page, size_t program);
// How a program of the campaign is called for short that is known by all its words; any other text
// as it is, "" for NULL.
const char *page_program_named(const ReportPage *page, const char *words);
// As SVG text.
const char *page_program_svg(const ReportPage *page, size_t program, size_t columns);
PlotRow page_program_row(const ReportPage *page, size_t program);

// Any other text as SVG text.
const char *page_text_svg(const ReportPage *page, const char *chars, size_t columns);

// ---- Figures
// ---------------------------------------------------------------------------------------

const PageRuns *page_runs(const ReportPage *page, size_t subject, size_t program);
const AnalysisRow *page_row(const ReportPage *page, size_t subject, size_t program);
// A subject's ratio over all programs; the baseline's is 1. False: it has none.
bool page_mean(const ReportPage *page, size_t subject, double *ratio);
// The same on a program.
bool page_ratio(const ReportPage *page, size_t subject, size_t program, double *ratio);
// What can be said of a subject's mean if another one than the campaign's first is the baseline.
// Verdicts are corrected as if that were the campaign's own.
const AnalysisRow *page_mean_against(const ReportPage *page, size_t subject, size_t base);
// "0.352", and "[0.341, 0.366]" or "".
const char *page_ratio_text(const ReportPage *page, const AnalysisRow *row);
const char *page_interval_text(const ReportPage *page, const AnalysisRow *row);
// "no difference", …
const char *page_difference(const ReportPage *page, Difference difference);
// The class of style.css that a verdict has: "faster", "slower", "unsure", "none".
const char *page_difference_class(Difference difference);
// The quantile of `count` > 0 numbers, which are sorted: 0.5 is their median.
double page_quantile(const double *sorted, size_t count, double part);
void page_sort(double *numbers, size_t count);
// "s" for more than one.
const char *page_plural(size_t count);

#endif
