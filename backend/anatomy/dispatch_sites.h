// Where an interpreter's code dispatches: the indirect jumps through the bytecodes'
// table, and the handlers that the table leads to. Jump tables of ordinary switches
// don't count: the debug information says which jumps are dispatches, and their
// tables are the bytecodes'. There are several where the loop has states, with a handler for
// each bytecode in each of them (cache-stack-top); they lie in the module's order.
//
// The number of sites is a figure of its own: a processor predicts an indirect jump by the
// place that it stands at, so one shared jump has one history for all bytecodes, and a copy
// in each handler has one for what usually follows that bytecode (Ertl and Gregg 2003).
#ifndef BACKEND_ANATOMY_DISPATCH_SITES_H
#define BACKEND_ANATOMY_DISPATCH_SITES_H

#include "backend/anatomy/machine_code.h"

// A bytecode of a table.
typedef struct DispatchBytecode {
    const char *name;
    int opcode;
    int table; // which of the tables, by address; from 0
    int block; // where its handler begins; -1: no machine code
} DispatchBytecode;

typedef struct DispatchSites {
    ARENA_VECTOR(int) jumps;                  // instructions: the sites, by address
    ARENA_VECTOR(DispatchBytecode) bytecodes; // by table and opcode
} DispatchSites;

// Finds them. An object without any has no jumps; that is no error, as LLVM may
// have made comparisons of a small table. NULL after an error on stderr (an object
// without loopwright_image).
DispatchSites *dispatch_sites_find(Arena *arena, const ObjectFile *object, const MachineCode *code);

bool dispatch_sites_has(const DispatchSites *sites, int instruction);

#endif
