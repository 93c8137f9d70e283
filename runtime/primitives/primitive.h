// Primitives: the table that says which C function stands behind a method that a class
// file declares `primitive`. Found by class, side and selector; a class below the named
// one in the hierarchy isn't asked, since the method is looked up where it is declared.
#ifndef RUNTIME_PRIMITIVES_PRIMITIVE_H
#define RUNTIME_PRIMITIVES_PRIMITIVE_H

#include "runtime/objects/class.h"

typedef enum PrimitiveKind {
    PRIMITIVE_VALUE,   // answers a value or FAILED
    PRIMITIVE_CONTROL, // answers a frame
    PRIMITIVE_NEW,     // the same; the interpreter does it itself where it can
    PRIMITIVE_BLOCK,   // evaluates a block with `arguments` arguments
} PrimitiveKind;

typedef struct Primitive {
    const char *class_name; // a metaclass's ends in " class"
    const char *selector;
    PrimitiveKind kind;
    union {
        VmValuePrimitive value;
        VmControlPrimitive control;
        int64_t arguments;
    };
} Primitive;

// The primitive for a method of a class with that name, or NULL.
const Primitive *primitive_find(const char *class_name, const char *selector);

// All of them, counted from 0; NULL after the last.
const Primitive *primitive_numbered(size_t number);

// Whether the primitive can work on instances of this class: by their layout, for a core
// library of the user's own may inherit, or name its classes, as it likes.
bool primitive_suits(const Vm *vm, const Primitive *primitive, const Class *receiver);

// What a call site holds when it can't: raises.
Frame *primitive_unsuited_here(Thread *thread, Frame *frame, Value *arguments);

// Raises for a value primitive that answered FAILED: `slot` is where its receiver
// stands, `count` arguments above it.
Frame *primitive_raise(Thread *thread, Frame *frame, const Value *slot, const Symbol *selector,
                       int64_t count);

// Raises for a method that is declared primitive when there is no function for it; the
// second form is what a call site holds.
Frame *primitive_missing(Thread *thread, Frame *frame, const Method *method);
Frame *primitive_missing_here(Thread *thread, Frame *frame, Value *arguments);

// The tables, one for each subject; the last entry has no class name.
extern const Primitive object_primitives[], class_primitives[], integer_primitives[],
    double_primitives[], string_primitives[], array_primitives[], block_primitives[],
    system_primitives[], key_primitives[], thread_primitives[];

#define VALUE_PRIMITIVE(class, selector, function)                                                 \
    {                                                                                              \
        class, selector, PRIMITIVE_VALUE, {                                                        \
            .value = (function)                                                                    \
        }                                                                                          \
    }
#define NEW_PRIMITIVE(class, selector, function)                                                   \
    {                                                                                              \
        class, selector, PRIMITIVE_NEW, {                                                          \
            .value = (function)                                                                    \
        }                                                                                          \
    }
#define CONTROL_PRIMITIVE(class, selector, function)                                               \
    {                                                                                              \
        class, selector, PRIMITIVE_CONTROL, {                                                      \
            .control = (function)                                                                  \
        }                                                                                          \
    }
#define BLOCK_PRIMITIVE(class, selector, count)                                                    \
    {                                                                                              \
        class, selector, PRIMITIVE_BLOCK, {                                                        \
            .arguments = (count)                                                                   \
        }                                                                                          \
    }

#endif
