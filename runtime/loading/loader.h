// Loading classes: the class path, the embedded library, and making classes out of
// parsed files. Nothing here runs SOM code.
#ifndef RUNTIME_LOADING_LOADER_H
#define RUNTIME_LOADING_LOADER_H

#include "runtime/calls/method.h"

// A class's source has at most so many bytes. (A tree takes up to a hundred times as many.)
enum { LOADER_SOURCE_MOST = 16 << 20 };

typedef enum LoaderResult {
    LOADER_FOUND,
    LOADER_NOT_FOUND,
    LOADER_BROKEN, // there is one, but it has errors, which have been reported
} LoaderResult;

// Sets where classes are looked for: `directory` first (NULL: none), then the
// directories of `path`, with colons between (NULL: none), then the embedded library
// unless one of the directories has an Object.som.
void loader_set_path(Vm *vm, const char *directory, const char *path);

// Whether a class can have that name.
bool loader_is_class_name(const char *name);

// The class of that name: if the global has a class, that one; else it is loaded, with
// its superclasses, and becomes the global's value.
LoaderResult loader_load(Vm *vm, const char *name, Class **class);

// Makes classes out of a tree that was parsed from `source`, which lives as long as the
// machine. They become the globals' values; if there was a class of such a name, its
// instances and subclasses keep the old one. False after errors, which have been reported.
bool loader_define(Vm *vm, const AstFile *file, SourceFile *source);

// The grammar is shared with the loop language; types aren't SOM's. Reports each.
void loader_refuse_annotations(const AstFile *file, Diagnostics *diagnostics);

// Loads the classes that the machine can't be without (VM_CLASSES), into vm->known.
// False after errors, which have been reported.
bool loader_bootstrap(Vm *vm);

// Where a class was looked for, as text for messages: malloc's, to be freed.
char *loader_describe_path(const Vm *vm);

#endif
