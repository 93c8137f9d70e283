// Classes and their methods' tables. A class never moves. The object that SOM sees
// begins at `header`: the fields of its class side follow it, so that field access
// works on classes as on all objects; what C alone needs stands before it.
#ifndef RUNTIME_CLASS_H
#define RUNTIME_CLASS_H

#include "runtime/object.h"

// Methods by selector: open addressing over `slots`; `items` keeps the order of
// definition.
typedef struct MethodTable {
    Method **slots;
    size_t slot_count;
    Method **items;
    size_t count, capacity;
} MethodTable;

struct Class {
    Vm *vm;
    Symbol *name; // of a metaclass: "Foo class"
    Class *superclass;
    Class *instance;        // of a metaclass: its only instance, else NULL
    int64_t index;          // in the VM's table of classes
    Layout instance_layout; // what its instances look like
    size_t field_count;     // of its instances, inherited ones first
    const char *const *field_names;
    MethodTable methods;
    const char *file;    // where it was defined, as messages name it
    bool is_embedded;    // it came from the library inside the program
    Instances instances; // for the interpreter's `new`
    int64_t header;      // the object begins here
    Value fields[];
};

// Where the definition's makeInstance:arguments: looks for it.
_Static_assert(offsetof(Class, header) - offsetof(Class, instances) == 16, "Class.instances");

static inline Class *class_of_object(const Object *object) {
    return (Class *)((char *)(uintptr_t)object - offsetof(Class, header));
}

static inline Object *class_object(const Class *class) {
    return (Object *)(uintptr_t) & class->header;
}

static inline Value value_of_class(const Class *class) {
    return value_of_object(&class->header);
}

// The class of any value.
int64_t value_class_index(Value value);
Class *value_class(const Vm *vm, Value value);

// A new class with its place in the VM's table, methods empty, `field_count` slots of
// its own (its class side's) set to nil. NULL if the table is full.
Class *class_new(Vm *vm, Symbol *name, size_t field_count);

// Says of which metaclass the class is the instance.
void class_set_class(Class *class, const Class *metaclass);

// Notes what `new` makes of the class, once its layout and its fields are known.
void class_note_instances(Class *class);

// Adds or replaces a method; its selector is the method's signature.
void class_add_method(Class *class, Method *method);

// The class's own method, or NULL; the second form asks the superclasses too.
Method *class_own_method(const Class *class, const Symbol *selector);
Method *class_find_method(const Class *class, const Symbol *selector);

// Whether `class` is `ancestor` or inherits from it.
bool class_inherits(const Class *class, const Class *ancestor);

#endif
