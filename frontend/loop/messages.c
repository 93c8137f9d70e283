// Messages to values of the built-in types: which there are, what operation each is, and what
// can be worked out at once because its operands are literals. The tables are the language's
// list of operators. A message is one operation of the IR (with those that cut its operands, where
// it is about fewer than 64 bits), so that the definition's author sees
// what a bytecode costs, and means what the operation means (docs/ir.md), overflow and shifts by
// 64 or more included: there is no second semantics between SOM's spelling and the IR.
#include "frontend/loop/expand.h"
#include "ir/builder.h"

#include <string.h>

// A message that is one operation of the IR. The argument, if there is one, has the
// receiver's type.
typedef struct Operation {
    LoopKind receiver;
    const char *selector;
    IrOp op;
    LoopKind result;
} Operation;

static const Operation binary[] = {
    {LOOP_INT64, "+", IR_ADD, LOOP_INT64},
    {LOOP_INT64, "-", IR_SUB, LOOP_INT64},
    {LOOP_INT64, "*", IR_MUL, LOOP_INT64},
    {LOOP_INT64, "&", IR_AND, LOOP_INT64},
    {LOOP_INT64, "|", IR_OR, LOOP_INT64},
    {LOOP_INT64, "<<", IR_SHL, LOOP_INT64},
    {LOOP_INT64, ">>>", IR_LSHR, LOOP_INT64},
    {LOOP_INT64, ">>", IR_ASHR, LOOP_INT64},
    {LOOP_INT64, "bitXor:", IR_XOR, LOOP_INT64},
    {LOOP_INT64, "quo:", IR_SDIV, LOOP_INT64},
    {LOOP_INT64, "rem:", IR_SREM, LOOP_INT64},
    {LOOP_INT64, "unsignedQuo:", IR_UDIV, LOOP_INT64},
    {LOOP_INT64, "unsignedRem:", IR_UREM, LOOP_INT64},
    {LOOP_INT64, "rotateLeft:", IR_ROTL, LOOP_INT64},
    {LOOP_INT64, "rotateRight:", IR_ROTR, LOOP_INT64},
    {LOOP_INT64, "=", IR_CMP_EQ, LOOP_BOOLEAN},
    {LOOP_INT64, "~=", IR_CMP_NE, LOOP_BOOLEAN},
    {LOOP_INT64, "<", IR_CMP_SLT, LOOP_BOOLEAN},
    {LOOP_INT64, "<=", IR_CMP_SLE, LOOP_BOOLEAN},
    {LOOP_INT64, ">", IR_CMP_SGT, LOOP_BOOLEAN},
    {LOOP_INT64, ">=", IR_CMP_SGE, LOOP_BOOLEAN},
    {LOOP_INT64, "below:", IR_CMP_ULT, LOOP_BOOLEAN},
    {LOOP_INT64, "belowOrEqual:", IR_CMP_ULE, LOOP_BOOLEAN},
    {LOOP_INT64, "addOverflows:", IR_ADD_OVERFLOWS, LOOP_BOOLEAN},
    {LOOP_INT64, "subtractOverflows:", IR_SUB_OVERFLOWS, LOOP_BOOLEAN},
    {LOOP_INT64, "multiplyOverflows:", IR_MUL_OVERFLOWS, LOOP_BOOLEAN},
    {LOOP_DOUBLE, "+", IR_FADD, LOOP_DOUBLE},
    {LOOP_DOUBLE, "-", IR_FSUB, LOOP_DOUBLE},
    {LOOP_DOUBLE, "*", IR_FMUL, LOOP_DOUBLE},
    {LOOP_DOUBLE, "/", IR_FDIV, LOOP_DOUBLE},
    {LOOP_DOUBLE, "min:", IR_FMIN, LOOP_DOUBLE},
    {LOOP_DOUBLE, "max:", IR_FMAX, LOOP_DOUBLE},
    {LOOP_DOUBLE, "copySign:", IR_FCOPYSIGN, LOOP_DOUBLE},
    {LOOP_DOUBLE, "=", IR_FCMP_EQ, LOOP_BOOLEAN},
    {LOOP_DOUBLE, "~=", IR_FCMP_NE, LOOP_BOOLEAN},
    {LOOP_DOUBLE, "<", IR_FCMP_LT, LOOP_BOOLEAN},
    {LOOP_DOUBLE, "<=", IR_FCMP_LE, LOOP_BOOLEAN},
    {LOOP_DOUBLE, ">", IR_FCMP_GT, LOOP_BOOLEAN},
    {LOOP_DOUBLE, ">=", IR_FCMP_GE, LOOP_BOOLEAN},
    {LOOP_DOUBLE, "ordered:", IR_FCMP_ORD, LOOP_BOOLEAN},
    {LOOP_DOUBLE, "unordered:", IR_FCMP_UNO, LOOP_BOOLEAN},
    {LOOP_BOOLEAN, "&", IR_AND, LOOP_BOOLEAN},
    {LOOP_BOOLEAN, "|", IR_OR, LOOP_BOOLEAN},
    {LOOP_BOOLEAN, "=", IR_CMP_EQ, LOOP_BOOLEAN},
    {LOOP_ADDRESS, "==", IR_CMP_EQ, LOOP_BOOLEAN},
    {LOOP_ADDRESS, "~~", IR_CMP_NE, LOOP_BOOLEAN},
    {LOOP_RECORD, "==", IR_CMP_EQ, LOOP_BOOLEAN},
    {LOOP_RECORD, "~~", IR_CMP_NE, LOOP_BOOLEAN},
    {LOOP_ELEMENTS, "==", IR_CMP_EQ, LOOP_BOOLEAN},
    {LOOP_ELEMENTS, "~~", IR_CMP_NE, LOOP_BOOLEAN},
    {LOOP_ELEMENTS, "<", IR_CMP_ULT, LOOP_BOOLEAN},
    {LOOP_ELEMENTS, "<=", IR_CMP_ULE, LOOP_BOOLEAN},
};

static const Operation unary[] = {
    {LOOP_INT64, "asDouble", IR_INT_TO_F64, LOOP_DOUBLE},
    {LOOP_INT64, "leadingZeros", IR_CLZ, LOOP_INT64},
    {LOOP_INT64, "trailingZeros", IR_CTZ, LOOP_INT64},
    {LOOP_INT64, "bitCount", IR_POPCOUNT, LOOP_INT64},
    {LOOP_INT64, "unsignedAsDouble", IR_UINT_TO_F64, LOOP_DOUBLE},
    {LOOP_INT64, "asFloat32", IR_INT_TO_F32, LOOP_DOUBLE},
    {LOOP_INT64, "unsignedAsFloat32", IR_UINT_TO_F32, LOOP_DOUBLE},
    {LOOP_INT64, "float32BitsAsDouble", IR_F32_FROM_BITS, LOOP_DOUBLE},
    {LOOP_INT64, "bitsAsDouble", IR_F64_FROM_BITS, LOOP_DOUBLE},
    {LOOP_INT64, "asValue", IR_VALUE_FROM_BITS, LOOP_VALUE},
    {LOOP_INT64, "asAddress", IR_PTR_FROM_BITS, LOOP_ADDRESS},
    {LOOP_DOUBLE, "negated", IR_FNEG, LOOP_DOUBLE},
    {LOOP_DOUBLE, "sqrt", IR_FSQRT, LOOP_DOUBLE},
    {LOOP_DOUBLE, "abs", IR_FABS, LOOP_DOUBLE},
    {LOOP_DOUBLE, "floor", IR_FFLOOR, LOOP_DOUBLE},
    {LOOP_DOUBLE, "ceiling", IR_FCEIL, LOOP_DOUBLE},
    {LOOP_DOUBLE, "truncated", IR_FTRUNC, LOOP_DOUBLE},
    {LOOP_DOUBLE, "roundedToEven", IR_FNEAREST, LOOP_DOUBLE},
    {LOOP_DOUBLE, "asFloat32", IR_FSINGLE, LOOP_DOUBLE},
    {LOOP_DOUBLE, "float32Bits", IR_F32_BITS, LOOP_INT64},
    {LOOP_DOUBLE, "asUnsignedInteger", IR_F64_TO_UINT, LOOP_INT64},
    {LOOP_DOUBLE, "asInteger", IR_F64_TO_INT, LOOP_INT64},
    {LOOP_DOUBLE, "bits", IR_F64_BITS, LOOP_INT64},
    {LOOP_VALUE, "bits", IR_VALUE_BITS, LOOP_INT64},
    {LOOP_ADDRESS, "bits", IR_PTR_BITS, LOOP_INT64},
    {LOOP_RECORD, "bits", IR_PTR_BITS, LOOP_INT64}, // of one that moves: object.bits
    {LOOP_ELEMENTS, "bits", IR_PTR_BITS, LOOP_INT64},
};

// Messages about the low bits of an Int64: the operands are cut to these, and the answer is widened
// again, with its sign or with zeros. Of one that only cuts `op` is TRUNC.
typedef struct NarrowOperation {
    const char *selector;
    IrOp op;
    IrType type;
    IrOp widen;
} NarrowOperation;

static const NarrowOperation narrow[] = {
    {"asInt8", IR_TRUNC, IR_I8, IR_SEXT},         {"asUInt8", IR_TRUNC, IR_I8, IR_ZEXT},
    {"asInt16", IR_TRUNC, IR_I16, IR_SEXT},       {"asUInt16", IR_TRUNC, IR_I16, IR_ZEXT},
    {"asInt32", IR_TRUNC, IR_I32, IR_SEXT},       {"asUInt32", IR_TRUNC, IR_I32, IR_ZEXT},
    {"leadingZeros32", IR_CLZ, IR_I32, IR_ZEXT},  {"trailingZeros32", IR_CTZ, IR_I32, IR_ZEXT},
    {"rotateLeft32:", IR_ROTL, IR_I32, IR_ZEXT},  {"rotateRight32:", IR_ROTR, IR_I32, IR_ZEXT},
    {"quo32:", IR_SDIV, IR_I32, IR_SEXT},         {"rem32:", IR_SREM, IR_I32, IR_SEXT},
    {"unsignedQuo32:", IR_UDIV, IR_I32, IR_ZEXT}, {"unsignedRem32:", IR_UREM, IR_I32, IR_ZEXT},
};

static const Operation *find(const Operation *operations, size_t count, LoopKind receiver,
                             const char *selector) {
    for (size_t i = 0; i < count; i++) {
        if (operations[i].receiver == receiver && !strcmp(operations[i].selector, selector))
            return &operations[i];
    }
    return NULL;
}

// What an integer operation on literals gives. False if it isn't worked out here. Helpers name
// tags and masks (`self integerTag << 48`), whose arithmetic would stand in each bytecode as a
// chain of operations on constants; folding them is the one improvement made while lowering,
// because every reader of the naive loop gains by it. Division is left: it may be by zero.
static bool fold(IrOp op, int64_t a, int64_t b, int64_t *result) {
    uint64_t x = (uint64_t)a, y = (uint64_t)b;
    switch (op) {
    case IR_ADD: *result = (int64_t)(x + y); return true;
    case IR_SUB: *result = (int64_t)(x - y); return true;
    case IR_MUL: *result = (int64_t)(x * y); return true;
    case IR_AND: *result = a & b; return true;
    case IR_OR: *result = a | b; return true;
    case IR_XOR: *result = a ^ b; return true;
    case IR_SHL: *result = y < 64 ? (int64_t)(x << y) : 0; return y < 64;
    case IR_LSHR: *result = y < 64 ? (int64_t)(x >> y) : 0; return y < 64;
    case IR_ASHR: *result = y < 64 ? a >> b : 0; return y < 64;
    case IR_CMP_EQ: *result = a == b; return true;
    case IR_CMP_NE: *result = a != b; return true;
    case IR_CMP_SLT: *result = a < b; return true;
    case IR_CMP_SLE: *result = a <= b; return true;
    case IR_CMP_SGT: *result = a > b; return true;
    case IR_CMP_SGE: *result = a >= b; return true;
    case IR_CMP_ULT: *result = x < y; return true;
    case IR_CMP_ULE: *result = x <= y; return true;
    default: return false;
    }
}

static IrValue *build(LoopLowering *lowering, IrOp op, IrValue *left, IrValue *right, Location at) {
    bool integers = left->kind == IR_CONSTANT && right->kind == IR_CONSTANT &&
                    left->type == right->type && (left->type == IR_I64 || left->type == IR_I1);
    int64_t result;
    if (integers && fold(op, left->integer, right->integer, &result)) {
        bool same = ir_op_shape(op) == IR_SHAPE_BINARY;
        return ir_integer(lowering->module, same ? left->type : IR_I1, result);
    }
    return ir_build(loop_builder(lowering, at), op, left, right);
}

static LoopResult binary_send(LoopLowering *lowering, const Operation *operation,
                              LoopResult receiver, const AstExpression *e) {
    LoopResult argument = loop_value(lowering, e->send.arguments.items[0]);
    argument = loop_check_type(
        lowering, argument, receiver.type,
        arena_printf(lowering->arena, "the argument of `%s`", e->send.selector), e->at);
    // After an error the placeholder may have another type than its own.
    if (argument.value->type != receiver.value->type)
        return loop_unknown(lowering);
    return loop_result(loop_type(operation->result),
                       build(lowering, operation->op, receiver.value, argument.value, e->at));
}

static const NarrowOperation *find_narrow(const char *selector) {
    for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++)
        if (!strcmp(narrow[i].selector, selector))
            return &narrow[i];
    return NULL;
}

static LoopResult narrow_send(LoopLowering *lowering, const NarrowOperation *operation,
                              LoopResult receiver, const AstExpression *e) {
    IrValue *other = NULL;
    if (e->send.arguments.count) {
        LoopResult argument = loop_value(lowering, e->send.arguments.items[0]);
        argument = loop_check_type(
            lowering, argument, receiver.type,
            arena_printf(lowering->arena, "the argument of `%s`", e->send.selector), e->at);
        if (argument.value->type != IR_I64)
            return loop_unknown(lowering);
        other = ir_build_convert(loop_builder(lowering, e->at), IR_TRUNC, operation->type,
                                 argument.value);
    }
    IrBuilder *builder = loop_builder(lowering, e->at);
    IrValue *cut = ir_build_convert(builder, IR_TRUNC, operation->type, receiver.value);
    if (operation->op != IR_TRUNC)
        cut = ir_build(builder, operation->op, cut, other);
    return loop_result(loop_type(LOOP_INT64),
                       ir_build_convert(builder, operation->widen, IR_I64, cut));
}

// Records that move are references without an address, whose bits are another operation.
static LoopResult unary_send(LoopLowering *lowering, const Operation *operation,
                             LoopResult receiver, const AstExpression *e) {
    IrOp op = operation->op;
    if (receiver.type.kind == LOOP_RECORD && receiver.type.record->ir->moves)
        op = IR_OBJECT_BITS;
    return loop_result(loop_type(operation->result),
                       ir_build(loop_builder(lowering, e->at), op, receiver.value, NULL));
}

// Messages to Booleans that also turn a likelihood round or set one. It belongs to the result,
// not to the value, and reaches the branch if that follows at once.
static bool boolean_send(LoopLowering *lowering, LoopResult *receiver, const AstExpression *e) {
    const char *selector = e->send.selector;
    if (!strcmp(selector, "likely")) {
        receiver->likely = IR_LIKELY_TRUE;
    } else if (!strcmp(selector, "unlikely")) {
        receiver->likely = IR_LIKELY_FALSE;
    } else if (!strcmp(selector, "not")) {
        static const IrLikely turned[] = {IR_LIKELY_UNKNOWN, IR_LIKELY_FALSE, IR_LIKELY_TRUE};
        receiver->likely = turned[receiver->likely];
        receiver->value =
            build(lowering, IR_XOR, receiver->value, ir_integer(lowering->module, IR_I1, 1), e->at);
    } else {
        return false;
    }
    return true;
}

// After an error in the receiver nothing is known of the message; its arguments are looked at
// for their own errors and for the locals that they read.
LoopResult loop_send(LoopLowering *lowering, LoopResult receiver, const AstExpression *e) {
    LoopResult result;
    const char *selector = e->send.selector;
    LoopKind kind = receiver.type.kind;
    if (kind == LOOP_UNKNOWN) {
        for (size_t i = 0; i < e->send.arguments.count; i++)
            loop_expression(lowering, e->send.arguments.items[i], true);
        return loop_unknown(lowering);
    }
    if (loop_memory_send(lowering, receiver, e, &result))
        return result;
    receiver = loop_take_address(lowering, receiver, e->at);
    if (kind == LOOP_BOOLEAN && boolean_send(lowering, &receiver, e))
        return receiver;
    if (kind == LOOP_INT64 && !strcmp(selector, "negated"))
        return loop_result(receiver.type,
                           build(lowering, IR_SUB, ir_integer(lowering->module, IR_I64, 0),
                                 receiver.value, e->at));
    const Operation *operation = e->send.arguments.count
                                     ? find(binary, sizeof binary / sizeof *binary, kind, selector)
                                     : find(unary, sizeof unary / sizeof *unary, kind, selector);
    const NarrowOperation *cut = kind == LOOP_INT64 ? find_narrow(selector) : NULL;
    if (cut)
        return narrow_send(lowering, cut, receiver, e);
    if (!operation) {
        LOOP_ERROR(lowering, e->at, "unknown message `%s` for %s", selector,
                   loop_result_text(lowering, receiver));
        return loop_unknown(lowering);
    }
    return e->send.arguments.count ? binary_send(lowering, operation, receiver, e)
                                   : unary_send(lowering, operation, receiver, e);
}
