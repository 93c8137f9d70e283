// See memory.h. `malloc` answers NULL only where the system counts what it promises, or under a
// limit (`ulimit -v`); without these the process is killed later, when it writes. Checking each
// allocation where it is made would be code that nobody can test, so it is done here.
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
