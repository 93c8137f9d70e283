// See table.h. The hash part is open addressing with linear probing, so that the loop finds most
// fields at the first or second place. A key whose value is nil keeps its place until there is no
// room any more.
#include "table.h"
#include "scanner.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_NODES = 2 };

// What tables without a hash part have for one: nobody writes to it.
static Node no_nodes;

static size_t node_bytes(const Table *table) {
    return table->nodes == &no_nodes ? 0 : ((size_t)table->node_mask + 1) * sizeof(Node);
}

// How many keys fit so many nodes. Two may both be used, as the loop looks at both.
static int64_t most_used(int64_t nodes) {
    return nodes == LEAST_NODES ? nodes : nodes / 4 * 3;
}

static void take_nodes(Heap *heap, Table *table, int64_t keys) {
    int64_t nodes = LEAST_NODES;
    while (most_used(nodes) < keys)
        nodes *= 2;
    table->nodes = grown(NULL, (size_t)nodes * sizeof(Node));
    memset(table->nodes, 0, (size_t)nodes * sizeof(Node));
    table->node_mask = nodes - 1;
    table->used = 0;
    heap_account(heap, (ptrdiff_t)node_bytes(table));
}

static void take_elements(Heap *heap, Table *table, int64_t room) {
    table->elements = grown(table->elements, (size_t)room * sizeof(Cell));
    heap_account(heap, (ptrdiff_t)(room - table->room) * (ptrdiff_t)sizeof(Cell));
    table->room = room;
}

void table_open(Heap *heap, Table *table, int64_t elements, int64_t fields) {
    table->count = table->room = table->node_mask = table->used = 0;
    table->elements = NULL;
    table->nodes = &no_nodes;
    if (elements)
        take_elements(heap, table, elements);
    if (fields)
        take_nodes(heap, table, fields);
}

size_t table_close(Table *table) {
    size_t size = (size_t)table->room * sizeof(Cell) + node_bytes(table);
    free(table->elements);
    if (table->nodes != &no_nodes)
        free(table->nodes);
    return size;
}

bool table_key(Slot *key) {
    if (key->kind == REED_DOUBLE_KIND) {
        double number;
        memcpy(&number, &key->bits, sizeof number);
        if (number >= -9223372036854775808.0 && number < 9223372036854775808.0 &&
            (double)(int64_t)number == number)
            *key = slot_of(REED_INTEGER_KIND, (int64_t)number);
        return number == number;
    }
    if (key->kind < REED_INTEGER_KIND)
        key->bits = 0;
    return !slot_is_nil(*key);
}

static uint64_t hash_key(Slot key) {
    if (key.kind == REED_TEXT_KIND)
        return (uint64_t)text_hash_of(slot_object(key));
    uint64_t bits = (uint64_t)key.bits ^ (uint64_t)key.kind << 57;
    bits *= UINT64_C(0x9E3779B97F4A7C15);
    return bits ^ bits >> 32;
}

static bool is_key(const Node *node, Slot key) {
    if (node->key_kind != key.kind)
        return false;
    return node->key_bits == key.bits ||
           (key.kind == REED_TEXT_KIND &&
            text_equal(slot_object(slot_of(node->key_kind, node->key_bits)), slot_object(key)));
}

// The key's node, or the free one where it would be. NULL: neither.
static Node *find(const Table *table, Slot key) {
    uint64_t first = hash_key(key), mask = (uint64_t)table->node_mask;
    for (uint64_t i = 0; i <= mask; i++) {
        Node *node = &table->nodes[(first + i) & mask];
        if (node->key_kind == REED_NIL_KIND || is_key(node, key))
            return node;
    }
    return NULL;
}

Slot table_get(const Table *table, Slot key) {
    if (key.kind == REED_INTEGER_KIND && (uint64_t)key.bits < (uint64_t)table->count) {
        const Cell *cell = &table->elements[key.bits];
        return slot_of(cell->kind, cell->bits);
    }
    const Node *node = find(table, key);
    return node ? slot_of(node->kind, node->bits) : slot_of(REED_NIL_KIND, 0);
}

// Keys that have a value move to new nodes, with room for one more.
static void rehash(Heap *heap, Table *table) {
    Node *old = table->nodes;
    int64_t old_mask = table->node_mask, live = 0;
    for (int64_t i = 0; i <= old_mask; i++)
        live += old[i].kind != REED_NIL_KIND;
    heap_account(heap, -(ptrdiff_t)node_bytes(table));
    take_nodes(heap, table, live + live / 4 + 1);
    for (int64_t i = 0; i <= old_mask; i++)
        if (old[i].kind != REED_NIL_KIND) {
            *find(table, slot_of(old[i].key_kind, old[i].key_bits)) = old[i];
            table->used++;
        }
    if (old != &no_nodes)
        free(old);
}

static void set_node(Heap *heap, Table *table, Slot key, Slot value) {
    Node *node = find(table, key);
    if (!node || node->key_kind == REED_NIL_KIND) {
        if (slot_is_nil(value))
            return;
        if (table->nodes == &no_nodes || table->used >= most_used(table->node_mask + 1)) {
            rehash(heap, table);
            node = find(table, key);
        }
        node->key_kind = key.kind;
        node->key_bits = key.bits;
        table->used++;
    }
    node->kind = value.kind;
    node->bits = value.bits;
}

static void append(Heap *heap, Table *table, Slot value) {
    if (table->count == table->room)
        take_elements(heap, table, table->room ? 2 * table->room : 4);
    table->elements[table->count++] = (Cell){.bits = value.bits, .kind = value.kind};
}

// What comes next may have been in the hash part already.
static void append_more(Heap *heap, Table *table) {
    while (table->used) {
        Node *node = find(table, slot_of(REED_INTEGER_KIND, table->count));
        if (!node || node->kind == REED_NIL_KIND)
            return;
        append(heap, table, slot_of(node->kind, node->bits));
        node->kind = REED_NIL_KIND;
    }
}

void table_set(Heap *heap, Table *table, Slot key, Slot value) {
    bool is_nil = slot_is_nil(value);
    if (key.kind != REED_INTEGER_KIND || (uint64_t)key.bits > (uint64_t)table->count ||
        (key.bits == table->count && is_nil)) {
        set_node(heap, table, key, value);
        return;
    }
    if (key.bits == table->count) {
        append(heap, table, value);
        append_more(heap, table);
        return;
    }
    table->elements[key.bits] = (Cell){.bits = value.bits, .kind = value.kind};
    while (is_nil && table->count && table->elements[table->count - 1].kind == REED_NIL_KIND)
        table->count--;
}
