// See instructions.h.
#include "instructions.h"
#include "module.h"

#define I32 TYPE_I32
#define I64 TYPE_I64
#define F32 TYPE_F32
#define F64 TYPE_F64

#define EACH(first, last, ...) [first... last] = {__VA_ARGS__}

static const InstructionType types[256] = {
    // Loads and stores
    [0x28] = {1, I32, I32, 2},
    [0x29] = {1, I32, I64, 3},
    [0x2A] = {1, I32, F32, 2},
    [0x2B] = {1, I32, F64, 3},
    EACH(0x2C, 0x2D, 1, I32, I32, 0),
    EACH(0x2E, 0x2F, 1, I32, I32, 1),
    EACH(0x30, 0x31, 1, I32, I64, 0),
    EACH(0x32, 0x33, 1, I32, I64, 1),
    EACH(0x34, 0x35, 1, I32, I64, 2),
    [0x36] = {1, I32, TYPE_NONE, 2},
    [0x37] = {1, I64, TYPE_NONE, 3},
    [0x38] = {1, F32, TYPE_NONE, 2},
    [0x39] = {1, F64, TYPE_NONE, 3},
    [0x3A] = {1, I32, TYPE_NONE, 0},
    [0x3B] = {1, I32, TYPE_NONE, 1},
    [0x3C] = {1, I64, TYPE_NONE, 0},
    [0x3D] = {1, I64, TYPE_NONE, 1},
    [0x3E] = {1, I64, TYPE_NONE, 2},
    // Comparisons
    [0x45] = {1, I32, I32, 0},
    EACH(0x46, 0x4F, 2, I32, I32, 0),
    [0x50] = {1, I64, I32, 0},
    EACH(0x51, 0x5A, 2, I64, I32, 0),
    EACH(0x5B, 0x60, 2, F32, I32, 0),
    EACH(0x61, 0x66, 2, F64, I32, 0),
    // Arithmetic
    EACH(0x67, 0x69, 1, I32, I32, 0),
    EACH(0x6A, 0x78, 2, I32, I32, 0),
    EACH(0x79, 0x7B, 1, I64, I64, 0),
    EACH(0x7C, 0x8A, 2, I64, I64, 0),
    EACH(0x8B, 0x91, 1, F32, F32, 0),
    EACH(0x92, 0x98, 2, F32, F32, 0),
    EACH(0x99, 0x9F, 1, F64, F64, 0),
    EACH(0xA0, 0xA6, 2, F64, F64, 0),
    // Conversions
    [0xA7] = {1, I64, I32, 0},
    EACH(0xA8, 0xA9, 1, F32, I32, 0),
    EACH(0xAA, 0xAB, 1, F64, I32, 0),
    EACH(0xAC, 0xAD, 1, I32, I64, 0),
    EACH(0xAE, 0xAF, 1, F32, I64, 0),
    EACH(0xB0, 0xB1, 1, F64, I64, 0),
    EACH(0xB2, 0xB3, 1, I32, F32, 0),
    EACH(0xB4, 0xB5, 1, I64, F32, 0),
    [0xB6] = {1, F64, F32, 0},
    EACH(0xB7, 0xB8, 1, I32, F64, 0),
    EACH(0xB9, 0xBA, 1, I64, F64, 0),
    [0xBB] = {1, F32, F64, 0},
    [0xBC] = {1, F32, I32, 0},
    [0xBD] = {1, F64, I64, 0},
    [0xBE] = {1, I32, F32, 0},
    [0xBF] = {1, I64, F64, 0},
    // Sign extension
    EACH(0xC0, 0xC1, 1, I32, I32, 0),
    EACH(0xC2, 0xC4, 1, I64, I64, 0),
};

const InstructionType *instruction_type(uint8_t opcode) {
    return types[opcode].operands ? &types[opcode] : NULL;
}

void skip_immediates(Reader *reader, uint8_t opcode) {
    if (opcode >= W_LOAD_FIRST && opcode <= W_STORE_LAST) {
        read_u32(reader);
        read_u32(reader);
        return;
    }
    switch (opcode) {
    case W_BLOCK:
    case W_LOOP:
    case W_IF:
    case W_MEMORY_SIZE:
    case W_MEMORY_GROW: read_byte(reader); break;
    case W_BR:
    case W_BR_IF:
    case W_CALL:
    case W_LOCAL_GET:
    case W_LOCAL_SET:
    case W_LOCAL_TEE:
    case W_GLOBAL_GET:
    case W_GLOBAL_SET: read_u32(reader); break;
    case W_CALL_INDIRECT:
        read_u32(reader);
        read_byte(reader);
        break;
    case W_BR_TABLE:
        for (uint32_t count = read_u32(reader) + 1; count > 0; count--)
            read_u32(reader);
        break;
    case W_I32_CONST: read_s32(reader); break;
    case W_I64_CONST: read_s64(reader); break;
    case W_F32_CONST: read_f32(reader); break;
    case W_F64_CONST: read_f64(reader); break;
    default: break;
    }
}
