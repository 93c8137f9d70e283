// See axis.h.
#include "cli/report/axis.h"

#include <math.h>

// Mantissas of ticks within a decade, from few to many.
static const double mantissas[][9] = {
    {1},
    {1, 3},
    {1, 2, 5},
    {1, 1.5, 2, 3, 5, 7},
};
enum { SETS = sizeof mantissas / sizeof *mantissas, MANTISSAS = 9 };

// Rounding must not lose a tick that stands at the very end.
static bool is_within(const Axis *axis, double tick) {
    double room = (axis->greatest - axis->least) * 1e-9;
    return tick >= axis->least - room && tick <= axis->greatest + room;
}

// Each tick of the set, in every so many-th decade, is counted or, with an arena, taken.
static size_t take_mantissas(Axis *axis, Arena *arena, const double *set, double stride) {
    size_t count = 0;
    for (double decade = floor(log10(axis->least)); decade <= log10(axis->greatest);
         decade += stride)
        for (int i = 0; i < MANTISSAS && set[i] > 0; i++) {
            double tick = set[i] * pow(10, decade);
            if (!is_within(axis, tick))
                continue;
            count++;
            if (arena)
                ARENA_PUSH(arena, &axis->ticks, tick);
        }
    return count;
}

static double first_step(const Axis *axis, double step) {
    return ceil(axis->least / step - 1e-9);
}

static double last_step(const Axis *axis, double step) {
    return floor(axis->greatest / step + 1e-9);
}

// The shortest round step that gives no more ticks than there is room for.
static void take_steps(Axis *axis, Arena *arena, size_t most) {
    static const double rounds[] = {1, 2, 5};
    double decade = pow(10, floor(log10((axis->greatest - axis->least) / (double)most)));
    double step = decade;
    for (int i = 1; last_step(axis, step) - first_step(axis, step) + 1 > (double)most; i++) {
        decade *= i % 3 ? 1 : 10;
        step = rounds[i % 3] * decade;
    }
    for (double at = first_step(axis, step); at <= last_step(axis, step); at++)
        ARENA_PUSH(arena, &axis->ticks, at == 0 ? 0 : at * step);
}

// The most of a kind of ticks that there is room for. Where that is hardly any, as within a narrow
// range, steps of the same length; over very many decades some of these.
static void take_ticks(Axis *axis, Arena *arena, size_t most) {
    size_t count = 0, decades = 0;
    int chosen = 0;
    for (int i = 0; axis->is_logarithmic && i < SETS; i++) {
        size_t found = take_mantissas(axis, NULL, mantissas[i], 1);
        decades = i ? decades : found;
        if (found <= most && found > count) {
            chosen = i;
            count = found;
        }
    }
    if (count >= 3)
        take_mantissas(axis, arena, mantissas[chosen], 1);
    else if (decades > most)
        take_mantissas(axis, arena, mantissas[0], ceil((double)decades / (double)most));
    else
        take_steps(axis, arena, most);
}

Axis axis_for(Arena *arena, double least, double greatest, bool is_logarithmic, size_t most) {
    Axis axis = {.is_logarithmic = is_logarithmic};
    if (is_logarithmic) {
        double room = pow(greatest / least, 0.03);
        room = room < 1.01 ? 1.01 : room;
        axis.least = least / room;
        axis.greatest = greatest * room;
    } else {
        double room = (greatest - least) * 0.03;
        room = room > 0 ? room : fabs(least) * 0.05 + 0.5;
        axis.least = least == 0 ? 0 : least - room;
        axis.greatest = greatest + room;
    }
    take_ticks(&axis, arena, most);
    return axis;
}

void axis_add(const Axis *axis, Plot *plot, const char *name, int font) {
    if (axis->is_logarithmic)
        plot_add(plot, "set logscale %s\n", name);
    plot_add(plot,
             "set %srange [%.12g:%.12g]\nset %stics scale 0 font \"sans,%d\" textcolor rgb %s (",
             name, axis->least, axis->greatest, name, font, plot_colour(PLOT_DIM));
    for (size_t i = 0; i < axis->ticks.count; i++)
        plot_add(plot, "%s\"%.12g\" %.12g", i ? ", " : "", axis->ticks.items[i],
                 axis->ticks.items[i]);
    plot_add(plot, ")\nset grid %stics linetype 1 linewidth 1 linecolor rgb %s\n", name,
             plot_colour(PLOT_RULE));
}
