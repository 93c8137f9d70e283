// See diagnostic.h. Colour is used only when the stream is a terminal.
#include "support/diagnostic.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_LIMIT = 20, LONGEST_LINE_SHOWN = 400 };

// Prints the source line at `where` and a caret below it. Tabs are repeated in
// the caret's line so that it stands where the reader's terminal puts the text.
static void show_line(FILE *stream, const Source *source, Location where) {
    if (!source->text)
        return;
    const char *line = source->text, *end = source->text + source->length;
    for (int number = source_first_line(source); line && number < where.line; number++) {
        line = memchr(line, '\n', (size_t)(end - line));
        if (line)
            line++;
    }
    if (!line || line > end)
        return;
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    size_t length = (size_t)((stop ? stop : end) - line);
    if (length > LONGEST_LINE_SHOWN || memchr(line, '\0', length))
        return;
    // Control characters must not reach a terminal.
    for (size_t i = 0; i < length; i++)
        fputc((unsigned char)line[i] < ' ' && line[i] != '\t' ? ' ' : line[i], stream);
    fputc('\n', stream);
    for (int column = 1; column < where.column; column++) {
        char seen = (size_t)column <= length ? line[column - 1] : ' ';
        // Bytes that continue a UTF-8 character take no room of their own.
        if ((seen & 0xC0) != 0x80)
            fputc(seen == '\t' ? '\t' : ' ', stream);
    }
    fputs("^\n", stream);
}

static void show(const Diagnostics *diagnostics, Location where, const char *kind, int colour,
                 const char *format, va_list arguments) {
    FILE *stream = diagnostics->stream;
    bool coloured = isatty(fileno(stream));
    fprintf(stream, "%s:", diagnostics->source.name);
    if (where.line > 0)
        fprintf(stream, "%d:%d:", where.line, where.column);
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
