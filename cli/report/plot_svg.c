// See plot_svg.h. gnuplot writes a small part of SVG, which is gone through tag by tag: only
// elements and attributes that are known here are handed on, so that what a later gnuplot may add
// can't break a page. Points, which it refers to by the names of their shapes, become dots of one
// path, which is a tenth as long.
#include "cli/report/plot_svg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Span {
    const char *at;
    size_t length;
} Span;

typedef struct Tag {
    Span name, attributes;
    bool is_end, is_empty; // `</g>`, `<g/>`
} Tag;

typedef struct Drawn {
    const Plot *plot;
    const char *rest;
    Text *out;
    Text dots; // points of the same kind, one after the other
    Span shape, colour;
    double size;
} Drawn;

static bool is(Span span, const char *word) {
    return span.length == strlen(word) && strncmp(span.at, word, span.length) == 0;
}

static bool is_one_of(Span span, const char *const *words) {
    for (; *words; words++)
        if (is(span, *words))
            return true;
    return false;
}

static bool is_blank(char chars) {
    return strchr(" \t\r\n", chars) && chars;
}

static Span trimmed(Span span) {
    while (span.length && is_blank(*span.at))
        span = (Span){span.at + 1, span.length - 1};
    while (span.length && is_blank(span.at[span.length - 1]))
        span.length--;
    return span;
}

// ---- Attributes ---------------------------------------------------------------------------------

// Takes the next attribute, from `rest` on, which moves behind it. False: there is none.
static bool next_attribute(Span *rest, Span *name, Span *value) {
    const char *at = rest->at, *end = at + rest->length;
    const char *equals = memchr(at, '=', rest->length);
    if (!equals)
        return false;
    *name = trimmed((Span){at, (size_t)(equals - at)});
    const char *open = equals + 1;
    while (open < end && *open != '\'' && *open != '"')
        open++;
    const char *close = open < end ? memchr(open + 1, *open, (size_t)(end - open - 1)) : NULL;
    if (!close)
        return false;
    *value = (Span){open + 1, (size_t)(close - open - 1)};
    *rest = (Span){close + 1, (size_t)(end - close - 1)};
    return true;
}

static Span attribute(const Tag *tag, const char *wanted) {
    Span rest = tag->attributes, name, value;
    while (next_attribute(&rest, &name, &value))
        if (is(name, wanted))
            return value;
    return (Span){"", 0};
}

// A colour of ours is `rgb(0, 0, N)`, N from 1; all else is the text's colour.
static const char *colour_of(Span value) {
    if (is(value, "none"))
        return "none";
    Span digits = value;
    int parts[3] = {0}, count = 0;
    while (digits.length && count < 3) {
        size_t skipped = 0;
        while (skipped < digits.length && !strchr("0123456789", digits.at[skipped]))
            skipped++;
        digits = (Span){digits.at + skipped, digits.length - skipped};
        size_t length = 0;
        int number = 0;
        while (length < digits.length && strchr("0123456789", digits.at[length]) && number < 1000)
            number = number * 10 + digits.at[length++] - '0';
        if (length)
            parts[count++] = number;
        digits = (Span){digits.at + length, digits.length - length};
    }
    bool ours = count == 3 && !parts[0] && !parts[1] && parts[2] > 0 && parts[2] <= PLOT_COLOURS;
    return plot_colour_variable(ours ? (PlotColour)(parts[2] - 1) : PLOT_TEXT);
}

// A tenth of a pixel is enough.
static void add_number(Text *out, double number) {
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%.1f", number);
    if (length > 2 && strcmp(digits + length - 2, ".0") == 0)
        length -= 2;
    text_add_bytes(out, digits, (size_t)length);
}

static bool begins_number(const char *at) {
    return strchr("0123456789.", *at) || (*at == '-' && at[1] && strchr("0123456789.", at[1]));
}

// Letters, and numbers with blanks or commas between them; one blank is enough, and none before a
// letter.
static void add_coordinates(Text *out, Span value) {
    const char *at = value.at, *end = at + value.length;
    bool after_number = false;
    while (at < end) {
        if (begins_number(at)) {
            char *behind;
            double number = strtod(at, &behind);
            if (after_number)
                text_add(out, " ");
            add_number(out, number);
            after_number = true;
            at = behind;
        } else {
            if (!strchr(" ,\t\r\n", *at)) {
                text_add_bytes(out, at, 1);
                after_number = false;
            }
            at++;
        }
    }
}

static const char *const colour_attributes[] = {"fill", "stroke", NULL};
static const char *const coordinate_attributes[] = {"d", "points", NULL};
static const char *const plain_attributes[] = {"transform",
                                               "stroke-width",
                                               "stroke-dasharray",
                                               "stroke-opacity",
                                               "fill-opacity",
                                               "opacity",
                                               "text-anchor",
                                               "font-size",
                                               "font-weight",
                                               "x",
                                               "y",
                                               "width",
                                               "height",
                                               "cx",
                                               "cy",
                                               "r",
                                               NULL};

// Nothing that gnuplot writes in these has a quote or a `<`: the value is told from the rest by
// that.
static void add_attributes(const Tag *tag, Text *out) {
    Span rest = tag->attributes, name, value;
    while (next_attribute(&rest, &name, &value)) {
        bool is_colour = is_one_of(name, colour_attributes);
        bool is_list = is_one_of(name, coordinate_attributes);
        if (!is_colour && !is_list && !is_one_of(name, plain_attributes))
            continue;
        if (memchr(value.at, '"', value.length) || memchr(value.at, '<', value.length))
            continue;
        text_addf(out, " %.*s=\"", (int)name.length, name.at);
        if (is_colour)
            text_add(out, colour_of(value));
        else if (is_list)
            add_coordinates(out, value);
        else
            text_add_bytes(out, value.at, value.length);
        text_add(out, "\"");
    }
}

// ---- Points -------------------------------------------------------------------------------------

static bool is_diamond(Span shape) {
    return is(shape, "#gpPt12");
}

static void end_dots(Drawn *drawn) {
    if (!drawn->dots.length)
        return;
    const char *colour = colour_of(drawn->colour);
    if (is_diamond(drawn->shape))
        text_addf(drawn->out, "<path fill=\"%s\" stroke=\"none\" d=\"%s\"/>\n", colour,
                  text_chars(&drawn->dots));
    else
        text_addf(drawn->out,
                  "<path class=\"dots\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" "
                  "d=\"%s\"/>\n",
                  colour, 2 * drawn->size, text_chars(&drawn->dots));
    text_free(&drawn->dots);
}

static bool is_same(Span left, Span right) {
    return left.length == right.length && strncmp(left.at, right.at, left.length) == 0;
}

// `translate(X,Y) scale(S)`
static void add_point(Drawn *drawn, const Tag *tag) {
    Span shape = attribute(tag, "xlink:href");
    if (!shape.length)
        shape = attribute(tag, "href");
    Span colour = attribute(tag, "color"), transform = attribute(tag, "transform");
    double x, y, size;
    char copy[128];
    snprintf(copy, sizeof copy, "%.*s", (int)transform.length, transform.at);
    if (sscanf(copy, "translate(%lf,%lf) scale(%lf)", &x, &y, &size) != 3)
        return;
    if (!is_same(shape, drawn->shape) || !is_same(colour, drawn->colour) || size != drawn->size)
        end_dots(drawn);
    drawn->shape = shape;
    drawn->colour = colour;
    drawn->size = size;
    double side = is_diamond(shape) ? 1.4 * size : 0;
    text_add(&drawn->dots, "M");
    add_number(&drawn->dots, x - side);
    text_add(&drawn->dots, " ");
    add_number(&drawn->dots, y);
    if (is_diamond(shape))
        text_addf(&drawn->dots, "l%.1f %.1f %.1f %.1f %.1f %.1fz", side, -side, side, side, -side,
                  side);
    else
        text_add(&drawn->dots, "h0");
}

// ---- Elements -----------------------------------------------------------------------------------

static bool next_tag(Drawn *drawn, Span *before, Tag *tag) {
    const char *begin = strchr(drawn->rest, '<'), *end = begin ? strchr(begin, '>') : NULL;
    if (!end)
        return false;
    *before = (Span){drawn->rest, (size_t)(begin - drawn->rest)};
    *tag = (Tag){.is_end = begin[1] == '/', .is_empty = end[-1] == '/'};
    const char *name = begin + 1 + tag->is_end;
    tag->name = (Span){name, strcspn(name, " \t\r\n/>")};
    const char *attributes = name + tag->name.length;
    if (attributes < end - tag->is_empty)
        tag->attributes = (Span){attributes, (size_t)(end - tag->is_empty - attributes)};
    else
        tag->attributes = (Span){attributes, 0};
    drawn->rest = end + 1;
    return true;
}

// What lies within an element that the page doesn't get.
static void skip_element(Drawn *drawn, const Tag *tag) {
    Span before;
    Tag next;
    while (!tag->is_empty && next_tag(drawn, &before, &next))
        if (next.is_end && is_same(next.name, tag->name))
            return;
}

// The words that stand for texts are replaced; what else there is are numbers at axes.
static void add_words(const Drawn *drawn, Span words) {
    words = trimmed(words);
    size_t length = strlen(PLOT_TEXT_WORD);
    if (words.length > length && strncmp(words.at, PLOT_TEXT_WORD, length) == 0) {
        size_t number = strtoul(words.at + length, NULL, 10);
        if (number < drawn->plot->texts.count) {
            text_add(drawn->out, drawn->plot->texts.items[number]);
            return;
        }
    }
    text_add_bytes(drawn->out, words.at, words.length);
}

static const char *const skipped[] = {"title", "desc", "defs", "style", "script", NULL};
static const char *const kept[] = {"g",        "text", "path",   "polygon",
                                   "polyline", "rect", "circle", NULL};

static bool is_invisible(const Tag *tag) {
    return is(tag->name, "rect") && is(attribute(tag, "fill"), "none") &&
           attribute(tag, "stroke").length == 0;
}

static void cut(Text *out, size_t length) {
    out->length = length;
    out->chars[length] = '\0';
}

void plot_svg_add(const Plot *plot, const Text *text, Text *out) {
    Drawn drawn = {.plot = plot, .rest = text_chars(text), .out = out};
    Span before;
    Tag tag;
    // Where the last element begins, and what is in it: a group may have nothing.
    struct {
        size_t before, inside;
    } begun = {0, 0};
    while (next_tag(&drawn, &before, &tag)) {
        add_words(&drawn, before);
        if (is(tag.name, "use")) {
            add_point(&drawn, &tag);
            continue;
        }
        end_dots(&drawn);
        if (is_one_of(tag.name, skipped) && !tag.is_end)
            skip_element(&drawn, &tag);
        if (!is_one_of(tag.name, kept) || is_invisible(&tag))
            continue;
        if (tag.is_end && out->length == begun.inside) {
            cut(out, begun.before);
            continue;
        }
        begun.before = out->length;
        text_addf(out, "<%s%.*s", tag.is_end ? "/" : "", (int)tag.name.length, tag.name.at);
        if (!tag.is_end)
            add_attributes(&tag, out);
        text_add(out, tag.is_empty ? "/>\n" : tag.is_end ? ">\n" : ">");
        begun.inside = tag.is_end || tag.is_empty ? 0 : out->length;
    }
    end_dots(&drawn);
}
