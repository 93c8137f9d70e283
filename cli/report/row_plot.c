// See row_plot.h. Rows are drawn by colour, as gnuplot draws lists: all lines of one colour are one
// list. Where there is room, names stand left of the rows, else above them.
#include "cli/report/row_plot.h"

#include "cli/report/axis.h"
#include "cli/report/markup.h"

#include <float.h>
#include <string.h>

typedef struct Layout {
    int width, row_height, left, right, above, below;
    size_t ticks;
    bool names_above;
    double thickness; // half a box's height, in rows
    double point;     // a point's size
    int font;
} Layout;

static const Layout layouts[] = {
    [ROW_PLOT_WIDE] = {.width = 960,
                       .row_height = 32,
                       .above = 8,
                       .below = 48,
                       .ticks = 9,
                       .thickness = 0.3,
                       .point = 0.55,
                       .font = 13},
    [ROW_PLOT_NARROW] = {.width = 343,
                         .row_height = 44,
                         .left = 8,
                         .right = 12,
                         .above = 4,
                         .below = 46,
                         .ticks = 5,
                         .names_above = true,
                         .thickness = 0.17,
                         .point = 0.5,
                         .font = 12},
    [ROW_PLOT_SMALL] = {.width = 380,
                        .row_height = 22,
                        .right = 12,
                        .above = 4,
                        .below = 42,
                        .ticks = 5,
                        .thickness = 0.3,
                        .point = 0.42,
                        .font = 12},
};

typedef struct Drawing {
    const RowPlot *plot;
    const Layout *layout;
    Plot out;
} Drawing;

// Names that stand left of their rows get as much room as the longest one needs.
static Layout layout_for(const RowPlot *plot, RowPlotShape shape) {
    Layout layout = layouts[shape];
    size_t longest = 4, most = shape == ROW_PLOT_SMALL ? ROW_NAME_SMALL : ROW_NAME_WIDE;
    size_t widest = 0;
    for (size_t i = 0; i < plot->rows.count; i++) {
        const PlotRow *row = &plot->rows.items[i];
        longest = row->columns > longest ? row->columns : longest;
        if (row->figure && markup_columns(row->figure) > widest)
            widest = markup_columns(row->figure);
    }
    longest = longest < most ? longest : most;
    if (!layout.names_above)
        layout.left = 16 + (int)((double)longest * 0.58 * layout.font);
    if (shape == ROW_PLOT_WIDE)
        layout.right = 24 + (int)((double)widest * 0.55 * layout.font);
    return layout;
}

// ---- How far the axis reaches -------------------------------------------------------------------

static void reach(double figure, double *least, double *greatest) {
    *least = figure < *least ? figure : *least;
    *greatest = figure > *greatest ? figure : *greatest;
}

void row_plot_reach(const RowPlot *plot, double *least, double *greatest) {
    for (size_t i = 0; i < plot->rows.count; i++) {
        const PlotRow *row = &plot->rows.items[i];
        if (row->has_box) {
            reach(row->box_low, least, greatest);
            reach(row->box_high, least, greatest);
        }
        if (row->has_span) {
            reach(row->low, least, greatest);
            reach(row->high, least, greatest);
        }
        if (row->has_mark)
            reach(row->mark, least, greatest);
        if (row->has_summary)
            reach(row->summary, least, greatest);
        for (size_t point = 0; point < row->point_count; point++)
            reach(row->points[point], least, greatest);
    }
    if (plot->has_reference)
        reach(plot->reference, least, greatest);
}

static Axis axis_of(const RowPlot *plot, Arena *arena, size_t ticks) {
    double least = DBL_MAX, greatest = -DBL_MAX;
    if (plot->least < plot->greatest) {
        least = plot->least;
        greatest = plot->greatest;
    }
    row_plot_reach(plot, &least, &greatest);
    if (least > greatest)
        least = greatest = 1;
    return axis_for(arena, least, greatest, plot->is_logarithmic, ticks);
}

// ---- Lists --------------------------------------------------------------------------------------

// Where a row's own height is shared with its name, that stands above the middle.
static double middle(const Drawing *drawing, size_t row) {
    return (double)row + (drawing->layout->names_above ? 0.17 : 0);
}

static void add_lines(Drawing *drawing, PlotColour colour) {
    const RowPlot *plot = drawing->plot;
    for (size_t i = 0; i < plot->rows.count; i++) {
        const PlotRow *row = &plot->rows.items[i];
        if (row->colour == colour && row->has_span)
            plot_add(&drawing->out, "%.9g %.3f %.9g 0\n", row->low, middle(drawing, i),
                     row->high - row->low);
    }
}

static void add_marks(Drawing *drawing, PlotColour colour) {
    const RowPlot *plot = drawing->plot;
    double half = drawing->layout->thickness;
    for (size_t i = 0; i < plot->rows.count; i++) {
        const PlotRow *row = &plot->rows.items[i];
        if (row->colour == colour && row->has_mark)
            plot_add(&drawing->out, "%.9g %.3f 0 %.3f\n", row->mark, middle(drawing, i) - half,
                     2 * half);
    }
}

static void add_boxes(Drawing *drawing, PlotColour colour) {
    const RowPlot *plot = drawing->plot;
    double half = drawing->layout->thickness;
    for (size_t i = 0; i < plot->rows.count; i++) {
        const PlotRow *row = &plot->rows.items[i];
        double y = middle(drawing, i);
        if (row->colour == colour && row->has_box)
            plot_add(&drawing->out, "%.9g %.3f %.9g %.9g %.3f %.3f\n", row->box_low, y,
                     row->box_low, row->box_high, y - half, y + half);
    }
}

static void add_points(Drawing *drawing, PlotColour colour) {
    const RowPlot *plot = drawing->plot;
    double height = 1.5 * drawing->layout->thickness;
    for (size_t i = 0; i < plot->rows.count; i++) {
        const PlotRow *row = &plot->rows.items[i];
        for (size_t point = 0; row->colour == colour && point < row->point_count; point++) {
            double part = ((double)point + 0.5) / (double)row->point_count - 0.5;
            plot_add(&drawing->out, "%.9g %.3f\n", row->points[point],
                     middle(drawing, i) + part * height);
        }
    }
}

static void add_summaries(Drawing *drawing, PlotColour colour) {
    const RowPlot *plot = drawing->plot;
    for (size_t i = 0; i < plot->rows.count; i++) {
        const PlotRow *row = &plot->rows.items[i];
        if (row->colour == colour && row->has_summary)
            plot_add(&drawing->out, "%.9g %.3f\n", row->summary, middle(drawing, i));
    }
}

// In the order in which they are drawn: each covers the ones before.
typedef struct List {
    const char *name, *style;
    void (*add)(Drawing *drawing, PlotColour colour);
} List;

static const List lists[] = {
    {"spans", "using 1:2:3:4 with vectors nohead linewidth 1.5", add_lines},
    {"boxes",
     "using 1:2:3:4:5:6 with boxxyerror fillstyle transparent solid 0.22 border linewidth 1.2",
     add_boxes},
    {"points", "using 1:2 with points pointtype 7", add_points},
    {"marks", "using 1:2:3:4 with vectors nohead linewidth 2.5", add_marks},
    {"summaries", "using 1:2 with points pointtype 13", add_summaries},
};
enum { LISTS = sizeof lists / sizeof *lists };

static bool has_any(const Text *script, size_t from) {
    return strchr(text_chars(script) + from, '\n') != NULL;
}

// Defines the list as data of gnuplot's and appends its part of the command to `command`. One
// without anything in it gnuplot refuses.
static void add_list(Drawing *drawing, const List *list, PlotColour colour, Text *command) {
    size_t before = drawing->out.script.length;
    plot_add(&drawing->out, "$%s%d << END\n", list->name, (int)colour);
    size_t from = drawing->out.script.length;
    list->add(drawing, colour);
    if (!has_any(&drawing->out.script, from)) {
        drawing->out.script.length = before;
        drawing->out.script.chars[before] = '\0';
        return;
    }
    plot_add(&drawing->out, "END\n");
    text_addf(command, "%s$%s%d %s linecolor rgb %s", command->length ? ", " : "plot ", list->name,
              (int)colour, list->style, plot_colour(colour));
    if (list->add == add_points)
        text_addf(command, " pointsize %g", drawing->layout->point);
    if (list->add == add_summaries)
        text_addf(command, " pointsize %g", 1.1);
}

// ---- Texts --------------------------------------------------------------------------------------

static void add_names(Drawing *drawing, RowPlotShape shape) {
    const Layout *layout = drawing->layout;
    for (size_t i = 0; i < drawing->plot->rows.count; i++) {
        const PlotRow *row = &drawing->plot->rows.items[i];
        const char *name = shape == ROW_PLOT_SMALL ? row->name_short : row->name;
        const char *word = plot_text(&drawing->out, name);
        if (layout->names_above)
            plot_add(&drawing->out, "set label \"%s\" at graph 0, first %.3f left", word,
                     (double)i - 0.21);
        else
            plot_add(&drawing->out, "set label \"%s\" at screen %.5f, first %zu right", word,
                     (double)(layout->left - 12) / layout->width, i);
        plot_add(&drawing->out, " font \"sans,%d\" textcolor rgb %s front\n", layout->font,
                 plot_colour(PLOT_TEXT));
        if (!row->figure || shape == ROW_PLOT_SMALL)
            continue;
        plot_add(&drawing->out, "set label \"%s\" at screen %.5f, first %.3f right",
                 plot_text(&drawing->out, row->figure), (double)(layout->width - 4) / layout->width,
                 layout->names_above ? (double)i - 0.21 : (double)i);
        plot_add(&drawing->out, " font \"sans,%d\" textcolor rgb %s front\n", layout->font - 1,
                 plot_colour(PLOT_DIM));
    }
}

static const char *escaped(Arena *arena, const char *chars) {
    Text text = {0};
    markup_text(&text, chars);
    const char *copy = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return copy;
}

// At the axis' left end (0), its middle, its right end (1).
static void add_axis_text(Drawing *drawing, const char *chars, double place, int height) {
    const Layout *layout = drawing->layout;
    if (!chars)
        return;
    double at = layout->left + place * (layout->width - layout->right - layout->left);
    plot_add(&drawing->out,
             "set label \"%s\" at screen %.5f, screen %.5f %s font \"sans,%d\" textcolor rgb %s\n",
             plot_text(&drawing->out, escaped(drawing->out.arena, chars)), at / layout->width,
             10.0 / height,
             place == 0   ? "left"
             : place == 1 ? "right"
                          : "center",
             layout->font - 1, plot_colour(PLOT_DIM));
}

static void add_frame(Drawing *drawing, int height, const Axis *axis) {
    const Layout *layout = drawing->layout;
    size_t count = drawing->plot->rows.count;
    plot_add(&drawing->out,
             "set lmargin at screen %.5f\nset rmargin at screen %.5f\n"
             "set tmargin at screen %.5f\nset bmargin at screen %.5f\n",
             (double)layout->left / layout->width,
             (double)(layout->width - layout->right) / layout->width,
             1 - (double)layout->above / height, (double)layout->below / height);
    axis_add(axis, &drawing->out, "x", layout->font - 1);
    plot_add(&drawing->out, "set yrange [%.1f:-0.5]\n", (double)count - 0.5);
    if (drawing->plot->has_reference)
        plot_add(&drawing->out,
                 "set arrow from first %.9g, graph 0 to first %.9g, graph 1 nohead back "
                 "linewidth 1.5 linecolor rgb %s\n",
                 drawing->plot->reference, drawing->plot->reference, plot_colour(PLOT_DIM));
}

bool row_plot_draw(const RowPlot *plot, Arena *arena, RowPlotShape shape, Text *out) {
    const Layout chosen = layout_for(plot, shape), *layout = &chosen;
    Drawing drawing = {.plot = plot, .layout = layout};
    int height = layout->above + layout->below + layout->row_height * (int)plot->rows.count;
    Axis axis = axis_of(plot, arena, layout->ticks);
    plot_begin(&drawing.out, arena, layout->width, height);
    add_frame(&drawing, height, &axis);
    add_names(&drawing, shape);
    add_axis_text(&drawing, plot->axis_left, 0, height);
    add_axis_text(&drawing, plot->axis, 0.5, height);
    add_axis_text(&drawing, plot->axis_right, 1, height);
    Text command = {0};
    for (int i = 0; i < LISTS; i++)
        for (int colour = 0; colour < PLOT_COLOURS; colour++)
            add_list(&drawing, &lists[i], (PlotColour)colour, &command);
    // Of rows without any figure there still is the frame.
    plot_add(&drawing.out, "%s\n", command.length ? text_chars(&command) : PLOT_NOTHING);
    text_free(&command);
    return plot_end(&drawing.out, plot->title, plot->description, out);
}
