// See pool.h.
#include "pool.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 1 << 16, ALIGNMENT = 16 };

struct PoolBlock {
    PoolBlock *older;
    _Alignas(ALIGNMENT) char bytes[];
};

static _Noreturn void out_of_memory(void) {
    fputs("wasm: error: out of memory\n", stderr);
    exit(EXIT_FAILURE);
}

void *pool_take(Pool *pool, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        out_of_memory();
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!pool->newest || bytes > pool->size - pool->used) {
        size_t room = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
        PoolBlock *block = calloc(1, sizeof(PoolBlock) + room);
        if (!block)
            out_of_memory();
        block->older = pool->newest;
        pool->newest = block;
        pool->used = 0;
        pool->size = room;
    }
    void *taken = pool->newest->bytes + pool->used;
    pool->used += bytes;
    return taken;
}

void pool_free(Pool *pool) {
    for (PoolBlock *block = pool->newest, *older; block; block = older) {
        older = block->older;
        free(block);
    }
    *pool = (Pool){0};
}

void list_grow(void **items, size_t *capacity, size_t size) {
    size_t wanted = *capacity ? 2 * *capacity : 16;
    void *grown = reallocarray(*items, wanted, size);
    if (!grown)
        out_of_memory();
    *items = grown;
    *capacity = wanted;
}
