// See source_lines.h. A file that can't be read is noted as well, so as to be tried once.
#include "cli/race/source_lines.h"

#include "support/text.h"

#include <string.h>

// Who shows lines shows those of programs that people wrote.
enum { MOST = 4 << 20 };

typedef struct SourceFile {
    const char *name;
    ARENA_VECTOR(const char *) lines;
} SourceFile;

struct SourceLines {
    Arena *arena;
    ARENA_VECTOR(SourceFile) files;
};

SourceLines *source_lines_new(Arena *arena) {
    SourceLines *sources = ARENA_NEW(arena, SourceLines);
    sources->arena = arena;
    return sources;
}

static void read_lines(Arena *arena, SourceFile *file) {
    Text text = {0};
    if (text_read_file_up_to(&text, file->name, MOST)) {
        const char *chars = text_chars(&text), *end = chars + text.length;
        while (chars < end) {
            size_t length = strcspn(chars, "\n");
            ARENA_PUSH(arena, &file->lines, arena_strndup(arena, chars, length));
            chars += length + 1;
        }
    }
    text_free(&text);
}

static const SourceFile *find(SourceLines *sources, const char *name) {
    for (size_t i = 0; i < sources->files.count; i++)
        if (strcmp(sources->files.items[i].name, name) == 0)
            return &sources->files.items[i];
    SourceFile file = {.name = arena_strdup(sources->arena, name)};
    read_lines(sources->arena, &file);
    ARENA_PUSH(sources->arena, &sources->files, file);
    return &sources->files.items[sources->files.count - 1];
}

const char *source_line(SourceLines *sources, const char *file, int line) {
    if (!file || line < 1)
        return NULL;
    const SourceFile *found = find(sources, file);
    return (size_t)line <= found->lines.count ? found->lines.items[line - 1] : NULL;
}
