// See files.h.
#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint8_t *read_file(const char *path, Pool *pool, size_t *size) {
    struct {
        uint8_t *items;
        size_t count, capacity;
    } bytes = {0};
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    for (int byte; (byte = getc(file)) != EOF;)
        LIST_PUSH(&bytes, (uint8_t)byte);
    bool failed = ferror(file);
    fclose(file);
    uint8_t *kept = failed ? NULL : pool_take(pool, bytes.count + 1, 1);
    if (kept && bytes.count)
        memcpy(kept, bytes.items, bytes.count);
    free(bytes.items);
    *size = bytes.count;
    return kept;
}
