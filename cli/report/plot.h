// A plot by gnuplot, as an SVG image within a page. gnuplot places and scales; colours are the
// page's own, so that they follow light and dark, and so are texts: gnuplot only sees a word that
// stands for one, so that no name can mean anything to it.
#ifndef CLI_REPORT_PLOT_H
#define CLI_REPORT_PLOT_H

#include "support/arena.h"
#include "support/text.h"

#include <stdbool.h>

// Each is a variable of report.css.
typedef enum PlotColour {
    PLOT_TEXT,
    PLOT_DIM,
    PLOT_RULE,
    PLOT_BASELINE,
    PLOT_VARIANT,
    PLOT_CONTROL,
    PLOT_PEER,
    PLOT_AA,
    PLOT_COLOURS
} PlotColour;

typedef struct Plot {
    Arena *arena;
    int width, height; // pixels, where it isn't scaled
    Text script;
    ARENA_VECTOR(const char *) texts;
} Plot;

// Begins the commands of a plot: there are no border and no marks of axes, but for what follows.
void plot_begin(Plot *plot, Arena *arena, int width, int height);
// Appends commands.
void plot_add(Plot *plot, const char *format, ...) __attribute__((format(printf, 2, 3)));
// The word that stands for a text in commands; `svg` is what an element <text> may hold.
const char *plot_text(Plot *plot, const char *svg);
// The colour as commands name it, with quotes.
const char *plot_colour(PlotColour colour);
// The variable of the style sheet: "var(--plot-variant)".
const char *plot_colour_variable(PlotColour colour);

// The command that draws axes and texts alone.
#define PLOT_NOTHING "plot NaN notitle"

// Draws it and appends an <svg>; `title` and `description` are plain texts. False after an error on
// stderr. Either way the plot is gone.
bool plot_end(Plot *plot, const char *title, const char *description, Text *out);

// Is there a gnuplot? False after an error on stderr.
bool plot_check(void);

#endif
