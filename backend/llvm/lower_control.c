// Terminators. A table is jumped through in one of three ways, by the module's form: a `switch`
// (loop), an `indirectbr` through an array of block addresses, of which each dispatch gets a copy
// (replicated), or a tail call through an array of functions (handlers).
//
// A switch is what the naive loop is in C, and LLVM makes a jump table of it, with the range check
// if there is a default. Copies of a switch would get a jump table each; `indirectbr` through one
// array says by itself what the jump is to be.
#include "backend/llvm/assembly.h"
#include "backend/llvm/assembly_text.h"
#include "backend/llvm/code_symbols.h"
#include "backend/llvm/lowering.h"

#include <stdlib.h>
#include <string.h>

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

// The edges come first: the branch needs their blocks. One that an edge gets for itself is appended
// at the end of the function, so the order of the others stays.
static void lower_if(LlvmLowering *lowering, const IrInstruction *instruction) {
    LLVMValueRef condition = llvm_lowered_value(lowering, instruction->operands.items[0]);
    LLVMBasicBlockRef yes = lower_edge(lowering, instruction, 0);
    LLVMBasicBlockRef no = lower_edge(lowering, instruction, 1);
    LLVMValueRef branch = LLVMBuildCondBr(lowering->builder, condition, yes, no);
    if (instruction->likely != IR_LIKELY_UNKNOWN)
        llvm_set_weights(lowering, branch, instruction->likely == IR_LIKELY_TRUE);
}

// A switch may have many cases that lead to one block. LLVM counts an edge for each, and wants a
// value in the phis for each; lower_edge gives such edges blocks of their own where arguments are
// passed, without asking which of the targets coincide.
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

// Whether nobody asked. Another thread writes the field while this one reads it, so the load is
// atomic, or LLVM might read it once before the loop and never again; `monotonic` suffices, as who
// is asked then takes a lock, which orders everything else.
static LLVMValueRef load_quiet(LlvmLowering *lowering, const IrField *field, LLVMValueRef place) {
    LLVMTypeRef type = llvm_lowered_cell(lowering, field->cell);
    LLVMValueRef asked = LLVMBuildLoad2(lowering->builder, type, place, "");
    LLVMSetAlignment(asked, (unsigned)ir_cell_size(field->cell));
    LLVMSetOrdering(asked, LLVMAtomicOrderingMonotonic);
    llvm_alias_facts_memory(lowering, field->is_const ? 0 : field->alias_class, asked);
    return LLVMBuildICmp(lowering->builder, LLVMIntEQ, asked, LLVMConstNull(type), "");
}

// A sanitizer is to see the load.
static bool can_compare(const LlvmLowering *lowering, const IrField *field) {
    return ir_cell_size(field->cell) == 8 &&
           llvm_flags_is(&lowering->request->flags, LLVM_FLAG_SANITIZER, "none");
}

static unsigned attribute_kind(const char *name) {
    return LLVMGetEnumAttributeKindForName(name, strlen(name));
}

// The same by a comparison with memory, which LLVM makes of no atomic load: an instruction and a
// register less wherever a guest calls or loops. LLVM is told that nothing but the field is read,
// and that it has to be read each time (as if other memory, which it can't access, were written).
static LLVMValueRef compare_quiet(LlvmLowering *lowering, LLVMValueRef place) {
    static const char code[] = "cmpq $$0, $1",
                      operands[] = "={@cce},*m,~{dirflag},~{fpsr},~{flags}";
    enum { READS_ARGUMENT = 1, WRITES_INACCESSIBLE = 3 << 2 }; // LLVM's MemoryEffects, as a number
    LLVMTypeRef type = LLVMFunctionType(lowering->i8, &lowering->ptr, 1, false);
    LLVMValueRef compare = LLVMGetInlineAsm(type, code, strlen(code), operands, strlen(operands),
                                            true, false, LLVMInlineAsmDialectATT, false);
    LLVMValueRef equal = LLVMBuildCall2(lowering->builder, type, compare, &place, 1, "");
    LLVMAddCallSiteAttribute(
        equal, 1,
        LLVMCreateTypeAttribute(lowering->context, attribute_kind("elementtype"), lowering->i64));
    LLVMAddCallSiteAttribute(
        equal, LLVMAttributeFunctionIndex,
        LLVMCreateEnumAttribute(lowering->context, attribute_kind("nounwind"), 0));
    LLVMAddCallSiteAttribute(equal, LLVMAttributeFunctionIndex,
                             LLVMCreateEnumAttribute(lowering->context, attribute_kind("memory"),
                                                     READS_ARGUMENT | WRITES_INACCESSIBLE));
    return LLVMBuildTrunc(lowering->builder, equal, lowering->i1, "");
}

// The fast edge unless the thread was asked to let go.
static void lower_poll(LlvmLowering *lowering, const IrInstruction *instruction) {
    const IrField *field = lowering->module->poll_field;
    LLVMValueRef offset = LLVMConstInt(lowering->i64, (uint64_t)field->offset, false);
    LLVMValueRef place =
        LLVMBuildGEP2(lowering->builder, lowering->i8, lowering->thread, &offset, 1, "");
    LLVMValueRef quiet = can_compare(lowering, field) ? compare_quiet(lowering, place)
                                                      : load_quiet(lowering, field, place);
    LLVMBasicBlockRef fast = lower_edge(lowering, instruction, 0);
    LLVMBasicBlockRef cold = lower_edge(lowering, instruction, 1);
    llvm_set_weights(lowering, LLVMBuildCondBr(lowering->builder, quiet, fast, cold), true);
}

// Where the default was found unreachable: `unreachable` is what lets LLVM leave the range check
// out of the jump table. This is how eliminate-default-case gets to machine code.
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

// The operands after the opcode are the table's parameters, the same whichever bytecode comes.
static void dispatch_arguments(LlvmLowering *lowering, const IrInstruction *instruction,
                               const IrBlock *target) {
    llvm_lower_arguments(lowering, target, instruction->operands.items + 1,
                         instruction->operands.count - 1);
}

// A case that was found unreachable is left out of the switch: it goes with the default, or
// nowhere. Each case is an edge of its own to LLVM, also where two opcodes share a region, so each
// adds its arguments to the phis.
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

// Goes to `beyond` where the opcode lies outside the table, and leaves the builder where it lies
// inside. Unsigned, so that one comparison is enough: opcodes are read zero-extended.
static void lower_range_check(LlvmLowering *lowering, const IrTable *table, LLVMValueRef opcode,
                              LLVMBasicBlockRef beyond) {
    LLVMBasicBlockRef within = llvm_append_block(lowering, "in.table");
    LLVMValueRef size = LLVMConstInt(LLVMTypeOf(opcode), table->bytecodes.count, false);
    LLVMValueRef test = LLVMBuildICmp(lowering->builder, LLVMIntULT, opcode, size, "");
    LLVMValueRef branch = LLVMBuildCondBr(lowering->builder, test, within, beyond);
    llvm_set_weights(lowering, branch, true);
    LLVMPositionBuilderAtEnd(lowering->builder, within);
}

// The constant array that dispatches through `table` jump by, made when the first of them is
// lowered. It gets its contents last (llvm_lower_address_tables): in form replicated the blocks
// have to be there, and a table that nothing dispatches through leads to regions that aren't.
static LLVMValueRef addresses_of(LlvmLowering *lowering, const IrTable *table) {
    const IrModule *module = lowering->module;
    size_t index = 0;
    while (module->tables.items[index] != table)
        index++;
    // In the module's order, in which they will lie in the object.
    for (size_t t = 0; t <= index; t++) {
        if (lowering->addresses[t])
            continue;
        LLVMTypeRef type = LLVMArrayType2(lowering->ptr, module->tables.items[t]->bytecodes.count);
        LLVMValueRef made = LLVMAddGlobal(lowering->llvm, type, ASSEMBLY_DISPATCH_TABLE);
        LLVMSetLinkage(made, LLVMInternalLinkage);
        LLVMSetGlobalConstant(made, true);
        LLVMSetUnnamedAddress(made, LLVMGlobalUnnamedAddr);
        lowering->addresses[t] = made;
    }
    return lowering->addresses[index];
}

static LLVMValueRef load_address(LlvmLowering *lowering, const IrTable *table,
                                 LLVMValueRef opcode) {
    LLVMValueRef slot = LLVMBuildGEP2(lowering->builder, lowering->ptr,
                                      addresses_of(lowering, table), &opcode, 1, "");
    return LLVMBuildLoad2(lowering->builder, lowering->ptr, slot, "");
}

// Are there several tables, between whose targets dispatches choose by the table?
static bool has_states(const IrModule *module) {
    return module->tables.count > 1;
}

static LLVMValueRef *jump_phis(LlvmLowering *lowering) {
    const IrTable *table = llvm_longest_table(lowering->module);
    LLVMValueRef *phis = ARENA_ARRAY(lowering->arena, LLVMValueRef, table->parameters.count + 1);
    phis[0] = has_states(lowering->module)
                  ? LLVMBuildPhi(lowering->builder, lowering->ptr, "address")
                  : LLVMBuildPhi(lowering->builder, lowering->i64, "opcode");
    for (size_t i = 0; i < table->parameters.count; i++)
        phis[i + 1] = LLVMBuildPhi(lowering->builder,
                                   llvm_lowered_type(lowering, table->parameters.items[i].type),
                                   table->parameters.items[i].name);
    return phis;
}

// An `indirectbr` names each block that it may lead to once, however many opcodes lead there, and a
// phi has one value for it: hence `seen`. Destinations that it leaves out LLVM takes as impossible.
static void add_targets(LlvmLowering *lowering, const IrTable *table, LlvmJump *made,
                        LLVMValueRef jump, PointerMap *seen) {
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBlock *block = table->bytecodes.items[i].block;
        if (!block || !pointer_map_add(lowering->arena, seen, block, 0))
            continue;
        LLVMAddDestination(jump, llvm_lowered_block(lowering, block));
        for (size_t p = 0; p < block->parameters.count; p++)
            LLVMAddIncoming(llvm_lowered_value(lowering, block->parameters.items[p]),
                            &made->phis[p + 1], &made->block, 1);
    }
}

// An assembly of no instructions, by which the jump is found.
static void mark_jump(LlvmLowering *lowering) {
    LLVMTypeRef type = LLVMFunctionType(lowering->none, NULL, 0, false);
    LLVMValueRef mark =
        LLVMGetInlineAsm(type, llvm_assembly_jump_mark, strlen(llvm_assembly_jump_mark), "", 0,
                         true, false, LLVMInlineAsmDialectATT, false);
    LLVMBuildCall2(lowering->builder, type, mark, NULL, 0, "");
}

static void jump_to_targets(LlvmLowering *lowering, const IrTable *table, LlvmJump *made) {
    const IrModule *module = lowering->module;
    mark_jump(lowering);
    LLVMValueRef address =
        has_states(module) ? made->phis[0] : load_address(lowering, table, made->phis[0]);
    LLVMValueRef jump =
        LLVMBuildIndirectBr(lowering->builder, address, (unsigned)table->bytecodes.count);
    PointerMap seen = {0};
    for (size_t t = 0; t < module->tables.count; t++)
        add_targets(lowering, module->tables.items[t], made, jump, &seen);
}

// In LLVM's IR the dispatches share one indirect jump, which is copied to each of them in LLVM's
// assembly (assembly.h). With jumps of their own here, each of hundreds of dispatches would have an
// edge to each of hundreds of bytecodes, and every pass of LLVM's takes time for every edge.
//
// Several tables share it, too, and then each dispatch loads the address itself, which is an
// instruction more. With a jump for each table LLVM would see loops within each other, and put
// constants and spills between them, into a jump, and they would be copied with it.
static const LlvmJump *shared_jump(LlvmLowering *lowering, const IrTable *table) {
    LlvmJump *jump = &lowering->jump;
    if (jump->block)
        return jump;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(lowering->builder);
    LLVMMetadataRef place = LLVMGetCurrentDebugLocation2(lowering->builder);
    jump->block = llvm_append_block(lowering, LLVM_TRUNK_NAME ".jump");
    LLVMPositionBuilderAtEnd(lowering->builder, jump->block);
    jump->phis = jump_phis(lowering);
    jump_to_targets(lowering, table, jump);
    LLVMPositionBuilderAtEnd(lowering->builder, here);
    LLVMSetCurrentDebugLocation2(lowering->builder, place);
    return jump;
}

// The opcode, or the address, as LLVM can't see through it, by an assembly of no instructions.
// Without that it would fetch in the shared jump what all dispatches fetch alike (InstCombine folds
// a phi of loads into a load of a phi), before the copies are made.
static LLVMValueRef pinned(LlvmLowering *lowering, LLVMValueRef value) {
    static const char nothing[] = "", same_register[] = "=r,0";
    LLVMTypeRef taken = LLVMTypeOf(value);
    LLVMTypeRef type = LLVMFunctionType(taken, &taken, 1, false);
    LLVMValueRef assembly =
        LLVMGetInlineAsm(type, nothing, 0, same_register, sizeof same_register - 1, false, false,
                         LLVMInlineAsmDialectATT, false);
    return LLVMBuildCall2(lowering->builder, type, assembly, &value, 1, "pinned");
}

// What a state has not got in parameters nobody looks at in it.
static LLVMValueRef passed_to(LlvmLowering *lowering, const IrInstruction *instruction,
                              size_t index, const LlvmJump *jump) {
    if (index >= instruction->operands.count)
        return LLVMGetUndef(LLVMTypeOf(jump->phis[index]));
    LLVMValueRef value = llvm_lowered_value(lowering, instruction->operands.items[index]);
    if (index)
        return value;
    return pinned(lowering, has_states(lowering->module)
                                ? load_address(lowering, instruction->table, value)
                                : value);
}

static void lower_dispatch_by_address(LlvmLowering *lowering, const IrInstruction *instruction) {
    const IrTable *table = instruction->table;
    LLVMValueRef opcode = llvm_lowered_value(lowering, instruction->operands.items[0]);
    if (is_table_default(table)) {
        dispatch_arguments(lowering, instruction, table->default_block);
        lower_range_check(lowering, table, opcode,
                          llvm_lowered_block(lowering, table->default_block));
    }
    const LlvmJump *jump = shared_jump(lowering, table);
    LLVMBasicBlockRef from = LLVMGetInsertBlock(lowering->builder);
    size_t count = llvm_longest_table(lowering->module)->parameters.count + 1;
    for (size_t i = 0; i < count; i++) {
        LLVMValueRef value = passed_to(lowering, instruction, i, jump);
        LLVMAddIncoming(jump->phis[i], &value, &from, 1);
    }
    LLVMBuildBr(lowering->builder, jump->block);
}

// Has the function save `%rbp`, by an assembly of no instructions that says it overwrites it: what
// is called does (assembly_handlers.h).
static void save_rbp(LlvmLowering *lowering) {
    LLVMTypeRef type = LLVMFunctionType(lowering->none, NULL, 0, false);
    static const char registers[] = "~{rbp}";
    LLVMValueRef nothing = LLVMGetInlineAsm(type, "", 0, registers, strlen(registers), true, false,
                                            LLVMInlineAsmDialectATT, false);
    LLVMBuildCall2(lowering->builder, type, nothing, NULL, 0, "");
}

// A tail call within the handlers; the entry function, which C calls, calls plainly. `musttail` is
// a demand: without it LLVM may make a plain call of one, as it does under a sanitizer, and the
// machine's stack would grow by a frame a bytecode. It asks for the same convention on both sides,
// which C's entry hasn't got.
static void lower_handler_call(LlvmLowering *lowering, LLVMTypeRef type, LLVMValueRef callee,
                               IrValue *const *operands, size_t count) {
    unsigned taken = LLVMCountParamTypes(type);
    LLVMTypeRef *types = ARENA_ARRAY(lowering->arena, LLVMTypeRef, taken + 1);
    LLVMValueRef *arguments = ARENA_ARRAY(lowering->arena, LLVMValueRef, taken + 1);
    LLVMGetParamTypes(type, types);
    for (unsigned i = 0; i < taken; i++)
        arguments[i] =
            i < count ? llvm_lowered_value(lowering, operands[i]) : LLVMGetUndef(types[i]);
    LLVMValueRef call = LLVMBuildCall2(lowering->builder, type, callee, arguments, taken, "");
    LLVMSetInstructionCallConv(call, LLVM_PRESERVE_NONE);
    if (lowering->function == lowering->module->functions.items[0])
        save_rbp(lowering);
    else
        LLVMSetTailCallKind(call, LLVMTailCallKindMustTail);
    if (LLVMGetReturnType(type) == lowering->none)
        LLVMBuildRetVoid(lowering->builder);
    else
        LLVMBuildRet(lowering->builder, call);
}

// All handlers have one signature, so any of them tells the type of the call. Is there none, every
// case was found unreachable, and so is the dispatch.
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
    lower_handler_call(lowering, type, load_address(lowering, table, opcode), arguments, count);
}

static void lower_dispatch(LlvmLowering *lowering, const IrInstruction *instruction) {
    switch (lowering->module->form) {
    case IR_FORM_LOOP: lower_dispatch_by_switch(lowering, instruction); break;
    case IR_FORM_REPLICATED: lower_dispatch_by_address(lowering, instruction); break;
    case IR_FORM_HANDLERS: lower_dispatch_by_call(lowering, instruction); break;
    }
}

// From a fused bytecode on to the plain one that does the rest: which one is known, so there is no
// jump through the table.
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

// What an opcode's slot holds. For a case that was found unreachable it doesn't matter; the default
// is the kindest choice where there is one. (All blocks of a table that is dispatched through were
// lowered, by is_entered.)
static LLVMValueRef address_of(const LlvmLowering *lowering, const IrTable *table,
                               const IrBytecode *bytecode) {
    const IrBlock *block = bytecode->block ? bytecode->block : table->default_block;
    const IrFunction *function = bytecode->function ? bytecode->function : table->default_function;
    if (block)
        return LLVMBlockAddress(lowering->llvm_function, llvm_lowered_block(lowering, block));
    return function ? llvm_lowered_function(lowering, function) : LLVMConstNull(lowering->ptr);
}

void llvm_lower_address_tables(LlvmLowering *lowering) {
    for (size_t t = 0; t < lowering->module->tables.count; t++) {
        const IrTable *table = lowering->module->tables.items[t];
        size_t count = table->bytecodes.count;
        LLVMValueRef *addresses = ARENA_ARRAY(lowering->arena, LLVMValueRef, count + 1);
        if (!lowering->addresses[t])
            continue;
        if (!LLVMGetFirstUse(lowering->addresses[t])) {
            LLVMDeleteGlobal(lowering->addresses[t]);
            continue;
        }
        for (size_t i = 0; i < count; i++)
            addresses[i] = address_of(lowering, table, &table->bytecodes.items[i]);
        LLVMSetInitializer(lowering->addresses[t],
                           LLVMConstArray2(lowering->ptr, addresses, count));
    }
}
