// Making classes of what was parsed, with the superclasses that they need. A class comes with its
// metaclass, whose only instance it is; both inherit in parallel (A. Goldberg, D. Robson,
// "Smalltalk-80: The Language and its Implementation", 1983, chapter 5). Nothing becomes visible
// to the program before all of it is right: the global is set last.
#include "runtime/loading/classes.h"

#include "frontend/guest/scope.h"
#include "runtime/assumptions/inlined.h"
#include "runtime/calls/site.h"
#include "runtime/objects/string.h"
#include "runtime/vm.h"

#include <stdlib.h>
#include <string.h>

// Superclasses are loaded by recursion, so their number is bounded. A field's index is an operand
// of 16 bits.
enum { LOADING_DEPTH = 1000, FIELD_LIMIT = 65535 };

Class *loader_metaclass(const Vm *vm, const Class *class) {
    return vm->classes[object_class_index(class_object(class))];
}

// ---- Making a class ----------------------------------------------------------------

// A field's name and its place among the class's own fields; -1 if it's inherited.
typedef struct FieldName {
    const char *name;
    ptrdiff_t own;
} FieldName;

static int compare_fields(const void *left, const void *right) {
    const FieldName *first = left, *second = right;
    int order = strcmp(first->name, second->name);
    return order ? order : (first->own > second->own) - (first->own < second->own);
}

// Sorted, as a class may have 65535 of them. Of two equal ones the class's own is wrong, and of two
// own ones the later.
static void check_fields(Vm *vm, const char *const *names, size_t count, size_t inherited,
                         const AstVariables *own, Diagnostics *diagnostics) {
    FieldName *sorted = ARENA_ARRAY(vm->arena, FieldName, count + 1);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (FieldName){names[i], i < inherited ? -1 : (ptrdiff_t)(i - inherited)};
    for (size_t i = 0; i < count - inherited; i++)
        if (guest_is_reserved(own->items[i].name))
            diagnostic_error(diagnostics, own->items[i].at, "'%s' can't be a field's name",
                             own->items[i].name);
    qsort(sorted, count, sizeof *sorted, compare_fields);
    for (size_t i = 1; i < count; i++)
        if (sorted[i].own >= 0 && !strcmp(sorted[i - 1].name, sorted[i].name))
            diagnostic_error(diagnostics, own->items[sorted[i].own].at,
                             "there is a field %s already", sorted[i].name);
}

// The names of all fields, the inherited ones and the class's own, and their number. After
// errors as many as there may be.
static const char *const *join_fields(Vm *vm, const Class *super, const AstVariables *own,
                                      size_t *count, Diagnostics *diagnostics) {
    size_t inherited = super ? super->field_count : 0;
    *count = inherited + own->count;
    if (*count > FIELD_LIMIT) {
        diagnostic_error(diagnostics, own->items[FIELD_LIMIT - inherited].at,
                         "a class has at most %d fields", FIELD_LIMIT);
        *count = FIELD_LIMIT;
    }
    const char **names = ARENA_ARRAY(vm->arena, const char *, *count + 1);
    for (size_t i = 0; i < *count; i++)
        names[i] = i < inherited ? super->field_names[i] : own->items[i - inherited].name;
    if (own->count)
        check_fields(vm, names, *count, inherited, own, diagnostics);
    return names;
}

// Adds the methods of one side. False if there are two of one name, which is reported.
static bool add_methods(Vm *vm, Class *class, const AstMethods *methods, SourceFile *source) {
    Diagnostics diagnostics = loader_diagnostics(vm, source);
    for (size_t i = 0; i < methods->count; i++) {
        const AstMethod *tree = methods->items[i];
        const Method *first = class_own_method(class, symbol_named(vm, tree->selector));
        if (first) {
            diagnostic_error(&diagnostics, tree->at, "%s has a method %s already",
                             symbol_chars(class->name), tree->selector);
            diagnostic_note(&diagnostics, details_of(first)->tree->at, "here");
        } else {
            class_add_method(class, method_new(vm, class, tree, source));
        }
    }
    return !diagnostics.errors;
}

// All of them, also after one with errors: each is reported.
static bool compile_methods(Vm *vm, const Class *class) {
    bool sound = true;
    for (size_t i = 0; i < class->methods.count; i++)
        sound &= method_prepare(vm, class->methods.items[i].method);
    return sound;
}

// Fields lie where plain objects have them. Objects with a layout of their own, classes
// among them, have something else there; and what Object had, all would inherit. After an
// error the class counts as one without fields, so that what inherits from it isn't
// blamed, too.
static void refuse_fields(Class *class, const Class *super, const AstClass *tree,
                          Diagnostics *diagnostics) {
    if (!class->field_count || (class->instance_layout == LAYOUT_PLAIN && super))
        return;
    if (tree->fields.count)
        diagnostic_error(diagnostics, tree->fields.items[0].at, "%s can't have fields%s",
                         tree->name, super ? ": its instances have a layout of their own" : "");
    else
        diagnostic_error(diagnostics, tree->superclass_at,
                         "%s can't inherit from %s, which has fields: instances of %s have a "
                         "layout of their own",
                         tree->name, tree->superclass, tree->name);
    class->field_count = 0;
}

// Fills a class and its metaclass, both fresh, with what their file says. Methods come
// later, with `add_both`. False after errors.
bool loader_fill_class(Vm *vm, Class *class, Class *meta, Class *super, const FoundClass *found) {
    Diagnostics diagnostics = loader_diagnostics(vm, found->source);
    const AstClass *tree = found->tree;
    Class *super_meta = super ? loader_metaclass(vm, super) : vm->known.class_class;
    class->superclass = super;
    meta->superclass = super_meta;
    meta->instance = class;
    meta->instance_layout = LAYOUT_CLASS;
    class->file = meta->file = found->source->source.name;
    class->is_embedded = meta->is_embedded = found->source->is_embedded;
    class->field_names = join_fields(vm, super, &tree->fields, &class->field_count, &diagnostics);
    meta->field_names =
        join_fields(vm, super_meta, &tree->class_fields, &meta->field_count, &diagnostics);
    refuse_fields(class, super, tree, &diagnostics);
    class_set_class(class, meta);
    class_set_class(meta, vm->known.metaclass_class);
    class_note_instances(class);
    return !diagnostics.errors;
}

bool loader_add_methods(Vm *vm, Class *class, const FoundClass *found) {
    bool sound = add_methods(vm, class, &found->tree->methods, found->source);
    return add_methods(vm, loader_metaclass(vm, class), &found->tree->class_methods,
                       found->source) &&
           sound;
}

// What is embedded compiles, as the tests see to, and is compiled when it is first called: a
// program uses few of the library's methods. What a user has written is compiled at once, so that
// errors are found whether the method is called or not.
bool loader_compile_methods(Vm *vm, const Class *class) {
    if (class->is_embedded)
        return true;
    bool sound = compile_methods(vm, class);
    return compile_methods(vm, loader_metaclass(vm, class)) && sound;
}

Symbol *loader_metaclass_name(Vm *vm, const char *name) {
    return symbol_named(vm, arena_printf(vm->arena, "%s class", name));
}

// A class that inherits from itself, by whatever way, is among those that are being loaded when
// it is met again.
static LoaderResult find_superclass(Vm *vm, const FoundClass *found, Class **super) {
    const AstClass *tree = found->tree;
    const char *name = tree->superclass ? tree->superclass : "Object";
    Diagnostics diagnostics = loader_diagnostics(vm, found->source);
    if (!strcmp(name, "nil")) {
        diagnostic_error(&diagnostics, tree->superclass_at, "only Object may inherit from nil");
        return LOADER_BROKEN;
    }
    for (const Loading *each = vm->loading; each; each = each->outer) {
        if (!strcmp(each->name, name)) {
            diagnostic_error(&diagnostics, tree->superclass_at, "class %s inherits from itself",
                             name);
            return LOADER_BROKEN;
        }
    }
    LoaderResult result = loader_load(vm, name, super);
    if (result == LOADER_FOUND)
        return result;
    if (result == LOADER_NOT_FOUND)
        diagnostic_error(&diagnostics, tree->superclass_at, "there is no class %s", name);
    else
        diagnostic_note(&diagnostics, tree->superclass_at, "%s inherits from %s", tree->name, name);
    return LOADER_BROKEN;
}

// The order matters: what the compiler took for granted (assumptions/inlined.h) is compared with
// the new class before its own methods are compiled by it, and the global comes last.
static LoaderResult define(Vm *vm, const FoundClass *found, Class **result) {
    Class *super;
    if (find_superclass(vm, found, &super) != LOADER_FOUND)
        return LOADER_BROKEN;
    const char *name = found->tree->name;
    const Class *super_meta = loader_metaclass(vm, super);
    size_t side_fields = super_meta->field_count + found->tree->class_fields.count;
    Class *class = class_new(vm, symbol_named(vm, name), side_fields);
    Class *meta = class_new(vm, loader_metaclass_name(vm, name), 0);
    if (!class || !meta) {
        fprintf(vm->errors, "%s: error: too many classes\n", found->source->source.name);
        return LOADER_BROKEN;
    }
    class->instance_layout = super->instance_layout;
    bool sound = loader_fill_class(vm, class, meta, super, found);
    sound &= loader_add_methods(vm, class, found);
    site_class_defined(vm, class);
    site_class_defined(vm, meta);
    inlined_class_defined(vm, class);
    inlined_class_defined(vm, meta);
    if (!(loader_compile_methods(vm, class) && sound))
        return LOADER_BROKEN;
    global_set(vm, global_named(vm, class->name), value_of_class(class));
    inlined_global_assigned(vm, class->name);
    *result = class;
    return LOADER_FOUND;
}

LoaderResult loader_load(Vm *vm, const char *name, Class **class) {
    const Symbol *symbol = symbol_find(vm, name, strlen(name));
    const Global *global = symbol ? global_find(vm, symbol) : NULL;
    if (global && value_has_layout(global->value, LAYOUT_CLASS)) {
        *class = class_of_object(value_object(global->value));
        return LOADER_FOUND;
    }
    if (vm->loading_depth >= LOADING_DEPTH) {
        fprintf(vm->errors, "error: more than %d classes inherit from each other\n", LOADING_DEPTH);
        return LOADER_BROKEN;
    }
    Loading loading = {vm->loading, name};
    vm->loading = &loading;
    vm->loading_depth++;
    size_t counted = vm_counted_bytes(vm);
    FoundClass found;
    LoaderResult result = loader_find_class(vm, name, &found);
    if (result == LOADER_FOUND)
        result = define(vm, &found, class);
    // A class of the library is no doing of the program's, and may be loaded at any time: that
    // shall not move the limit of its heap.
    if (result == LOADER_FOUND && (*class)->is_embedded)
        vm_uncount(vm, counted);
    vm->loading_depth--;
    vm->loading = loading.outer;
    return result;
}

static bool define_class(Vm *vm, const AstClass *tree, SourceFile *source) {
    Loading loading = {vm->loading, tree->name};
    vm->loading = &loading;
    Class *class;
    LoaderResult result = define(vm, &(FoundClass){tree, source}, &class);
    vm->loading = loading.outer;
    return result == LOADER_FOUND;
}

bool loader_define(Vm *vm, const AstFile *file, SourceFile *source) {
    Diagnostics diagnostics = loader_diagnostics(vm, source);
    loader_refuse_annotations(file, &diagnostics);
    bool sound = !diagnostics.errors;
    for (size_t i = 0; i < file->classes.count && sound; i++)
        sound = define_class(vm, file->classes.items[i], source);
    return sound;
}
