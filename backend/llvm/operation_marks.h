// Which operations of a module are dispatch, which belong to polls, and which are
// the bytecodes' own work. The debug information carries this to machine code, so
// that instructions are attributed by it and not by guessing.
//
// Dispatch is
// - all that stands in the trunk from the loop's header on;
// - in other forms, the operations that only feed a dispatch's opcode;
// - updates of a cursor (`pc`) that the loop's state holds: stores to a cursor
//   field of the current frame, values passed for a cursor parameter where they are
//   computed from it, and the arithmetic on the cursor that only feeds these.
// Reading a jump's distance is work, adding it to the cursor dispatch. A frame change computes the
// new frame's state, which is work.
#ifndef BACKEND_LLVM_OPERATION_MARKS_H
#define BACKEND_LLVM_OPERATION_MARKS_H

#include "ir/ir.h"
#include "support/pointer_map.h"

typedef enum LlvmMark {
    LLVM_MARK_WORK,
    LLVM_MARK_DISPATCH,
    LLVM_MARK_POLL,
} LlvmMark;

typedef struct LlvmMarks {
    Arena *arena;
    PointerMap numbers; // instruction -> index into kinds, in order of printing
    ARENA_VECTOR(LlvmMark) kinds;
} LlvmMarks;

// Marks every instruction of the module. The marks live in `arena`.
LlvmMarks *llvm_marks_compute(Arena *arena, const IrModule *module);

LlvmMark llvm_mark_of(const LlvmMarks *marks, const IrInstruction *instruction);

// The instruction's number in its function, from 1, in order of printing.
int llvm_operation_number(const LlvmMarks *marks, const IrInstruction *instruction);

#endif
