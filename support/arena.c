// See arena.h. A pointer moves through a block, and when the block is full there is another one:
// to allocate costs an addition and the clearing, to free everything a walk over the blocks.
// Blocks grow geometrically, so a large tree costs few mallocs, up to a size beyond which memory
// that isn't used would weigh more than the mallocs. (D. R. Hanson, "Fast Allocation and
// Deallocation of Memory Based on Object Lifetimes", 1990.)
#include "support/arena.h"

#include "support/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// The first one is where memory is taken from; in those after it nothing more is.
typedef struct Block {
    struct Block *next;
    size_t used, size; // of `data`
    alignas(max_align_t) char data[];
} Block;

struct Arena {
    Block *blocks;
    size_t used; // in all of them
};

enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 4 * 1024 * 1024 };

Arena *arena_new(void) {
    Arena *arena = memory_allocate(sizeof *arena);
    *arena = (Arena){0};
    return arena;
}

void arena_free(Arena *arena) {
    if (!arena)
        return;
    for (Block *block = arena->blocks; block;) {
        Block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

// A new block, of at least `size` bytes, in front of the others.
static Block *add_block(Arena *arena, size_t size) {
    Block *block = memory_allocate(sizeof *block + size);
    block->used = 0;
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

// The system's pages come when they are first written, each by a fault of its own; asked for
// together they are cheaper. Where the system refuses that, they come one by one.
void arena_reserve(Arena *arena, size_t size) {
    Block *block = add_block(arena, size);
#ifdef MADV_POPULATE_WRITE
    const uintptr_t page = 4096;
    uintptr_t start = ((uintptr_t)block->data + page - 1) & ~(page - 1);
    uintptr_t end = ((uintptr_t)block->data + size) & ~(page - 1);
    if (start < end)
        madvise((void *)start, end - start, MADV_POPULATE_WRITE); // older systems refuse
#else
    (void)block;
#endif
}

size_t arena_used(const Arena *arena) {
    return arena->used;
}

// What is left in a block that a request doesn't fit into is given up. Zeroes are promised
// because nodes are made in many places, and a field that one of them forgets is then NULL, 0
// or false instead of chance.
void *arena_alloc(Arena *arena, size_t size) {
    const size_t alignment = alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        memory_exhausted();
    size = (size + alignment - 1) & ~(alignment - 1);
    Block *block = arena->blocks;
    if (!block || block->size - block->used < size) {
        size_t next = block ? block->size * 2 : FIRST_BLOCK;
        if (next > LARGEST_BLOCK)
            next = LARGEST_BLOCK;
        if (next < size)
            next = size;
        block = add_block(arena, next);
    }
    void *result = block->data + block->used;
    block->used += size;
    arena->used += size;
    return memset(result, 0, size);
}

char *arena_strndup(Arena *arena, const char *text, size_t length) {
    char *copy = arena_alloc(arena, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *arena_strdup(Arena *arena, const char *text) {
    return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(Arena *arena, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

// The old items are left where they are, as nothing in an arena is freed: doubling keeps what is
// lost below what is used.
void *arena_grow(Arena *arena, void *items, size_t *capacity, size_t item_size) {
    size_t before = *capacity;
    *capacity = before ? before * 2 : 8;
    void *grown = arena_alloc(arena, *capacity * item_size);
    if (before)
        memcpy(grown, items, before * item_size);
    return grown;
}
