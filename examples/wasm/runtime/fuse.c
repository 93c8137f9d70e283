// Superinstructions: where code has a sequence of bytecodes for which the interpreter has one of
// its own, that one's opcode is written over the sequence's first. Which there are the
// interpreter's image tells, a line each: `bytecode 507 … fused 2 6 11`. Operands stay where they
// are, and so do the opcodes behind the first: a jump into the midst finds plain code.
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMPONENTS_MAX = 32 };

typedef struct Fused {
    int opcode, count, components[COMPONENTS_MAX];
    int next; // with the same first component, shorter or as long; or -1
} Fused;

struct Fusion {
    Fused *items;
    size_t count, capacity;
    int first[OP_COUNT]; // by the first component, the longest first
};

// Reads the components' opcodes. False if it can't be one that is to be written into code.
static bool read_fused(const char *line, Fused *fused) {
    int length = 0;
    if (sscanf(line, "\nbytecode %d %*s fused %d%n", &fused->opcode, &fused->count, &length) != 2 ||
        fused->count < 2 || fused->count > COMPONENTS_MAX || fused->opcode > UINT16_MAX)
        return false;
    char *at = (char *)line + length;
    for (int i = 0; i < fused->count; i++) {
        fused->components[i] = (int)strtol(at, &at, 10);
        if (fused->components[i] < 0 || fused->components[i] >= OP_COUNT)
            return false;
    }
    return true;
}

static int longer_first(const void *left, const void *right) {
    return ((const Fused *)right)->count - ((const Fused *)left)->count;
}

Fusion *fusion_read(const char *image) {
    Fusion *fusion = calloc(1, sizeof *fusion);
    if (!fusion)
        return NULL;
    for (const char *line = image; line && (line = strstr(line, "\nbytecode ")); line++) {
        Fused fused;
        if (read_fused(line, &fused))
            LIST_PUSH(fusion, fused);
    }
    if (fusion->count > 1)
        qsort(fusion->items, fusion->count, sizeof *fusion->items, longer_first);
    for (int i = 0; i < OP_COUNT; i++)
        fusion->first[i] = -1;
    for (size_t i = fusion->count; i-- > 0;) {
        int *first = &fusion->first[fusion->items[i].components[0]];
        fusion->items[i].next = *first;
        *first = (int)i;
    }
    return fusion;
}

void fusion_free(Fusion *fusion) {
    if (fusion)
        free(fusion->items);
    free(fusion);
}

static bool stands_at(const Fused *fused, const uint16_t *units, const uint16_t *end) {
    for (int i = 0; i < fused->count; i++) {
        if (units >= end || *units != fused->components[i])
            return false;
        units += wasm_bytecodes[*units].length;
    }
    return true;
}

// From the start on, so that what is looked at is plain still. Of those that fit, the longest.
void fusion_apply(const Fusion *fusion, uint16_t *units, size_t count) {
    const uint16_t *end = units + count;
    while (fusion && units < end) {
        int length = wasm_bytecodes[*units].length, next = fusion->first[*units];
        while (next >= 0 && !stands_at(&fusion->items[next], units, end))
            next = fusion->items[next].next;
        if (next >= 0)
            *units = (uint16_t)fusion->items[next].opcode;
        units += length;
    }
}
