// Loads modules that are wrong in some place: truncated, with bytes changed, left out, put in,
// or taken from another module. Each has to be refused or to become an instance; what else
// happens is a fault, which the sanitizers that this is built with show. The same seed does the
// same.
//
// usage: mutate SEED COUNT MODULE.wasm ...
#include "../runtime/files.h"
#include "../runtime/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 1 << 16, MODULES_MAX = 256 };

typedef struct Bytes {
    uint8_t *items;
    size_t count;
} Bytes;

typedef struct Mutating {
    Bytes modules[MODULES_MAX];
    size_t count;
    uint64_t state;
    uint8_t bytes[BYTES_MAX]; // the module at hand
    size_t size;
} Mutating;

// xorshift64 (Marsaglia, 2003).
static size_t next(Mutating *mutating, size_t below) {
    mutating->state ^= mutating->state << 13;
    mutating->state ^= mutating->state >> 7;
    mutating->state ^= mutating->state << 17;
    return below ? (size_t)(mutating->state % below) : 0;
}

static void put_in(Mutating *mutating, size_t at, const uint8_t *bytes, size_t count) {
    if (mutating->size + count > BYTES_MAX)
        return;
    memmove(mutating->bytes + at + count, mutating->bytes + at, mutating->size - at);
    memcpy(mutating->bytes + at, bytes, count);
    mutating->size += count;
}

// Numbers in which decoders go wrong: limits of LEB128, and of what the numbers count.
static void put_number(Mutating *mutating, size_t at) {
    static const uint8_t numbers[][5] = {
        {0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, {0xFF, 0xFF, 0xFF, 0xFF, 0x7F},
        {0x80, 0x80, 0x80, 0x80, 0x08}, {0x80, 0x80, 0x80, 0x80, 0x80},
        {0x80, 0x80, 0x04, 0x00, 0x00}, {0x80, 0x00, 0x00, 0x00, 0x00},
    };
    size_t count = mutating->size - at < 5 ? mutating->size - at : 5;
    memcpy(mutating->bytes + at, numbers[next(mutating, 6)], count);
}

static void mutate(Mutating *mutating) {
    size_t at = next(mutating, mutating->size), length = 1 + next(mutating, 8);
    const Bytes *other = &mutating->modules[next(mutating, mutating->count)];
    size_t from = next(mutating, other->count);
    switch (mutating->size ? next(mutating, 8) : 5) {
    case 0: mutating->bytes[at] = (uint8_t)next(mutating, 256); break;
    case 1: mutating->bytes[at] ^= (uint8_t)(1u << next(mutating, 8)); break;
    case 2: mutating->bytes[at] = (uint8_t)(mutating->bytes[at] + 1); break;
    case 3: put_number(mutating, at); break;
    case 4:
        length = length < mutating->size - at ? length : mutating->size - at;
        memmove(mutating->bytes + at, mutating->bytes + at + length, mutating->size - at - length);
        mutating->size -= length;
        break;
    case 5:
        put_in(mutating, at, other->items + from,
               length < other->count - from ? length : other->count - from);
        break;
    case 6: mutating->size = at; break;
    default: {
        size_t most =
            mutating->size - at < other->count - from ? mutating->size - at : other->count - from;
        memcpy(mutating->bytes + at, other->items + from, length < most ? length : most);
    }
    }
}

// What programs import, and what the official tests do.
static bool find_either(void *data, const Import *import, Extern *found) {
    HostModules **modules = data;
    return host_find(modules[0], import, found) || host_find(modules[1], import, found);
}

// True if it became an instance.
static bool load(Mutating *mutating) {
    Store store;
    Failure failure;
    int64_t start;
    store_begin(&store, NULL, NULL);
    store.failure = &failure;
    // The bytes in a block of just their size: so that a sanitizer sees what is read behind them.
    uint8_t *bytes = malloc(mutating->size ? mutating->size : 1);
    memcpy(bytes, mutating->bytes, mutating->size);
    HostModules *modules[] = {host_modules(&store, false), host_modules(&store, true)};
    bool failed = setjmp(failure.back) != 0;
    if (!failed)
        instance_load(&store, bytes, mutating->size, find_either, modules, &start);
    store_free(&store);
    free(bytes);
    return !failed;
}

int main(int argc, char **argv) {
    static Mutating mutating;
    Pool pool = {0};
    if (argc < 4 || argc - 3 > MODULES_MAX) {
        fputs("usage: mutate SEED COUNT MODULE.wasm ...\n", stderr);
        return 2;
    }
    for (int i = 3; i < argc; i++) {
        Bytes *module = &mutating.modules[mutating.count];
        module->items = read_file(argv[i], &pool, &module->count);
        if (!module->items) {
            perror(argv[i]);
            return 2;
        }
        mutating.count += module->count > 0 && module->count <= BYTES_MAX / 2;
    }
    long rounds = strtol(argv[2], NULL, 10), loaded = 0;
    mutating.state = strtoull(argv[1], NULL, 10) * 2654435761u + 88172645463325252u;
    for (long round = 0; round < rounds && mutating.count; round++) {
        const Bytes *module = &mutating.modules[next(&mutating, mutating.count)];
        memcpy(mutating.bytes, module->items, module->count);
        mutating.size = module->count;
        for (size_t changes = 1 + next(&mutating, 4) / 3; changes > 0; changes--)
            mutate(&mutating);
        loaded += load(&mutating);
    }
    printf("%ld modules: %ld became instances, %ld were refused\n", rounds, loaded,
           rounds - loaded);
    pool_free(&pool);
    return EXIT_SUCCESS;
}
