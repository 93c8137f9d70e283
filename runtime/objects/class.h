// Classes and their methods' tables. A class never moves. The object that SOM sees
// begins at `header`: the fields of its class side follow it, so that field access
// works on classes as on all objects; what C alone needs stands before it.
#ifndef RUNTIME_OBJECTS_CLASS_H
#define RUNTIME_OBJECTS_CLASS_H

#include "runtime/objects/object.h"

// What a class understands by itself. The selector is the method's signature, unless the
// program has put another method in its place.
typedef struct ClassMethod {
    Symbol *selector;
    Method *method;
} ClassMethod;

// A class's methods as SOM sees them, and may replace them: an array, at `header`, that
// never moves. The interpreter and the primitives read it as any other.
typedef struct MethodArray {
    Class *class;
    int64_t header;
    int64_t length;
    Value elements[];
} MethodArray;

// Methods by selector: open addressing over `slots`, which hold an index into `items`
// plus 1, or 0; `items` keeps the order of definition.
typedef struct MethodTable {
    uint32_t *slots;
    size_t slot_count;
    ClassMethod *items;
    size_t count, capacity;
    MethodArray *array; // NULL until somebody asks
} MethodTable;

// What `=`, or `==`, means to the instances of a class: see primitives/keys.c.
typedef enum Comparison {
    COMPARISON_UNKNOWN,
    COMPARISON_LIBRARY,
    COMPARISON_OWN,
} Comparison;

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
    const char *file; // where it was defined, as messages name it
    bool is_embedded; // it came from the library inside the program
    Comparison equality, identity;
    Instances instances; // for the interpreter's `new`
    int64_t header;      // the object begins here
    Value fields[];
};

// Where the definition's makeInstance:arguments: looks for it.
_Static_assert(offsetof(Class, header) - offsetof(Class, instances) == 16, "Class.instances");

_Static_assert(offsetof(MethodArray, length) - offsetof(MethodArray, header) ==
                       offsetof(Array, length) &&
                   offsetof(MethodArray, elements) - offsetof(MethodArray, header) ==
                       offsetof(Array, elements),
               "MethodArray, as an Array");

static inline MethodArray *method_array_of_object(const Object *object) {
    return (MethodArray *)((char *)(uintptr_t)object - offsetof(MethodArray, header));
}

static inline Class *class_of_object(const Object *object) {
    return (Class *)((char *)(uintptr_t)object - offsetof(Class, header));
}

static inline Object *class_object(const Class *class) {
    const void *header = &class->header;
    return (Object *)(uintptr_t)header;
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

// The same at an index that the definition names and no other class gets.
Class *class_new_at(Vm *vm, int64_t index, Symbol *name, size_t field_count);

// Says of which metaclass the class is the instance.
void class_set_class(Class *class, const Class *metaclass);

// Notes what `new` makes of the class, once its layout and its fields are known.
void class_note_instances(Class *class);

// Adds a method, while the class is made; its selector is the method's signature, and new.
void class_add_method(Class *class, Method *method);

// The methods as an array, the same one each time: no method is added any more.
MethodArray *class_method_array(Class *class);

// Puts a method in the place of the one with that index. Who calls it has checked that it
// may stand there, and sees to what was found before: see redefine.h.
void class_set_method(Class *class, size_t index, Method *method);

// The class's own method, or NULL; the second form asks the superclasses too.
Method *class_own_method(const Class *class, const Symbol *selector);
Method *class_find_method(const Class *class, const Symbol *selector);

// Whether `class` is `ancestor` or inherits from it.
bool class_inherits(const Class *class, const Class *ancestor);

#endif
