// Primitives of KeyTable, the library's hash table: finding keys that compare in a way that
// is known here, so that no message has to be sent. Such a key's class has the library's
// `=` or `==`: numbers compare by value, texts by their characters where equality is asked,
// and all other objects are equal to themselves only. Whatever else a program has defined
// is KeyTable's matter. (Open addressing: D. Knuth, "The Art of Computer Programming",
// volume 3, section 6.4.)
#include "runtime/assumptions/standard.h"
#include "runtime/calls/method.h"
#include "runtime/objects/integer.h"
#include "runtime/objects/string.h"
#include "runtime/vm.h"

// ---- What is known of a class ----------------------------------------------------------

static bool is_primitive(const Class *class, const Symbol *selector) {
    const Method *method = class_find_method(class, selector);
    return method && details_of(method)->is_primitive;
}

// Whether instances compare as the library's do. Equality that isn't a primitive has to be
// Object's, which sends `==`; a text's characters would say something else.
static bool compares_as_known(Vm *vm, const Class *class, bool identity) {
    const Symbol *equal = vm->symbols.equal, *identical = vm->symbols.identical;
    bool is_identity_known =
        standard_method(vm, class, "==") == STANDARD_OURS && is_primitive(class, identical);
    if (identity)
        return is_identity_known;
    if (standard_method(vm, class, "=") != STANDARD_OURS)
        return false;
    if (is_primitive(class, equal))
        return primitive_suits(vm, details_of(class_find_method(class, equal))->primitive, class);
    bool is_text =
        class->instance_layout == LAYOUT_STRING || class->instance_layout == LAYOUT_SYMBOL;
    return is_identity_known && !is_text &&
           holder_of(class_find_method(class, equal)) == vm->known.object_class;
}

// What was found is noted, for classes don't change. If a program has changed one after all,
// nothing is known any more.
static bool is_known(Vm *vm, Class *class, bool identity) {
    if (vm->comparisons_replaced)
        return false;
    Comparison *comparison = identity ? &class->identity : &class->equality;
    if (*comparison == COMPARISON_UNKNOWN)
        *comparison = compares_as_known(vm, class, identity) ? COMPARISON_LIBRARY : COMPARISON_OWN;
    return *comparison == COMPARISON_LIBRARY;
}

// ---- Keys ------------------------------------------------------------------------------

// False for a key whose comparison isn't known.
static bool hash_key(Vm *vm, Value key, bool identity, uint64_t *hash) {
    if (!is_known(vm, value_class(vm, key), identity))
        return false;
    if (value_is_number(key))
        *hash = (uint64_t)value_integer(number_hash(key));
    else if (!value_is_object(key))
        *hash = key;
    else if (!identity && value_is_text(key))
        *hash = string_hash(value_string(key));
    else
        *hash = object_hash(vm, value_object(key));
    *hash *= UINT64_C(0x9E3779B97F4A7C15); // D. Knuth's multiplicative hashing
    *hash ^= *hash >> 32;
    return true;
}

// Both have a hash.
static bool same_key(Value left, Value right, bool identity) {
    if (value_is_number(left) && value_is_number(right))
        return number_compare(left, right) == 0;
    if (left == right)
        return true;
    return !identity && value_is_text(left) && value_is_text(right) &&
           string_equal(value_string(left), value_string(right));
}

// A NaN is equal to no key, not even to itself. To enter it would make a run of slots that
// every other NaN has to be compared with.
static bool equals_nothing(Value key) {
    return value_is_double(key) && number_compare(key, key) != 0;
}

// ---- Tables ----------------------------------------------------------------------------

// What the primitives look at of a KeyTable: its first fields, in KeyTable.som's order.
enum { KEYS, SLOTS, LAST, IDENTITY, FIELDS };

typedef struct Table {
    const Array *keys;
    Array *slots; // NULL: there are so few keys that there are none
    int64_t last;
    bool identity;
} Table;

// False for what is no such table; a program may get at one by reflection.
static bool read_table(const Vm *vm, Value receiver, Table *table) {
    if (!value_has_layout(receiver, LAYOUT_PLAIN) ||
        value_class(vm, receiver)->field_count < FIELDS)
        return false;
    const Value *fields = object_fields(value_object(receiver));
    if (!value_has_layout(fields[KEYS], LAYOUT_ARRAY) || !value_is_integer(fields[LAST]) ||
        (fields[SLOTS] != NIL && !value_has_layout(fields[SLOTS], LAYOUT_ARRAY)))
        return false;
    *table = (Table){.keys = value_array(fields[KEYS]),
                     .slots = fields[SLOTS] == NIL ? NULL : value_array(fields[SLOTS]),
                     .last = value_integer(fields[LAST]),
                     .identity = fields[IDENTITY] == TRUE};
    return table->last <= table->keys->length &&
           (!table->slots || __builtin_popcountll((uint64_t)table->slots->length) == 1);
}

// The i-th slot from the one on that the hash names.
static Value *slot_at(const Table *table, uint64_t hash, int64_t i) {
    return &table->slots->elements[(hash + (uint64_t)i) & (uint64_t)(table->slots->length - 1)];
}

// The key at the place that a slot names; ABSENT if it names none.
static Value key_at(const Table *table, Value slot) {
    uint64_t place = value_is_integer(slot) ? (uint64_t)value_integer(slot) - 1 : UINT64_MAX;
    return place < (uint64_t)table->keys->length ? table->keys->elements[place] : ABSENT;
}

static int64_t search(const Table *table, Value key) {
    for (int64_t place = 1; place <= table->last; place++)
        if (same_key(table->keys->elements[place - 1], key, table->identity))
            return place;
    return 0;
}

static Value find(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    Vm *vm = vm_of(thread);
    Value key = arguments[1];
    Table table;
    uint64_t hash;
    if (!read_table(vm, arguments[0], &table))
        return FAILED;
    if (!hash_key(vm, key, table.identity, &hash))
        return NIL;
    if (equals_nothing(key))
        return value_of_integer(0);
    if (!table.slots)
        return value_of_integer(search(&table, key));
    for (int64_t i = 0; i < table.slots->length; i++) {
        Value slot = *slot_at(&table, hash, i);
        if (slot == NIL)
            break;
        if (same_key(key_at(&table, slot), key, table.identity))
            return slot;
    }
    return value_of_integer(0);
}

static Value enter(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    Vm *vm = vm_of(thread);
    Table table;
    uint64_t hash;
    if (!read_table(vm, arguments[0], &table) || key_at(&table, arguments[1]) == ABSENT)
        return FAILED;
    if (!hash_key(vm, key_at(&table, arguments[1]), table.identity, &hash))
        return FALSE;
    if (equals_nothing(key_at(&table, arguments[1])))
        return TRUE;
    for (int64_t i = 0; table.slots && i < table.slots->length; i++) {
        Value *slot = slot_at(&table, hash, i);
        if (*slot == NIL) {
            *slot = arguments[1];
            return TRUE;
        }
    }
    return table.slots ? FAILED : TRUE;
}

const Primitive key_primitives[] = {
    VALUE_PRIMITIVE("KeyTable", "find:", find),
    VALUE_PRIMITIVE("KeyTable", "enter:", enter),
    {0},
};
