// See plot.h. gnuplot runs as a child on a file of commands, which holds its data, too, and writes
// to its standard output; plot_svg.c makes of that what the page gets. It is told to read no
// settings of the user's.
#include "cli/report/plot.h"

#include "cli/command.h"
#include "cli/process.h"
#include "cli/report/markup.h"
#include "cli/report/plot_svg.h"
#include "support/interruption.h"
#include "support/output_file.h"

#include <errno.h>
#include <string.h>

static const char *const colour_names[] = {
    "\"#000001\"", "\"#000002\"", "\"#000003\"", "\"#000004\"",
    "\"#000005\"", "\"#000006\"", "\"#000007\"", "\"#000008\"",
};
static const char *const variables[] = {
    "currentColor",        "var(--dim)",          "var(--rule)",      "var(--plot-baseline)",
    "var(--plot-variant)", "var(--plot-control)", "var(--plot-peer)", "var(--plot-aa)",
};
_Static_assert(sizeof colour_names / sizeof *colour_names == PLOT_COLOURS, "a name each");
_Static_assert(sizeof variables / sizeof *variables == PLOT_COLOURS, "a variable each");

const char *plot_colour(PlotColour colour) {
    return colour_names[colour];
}

const char *plot_colour_variable(PlotColour colour) {
    return variables[colour];
}

void plot_begin(Plot *plot, Arena *arena, int width, int height) {
    *plot = (Plot){.arena = arena, .width = width, .height = height};
    plot_add(plot,
             "set terminal svg size %d,%d noenhanced font 'sans,12'\n"
             "set encoding utf8\nunset key\nunset border\n"
             "set xtics scale 0\nunset ytics\n",
             width, height);
}

void plot_add(Plot *plot, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    text_addv(&plot->script, format, arguments);
    va_end(arguments);
}

const char *plot_text(Plot *plot, const char *svg) {
    ARENA_PUSH(plot->arena, &plot->texts, svg);
    return arena_printf(plot->arena, PLOT_TEXT_WORD "%zu", plot->texts.count - 1);
}

// ---- Running gnuplot ----------------------------------------------------------------------------

static const char missing[] = "--html needs gnuplot (Debian: gnuplot-nox)";

bool plot_check(void) {
    char *words[] = {"gnuplot", "--version", NULL};
    Text output = {0}, errors = {0};
    int status = process_run(words, &output, &errors);
    text_free(&output);
    text_free(&errors);
    if (status != 0)
        command_failure("%s", missing);
    return status == 0;
}

// Its last line that says anything: before a message gnuplot prints the command and a caret.
static const char *complaint(Arena *arena, const Text *errors) {
    const char *message = "";
    for (const char *line = text_chars(errors); *line;) {
        size_t length = strcspn(line, "\n");
        if (length > 0)
            message = arena_strndup(arena, line, length);
        line += length + (line[length] == '\n');
    }
    return message;
}

static bool run(const Plot *plot, const char *path, Text *output) {
    char *words[] = {"gnuplot", "-d", (char *)path, NULL};
    Text errors = {0};
    int status = process_run(words, output, &errors);
    if (status == -1)
        command_failure(errno == ENOENT ? "%s" : "can't start gnuplot: %s",
                        errno == ENOENT ? missing : strerror(errno));
    else if (status != 0)
        command_failure("gnuplot failed (%d): %s", status, complaint(plot->arena, &errors));
    text_free(&errors);
    return status == 0;
}

static void begin_svg(const Plot *plot, const char *title, const char *description, Text *out) {
    text_addf(out, "<svg class=\"plot\" role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\"><title>",
              plot->width, plot->height, plot->width);
    markup_text(out, title);
    text_add(out, "</title><desc>");
    markup_text(out, description);
    text_add(out, "</desc>\n");
}

bool plot_end(Plot *plot, const char *title, const char *description, Text *out) {
    const char *folder = temporary_folder(plot->arena);
    const char *path = temporary_file(
        plot->arena, arena_printf(plot->arena, "%s/loopwright-plot.", folder), ".gnuplot");
    bool good = path && output_file_write(path, &plot->script);
    if (!good)
        command_failure("can't write to %s: %s", path ? path : folder, strerror(errno));
    Text drawn = {0};
    good = good && run(plot, path, &drawn);
    temporary_remove(path);
    if (good) {
        begin_svg(plot, title, description, out);
        plot_svg_add(plot, &drawn, out);
        text_add(out, "</svg>\n");
    }
    text_free(&drawn);
    text_free(&plot->script);
    return good;
}
