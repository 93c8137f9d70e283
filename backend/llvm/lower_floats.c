// Operations on doubles and singles that are more than one of LLVM's instructions.
//
// Rounding to a number without a fraction is an instruction since SSE4.1. For older processors
// LLVM would call libm, and a call costs a handler all registers that it doesn't preserve. So there
// the number is brought next to 2^52, where doubles have no fractions, and back: which rounds it to
// the nearest, ties to even, as every sum is rounded. What is too far up or down by that is mended
// by 1. (An old trick; Henry S. Warren, "Hacker's Delight", 2nd edition, chapter 17, tells it of
// singles.) No flag lets LLVM take the sums apart.
//
// LLVM's own `minimum` may hand a signaling NaN on as it is, where the IR promises a quiet one.
#include "backend/llvm/lowering.h"

#include <llvm-c/TargetMachine.h>

#include <string.h>

LLVMValueRef llvm_call_intrinsic(LlvmLowering *lowering, const char *name, LLVMTypeRef *overloads,
                                 size_t overload_count, LLVMValueRef *arguments, unsigned count) {
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef callee =
        LLVMGetIntrinsicDeclaration(lowering->llvm, id, overloads, overload_count);
    LLVMTypeRef type = LLVMIntrinsicGetType(lowering->context, id, overloads, overload_count);
    return LLVMBuildCall2(lowering->builder, type, callee, arguments, count, "");
}

static LLVMValueRef unary(LlvmLowering *lowering, const char *name, LLVMValueRef value) {
    return llvm_call_intrinsic(lowering, name, &lowering->f64, 1, &value, 1);
}

static LLVMValueRef copy_sign(LlvmLowering *lowering, LLVMValueRef value, LLVMValueRef sign) {
    LLVMValueRef arguments[] = {value, sign};
    return llvm_call_intrinsic(lowering, "llvm.copysign", &lowering->f64, 1, arguments, 2);
}

static LLVMValueRef number(LlvmLowering *lowering, double value) {
    return LLVMConstReal(lowering->f64, value);
}

// ---- Rounding ----------------------------------------------------------------------------

// Does the processor that code is made for round by an instruction? (--cpu=native is the only one
// that may be newer than x86-64's first.)
static bool has_instruction(LlvmLowering *lowering) {
    if (strncmp(LLVMGetTarget(lowering->llvm), "x86_64", 6) != 0)
        return true;
    if (!llvm_flags_is(&lowering->request->flags, LLVM_FLAG_PROCESSOR, "native"))
        return false;
    char *features = LLVMGetHostCPUFeatures();
    bool found = features && strstr(features, "+sse4.1");
    LLVMDisposeMessage(features);
    return found;
}

// `rounded` is the nearest one; where it lies on the wrong side of `value` it is 1 too far.
static LLVMValueRef mend(LlvmLowering *lowering, LLVMRealPredicate wrong, LLVMValueRef rounded,
                         LLVMValueRef value, double by) {
    LLVMBuilderRef builder = lowering->builder;
    LLVMValueRef is_wrong = LLVMBuildFCmp(builder, wrong, rounded, value, "");
    LLVMValueRef step =
        LLVMBuildSelect(builder, is_wrong, number(lowering, by), number(lowering, 0), "");
    return LLVMBuildFAdd(builder, rounded, step, "");
}

// Of a number whose magnitude is below 2^52; the sign of the result is that of the number, as it
// is for all that round, also to zero.
static LLVMValueRef round_small(LlvmLowering *lowering, IrOp op, LLVMValueRef value,
                                LLVMValueRef magnitude) {
    LLVMBuilderRef builder = lowering->builder;
    LLVMValueRef from = op == IR_FTRUNC ? magnitude : value;
    LLVMValueRef far = number(lowering, 0x1p52);
    if (op != IR_FTRUNC)
        far = copy_sign(lowering, far, value);
    LLVMValueRef rounded =
        LLVMBuildFSub(builder, LLVMBuildFAdd(builder, from, far, ""), far, "rounded");
    if (op == IR_FFLOOR || op == IR_FTRUNC)
        rounded = mend(lowering, LLVMRealOGT, rounded, from, -1);
    else if (op == IR_FCEIL)
        rounded = mend(lowering, LLVMRealOLT, rounded, from, 1);
    return copy_sign(lowering, rounded, value);
}

// A sum with itself is quiet, if it is no number.
static LLVMValueRef quiet(LlvmLowering *lowering, LLVMValueRef value) {
    LLVMBuilderRef builder = lowering->builder;
    LLVMValueRef is_none = LLVMBuildFCmp(builder, LLVMRealUNO, value, value, "");
    return LLVMBuildSelect(builder, is_none, LLVMBuildFAdd(builder, value, value, ""), value, "");
}

LLVMValueRef llvm_lower_rounding(LlvmLowering *lowering, IrOp op, LLVMValueRef value) {
    if (has_instruction(lowering))
        return unary(lowering,
                     op == IR_FFLOOR   ? "llvm.floor"
                     : op == IR_FCEIL  ? "llvm.ceil"
                     : op == IR_FTRUNC ? "llvm.trunc"
                                       : "llvm.nearbyint",
                     value);
    LLVMBuilderRef builder = lowering->builder;
    LLVMValueRef magnitude = unary(lowering, "llvm.fabs", value);
    LLVMValueRef is_small =
        LLVMBuildFCmp(builder, LLVMRealOLT, magnitude, number(lowering, 0x1p52), "");
    return LLVMBuildSelect(builder, is_small, round_small(lowering, op, value, magnitude),
                           quiet(lowering, value), "");
}

// ---- The lesser, the greater, the sign -----------------------------------------------------

// Each of the two selections is one instruction (`minsd`), which gives its second operand where
// neither is less: so they differ in the zeros' signs at most, and the bits together are right.
static LLVMValueRef lesser(LlvmLowering *lowering, IrOp op, LLVMValueRef left, LLVMValueRef right) {
    LLVMBuilderRef builder = lowering->builder;
    LLVMRealPredicate before = op == IR_FMIN ? LLVMRealOLT : LLVMRealOGT;
    LLVMValueRef one =
        LLVMBuildSelect(builder, LLVMBuildFCmp(builder, before, left, right, ""), left, right, "");
    LLVMValueRef other =
        LLVMBuildSelect(builder, LLVMBuildFCmp(builder, before, right, left, ""), right, left, "");
    LLVMValueRef bits = LLVMBuildBinOp(builder, op == IR_FMIN ? LLVMOr : LLVMAnd,
                                       LLVMBuildBitCast(builder, one, lowering->i64, ""),
                                       LLVMBuildBitCast(builder, other, lowering->i64, ""), "");
    LLVMValueRef is_none = LLVMBuildFCmp(builder, LLVMRealUNO, left, right, "");
    return LLVMBuildSelect(builder, is_none, LLVMBuildFAdd(builder, left, right, ""),
                           LLVMBuildBitCast(builder, bits, lowering->f64, ""), "");
}

LLVMValueRef llvm_lower_float_binary(LlvmLowering *lowering, IrOp op, LLVMValueRef left,
                                     LLVMValueRef right) {
    return op == IR_FCOPYSIGN ? copy_sign(lowering, left, right)
                              : lesser(lowering, op, left, right);
}

// ---- Singles -------------------------------------------------------------------------------

LLVMValueRef llvm_lower_single(LlvmLowering *lowering, IrOp op, LLVMValueRef value) {
    LLVMBuilderRef builder = lowering->builder;
    switch (op) {
    case IR_FSINGLE: value = LLVMBuildFPTrunc(builder, value, lowering->f32, ""); break;
    case IR_INT_TO_F32: value = LLVMBuildSIToFP(builder, value, lowering->f32, ""); break;
    case IR_UINT_TO_F32: value = LLVMBuildUIToFP(builder, value, lowering->f32, ""); break;
    case IR_F32_FROM_BITS:
        value = LLVMBuildBitCast(builder, LLVMBuildTrunc(builder, value, lowering->i32, ""),
                                 lowering->f32, "");
        break;
    default:
        value = LLVMBuildFPTrunc(builder, value, lowering->f32, "");
        value = LLVMBuildBitCast(builder, value, lowering->i32, "");
        return LLVMBuildZExt(builder, value, lowering->i64, "");
    }
    return LLVMBuildFPExt(builder, value, lowering->f64, "");
}
