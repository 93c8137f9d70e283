// The core library inside the program: the text of runtime/corelib/*.som, turned into C
// by runtime/loading/embed_main.c when the program is built. It is parsed at each start, and
// its methods are compiled when they are first called: most programs need few of them, and a
// start takes three milliseconds.
#ifndef RUNTIME_LOADING_EMBEDDED_H
#define RUNTIME_LOADING_EMBEDDED_H

#include <stddef.h>

typedef struct EmbeddedFile {
    const char *name; // "Object.som"
    const char *text; // not NUL-terminated
    size_t length;
} EmbeddedFile;

extern const EmbeddedFile embedded_files[];
extern const size_t embedded_file_count;

#endif
