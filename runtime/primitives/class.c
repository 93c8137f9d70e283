// Primitives of classes and methods: what a program can ask of them. Answers that are arrays
// are new ones each time, so that nobody changes a class by accident; `methods` is the one
// that is meant for it.
#include "runtime/calls/error.h"
#include "runtime/calls/method.h"
#include "runtime/primitives/primitive.h"
#include "runtime/vm.h"

// The class that the receiver is; NULL if it is none.
static Class *receiver(const Value *arguments) {
    if (!value_has_layout(arguments[0], LAYOUT_CLASS))
        return NULL;
    return class_of_object(value_object(arguments[0]));
}

static Value name(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    const Class *class = receiver(arguments);
    return class ? value_of_object(class->name) : FAILED;
}

static Value superclass(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    const Class *class = receiver(arguments);
    if (!class)
        return FAILED;
    return class->superclass ? value_of_class(class->superclass) : NIL;
}

static Value new_instance(Thread *thread, Frame *frame, Value *arguments) {
    const Class *class = receiver(arguments);
    if (!class)
        return FAILED;
    if (class->instance_layout == LAYOUT_ARRAY) {
        Array *array =
            (Array *)heap_allocate(thread, frame, class->index, LAYOUT_ARRAY, sizeof *array);
        if (!array)
            return FAILED;
        array->length = 0;
        return value_of_object(array);
    }
    if (class->instance_layout != LAYOUT_PLAIN)
        return fail(thread, "%s makes no instances with new", symbol_chars(class->name));
    size_t size = sizeof(Object) + sizeof(Value) * class->field_count;
    Object *object = heap_allocate(thread, frame, class->index, LAYOUT_PLAIN, size);
    if (!object)
        return FAILED;
    for (size_t i = 0; i < class->field_count; i++)
        object_fields(object)[i] = NIL;
    return value_of_object(object);
}

static Array *new_array(Thread *thread, Frame *frame, size_t count) {
    int64_t index = vm_of(thread)->known.array_class->index;
    Array *array = (Array *)heap_allocate(thread, frame, index, LAYOUT_ARRAY,
                                          sizeof *array + sizeof(Value) * count);
    if (array)
        array->length = (int64_t)count;
    return array;
}

// The names of all fields, the inherited ones first.
static Value fields(Thread *thread, Frame *frame, Value *arguments) {
    const Class *class = receiver(arguments);
    if (!class)
        return FAILED;
    Array *array = new_array(thread, frame, class->field_count);
    if (!array)
        return FAILED;
    for (size_t i = 0; i < class->field_count; i++)
        array->elements[i] = value_of_object(symbol_named(vm_of(thread), class->field_names[i]));
    return value_of_object(array);
}

static Value methods(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    Class *class = receiver(arguments);
    return class ? value_of_object(&class_method_array(class)->header) : FAILED;
}

// What the class itself understands; what stands for it may have another signature.
static Value selectors(Thread *thread, Frame *frame, Value *arguments) {
    const Class *class = receiver(arguments);
    if (!class)
        return FAILED;
    Array *array = new_array(thread, frame, class->methods.count);
    if (!array)
        return FAILED;
    for (size_t i = 0; i < class->methods.count; i++)
        array->elements[i] = value_of_object(class->methods.items[i].selector);
    return value_of_object(array);
}

static Value has_method(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    const Class *class = receiver(arguments);
    if (!class || !value_is_text(arguments[1]))
        return FAILED;
    const String *string = value_string(arguments[1]);
    const Symbol *selector = symbol_find(vm_of(thread), string->chars, (size_t)string->length);
    return value_of_bool(selector && class_own_method(class, selector));
}

static Value signature(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (!value_has_layout(arguments[0], LAYOUT_METHOD))
        return FAILED;
    return value_of_object(signature_of(value_method(arguments[0])));
}

static Value holder(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (!value_has_layout(arguments[0], LAYOUT_METHOD))
        return FAILED;
    return value_of_class(holder_of(value_method(arguments[0])));
}

const Primitive class_primitives[] = {
    VALUE_PRIMITIVE("Class", "name", name),
    VALUE_PRIMITIVE("Class", "superclass", superclass),
    NEW_PRIMITIVE("Class", "new", new_instance),
    VALUE_PRIMITIVE("Class", "fields", fields),
    VALUE_PRIMITIVE("Class", "methods", methods),
    VALUE_PRIMITIVE("Class", "selectors", selectors),
    VALUE_PRIMITIVE("Class", "hasMethod:", has_method),
    VALUE_PRIMITIVE("Method", "signature", signature),
    VALUE_PRIMITIVE("Method", "holder", holder),
    VALUE_PRIMITIVE("Primitive", "signature", signature),
    VALUE_PRIMITIVE("Primitive", "holder", holder),
    {0},
};
