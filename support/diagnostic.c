// See diagnostic.h. Colour is used only when the stream is a terminal.
#include "support/diagnostic.h"

#include "support/characters.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

// After twenty errors nobody reads on; a longer line was written by a program, and would fill the
// screen without showing where its error is.
enum { DEFAULT_LIMIT = 20, LONGEST_LINE_SHOWN = 400 };

// What is shown of the character at `at`: its bytes, and the columns that they take. Tabs
// stay. Instead of what can't be seen there is a blank, so that no control character
// reaches a terminal and all have a width that is known; bytes that are no character are
// as many question marks.
typedef struct Shown {
    const char *chars;
    size_t length; // of the chars
    size_t step;   // bytes of the line
    int columns;
} Shown;

static Shown shown_at(const char *at, size_t left) {
    size_t step = character_length(at, left);
    if (!step)
        return (Shown){"?", 1, 1, 1};
    uint32_t code = character_code(at, step);
    if (code == '\t')
        return (Shown){"\t", 1, 1, 1};
    if (!character_is_visible(code))
        return (Shown){" ", 1, step, 1};
    return (Shown){at, step, step, character_columns(code)};
}

// Prints the line, and below it a caret under the byte `column`. Tabs are repeated before
// the caret so that it stands where the reader's terminal puts the text.
static void show_caret(FILE *stream, const char *line, size_t length, int column) {
    for (size_t i = 0; i < length;) {
        Shown shown = shown_at(line + i, length - i);
        fwrite(shown.chars, 1, shown.length, stream);
        i += shown.step;
    }
    fputc('\n', stream);
    size_t before = (size_t)column - 1;
    for (size_t i = 0; i < before && i < length;) {
        Shown shown = shown_at(line + i, length - i);
        if (i + shown.step <= before)
            fprintf(stream, "%*s", shown.columns, *shown.chars == '\t' ? "\t" : "");
        i += shown.step;
    }
    if (before > length)
        fprintf(stream, "%*s", (int)(before - length), "");
    fputs("^\n", stream);
}

int source_lines(const char *text, size_t length) {
    int lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines + (length > 0 && text[length - 1] != '\n');
}

const SourcePart *source_part(const SourceParts *parts, int line) {
    size_t count = parts->count;
    while (count > 0 && parts->items[count - 1].first_line > line)
        count--;
    return count > 0 ? &parts->items[count - 1] : NULL;
}

// The text that the line is in.
static SourcePart text_with(const Source *source, int line) {
    const SourcePart *part = source_part(&source->parts, line);
    if (part && part->text)
        return *part;
    return (SourcePart){source->name, source->text, source->length, source_first_line(source)};
}

// Prints the source line at `where` and a caret below it. Lines are counted from the start each
// time: few errors are shown, and a table of lines would be made for every source without any.
static void show_line(FILE *stream, const Source *source, Location where) {
    SourcePart text = text_with(source, where.line);
    if (!text.text)
        return;
    const char *line = text.text, *end = text.text + text.length;
    for (int number = text.first_line; line && number < where.line; number++) {
        line = memchr(line, '\n', (size_t)(end - line));
        if (line)
            line++;
    }
    if (!line || line > end)
        return;
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    size_t length = (size_t)((stop ? stop : end) - line);
    if (length <= LONGEST_LINE_SHOWN && !memchr(line, '\0', length))
        show_caret(stream, line, length, where.column);
}

static void show(const Diagnostics *diagnostics, Location where, const char *kind, int colour,
                 const char *format, va_list arguments) {
    FILE *stream = diagnostics->stream;
    bool coloured = isatty(fileno(stream));
    const SourcePart *part = source_part(&diagnostics->source.parts, where.line);
    int line = part ? where.line - part->first_line + 1 : where.line;
    fprintf(stream, "%s:", part ? part->name : diagnostics->source.name);
    if (where.line > 0)
        fprintf(stream, "%d:%d:", line, where.column);
    if (coloured)
        fprintf(stream, " \033[1;%dm%s:\033[0m ", colour, kind);
    else
        fprintf(stream, " %s: ", kind);
    vfprintf(stream, format, arguments);
    fputc('\n', stream);
    if (where.line > 0)
        show_line(stream, &diagnostics->source, where);
}

void diagnostic_error(Diagnostics *diagnostics, Location where, const char *format, ...) {
    int limit = diagnostics->limit > 0 ? diagnostics->limit : DEFAULT_LIMIT;
    diagnostics->errors++;
    if (!diagnostics->stream)
        return;
    if (diagnostics->errors == limit + 1)
        fprintf(diagnostics->stream, "%s: too many errors, the rest is not shown\n",
                diagnostics->source.name);
    if (diagnostics->errors > limit)
        return;
    va_list arguments;
    va_start(arguments, format);
    show(diagnostics, where, "error", 31, format, arguments);
    va_end(arguments);
}

void diagnostic_note(Diagnostics *diagnostics, Location where, const char *format, ...) {
    int limit = diagnostics->limit > 0 ? diagnostics->limit : DEFAULT_LIMIT;
    if (!diagnostics->stream || diagnostics->errors > limit)
        return;
    va_list arguments;
    va_start(arguments, format);
    show(diagnostics, where, "note", 36, format, arguments);
    va_end(arguments);
}
