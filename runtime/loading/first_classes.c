// The classes that the machine can't be without (VM_CLASSES), all made at once. Loading them one
// after the other fails: each has an Object above it and a Metaclass beside it, and Object's
// methods have symbols and strings in them, whose classes inherit from Object. So all files are
// read first, then all classes exist, empty, and then they are filled, superclasses before those
// that inherit from them. Methods are added when all classes are known, and compiled last.
#include "runtime/loading/classes.h"

#include "runtime/assumptions/inlined.h"
#include "runtime/objects/string.h"
#include "runtime/vm.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    Layout layout;
} first_classes[] = {
#define FIRST_CLASS(field, name, layout) {name, layout},
    VM_CLASSES(FIRST_CLASS)
#undef FIRST_CLASS
};

enum { FIRST_CLASSES = sizeof first_classes / sizeof *first_classes };
_Static_assert(sizeof(VmClasses) == FIRST_CLASSES * sizeof(Class *), "one field for each class");

static bool find_first_classes(Vm *vm, FoundClass found[static FIRST_CLASSES]) {
    for (int i = 0; i < FIRST_CLASSES; i++) {
        LoaderResult result = loader_find_class(vm, first_classes[i].name, &found[i]);
        if (result == LOADER_NOT_FOUND) {
            char *places = loader_describe_path(vm);
            fprintf(vm->errors, "error: there is no core class %s in %s\n", first_classes[i].name,
                    places);
            free(places);
        }
        if (result != LOADER_FOUND)
            return false;
    }
    return true;
}

// The index of a first class's superclass among the first classes; -1 for nil, -2 after an error. A
// library of the user's may order them as it likes, but C must know them all.
static int superclass_index(Vm *vm, const FoundClass *found) {
    const char *name = found->tree->superclass ? found->tree->superclass : "Object";
    for (int i = 0; i < FIRST_CLASSES; i++)
        if (!strcmp(first_classes[i].name, name))
            return i;
    if (!strcmp(name, "nil") && !strcmp(found->tree->name, "Object"))
        return -1;
    Diagnostics diagnostics = loader_diagnostics(vm, found->source);
    diagnostic_error(&diagnostics, found->tree->superclass_at, "a core class can't inherit from %s",
                     name);
    return -2;
}

// Checks the hierarchy and counts the fields that a class has on its class side, and
// those of its instances.
static bool order_first_classes(Vm *vm, const FoundClass *found, int *supers, size_t *side_fields) {
    for (int i = 0; i < FIRST_CLASSES; i++)
        if ((supers[i] = superclass_index(vm, &found[i])) == -2)
            return false;
    for (int i = 0; i < FIRST_CLASSES; i++) {
        side_fields[i] = 0;
        int steps = 0;
        for (int each = i; each >= 0; each = supers[each]) {
            side_fields[i] += found[each].tree->class_fields.count;
            if (steps++ > FIRST_CLASSES) {
                Diagnostics diagnostics = loader_diagnostics(vm, found[i].source);
                diagnostic_error(&diagnostics, found[i].tree->at, "class %s inherits from itself",
                                 first_classes[i].name);
                return false;
            }
        }
    }
    return true;
}

// Superclasses have to be filled before the classes that inherit from them.
static bool fill_first_classes(Vm *vm, const FoundClass *found, const int *supers, Class **metas) {
    Class **known = (Class **)&vm->known;
    bool filled[FIRST_CLASSES] = {false}, sound = true;
    int left = FIRST_CLASSES;
    while (left > 0) {
        for (int i = 0; i < FIRST_CLASSES; i++) {
            bool ready = supers[i] < 0 || filled[supers[i]];
            if (filled[i] || !ready)
                continue;
            Class *super = supers[i] < 0 ? NULL : known[supers[i]];
            sound &= loader_fill_class(vm, known[i], metas[i], super, &found[i]);
            filled[i] = true;
            left--;
        }
    }
    return sound;
}

// What boxes are instances of: the compiler shares variables through them between frames and
// closures of another version of a method (frontend/guest/osr.c). No program sees one.
static void make_box_class(Vm *vm) {
    static const char *const fields[] = {"value"};
    Class *object = vm->known.object_class;
    const Class *meta = loader_metaclass(vm, object);
    Class *class =
        class_new_at(vm, INTERPRETER_BOX_CLASS, symbol_named(vm, "(Box)"), meta->field_count);
    class->superclass = object;
    class->instance_layout = LAYOUT_PLAIN;
    class->field_names = fields;
    class->field_count = 1;
    class->file = object->file;
    class->is_embedded = true;
    class_set_class(class, meta);
}

// Symbols that were made before their class existed are given it. Strings of one byte are made
// once: taking a string apart makes none.
static void make_singletons(Vm *vm) {
    for (size_t i = 0; i < vm->symbol_table.slot_count; i++)
        if (vm->symbol_table.slots[i])
            vm->symbol_table.slots[i]->header |= vm->known.symbol_class->index;
    for (int i = 0; i < 256; i++)
        vm->characters[i] = string_literal(vm, &(char){(char)i}, 1);
    const Class *class = vm->known.system_class;
    Object *system = heap_allocate_permanent(vm, class->index, LAYOUT_PLAIN,
                                             sizeof(Object) + sizeof(Value) * class->field_count);
    for (size_t i = 0; i < class->field_count; i++)
        object_fields(system)[i] = NIL;
    heap_note_permanent(vm, system);
    vm->system = value_of_object(system);
    global_set(vm, global_named(vm, symbol_named(vm, "system")), vm->system);
    global_set(vm, global_named(vm, symbol_named(vm, "nil")), NIL);
    global_set(vm, global_named(vm, symbol_named(vm, "true")), TRUE);
    global_set(vm, global_named(vm, symbol_named(vm, "false")), FALSE);
}

bool loader_bootstrap(Vm *vm) {
    FoundClass found[FIRST_CLASSES];
    int supers[FIRST_CLASSES];
    size_t side_fields[FIRST_CLASSES];
    Class **known = (Class **)&vm->known, *metas[FIRST_CLASSES];
    if (!find_first_classes(vm, found))
        return false;
    if (!order_first_classes(vm, found, supers, side_fields))
        return false;
    for (int i = 0; i < FIRST_CLASSES; i++) {
        known[i] = class_new(vm, symbol_named(vm, first_classes[i].name), side_fields[i]);
        known[i]->instance_layout = first_classes[i].layout;
    }
    for (int i = 0; i < FIRST_CLASSES; i++)
        metas[i] = class_new(vm, loader_metaclass_name(vm, first_classes[i].name), 0);
    if (!fill_first_classes(vm, found, supers, metas))
        return false;
    make_singletons(vm);
    make_box_class(vm);
    bool sound = true;
    for (int i = 0; i < FIRST_CLASSES; i++) {
        sound &= loader_add_methods(vm, known[i], &found[i]);
        global_set(vm, global_named(vm, known[i]->name), value_of_class(known[i]));
    }
    // The compiler inlines messages as the core library means them: whether this one does is found
    // out before it compiles the first method.
    inlined_check_core(vm);
    for (int i = 0; i < FIRST_CLASSES; i++)
        sound &= loader_compile_methods(vm, known[i]);
    return sound;
}
