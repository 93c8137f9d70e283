// What `loopwright gil` prints for people: a matrix for each switch interval, then what others are
// documented to do. A row is a demonstration, a column who has run it.
#include "cli/emitter.h"
#include "cli/gil/gil.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// A figure is this wide, and a text is wrapped at the width of a page.
enum { CELL_WIDTH = 21, PAGE_WIDTH = 100 };

static const char demo_head[] = "demonstration";

static int name_width(const Gil *gil) {
    size_t width = strlen(demo_head);
    for (size_t i = 0; i < gil->demos.count; i++)
        if (strlen(gil->demos.items[i].name) > width)
            width = strlen(gil->demos.items[i].name);
    return (int)width;
}

static void end_line(Text *out) {
    while (out->length && out->chars[out->length - 1] == ' ')
        out->chars[--out->length] = '\0';
    text_add(out, "\n");
}

// Lines of whole words, from the second on indented.
static void add_wrapped(Text *out, const char *text) {
    size_t column = 0;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (column && column + 1 + word > PAGE_WIDTH) {
            text_add(out, "\n  ");
            column = 2;
        } else if (column) {
            text_add(out, " ");
            column++;
        }
        text_add_bytes(out, text, word);
        column += word;
        text += word + (text[word] == ' ');
    }
    text_add(out, "\n");
}

// ---- Cells ----------------------------------------------------------------------------------

// NULL: the demonstration has no counterpart there.
static const GilCell *find_cell(const Gil *gil, int64_t interval, const GilDemo *demo,
                                const GilColumn *column) {
    for (size_t i = 0; i < gil->cells.count; i++) {
        const GilCell *cell = &gil->cells.items[i];
        if (cell->interval == interval && cell->demo == demo && cell->column == column)
            return cell;
    }
    return NULL;
}

// What is not as expected is marked.
static const char *verdict_word(const Gil *gil, const GilCell *cell) {
    const char *word = cell->failure ? "failed" : gil_verdict_text(cell->verdict);
    return gil_is_wrong(cell) ? arena_printf(gil->arena, "%s!", word) : word;
}

// Four digits say enough.
static const char *rounds_text(Arena *arena, int64_t rounds) {
    if (rounds < 10000)
        return arena_printf(arena, "%" PRId64, rounds);
    if (rounds < 10000000)
        return arena_printf(arena, "%.0fk", (double)rounds / 1e3);
    return arena_printf(arena, "%.0fM", (double)rounds / 1e6);
}

static const char *cell_text(const Gil *gil, const GilCell *cell) {
    if (!cell)
        return "-";
    const char *word = verdict_word(gil, cell);
    if (cell->failure || cell->verdict == GIL_REFUSED)
        return word;
    return arena_printf(gil->arena, "%-9s %5s %5.2f", word, rounds_text(gil->arena, cell->rounds),
                        cell->seconds);
}

// A column of refusals alone has no figures, and needs no room for them.
static int column_width(const Gil *gil, const GilColumn *column) {
    size_t width = strlen(column->name);
    for (size_t i = 0; i < gil->cells.count; i++) {
        const GilCell *cell = &gil->cells.items[i];
        bool has_figures = cell->verdict == GIL_HOLDS || cell->verdict == GIL_VIOLATED;
        size_t needed = has_figures ? CELL_WIDTH : strlen(verdict_word(gil, cell));
        if (cell->column == column && needed > width)
            width = needed;
    }
    return (int)width;
}

// ---- Matrices -------------------------------------------------------------------------------

static void add_matrix(const Gil *gil, int64_t interval, Text *out) {
    int names = name_width(gil);
    text_addf(out, "switch interval %" PRId64 " us: verdict, rounds, seconds\n", interval);
    text_addf(out, "%-*s", names, demo_head);
    for (size_t c = 0; c < gil->columns.count; c++) {
        const GilColumn *column = &gil->columns.items[c];
        text_addf(out, "  %-*s", column_width(gil, column), column->name);
    }
    end_line(out);
    for (size_t d = 0; d < gil->demos.count; d++) {
        const GilDemo *demo = &gil->demos.items[d];
        text_addf(out, "%-*s", names, demo->name);
        for (size_t c = 0; c < gil->columns.count; c++) {
            const GilColumn *column = &gil->columns.items[c];
            text_addf(out, "  %-*s", column_width(gil, column),
                      cell_text(gil, find_cell(gil, interval, demo, column)));
        }
        end_line(out);
    }
    text_add(out, "\n");
}

static const char *documented(const GilLiterature *literature, const GilDemo *demo) {
    const char *text = json_string_value(json_object_get(literature->verdicts, demo->name));
    return text ? text : "-";
}

// Of a user's own demonstrations alone nothing is documented anywhere.
static bool has_literature(const Gil *gil) {
    for (size_t i = 0; i < gil->folder.literature.count; i++)
        for (size_t d = 0; d < gil->demos.count; d++)
            if (json_object_get(gil->folder.literature.items[i].verdicts, gil->demos.items[d].name))
                return true;
    return false;
}

static void add_literature(const Gil *gil, Text *out) {
    int names = name_width(gil);
    text_add(out, "what follows from where others are documented to look (-: nothing)\n");
    text_addf(out, "%-*s", names, demo_head);
    for (size_t i = 0; i < gil->folder.literature.count; i++)
        text_addf(out, "  %-8s", gil->folder.literature.items[i].name);
    end_line(out);
    for (size_t d = 0; d < gil->demos.count; d++) {
        const GilDemo *demo = &gil->demos.items[d];
        text_addf(out, "%-*s", names, demo->name);
        for (size_t i = 0; i < gil->folder.literature.count; i++) {
            const GilLiterature *literature = &gil->folder.literature.items[i];
            size_t width = strlen(literature->name);
            text_addf(out, "  %-*s", (int)(width < 8 ? 8 : width), documented(literature, demo));
        }
        end_line(out);
    }
    text_add(out, "\n");
    for (size_t i = 0; i < gil->folder.literature.count; i++) {
        const GilLiterature *literature = &gil->folder.literature.items[i];
        add_wrapped(out,
                    arena_printf(gil->arena, "%s looks %s.", literature->name, literature->looks));
    }
    add_wrapped(out, arena_printf(gil->arena, "Source: %s.", gil->folder.source));
}

// What all columns have in common; LLVM's version is known once something was emitted.
static void add_title(const Gil *gil, Text *out) {
    variant_print(&gil->variant, out);
    text_addf(out, "; LLVM %d; ", emitter_helper(&gil->variant, gil->arena).version);
    text_addf(out, "what holds was tried for %g s\n\n", gil->seconds);
}

void gil_table(const Gil *gil, Text *out) {
    add_title(gil, out);
    for (size_t i = 0; i < gil->intervals.count; i++)
        add_matrix(gil, gil->intervals.items[i], out);
    if (has_literature(gil))
        add_literature(gil, out);
}

// ---- Verdicts alone -------------------------------------------------------------------------

// Of all intervals: what was violated once doesn't hold. A failure goes first.
static const GilCell *worst_cell(const Gil *gil, const GilDemo *demo, const GilColumn *column) {
    const GilCell *worst = NULL;
    for (size_t i = 0; i < gil->intervals.count; i++) {
        const GilCell *cell = find_cell(gil, gil->intervals.items[i], demo, column);
        if (!worst || cell->failure || (!worst->failure && cell->verdict > worst->verdict))
            worst = cell;
    }
    return worst;
}

static int verdict_width(const Gil *gil, const GilColumn *column) {
    size_t width = strlen(column->name);
    for (size_t d = 0; d < gil->demos.count; d++) {
        const GilCell *cell = worst_cell(gil, &gil->demos.items[d], column);
        size_t needed = cell ? strlen(verdict_word(gil, cell)) : 1;
        if (needed > width)
            width = needed;
    }
    return (int)width;
}

void gil_verdicts(const Gil *gil, Text *out) {
    int names = name_width(gil);
    text_addf(out, "%-*s", names, demo_head);
    for (size_t c = 0; c < gil->columns.count; c++)
        text_addf(out, "  %-*s", verdict_width(gil, &gil->columns.items[c]),
                  gil->columns.items[c].name);
    end_line(out);
    for (size_t d = 0; d < gil->demos.count; d++) {
        text_addf(out, "%-*s", names, gil->demos.items[d].name);
        for (size_t c = 0; c < gil->columns.count; c++) {
            const GilColumn *column = &gil->columns.items[c];
            const GilCell *cell = worst_cell(gil, &gil->demos.items[d], column);
            text_addf(out, "  %-*s", verdict_width(gil, column),
                      cell ? verdict_word(gil, cell) : "-");
        }
        end_line(out);
    }
}
