// The compiler's operations as code. By now all slots are known, and get their places in the frame:
// arguments in front of it, then its head, locals, constants, and the stack.
//
// Jumps are short, unless the code is so long that one might not be; then each conditional jump
// leads to a far one behind it.
#include "compile_internal.h"

#include <stdlib.h>

enum {
    HEAD_SLOTS = sizeof(Frame) / sizeof(int64_t),
    SHORT_CODE = 30000, // units
    SLOTS_MAX = INT16_MAX - 16,
    HOP_UNITS = 6 // two far jumps
};

typedef struct Encoder {
    Compiler *compiler;
    Operations prologue;
    size_t *places; // of the operations, and of the end
    int first_constant, first_temporary;
    bool is_far;
    uint16_t *units;
    size_t count;
} Encoder;

static int jump_operand(const WasmBytecode *bytecode) {
    int last = bytecode->operand_count - 1;
    return last >= 0 && bytecode->operands[last].role == ROLE_JUMP ? last : -1;
}

static bool is_short_jump(int opcode) {
    return opcode != OP_JUMP_FAR && jump_operand(&wasm_bytecodes[opcode]) >= 0;
}

static int64_t slot_in_frame(const Encoder *encoder, int64_t slot) {
    int64_t parameters = encoder->compiler->type->parameter_count;
    if (slot >= SLOT_CONSTANT)
        return encoder->first_constant + slot - SLOT_CONSTANT;
    if (slot >= SLOT_TEMPORARY)
        return encoder->first_temporary + slot - SLOT_TEMPORARY;
    return slot < parameters ? slot - parameters : HEAD_SLOTS + slot - parameters;
}

static size_t encoded_length(const Encoder *encoder, const Operation *operation) {
    size_t length = (size_t)wasm_bytecodes[operation->opcode].length;
    return length + (encoder->is_far && is_short_jump(operation->opcode) ? HOP_UNITS : 0);
}

// A jump to what follows is none.
static bool leads_nowhere(const Compiler *compiler, size_t index) {
    const Operation *operation = &compiler->operations.items[index];
    return operation->opcode == OP_JUMP &&
           compiler->labels.items[operation->operands[0]].place == index + 1;
}

static size_t lay_out(Encoder *encoder, size_t place) {
    Compiler *compiler = encoder->compiler;
    for (size_t i = 0; i < compiler->operations.count; i++) {
        encoder->places[i] = place;
        if (!leads_nowhere(compiler, i))
            place += encoded_length(encoder, &compiler->operations.items[i]);
    }
    encoder->places[compiler->operations.count] = place;
    return place;
}

static void put_jump(Encoder *encoder, int opcode, int64_t distance) {
    uint16_t *unit = encoder->units + encoder->count;
    *unit = (uint16_t)opcode;
    wasm_set_operand(unit, &wasm_bytecodes[opcode].operands[0], distance);
    encoder->count += (size_t)wasm_bytecodes[opcode].length;
}

static void put(Encoder *encoder, const Operation *operation) {
    const WasmBytecode *bytecode = &wasm_bytecodes[operation->opcode];
    uint16_t *unit = encoder->units + encoder->count;
    int jump = jump_operand(bytecode);
    bool hops = encoder->is_far && is_short_jump(operation->opcode);
    *unit = operation->opcode;
    encoder->count += (size_t)bytecode->length;
    size_t end = encoder->count;
    for (int i = 0; i < bytecode->operand_count; i++) {
        int64_t value = operation->operands[i];
        if (bytecode->operands[i].role == ROLE_SLOT)
            value = slot_in_frame(encoder, value);
        else if (i == jump && hops)
            value = wasm_bytecodes[OP_JUMP_FAR].length;
        else if (i == jump)
            value = (int64_t)encoder->places[encoder->compiler->labels.items[value].place] -
                    (int64_t)end;
        wasm_set_operand(unit, &bytecode->operands[i], value);
    }
    if (!hops)
        return;
    size_t target =
        encoder->places[encoder->compiler->labels.items[operation->operands[jump]].place];
    put_jump(encoder, OP_JUMP_FAR, wasm_bytecodes[OP_JUMP_FAR].length);
    put_jump(encoder, OP_JUMP_FAR, (int64_t)target - (int64_t)(end + HOP_UNITS));
}

static void add_to_prologue(Encoder *encoder, int opcode, int64_t first, int64_t second,
                            int64_t third) {
    LIST_PUSH(&encoder->prologue, (Operation){(uint16_t)opcode, {first, second, third, 0}});
}

// Locals that may be read first are 0, a run of them at a time, and constants get their values.
static void make_prologue(Encoder *encoder) {
    const Compiler *compiler = encoder->compiler;
    for (uint32_t i = compiler->type->parameter_count, end; i < compiler->local_count;
         i = end + 1) {
        for (end = i; end < compiler->local_count && compiler->cleared[end];)
            end++;
        if (end - i == 1)
            add_to_prologue(encoder, OP_NUMBER_TO, 0, i, 0);
        else if (end > i)
            add_to_prologue(encoder, OP_CLEAR_COUNT, i, end - i, 0);
    }
    for (size_t i = 0; i < compiler->constants.count; i++) {
        int64_t bits = compiler->constants.items[i];
        if (bits >= INT16_MIN && bits <= INT16_MAX)
            add_to_prologue(encoder, OP_NUMBER_TO, bits, SLOT_CONSTANT + (int64_t)i, 0);
        else
            add_to_prologue(encoder, OP_CONSTANT_LOW_HIGH_TO, (uint32_t)bits,
                            (uint32_t)((uint64_t)bits >> 32), SLOT_CONSTANT + (int64_t)i);
    }
}

static size_t prologue_length(const Encoder *encoder) {
    size_t length = 0;
    for (size_t i = 0; i < encoder->prologue.count; i++)
        length += (size_t)wasm_bytecodes[encoder->prologue.items[i].opcode].length;
    return length;
}

Code encode(Compiler *compiler, Pool *pool) {
    Encoder encoder = {.compiler = compiler};
    encoder.first_constant =
        HEAD_SLOTS + (int)(compiler->local_count - compiler->type->parameter_count);
    encoder.first_temporary = encoder.first_constant + (int)compiler->constants.count;
    size_t slots = (size_t)encoder.first_temporary + compiler->deepest;
    if (slots > SLOTS_MAX || compiler->type->parameter_count > SLOTS_MAX)
        failure_raise(compiler->failure, UNSUPPORTED, compiler->body->start,
                      "a function that needs more than %d slots", SLOTS_MAX);
    encoder.places = POOL_ARRAY(compiler->pool, size_t, compiler->operations.count + 1);
    make_prologue(&encoder);
    size_t start = prologue_length(&encoder), length = lay_out(&encoder, start);
    if (length > SHORT_CODE) {
        encoder.is_far = true;
        length = lay_out(&encoder, start);
    }
    if (length > INT32_MAX / 2)
        failure_raise(compiler->failure, UNSUPPORTED, compiler->body->start,
                      "a function of more than %d units of code", INT32_MAX / 2);
    encoder.units = POOL_ARRAY(pool, uint16_t, length);
    for (size_t i = 0; i < encoder.prologue.count; i++)
        put(&encoder, &encoder.prologue.items[i]);
    for (size_t i = 0; i < compiler->operations.count; i++)
        if (!leads_nowhere(compiler, i))
            put(&encoder, &compiler->operations.items[i]);
    free(encoder.prologue.items);
    return (Code){encoder.units, encoder.count, (int)slots};
}
