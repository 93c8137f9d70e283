// The instructions of WebAssembly: numbers, and of those that only take and leave numbers, the
// types. What the engine makes of them is in compile_forms.c.
#ifndef WASM_INSTRUCTIONS_H
#define WASM_INSTRUCTIONS_H

#include "reader.h"

enum {
    W_UNREACHABLE = 0x00,
    W_NOP,
    W_BLOCK,
    W_LOOP,
    W_IF,
    W_ELSE,
    W_END = 0x0B,
    W_BR,
    W_BR_IF,
    W_BR_TABLE,
    W_RETURN,
    W_CALL,
    W_CALL_INDIRECT,
    W_DROP = 0x1A,
    W_SELECT,
    W_LOCAL_GET = 0x20,
    W_LOCAL_SET,
    W_LOCAL_TEE,
    W_GLOBAL_GET,
    W_GLOBAL_SET,
    W_LOAD_FIRST = 0x28,
    W_STORE_FIRST = 0x36,
    W_STORE_LAST = 0x3E,
    W_MEMORY_SIZE,
    W_MEMORY_GROW,
    W_I32_CONST,
    W_I64_CONST,
    W_F32_CONST,
    W_F64_CONST,
    W_NUMERIC_FIRST,
    W_I32_EQZ = W_NUMERIC_FIRST,
    W_I64_EQZ = 0x50,
    W_NUMERIC_LAST = 0xC4,
};

// What a load, a store or a numeric instruction takes and leaves. `operands` is how many it
// takes, all of the same type; a store takes an i32 besides, and leaves nothing.
typedef struct InstructionType {
    uint8_t operands, operand, result;
    uint8_t size; // of a load or a store: the logarithm of the bytes
} InstructionType;

// NULL: no such instruction.
const InstructionType *instruction_type(uint8_t opcode);

// Reads past what follows an opcode; the body has been validated.
void skip_immediates(Reader *reader, uint8_t opcode);

#endif
