// The verifier: does a module keep the rules of docs/ir.md? Types, dominance, the
// form's shape, tables, regions, restartability, and that nothing that moves is
// live across an operation that collects.
#ifndef IR_VERIFY_VERIFY_H
#define IR_VERIFY_VERIFY_H

#include "ir/ir.h"

// One broken rule. `rule` is its name in docs/ir.md ("moving-value-live").
typedef struct IrComplaint {
    const char *rule;
    const char *message;
    const IrFunction *function;
    const IrBlock *block;             // NULL: about the module
    const IrInstruction *instruction; // NULL: about the block
    Location at, other;               // places in the definition; line 0: none
    const char *other_note;           // what is at `other`; NULL: nothing
} IrComplaint;

typedef ARENA_VECTOR(IrComplaint) IrComplaints;

enum { IR_MOST_COMPLAINTS = 100 };

// Appends what is wrong to `complaints` (in `arena`). True if nothing is. Never
// crashes on a module that ir_parse or the builder made, however wrong it is. What
// would make the other rules meaningless (broken lists, missing operands) is looked
// for first, and then reported alone; so are rules that need types and dominance.
// After IR_MOST_COMPLAINTS it stops. Time: about linear in the module's size.
bool ir_verify(const IrModule *module, Arena *arena, IrComplaints *complaints);

// The same, with the complaints written to `stream` in the form of diagnostics;
// locations are shown as places in `module->source`.
bool ir_verify_or_report(const IrModule *module, FILE *stream);

#endif
