// Primitives of Array. Indices count from 1. An array may be one that shows a class's methods:
// it is read as any other, but what is stored replaces a method, if it may.
#include "runtime/assumptions/redefine.h"
#include "runtime/calls/error.h"
#include "runtime/objects/string.h"
#include "runtime/primitives/primitive.h"
#include "runtime/vm.h"

// The element that the arguments name, or NULL with the failure noted.
static Value *element(Thread *thread, const Value *arguments) {
    if (!value_is_array(arguments[0]) || !value_is_integer(arguments[1]))
        return NULL;
    Array *array = value_array(arguments[0]);
    int64_t index = value_integer(arguments[1]);
    if (index < 1 || index > array->length) {
        fail(thread, "index %lld of an array of %lld", (long long)index, (long long)array->length);
        return NULL;
    }
    return &array->elements[index - 1];
}

static Value at(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    const Value *slot = element(thread, arguments);
    return slot ? *slot : FAILED;
}

static Value at_put(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    Value *slot = element(thread, arguments);
    if (!slot)
        return FAILED;
    Object *array = value_object(arguments[0]);
    if (object_layout(array) == LAYOUT_ARRAY)
        heap_store(thread, array, slot, arguments[2]);
    else if (!redefine_method(thread, method_array_of_object(array),
                              (size_t)(slot - value_array(arguments[0])->elements), arguments[2]))
        return FAILED;
    return arguments[0];
}

static Value length(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (!value_is_array(arguments[0]))
        return FAILED;
    return value_of_integer(value_array(arguments[0])->length);
}

// The receiver is a class whose instances are arrays.
static Value new_array(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_has_layout(arguments[0], LAYOUT_CLASS) || !value_is_integer(arguments[1]))
        return FAILED;
    const Class *class = class_of_object(value_object(arguments[0]));
    int64_t count = value_integer(arguments[1]);
    if (class->instance_layout != LAYOUT_ARRAY)
        return fail(thread, "the instances of %s are no arrays", symbol_chars(class->name));
    if (count < 0)
        return fail(thread, "an array can't have %lld elements", (long long)count);
    Array *array = (Array *)heap_allocate(thread, frame, class->index, LAYOUT_ARRAY,
                                          sizeof *array + sizeof(Value) * (size_t)count);
    if (!array)
        return FAILED;
    array->length = count;
    for (int64_t i = 0; i < count; i++)
        array->elements[i] = NIL;
    return value_of_object(array);
}

// Answers where what has been added ends.
static char *add_text(char *end, Value text) {
    size_t length = (size_t)value_string(text)->length;
    memcpy(end, value_string(text)->chars, length);
    return end + length;
}

// The characters of all elements, which must be texts, and of a text between each two.
static Value concatenate_with(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_array(arguments[0]) || !value_is_text(arguments[1]))
        return FAILED;
    const Array *texts = value_array(arguments[0]);
    size_t between = (size_t)value_string(arguments[1])->length, all = 0;
    for (int64_t i = 0; i < texts->length; i++) {
        if (!value_is_text(texts->elements[i]))
            return fail(thread, "element %lld is no text", (long long)i + 1);
        all += (size_t)value_string(texts->elements[i])->length + (i > 0 ? between : 0);
    }
    String *string = string_allocate(thread, frame, all);
    if (!string)
        return FAILED;
    char *end = string->chars;
    texts = value_array(arguments[0]);
    for (int64_t i = 0; i < texts->length; i++) {
        if (i > 0)
            end = add_text(end, arguments[1]);
        end = add_text(end, texts->elements[i]);
    }
    return value_of_object(string);
}

const Primitive array_primitives[] = {
    VALUE_PRIMITIVE("Array", "at:", at),
    VALUE_PRIMITIVE("Array", "at:put:", at_put),
    VALUE_PRIMITIVE("Array", "length", length),
    VALUE_PRIMITIVE("Array", "concatenateWith:", concatenate_with),
    VALUE_PRIMITIVE("Array class", "new:", new_array),
    {0},
};
