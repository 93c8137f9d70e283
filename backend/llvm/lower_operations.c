// Operations that are no terminators, by shape. Memory accesses say nothing to LLVM
// that would let it fold reads of code or conclude a range: no invariant loads, no
// range metadata, no assumptions. For the same reason no arithmetic is marked `nsw` and no
// address `inbounds`, although much of it would deserve it: LLVM would conclude ranges from
// that, and do by itself what the passes are there to show. It also keeps the meaning plain:
// docs/ir.md has additions wrap, and addresses be sums.
#include "backend/llvm/lowering.h"

#include <stdlib.h>
#include <string.h>

static LLVMValueRef operand(LlvmLowering *lowering, const IrInstruction *instruction,
                            size_t index) {
    return llvm_lowered_value(lowering, instruction->operands.items[index]);
}

// A rotation is a shift of the number twice in a row; the amount counts by its remainder.
static LLVMValueRef lower_rotation(LlvmLowering *lowering, const IrInstruction *instruction) {
    LLVMValueRef value = operand(lowering, instruction, 0);
    LLVMValueRef arguments[] = {value, value, operand(lowering, instruction, 1)};
    LLVMTypeRef type = LLVMTypeOf(value);
    return llvm_call_intrinsic(lowering, instruction->op == IR_ROTL ? "llvm.fshl" : "llvm.fshr",
                               &type, 1, arguments, 3);
}

// That the number may be 0 is said by the second argument.
static LLVMValueRef lower_unary(LlvmLowering *lowering, const IrInstruction *instruction) {
    LLVMValueRef arguments[] = {operand(lowering, instruction, 0),
                                LLVMConstInt(lowering->i1, 0, false)};
    LLVMTypeRef type = LLVMTypeOf(arguments[0]);
    bool counts_ones = instruction->op == IR_POPCOUNT;
    return llvm_call_intrinsic(lowering,
                               counts_ones                 ? "llvm.ctpop"
                               : instruction->op == IR_CLZ ? "llvm.ctlz"
                                                           : "llvm.cttz",
                               &type, 1, arguments, counts_ones ? 1 : 2);
}

static LLVMValueRef lower_binary(LlvmLowering *lowering, const IrInstruction *instruction) {
    LLVMOpcode opcode;
    switch (instruction->op) {
    case IR_ADD: opcode = LLVMAdd; break;
    case IR_SUB: opcode = LLVMSub; break;
    case IR_MUL: opcode = LLVMMul; break;
    case IR_SDIV: opcode = LLVMSDiv; break;
    case IR_SREM: opcode = LLVMSRem; break;
    case IR_AND: opcode = LLVMAnd; break;
    case IR_OR: opcode = LLVMOr; break;
    case IR_XOR: opcode = LLVMXor; break;
    case IR_SHL: opcode = LLVMShl; break;
    case IR_LSHR: opcode = LLVMLShr; break;
    case IR_ASHR: opcode = LLVMAShr; break;
    case IR_UDIV: opcode = LLVMUDiv; break;
    case IR_UREM: opcode = LLVMURem; break;
    case IR_ROTL:
    case IR_ROTR: return lower_rotation(lowering, instruction);
    case IR_FADD: opcode = LLVMFAdd; break;
    case IR_FSUB: opcode = LLVMFSub; break;
    case IR_FMUL: opcode = LLVMFMul; break;
    case IR_FDIV: opcode = LLVMFDiv; break;
    default:
        return llvm_lower_float_binary(lowering, instruction->op, operand(lowering, instruction, 0),
                                       operand(lowering, instruction, 1));
    }
    return LLVMBuildBinOp(lowering->builder, opcode, operand(lowering, instruction, 0),
                          operand(lowering, instruction, 1), "");
}

// The intrinsic gives the wrapped result as well, which is an operation of its own in the IR; where
// both are wanted LLVM joins them into one addition and a test of the flag.
static LLVMValueRef lower_overflow(LlvmLowering *lowering, const IrInstruction *instruction) {
    const char *name = instruction->op == IR_ADD_OVERFLOWS   ? "llvm.sadd.with.overflow"
                       : instruction->op == IR_SUB_OVERFLOWS ? "llvm.ssub.with.overflow"
                                                             : "llvm.smul.with.overflow";
    LLVMValueRef arguments[] = {operand(lowering, instruction, 0),
                                operand(lowering, instruction, 1)};
    LLVMTypeRef type = LLVMTypeOf(arguments[0]);
    LLVMValueRef both = llvm_call_intrinsic(lowering, name, &type, 1, arguments, 2);
    return LLVMBuildExtractValue(lowering->builder, both, 1, "");
}

static LLVMValueRef lower_comparison(LlvmLowering *lowering, const IrInstruction *instruction) {
    LLVMIntPredicate predicate;
    switch (instruction->op) {
    case IR_CMP_EQ: predicate = LLVMIntEQ; break;
    case IR_CMP_NE: predicate = LLVMIntNE; break;
    case IR_CMP_SLT: predicate = LLVMIntSLT; break;
    case IR_CMP_SLE: predicate = LLVMIntSLE; break;
    case IR_CMP_SGT: predicate = LLVMIntSGT; break;
    case IR_CMP_SGE: predicate = LLVMIntSGE; break;
    case IR_CMP_ULT: predicate = LLVMIntULT; break;
    case IR_CMP_ULE: predicate = LLVMIntULE; break;
    case IR_CMP_UGT: predicate = LLVMIntUGT; break;
    case IR_CMP_UGE: predicate = LLVMIntUGE; break;
    default: return lower_overflow(lowering, instruction);
    }
    return LLVMBuildICmp(lowering->builder, predicate, operand(lowering, instruction, 0),
                         operand(lowering, instruction, 1), "");
}

// Ordered comparisons are false for a NaN, and only `ne` is true for one: C's, and IEEE 754's.
static LLVMValueRef lower_float_comparison(LlvmLowering *lowering,
                                           const IrInstruction *instruction) {
    LLVMRealPredicate predicate;
    switch (instruction->op) {
    case IR_FCMP_EQ: predicate = LLVMRealOEQ; break;
    case IR_FCMP_NE: predicate = LLVMRealUNE; break;
    case IR_FCMP_LT: predicate = LLVMRealOLT; break;
    case IR_FCMP_LE: predicate = LLVMRealOLE; break;
    case IR_FCMP_GT: predicate = LLVMRealOGT; break;
    case IR_FCMP_GE: predicate = LLVMRealOGE; break;
    case IR_FCMP_ORD: predicate = LLVMRealORD; break;
    case IR_FCMP_UNO: predicate = LLVMRealUNO; break;
    default: abort();
    }
    return LLVMBuildFCmp(lowering->builder, predicate, operand(lowering, instruction, 0),
                         operand(lowering, instruction, 1), "");
}

// `OrBitCast` since the IR admits a conversion to the same width. A double becomes an integer by
// the saturating intrinsic: LLVM's plain fptosi is poison out of range and for a NaN, where the IR
// has an answer.
static LLVMValueRef lower_conversion(LlvmLowering *lowering, const IrInstruction *instruction) {
    LLVMBuilderRef builder = lowering->builder;
    LLVMValueRef value = operand(lowering, instruction, 0);
    LLVMTypeRef type = llvm_lowered_type(lowering, instruction->result->type);
    switch (instruction->op) {
    case IR_ZEXT: return LLVMBuildZExtOrBitCast(builder, value, type, "");
    case IR_SEXT: return LLVMBuildSExtOrBitCast(builder, value, type, "");
    case IR_TRUNC: return LLVMBuildTruncOrBitCast(builder, value, type, "");
    case IR_INT_TO_F64: return LLVMBuildSIToFP(builder, value, type, "");
    case IR_UINT_TO_F64: return LLVMBuildUIToFP(builder, value, type, "");
    case IR_F64_TO_INT:
    case IR_F64_TO_UINT: {
        LLVMTypeRef types[] = {lowering->i64, lowering->f64};
        const char *name = instruction->op == IR_F64_TO_INT ? "llvm.fptosi.sat" : "llvm.fptoui.sat";
        return llvm_call_intrinsic(lowering, name, types, 2, &value, 1);
    }
    case IR_INT_TO_F32:
    case IR_UINT_TO_F32:
    case IR_F32_BITS:
    case IR_F32_FROM_BITS: return llvm_lower_single(lowering, instruction->op, value);
    case IR_F64_BITS:
    case IR_F64_FROM_BITS: return LLVMBuildBitCast(builder, value, type, "");
    case IR_VALUE_BITS:
    case IR_VALUE_FROM_BITS: return value; // a tagged word is an i64 to LLVM
    case IR_OBJECT_BITS:
    case IR_PTR_BITS: return LLVMBuildPtrToInt(builder, value, type, "");
    case IR_OBJECT_FROM_BITS:
    case IR_PTR_FROM_BITS: return LLVMBuildIntToPtr(builder, value, type, "");
    default: abort();
    }
}

static LLVMValueRef lower_float_unary(LlvmLowering *lowering, const IrInstruction *instruction) {
    LLVMValueRef value = operand(lowering, instruction, 0);
    switch (instruction->op) {
    case IR_FNEG: return LLVMBuildFNeg(lowering->builder, value, "");
    case IR_FSQRT: return llvm_call_intrinsic(lowering, "llvm.sqrt", &lowering->f64, 1, &value, 1);
    case IR_FABS: return llvm_call_intrinsic(lowering, "llvm.fabs", &lowering->f64, 1, &value, 1);
    case IR_FSINGLE: return llvm_lower_single(lowering, instruction->op, value);
    default: return llvm_lower_rounding(lowering, instruction->op, value);
    }
}

// By integers: LLVM has no subtraction of pointers, and the two need not point into one array.
static LLVMValueRef lower_pointer_difference(LlvmLowering *lowering,
                                             const IrInstruction *instruction) {
    LLVMValueRef left =
        LLVMBuildPtrToInt(lowering->builder, operand(lowering, instruction, 0), lowering->i64, "");
    LLVMValueRef right =
        LLVMBuildPtrToInt(lowering->builder, operand(lowering, instruction, 1), lowering->i64, "");
    return LLVMBuildSub(lowering->builder, left, right, "");
}

static LLVMValueRef bytes_from(LlvmLowering *lowering, LLVMValueRef base, int64_t bytes) {
    LLVMValueRef offset = LLVMConstInt(lowering->i64, (uint64_t)bytes, false);
    return bytes == 0 ? base : LLVMBuildGEP2(lowering->builder, lowering->i8, base, &offset, 1, "");
}

// The address that a memory operation means: the base, a field's offset, and an index in units of
// the element. The element is a record for `address` without a field, an array's cell else.
static LLVMValueRef lower_place(LlvmLowering *lowering, const IrInstruction *instruction) {
    LLVMValueRef base = operand(lowering, instruction, 0);
    const IrValue *index = ir_access_index(instruction);
    if (instruction->field)
        base = bytes_from(lowering, base, instruction->field->offset);
    if (!index)
        return base;
    LLVMValueRef by = llvm_lowered_value(lowering, index);
    LLVMTypeRef element;
    if (!instruction->field && instruction->op == IR_ADDRESS)
        element = LLVMArrayType2(lowering->i8, (uint64_t)instruction->record->size);
    else
        element = llvm_lowered_cell(lowering, instruction->field ? instruction->field->cell
                                                                 : ir_access_cell(instruction));
    return LLVMBuildGEP2(lowering->builder, element, base, &by, 1, "");
}

// What an access may rely on. A field's offset says it, as records begin at addresses that suit any
// cell. Operands in the code stand wherever a unit may, so one of 16 bits in code of bytes may have
// an odd address. To promise more than is true is undefined behaviour, which x86-64 would show only
// where LLVM takes a vector instruction for several accesses.
static unsigned access_alignment(const LlvmLowering *lowering, const IrInstruction *instruction) {
    unsigned size = (unsigned)ir_cell_size(ir_access_cell(instruction));
    if (instruction->field) {
        uint64_t offset = (uint64_t)instruction->field->offset;
        while (size > 1 && offset % size != 0)
            size /= 2;
        return size;
    }
    if (instruction->alias_class == IR_ALIAS_CODE && lowering->module->tables.count > 0) {
        unsigned unit = (unsigned)ir_cell_size(lowering->module->tables.items[0]->unit);
        return unit < size ? unit : size;
    }
    return size;
}

static bool is_signed_cell(IrCell cell) {
    return cell == IR_CELL_I8 || cell == IR_CELL_I16 || cell == IR_CELL_I32;
}

// A narrow cell is read at its own width and widened to what the IR has it as.
static LLVMValueRef lower_load(LlvmLowering *lowering, const IrInstruction *instruction) {
    IrCell cell = ir_access_cell(instruction);
    LLVMValueRef place = lower_place(lowering, instruction);
    LLVMValueRef load =
        LLVMBuildLoad2(lowering->builder, llvm_lowered_cell(lowering, cell), place, "");
    LLVMSetAlignment(load, access_alignment(lowering, instruction));
    llvm_alias_facts_access(lowering, instruction, load);
    if (cell == IR_CELL_F32)
        return LLVMBuildFPExt(lowering->builder, load, lowering->f64, "");
    if (ir_cell_type(cell) != IR_I64 || ir_cell_size(cell) == 8)
        return load;
    return is_signed_cell(cell) ? LLVMBuildSExt(lowering->builder, load, lowering->i64, "")
                                : LLVMBuildZExt(lowering->builder, load, lowering->i64, "");
}

// Whether the barrier is to be entered after a store into the object; NULL: the module has none.
// It is read before the store, which LLVM can't tell from one to that field: so where the code has
// just tested the same, the barrier is left out.
static LLVMValueRef lower_barrier_test(LlvmLowering *lowering, LLVMValueRef object) {
    const IrModule *module = lowering->module;
    const IrField *field = module->barrier_field;
    if (!field || !module->barrier_external)
        return NULL;
    LLVMBuilderRef builder = lowering->builder;
    LLVMTypeRef type = llvm_lowered_cell(lowering, field->cell);
    LLVMValueRef place = bytes_from(lowering, object, field->offset);
    LLVMValueRef header = LLVMBuildLoad2(builder, type, place, "");
    llvm_alias_facts_memory(lowering, field->is_const ? 0 : field->alias_class, header);
    unsigned bits = 8 * (unsigned)ir_cell_size(field->cell);
    uint64_t mask =
        bits == 64 ? module->barrier_mask : module->barrier_mask & ((UINT64_C(1) << bits) - 1);
    LLVMValueRef some = LLVMBuildAnd(builder, header, LLVMConstInt(type, mask, false), "");
    return LLVMBuildICmp(builder, LLVMIntNE, some, LLVMConstNull(type), "");
}

// The barrier of a generational collector (Ungar 1984), after the store: where the object's
// barrier field has a bit of the mask, the runtime is told. The test is inline, since it fails
// almost always; the call is rare and placed out of the way.
static void lower_barrier(LlvmLowering *lowering, LLVMValueRef test, LLVMValueRef object) {
    LLVMBuilderRef builder = lowering->builder;
    LLVMBasicBlockRef rare = llvm_append_block(lowering, "barrier");
    LLVMBasicBlockRef after = llvm_append_block(lowering, "stored");
    llvm_set_weights(lowering, LLVMBuildCondBr(builder, test, rare, after), false);
    LLVMPositionBuilderAtEnd(builder, rare);
    LLVMValueRef arguments[] = {lowering->thread, object};
    llvm_lower_call(lowering, lowering->module->barrier_external, NULL, arguments, 2);
    LLVMBuildBr(builder, after);
    LLVMPositionBuilderAtEnd(builder, after);
}

static void lower_store(LlvmLowering *lowering, const IrInstruction *instruction) {
    IrCell cell = ir_access_cell(instruction);
    LLVMValueRef value = llvm_lowered_value(lowering, ir_stored_value(instruction));
    LLVMValueRef place = lower_place(lowering, instruction);
    LLVMTypeRef type = llvm_lowered_cell(lowering, cell);
    LLVMValueRef object = operand(lowering, instruction, 0);
    LLVMValueRef barrier =
        instruction->op == IR_STORE_REF ? lower_barrier_test(lowering, object) : NULL;
    if (cell == IR_CELL_F32)
        value = LLVMBuildFPTrunc(lowering->builder, value, type, "");
    else if (ir_cell_type(cell) == IR_I64 && ir_cell_size(cell) < 8)
        value = LLVMBuildTrunc(lowering->builder, value, type, "");
    LLVMValueRef store = LLVMBuildStore(lowering->builder, value, place);
    LLVMSetAlignment(store, access_alignment(lowering, instruction));
    llvm_alias_facts_access(lowering, instruction, store);
    if (barrier)
        lower_barrier(lowering, barrier, object);
}

// A call by address has the address as its first operand.
static LLVMValueRef lower_call_operation(LlvmLowering *lowering, const IrInstruction *instruction) {
    size_t count = instruction->operands.count;
    LLVMValueRef *operands = ARENA_ARRAY(lowering->arena, LLVMValueRef, count + 1);
    for (size_t i = 0; i < count; i++)
        operands[i] = operand(lowering, instruction, i);
    if (instruction->external->indirect)
        return llvm_lower_call(lowering, instruction->external, operands[0], operands + 1,
                               count - 1);
    return llvm_lower_call(lowering, instruction->external, NULL, operands, count);
}

// Lowers an operation; NULL where it has no result. A place for a poll and a component's mark are
// there for passes and the evaluator; in machine code they are nothing.
static LLVMValueRef lower(LlvmLowering *lowering, const IrInstruction *instruction) {
    switch (ir_op_shape(instruction->op)) {
    case IR_SHAPE_UNARY: return lower_unary(lowering, instruction);
    case IR_SHAPE_BINARY:
    case IR_SHAPE_FLOAT_BINARY: return lower_binary(lowering, instruction);
    case IR_SHAPE_COMPARE: return lower_comparison(lowering, instruction);
    case IR_SHAPE_FLOAT_UNARY: return lower_float_unary(lowering, instruction);
    case IR_SHAPE_FLOAT_COMPARE: return lower_float_comparison(lowering, instruction);
    case IR_SHAPE_CONVERT:
    case IR_SHAPE_I64_TO_F64:
    case IR_SHAPE_F64_TO_I64:
    case IR_SHAPE_VALUE_TO_I64:
    case IR_SHAPE_I64_TO_VALUE:
    case IR_SHAPE_OBJECT_TO_I64:
    case IR_SHAPE_I64_TO_OBJECT:
    case IR_SHAPE_PTR_TO_I64:
    case IR_SHAPE_I64_TO_PTR: return lower_conversion(lowering, instruction);
    case IR_SHAPE_PTR_OFFSET: {
        LLVMValueRef bytes = operand(lowering, instruction, 1);
        return LLVMBuildGEP2(lowering->builder, lowering->i8, operand(lowering, instruction, 0),
                             &bytes, 1, "");
    }
    case IR_SHAPE_PTR_DIFFERENCE: return lower_pointer_difference(lowering, instruction);
    case IR_SHAPE_SELECT:
        return LLVMBuildSelect(lowering->builder, operand(lowering, instruction, 0),
                               operand(lowering, instruction, 1), operand(lowering, instruction, 2),
                               "");
    case IR_SHAPE_LOAD: return lower_load(lowering, instruction);
    case IR_SHAPE_STORE: lower_store(lowering, instruction); return NULL;
    case IR_SHAPE_ADDRESS: return lower_place(lowering, instruction);
    case IR_SHAPE_CALL: return lower_call_operation(lowering, instruction);
    case IR_SHAPE_POLL_SITE:
    case IR_SHAPE_ABANDON:
    case IR_SHAPE_COMPONENT: return NULL;
    default: abort(); // terminators are lowered elsewhere
    }
}

void llvm_lower_operation(LlvmLowering *lowering, const IrInstruction *instruction) {
    LLVMValueRef value = lower(lowering, instruction);
    if (!instruction->result)
        return;
    pointer_map_add(lowering->arena, &lowering->values, instruction->result,
                    (int)lowering->lowered.count);
    ARENA_PUSH(lowering->arena, &lowering->lowered, value);
    llvm_debug_info_result(lowering, instruction);
}
