// The dispatch path of one bytecode: what the machine does between the bytecode's
// last work and the indirect jump to the next.
//
// A bytecode's way is the cheapest from the beginning of its handler to a dispatch
// site: fewest calls first, then fewest instructions. On it, dispatch is
// - what the debug information calls dispatch;
// - the backward slice of the jump's target, through registers and through memory
//   where a store and a load plainly name the same place, up to what is work;
// - after the last instruction of work: copies, spills and reloads (constants that
//   registers hold among them), and jumps.
// Operands that the slice reaches are work: of what is read from the code, dispatch is
// the opcode only. Polls are counted apart, and so is padding, which does nothing.
#ifndef BACKEND_ANATOMY_DISPATCH_PATH_H
#define BACKEND_ANATOMY_DISPATCH_PATH_H

#include "backend/anatomy/dispatch_sites.h"

// What an instruction of the path is for.
typedef enum DispatchClass {
    DISPATCH_OPCODE_FETCH, // the opcode is read from the code
    DISPATCH_PC_ADVANCE,
    DISPATCH_FRAME_READ,
    DISPATCH_SPILL,   // or reload: to and from the machine's stack, and room there
    DISPATCH_COPY,    // from a register to another, or of a constant that one keeps
    DISPATCH_ADDRESS, // arithmetic for the opcode's or the target's address
    DISPATCH_RANGE_CHECK,
    DISPATCH_TABLE_LOAD, // the handler's address is read from the table
    DISPATCH_JUMP,       // the indirect one, and those on the way to it
    DISPATCH_OTHER,
    DISPATCH_CLASSES,
} DispatchClass;

// An instruction of the dispatch.
typedef struct DispatchStep {
    int instruction; // index in the machine code
    DispatchClass class;
} DispatchStep;

typedef struct DispatchPath {
    bool dispatches;    // false: the bytecode never gets to a dispatch, and the rest is empty
    int blocks;         // that the path goes through after the last work
    int polls, padding; // instructions on the way that are no steps
    ARENA_VECTOR(DispatchStep) steps; // in order of execution, the indirect jump last
    ARENA_VECTOR(int) way;            // all instructions of the handler's way, its work included
} DispatchPath;

// The path from the handler that begins with `block`; steps live in `arena`.
DispatchPath dispatch_path_find(Arena *arena, const MachineCode *code, const DispatchSites *sites,
                                int block);

#endif
