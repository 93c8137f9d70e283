// A file inside a program: its text, turned into C by support/embed_main.c when the program is
// built. So a program is one file that runs from anywhere.
#ifndef SUPPORT_EMBEDDED_FILE_H
#define SUPPORT_EMBEDDED_FILE_H

#include <stddef.h>

typedef struct EmbeddedFile {
    const char *name; // "Object.som"
    const char *text; // not NUL-terminated
    size_t length;
} EmbeddedFile;

#endif
