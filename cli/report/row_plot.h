// A plot of rows along one axis: a name, and beside it a box, an interval, single figures, a mark.
// What the report shows of subjects and of programs mostly has this shape.
#ifndef CLI_REPORT_ROW_PLOT_H
#define CLI_REPORT_ROW_PLOT_H

#include "cli/report/plot.h"

#include <stddef.h>

typedef struct PlotRow {
    const char *name;       // SVG text (plot_text), for where there is little room,
    const char *name_short; // and for where there is less
    size_t columns;         // that the name takes, were it not cut
    const char *figure;     // SVG text, at the row's right end, where there is room; NULL: none
    PlotColour colour;
    bool has_box; // between quartiles
    double box_low, box_high;
    bool has_span; // a line: an interval, or whiskers
    double low, high;
    bool has_mark; // the median, or what is estimated
    double mark;
    bool has_summary; // a diamond: what all figures come to
    double summary;
    const double *points; // single figures, from the row's top to its bottom
    size_t point_count;
} PlotRow;

// How much room there is: a plot of the page's width, the same on a phone, one of several side by
// side.
typedef enum RowPlotShape { ROW_PLOT_WIDE, ROW_PLOT_NARROW, ROW_PLOT_SMALL } RowPlotShape;

// So many columns of text a row's name may have.
enum { ROW_NAME_WIDE = 32, ROW_NAME_SMALL = 18 };

typedef struct RowPlot {
    const char *title, *description; // plain texts
    ARENA_VECTOR(PlotRow) rows;
    const char *axis;                   // plain text: what it shows
    const char *axis_left, *axis_right; // plain texts at its ends; NULL: none
    bool is_logarithmic;
    double reference; // where a line is drawn; with has_reference
    bool has_reference;
    double least, greatest; // the axis has at least these; both 0: what the rows need
} RowPlot;

// Makes the axis reach so far that it shows all figures of the rows; several plots of one kind are
// given the same, to be compared.
void row_plot_reach(const RowPlot *plot, double *least, double *greatest);

// Appends an <svg>. False after an error on stderr.
bool row_plot_draw(const RowPlot *plot, Arena *arena, RowPlotShape shape, Text *out);

#endif
