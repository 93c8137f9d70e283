// A bytecode's machine code as rows for a reader: each instruction with what it is for, its
// place in the definition and the IR operation that it comes from, where these are known. All
// ways to print a path or a handler begin here, so that they can't say different things.
#ifndef BACKEND_ANATOMY_DISPATCH_ROWS_H
#define BACKEND_ANATOMY_DISPATCH_ROWS_H

#include "backend/anatomy/dispatch_class.h"
#include "backend/anatomy/dispatch_report.h"

typedef enum DispatchRole {
    DISPATCH_ROLE_STEP, // of the path, with a class
    DISPATCH_ROLE_WORK, // the bytecode's own
    DISPATCH_ROLE_POLL,
    DISPATCH_ROLE_PADDING,
    DISPATCH_ROLE_ELSEWHERE, // dispatch on another way than the path's
} DispatchRole;

typedef struct DispatchRow {
    const MachineInstruction *instruction;
    DispatchRole role;
    DispatchClass class;        // of a step
    bool begins_block;          // in another block than the row before it
    int line, column;           // in the definition; 0: not known
    const char *operation;      // NULL: not known
    int number;                 // of a dispatch's operation, from 1; 0: not known
    double latency, throughput; // by the model; below 0: not asked for
} DispatchRow;

typedef ARENA_VECTOR(DispatchRow) DispatchRows;

// The steps of the path, in order of execution; or all of the way, work included.
DispatchRows dispatch_rows_path(const DispatchReport *report, const MeasuredBytecode *bytecode,
                                bool with_work);

// The blocks of the handler that are not on that way, by address: what can be reached from its
// beginning, up to dispatches and to other handlers.
DispatchRows dispatch_rows_elsewhere(const DispatchReport *report,
                                     const MeasuredBytecode *bytecode);

// What the row is for, in words: its class, or its role in parentheses.
const char *dispatch_row_text(const DispatchRow *row);

#endif
