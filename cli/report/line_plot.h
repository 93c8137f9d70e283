// A plot of lines over what goes on: iterations of a process, releases.
#ifndef CLI_REPORT_LINE_PLOT_H
#define CLI_REPORT_LINE_PLOT_H

#include "cli/report/plot.h"

#include <stddef.h>

typedef struct PlotPoint {
    double x, y;
} PlotPoint;

typedef struct PlotLine {
    const PlotPoint *points; // from left to right
    size_t count;
    PlotColour colour;
    bool is_strong;   // thick, and before the others
    bool has_dots;    // the points are shown
    const char *name; // SVG text at its last point; NULL: none
} PlotLine;

typedef struct LinePlot {
    const char *title, *description; // plain texts
    ARENA_VECTOR(PlotLine) lines;
    const char *axis;           // plain text: what stands below
    const char *const *columns; // SVG texts at x = 0, 1, …; NULL: numbers
    size_t column_count;
    bool is_logarithmic; // upwards
    double reference;    // a line; with has_reference
    bool has_reference;
    double least, greatest; // both 0: what the lines need
} LinePlot;

typedef enum LinePlotShape { LINE_PLOT_WIDE, LINE_PLOT_NARROW, LINE_PLOT_SMALL } LinePlotShape;

// Makes the axis reach so far that it shows all lines.
void line_plot_reach(const LinePlot *plot, double *least, double *greatest);

// Appends an <svg>. False after an error on stderr.
bool line_plot_draw(const LinePlot *plot, Arena *arena, LinePlotShape shape, Text *out);

#endif
