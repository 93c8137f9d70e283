// Strings: one byte a character, immutable. Those of one byte exist once in a machine.
#ifndef RUNTIME_OBJECTS_STRING_H
#define RUNTIME_OBJECTS_STRING_H

#include "runtime/objects/object.h"

// A new string with room for `length` characters, for the caller to fill in at once;
// NULL if the heap is exhausted.
String *string_allocate(Thread *thread, Frame *frame, size_t length);

// A string with these characters, which must not lie in the heap; FAILED if the heap
// is exhausted.
Value string_new(Thread *thread, Frame *frame, const char *chars, size_t length);

// A part of the text in *slot (`start` counts from 0); *slot is read again after the
// allocation. FAILED if the heap is exhausted.
Value string_part(Thread *thread, Frame *frame, const Value *slot, size_t start, size_t length);

// A string that doesn't move.
Value string_literal(Vm *vm, const char *chars, size_t length);

// Whether two texts have the same characters.
bool string_equal(const String *left, const String *right);

// A hash of the characters, at most 31 bits.
uint32_t string_hash(const String *string);

// Whether the text holds a NUL, so that as C's it would be another one: no file, class or
// field has such a name.
bool string_holds_nul(const String *string);

#endif
