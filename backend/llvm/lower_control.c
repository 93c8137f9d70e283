// Terminators. A table is jumped through in one of three ways, by the module's form:
// a `switch` (loop), an `indirectbr` through one array of block addresses that all
// dispatches share (replicated), or a tail call through one array of functions
// (handlers).
#include "backend/llvm/lowering.h"

#include <stdlib.h>

void llvm_lower_arguments(LlvmLowering *lowering, const IrBlock *target, IrValue *const *arguments,
                          size_t count) {
    LLVMBasicBlockRef from = LLVMGetInsertBlock(lowering->builder);
    for (size_t i = 0; i < count && i < target->parameters.count; i++) {
        LLVMValueRef phi = llvm_lowered_value(lowering, target->parameters.items[i]);
        LLVMValueRef value = llvm_lowered_value(lowering, arguments[i]);
        LLVMAddIncoming(phi, &value, &from, 1);
    }
}

static bool leads_there_twice(const IrInstruction *instruction, size_t index) {
    for (size_t e = 0; e < instruction->edges.count; e++)
        if (e != index &&
            instruction->edges.items[e].block == instruction->edges.items[index].block)
            return true;
    return false;
}

// The block to jump to for an edge. Two edges to one block may pass different
// arguments, which a phi can't tell apart: such an edge gets a block of its own.
static LLVMBasicBlockRef lower_edge(LlvmLowering *lowering, const IrInstruction *instruction,
                                    size_t index) {
    const IrEdge *edge = &instruction->edges.items[index];
    LLVMBasicBlockRef target = llvm_lowered_block(lowering, edge->block);
    LLVMBasicBlockRef here = LLVMGetInsertBlock(lowering->builder);
    bool splits = edge->arguments.count > 0 && instruction->edges.count > 1 &&
                  (instruction->op == IR_SWITCH || leads_there_twice(instruction, index));
    LLVMBasicBlockRef between = NULL;
    if (splits) {
        between = llvm_append_block(lowering, "edge");
        LLVMPositionBuilderAtEnd(lowering->builder, between);
        LLVMBuildBr(lowering->builder, target);
    }
    llvm_lower_arguments(lowering, edge->block, edge->arguments.items, edge->arguments.count);
    LLVMPositionBuilderAtEnd(lowering->builder, here);
    return splits ? between : target;
}

static void lower_if(LlvmLowering *lowering, const IrInstruction *instruction) {
    LLVMValueRef condition = llvm_lowered_value(lowering, instruction->operands.items[0]);
    LLVMBasicBlockRef yes = lower_edge(lowering, instruction, 0);
    LLVMBasicBlockRef no = lower_edge(lowering, instruction, 1);
    LLVMValueRef branch = LLVMBuildCondBr(lowering->builder, condition, yes, no);
    if (instruction->likely != IR_LIKELY_UNKNOWN)
        llvm_set_weights(lowering, branch, instruction->likely == IR_LIKELY_TRUE);
}

static void lower_switch(LlvmLowering *lowering, const IrInstruction *instruction) {
    LLVMValueRef value = llvm_lowered_value(lowering, instruction->operands.items[0]);
    unsigned width = LLVMGetIntTypeWidth(LLVMTypeOf(value));
    uint64_t mask = width < 64 ? (UINT64_C(1) << width) - 1 : UINT64_MAX;
    size_t cases = instruction->edges.count - 1;
    LLVMBasicBlockRef otherwise = lower_edge(lowering, instruction, cases);
    LLVMValueRef lowered = LLVMBuildSwitch(lowering->builder, value, otherwise, (unsigned)cases);
    for (size_t e = 0; e < cases; e++) {
        uint64_t case_value = (uint64_t)instruction->edges.items[e].case_value & mask;
        LLVMAddCase(lowered, LLVMConstInt(LLVMTypeOf(value), case_value, false),
                    lower_edge(lowering, instruction, e));
    }
}

// The fast edge unless the thread was asked to let go.
static void lower_poll(LlvmLowering *lowering, const IrInstruction *instruction) {
    const IrField *field = lowering->module->poll_field;
    LLVMTypeRef type = llvm_lowered_cell(lowering, field->cell);
    LLVMValueRef offset = LLVMConstInt(lowering->i64, (uint64_t)field->offset, false);
    LLVMValueRef place =
        LLVMBuildGEP2(lowering->builder, lowering->i8, lowering->thread, &offset, 1, "");
    LLVMValueRef asked = LLVMBuildLoad2(lowering->builder, type, place, "");
    LLVMSetAlignment(asked, (unsigned)ir_cell_size(field->cell));
    LLVMSetOrdering(asked, LLVMAtomicOrderingMonotonic);
    llvm_alias_facts_memory(lowering, field->is_const ? 0 : field->alias_class, asked);
    LLVMValueRef quiet =
        LLVMBuildICmp(lowering->builder, LLVMIntEQ, asked, LLVMConstNull(type), "");
    LLVMBasicBlockRef fast = lower_edge(lowering, instruction, 0);
    LLVMBasicBlockRef cold = lower_edge(lowering, instruction, 1);
    llvm_set_weights(lowering, LLVMBuildCondBr(lowering->builder, quiet, fast, cold), true);
}

static LLVMBasicBlockRef unreachable_block(LlvmLowering *lowering) {
    LLVMBasicBlockRef here = LLVMGetInsertBlock(lowering->builder);
    LLVMBasicBlockRef block = llvm_append_block(lowering, "no.default");
    LLVMPositionBuilderAtEnd(lowering->builder, block);
    LLVMBuildUnreachable(lowering->builder);
    LLVMPositionBuilderAtEnd(lowering->builder, here);
    return block;
}

static bool is_table_default(const IrTable *table) {
    return table->has_default && (table->default_block || table->default_function);
}

static void dispatch_arguments(LlvmLowering *lowering, const IrInstruction *instruction,
                               const IrBlock *target) {
    llvm_lower_arguments(lowering, target, instruction->operands.items + 1,
                         instruction->operands.count - 1);
}

static void lower_dispatch_by_switch(LlvmLowering *lowering, const IrInstruction *instruction) {
    const IrTable *table = instruction->table;
    LLVMValueRef opcode = llvm_lowered_value(lowering, instruction->operands.items[0]);
    LLVMBasicBlockRef otherwise;
    if (is_table_default(table)) {
        otherwise = llvm_lowered_block(lowering, table->default_block);
        dispatch_arguments(lowering, instruction, table->default_block);
    } else {
        otherwise = unreachable_block(lowering);
    }
    LLVMValueRef jump =
        LLVMBuildSwitch(lowering->builder, opcode, otherwise, (unsigned)table->bytecodes.count);
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        if (!bytecode->block)
            continue;
        LLVMAddCase(jump, LLVMConstInt(LLVMTypeOf(opcode), (uint64_t)bytecode->opcode, false),
                    llvm_lowered_block(lowering, bytecode->block));
        dispatch_arguments(lowering, instruction, bytecode->block);
    }
}

// Goes to `beyond` where the opcode lies outside the table.
static void lower_range_check(LlvmLowering *lowering, const IrTable *table, LLVMValueRef opcode,
                              LLVMBasicBlockRef beyond) {
    LLVMBasicBlockRef within = llvm_append_block(lowering, "in.table");
    LLVMValueRef size = LLVMConstInt(LLVMTypeOf(opcode), table->bytecodes.count, false);
    LLVMValueRef test = LLVMBuildICmp(lowering->builder, LLVMIntULT, opcode, size, "");
    LLVMValueRef branch = LLVMBuildCondBr(lowering->builder, test, within, beyond);
    llvm_set_weights(lowering, branch, true);
    LLVMPositionBuilderAtEnd(lowering->builder, within);
}

static LLVMValueRef load_address(LlvmLowering *lowering, LLVMValueRef opcode) {
    LLVMValueRef slot =
        LLVMBuildGEP2(lowering->builder, lowering->ptr, lowering->addresses, &opcode, 1, "");
    return LLVMBuildLoad2(lowering->builder, lowering->ptr, slot, "");
}

static LLVMValueRef *jump_phis(LlvmLowering *lowering, const IrTable *table) {
    LLVMValueRef *phis = ARENA_ARRAY(lowering->arena, LLVMValueRef, table->parameters.count + 1);
    phis[0] = LLVMBuildPhi(lowering->builder, lowering->i64, "opcode");
    for (size_t i = 0; i < table->parameters.count; i++)
        phis[i + 1] = LLVMBuildPhi(lowering->builder,
                                   llvm_lowered_type(lowering, table->parameters.items[i].type),
                                   table->parameters.items[i].name);
    return phis;
}

static void jump_to_targets(LlvmLowering *lowering, const IrTable *table) {
    LLVMValueRef jump =
        LLVMBuildIndirectBr(lowering->builder, load_address(lowering, lowering->jump_phis[0]),
                            (unsigned)table->bytecodes.count);
    PointerMap seen = {0};
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBlock *block = table->bytecodes.items[i].block;
        if (!block || !pointer_map_add(lowering->arena, &seen, block, 0))
            continue;
        LLVMAddDestination(jump, llvm_lowered_block(lowering, block));
        for (size_t p = 0; p < block->parameters.count; p++)
            LLVMAddIncoming(llvm_lowered_value(lowering, block->parameters.items[p]),
                            &lowering->jump_phis[p + 1], &lowering->jump, 1);
    }
}

// In LLVM's IR the dispatches share one indirect jump, and its back end is told to copy that to
// each of them once registers are given out (llvm_options.c). With jumps of their own here, each
// of hundreds of dispatches would have an edge to each of hundreds of bytecodes, and every pass of
// LLVM's takes time for every edge. (Compilers of C do the same with computed gotos.)
static void make_jump(LlvmLowering *lowering, const IrTable *table) {
    LLVMBasicBlockRef here = LLVMGetInsertBlock(lowering->builder);
    LLVMMetadataRef place = LLVMGetCurrentDebugLocation2(lowering->builder);
    lowering->jump = llvm_append_block(lowering, "jump");
    LLVMPositionBuilderAtEnd(lowering->builder, lowering->jump);
    lowering->jump_phis = jump_phis(lowering, table);
    jump_to_targets(lowering, table);
    LLVMPositionBuilderAtEnd(lowering->builder, here);
    LLVMSetCurrentDebugLocation2(lowering->builder, place);
}

static void lower_dispatch_by_address(LlvmLowering *lowering, const IrInstruction *instruction) {
    const IrTable *table = instruction->table;
    LLVMValueRef opcode = llvm_lowered_value(lowering, instruction->operands.items[0]);
    if (is_table_default(table)) {
        dispatch_arguments(lowering, instruction, table->default_block);
        lower_range_check(lowering, table, opcode,
                          llvm_lowered_block(lowering, table->default_block));
    }
    if (!lowering->jump)
        make_jump(lowering, table);
    LLVMBasicBlockRef from = LLVMGetInsertBlock(lowering->builder);
    for (size_t i = 0; i < instruction->operands.count; i++) {
        LLVMValueRef value = llvm_lowered_value(lowering, instruction->operands.items[i]);
        LLVMAddIncoming(lowering->jump_phis[i], &value, &from, 1);
    }
    LLVMBuildBr(lowering->builder, lowering->jump);
}

// A tail call within the handlers; the entry function, which C calls, calls plainly.
static void lower_handler_call(LlvmLowering *lowering, LLVMTypeRef type, LLVMValueRef callee,
                               IrValue *const *operands, size_t count) {
    LLVMValueRef *arguments = ARENA_ARRAY(lowering->arena, LLVMValueRef, count + 1);
    for (size_t i = 0; i < count; i++)
        arguments[i] = llvm_lowered_value(lowering, operands[i]);
    LLVMValueRef call =
        LLVMBuildCall2(lowering->builder, type, callee, arguments, (unsigned)count, "");
    LLVMSetInstructionCallConv(call, LLVM_PRESERVE_NONE);
    if (lowering->function != lowering->module->functions.items[0])
        LLVMSetTailCallKind(call, LLVMTailCallKindMustTail);
    if (LLVMGetReturnType(type) == lowering->none)
        LLVMBuildRetVoid(lowering->builder);
    else
        LLVMBuildRet(lowering->builder, call);
}

static void lower_dispatch_by_call(LlvmLowering *lowering, const IrInstruction *instruction) {
    const IrTable *table = instruction->table;
    LLVMValueRef opcode = llvm_lowered_value(lowering, instruction->operands.items[0]);
    const IrFunction *sample = table->default_function;
    for (size_t i = 0; i < table->bytecodes.count && !sample; i++)
        sample = table->bytecodes.items[i].function;
    if (!sample) {
        LLVMBuildUnreachable(lowering->builder);
        return;
    }
    LLVMTypeRef type = llvm_function_type(lowering, sample);
    IrValue *const *arguments = instruction->operands.items + 1;
    size_t count = instruction->operands.count - 1;
    if (is_table_default(table)) {
        LLVMBasicBlockRef beyond = llvm_append_block(lowering, "default");
        lower_range_check(lowering, table, opcode, beyond);
        LLVMBasicBlockRef here = LLVMGetInsertBlock(lowering->builder);
        LLVMPositionBuilderAtEnd(lowering->builder, beyond);
        lower_handler_call(lowering, type, llvm_lowered_function(lowering, table->default_function),
                           arguments, count);
        LLVMPositionBuilderAtEnd(lowering->builder, here);
    }
    lower_handler_call(lowering, type, load_address(lowering, opcode), arguments, count);
}

static void lower_dispatch(LlvmLowering *lowering, const IrInstruction *instruction) {
    switch (lowering->module->form) {
    case IR_FORM_LOOP: lower_dispatch_by_switch(lowering, instruction); break;
    case IR_FORM_REPLICATED: lower_dispatch_by_address(lowering, instruction); break;
    case IR_FORM_HANDLERS: lower_dispatch_by_call(lowering, instruction); break;
    }
}

static void lower_exit(LlvmLowering *lowering, const IrInstruction *instruction) {
    const IrBytecode *bytecode = ir_exit_bytecode(instruction);
    if (bytecode->function) {
        lower_handler_call(lowering, llvm_function_type(lowering, bytecode->function),
                           llvm_lowered_function(lowering, bytecode->function),
                           instruction->operands.items + 1, instruction->operands.count - 1);
        return;
    }
    dispatch_arguments(lowering, instruction, bytecode->block);
    LLVMBuildBr(lowering->builder, llvm_lowered_block(lowering, bytecode->block));
}

void llvm_lower_terminator(LlvmLowering *lowering, const IrInstruction *instruction) {
    switch (instruction->op) {
    case IR_BR: LLVMBuildBr(lowering->builder, lower_edge(lowering, instruction, 0)); break;
    case IR_IF: lower_if(lowering, instruction); break;
    case IR_SWITCH: lower_switch(lowering, instruction); break;
    case IR_DISPATCH: lower_dispatch(lowering, instruction); break;
    case IR_EXIT: lower_exit(lowering, instruction); break;
    case IR_POLL: lower_poll(lowering, instruction); break;
    case IR_RET:
        if (instruction->operands.count > 0)
            LLVMBuildRet(lowering->builder,
                         llvm_lowered_value(lowering, instruction->operands.items[0]));
        else
            LLVMBuildRetVoid(lowering->builder);
        break;
    case IR_TAIL:
        lower_handler_call(lowering, llvm_function_type(lowering, instruction->callee),
                           llvm_lowered_function(lowering, instruction->callee),
                           instruction->operands.items, instruction->operands.count);
        break;
    case IR_UNREACHABLE: LLVMBuildUnreachable(lowering->builder); break;
    default: abort();
    }
}

// Null for code that was not lowered, as nothing dispatches to it.
static LLVMValueRef block_address(const LlvmLowering *lowering, const IrBlock *block) {
    if (!llvm_is_lowered(lowering, block))
        return LLVMConstNull(lowering->ptr);
    return LLVMBlockAddress(lowering->llvm_function, llvm_lowered_block(lowering, block));
}

void llvm_lower_address_table(LlvmLowering *lowering) {
    const IrTable *table = lowering->module->tables.items[0];
    size_t count = table->bytecodes.count;
    LLVMValueRef *addresses = ARENA_ARRAY(lowering->arena, LLVMValueRef, count + 1);
    for (size_t i = 0; i < count; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        const IrBlock *block = bytecode->block ? bytecode->block : table->default_block;
        const IrFunction *function =
            bytecode->function ? bytecode->function : table->default_function;
        if (block)
            addresses[i] = block_address(lowering, block);
        else if (function)
            addresses[i] = llvm_lowered_function(lowering, function);
        else
            addresses[i] = LLVMConstNull(lowering->ptr);
    }
    LLVMSetInitializer(lowering->addresses, LLVMConstArray2(lowering->ptr, addresses, count));
}
