// What an object consists of, by its layout: how long it is, and which of its words are
// values. The collector knows nothing else of objects.
#ifndef RUNTIME_MEMORY_LAYOUTS_H
#define RUNTIME_MEMORY_LAYOUTS_H

#include "runtime/vm.h"
#include "support/internal_error.h"

// An object's size in bytes.
static inline size_t object_size(const Vm *vm, const Object *object) {
    size_t size;
    switch (object_layout(object)) {
    case LAYOUT_PLAIN:
        size = sizeof(Object) + 8 * vm->classes[object_class_index(object)]->field_count;
        break;
    case LAYOUT_ARRAY:
    case LAYOUT_METHODS: size = sizeof(Array) + 8 * (size_t)((const Array *)object)->length; break;
    case LAYOUT_LARGE: {
        int64_t limbs = ((const Large *)object)->size;
        size = sizeof(Large) + 8 * (size_t)(limbs < 0 ? -limbs : limbs);
        break;
    }
    case LAYOUT_STRING: size = sizeof(String) + (size_t)((const String *)object)->length + 1; break;
    case LAYOUT_BLOCK: size = sizeof(Block); break;
    case LAYOUT_CONTEXT:
    case LAYOUT_HOME: size = sizeof(Context) + 8 * (size_t)((const Context *)object)->length; break;
    default: internal_error("a permanent object is measured");
    }
    return object_round(size);
}

// An object's slots; 0: it has none. A block's method, a context's frame and length stand
// among them. They look like doubles, as every word below 2^48 does, so nobody takes them for
// references.
static inline size_t object_slots(const Vm *vm, Object *object, Value **slots) {
    switch (object_layout(object)) {
    case LAYOUT_PLAIN:
    case LAYOUT_CLASS:
        *slots = object_fields(object);
        return vm->classes[object_class_index(object)]->field_count;
    case LAYOUT_ARRAY:
        *slots = ((Array *)object)->elements;
        return (size_t)((Array *)object)->length;
    case LAYOUT_BLOCK:
        *slots = &((Block *)object)->outer;
        return (sizeof(Block) - offsetof(Block, outer)) / sizeof(Value);
    case LAYOUT_CONTEXT:
    case LAYOUT_HOME:
        *slots = &((Context *)object)->outer;
        return (sizeof(Context) - offsetof(Context, outer)) / sizeof(Value) +
               (size_t)((Context *)object)->length;
    case LAYOUT_LARGE:
    case LAYOUT_STRING:
    case LAYOUT_SYMBOL:
    case LAYOUT_METHOD:
    case LAYOUT_METHODS: *slots = NULL; return 0;
    case LAYOUT_IMMEDIATE: break;
    }
    internal_error("there is no object where one is scanned");
}

#endif
