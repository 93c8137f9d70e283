// Whose each machine instruction of an interpreter is: which bytecode's, and whether it dispatches.
// A profile of time puts its samples down to them.
//
// Which bytecode: by the symbols that the emitter gives pieces of code
// (backend/symbols/loop_symbol.h). In a program without them, such as the loop by hand, by where
// control can come from: what is reached from one handler only is that one's.
#ifndef BACKEND_ANATOMY_CODE_OWNERS_H
#define BACKEND_ANATOMY_CODE_OWNERS_H

#include "backend/anatomy/dispatch_report.h"

// Of an instruction that is no single bytecode's.
enum {
    OWNER_NONE = -1,     // the loop's entry and its exits
    OWNER_DISPATCH = -2, // the dispatch that all bytecodes share
    OWNER_SEVERAL = -3,  // code that several bytecodes share
};

typedef struct CodeOwner {
    int bytecode;         // index in the report's bytecodes, or one of the above
    AttributedTo to_whom; // dispatch is what debug information calls so, and the steps of all paths
    DispatchClass class;  // of a step; DISPATCH_CLASSES: is none
} CodeOwner;

// One for each instruction of the report's code. Lives in the report's arena.
const CodeOwner *code_owners_find(const DispatchReport *report);

// "pushLocal", "(shared dispatch)".
const char *code_owner_name(const DispatchReport *report, int bytecode);

// The instruction that `address` lies in, by index; -1: none, it isn't the interpreter's code.
int code_owners_at(const DispatchReport *report, uint64_t address);

#endif
