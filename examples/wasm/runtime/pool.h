// Memory that is freed all at once: what a module and its instances are made of, which live as
// long as the store does. Not for what grows while code runs.
#ifndef WASM_POOL_H
#define WASM_POOL_H

#include <stddef.h>

typedef struct PoolBlock PoolBlock;

typedef struct Pool {
    PoolBlock *newest; // an pool begins as zeros
    size_t used, size;
} Pool;

// Zeroed memory of the pool's, aligned for anything. Ends the process where there is none left.
void *pool_take(Pool *pool, size_t count, size_t size);
void pool_free(Pool *pool);

#define POOL_NEW(pool, type)          ((type *)pool_take(pool, 1, sizeof(type)))
#define POOL_ARRAY(pool, type, count) ((type *)pool_take(pool, count, sizeof(type)))

// Makes room for one more element in a list that has `items`, `count` and `capacity`; the list is
// from malloc, and its owner frees `items`.
#define LIST_GROW(list)                                                                            \
    ((list)->count < (list)->capacity                                                              \
         ? (void)0                                                                                 \
         : list_grow((void **)&(list)->items, &(list)->capacity, sizeof *(list)->items))
#define LIST_PUSH(list, ...)                                                                       \
    (LIST_GROW(list), (void)((list)->items[(list)->count++] = (__VA_ARGS__)))
void list_grow(void **items, size_t *capacity, size_t size);

#endif
