// Loading classes: where they are looked for, and making classes of what was parsed.
//
// A class needs its superclass, so loading one loads those above it first; who is being
// loaded stands on a list, or a circle would never end. The first classes are in a circle of
// another kind: a class is an instance of its metaclass, which is one of Metaclass, which is a
// class (A. Goldberg, D. Robson, "Smalltalk-80: the language and its implementation", 1983,
// chapter 5). So these are all made empty first, and filled then, each after its superclass.
#include "runtime/loading/loader.h"

#include "frontend/syntax/parse.h"
#include "runtime/assumptions/inlined.h"
#include "runtime/calls/error.h"
#include "runtime/loading/embedded.h"
#include "runtime/objects/string.h"
#include "runtime/process/output.h"
#include "runtime/vm.h"
#include "support/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { LOADING_DEPTH = 1000, FIELD_LIMIT = 65535 };

// ---- The class path ----------------------------------------------------------------

static void add_directory(Vm *vm, const char *chars, size_t length) {
    size_t count = 0;
    while (vm->class_path && vm->class_path[count])
        count++;
    char **grown = ARENA_ARRAY(vm->arena, char *, count + 2);
    if (count)
        memcpy(grown, vm->class_path, count * sizeof *grown);
    grown[count] = length ? arena_strndup(vm->arena, chars, length) : arena_strdup(vm->arena, ".");
    vm->class_path = grown;
}

void loader_set_path(Vm *vm, const char *directory, const char *path) {
    if (directory)
        add_directory(vm, directory, strlen(directory));
    while (path) {
        size_t length = strcspn(path, ":");
        add_directory(vm, path, length);
        path = path[length] ? path + length + 1 : NULL;
    }
    vm->use_embedded = true;
    for (char **each = vm->class_path; each && *each; each++)
        if (!access(arena_printf(vm->arena, "%s/Object.som", *each), F_OK))
            vm->use_embedded = false;
}

char *loader_describe_path(const Vm *vm) {
    Text text = {0};
    for (char **each = vm->class_path; each && *each; each++)
        text_addf(&text, "%s%s", text.length ? ", " : "", *each);
    if (vm->use_embedded)
        text_addf(&text, "%sthe core library", text.length ? ", " : "");
    if (!text.chars)
        text_add(&text, "nowhere");
    return text.chars;
}

// ---- Finding and parsing a file ----------------------------------------------------

// A class's file, parsed: one class, of the name that was asked for.
typedef struct Found {
    const AstClass *tree;
    SourceFile *source;
} Found;

bool loader_is_class_name(const char *name) {
    for (const char *each = name; *each; each++)
        if (!(*each == '_' || isalpha((unsigned char)*each) ||
              (isdigit((unsigned char)*each) && each > name)))
            return false;
    return *name != '\0';
}

static const EmbeddedFile *find_embedded(const char *name) {
    size_t length = strlen(name);
    for (size_t i = 0; i < embedded_file_count; i++)
        if (!strncmp(embedded_files[i].name, name, length) &&
            !strcmp(embedded_files[i].name + length, ".som"))
            return &embedded_files[i];
    return NULL;
}

// A source that lives as long as the machine.
static SourceFile *keep_source(Vm *vm, const char *path, const char *chars, size_t length) {
    SourceFile *file = ARENA_NEW(vm->arena, SourceFile);
    file->source = (Source){.name = arena_strdup(vm->arena, path), .text = chars, .length = length};
    return file;
}

// Reads the class's file in one directory. The path is the caller's.
static LoaderResult read_source(Vm *vm, const char *path, SourceFile **found) {
    Text text = {0};
    LoaderResult result = LOADER_FOUND;
    if (text_read_file_up_to(&text, path, LOADER_SOURCE_MOST)) {
        const char *copy = arena_strndup(vm->arena, text_chars(&text), text.length);
        *found = keep_source(vm, path, copy, text.length);
    } else if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG) {
        result = LOADER_NOT_FOUND;
    } else {
        fprintf(vm->errors, "%s: error: can't be read: %s\n", path, strerror(errno));
        result = LOADER_BROKEN;
    }
    text_free(&text);
    return result;
}

// A program may ask for classes that don't exist without end: that leaves nothing.
static LoaderResult find_source(Vm *vm, const char *name, SourceFile **found) {
    Text path = {0};
    LoaderResult result = LOADER_NOT_FOUND;
    for (char **each = vm->class_path; each && *each && result == LOADER_NOT_FOUND; each++) {
        path.length = 0;
        if (strcmp(*each, ".") != 0)
            text_addf(&path, "%s/", *each);
        text_addf(&path, "%s.som", name);
        result = read_source(vm, text_chars(&path), found);
    }
    const EmbeddedFile *embedded = vm->use_embedded ? find_embedded(name) : NULL;
    if (result == LOADER_NOT_FOUND && embedded) {
        *found = keep_source(vm, embedded->name, embedded->text, embedded->length);
        (*found)->is_embedded = true;
        result = LOADER_FOUND;
    }
    text_free(&path);
    return result;
}

// What the program has printed comes before what is wrong with a class.
static Diagnostics diagnostics_for(Vm *vm, const SourceFile *file) {
    output_flush();
    return (Diagnostics){.source = file->source, .stream = vm->errors};
}

void loader_refuse_annotations(const AstFile *file, Diagnostics *diagnostics) {
    for (size_t i = 0; i < file->annotations.count; i++)
        diagnostic_error(diagnostics, file->annotations.items[i]->at,
                         "SOM has no type annotations");
}

static LoaderResult find_class(Vm *vm, const char *name, Found *found) {
    LoaderResult result =
        loader_is_class_name(name) ? find_source(vm, name, &found->source) : LOADER_NOT_FOUND;
    if (result != LOADER_FOUND)
        return result;
    Diagnostics diagnostics = diagnostics_for(vm, found->source);
    AstFile *file = syntax_parse_file(vm->arena, &diagnostics);
    if (!file)
        return LOADER_BROKEN;
    if (file->classes.count != 1)
        diagnostic_error(&diagnostics, (Location){1, 1}, "a file has one class in it, not %zu",
                         file->classes.count);
    else if (strcmp(file->classes.items[0]->name, name))
        diagnostic_error(&diagnostics, file->classes.items[0]->at,
                         "this is class %s; the file's name asks for %s",
                         file->classes.items[0]->name, name);
    if (diagnostics.errors)
        return LOADER_BROKEN;
    found->tree = file->classes.items[0];
    loader_refuse_annotations(file, &diagnostics);
    return diagnostics.errors ? LOADER_BROKEN : LOADER_FOUND;
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

static void check_fields(Vm *vm, const char *const *names, size_t count, size_t inherited,
                         const AstVariables *own, Diagnostics *diagnostics) {
    FieldName *sorted = ARENA_ARRAY(vm->arena, FieldName, count + 1);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (FieldName){names[i], i < inherited ? -1 : (ptrdiff_t)(i - inherited)};
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
    Diagnostics diagnostics = diagnostics_for(vm, source);
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
static bool fill_class(Vm *vm, Class *class, Class *meta, Class *super, const Found *found) {
    Diagnostics diagnostics = diagnostics_for(vm, found->source);
    const AstClass *tree = found->tree;
    Class *super_meta =
        super ? vm->classes[object_class_index(class_object(super))] : vm->known.class_class;
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

static Class *class_of(const Vm *vm, const Class *class) {
    return vm->classes[object_class_index(class_object(class))];
}

static bool add_both(Vm *vm, Class *class, const Found *found) {
    bool sound = add_methods(vm, class, &found->tree->methods, found->source);
    return add_methods(vm, class_of(vm, class), &found->tree->class_methods, found->source) &&
           sound;
}

// What is embedded compiles, and is compiled when it is needed.
static bool compile_both(Vm *vm, const Class *class) {
    if (class->is_embedded)
        return true;
    bool sound = compile_methods(vm, class);
    return compile_methods(vm, class_of(vm, class)) && sound;
}

static Symbol *meta_name(Vm *vm, const char *name) {
    return symbol_named(vm, arena_printf(vm->arena, "%s class", name));
}

static LoaderResult find_superclass(Vm *vm, const Found *found, Class **super) {
    const AstClass *tree = found->tree;
    const char *name = tree->superclass ? tree->superclass : "Object";
    Diagnostics diagnostics = diagnostics_for(vm, found->source);
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

static LoaderResult define(Vm *vm, const Found *found, Class **result) {
    Class *super;
    if (find_superclass(vm, found, &super) != LOADER_FOUND)
        return LOADER_BROKEN;
    const char *name = found->tree->name;
    const Class *super_meta = vm->classes[object_class_index(class_object(super))];
    size_t side_fields = super_meta->field_count + found->tree->class_fields.count;
    Class *class = class_new(vm, symbol_named(vm, name), side_fields);
    Class *meta = class_new(vm, meta_name(vm, name), 0);
    if (!class || !meta) {
        fprintf(vm->errors, "%s: error: too many classes\n", found->source->source.name);
        return LOADER_BROKEN;
    }
    class->instance_layout = super->instance_layout;
    bool sound = fill_class(vm, class, meta, super, found);
    sound &= add_both(vm, class, found);
    inlined_class_defined(vm, class);
    inlined_class_defined(vm, meta);
    if (!(compile_both(vm, class) && sound))
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
    Found found;
    LoaderResult result = find_class(vm, name, &found);
    if (result == LOADER_FOUND)
        result = define(vm, &found, class);
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
    LoaderResult result = define(vm, &(Found){tree, source}, &class);
    vm->loading = loading.outer;
    return result == LOADER_FOUND;
}

bool loader_define(Vm *vm, const AstFile *file, SourceFile *source) {
    Diagnostics diagnostics = diagnostics_for(vm, source);
    loader_refuse_annotations(file, &diagnostics);
    bool sound = !diagnostics.errors;
    for (size_t i = 0; i < file->classes.count && sound; i++)
        sound = define_class(vm, file->classes.items[i], source);
    return sound;
}

// ---- The first classes -------------------------------------------------------------

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

static bool find_first_classes(Vm *vm, Found found[static FIRST_CLASSES]) {
    for (int i = 0; i < FIRST_CLASSES; i++) {
        LoaderResult result = find_class(vm, first_classes[i].name, &found[i]);
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

// The index of a first class's superclass among the first classes; -1 for nil.
static int superclass_index(Vm *vm, const Found *found) {
    const char *name = found->tree->superclass ? found->tree->superclass : "Object";
    for (int i = 0; i < FIRST_CLASSES; i++)
        if (!strcmp(first_classes[i].name, name))
            return i;
    if (!strcmp(name, "nil") && !strcmp(found->tree->name, "Object"))
        return -1;
    Diagnostics diagnostics = diagnostics_for(vm, found->source);
    diagnostic_error(&diagnostics, found->tree->superclass_at, "a core class can't inherit from %s",
                     name);
    return -2;
}

// Checks the hierarchy and counts the fields that a class has on its class side, and
// those of its instances.
static bool order_first_classes(Vm *vm, const Found *found, int *supers, size_t *side_fields) {
    for (int i = 0; i < FIRST_CLASSES; i++)
        if ((supers[i] = superclass_index(vm, &found[i])) == -2)
            return false;
    for (int i = 0; i < FIRST_CLASSES; i++) {
        side_fields[i] = 0;
        int steps = 0;
        for (int each = i; each >= 0; each = supers[each]) {
            side_fields[i] += found[each].tree->class_fields.count;
            if (steps++ > FIRST_CLASSES) {
                Diagnostics diagnostics = diagnostics_for(vm, found[i].source);
                diagnostic_error(&diagnostics, found[i].tree->at, "class %s inherits from itself",
                                 first_classes[i].name);
                return false;
            }
        }
    }
    return true;
}

// Superclasses have to be filled before the classes that inherit from them.
static bool fill_first_classes(Vm *vm, const Found *found, const int *supers, Class **metas) {
    Class **known = (Class **)&vm->known;
    bool filled[FIRST_CLASSES] = {false}, sound = true;
    int left = FIRST_CLASSES;
    while (left > 0) {
        for (int i = 0; i < FIRST_CLASSES; i++) {
            bool ready = supers[i] < 0 || filled[supers[i]];
            if (filled[i] || !ready)
                continue;
            Class *super = supers[i] < 0 ? NULL : known[supers[i]];
            sound &= fill_class(vm, known[i], metas[i], super, &found[i]);
            filled[i] = true;
            left--;
        }
    }
    return sound;
}

// What boxes are instances of. No program sees one.
static void make_box_class(Vm *vm) {
    static const char *const fields[] = {"value"};
    Class *object = vm->known.object_class;
    const Class *meta = vm->classes[object_class_index(class_object(object))];
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
    Found found[FIRST_CLASSES];
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
        metas[i] = class_new(vm, meta_name(vm, first_classes[i].name), 0);
    if (!fill_first_classes(vm, found, supers, metas))
        return false;
    make_singletons(vm);
    make_box_class(vm);
    bool sound = true;
    for (int i = 0; i < FIRST_CLASSES; i++) {
        sound &= add_both(vm, known[i], &found[i]);
        global_set(vm, global_named(vm, known[i]->name), value_of_class(known[i]));
    }
    inlined_check_core(vm);
    for (int i = 0; i < FIRST_CLASSES; i++)
        sound &= compile_both(vm, known[i]);
    return sound;
}
