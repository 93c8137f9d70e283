// Memory that has to be there: who asks here can't go on without it.
#ifndef SUPPORT_MEMORY_H
#define SUPPORT_MEMORY_H

#include <stddef.h>

// Says on standard error that there is no more memory and ends the program with status 1,
// by `exit`, so that what has been printed gets out.
_Noreturn void memory_exhausted(void);

// As malloc and realloc, but they don't return without memory.
void *memory_allocate(size_t size);
void *memory_resize(void *memory, size_t size);

#endif
