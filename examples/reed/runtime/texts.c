// Values as text, and text as numbers.
#include "run.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_add(Buffer *buffer, const char *bytes, size_t length) {
    if (buffer->room < buffer->length + length) {
        buffer->room = 2 * (buffer->length + length) + 64;
        buffer->bytes = grown(buffer->bytes, buffer->room);
    }
    if (length)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

static void add_string(Buffer *buffer, const char *string) {
    buffer_add(buffer, string, strlen(string));
}

// A double always looks like one.
static void add_double(Buffer *buffer, double number) {
    char digits[40];
    if (isnan(number)) {
        add_string(buffer, "nan");
        return;
    }
    snprintf(digits, sizeof digits, "%.14g", number);
    add_string(buffer, digits);
    if (!digits[strcspn(digits, ".ein")])
        add_string(buffer, ".0");
}

void buffer_add_value(Buffer *buffer, Slot value) {
    char digits[40];
    Text *text;
    switch (value.kind) {
    case REED_INTEGER_KIND:
        snprintf(digits, sizeof digits, "%" PRId64, value.bits);
        add_string(buffer, digits);
        break;
    case REED_DOUBLE_KIND: add_double(buffer, slot_double(value)); break;
    case REED_TEXT_KIND:
        text = slot_object(value);
        buffer_add(buffer, (const char *)text_bytes(text), (size_t)text->length);
        break;
    case REED_TABLE_KIND: add_string(buffer, "table"); break;
    case REED_NIL_KIND: add_string(buffer, "nil"); break;
    case REED_FALSE_KIND: add_string(buffer, "false"); break;
    case REED_TRUE_KIND: add_string(buffer, "true"); break;
    default: add_string(buffer, "function");
    }
}

Slot text_to_number(const Text *text) {
    char digits[64], *end;
    size_t length = (size_t)text->length;
    if (length == 0 || length >= sizeof digits)
        return slot_of(REED_NIL_KIND, 0);
    memcpy(digits, text_bytes((Text *)text), length);
    digits[length] = '\0';
    if (strspn(digits, "0123456789.eE+-") != length)
        return slot_of(REED_NIL_KIND, 0);
    errno = 0;
    int64_t integer = strtoll(digits, &end, 10);
    if (end == digits + length && !errno)
        return slot_of(REED_INTEGER_KIND, integer);
    double number = strtod(digits, &end);
    return end == digits + length ? slot_of_double(number) : slot_of(REED_NIL_KIND, 0);
}

int64_t host_concatenate_count_into(Machine *machine, Frame *frame, Slot *first, int64_t count,
                                    Slot *target) {
    Run *run = (Run *)machine;
    Buffer buffer = {0};
    run_collect_if_due(run, frame);
    for (int64_t i = 0; i < count; i++) {
        if (first[i].kind != REED_TEXT_KIND && !slot_is_number(first[i])) {
            free(buffer.bytes);
            return run_fail(run, frame, "'..' takes texts and numbers, not %s",
                            kind_name(first[i]));
        }
        buffer_add_value(&buffer, first[i]);
        if (buffer.length > TEXT_MOST) {
            free(buffer.bytes);
            return run_fail(run, frame, "the text would be too long");
        }
    }
    *target = slot_of_object(REED_TEXT_KIND, heap_text(&run->heap, buffer.bytes, buffer.length));
    free(buffer.bytes);
    return 0;
}
