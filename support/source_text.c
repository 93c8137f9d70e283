// See source_text.h. Who shows lines reads the files when they are wanted, and they may have been
// changed or moved since.
#include "support/source_text.h"

#include <string.h>
#include <sys/stat.h>

enum { LONGEST_SOURCE = 16 * 1024 * 1024 };

static bool is_readable(const char *file) {
    struct stat status;
    return stat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= LONGEST_SOURCE;
}

// Makes the text end right before the line. A file that has more lines by now than it had is cut
// off: what comes after it keeps its place.
static void end_before(Text *buffer, int line) {
    const char *end = buffer->chars;
    int next = 1;
    for (; next < line && (end = memchr(end, '\n', buffer->length - (size_t)(end - buffer->chars)));
         next++)
        end++;
    if (end) {
        buffer->length = (size_t)(end - buffer->chars);
        buffer->chars[buffer->length] = '\0';
        return;
    }
    for (; next < line; next++)
        text_add(buffer, "\n");
}

static void add_file(Text *buffer, const char *file) {
    Text text = {0};
    if (is_readable(file) && text_read_file(&text, file))
        text_add_bytes(buffer, text_chars(&text), text.length);
    text_free(&text);
}

void source_read(const char *file, const SourceParts *parts, Text *buffer) {
    add_file(buffer, file);
    for (size_t i = 0; buffer->length && i < parts->count; i++) {
        end_before(buffer, parts->items[i].first_line);
        add_file(buffer, parts->items[i].name);
    }
}

const char *source_file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *source_line_text(const SourceParts *parts, int line, Arena *arena) {
    const SourcePart *part = source_part(parts, line);
    return part ? arena_printf(arena, "%s:%d", source_file_name(part->name),
                               line - part->first_line + 1)
                : arena_printf(arena, "%d", line);
}
