// Superinstructions of Tally: where the code has a sequence of bytecodes for which the interpreter
// has one of its own, that one's opcode is written over the sequence's first. Which there are the
// interpreter's image tells, a line each: `bytecode 57 localAdd fused 2 6 11`. Operands stay where
// they are, and so do the opcodes after the first: a jump into the midst finds plain code.
#include "compiler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPCODES_MAX = 256, COMPONENTS_MAX = 16 };

typedef struct Fused {
    int opcode, count, components[COMPONENTS_MAX];
} Fused;

// Reads the components' opcodes. False if it can't be one that is to be written into code.
static bool read_fused(const char *line, Fused *fused) {
    int length = 0;
    if (sscanf(line, "\nbytecode %d %*s fused %d%n", &fused->opcode, &fused->count, &length) != 2 ||
        fused->opcode >= OPCODES_MAX || fused->count > COMPONENTS_MAX)
        return false;
    char *at = (char *)line + length;
    for (int i = 0; i < fused->count; i++)
        fused->components[i] = (int)strtol(at, &at, 10);
    return true;
}

static int read_image(const char *image, Fused *list) {
    int count = 0;
    for (const char *line = image; (line = strstr(line, "\nbytecode ")) && count < OPCODES_MAX;
         line++)
        count += read_fused(line, &list[count]);
    return count;
}

static bool stands_at(const Fused *fused, const uint8_t *code, const uint8_t *end) {
    for (int i = 0; i < fused->count; i++) {
        if (code >= end || *code != fused->components[i])
            return false;
        code += tally_bytecodes[*code].length;
    }
    return true;
}

// From the start on, so that what is looked at is plain still. Of those that fit, the longest.
static void fuse(const Fused *list, int count, uint8_t *code, const uint8_t *end) {
    while (code < end) {
        int length = tally_bytecodes[*code].length;
        const Fused *best = NULL;
        for (int i = 0; i < count; i++)
            if (stands_at(&list[i], code, end) && (!best || list[i].count > best->count))
                best = &list[i];
        if (best)
            *code = (uint8_t)best->opcode;
        code += length;
    }
}

void tally_fuse(Program *program, const char *image) {
    Fused list[OPCODES_MAX];
    int count = read_image(image, list);
    for (int i = 0; i < FUNCTIONS_MAX; i++)
        fuse(list, count, program->functions[i].code,
             program->functions[i].code + program->code_sizes[i]);
}
