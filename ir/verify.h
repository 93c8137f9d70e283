// The verifier: does a module keep the rules of docs/ir.md? Types, dominance, the
// form's shape, tables, regions, restartability, and that nothing that moves is
// live across an operation that collects.
#ifndef IR_VERIFY_H
#define IR_VERIFY_H

#include "ir/ir.h"

// One broken rule. `rule` is its name in docs/ir.md ("moving-value-live").
typedef struct IrComplaint {
    const char *rule;
    const char *message;
    const IrFunction *function;
    const IrBlock *block;             // NULL: about the module
    const IrInstruction *instruction; // NULL: about the block
    Location at, other;               // places in the definition; line 0: none
} IrComplaint;

typedef ARENA_VECTOR(IrComplaint) IrComplaints;

// Appends what is wrong to `complaints` (in `arena`). True if nothing is. Never
// crashes on a module that ir_parse or the builder made, however wrong it is.
bool ir_verify(const IrModule *module, Arena *arena, IrComplaints *complaints);

// The same, with the complaints written to `stream` in the form of diagnostics;
// locations are shown as places in `module->source`.
bool ir_verify_or_report(const IrModule *module, FILE *stream);

#endif
