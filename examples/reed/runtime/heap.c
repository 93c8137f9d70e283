// See heap.h.
#include "heap.h"
#include "scanner.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_DUE = 1 << 22, FIRST_ROOM = 1 << 10 };

void heap_account(Heap *heap, ptrdiff_t bytes) {
    heap->bytes += (size_t)bytes;
}

static void *make(Heap *heap, int64_t kind, size_t size) {
    Object *object = grown(NULL, size);
    *object = (Object){.next = heap->objects, .mark = 2 * kind};
    heap->objects = object;
    heap_account(heap, (ptrdiff_t)size);
    return object;
}

void heap_open(Heap *heap) {
    *heap = (Heap){.due = FIRST_DUE, .interned_room = FIRST_ROOM};
    heap->interned = grown(NULL, FIRST_ROOM * sizeof(Text *));
    memset(heap->interned, 0, FIRST_ROOM * sizeof(Text *));
}

// ---- Texts ---------------------------------------------------------------------------------

static int64_t hash_bytes(const uint8_t *bytes, size_t length) {
    uint64_t hash = 14695981039346656037u; // FNV-1a
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ bytes[i]) * 1099511628211u;
    return (int64_t)((hash ^ hash >> 32) & INT64_MAX);
}

static size_t text_bytes_taken(size_t length) {
    return sizeof(Text) + (length ? length : 1);
}

static Text *new_text(Heap *heap, const char *bytes, size_t length, int64_t hash) {
    Text *text = make(heap, REED_TEXT_KIND, text_bytes_taken(length));
    text->hash = hash;
    text->length = (int64_t)length;
    if (length)
        memcpy(text_bytes(text), bytes, length);
    return text;
}

static void intern(Heap *heap, Text *text) {
    size_t at = (size_t)text->hash & (heap->interned_room - 1);
    while (heap->interned[at])
        at = (at + 1) & (heap->interned_room - 1);
    heap->interned[at] = text;
}

// Anew, with room for twice as many as there are; `keeps` tells which.
static void intern_anew(Heap *heap, bool (*keeps)(const Text *)) {
    Text **old = heap->interned;
    size_t old_room = heap->interned_room, count = 0;
    for (size_t i = 0; i < old_room; i++)
        count += old[i] && keeps(old[i]);
    heap->interned_count = count;
    while (heap->interned_room < 4 * count)
        heap->interned_room *= 2;
    heap->interned = grown(NULL, heap->interned_room * sizeof(Text *));
    memset(heap->interned, 0, heap->interned_room * sizeof(Text *));
    for (size_t i = 0; i < old_room; i++)
        if (old[i] && keeps(old[i]))
            intern(heap, old[i]);
    free(old);
}

static bool keeps_all(const Text *text) {
    return text != NULL;
}

Text *heap_text(Heap *heap, const char *bytes, size_t length) {
    if (length > REED_SHORT_TEXT)
        return new_text(heap, bytes, length, 0);
    if (length == 0)
        bytes = ""; // what is empty may come from nowhere, which memcmp doesn't like
    int64_t hash = hash_bytes((const uint8_t *)bytes, length);
    size_t mask = heap->interned_room - 1;
    for (size_t at = (size_t)hash & mask; heap->interned[at]; at = (at + 1) & mask) {
        Text *text = heap->interned[at];
        if (text->hash == hash && (size_t)text->length == length &&
            memcmp(text_bytes(text), bytes, length) == 0)
            return text;
    }
    Text *text = new_text(heap, bytes, length, hash);
    if (2 * ++heap->interned_count > heap->interned_room)
        intern_anew(heap, keeps_all);
    intern(heap, text);
    return text;
}

bool text_equal(const Text *one, const Text *other) {
    return one == other ||
           (one->length > REED_SHORT_TEXT && one->length == other->length &&
            memcmp(text_bytes((Text *)one), text_bytes((Text *)other), (size_t)one->length) == 0);
}

int64_t text_hash_of(Text *text) {
    return text->length > REED_SHORT_TEXT ? hash_bytes(text_bytes(text), (size_t)text->length)
                                          : text->hash;
}

// ---- Other objects -------------------------------------------------------------------------

Table *heap_table(Heap *heap, int64_t elements, int64_t fields) {
    Table *table = make(heap, REED_TABLE_KIND, sizeof *table);
    table_open(heap, table, elements, fields);
    return table;
}

Box *heap_box(Heap *heap, Slot value) {
    Box *box = make(heap, REED_BOX_KIND, sizeof *box);
    box->bits = value.bits;
    box->kind = value.kind;
    return box;
}

static size_t closure_bytes(int captured_count) {
    return sizeof(Closure) + (size_t)captured_count * sizeof(void *);
}

Closure *heap_closure(Heap *heap, int captured_count) {
    return make(heap, REED_CLOSURE_KIND, closure_bytes(captured_count));
}

// ---- Collecting ----------------------------------------------------------------------------

static bool is_object(int64_t kind) {
    return (kind >= REED_TEXT_KIND && kind <= REED_CLOSURE_KIND) || kind == REED_BOX_KIND;
}

static void mark_object(Heap *heap, Object *object) {
    if (object->mark & 1)
        return;
    object->mark |= 1;
    if (object->mark >> 1 == REED_TEXT_KIND)
        return;
    if (heap->reached_count == heap->reached_room) {
        heap->reached_room = 2 * heap->reached_room + 256;
        heap->reached = grown(heap->reached, heap->reached_room * sizeof(Object *));
    }
    heap->reached[heap->reached_count++] = object;
}

static void mark_value(Heap *heap, int64_t kind, int64_t bits) {
    if (is_object(kind))
        mark_object(heap, slot_object(slot_of(kind, bits)));
}

static void mark_table(Heap *heap, const Table *table) {
    for (int64_t i = 0; i < table->count; i++)
        mark_value(heap, table->elements[i].kind, table->elements[i].bits);
    for (int64_t i = 0; i <= table->node_mask; i++) {
        const Node *node = &table->nodes[i];
        mark_value(heap, node->key_kind, node->key_bits);
        mark_value(heap, node->kind, node->bits);
    }
}

static void mark_contents(Heap *heap, Object *object) {
    switch (object->mark >> 1) {
    case REED_TABLE_KIND: mark_table(heap, (Table *)object); break;
    case REED_BOX_KIND: mark_value(heap, ((Box *)object)->kind, ((Box *)object)->bits); break;
    default: {
        Closure *closure = (Closure *)object;
        for (int i = 0; i < closure_captured_count(closure); i++)
            mark_object(heap, closure_captured(closure)[i]);
    }
    }
}

void heap_mark(Heap *heap, Slot value) {
    mark_value(heap, value.kind, value.bits);
    while (heap->reached_count)
        mark_contents(heap, heap->reached[--heap->reached_count]);
}

static size_t free_object(Object *object) {
    size_t size = sizeof(Box);
    switch (object->mark >> 1) {
    case REED_TEXT_KIND: size = text_bytes_taken((size_t)((Text *)object)->length); break;
    case REED_TABLE_KIND: size = sizeof(Table) + table_close((Table *)object); break;
    case REED_CLOSURE_KIND: size = closure_bytes(closure_captured_count((Closure *)object)); break;
    default: break;
    }
    free(object);
    return size;
}

static bool is_marked(const Text *text) {
    return text->mark & 1;
}

void heap_sweep(Heap *heap) {
    intern_anew(heap, is_marked);
    for (Object **at = &heap->objects; *at;) {
        Object *object = *at;
        if (object->mark & 1) {
            object->mark &= ~(int64_t)1;
            at = &object->next;
        } else {
            *at = object->next;
            heap->bytes -= free_object(object);
        }
    }
    heap->due = heap->bytes < FIRST_DUE / 2 ? FIRST_DUE : 2 * heap->bytes;
}

void heap_close(Heap *heap) {
    while (heap->objects) {
        Object *object = heap->objects;
        heap->objects = object->next;
        free_object(object);
    }
    free(heap->interned);
    free(heap->reached);
}
