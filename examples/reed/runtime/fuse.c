// What becomes of code while it runs. Quickening: a bytecode that finds what values come becomes
// the form for these. And superinstructions: where the code has a sequence of bytecodes for which
// the interpreter has one of its own, that one's opcode is written over the sequence's first.
// Operands stay where they are, and so do the opcodes after the first: a jump into the midst finds
// plain code. Which opcodes there are is told by the interpreter's image, a line each.
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPCODES_MAX = 256, COMPONENTS_MAX = 16 };

typedef struct Opcode {
    int length; // 0: there is none, or it may not be written into code
    int count;  // of a superinstruction's components
    int components[COMPONENTS_MAX];
} Opcode;

struct Image {
    Opcode opcodes[OPCODES_MAX];
    int count;
    int numbers[OP_COUNT]; // in this interpreter, of those that the definition has
};

// ---- Reading the image ---------------------------------------------------------------------

static void read_fused(Image *image, Opcode *opcode, const char *words) {
    int length = 0, count = 0;
    if (sscanf(words, "%d%n", &count, &length) != 1 || count > COMPONENTS_MAX)
        return;
    char *at = (char *)words + length;
    opcode->count = count;
    for (int i = 0; i < count; i++)
        opcode->components[i] = (int)strtol(at, &at, 10);
    opcode->length = image->opcodes[opcode->components[0]].length;
}

static void read_line(Image *image, const char *line) {
    char name[200], kind[200];
    int number, length = 0;
    if (sscanf(line, "\nbytecode %d %199s %199s%n", &number, name, kind, &length) != 3 ||
        number < 0 || number >= OPCODES_MAX)
        return;
    Opcode *opcode = &image->opcodes[number];
    if (number >= image->count)
        image->count = number + 1;
    if (strcmp(kind, "fused") == 0)
        read_fused(image, opcode, line + length);
    for (int i = 0; i < OP_COUNT; i++)
        if (strcmp(reed_bytecodes[i].name, name) == 0) {
            image->numbers[i] = number;
            opcode->length = reed_bytecodes[i].length;
        }
}

Image *image_read(const char *text) {
    Image *image = grown(NULL, sizeof *image);
    memset(image, 0, sizeof *image);
    for (const char *line = text; (line = strstr(line, "\nbytecode ")); line++)
        read_line(image, line);
    return image;
}

void image_free(Image *image) {
    free(image);
}

// ---- Superinstructions ---------------------------------------------------------------------

// What stands at a place by itself, whatever it is fused with.
static int plain_opcode(const Image *image, const uint8_t *code) {
    const Opcode *opcode = &image->opcodes[*code];
    return opcode->count ? opcode->components[0] : *code;
}

// How far a superinstruction reaches at a place; 0: something else stands there.
static int64_t reach(const Image *image, const Opcode *fused, const Function *function,
                     int64_t at) {
    for (int i = 0; i < fused->count; i++) {
        if (at >= function->code_size ||
            plain_opcode(image, function->code + at) != fused->components[i])
            return 0;
        at += image->opcodes[fused->components[i]].length;
    }
    return at;
}

// From the end on, so that for each place it is known how few dispatches are left after it: of what
// fits there, that is chosen with which the fewest are left.
void image_fuse(const Image *image, Function *function) {
    int64_t size = function->code_size;
    int *left = grown(NULL, ((size_t)size + 1) * sizeof *left);
    int64_t *starts = grown(NULL, (size_t)size * sizeof *starts), count = 0;
    for (int64_t at = 0; at < size; at += image->opcodes[function->code[at]].length) {
        function->code[at] = (uint8_t)plain_opcode(image, function->code + at);
        starts[count++] = at;
    }
    left[size] = 0;
    while (count--) {
        int64_t at = starts[count];
        int best = function->code[at];
        left[at] = 1 + left[at + image->opcodes[best].length];
        for (int i = 0; i < image->count; i++) {
            int64_t end = image->opcodes[i].count && image->opcodes[i].length
                              ? reach(image, &image->opcodes[i], function, at)
                              : 0;
            if (end && 1 + left[end] <= left[at]) {
                left[at] = 1 + left[end];
                best = i;
            }
        }
        function->code[at] = (uint8_t)best;
    }
    free(left);
    free(starts);
}

// ---- Quickening ----------------------------------------------------------------------------

typedef struct Forms {
    enum ReedOpcode base, integers, doubles, any;
} Forms;

static const Forms forms[] = {
    {OP_ADD_LEFT_RIGHT, OP_ADD_INTEGERS_LEFT_RIGHT, OP_ADD_DOUBLES_LEFT_RIGHT,
     OP_ADD_ANY_LEFT_RIGHT},
    {OP_SUBTRACT_LEFT_RIGHT, OP_SUBTRACT_INTEGERS_LEFT_RIGHT, OP_SUBTRACT_DOUBLES_LEFT_RIGHT,
     OP_SUBTRACT_ANY_LEFT_RIGHT},
    {OP_MULTIPLY_LEFT_RIGHT, OP_MULTIPLY_INTEGERS_LEFT_RIGHT, OP_MULTIPLY_DOUBLES_LEFT_RIGHT,
     OP_MULTIPLY_ANY_LEFT_RIGHT},
    {OP_LESS_THAN_ELSE, OP_LESS_INTEGERS_THAN_ELSE, OP_LESS_DOUBLES_THAN_ELSE,
     OP_LESS_ANY_THAN_ELSE},
    {OP_LESS_OR_EQUAL_THAN_ELSE, OP_LESS_OR_EQUAL_INTEGERS_THAN_ELSE,
     OP_LESS_OR_EQUAL_DOUBLES_THAN_ELSE, OP_LESS_OR_EQUAL_ANY_THAN_ELSE},
    {OP_INDEX_OF_AT, OP_ELEMENT_OF_AT, OP_ELEMENT_OF_AT, OP_INDEX_ANY_OF_AT},
    {OP_SET_INDEX_AT_TO, OP_SET_ELEMENT_AT_TO, OP_SET_ELEMENT_AT_TO, OP_SET_INDEX_ANY_AT_TO},
};

static enum ReedOpcode form_for(const Forms *row, Slot left, Slot right) {
    bool is_access = row->integers == row->doubles;
    if (left.kind == (is_access ? REED_TABLE_KIND : REED_INTEGER_KIND) &&
        right.kind == REED_INTEGER_KIND)
        return row->integers;
    return left.kind == REED_DOUBLE_KIND && right.kind == REED_DOUBLE_KIND && !is_access
               ? row->doubles
               : row->any;
}

// A function with thousands of such places would be gone through thousands of times; so as their
// number grows, so does the number of changes that are waited for. What is fused as before leaves
// its superinstruction where it has changed, and does the right thing.
static void fuse_now_and_then(const Image *image, Function *function) {
    if (++function->quickenings < function->next_fusing)
        return;
    image_fuse(image, function);
    function->next_fusing = function->quickenings + 1 + function->quickenings / 16;
}

// The base becomes the form for such values. It is called again if other values come to that form;
// then it becomes the one for any, and remains that.
void host_quicken_with(Machine *machine, Frame *frame, Slot *left, Slot *right) {
    const Image *image = ((Run *)machine)->image;
    Function *function = closure_function(frame_closure(frame));
    uint8_t *at = function->code + frame_pc(frame);
    int plain = plain_opcode(image, at);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const Forms *row = &forms[i];
        bool is_base = plain == image->numbers[row->base];
        if (!is_base && plain != image->numbers[row->integers] &&
            plain != image->numbers[row->doubles])
            continue;
        *at = (uint8_t)image->numbers[is_base ? form_for(row, *left, *right) : row->any];
        fuse_now_and_then(image, function);
        return;
    }
}
