// See ranges.h. Values are numbered; their ranges start empty and grow in sweeps over the
// blocks in reverse post-order until nothing changes, and an edge that can't be taken yet
// contributes nothing (as in Wegman and Zadeck, "Constant Propagation with Conditional
// Branches", 1991). A counter in a loop would grow by one in each sweep, so parameters that
// keep growing are *widened* to the end of their type; two sweeps more, which may only
// narrow, take back what that gave away. If the sweeps don't settle, all parameters get
// their type's range, after which one sweep is enough.
#include "ir/analysis/ranges.h"

#include "ir/analysis/dominators.h"

// The sweeps before widening let short counts come out exactly. The other bounds keep the time
// linear on generated code, where one value may be tested a thousand times; what is left out
// by them makes ranges wider, never wrong.
enum {
    SWEEPS_BEFORE_WIDENING = 3,
    SWEEPS_BEFORE_GIVING_UP = 16,
    NARROWING_SWEEPS = 2,
    GUARDS_PER_VALUE = 32,
    CONDITION_DEPTH = 4,
};

// Where a value was loaded from code: a cell, or one of these. OPEN: no way has brought it so
// far; OTHER: by another way too, or not from code at all. Only a value that came from code on
// every way is an opcode that the bytecode verifier has looked at.
enum { ORIGIN_OPEN = -1, ORIGIN_OTHER = -2 };

// An edge that guards a block: it has been taken whenever the block executes, and so whenever
// one that the block dominates does. And it has been taken since the value was last computed,
// even in a loop: the definition dominates the edge, so it can be reached without the edge,
// and if a way led on from it to the block without the edge, the edge would guard nothing.
typedef struct Guard {
    // The guarded block. The edge is the only one to it, or all that lead there are of one switch;
    // else it may be reached without the test.
    int position;
    const IrInstruction *terminator;
    size_t edge;
    bool is_one_of_several;
} Guard;

typedef struct ValueState {
    IrRange range;
    int origin;
    ARENA_VECTOR(Guard) guards; // whose conditions test this value
} ValueState;

typedef struct InEdge {
    int from;
    const IrInstruction *terminator;
    size_t edge;
} InEdge;

typedef struct BlockState {
    ARENA_VECTOR(InEdge) in;
    bool executable;
    bool from_elsewhere; // the region's entry, the loop's header
} BlockState;

struct IrRanges {
    Arena *arena;
    const IrModule *module;
    IrCfg *cfg;
    IrDominators *dominators;
    PointerMap numbers;
    ValueState *values;
    BlockState *blocks; // by position
    bool gave_up;
};

static bool is_integer(IrType type) {
    return type >= IR_I1 && type <= IR_I64;
}

static const IrInstruction *definition(const IrValue *value) {
    return value && value->kind == IR_RESULT ? value->instruction : NULL;
}

static IrValue *operand(const IrInstruction *instruction, size_t index) {
    return index < instruction->operands.count ? instruction->operands.items[index] : NULL;
}

static ValueState *state_of(const IrRanges *ranges, const IrValue *value) {
    int number = pointer_map_find(&ranges->numbers, value);
    return number < 0 ? NULL : &ranges->values[number];
}

IrRange ir_range_of(const IrRanges *ranges, const IrValue *value) {
    if (!value)
        return ir_range_of_type(IR_VOID);
    // A module that isn't verified may hold an i1 constant of -1.
    if (value->kind == IR_CONSTANT && is_integer(value->type)) {
        int64_t integer = value->type == IR_I1 ? value->integer & 1 : value->integer;
        return ir_range(integer, integer);
    }
    const ValueState *state = state_of(ranges, value);
    return state ? state->range : ir_range_of_type(value->type);
}

// ---- Narrowing by conditions -------------------------------------------------------

// `range`, of `value`, given that `condition` came out as `outcome`. A conjunction that is
// true says what both its operands say, and so does a disjunction that is false; the other two
// outcomes say nothing of either. `xor` with 1 is how a condition is negated. All may be
// nested.
static IrRange narrow_by_condition(const IrRanges *ranges, IrRange range, const IrValue *value,
                                   const IrValue *condition, bool outcome, int depth) {
    if (condition == value)
        return ir_range_intersection(range, ir_range(outcome, outcome));
    const IrInstruction *test = definition(condition);
    if (!test || depth > CONDITION_DEPTH || test->operands.count != 2)
        return range;
    const IrValue *left = operand(test, 0), *right = operand(test, 1);
    if (!left || !right)
        return range;
    if (test->op == (outcome ? IR_AND : IR_OR) && condition->type == IR_I1) {
        range = narrow_by_condition(ranges, range, value, left, outcome, depth + 1);
        return narrow_by_condition(ranges, range, value, right, outcome, depth + 1);
    }
    if (test->op == IR_XOR && condition->type == IR_I1) {
        IrRange other = ir_range_of(ranges, right);
        if (!ir_range_is_constant(other))
            return range;
        return narrow_by_condition(ranges, range, value, left, outcome != (other.low == 1),
                                   depth + 1);
    }
    if (ir_op_shape(test->op) != IR_SHAPE_COMPARE || !is_integer(value->type))
        return range;
    if (left == value)
        range = ir_range_given(test->op, outcome, range, ir_range_of(ranges, right));
    if (right == value)
        range =
            ir_range_given(ir_compare_swapped(test->op), outcome, range, ir_range_of(ranges, left));
    return range;
}

// The default is taken for values that no case has; at the interval's ends that shows.
static IrRange narrow_by_default(IrRange range, const IrInstruction *terminator) {
    size_t cases = terminator->edges.count - 1;
    for (size_t changes = 0; changes <= cases && !ir_range_is_empty(range); changes++) {
        IrRange before = range;
        for (size_t i = 0; i < cases && !ir_range_is_empty(range); i++) {
            int64_t value = terminator->edges.items[i].case_value;
            range = ir_range_given(IR_CMP_NE, true, range, ir_range(value, value));
        }
        // Cases in ascending order go from below in one round; a few more are enough
        // for what is written otherwise.
        if (ir_range_equals(before, range) || changes > CONDITION_DEPTH)
            break;
    }
    return range;
}

static IrRange narrow_by_edge(const IrRanges *ranges, IrRange range, const IrValue *value,
                              const IrInstruction *terminator, size_t edge) {
    const IrValue *condition = operand(terminator, 0);
    if (!condition || edge >= terminator->edges.count)
        return range;
    if (terminator->op == IR_IF)
        return narrow_by_condition(ranges, range, value, condition, edge == 0, 0);
    if (terminator->op != IR_SWITCH || condition != value)
        return range;
    if (edge + 1 == terminator->edges.count)
        return narrow_by_default(range, terminator);
    // A case's edge says what the value is, exactly.
    int64_t only = terminator->edges.items[edge].case_value;
    if (value->type == IR_I1)
        only &= 1;
    return ir_range_intersection(range, ir_range(only, only));
}

// By whichever of the switch's edges the block was reached.
static IrRange narrow_by_several(const IrRanges *ranges, IrRange range, const IrValue *value,
                                 const Guard *guard) {
    const IrBlock *block = ranges->cfg->nodes[guard->position].block;
    IrRange any = ir_range_empty();
    for (size_t e = 0; e < guard->terminator->edges.count; e++)
        if (guard->terminator->edges.items[e].block == block)
            any = ir_range_union(any, narrow_by_edge(ranges, range, value, guard->terminator, e));
    return any;
}

// What is known of the value everywhere, and what the tests say that are passed on every way
// to the block at `position`. The value is the same there as it was when it was tested: see
// Guard.
static IrRange range_at(const IrRanges *ranges, const IrValue *value, int position) {
    IrRange range = ir_range_of(ranges, value);
    const ValueState *state = state_of(ranges, value);
    if (!state || position < 0)
        return range;
    for (size_t i = 0; i < state->guards.count; i++) {
        const Guard *guard = &state->guards.items[i];
        if (ir_position_dominates(ranges->dominators, guard->position, position))
            range = guard->is_one_of_several
                        ? narrow_by_several(ranges, range, value, guard)
                        : narrow_by_edge(ranges, range, value, guard->terminator, guard->edge);
    }
    return range;
}

IrRange ir_range_at(const IrRanges *ranges, const IrValue *value, const IrBlock *block) {
    int position = ir_cfg_position(ranges->cfg, block);
    if (position >= 0 && !ranges->blocks[position].executable)
        return ir_range_empty();
    return range_at(ranges, value, position);
}

// Can the edge be taken, as far as the ranges go that are known by this sweep? A condition
// that was not computed yet has an empty range, and then neither edge can: what is dead is
// never looked at, and brings nothing into the ranges of what is alive.
static bool is_feasible(const IrRanges *ranges, const InEdge *in) {
    if (!ranges->blocks[in->from].executable)
        return false;
    // The ranges may not have settled, so they prove nothing of an edge.
    if (ranges->gave_up)
        return true;
    const IrValue *condition = operand(in->terminator, 0);
    if (!condition || (in->terminator->op != IR_IF && in->terminator->op != IR_SWITCH))
        return true;
    IrRange range = range_at(ranges, condition, in->from);
    return !ir_range_is_empty(narrow_by_edge(ranges, range, condition, in->terminator, in->edge));
}

IrRange ir_range_on_edge(const IrRanges *ranges, const IrValue *value,
                         const IrInstruction *terminator, size_t edge) {
    int position = ir_cfg_position(ranges->cfg, terminator->block);
    if (position < 0)
        return ir_range_of(ranges, value);
    InEdge in = {position, terminator, edge};
    if (!is_feasible(ranges, &in))
        return ir_range_empty();
    return narrow_by_edge(ranges, range_at(ranges, value, position), value, terminator, edge);
}

// ---- The sweeps ----------------------------------------------------------------------

// What the instruction gives for operands in the ranges they have in its block. Whatever isn't
// an integer, and calls, can be anything; so can loads, within what their cell holds.
static IrRange transfer(const IrRanges *ranges, const IrInstruction *at, int position) {
    IrRange whole = ir_range_of_type(at->result->type);
    const IrValue *left = operand(at, 0), *right = operand(at, 1), *third = operand(at, 2);
    if (!is_integer(at->result->type) || !left)
        return whole;
    switch (ir_op_shape(at->op)) {
    case IR_SHAPE_BINARY:
    case IR_SHAPE_COMPARE:
        if (!right)
            return whole;
        return ir_range_binary(at->op, left->type, range_at(ranges, left, position),
                               range_at(ranges, right, position));
    case IR_SHAPE_UNARY: return ir_range_of_count(left->type);
    case IR_SHAPE_CONVERT:
        return ir_range_convert(at->op, left->type, at->result->type,
                                range_at(ranges, left, position));
    case IR_SHAPE_SELECT: {
        if (!right || !third)
            return whole;
        IrRange chosen = range_at(ranges, left, position);
        // The condition says something of what it chooses between: max and min come out right.
        IrRange yes =
            narrow_by_condition(ranges, range_at(ranges, right, position), right, left, true, 0);
        IrRange no =
            narrow_by_condition(ranges, range_at(ranges, third, position), third, left, false, 0);
        return ir_range_union(ir_range_contains(chosen, 1) ? yes : ir_range_empty(),
                              ir_range_contains(chosen, 0) ? no : ir_range_empty());
    }
    case IR_SHAPE_LOAD: return ir_range_of_cell(ir_access_cell(at));
    default: return whole;
    }
}

static int origin_of(const IrRanges *ranges, const IrValue *value) {
    const ValueState *state = state_of(ranges, value);
    return state ? state->origin : ORIGIN_OTHER;
}

static int origin_of_result(const IrInstruction *at) {
    unsigned alias_class = at->field ? at->field->alias_class : at->alias_class;
    bool is_element = !at->field || at->field->is_array;
    if (at->op != IR_LOAD || alias_class != IR_ALIAS_CODE || !is_element)
        return ORIGIN_OTHER;
    return (int)ir_access_cell(at);
}

static int meet(int a, int b) {
    return a == ORIGIN_OPEN ? b : b == ORIGIN_OPEN || a == b ? a : ORIGIN_OTHER;
}

// What comes in by the edges; the state that there was is not looked at. An argument is
// narrowed by the edge that passes it, so a loop's counter is within the loop's bound.
static ValueState incoming(const IrRanges *ranges, const BlockState *block, const IrValue *value,
                           size_t index) {
    ValueState result = {.range = ir_range_empty(), .origin = ORIGIN_OPEN};
    for (size_t i = 0; i < block->in.count; i++) {
        const InEdge *in = &block->in.items[i];
        if (!is_feasible(ranges, in))
            continue;
        const IrEdge *edge = &in->terminator->edges.items[in->edge];
        const IrValue *argument =
            index < edge->arguments.count ? edge->arguments.items[index] : NULL;
        IrRange range = ir_range_of_type(value->type);
        if (argument && argument->type == value->type)
            range = narrow_by_edge(ranges, range_at(ranges, argument, in->from), argument,
                                   in->terminator, in->edge);
        result.range = ir_range_union(result.range, range);
        result.origin = meet(result.origin, origin_of(ranges, argument));
    }
    return result;
}

// A bound that still moves goes to the end of the type at once. 0 is a stop on the way down,
// as an index that counts down to it is common, and "not negative" is half of any bounds
// check.
static IrRange widen(IrType type, IrRange before, IrRange after) {
    IrRange whole = ir_range_of_type(type);
    if (ir_range_is_empty(before))
        return after;
    if (after.low < before.low)
        after.low = after.low >= 0 ? 0 : whole.low;
    if (after.high > before.high)
        after.high = whole.high;
    return after;
}

typedef enum Phase { GROWING, WIDENING, NARROWING } Phase;

// True if that is news, so that there has to be one more sweep.
static bool set(ValueState *state, IrRange range, int origin) {
    bool changed = !ir_range_equals(state->range, range) || state->origin != origin;
    state->range = range;
    state->origin = origin;
    return changed;
}

// Block parameters are where ways join, so they alone are accumulated: the union of what was
// and what comes, or, when narrowing, what both allow. That keeps the ranges monotone, without
// which the sweeps might never end; each other value follows from its operands.
static bool sweep_parameter(IrRanges *ranges, const BlockState *block, const IrValue *value,
                            size_t index, Phase phase) {
    ValueState *state = state_of(ranges, value);
    IrRange whole = ir_range_of_type(value->type);
    if (!state)
        return false;
    if (block->from_elsewhere || ranges->gave_up || !is_integer(value->type))
        return set(state, whole, ORIGIN_OTHER);
    ValueState in = incoming(ranges, block, value, index);
    if (phase == NARROWING)
        return set(state, ir_range_intersection(state->range, in.range), state->origin);
    IrRange grown = ir_range_union(state->range, in.range);
    if (phase == WIDENING)
        grown = widen(value->type, state->range, grown);
    return set(state, grown, meet(state->origin, in.origin));
}

// A block is looked at once a feasible edge leads to it, and stays executable from then on.
static bool sweep_block(IrRanges *ranges, int position, Phase phase) {
    BlockState *block = &ranges->blocks[position];
    const IrBlock *code = ranges->cfg->nodes[position].block;
    bool changed = false;
    for (size_t i = 0; i < block->in.count && !block->executable; i++)
        changed = block->executable = is_feasible(ranges, &block->in.items[i]);
    if (!block->executable)
        return changed;
    for (size_t i = 0; i < code->parameters.count; i++)
        if (sweep_parameter(ranges, block, code->parameters.items[i], i, phase))
            changed = true;
    for (const IrInstruction *at = code->first; at; at = at->next) {
        ValueState *state = at->result ? state_of(ranges, at->result) : NULL;
        if (state && set(state, transfer(ranges, at, position), origin_of_result(at)))
            changed = true;
    }
    return changed;
}

static bool sweep(IrRanges *ranges, Phase phase) {
    bool changed = false;
    for (size_t i = 0; i < ranges->cfg->reachable; i++)
        if (sweep_block(ranges, ranges->cfg->reverse_post_order[i], phase))
            changed = true;
    return changed;
}

// With every parameter at its type's range nothing depends on a later block, and definitions
// come before their uses in this order: one sweep computes all of it.
static void give_up(IrRanges *ranges) {
    ranges->gave_up = true;
    for (size_t i = 0; i < ranges->cfg->reachable; i++)
        ranges->blocks[ranges->cfg->reverse_post_order[i]].executable = true;
    sweep(ranges, GROWING);
}

// ---- Setting up ------------------------------------------------------------------------

static void number_value(IrRanges *ranges, const IrValue *value, int *count) {
    if (value && pointer_map_add(ranges->arena, &ranges->numbers, value, *count))
        ++*count;
}

static void number_values(IrRanges *ranges) {
    const IrCfg *cfg = ranges->cfg;
    int count = 0;
    for (size_t i = 0; i < cfg->count; i++) {
        const IrBlock *block = cfg->nodes[i].block;
        for (size_t p = 0; p < block->parameters.count; p++)
            number_value(ranges, block->parameters.items[p], &count);
        for (const IrInstruction *at = block->first; at; at = at->next)
            number_value(ranges, at->result, &count);
    }
    ranges->values = ARENA_ARRAY(ranges->arena, ValueState, count);
    for (int i = 0; i < count; i++) {
        ranges->values[i].range = ir_range_empty();
        ranges->values[i].origin = ORIGIN_OPEN;
    }
}

static void add_in_edges(IrRanges *ranges) {
    const IrCfg *cfg = ranges->cfg;
    ranges->blocks = ARENA_ARRAY(ranges->arena, BlockState, cfg->count);
    for (size_t i = 0; i < cfg->count; i++) {
        // Nobody comes from a block that no path leads to.
        const IrInstruction *last = cfg->nodes[i].order < 0 ? NULL : cfg->nodes[i].block->last;
        for (size_t e = 0; last && e < last->edges.count; e++) {
            int to = ir_cfg_position(cfg, last->edges.items[e].block);
            if (to >= 0)
                ARENA_PUSH(ranges->arena, &ranges->blocks[to].in, ((InEdge){(int)i, last, e}));
        }
    }
    const IrFunction *function = cfg->region->function;
    int header = function ? ir_cfg_position(cfg, function->header) : -1;
    if (cfg->count)
        ranges->blocks[0].from_elsewhere = ranges->blocks[0].executable = true;
    if (header >= 0)
        ranges->blocks[header].from_elsewhere = ranges->blocks[header].executable = true;
}

static void add_guard(IrRanges *ranges, const IrValue *value, Guard guard) {
    ValueState *state = state_of(ranges, value);
    if (!state || state->guards.count >= GUARDS_PER_VALUE)
        return;
    const Guard *last = state->guards.count ? &state->guards.items[state->guards.count - 1] : NULL;
    if (!last || last->position != guard.position)
        ARENA_PUSH(ranges->arena, &state->guards, guard);
}

static void add_guards(IrRanges *ranges, const IrValue *condition, Guard guard, int depth) {
    add_guard(ranges, condition, guard);
    const IrInstruction *test = definition(condition);
    if (!test || depth > CONDITION_DEPTH)
        return;
    IrShape shape = ir_op_shape(test->op);
    if (shape == IR_SHAPE_COMPARE) {
        add_guard(ranges, operand(test, 0), guard);
        add_guard(ranges, operand(test, 1), guard);
    } else if (shape == IR_SHAPE_BINARY && condition->type == IR_I1) {
        add_guards(ranges, operand(test, 0), guard, depth + 1);
        add_guards(ranges, operand(test, 1), guard, depth + 1);
    }
}

// By one edge, or by a few of one switch.
static bool is_guarded(const BlockState *block) {
    const InEdge *in = block->in.items;
    if (!block->in.count || block->in.count > GUARDS_PER_VALUE)
        return false;
    for (size_t i = 1; i < block->in.count; i++)
        if (in[i].terminator != in[0].terminator || in[0].terminator->op != IR_SWITCH)
            return false;
    return true;
}

static void collect_guards(IrRanges *ranges) {
    for (size_t i = 0; i < ranges->cfg->reachable; i++) {
        int position = ranges->cfg->reverse_post_order[i];
        const BlockState *block = &ranges->blocks[position];
        if (block->from_elsewhere || !is_guarded(block))
            continue;
        const InEdge *in = &block->in.items[0];
        if (in->terminator->op == IR_IF || in->terminator->op == IR_SWITCH)
            add_guards(ranges, operand(in->terminator, 0),
                       (Guard){position, in->terminator, in->edge, block->in.count > 1}, 0);
    }
}

IrRanges *ir_ranges_compute(Arena *arena, const IrModule *module, const IrRegion *region) {
    IrRanges *ranges = ARENA_NEW(arena, IrRanges);
    ranges->arena = arena;
    ranges->module = module;
    ranges->cfg = ir_cfg_compute(arena, region);
    ranges->dominators = ir_dominators_compute(arena, ranges->cfg);
    number_values(ranges);
    add_in_edges(ranges);
    collect_guards(ranges);
    int sweeps = 0;
    while (sweep(ranges, sweeps < SWEEPS_BEFORE_WIDENING ? GROWING : WIDENING))
        if (++sweeps == SWEEPS_BEFORE_GIVING_UP) {
            give_up(ranges);
            return ranges;
        }
    for (int i = 0; i < NARROWING_SWEEPS; i++)
        sweep(ranges, NARROWING);
    return ranges;
}

// ---- Opcodes -----------------------------------------------------------------------------

bool ir_is_code_load(const IrRanges *ranges, const IrValue *value, IrCell unit) {
    return origin_of(ranges, value) == (int)unit;
}

// The promise is about opcodes as they lie in code, not about any number: so the value has to
// have been loaded from there, by the unit that opcodes are written in.
IrRange ir_range_of_opcode(const IrRanges *ranges, const IrInstruction *dispatch) {
    const IrValue *opcode = operand(dispatch, 0);
    IrRange range = ir_range_at(ranges, opcode, dispatch->block);
    const IrTable *table = dispatch->table;
    if (!ranges->module->verified || !table || !ir_is_code_load(ranges, opcode, table->unit))
        return range;
    return ir_range_intersection(range, ir_range(0, (int64_t)table->bytecodes.count - 1));
}
