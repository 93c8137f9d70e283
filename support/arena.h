// Arena allocation: memory that is handed out piecewise and freed all at once.
// Everything the compiler builds (syntax trees, IR, analyses) lives in an arena
// that the caller owns; nothing in it is ever freed alone.
#ifndef SUPPORT_ARENA_H
#define SUPPORT_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct Arena Arena;

// A new, empty arena. Ends the program when the machine is out of memory, as every
// allocation from it does: the compiler has no way to go on without (memory.h).
Arena *arena_new(void);

// Frees the arena and all that was allocated from it. NULL is allowed.
void arena_free(Arena *arena);

// Gets `size` bytes from the system at once, for who knows how much will be needed:
// that is quicker than page by page.
void arena_reserve(Arena *arena, size_t size);

// The bytes that have been allocated from it.
size_t arena_used(const Arena *arena);

// `size` zeroed bytes, aligned for any type.
void *arena_alloc(Arena *arena, size_t size);

// A copy of `text`, NUL-terminated; the second form copies `length` bytes.
char *arena_strdup(Arena *arena, const char *text);
char *arena_strndup(Arena *arena, const char *text, size_t length);

// A formatted string, as printf's.
char *arena_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

// One zeroed object of type T, or an array of `count` of them.
#define ARENA_NEW(arena, T)          ((T *)arena_alloc((arena), sizeof(T)))
#define ARENA_ARRAY(arena, T, count) ((T *)arena_alloc((arena), sizeof(T) * (size_t)(count)))

// A growable array in an arena: a struct with `items`, `count` and `capacity`.
// ARENA_PUSH appends `item`; what it outgrows stays in the arena.
#define ARENA_VECTOR(T)                                                                            \
    struct {                                                                                       \
        T *items;                                                                                  \
        size_t count, capacity;                                                                    \
    }
#define ARENA_PUSH(arena, vector, item)                                                            \
    do {                                                                                           \
        if ((vector)->count == (vector)->capacity)                                                 \
            (vector)->items = arena_grow((arena), (vector)->items, &(vector)->capacity,            \
                                         sizeof *(vector)->items);                                 \
        (vector)->items[(vector)->count++] = (item);                                               \
    } while (0)

// Used by ARENA_PUSH: a copy of `items` with room for twice as many (8 at first).
void *arena_grow(Arena *arena, void *items, size_t *capacity, size_t item_size);

#endif
