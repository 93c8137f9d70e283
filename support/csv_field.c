// See csv_field.h.
#include "support/csv_field.h"

void text_add_csv_field(Text *text, const char *field) {
    text_add(text, "\"");
    for (; *field; field++)
        text_add(text, *field == '"' ? "\"\"" : (char[]){*field, '\0'});
    text_add(text, "\"");
}
