// The functions that every program has. None calls a function of the program.
#include "run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static Slot argument(const Call *call, int64_t index) {
    return index < call->count ? call->arguments[index] : slot_of(REED_NIL_KIND, 0);
}

// ---- What arguments have to be -------------------------------------------------------------

static int64_t expect(const Call *call, int64_t index, int64_t kind, const char *what) {
    Slot value = argument(call, index);
    return value.kind == kind
               ? 0
               : run_fail(call->run, call->frame, "argument %d has to be %s, and is %s",
                          (int)index + 1, what, kind_name(value));
}

static int64_t expect_number(const Call *call, int64_t index) {
    return slot_is_number(argument(call, index))
               ? 0
               : expect(call, index, REED_INTEGER_KIND, "a number");
}

static Slot new_text(const Call *call, const char *bytes, size_t length) {
    return slot_of_object(REED_TEXT_KIND, heap_text(&call->run->heap, bytes, length));
}

// ---- Output --------------------------------------------------------------------------------

static void write_values(const Call *call, const char *between, const char *end) {
    Buffer buffer = {0};
    for (int64_t i = 0; i < call->count; i++) {
        if (i)
            buffer_add(&buffer, between, strlen(between));
        buffer_add_value(&buffer, call->arguments[i]);
    }
    buffer_add(&buffer, end, strlen(end));
    if (buffer.length)
        fwrite(buffer.bytes, 1, buffer.length, stdout);
    free(buffer.bytes);
}

static int64_t native_print(const Call *call, Slot *result) {
    (void)result;
    write_values(call, " ", "\n");
    return 0;
}

static int64_t native_write(const Call *call, Slot *result) {
    (void)result;
    write_values(call, "", "");
    return 0;
}

static int64_t native_error(const Call *call, Slot *result) {
    Buffer buffer = {0};
    (void)result;
    buffer_add_value(&buffer, argument(call, 0));
    run_fail(call->run, call->frame, "%.*s", (int)buffer.length, buffer.bytes);
    free(buffer.bytes);
    return 1;
}

static int64_t native_clock(const Call *call, Slot *result) {
    struct timespec now;
    (void)call;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    *result = slot_of_double((double)now.tv_sec + 1e-9 * (double)now.tv_nsec);
    return 0;
}

// ---- Numbers -------------------------------------------------------------------------------

static int64_t native_floor(const Call *call, Slot *result) {
    if (expect_number(call, 0))
        return 1;
    *result = slot_of_double(floor(slot_double(argument(call, 0))));
    if (argument(call, 0).kind == REED_INTEGER_KIND)
        *result = argument(call, 0);
    else
        table_key(result); // a whole number becomes an integer, if it fits one
    return 0;
}

static int64_t native_sqrt(const Call *call, Slot *result) {
    if (expect_number(call, 0))
        return 1;
    *result = slot_of_double(sqrt(slot_double(argument(call, 0))));
    return 0;
}

// ---- Texts ---------------------------------------------------------------------------------

static int64_t native_text(const Call *call, Slot *result) {
    Buffer buffer = {0};
    buffer_add_value(&buffer, argument(call, 0));
    *result = new_text(call, buffer.bytes, buffer.length);
    free(buffer.bytes);
    return 0;
}

static int64_t native_number(const Call *call, Slot *result) {
    Slot value = argument(call, 0);
    if (slot_is_number(value))
        *result = value;
    else if (value.kind == REED_TEXT_KIND)
        *result = text_to_number(slot_object(value));
    return 0;
}

static int64_t native_type(const Call *call, Slot *result) {
    static const char *const names[] = {"nil",  "boolean", "boolean",  "number",  "number",
                                        "text", "table",   "function", "function"};
    const char *name = names[argument(call, 0).kind];
    *result = new_text(call, name, strlen(name));
    return 0;
}

// The bytes of a text from one index up to another, which it doesn't include.
static int64_t native_part(const Call *call, Slot *result) {
    if (expect(call, 0, REED_TEXT_KIND, "a text") ||
        expect(call, 1, REED_INTEGER_KIND, "an integer") ||
        expect(call, 2, REED_INTEGER_KIND, "an integer"))
        return 1;
    Text *text = slot_object(call->arguments[0]);
    int64_t from = call->arguments[1].bits, end = call->arguments[2].bits;
    if (from < 0 || end > text->length || from > end)
        return run_fail(call->run, call->frame, "the text has no such part");
    *result = new_text(call, (const char *)text_bytes(text) + from, (size_t)(end - from));
    return 0;
}

static int64_t native_byte(const Call *call, Slot *result) {
    if (expect(call, 0, REED_TEXT_KIND, "a text") ||
        expect(call, 1, REED_INTEGER_KIND, "an integer"))
        return 1;
    Text *text = slot_object(call->arguments[0]);
    int64_t index = call->arguments[1].bits;
    if ((uint64_t)index < (uint64_t)text->length)
        *result = slot_of(REED_INTEGER_KIND, text_bytes(text)[index]);
    return 0;
}

static int64_t native_character(const Call *call, Slot *result) {
    if (expect(call, 0, REED_INTEGER_KIND, "an integer"))
        return 1;
    char byte = (char)(call->arguments[0].bits & 0xFF);
    *result = new_text(call, &byte, 1);
    return 0;
}

// The texts and numbers of an array one after the other, with a text between them.
static int64_t native_join(const Call *call, Slot *result) {
    if (expect(call, 0, REED_TABLE_KIND, "a table") ||
        (call->count > 1 && expect(call, 1, REED_TEXT_KIND, "a text")))
        return 1;
    const Table *table = slot_object(call->arguments[0]);
    Buffer buffer = {0};
    for (int64_t i = 0; i < table->count; i++) {
        if (i && call->count > 1)
            buffer_add_value(&buffer, call->arguments[1]);
        buffer_add_value(&buffer, slot_of(table->elements[i].kind, table->elements[i].bits));
        if (buffer.length > TEXT_MOST) {
            free(buffer.bytes);
            return run_fail(call->run, call->frame, "the text would be too long");
        }
    }
    *result = new_text(call, buffer.bytes, buffer.length);
    free(buffer.bytes);
    return 0;
}

// ---- Tables --------------------------------------------------------------------------------

// An array of a table's keys, those from 0 on first, the others in no particular order.
static int64_t native_keys(const Call *call, Slot *result) {
    if (expect(call, 0, REED_TABLE_KIND, "a table"))
        return 1;
    Heap *heap = &call->run->heap;
    const Table *table = slot_object(call->arguments[0]);
    Table *keys = heap_table(heap, table->count + table->used, 0);
    for (int64_t i = 0; i < table->count; i++)
        if (table->elements[i].kind != REED_NIL_KIND)
            table_set(heap, keys, slot_of(REED_INTEGER_KIND, keys->count),
                      slot_of(REED_INTEGER_KIND, i));
    for (int64_t i = 0; i <= table->node_mask; i++)
        if (table->nodes[i].kind != REED_NIL_KIND)
            table_set(heap, keys, slot_of(REED_INTEGER_KIND, keys->count),
                      slot_of(table->nodes[i].key_kind, table->nodes[i].key_bits));
    *result = slot_of_object(REED_TABLE_KIND, keys);
    return 0;
}

const Native natives[] = {
    {"print", native_print}, {"write", native_write},   {"error", native_error},
    {"clock", native_clock}, {"floor", native_floor},   {"sqrt", native_sqrt},
    {"text", native_text},   {"number", native_number}, {"type", native_type},
    {"part", native_part},   {"byte", native_byte},     {"character", native_character},
    {"join", native_join},   {"keys", native_keys},
};
const int native_count = sizeof natives / sizeof *natives;
