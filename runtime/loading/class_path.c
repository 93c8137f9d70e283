// Where classes are looked for, and reading the file of one. SOM has one class in a file of its
// name, so a name is all that is needed to find one, and nothing is loaded before somebody
// mentions it. A directory with an Object.som brings a core library of its own; then the embedded
// one is not used at all, as classes of the two would count on each other's privates.
#include "runtime/loading/classes.h"

#include "frontend/syntax/parse.h"
#include "runtime/loading/embedded.h"
#include "runtime/process/output.h"
#include "runtime/vm.h"
#include "support/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- The class path ----------------------------------------------------------------

// Between two colons, or before the first, is the current directory, as in the shell's PATH.
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

// A name that a program asks for (`system load:`) becomes a part of a path: no `/` and no `.` may
// lead it out of the directories.
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

// A source that lives as long as the machine: methods are compiled from it later, and again when an
// assumption falls (frontend/guest/osr.c).
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

// A program may ask for classes that don't exist without end, and each global that is unknown asks
// for one: so that leaves nothing in the arena.
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
Diagnostics loader_diagnostics(Vm *vm, const SourceFile *file) {
    output_flush();
    return (Diagnostics){.source = file->source, .stream = vm->errors};
}

void loader_refuse_annotations(const AstFile *file, Diagnostics *diagnostics) {
    for (size_t i = 0; i < file->annotations.count; i++)
        diagnostic_error(diagnostics, file->annotations.items[i]->at,
                         "SOM has no type annotations");
    for (size_t i = 0; i < file->includes.count; i++)
        diagnostic_error(diagnostics, file->includes.items[i].at, "SOM has no `include`");
}

LoaderResult loader_find_class(Vm *vm, const char *name, FoundClass *found) {
    LoaderResult result =
        loader_is_class_name(name) ? find_source(vm, name, &found->source) : LOADER_NOT_FOUND;
    if (result != LOADER_FOUND)
        return result;
    Diagnostics diagnostics = loader_diagnostics(vm, found->source);
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
