// See embedded_page.h.
#include "cli/embedded_page.h"

#include "support/internal_error.h"
#include "support/text.h"

#include <string.h>

typedef struct PageFiles {
    const EmbeddedFile *items;
    size_t count;
} PageFiles;

// All files of a kind, in the order in which they were embedded.
static void add_files(const PageFiles *files, const char *ending, Text *out) {
    for (size_t i = 0; i < files->count; i++)
        if (text_ends_with(files->items[i].name, ending))
            text_add_bytes(out, files->items[i].text, files->items[i].length);
}

static bool is_name(const char *chars, size_t length, const char *name) {
    return strlen(name) == length && strncmp(chars, name, length) == 0;
}

static void add_part(const PageFiles *files, const PagePart *parts, size_t part_count,
                     const char *name, size_t length, Text *out) {
    if (is_name(name, length, "styles")) {
        add_files(files, ".css", out);
        return;
    }
    if (is_name(name, length, "scripts")) {
        add_files(files, ".js", out);
        return;
    }
    for (size_t i = 0; i < part_count; i++)
        if (is_name(name, length, parts[i].name)) {
            text_add_bytes(out, text_chars(parts[i].text), parts[i].text->length);
            return;
        }
    internal_error("a page has no part '%.*s'", (int)length, name);
}

void embedded_page(const EmbeddedFile *files, size_t file_count, const PagePart *parts,
                   size_t part_count, Text *out) {
    static const char begin[] = "<!-- put ", end[] = " -->";
    const PageFiles all = {files, file_count};
    Text frame = {0};
    add_files(&all, ".html", &frame);
    const char *rest = text_chars(&frame);
    for (const char *mark; (mark = strstr(rest, begin));) {
        text_add_bytes(out, rest, (size_t)(mark - rest));
        const char *name = mark + strlen(begin), *after = strstr(name, end);
        if (!after)
            internal_error("a page's comment has no end");
        add_part(&all, parts, part_count, name, (size_t)(after - name), out);
        rest = after + strlen(end);
    }
    text_add(out, rest);
    text_free(&frame);
}
