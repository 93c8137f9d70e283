// What objects look like in memory: the header that all share, the layouts, and the
// structs of those that the interpreter's definition doesn't describe. A layout says
// what a primitive may do with an object; no primitive asks for a class's name.
//
// The header names the class by its index, not its address: that takes 24 of 64 bits, leaves
// room for the rest, and is what a call site compares. The identity hash is given when it is
// first asked for, from a counter: an address would change when the object moves, and would
// differ from run to run.
#ifndef RUNTIME_OBJECTS_OBJECT_H
#define RUNTIME_OBJECTS_OBJECT_H

#include "runtime/objects/value.h"

#include <gmp.h>
#include <stddef.h>

typedef struct Vm Vm;
typedef struct Class Class;
typedef struct MethodDetails MethodDetails;

// LAYOUT_METHODS is an array that shows a class's methods (class.h): it is read as any
// other array and an instance of Array too, but what is stored has to be checked.
// LAYOUT_IMMEDIATE stands for classes without instances in memory.
typedef enum Layout {
    LAYOUT_PLAIN,
    LAYOUT_ARRAY,
    LAYOUT_LARGE,
    LAYOUT_STRING,
    LAYOUT_SYMBOL,
    LAYOUT_BLOCK,
    LAYOUT_CONTEXT,
    LAYOUT_HOME,
    LAYOUT_CLASS,
    LAYOUT_METHOD,
    LAYOUT_METHODS,
    LAYOUT_IMMEDIATE,
} Layout;

// ---- The header: class index 24 bits, layout 8, collector 8, hash 24 ---------------

enum { HEADER_LAYOUT_SHIFT = 24, HEADER_HASH_SHIFT = 40, CLASS_INDEX_LIMIT = 1 << 24 };

// A store of a reference into an object with this bit has to remember the object. It
// is the bit that the definition's barrierMask: tests.
#define HEADER_BARRIER (INT64_C(1) << 32)
// The object never moves and is never freed.
#define HEADER_PERMANENT (INT64_C(1) << 33)
// The object has moved; its second word holds the new address.
#define HEADER_FORWARDED (INT64_C(1) << 34)
// The object has memory of its own, and stays there while it is alive.
#define HEADER_LARGE (INT64_C(1) << 35)
// Whether an old object has been reached by marking: set or clear, as Heap.black says,
// which changes its meaning each time that marking begins.
#define HEADER_MARKED (INT64_C(1) << 36)
// A check of the heap has been there; clear at all other times.
#define HEADER_CHECKED (INT64_C(1) << 37)

static inline int64_t header_make(int64_t class_index, Layout layout) {
    return class_index | (int64_t)layout << HEADER_LAYOUT_SHIFT;
}

static inline int64_t object_class_index(const Object *object) {
    return object->header & (CLASS_INDEX_LIMIT - 1);
}

static inline Layout object_layout(const Object *object) {
    return (Layout)(object->header >> HEADER_LAYOUT_SHIFT & 0xFF);
}

static inline bool value_has_layout(Value value, Layout layout) {
    return value_is_object(value) && object_layout(value_object(value)) == layout;
}

// Objects lie at multiples of 16 bytes.
static inline size_t object_round(size_t bytes) {
    return (bytes + 15) & ~(size_t)15;
}

// What the definition's newContext… and newBlock… write word by word.
_Static_assert(INTERPRETER_CONTEXT_HEADER == (int64_t)LAYOUT_CONTEXT << HEADER_LAYOUT_SHIFT &&
                   INTERPRETER_HOME_HEADER == (int64_t)LAYOUT_HOME << HEADER_LAYOUT_SHIFT,
               "the headers of contexts");
_Static_assert(offsetof(Context, outer) == 8 && offsetof(Context, length) == 16 &&
                   offsetof(Context, home) == 24 && offsetof(Context, previous) == 32 &&
                   sizeof(Context) == 40,
               "a context's words");
_Static_assert(offsetof(Block, outer) == 8 && offsetof(Block, method) == 16 &&
                   offsetof(Block, receiver) == 24 && sizeof(Block) == 32,
               "a block's words");

// ---- Layouts that only C looks into ------------------------------------------------

typedef struct Array {
    int64_t header;
    int64_t length;
    Value elements[];
} Array;

// Strings and symbols. There is a NUL after the last character.
typedef struct String {
    int64_t header;
    int64_t length;
    char chars[];
} String;

typedef String Symbol;

// An integer that doesn't fit inline: `size` limbs, least first, the last one not 0;
// a negative size for a negative number, as in GMP's mpz.
typedef struct Large {
    int64_t header;
    int64_t size;
    mp_limb_t limbs[];
} Large;

// What the definition knows of them: what their headers begin with, and where to find the length
// and an Array's elements.
_Static_assert(INTERPRETER_ARRAY_HEADER ==
                       (INTERPRETER_ARRAY_CLASS | (int64_t)LAYOUT_ARRAY << HEADER_LAYOUT_SHIFT) &&
                   INTERPRETER_STRING_HEADER ==
                       (INTERPRETER_STRING_CLASS | (int64_t)LAYOUT_STRING << HEADER_LAYOUT_SHIFT) &&
                   INTERPRETER_SYMBOL_HEADER ==
                       (INTERPRETER_SYMBOL_CLASS | (int64_t)LAYOUT_SYMBOL << HEADER_LAYOUT_SHIFT),
               "how the headers begin of what is indexed");
_Static_assert(offsetof(Array, length) == offsetof(Indexed, length) &&
                   offsetof(String, length) == offsetof(Indexed, length) &&
                   offsetof(Array, elements) == sizeof(Indexed),
               "what is indexed");

// Whether elements can be read; only LAYOUT_ARRAY takes any value in them.
static inline bool value_is_array(Value value) {
    return value_has_layout(value, LAYOUT_ARRAY) || value_has_layout(value, LAYOUT_METHODS);
}

static inline bool value_is_text(Value value) {
    return value_has_layout(value, LAYOUT_STRING) || value_has_layout(value, LAYOUT_SYMBOL);
}

static inline String *value_string(Value value) {
    return (String *)value_object(value);
}

static inline Array *value_array(Value value) {
    return (Array *)value_object(value);
}

static inline Block *value_block(Value value) {
    return (Block *)value_object(value);
}

static inline Context *value_context(Value value) {
    return (Context *)value_object(value);
}

static inline Method *value_method(Value value) {
    return (Method *)value_object(value);
}

#endif
