// See flame_graph.h. Sorted stacks are a tree written down from left to right: a frame begins where
// the stack before it didn't have it, and ends where the next one doesn't.
#include "cli/profile/flame_graph.h"

#include "support/characters.h"
#include "support/hash.h"
#include "support/markup_text.h"

#include <inttypes.h>
#include <string.h>

// In pixels. The width of a letter is that of Verdana, in parts of its height.
enum { WIDTH = 1200, FRAME_HEIGHT = 16, FONT_SIZE = 12, MARGIN = 10 };
enum { ROOM_ABOVE = FONT_SIZE * 3, ROOM_BELOW = FONT_SIZE * 2 + 10 };
static const double LETTER_WIDTH = 0.59, NARROWEST = 0.1;

// A frame that goes on in the stack at hand.
typedef struct OpenFrame {
    const char *name; // within the stack's frames
    size_t length;
    uint64_t from; // the counts to the left of it
} OpenFrame;

typedef struct Drawing {
    const FlameGraphWords *words;
    Text *out;
    Arena *arena;
    uint64_t all;
    int height;
    ARENA_VECTOR(OpenFrame) open; // without the root, which is `all`
} Drawing;

// ---- The picture's parts -------------------------------------------------------------------

// XML has no control characters, and nothing but characters: what can't be seen in a name is told
// by its number, here as in messages.
static Text visible(const char *chars, size_t length) {
    Text text = {0};
    text_add_visible(&text, chars, length);
    return text;
}

static void add_name(Text *out, const char *name, size_t length) {
    Text shown = visible(name, length);
    text_add_markup(out, text_chars(&shown), shown.length);
    text_free(&shown);
}

// From yellow to red. Three numbers out of one hash, from 0 to 1.
static void add_colour(Text *out, const char *name, size_t length) {
    uint64_t hash = hash_more(HASH_OF_NOTHING, name, length);
    double parts[3];
    for (int i = 0; i < 3; i++)
        parts[i] = (double)(hash >> (i * 20) & 0xfffff) / 0xfffff;
    text_addf(out, "rgb(%d,%d,%d)", 205 + (int)(50 * parts[0]), (int)(230 * parts[1]),
              (int)(55 * parts[2]));
}

// The bytes of whole characters that `columns` have room for.
static size_t fitting(const Text *text, size_t columns) {
    size_t length = 0;
    while (length < text->length) {
        const char *next = text->chars + length;
        size_t step = character_length(next, text->length - length);
        size_t wide = (size_t)character_columns(character_code(next, step));
        if (wide > columns)
            break;
        columns -= wide;
        length += step;
    }
    return length;
}

// As much of the name as there is room for.
static void add_label(const Drawing *drawing, double x, double y, double width, const char *name,
                      size_t length) {
    size_t room = (size_t)(width / (FONT_SIZE * LETTER_WIDTH));
    Text shown = visible(name, length);
    bool fits = fitting(&shown, room) == shown.length;
    if (fits || room >= 3) {
        text_addf(drawing->out, "<text x=\"%.1f\" y=\"%.1f\">", x + 3, y + FRAME_HEIGHT - 5.5);
        text_add_markup(drawing->out, text_chars(&shown),
                        fits ? shown.length : fitting(&shown, room - 2));
        text_add(drawing->out, fits ? "</text>" : "..</text>");
    }
    text_free(&shown);
}

static void add_box(const Drawing *drawing, const OpenFrame *frame, uint64_t to, size_t depth) {
    double scale = (double)(WIDTH - 2 * MARGIN) / (double)drawing->all;
    double x = MARGIN + (double)frame->from * scale;
    double width = (double)(to - frame->from) * scale;
    if (width < NARROWEST)
        return;
    double y = drawing->height - ROOM_BELOW - (double)(depth + 1) * FRAME_HEIGHT;
    Text *out = drawing->out;
    text_add(out, "<g><title>");
    add_name(out, frame->name, frame->length);
    text_addf(out, " (%" PRIu64 " %s, %.2f%%)</title>", to - frame->from, drawing->words->unit,
              100.0 * (double)(to - frame->from) / (double)drawing->all);
    text_addf(out, "<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%d.0\" fill=\"", x, y + 1,
              width, FRAME_HEIGHT - 1);
    add_colour(out, frame->name, frame->length);
    text_add(out, "\" rx=\"2\" ry=\"2\"/>");
    add_label(drawing, x, y, width, frame->name, frame->length);
    text_add(out, "</g>\n");
}

static void add_head(const Drawing *drawing) {
    Text *out = drawing->out;
    text_addf(out,
              "<?xml version=\"1.0\" standalone=\"no\"?>\n"
              "<svg version=\"1.1\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
              "xmlns=\"http://www.w3.org/2000/svg\">\n"
              "<defs><linearGradient id=\"background\" y1=\"0\" y2=\"1\" x1=\"0\" x2=\"0\">"
              "<stop stop-color=\"#eeeeee\" offset=\"5%%\"/>"
              "<stop stop-color=\"#eeeeb0\" offset=\"95%%\"/></linearGradient></defs>\n"
              "<style>text { font-family: Verdana, sans-serif; font-size: %dpx; fill: #000; } "
              "g:hover rect { stroke: #000; stroke-width: 0.5; }</style>\n"
              "<rect width=\"%d\" height=\"%d\" fill=\"url(#background)\"/>\n",
              WIDTH, drawing->height, WIDTH, drawing->height, FONT_SIZE, WIDTH, drawing->height);
    text_addf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" style=\"font-size: %dpx\">",
              WIDTH / 2, FONT_SIZE * 2, FONT_SIZE + 5);
    add_name(out, drawing->words->title, strlen(drawing->words->title));
    text_add(out, "</text>\n");
}

// ---- The tree ------------------------------------------------------------------------------

// Draws what is open from `depth` on: it ends here.
static void close_frames(Drawing *drawing, size_t depth, uint64_t to) {
    while (drawing->open.count > depth) {
        drawing->open.count--;
        add_box(drawing, &drawing->open.items[drawing->open.count], to, drawing->open.count + 1);
    }
}

// Ends the frames that the stack hasn't, and begins its own.
static void next_stack(Drawing *drawing, const char *frames, uint64_t from) {
    size_t depth = 0;
    bool is_common = true;
    while (*frames) {
        size_t length = strcspn(frames, ";");
        const OpenFrame *open = depth < drawing->open.count ? &drawing->open.items[depth] : NULL;
        if (is_common &&
            (!open || open->length != length || memcmp(open->name, frames, length) != 0)) {
            close_frames(drawing, depth, from);
            is_common = false;
        }
        if (!is_common)
            ARENA_PUSH(drawing->arena, &drawing->open, ((OpenFrame){frames, length, from}));
        depth++;
        frames += length + (frames[length] == ';');
    }
    close_frames(drawing, depth, from);
}

static size_t deepest(const FoldedStacks *stacks) {
    size_t most = 0;
    for (size_t i = 0; i < stacks->count; i++) {
        size_t depth = 1;
        for (const char *at = stacks->items[i].frames; *at; at++)
            depth += *at == ';';
        most = depth > most ? depth : most;
    }
    return most;
}

void flame_graph_draw(FoldedStacks *stacks, const FlameGraphWords *words, Text *out) {
    folded_stacks_sort(stacks);
    Drawing drawing = {.words = words, .out = out, .arena = arena_new()};
    for (size_t i = 0; i < stacks->count; i++)
        drawing.all += stacks->items[i].count;
    drawing.height = ROOM_ABOVE + ROOM_BELOW + (int)(deepest(stacks) + 1) * FRAME_HEIGHT;
    add_head(&drawing);
    uint64_t from = 0;
    for (size_t i = 0; i < stacks->count; i++) {
        next_stack(&drawing, stacks->items[i].frames, from);
        from += stacks->items[i].count;
    }
    close_frames(&drawing, 0, from);
    if (drawing.all)
        add_box(&drawing, &(OpenFrame){"all", 3, 0}, drawing.all, 0);
    text_add(out, "</svg>\n");
    arena_free(drawing.arena);
}
