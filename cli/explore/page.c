// See page.h. The page's files stand beside this one, in page/, and are embedded when it is built:
// page.html is the frame, in which a comment says where styles, scripts and data go.
#include "cli/explore/page.h"

#include "support/embedded_file.h"
#include "support/json/json_text.h"

#include <string.h>

extern const EmbeddedFile explore_page_files[];
extern const size_t explore_page_file_count;

// `<` can only stand within a string there, and could begin what ends a script.
static void add_data(const json_t *data, Text *out) {
    Text json = {0};
    json_text_print_compact(data, &json);
    for (const char *rest = text_chars(&json); *rest;) {
        size_t length = strcspn(rest, "<");
        text_add_bytes(out, rest, length);
        rest += length;
        if (*rest) {
            text_add(out, "\\u003c");
            rest++;
        }
    }
    text_free(&json);
}

static bool has_ending(const char *name, const char *ending) {
    size_t length = strlen(name), wanted = strlen(ending);
    return length > wanted && strcmp(name + length - wanted, ending) == 0;
}

// All files of a kind, in the order in which they were embedded.
static void add_files(const char *ending, Text *out) {
    for (size_t i = 0; i < explore_page_file_count; i++)
        if (has_ending(explore_page_files[i].name, ending))
            text_add_bytes(out, explore_page_files[i].text, explore_page_files[i].length);
}

void explore_page(const json_t *data, Text *out) {
    Text frame = {0};
    add_files(".html", &frame);
    const char *rest = text_chars(&frame);
    for (const char *mark; (mark = strstr(rest, "<!-- put "));) {
        text_add_bytes(out, rest, (size_t)(mark - rest));
        const char *what = mark + strlen("<!-- put ");
        if (strncmp(what, "styles", 6) == 0)
            add_files(".css", out);
        else if (strncmp(what, "scripts", 7) == 0)
            add_files(".js", out);
        else
            add_data(data, out);
        rest = strstr(what, "-->") + strlen("-->");
    }
    text_add(out, rest);
    text_free(&frame);
}
