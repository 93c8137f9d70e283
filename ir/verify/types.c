// The rule `types`: what each operation takes and gives, what edges pass. An operation's
// shape (ir/ops.def) says most of it, so one more of a known shape needs no line here.
#include "ir/verify/rules.h"

#include <stdlib.h>

static const char rule[] = "types";

static bool is_integer(IrType type) {
    return type >= IR_I1 && type <= IR_I64;
}

static IrType type_of(const IrInstruction *at, size_t operand) {
    return at->operands.items[operand]->type;
}

// How many operands there are is known to be right (structure.c), so they are indexed freely.
static void expect(IrVerifier *verifier, const IrInstruction *at, size_t operand, IrType type) {
    if (type_of(at, operand) != type)
        verify_complain(verifier, rule, verify_at_instruction(at),
                        "operand %zu of %s is %s, not %s", operand + 1, ir_op_text(at->op),
                        ir_type_text(type_of(at, operand)), ir_type_text(type));
}

// An object may be accessed by a declared field only, since its layout is the collector's
// affair, and by elements through an address that is taken from it first.
static void expect_base(IrVerifier *verifier, const IrInstruction *at, bool may_move) {
    IrType type = type_of(at, 0);
    if (type != IR_PTR && !(may_move && type == IR_OBJECT))
        verify_complain(verifier, rule, verify_at_instruction(at),
                        "the base of %s is %s, not ptr%s", ir_op_text(at->op), ir_type_text(type),
                        may_move ? " or object" : "");
}

static void expect_result(IrVerifier *verifier, const IrInstruction *at, IrType type) {
    IrType has = at->result ? at->result->type : IR_VOID;
    if (has != type)
        verify_complain(verifier, rule, verify_at_instruction(at), "%s has %s%s, not %s",
                        ir_op_text(at->op), has == IR_VOID ? "no result" : "a result of type ",
                        has == IR_VOID ? "" : ir_type_text(has),
                        type == IR_VOID ? "none" : ir_type_text(type));
}

// Both operands of one type; true if so.
static bool expect_same(IrVerifier *verifier, const IrInstruction *at, size_t left, size_t right) {
    if (type_of(at, left) == type_of(at, right))
        return true;
    verify_complain(verifier, rule, verify_at_instruction(at),
                    "%s takes two operands of one type, not %s and %s", ir_op_text(at->op),
                    ir_type_text(type_of(at, left)), ir_type_text(type_of(at, right)));
    return false;
}

// What arithmetic on truth values would mean is nowhere said, so only these take them.
static bool takes_bits(IrOp op) {
    return op == IR_AND || op == IR_OR || op == IR_XOR;
}

static void check_binary(IrVerifier *verifier, const IrInstruction *at) {
    if (!expect_same(verifier, at, 0, 1))
        return;
    IrType type = type_of(at, 0);
    if (!is_integer(type) || (type == IR_I1 && !takes_bits(at->op)))
        verify_complain(verifier, rule, verify_at_instruction(at), "%s does not take %s",
                        ir_op_text(at->op), ir_type_text(type));
    expect_result(verifier, at, type);
}

static void check_unary_integer(IrVerifier *verifier, const IrInstruction *at) {
    IrType type = type_of(at, 0);
    if (!is_integer(type) || type == IR_I1)
        verify_complain(verifier, rule, verify_at_instruction(at), "%s does not take %s",
                        ir_op_text(at->op), ir_type_text(type));
    expect_result(verifier, at, type);
}

// Addresses have an order, objects have not: it would change when they move. Values are
// compared by their bits, which says who compares that it knows what is in them.
static bool can_compare(IrOp op, IrType type) {
    bool wide = is_integer(type) && type != IR_I1;
    switch (op) {
    case IR_CMP_EQ:
    case IR_CMP_NE: return is_integer(type) || type == IR_PTR || type == IR_OBJECT;
    case IR_CMP_ULT:
    case IR_CMP_ULE:
    case IR_CMP_UGT:
    case IR_CMP_UGE: return wide || type == IR_PTR;
    default: return wide;
    }
}

static void check_compare(IrVerifier *verifier, const IrInstruction *at) {
    if (expect_same(verifier, at, 0, 1) && !can_compare(at->op, type_of(at, 0)))
        verify_complain(verifier, rule, verify_at_instruction(at), "%s does not take %s",
                        ir_op_text(at->op), ir_type_text(type_of(at, 0)));
    expect_result(verifier, at, IR_I1);
}

// Strictly wider or narrower, so that a conversion is never a move.
static void check_convert(IrVerifier *verifier, const IrInstruction *at) {
    IrType from = type_of(at, 0), to = at->result ? at->result->type : IR_VOID;
    bool fits = is_integer(from) && is_integer(to) &&
                (at->op == IR_TRUNC ? ir_type_bits(to) < ir_type_bits(from)
                                    : ir_type_bits(to) > ir_type_bits(from));
    if (!fits)
        verify_complain(verifier, rule, verify_at_instruction(at), "%s does not lead from %s to %s",
                        ir_op_text(at->op), ir_type_text(from), ir_type_text(to));
}

static void check_select(IrVerifier *verifier, const IrInstruction *at) {
    expect(verifier, at, 0, IR_I1);
    if (expect_same(verifier, at, 1, 2))
        expect_result(verifier, at, type_of(at, 1));
}

// An index counts elements, not bytes, and may be negative: slots below an address.
static void check_index(IrVerifier *verifier, const IrInstruction *at) {
    if (ir_access_index(at))
        expect(verifier, at, 1, IR_I64);
}

static void check_store(IrVerifier *verifier, const IrInstruction *at) {
    expect_base(verifier, at, at->field != NULL);
    check_index(verifier, at);
    expect(verifier, at, at->operands.count - 1, ir_cell_type(ir_access_cell(at)));
    expect_result(verifier, at, IR_VOID);
}

// An indirect call's address comes first and is no argument, so it has no place in the
// declaration.
static void check_call(IrVerifier *verifier, const IrInstruction *at) {
    const IrExternal *external = at->external;
    size_t before = external->indirect ? 1 : 0;
    expect_result(verifier, at, external->result);
    if (at->operands.count != external->parameters.count + before) {
        verify_complain(verifier, rule, verify_at_instruction(at),
                        "@%s takes %zu operands, not %zu", external->name,
                        external->parameters.count + before, at->operands.count);
        return;
    }
    if (before)
        expect(verifier, at, 0, IR_PTR);
    for (size_t i = 0; i < external->parameters.count; i++)
        expect(verifier, at, i + before, external->parameters.items[i]);
}

static int compare_values(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

// Cases in the type's own spelling, each once: otherwise which edge is taken would depend on
// the order, and on how a backend compares.
static void check_switch(IrVerifier *verifier, const IrInstruction *at) {
    IrType type = type_of(at, 0);
    size_t cases = at->edges.count - 1;
    if (!is_integer(type)) {
        verify_complain(verifier, rule, verify_at_instruction(at), "switch does not take %s",
                        ir_type_text(type));
        return;
    }
    // Sorted, so that finding one that is there twice is not quadratic: a switch may have
    // thousands.
    int64_t *values = ARENA_ARRAY(verifier->arena, int64_t, cases);
    int bits = ir_type_bits(type);
    for (size_t i = 0; i < cases; i++) {
        values[i] = at->edges.items[i].case_value;
        int64_t high = bits == 1 ? 1 : INT64_MAX >> (64 - bits);
        if (values[i] > high || values[i] < (bits == 1 ? 0 : -high - 1))
            verify_complain(verifier, rule, verify_at_instruction(at), "case %lld is no %s",
                            (long long)values[i], ir_type_text(type));
    }
    if (cases)
        qsort(values, cases, sizeof *values, compare_values);
    for (size_t i = 1; i < cases; i++)
        if (values[i] == values[i - 1])
            verify_complain(verifier, rule, verify_at_instruction(at), "case %lld is there twice",
                            (long long)values[i]);
}

static void check_return(IrVerifier *verifier, const IrInstruction *at) {
    IrType declared = at->block->region->function->result;
    IrType given = at->operands.count ? type_of(at, 0) : IR_VOID;
    if (declared != given)
        verify_complain(verifier, rule, verify_at_instruction(at),
                        "ret gives %s where the function declares %s", ir_type_text(given),
                        ir_type_text(declared));
}

// Edges to the loop's header pass the table's parameters, which is the rule `table`.
static void check_edge(IrVerifier *verifier, const IrInstruction *at, const IrEdge *edge) {
    const IrValues *parameters = &edge->block->parameters;
    const char *name = edge->block == at->block->region->function->header ? "table" : rule;
    if (edge->arguments.count != parameters->count) {
        verify_complain(verifier, name, verify_at_instruction(at),
                        "%s takes %zu arguments, not %zu", verify_block_name(verifier, edge->block),
                        parameters->count, edge->arguments.count);
        return;
    }
    for (size_t i = 0; i < parameters->count; i++)
        if (edge->arguments.items[i]->type != parameters->items[i]->type)
            verify_complain(verifier, name, verify_at_instruction(at),
                            "argument %zu of %s is %s, not %s", i + 1,
                            verify_block_name(verifier, edge->block),
                            ir_type_text(edge->arguments.items[i]->type),
                            ir_type_text(parameters->items[i]->type));
}

// Constants are kept as their type has them, sign-extended. Two spellings of one value would
// be two values to whoever compares them.
static void check_constant(IrVerifier *verifier, const IrInstruction *at, const IrValue *value) {
    if (value->kind != IR_CONSTANT || value->type == IR_F64)
        return;
    int bits = ir_type_bits(value->type);
    int64_t high = bits == 1 ? 1 : INT64_MAX >> (64 - (bits ? bits : 64));
    int64_t low = bits == 1 ? 0 : -high - 1;
    if (value->type == IR_PTR ? value->integer != 0
                              : !bits || value->integer > high || value->integer < low)
        verify_complain(verifier, rule, verify_at_instruction(at), "%lld is no constant of type %s",
                        (long long)value->integer, ir_type_text(value->type));
}

static void check_constants(IrVerifier *verifier, const IrInstruction *at) {
    for (size_t i = 0; i < at->operands.count; i++)
        check_constant(verifier, at, at->operands.items[i]);
    for (size_t e = 0; e < at->edges.count; e++)
        for (size_t i = 0; i < at->edges.items[e].arguments.count; i++)
            check_constant(verifier, at, at->edges.items[e].arguments.items[i]);
}

static void check_unary(IrVerifier *verifier, const IrInstruction *at, IrType from, IrType to) {
    expect(verifier, at, 0, from);
    expect_result(verifier, at, to);
}

static void check_pair(IrVerifier *verifier, const IrInstruction *at, IrType left, IrType right,
                       IrType to) {
    expect(verifier, at, 0, left);
    expect(verifier, at, 1, right);
    expect_result(verifier, at, to);
}

// The shapes say nearly all. Constants, edges and results are checked for every operation
// first.
void verify_types(IrVerifier *verifier, const IrInstruction *at) {
    check_constants(verifier, at);
    for (size_t e = 0; e < at->edges.count; e++)
        check_edge(verifier, at, &at->edges.items[e]);
    if (ir_op_is_terminator(at->op))
        expect_result(verifier, at, IR_VOID);
    switch (ir_op_shape(at->op)) {
    case IR_SHAPE_UNARY: check_unary_integer(verifier, at); break;
    case IR_SHAPE_BINARY: check_binary(verifier, at); break;
    case IR_SHAPE_COMPARE: check_compare(verifier, at); break;
    case IR_SHAPE_FLOAT_UNARY: check_unary(verifier, at, IR_F64, IR_F64); break;
    case IR_SHAPE_FLOAT_BINARY: check_pair(verifier, at, IR_F64, IR_F64, IR_F64); break;
    case IR_SHAPE_FLOAT_COMPARE: check_pair(verifier, at, IR_F64, IR_F64, IR_I1); break;
    case IR_SHAPE_CONVERT: check_convert(verifier, at); break;
    case IR_SHAPE_I64_TO_F64: check_unary(verifier, at, IR_I64, IR_F64); break;
    case IR_SHAPE_F64_TO_I64: check_unary(verifier, at, IR_F64, IR_I64); break;
    case IR_SHAPE_VALUE_TO_I64: check_unary(verifier, at, IR_VALUE, IR_I64); break;
    case IR_SHAPE_I64_TO_VALUE: check_unary(verifier, at, IR_I64, IR_VALUE); break;
    case IR_SHAPE_OBJECT_TO_I64: check_unary(verifier, at, IR_OBJECT, IR_I64); break;
    case IR_SHAPE_I64_TO_OBJECT: check_unary(verifier, at, IR_I64, IR_OBJECT); break;
    case IR_SHAPE_PTR_TO_I64: check_unary(verifier, at, IR_PTR, IR_I64); break;
    case IR_SHAPE_I64_TO_PTR: check_unary(verifier, at, IR_I64, IR_PTR); break;
    case IR_SHAPE_PTR_OFFSET: check_pair(verifier, at, IR_PTR, IR_I64, IR_PTR); break;
    case IR_SHAPE_PTR_DIFFERENCE: check_pair(verifier, at, IR_PTR, IR_PTR, IR_I64); break;
    case IR_SHAPE_SELECT: check_select(verifier, at); break;
    case IR_SHAPE_LOAD:
        expect_base(verifier, at, at->field != NULL);
        check_index(verifier, at);
        expect_result(verifier, at, ir_cell_type(ir_access_cell(at)));
        break;
    case IR_SHAPE_STORE: check_store(verifier, at); break;
    case IR_SHAPE_ADDRESS:
        expect_base(verifier, at, at->field != NULL);
        check_index(verifier, at);
        expect_result(verifier, at, IR_PTR);
        break;
    case IR_SHAPE_CALL: check_call(verifier, at); break;
    case IR_SHAPE_POLL_SITE: expect_result(verifier, at, IR_VOID); break;
    case IR_SHAPE_IF: expect(verifier, at, 0, IR_I1); break;
    case IR_SHAPE_SWITCH: check_switch(verifier, at); break;
    case IR_SHAPE_COMPONENT: expect_result(verifier, at, IR_VOID); break;
    case IR_SHAPE_ABANDON:
        expect(verifier, at, 0, IR_PTR);
        expect_result(verifier, at, IR_VOID);
        break;
    case IR_SHAPE_EXIT:
    case IR_SHAPE_DISPATCH: expect(verifier, at, 0, IR_I64); break;
    case IR_SHAPE_RET: check_return(verifier, at); break;
    default: break;
    }
}
