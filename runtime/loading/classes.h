// What the parts of loading share: a class's file, once it is found and parsed, and the steps of
// making a class of it. Private to this folder: users include loader.h.
#ifndef RUNTIME_LOADING_CLASSES_H
#define RUNTIME_LOADING_CLASSES_H

#include "runtime/loading/loader.h"

// A class's file, parsed: one class, of the name that was asked for.
typedef struct FoundClass {
    const AstClass *tree;
    SourceFile *source;
} FoundClass;

// ---- Files (class_path.c) --------------------------------------------------------------

// Finds a class's file on the class path or in the library, and parses it. Errors have been
// reported if it is broken.
LoaderResult loader_find_class(Vm *vm, const char *name, FoundClass *found);

// Where errors in the file are reported to; what the program has printed comes before them.
Diagnostics loader_diagnostics(Vm *vm, const SourceFile *file);

// ---- Classes (loader.c) ----------------------------------------------------------------

Symbol *loader_metaclass_name(Vm *vm, const char *name);
// The class's class.
Class *loader_metaclass(const Vm *vm, const Class *class);

// Fills a class and its metaclass, both fresh, with what their file says; the superclass (NULL:
// nil) has been filled. Methods come later. False after errors, which have been reported.
bool loader_fill_class(Vm *vm, Class *class, Class *meta, Class *super, const FoundClass *found);
// Adds the methods of both sides, uncompiled. False after errors, which have been reported.
bool loader_add_methods(Vm *vm, Class *class, const FoundClass *found);
// Compiles the methods of both sides. False after errors, which have been reported.
bool loader_compile_methods(Vm *vm, const Class *class);

#endif
