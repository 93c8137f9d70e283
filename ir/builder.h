// Building code: a place, and a function for each operation that appends one instruction there.
// What isn't code, a module and what it declares, is made by the functions of ir.h.
#ifndef IR_BUILDER_H
#define IR_BUILDER_H

#include "ir/ir.h"

// Where the next instruction goes: before `before`, or at the end of `block`.
typedef struct IrBuilder {
    IrModule *module;
    IrBlock *block;
    IrInstruction *before;
    Location at;
    const IrInlining *inlined;
} IrBuilder;

// Each appends one instruction and returns its result (or, where there is none,
// the instruction). Types are checked by the verifier, not here.
IrValue *ir_build(IrBuilder *builder, IrOp op, IrValue *left, IrValue *right); // right may be NULL
IrValue *ir_build_convert(IrBuilder *builder, IrOp op, IrType type, IrValue *value);
IrValue *ir_build_select(IrBuilder *builder, IrValue *condition, IrValue *yes, IrValue *no);
IrValue *ir_build_load(IrBuilder *builder, IrValue *base, const IrField *field, IrValue *index);
IrValue *ir_build_load_element(IrBuilder *builder, IrCell cell, IrValue *base, IrValue *index,
                               unsigned alias_class);
IrInstruction *ir_build_store(IrBuilder *builder, IrOp op, IrValue *base, const IrField *field,
                              IrValue *index, IrValue *value); // op: STORE or STORE_REF
IrInstruction *ir_build_store_element(IrBuilder *builder, IrOp op, IrCell cell, IrValue *base,
                                      IrValue *index, IrValue *value, unsigned alias_class);
IrValue *ir_build_address(IrBuilder *builder, IrValue *base, const IrField *field, IrValue *index);
IrValue *ir_build_address_element(IrBuilder *builder, const IrRecord *record, IrValue *base,
                                  IrValue *index);
// The result is in `->result` (NULL for void).
IrInstruction *ir_build_call(IrBuilder *builder, const IrExternal *external, IrValue **arguments,
                             size_t count);
IrInstruction *ir_build_poll_site(IrBuilder *builder, IrPollKind kind);
IrInstruction *ir_build_abandon(IrBuilder *builder, IrValue *record);
IrInstruction *ir_build_component(IrBuilder *builder, int component);
IrInstruction *ir_build_br(IrBuilder *builder, IrBlock *target, IrValue **arguments, size_t count);
// Edges without arguments; add them with ir_edge_argument.
IrInstruction *ir_build_if(IrBuilder *builder, IrValue *condition, IrBlock *yes, IrBlock *no,
                           IrLikely likely);
IrInstruction *ir_build_switch(IrBuilder *builder, IrValue *value, IrBlock *otherwise);
IrInstruction *ir_build_dispatch(IrBuilder *builder, IrTable *table, IrValue *opcode,
                                 IrValue **arguments, size_t count);
IrInstruction *ir_build_exit(IrBuilder *builder, IrTable *table, int opcode, IrValue **arguments,
                             size_t count);
IrInstruction *ir_build_poll(IrBuilder *builder, IrPollKind kind, IrBlock *fast, IrBlock *cold);
IrInstruction *ir_build_ret(IrBuilder *builder, IrValue *value); // NULL: void
IrInstruction *ir_build_tail(IrBuilder *builder, IrFunction *callee, IrValue **arguments,
                             size_t count);
IrInstruction *ir_build_unreachable(IrBuilder *builder);

#endif
