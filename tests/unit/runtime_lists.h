// What tests of the heap fill it with: arrays, and lists of numbers whose content shows whether
// any of their cells was lost or taken for another one.
#ifndef TESTS_UNIT_RUNTIME_LISTS_H
#define TESTS_UNIT_RUNTIME_LISTS_H

#include "tests/unit/runtime_fixture.h"

#include "runtime/vm.h"

static inline Array *new_array(Thread *thread, int64_t count) {
    int64_t class = vm_of(thread)->known.array_class->index;
    Array *array = (Array *)heap_allocate(thread, NULL, class, LAYOUT_ARRAY,
                                          sizeof *array + sizeof(Value) * (size_t)count);
    assert_non_null(array);
    array->length = count;
    for (int64_t i = 0; i < count; i++)
        array->elements[i] = NIL;
    return array;
}

// Adds `length` cells {number, rest} to the list in *head, a handle.
static inline void grow_list(Thread *thread, Value *head, int64_t length) {
    for (int64_t i = 0; i < length; i++) {
        Array *cell = new_array(thread, 2);
        cell->elements[0] = value_of_integer(i);
        cell->elements[1] = *head;
        *head = value_of_object(cell);
    }
}

// Is it the list that grow_list made of nothing?
static inline void check_list(Value head, int64_t length) {
    for (int64_t i = length - 1; i >= 0; i--) {
        assert_true(value_has_layout(head, LAYOUT_ARRAY));
        assert_int_equal(value_array(head)->length, 2);
        assert_true(value_array(head)->elements[0] == value_of_integer(i));
        head = value_array(head)->elements[1];
    }
    assert_true(head == NIL);
}

#endif
