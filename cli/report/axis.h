// Where an axis has its ticks: at round numbers, few enough to be read.
#ifndef CLI_REPORT_AXIS_H
#define CLI_REPORT_AXIS_H

#include "cli/report/plot.h"

#include <stddef.h>

typedef struct Axis {
    bool is_logarithmic;
    double least, greatest;
    ARENA_VECTOR(double) ticks;
} Axis;

// The axis for figures from `least` to `greatest`, with a little room on either side, and at most
// `most` ticks. A logarithmic one is for figures above 0.
Axis axis_for(Arena *arena, double least, double greatest, bool is_logarithmic, size_t most);

// Appends gnuplot's commands: the range, the ticks with their numbers, thin lines. `name` is "x" or
// "y", `font` the size of numbers.
void axis_add(const Axis *axis, Plot *plot, const char *name, int font);

#endif
