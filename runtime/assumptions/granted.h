// What inlined code, and the bytecodes of operators, take for granted of the core classes: that
// their methods mean what our own library means by them, and that what these methods send means
// what it means there, and what is sent by the methods which answer that, and so on. `ifNotNil:`
// sends `class`, `==` and `ifTrue:`; so who replaces `ifTrue:` changes what `ifNotNil:` does. All
// this is read from the methods' trees; frontend/guest/inlined.def says only who is asked.
//
// A class path may bring core classes of its own, and a program may replace methods while it
// runs: then less is granted. (JIT compilers ask such questions of the whole class hierarchy: J.
// Dean, D. Grove, C. Chambers, "Optimization of Object-Oriented Programs Using Static Class
// Hierarchy Analysis", ECOOP 1995.)
#ifndef RUNTIME_ASSUMPTIONS_GRANTED_H
#define RUNTIME_ASSUMPTIONS_GRANTED_H

#include "runtime/objects/class.h"

// The classes, as bits, that are asked: OTHERS are all objects but nil and those that have a bit of
// their own among the receivers.
enum {
    GRANTED_TRUE = 1,
    GRANTED_FALSE = 2,
    GRANTED_NIL = 4,
    GRANTED_OTHERS = 8,
    GRANTED_INTEGER = 16,
    GRANTED_DOUBLE = 32,
    GRANTED_BLOCK1 = 64,
    GRANTED_BLOCK2 = 128,
    GRANTED_BLOCK1_CLASS = 256,
    GRANTED_BLOCK2_CLASS = 512,
    GRANTED_SYSTEM = 1024,
    GRANTED_ARRAY = 2048,
    GRANTED_STRING = 4096,
    GRANTED_SYMBOL = 8192,
    GRANTED_LAST = GRANTED_SYMBOL,
    // The receivers in frontend/guest/inlined.def
    GRANTED_NOBODY = 0,
    GRANTED_BOOLEANS = GRANTED_TRUE | GRANTED_FALSE,
    GRANTED_NIL_AND_OBJECTS = GRANTED_NIL | GRANTED_OTHERS,
    GRANTED_NUMBERS = GRANTED_INTEGER | GRANTED_DOUBLE,
    GRANTED_EVERYBODY = GRANTED_NIL_AND_OBJECTS | GRANTED_NUMBERS,
    GRANTED_ARRAYS_AND_TEXTS = GRANTED_ARRAY | GRANTED_STRING | GRANTED_SYMBOL,
    GRANTED_BLOCKS = GRANTED_BLOCK1 | GRANTED_BLOCK2,
    GRANTED_BLOCK_CLASSES = GRANTED_BLOCK1_CLASS | GRANTED_BLOCK2_CLASS,
};

// The rows of frontend/guest/inlined.def: for each of them the classes that answer the message as
// granted.
enum {
#define INLINED(selector, control, receivers) +1
#define OPERATOR(selector, opcode, receivers) +1
#define SENT(selector, receivers)             +1
#define ARGUMENT(selector, receivers)         +1
    GRANTED_ROWS = 0
#include "frontend/guest/inlined.def"
};

typedef struct Granted {
    unsigned classes[GRANTED_ROWS];
} Granted;

// Finds out, once the core classes have their methods.
Granted granted_find(Vm *vm);

// The messages, by their numbers, that some receiver doesn't answer as granted; GUEST_ESCAPING is
// among them if that goes for what a block is sent that has escaped. The operators, by theirs.
uint32_t granted_not_inlined(const Granted *granted);
uint32_t granted_sent_operators(const Granted *granted);

// Whether that may change because a method of this selector is replaced, because this class has
// come into being, or because this global is assigned to.
bool granted_by_selector(const char *selector);
bool granted_by_class(Vm *vm, const Class *class);
bool granted_by_global(const Vm *vm, const char *name);

#endif
