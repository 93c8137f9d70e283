// An object's code, disassembled: instructions with what they read and write, basic
// blocks and who follows whom. Knows nothing of dispatch, but that a jump may go
// through a table.
#ifndef BACKEND_ANATOMY_MACHINE_CODE_H
#define BACKEND_ANATOMY_MACHINE_CODE_H

#include "backend/anatomy/attribution.h"
#include "backend/anatomy/object_file.h"

// Registers by number: 0 to 15 are general (4 is the machine stack's), 16 to 31 are
// vector registers. Sets of them are bits.
enum { MACHINE_STACK_POINTER = 4, MACHINE_REGISTERS = 32 };

// A memory operand: base + index * scale + displacement.
typedef struct MachineMemory {
    bool used;       // false: the instruction has none, and the rest means nothing
    int base, index; // registers, -1: none
    int scale;
    int64_t displacement;
    bool is_relocated; // in a program: was, as it is an address that the program has
    uint64_t target;   // is_relocated: the address that the displacement stands for
} MachineMemory;

// What an instruction does, as coarsely as dispatch needs it told.
typedef enum MachineKind {
    MACHINE_OTHER,
    MACHINE_ARITHMETIC,       // add, sub, lea, shifts, increments
    MACHINE_COMPARE,          // sets flags only
    MACHINE_MOVE,             // between registers
    MACHINE_CONSTANT,         // a constant into a register
    MACHINE_PADDING,          // does nothing
    MACHINE_LOAD,             // a move from memory, extending or not
    MACHINE_STORE,            // a move to memory
    MACHINE_JUMP,             // unconditional, to a known place
    MACHINE_CONDITIONAL_JUMP, // to a known place
    MACHINE_INDIRECT_JUMP,
    MACHINE_CALL,
    MACHINE_RETURN,
} MachineKind;

typedef struct MachineInstruction {
    uint64_t address;
    uint64_t offset; // in its section, as other disassemblers show it; in a program the address
    unsigned size;
    const char *text;
    MachineKind kind;
    uint32_t reads, writes; // registers; an address's registers are read
    uint32_t writes_partly; // of `writes`: what keeps a part of the old value
    MachineMemory memory;   // the memory operand, if `used`
    bool loads, stores;     // through it
    unsigned width;         // in bytes, of what is loaded or stored
    bool has_constant;      // an immediate operand
    int jump_register;      // INDIRECT_JUMP through a register; -1: through memory
    uint64_t jump_target;   // JUMP, CONDITIONAL_JUMP; 0: outside the object
    AttributedTo to_whom;
    bool is_told; // debug information says whose it is; else it is taken for work
    AttributedLine line;
    int block; // index; -1: not reached by any block
} MachineInstruction;

// Instructions that are entered at the first and left at the last only. Calls don't end one.
typedef struct MachineBlock {
    int first, last;              // instructions, both included
    ARENA_VECTOR(int) successors; // blocks, without those that indirect jumps lead to
} MachineBlock;

typedef struct MachineCode {
    Arena *arena;
    const ObjectFile *object;                      // that it was read from
    ARENA_VECTOR(MachineInstruction) instructions; // by address
    ARENA_VECTOR(MachineBlock) blocks;
} MachineCode;

// Disassembles all code sections, of a program what Loopwright emitted. NULL after an error on
// stderr.
MachineCode *machine_code_read(Arena *arena, const ObjectFile *object,
                               const Attribution *attribution);

// A place in the machine's stack: nothing but the compiler's own spilled registers stands there.
bool machine_is_stack(const MachineMemory *memory);

// The registers that the operand's address is made of, without the stack pointer, which every
// spill and reload reads, and which no dispatch computes.
uint32_t machine_address_registers(const MachineMemory *memory);

// The index of the instruction at `address`, or -1.
int machine_code_find(const MachineCode *code, uint64_t address);

#endif
