// See strings.h. A JSON object is the map from a text to its number: jansson's are hash tables.
#include "cli/explore/strings.h"

#include "support/characters.h"
#include "support/memory.h"

#include <stdlib.h>
#include <string.h>

struct Strings {
    json_t *numbers, *list;
};

Strings *strings_new(void) {
    Strings *strings = memory_allocate(sizeof *strings);
    *strings = (Strings){json_object(), json_array()};
    return strings;
}

static json_t *add_valid(Strings *strings, const char *chars) {
    json_t *number = json_object_get(strings->numbers, chars);
    if (number)
        return json_incref(number);
    number = json_integer((json_int_t)json_array_size(strings->list));
    if (json_object_set(strings->numbers, chars, number) != 0 ||
        json_array_append_new(strings->list, json_string(chars)) != 0)
        memory_exhausted();
    return number;
}

json_t *strings_add(Strings *strings, const char *chars) {
    return strings_add_bytes(strings, chars, strlen(chars));
}

json_t *strings_add_bytes(Strings *strings, const char *chars, size_t length) {
    Text valid = {0};
    text_add_valid(&valid, chars, length);
    json_t *number = add_valid(strings, text_chars(&valid));
    text_free(&valid);
    return number;
}

json_t *strings_take(Strings *strings) {
    json_t *list = strings->list;
    json_decref(strings->numbers);
    free(strings);
    return list;
}
