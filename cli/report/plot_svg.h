// What gnuplot draws, made fit for a page: without names that another image may have, too, without
// fonts and colours of its own, and with the texts that its words stand for.
#ifndef CLI_REPORT_PLOT_SVG_H
#define CLI_REPORT_PLOT_SVG_H

#include "cli/report/plot.h"

// What words begin with that stand for texts; a number follows.
#define PLOT_TEXT_WORD "LoopwrightText"

// Appends the elements within the <svg> that gnuplot wrote.
void plot_svg_add(const Plot *plot, const Text *drawn, Text *out);

#endif
