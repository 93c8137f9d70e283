// Making classes, and finding methods in one. Symbols exist once, so a selector is found by
// its address: open addressing over small numbers, which name the methods in the order of
// their definition. That order is what reflection shows, and the array that it shows is what a
// program stores into to replace one. A send that has found its method here doesn't come
// again: there is a cache for the machine (calls/lookup.c), and the call site remembers.
#include "runtime/objects/class.h"

#include "runtime/calls/method.h"
#include "runtime/vm.h"
#include "support/internal_error.h"
#include "support/memory.h"

enum { FIRST_FREE_INDEX = 11 }; // below: what the definition names, or classOf: computes

int64_t value_class_index(Value value) {
    if (value_is_object(value))
        return object_class_index(value_object(value));
    if (value_is_integer(value))
        return INTERPRETER_INTEGER_CLASS;
    if (value_is_double(value))
        return INTERPRETER_DOUBLE_CLASS;
    return (int64_t)(value - NIL) + INTERPRETER_NIL_CLASS;
}

Class *value_class(const Vm *vm, Value value) {
    return vm->classes[value_class_index(value)];
}

// The indices that the definition names go to the classes of these names, which are
// the first ones made.
static int64_t new_index(Vm *vm) {
    static const int64_t named[] = {INTERPRETER_INTEGER_CLASS, INTERPRETER_DOUBLE_CLASS,
                                    INTERPRETER_NIL_CLASS,     INTERPRETER_TRUE_CLASS,
                                    INTERPRETER_FALSE_CLASS,   INTERPRETER_ARRAY_CLASS,
                                    INTERPRETER_STRING_CLASS,  INTERPRETER_SYMBOL_CLASS};
    enum { NAMED = sizeof named / sizeof *named };
    size_t made = vm->class_count++;
    return made < NAMED ? named[made] : (int64_t)(made - NAMED + FIRST_FREE_INDEX);
}

Class *class_new(Vm *vm, Symbol *name, size_t field_count) {
    int64_t index = new_index(vm);
    return index < CLASS_INDEX_LIMIT ? class_new_at(vm, index, name, field_count) : NULL;
}

Class *class_new_at(Vm *vm, int64_t index, Symbol *name, size_t field_count) {
    while ((size_t)index >= vm->class_capacity) {
        size_t before = vm->class_capacity;
        vm->class_capacity = before ? 2 * before : 64;
        vm->classes = memory_resize(vm->classes, vm->class_capacity * sizeof *vm->classes);
        memset(vm->classes + before, 0, (vm->class_capacity - before) * sizeof *vm->classes);
    }
    Class *class = arena_alloc(vm->arena, sizeof *class + sizeof(Value) * field_count);
    class->vm = vm;
    class->name = name;
    class->index = index;
    class->header = header_make(0, LAYOUT_CLASS) | HEADER_PERMANENT;
    for (size_t i = 0; i < field_count; i++)
        class->fields[i] = NIL;
    vm->classes[index] = class;
    return class;
}

void class_note_instances(Class *class) {
    size_t bytes = object_round(sizeof(Object) + sizeof(Value) * class->field_count);
    if (class->instance_layout != LAYOUT_PLAIN || bytes >= HEAP_LARGE_BYTES)
        return;
    class->instances.header = header_make(class->index, LAYOUT_PLAIN);
    class->instances.bytes = (int64_t)bytes;
}

void class_set_class(Class *class, const Class *metaclass) {
    class->header |= metaclass->index;
    heap_note_permanent(class->vm, class_object(class));
}

// ---- Methods -----------------------------------------------------------------------

static size_t first_slot(const MethodTable *table, const Symbol *selector) {
    uint64_t hash = (uint64_t)(uintptr_t)selector * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(hash >> 32) & (table->slot_count - 1);
}

static size_t slot_of(const MethodTable *table, const Symbol *selector) {
    size_t slot = first_slot(table, selector);
    while (table->slots[slot] && table->items[table->slots[slot] - 1].selector != selector)
        slot = (slot + 1) & (table->slot_count - 1);
    return slot;
}

// The item for a selector, or NULL.
static ClassMethod *find_item(const MethodTable *table, const Symbol *selector) {
    uint32_t place = table->slot_count ? table->slots[slot_of(table, selector)] : 0;
    return place ? &table->items[place - 1] : NULL;
}

void class_add_method(Class *class, Method *method) {
    MethodTable *table = &class->methods;
    if (table->array)
        internal_error("%s gets methods after its array has been made", symbol_chars(class->name));
    Arena *arena = class->vm->arena;
    Symbol *selector = signature_of(method);
    ARENA_PUSH(arena, table, ((ClassMethod){selector, method}));
    if (2 * table->count > table->slot_count) {
        table->slot_count = table->slot_count ? 2 * table->slot_count : 8;
        table->slots = ARENA_ARRAY(arena, uint32_t, table->slot_count);
        for (size_t i = 0; i < table->count; i++)
            table->slots[slot_of(table, table->items[i].selector)] = (uint32_t)i + 1;
    } else {
        table->slots[slot_of(table, selector)] = (uint32_t)table->count;
    }
}

Method *class_own_method(const Class *class, const Symbol *selector) {
    const ClassMethod *item = find_item(&class->methods, selector);
    return item ? item->method : NULL;
}

MethodArray *class_method_array(Class *class) {
    MethodTable *table = &class->methods;
    if (table->array)
        return table->array;
    MethodArray *array =
        arena_alloc(class->vm->arena, sizeof *array + sizeof(Value) * table->count);
    array->class = class;
    array->header =
        header_make(class->vm->known.array_class->index, LAYOUT_METHODS) | HEADER_PERMANENT;
    array->length = (int64_t)table->count;
    for (size_t i = 0; i < table->count; i++)
        array->elements[i] = value_of_object(table->items[i].method);
    table->array = array;
    return array;
}

void class_set_method(Class *class, size_t index, Method *method) {
    Vm *vm = class->vm;
    ClassMethod *item = &class->methods.items[index];
    vm->comparisons_replaced |=
        item->selector == vm->symbols.equal || item->selector == vm->symbols.identical;
    item->method = method;
    class_method_array(class)->elements[index] = value_of_object(method);
}

Method *class_find_method(const Class *class, const Symbol *selector) {
    for (; class; class = class->superclass) {
        Method *method = class_own_method(class, selector);
        if (method)
            return method;
    }
    return NULL;
}

bool class_inherits(const Class *class, const Class *ancestor) {
    while (class && class != ancestor)
        class = class->superclass;
    return class != NULL;
}
