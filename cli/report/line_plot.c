// See line_plot.h.
#include "cli/report/line_plot.h"

#include "cli/report/axis.h"
#include "cli/report/markup.h"

#include <float.h>
#include <math.h>

typedef struct Layout {
    int width, height, left, right, above, below;
    size_t x_ticks, y_ticks;
    int font;
} Layout;

static const Layout layouts[] = {
    [LINE_PLOT_WIDE] = {.width = 880,
                        .height = 320,
                        .left = 52,
                        .right = 200,
                        .above = 14,
                        .below = 46,
                        .x_ticks = 10,
                        .y_ticks = 6,
                        .font = 13},
    [LINE_PLOT_NARROW] = {.width = 343,
                          .height = 280,
                          .left = 40,
                          .right = 110,
                          .above = 14,
                          .below = 46,
                          .x_ticks = 5,
                          .y_ticks = 5,
                          .font = 11},
    [LINE_PLOT_SMALL] = {.width = 380,
                         .height = 190,
                         .left = 40,
                         .right = 12,
                         .above = 10,
                         .below = 42,
                         .x_ticks = 5,
                         .y_ticks = 5,
                         .font = 11},
};

static void reach(double figure, double *least, double *greatest) {
    *least = figure < *least ? figure : *least;
    *greatest = figure > *greatest ? figure : *greatest;
}

void line_plot_reach(const LinePlot *plot, double *least, double *greatest) {
    for (size_t i = 0; i < plot->lines.count; i++)
        for (size_t point = 0; point < plot->lines.items[i].count; point++)
            reach(plot->lines.items[i].points[point].y, least, greatest);
    if (plot->has_reference)
        reach(plot->reference, least, greatest);
}

static void add_y_axis(const LinePlot *plot, const Layout *layout, Plot *out) {
    double least = DBL_MAX, greatest = -DBL_MAX;
    if (plot->least < plot->greatest) {
        least = plot->least;
        greatest = plot->greatest;
    }
    line_plot_reach(plot, &least, &greatest);
    if (least > greatest)
        least = greatest = 1;
    Axis axis = axis_for(out->arena, least, greatest, plot->is_logarithmic, layout->y_ticks);
    axis_add(&axis, out, "y", layout->font);
    if (plot->has_reference)
        plot_add(out,
                 "set arrow from graph 0, first %.9g to graph 1, first %.9g nohead back "
                 "linewidth 1.5 linecolor rgb %s\n",
                 plot->reference, plot->reference, plot_colour(PLOT_DIM));
}

// What is counted has no halves.
static void keep_integers(Axis *axis) {
    size_t kept = 0;
    for (size_t i = 0; i < axis->ticks.count; i++)
        if (axis->ticks.items[i] == floor(axis->ticks.items[i]))
            axis->ticks.items[kept++] = axis->ticks.items[i];
    axis->ticks.count = kept;
}

// Columns with names, or numbers from the first x to the last one.
static void add_x_axis(const LinePlot *plot, const Layout *layout, Plot *out) {
    if (plot->columns) {
        plot_add(out, "set xrange [-0.2:%.3f]\nset xtics scale 0 textcolor rgb %s (",
                 (double)plot->column_count - 0.8, plot_colour(PLOT_DIM));
        for (size_t i = 0; i < plot->column_count; i++)
            plot_add(out, "%s\"%s\" %zu", i ? ", " : "", plot_text(out, plot->columns[i]), i);
        plot_add(out, ")\n");
        return;
    }
    double least = DBL_MAX, greatest = -DBL_MAX;
    for (size_t i = 0; i < plot->lines.count; i++)
        for (size_t point = 0; point < plot->lines.items[i].count; point++)
            reach(plot->lines.items[i].points[point].x, &least, &greatest);
    if (least > greatest)
        least = greatest = 1;
    Axis axis = axis_for(out->arena, least, greatest, false, layout->x_ticks);
    keep_integers(&axis);
    axis_add(&axis, out, "x", layout->font);
}

static void add_frame(const LinePlot *plot, const Layout *layout, Plot *out) {
    int height = layout->height, width = layout->width;
    plot_add(out,
             "set lmargin at screen %.5f\nset rmargin at screen %.5f\n"
             "set tmargin at screen %.5f\nset bmargin at screen %.5f\n",
             (double)layout->left / width, (double)(width - layout->right) / width,
             1 - (double)layout->above / height, (double)layout->below / height);
    add_x_axis(plot, layout, out);
    add_y_axis(plot, layout, out);
    if (!plot->axis)
        return;
    Text text = {0};
    markup_text(&text, plot->axis);
    plot_add(out,
             "set label \"%s\" at screen %.5f, screen %.5f center font \"sans,%d\" "
             "textcolor rgb %s\n",
             plot_text(out, arena_strdup(out->arena, text_chars(&text))),
             (double)(layout->left + width - layout->right) / 2 / width, 10.0 / height,
             layout->font - 1, plot_colour(PLOT_DIM));
    text_free(&text);
}

static void add_name(const PlotLine *line, const Layout *layout, Plot *out) {
    const PlotPoint *last = &line->points[line->count - 1];
    if (line->name)
        plot_add(out,
                 "set label \"%s\" at first %.9g, first %.9g left offset 1,0 font \"sans,%d\" "
                 "textcolor rgb %s\n",
                 plot_text(out, line->name), last->x, last->y, layout->font - 1,
                 plot_colour(line->colour));
}

// Appends the lines of one strength to the command.
static void add_lines(const LinePlot *plot, const Layout *layout, bool is_strong, Plot *out,
                      Text *command) {
    for (size_t i = 0; i < plot->lines.count; i++) {
        const PlotLine *line = &plot->lines.items[i];
        if (line->is_strong != is_strong || !line->count)
            continue;
        plot_add(out, "$line%zu << END\n", i);
        for (size_t point = 0; point < line->count; point++)
            plot_add(out, "%.9g %.9g\n", line->points[point].x, line->points[point].y);
        plot_add(out, "END\n");
        add_name(line, layout, out);
        text_addf(command, "%s$line%zu using 1:2 with %s linewidth %g linecolor rgb %s%s",
                  command->length ? ", " : "plot ", i, line->has_dots ? "linespoints" : "lines",
                  is_strong ? 2.2 : 0.8, plot_colour(line->colour),
                  line->has_dots ? " pointtype 7 pointsize 0.9" : "");
    }
}

bool line_plot_draw(const LinePlot *plot, Arena *arena, LinePlotShape shape, Text *out) {
    const Layout *layout = &layouts[shape];
    Plot drawing;
    plot_begin(&drawing, arena, layout->width, layout->height);
    add_frame(plot, layout, &drawing);
    Text command = {0};
    add_lines(plot, layout, false, &drawing, &command);
    add_lines(plot, layout, true, &drawing, &command);
    plot_add(&drawing, "%s\n", command.length ? text_chars(&command) : PLOT_NOTHING);
    text_free(&command);
    return plot_end(&drawing, plot->title, plot->description, out);
}
