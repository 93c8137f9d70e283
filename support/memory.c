// See memory.h.
#include "support/memory.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void memory_exhausted(void) {
    fputs("error: out of memory\n", stderr);
    exit(1);
}

void *memory_allocate(size_t size) {
    void *memory = malloc(size);
    if (!memory && size)
        memory_exhausted();
    return memory;
}

void *memory_resize(void *memory, size_t size) {
    void *resized = realloc(memory, size);
    if (!resized && size)
        memory_exhausted();
    return resized;
}
