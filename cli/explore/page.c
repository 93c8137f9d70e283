// See page.h. The page's files stand beside this one, in page/, and are embedded when it is built:
// page.html is the frame, in which a comment says where styles, scripts and data go.
#include "cli/explore/page.h"

#include "cli/embedded_page.h"
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

void explore_page(const json_t *data, Text *out) {
    Text text = {0};
    add_data(data, &text);
    embedded_page(explore_page_files, explore_page_file_count, &(PagePart){"data", &text}, 1, out);
    text_free(&text);
}
