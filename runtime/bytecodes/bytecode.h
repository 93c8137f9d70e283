// The opcodes of the interpreter that runs, as its image tells them (image.h). The generated
// header has those of the definition that this runtime was compiled with, and no more: a pass
// may have added fused ones, and quickened ones may have other numbers. So whoever looks at
// the code of methods asks here: the verifier, frames, who redefines, the disassembler.
//
// While code runs, the first unit of an instruction may be rewritten: an opcode that has seen
// what its operands are is *quickened* to one made for them (S. Brunthaler, "Inline Caching
// Meets Quickening", ECOOP 2010), and one that begins a frequent sequence is *fused* with what
// follows (T. A. Proebsting, "Optimizing an ANSI C Interpreter with Superoperators", POPL
// 1995). Operands never change, and what a fused opcode covers stands after it as it did. So
// each instruction is still where the guest compiler wrote it, as long as it was, and jumps,
// returns and whoever walks through code take it as written; what it has become matters to
// those who show code or patch it. Whoever rewrites an opcode does so only where the unit holds
// the one that it runs as.
#ifndef RUNTIME_BYTECODES_BYTECODE_H
#define RUNTIME_BYTECODES_BYTECODE_H

#include "interpreter.h"

typedef struct Bytecode {
    const char *name;
    int opcode;
    int base;                           // what the guest compiler wrote where this one stands
    const InterpreterBytecode *written; // that one: its length, its operands, what it does
    bool admitted;                      // code that is loaded may have it
    int length;                         // in units; of a fused one, with all that it covers
    const int *components;              // of a fused one, the opcodes that it stands for
    int component_count;                // 0: it isn't fused
    int quickens;                       // to this opcode, the first of several; -1: to none
} Bytecode;

// Where threads may let each other run (place-gil-checks): nowhere, where one has been asked to, or
// at every poll.
typedef enum BytecodePolls { POLLS_NONE, POLLS_ASKED, POLLS_FORCED } BytecodePolls;

typedef struct Bytecodes {
    const Bytecode *items; // by opcode
    int count;
    int numbers[OP_COUNT]; // by opcode of the header: the interpreter's; -1: it has none
    BytecodePolls polls;
} Bytecodes;

// What the unit at an instruction's start holds. NULL if the interpreter has no such opcode,
// which is so in code only that nobody has verified.
const Bytecode *bytecode_at(const Bytecodes *bytecodes, const InterpreterUnit *unit);

// The opcode that stands there or, if that is fused, the first that it stands for.
int bytecode_plain_opcode(const Bytecodes *bytecodes, const InterpreterUnit *unit);

// Writes the quickened opcode, one of the header's, over what the instruction's start holds, unless
// that is so already, the interpreter has none, or an operand is not what it is fixed to. True if
// it did.
bool bytecode_quicken(const Bytecodes *bytecodes, InterpreterUnit *unit, int opcode);

// After instructions have been patched: where a fused opcode covers one that isn't what it
// stands for any more, its first component is put back in its place.
void bytecodes_unfuse(const Bytecodes *bytecodes, InterpreterUnit *code, int64_t count);

#endif
