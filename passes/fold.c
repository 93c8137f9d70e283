// fold: computes what is constant, drops operations that change nothing, and makes one
// addition of two: `(x + 1) + 2`, addresses and their offsets included.
//
// Legal because integers wrap, as the operations say, and because an undefined operation (a
// shift by the width, a division by zero) is left as it stands. Arithmetic on f64 is left to
// the machine: `x + 0.0` is not x where x is -0.0. LLVM does all of this again; it is done
// here so that the evaluator's counts and the text show what is left, not what the passes
// before have written clumsily.
//
// Costs nothing. Known as constant folding and algebraic simplification from any compiler.
#include "ir/analysis/cfg.h"
#include "ir/analysis/interval.h"
#include "passes/manager/pass.h"
#include "passes/support/edit.h"

typedef struct Fold {
    PassContext *context;
    Substitution substitution;
    size_t computed, dropped, combined;
} Fold;

static bool constant(const IrValue *value, int64_t *number) {
    if (value->kind != IR_CONSTANT || value->type == IR_F64)
        return false;
    *number = value->integer;
    return true;
}

static bool is_number(const IrValue *value, int64_t wanted) {
    int64_t number;
    return constant(value, &number) && number == wanted;
}

static IrInstruction *definition(const IrValue *value, IrOp op) {
    return value->kind == IR_RESULT && value->instruction->op == op ? value->instruction : NULL;
}

// ---- Constants ---------------------------------------------------------------------------

// Of a number without bits above the width, which is a power of two.
static uint64_t rotate_left(uint64_t value, uint64_t by, int bits) {
    by &= (uint64_t)bits - 1;
    return by ? value << by | value >> ((uint64_t)bits - by) : value;
}

// What a binary operation gives on constants; the builder of constants wraps the
// result to its type. False where it is undefined, or not computed here.
// Bits above the type's width may be set in the operands, which are sign-extended, and in the
// result, which ir_integer cuts off. A shift by a negative amount is one by too much.
static bool compute(const IrInstruction *at, int64_t left, int64_t right, int64_t *result) {
    uint64_t a = (uint64_t)left, b = (uint64_t)right;
    int bits = ir_type_width(at->operands.items[0]->type);
    uint64_t mask = bits == 64 ? ~UINT64_C(0) : (UINT64_C(1) << bits) - 1;
    bool shifts = at->op == IR_SHL || at->op == IR_LSHR || at->op == IR_ASHR;
    if (shifts && (b & mask) >= (uint64_t)bits)
        return false;
    switch (at->op) {
    case IR_ADD: a += b; break;
    case IR_SUB: a -= b; break;
    case IR_MUL: a *= b; break;
    case IR_AND: a &= b; break;
    case IR_OR: a |= b; break;
    case IR_XOR: a ^= b; break;
    case IR_SHL: a <<= b & mask; break;
    case IR_LSHR: a = (a & mask) >> (b & mask); break;
    case IR_ASHR: a = (uint64_t)(left >> (b & mask)); break;
    case IR_UDIV:
    case IR_UREM:
        if (!(b & mask))
            return false;
        a = at->op == IR_UDIV ? (a & mask) / (b & mask) : (a & mask) % (b & mask);
        break;
    case IR_ROTL: a = rotate_left(a & mask, b, bits); break;
    case IR_ROTR: a = rotate_left(a & mask, 0 - b, bits); break;
    default: return false;
    }
    *result = (int64_t)a;
    return true;
}

static int64_t count_bits(IrOp op, uint64_t value, int bits) {
    if (op == IR_POPCOUNT)
        return __builtin_popcountll(value);
    if (!value)
        return bits;
    return op == IR_CTZ ? __builtin_ctzll(value) : __builtin_clzll(value) - (64 - bits);
}

static IrValue *compute_constant(const Fold *fold, const IrInstruction *at) {
    int64_t left, right, result;
    IrModule *module = fold->context->module;
    IrShape shape = ir_op_shape(at->op);
    if (!constant(at->operands.items[0], &left))
        return NULL;
    IrType type = at->operands.items[0]->type;
    int bits = ir_type_width(type);
    uint64_t mask = bits == 64 ? ~UINT64_C(0) : (UINT64_C(1) << bits) - 1;
    if (shape == IR_SHAPE_UNARY)
        return ir_integer(module, type, count_bits(at->op, (uint64_t)left & mask, bits));
    if (shape == IR_SHAPE_CONVERT) {
        int64_t extended = at->op == IR_ZEXT ? (int64_t)((uint64_t)left & mask) : left;
        // An i1 is kept as 0 or 1, and its one bit is its sign.
        if (at->op == IR_SEXT && type == IR_I1)
            extended = -(left & 1);
        return ir_integer(module, at->result->type, extended);
    }
    if (shape != IR_SHAPE_BINARY && shape != IR_SHAPE_COMPARE)
        return NULL;
    if (!constant(at->operands.items[1], &right))
        return NULL;
    if (shape == IR_SHAPE_BINARY)
        return compute(at, left, right, &result) ? ir_integer(module, at->result->type, result)
                                                 : NULL;
    // Two pointers that are both null: left alone.
    if (type < IR_I1 || type > IR_I64)
        return NULL;
    IrRange range = ir_range_binary(at->op, type, ir_range(left, left), ir_range(right, right));
    return ir_range_is_constant(range) ? ir_integer(module, IR_I1, range.low) : NULL;
}

// ---- Operations that change nothing ------------------------------------------------------

// `from` undoes what `to` has done, bit by bit. For what can move only in the direction
// that holds on to the bits: the other would hold on to the reference.
static IrValue *undone(const IrInstruction *at) {
    static const struct {
        IrOp outer, inner;
    } pairs[] = {
        {IR_VALUE_BITS, IR_VALUE_FROM_BITS}, {IR_OBJECT_BITS, IR_OBJECT_FROM_BITS},
        {IR_PTR_BITS, IR_PTR_FROM_BITS},     {IR_PTR_FROM_BITS, IR_PTR_BITS},
        {IR_F64_BITS, IR_F64_FROM_BITS},     {IR_F64_FROM_BITS, IR_F64_BITS},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (at->op == pairs[i].outer) {
            const IrInstruction *inner = definition(at->operands.items[0], pairs[i].inner);
            return inner ? inner->operands.items[0] : NULL;
        }
    return NULL;
}

// Neutral elements: what is added, multiplied, masked or shifted by nothing is itself. For i1
// the mask that keeps all bits is 1, not -1; there are too few of those to look for.
static IrValue *unchanged(const IrInstruction *at) {
    IrValue *left = at->operands.items[0];
    IrValue *right = at->operands.count > 1 ? at->operands.items[1] : NULL;
    switch (at->op) {
    case IR_ADD:
    case IR_OR:
    case IR_XOR:
        if (is_number(left, 0))
            return right;
        return is_number(right, 0) ? left : NULL;
    case IR_AND:
        if (left->type != IR_I1 && is_number(left, -1))
            return right;
        return left->type != IR_I1 && is_number(right, -1) ? left : NULL;
    case IR_MUL:
    case IR_UDIV: return is_number(right, 1) ? left : NULL;
    case IR_ROTL:
    case IR_ROTR:
    case IR_SUB:
    case IR_SHL:
    case IR_LSHR:
    case IR_ASHR:
    case IR_PTR_ADD: return is_number(right, 0) ? left : NULL;
    case IR_SELECT:
        if (left->kind == IR_CONSTANT)
            return left->integer ? right : at->operands.items[2];
        return right == at->operands.items[2] ? right : NULL;
    default: return undone(at);
    }
}

// ---- Two that become one -----------------------------------------------------------------

// `x + a` as x and a; `x - a` as x and -a.
// Only a constant on the right is looked for.
static bool is_offset(const IrValue *value, IrOp add, IrValue **base, uint64_t *by) {
    int64_t number;
    const IrInstruction *at = definition(value, add);
    if (!at && add == IR_ADD)
        at = definition(value, IR_SUB);
    if (!at || !constant(at->operands.items[1], &number))
        return false;
    *base = at->operands.items[0];
    *by = at->op == IR_SUB ? 0 - (uint64_t)number : (uint64_t)number;
    return true;
}

static bool combine_sums(Fold *fold, IrInstruction *at) {
    IrOp add = at->op == IR_PTR_ADD ? IR_PTR_ADD : IR_ADD;
    int64_t number;
    IrValue *base;
    uint64_t by;
    if ((at->op != IR_ADD && at->op != IR_SUB && at->op != IR_PTR_ADD) ||
        !constant(at->operands.items[1], &number) ||
        !is_offset(at->operands.items[0], add, &base, &by))
        return false;
    // In unsigned arithmetic, which wraps as the IR's does, where C's signed one is undefined.
    by += at->op == IR_SUB ? 0 - (uint64_t)number : (uint64_t)number;
    at->op = add;
    at->operands.items[0] = base;
    at->operands.items[1] =
        ir_integer(fold->context->module, add == IR_ADD ? at->result->type : IR_I64, (int64_t)by);
    return true;
}

// `load.value (sp + 8), -2` is `load.value sp, -1`.
static bool combine_access(Fold *fold, IrInstruction *at) {
    bool is_access = at->op == IR_LOAD || at->op == IR_STORE;
    IrValue *base;
    uint64_t by;
    int64_t index;
    if (!is_access || at->field || !is_offset(at->operands.items[0], IR_PTR_ADD, &base, &by) ||
        !constant(at->operands.items[1], &index))
        return false;
    int64_t bytes = (int64_t)by, size = ir_cell_size(at->cell);
    // An address between two elements can't be said by an index.
    if (bytes % size)
        return false;
    at->operands.items[0] = base;
    at->operands.items[1] = ir_integer(fold->context->module, IR_I64,
                                       (int64_t)((uint64_t)index + (uint64_t)(bytes / size)));
    return true;
}

// A branch on `not c` is one on c with its ways swapped.
static bool swap_branch(IrInstruction *at) {
    const IrInstruction *not_ = at->op == IR_IF ? definition(at->operands.items[0], IR_XOR) : NULL;
    if (!not_ || !is_number(not_->operands.items[1], 1))
        return false;
    at->operands.items[0] = not_->operands.items[0];
    IrEdge yes = at->edges.items[0];
    at->edges.items[0] = at->edges.items[1];
    at->edges.items[1] = yes;
    if (at->likely != IR_LIKELY_UNKNOWN)
        at->likely = at->likely == IR_LIKELY_TRUE ? IR_LIKELY_FALSE : IR_LIKELY_TRUE;
    return true;
}

// ---- The walk ----------------------------------------------------------------------------

// An operand that was replaced is looked at as what it has become: in reverse post-order its
// definition has been visited, so a chain of foldings is done in one walk.
static void visit(Fold *fold, IrInstruction *at) {
    for (size_t i = 0; i < at->operands.count; i++)
        at->operands.items[i] = substitution_of(&fold->substitution, at->operands.items[i]);
    // Each combination leads one definition further up, so this ends.
    while (combine_sums(fold, at) || combine_access(fold, at) || swap_branch(at))
        fold->combined++;
    if (!at->result || !at->operands.count || at->op == IR_CALL)
        return;
    IrValue *computed = compute_constant(fold, at), *same = computed ? computed : unchanged(at);
    if (!same)
        return;
    substitution_add(&fold->substitution, at->result, same);
    ir_remove(at);
    fold->computed += computed != NULL;
    fold->dropped += computed == NULL;
}

void fold_run(PassContext *context) {
    IrModule *module = context->module;
    Fold fold = {.context = context, .substitution = {.arena = context->scratch}};
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++) {
            IrRegion *region = module->functions.items[f]->regions.items[r];
            const IrCfg *cfg = ir_cfg_compute(context->scratch, region);
            for (size_t i = 0; i < cfg->reachable; i++) {
                IrBlock *block = cfg->nodes[cfg->reverse_post_order[i]].block;
                for (IrInstruction *at = block->first, *next; at; at = next) {
                    next = at->next;
                    visit(&fold, at);
                }
            }
            substitution_apply(&fold.substitution, region);
        }
    pass_count_add(context->report, "computed", (int64_t)fold.computed);
    pass_count_add(context->report, "dropped, as they change nothing", (int64_t)fold.dropped);
    pass_count_add(context->report, "combined", (int64_t)fold.combined);
}
