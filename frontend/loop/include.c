// See include.h. A file is known by its device and inode, whatever path leads to it: so a link to a
// file is that file. And no two files may be called alike, since places of parts are shown by the
// file's own name.
#include "frontend/loop/include.h"

#include "frontend/syntax/parse.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

// Devices and pipes may have no end, and the nesting is on the C stack.
enum { LONGEST_FILE = 16 * 1024 * 1024, DEEPEST_FILE = 64 };

typedef struct IncludedFile {
    const char *path;
    dev_t device;
    ino_t inode;
    Location at;  // of the `include`; line 0: the definition itself
    bool is_open; // being read: who includes it now would be included by it
} IncludedFile;

typedef struct Including {
    Arena *arena;
    Diagnostics *diagnostics;
    AstFile *whole;
    ARENA_VECTOR(IncludedFile) files;
    int lines; // of all files so far
    int depth;
} Including;

static const char *last_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const char *beside(Arena *arena, const char *from, const char *path) {
    return *path == '/' ? path
                        : arena_printf(arena, "%.*s%s", (int)(last_name(from) - from), from, path);
}

static void note_first(Including *including, const IncludedFile *file) {
    if (file->at.line > 0)
        diagnostic_note(including->diagnostics, file->at, "`%s` is included here", file->path);
    else
        diagnostic_note(including->diagnostics, (Location){0, 0}, "it is the definition itself");
}

// False after reporting that the file has been included, or one of its name.
static bool check_new(Including *including, const char *path, const struct stat *status,
                      Location at) {
    for (size_t i = 0; i < including->files.count; i++) {
        const IncludedFile *file = &including->files.items[i];
        bool is_same = file->device == status->st_dev && file->inode == status->st_ino;
        if (!is_same && strcmp(last_name(file->path), last_name(path)) != 0)
            continue;
        diagnostic_error(including->diagnostics, at,
                         is_same && file->is_open ? "`%s` includes itself"
                         : is_same                ? "`%s` is included a second time"
                                                  : "`%s`: a second file of that name",
                         path);
        note_first(including, file);
        return false;
    }
    return true;
}

// The file's path and what the system knows of it. NULL after reporting an error.
static const char *find_file(Including *including, const char *from, const AstInclude *include,
                             struct stat *status) {
    if (!*include->path || strlen(include->path) != include->length) {
        diagnostic_error(including->diagnostics, include->at, "this is no file's name");
        return NULL;
    }
    const char *path = beside(including->arena, from, include->path);
    const char *fault = stat(path, status) != 0            ? strerror(errno)
                        : !S_ISREG(status->st_mode)        ? "it is no regular file"
                        : status->st_size > LONGEST_FILE   ? "it is too large"
                        : including->depth >= DEEPEST_FILE ? "files are included too deep"
                                                           : NULL;
    if (fault) {
        diagnostic_error(including->diagnostics, include->at, "can't include `%s`: %s", path,
                         fault);
        return NULL;
    }
    return check_new(including, path, status, include->at) ? path : NULL;
}

// A line is left between two files, as what is wrong with a file's end is said of the line behind.
static bool add_part(Including *including, const char *path, Location at) {
    Text text = {0};
    if (!text_read_file(&text, path)) {
        diagnostic_error(including->diagnostics, at, "can't include `%s`: %s", path,
                         strerror(errno));
        text_free(&text);
        return false;
    }
    SourcePart part = {.name = path,
                       .text = arena_strndup(including->arena, text_chars(&text), text.length),
                       .length = text.length,
                       .first_line = including->lines + 2};
    text_free(&text);
    including->lines = part.first_line - 1 + source_lines(part.text, part.length);
    ARENA_PUSH(including->arena, &including->diagnostics->source.parts, part);
    return true;
}

static void add_file(Including *including, const char *path, const AstFile *file);

static void include_file(Including *including, const char *from, const AstInclude *include) {
    struct stat status;
    const char *path = find_file(including, from, include, &status);
    if (!path || !add_part(including, path, include->at))
        return;
    size_t index = including->files.count;
    IncludedFile known = {path, status.st_dev, status.st_ino, include->at, true};
    ARENA_PUSH(including->arena, &including->files, known);
    const AstFile *file = syntax_parse_part(including->arena, including->diagnostics);
    including->depth++;
    if (file)
        add_file(including, path, file);
    including->depth--;
    including->files.items[index].is_open = false;
}

static void add_file(Including *including, const char *path, const AstFile *file) {
    Arena *arena = including->arena;
    size_t next = 0;
    for (size_t i = 0; i <= file->classes.count; i++) {
        for (; next < file->includes.count && file->includes.items[next].before == i; next++)
            include_file(including, path, &file->includes.items[next]);
        if (i < file->classes.count)
            ARENA_PUSH(arena, &including->whole->classes, file->classes.items[i]);
    }
    for (size_t i = 0; i < file->annotations.count; i++)
        ARENA_PUSH(arena, &including->whole->annotations, file->annotations.items[i]);
}

AstFile *loop_parse(Arena *arena, Diagnostics *diagnostics) {
    const AstFile *file = syntax_parse_file(arena, diagnostics);
    if (!file)
        return NULL;
    int errors = diagnostics->errors;
    const Source *source = &diagnostics->source;
    Including including = {.arena = arena,
                           .diagnostics = diagnostics,
                           .whole = ARENA_NEW(arena, AstFile),
                           .lines = source_lines(source->text, source->length)};
    including.whole->name = file->name;
    struct stat status;
    if (stat(source->name, &status) == 0) {
        IncludedFile itself = {
            .path = source->name, .device = status.st_dev, .inode = status.st_ino, .is_open = true};
        ARENA_PUSH(arena, &including.files, itself);
    }
    add_file(&including, source->name, file);
    return diagnostics->errors == errors ? including.whole : NULL;
}

// Make's own characters are escaped as compilers do it.
static void add_path(Text *out, const char *path) {
    for (; *path; path++) {
        if (*path == '$')
            text_add(out, "$");
        else if (*path == ' ' || *path == '#')
            text_add(out, "\\");
        text_add_bytes(out, path, 1);
    }
}

void loop_depend(const Source *source, const char *target, Text *out) {
    add_path(out, target);
    text_add(out, ": ");
    add_path(out, source->name);
    for (size_t i = 0; i < source->parts.count; i++) {
        text_add(out, " \\\n  ");
        add_path(out, source->parts.items[i].name);
    }
    text_add(out, "\n");
}
