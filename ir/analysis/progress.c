// See progress.h. A field of the frame is followed like a variable: a store to it says what it
// holds, a load gives that back, and an instruction that may write frames in a way that isn't
// understood makes it unknown. All else is arithmetic on distances. An interpreter does a
// little of it only (add the bytecode's length, subtract a slot, scale an index to bytes), and
// whatever goes beyond that is answered by "unknown", which the askers take for the worst.
#include "ir/analysis/progress.h"

static const IrDistance unseen = {.base = IR_BASE_UNSEEN, .operand = -1};
static const IrDistance unknown = {.base = IR_BASE_UNKNOWN, .operand = -1};

// ---- Distances -------------------------------------------------------------------------

IrDistance ir_distance_number(int64_t number) {
    return (IrDistance){IR_BASE_NUMBER, -1, number, 0};
}

bool ir_distance_equals(IrDistance left, IrDistance right) {
    return left.base == right.base && left.constant == right.constant &&
           left.factor == right.factor && left.operand == right.operand;
}

// Whatever is computed of something unseen is unseen itself. Were it unknown instead, the
// first pass over a loop would spoil what the back edge has yet to bring.
static bool is_unseen(IrDistance left, IrDistance right) {
    return left.base == IR_BASE_UNSEEN || right.base == IR_BASE_UNSEEN;
}

// The lattice is three high: unseen, one distance, unknown.
static IrDistance joined(IrDistance left, IrDistance right) {
    if (left.base == IR_BASE_UNSEEN)
        return right;
    return right.base == IR_BASE_UNSEEN || ir_distance_equals(left, right) ? left : unknown;
}

// A base has meaning with a number beside it only: two places have no sum, nor has a place
// taken from a number. Multiples of different operands would need two factors. What overflows
// isn't a distance inside any code or stack, so it may as well be unknown.
IrDistance ir_distance_add(IrDistance left, IrDistance right, int64_t sign) {
    if (is_unseen(left, right))
        return unseen;
    bool left_is_number = left.base == IR_BASE_NUMBER,
         right_is_number = right.base == IR_BASE_NUMBER;
    if ((!right_is_number && (!left_is_number || sign < 0)) || left.base == IR_BASE_UNKNOWN ||
        right.base == IR_BASE_UNKNOWN ||
        (left.factor && right.factor && left.operand != right.operand))
        return unknown;
    IrDistance sum = {right_is_number ? left.base : right.base,
                      left.factor ? left.operand : right.operand, 0, 0};
    int64_t constant, factor;
    if (__builtin_mul_overflow(right.constant, sign, &constant) ||
        __builtin_mul_overflow(right.factor, sign, &factor) ||
        __builtin_add_overflow(left.constant, constant, &sum.constant) ||
        __builtin_add_overflow(left.factor, factor, &sum.factor))
        return unknown;
    if (!sum.factor)
        sum.operand = -1;
    return sum;
}

// `by` times what counts from `from` counts from `to`.
static IrDistance scaled(IrDistance value, IrBase to, int64_t by) {
    IrDistance product = {.base = to, .operand = by ? value.operand : -1};
    if (__builtin_mul_overflow(value.constant, by, &product.constant) ||
        __builtin_mul_overflow(value.factor, by, &product.factor))
        return unknown;
    return product;
}

// The base of what counts from the code's start in bytes. Units of one byte count bytes, too.
static IrBase base_of_bytes(const IrProgress *progress) {
    return ir_cell_size(progress->input.table->unit) == 1 ? IR_BASE_PC : IR_BASE_PC_BYTES;
}

// Numbers by constants; and an index in units by the unit's size, which turns it into bytes.
static IrDistance multiplied(const IrProgress *progress, IrDistance left, IrDistance right) {
    if (is_unseen(left, right))
        return unseen;
    if (left.base == IR_BASE_NUMBER && !left.factor) {
        IrDistance other = left;
        left = right;
        right = other;
    }
    if (right.base != IR_BASE_NUMBER || right.factor)
        return unknown;
    if (left.base == IR_BASE_NUMBER)
        return scaled(left, IR_BASE_NUMBER, right.constant);
    bool is_unit = right.constant == ir_cell_size(progress->input.table->unit);
    return left.base == IR_BASE_PC && is_unit
               ? scaled(left, base_of_bytes(progress), right.constant)
               : unknown;
}

// A shift is the multiplication that lowering makes of one by a power of two.
static IrDistance shifted_left(const IrProgress *progress, IrDistance left, IrDistance right) {
    bool is_number = right.base == IR_BASE_NUMBER && !right.factor;
    if (is_number && right.constant >= 0 && right.constant < 32)
        right.constant = INT64_C(1) << right.constant;
    else if (right.base != IR_BASE_UNSEEN)
        right = unknown;
    return multiplied(progress, left, right);
}

// From bytes back to units, where nothing is lost by it.
static IrDistance shifted_right(const IrProgress *progress, IrDistance left, IrDistance right) {
    if (is_unseen(left, right))
        return unseen;
    int64_t unit = ir_cell_size(progress->input.table->unit);
    bool is_unit = right.base == IR_BASE_NUMBER && !right.factor && right.constant >= 0 &&
                   right.constant < 32 && INT64_C(1) << right.constant == unit;
    if (left.base != base_of_bytes(progress) || !is_unit || left.constant % unit ||
        left.factor % unit)
        return unknown;
    return (IrDistance){IR_BASE_PC, left.operand, left.constant / unit, left.factor / unit};
}

// The bytecode's index in bytes and its address differ by the start of the code, which is one
// and the same for the whole region. So to add an address to the one, or take one off the
// other, changes the base and not the distance. Whether it is that address is not looked at.
static IrDistance rebased(IrDistance value, IrBase from, IrBase to) {
    if (value.base != from)
        return value.base == IR_BASE_UNSEEN ? unseen : unknown;
    value.base = to;
    return value;
}

// ---- Values ----------------------------------------------------------------------------

IrDistance ir_progress_value(const IrProgress *progress, const IrValue *value) {
    if (value->kind == IR_CONSTANT)
        return value->type == IR_F64 ? unknown : ir_distance_number(value->integer);
    int number = pointer_map_find(&progress->numbers, value);
    return number < 0 ? unknown : progress->values[number];
}

// By the same value: another frame's field, or this frame by another pointer, is not looked
// into.
bool ir_progress_is_own(const IrProgress *progress, const IrInstruction *at, const IrField *field) {
    return field && at->field == field && at->operands.items[0] == progress->frame;
}

IrDistance ir_progress_access(const IrProgress *progress, const IrInstruction *at) {
    IrDistance place = ir_progress_value(progress, at->operands.items[0]);
    const IrValue *index = ir_access_index(at);
    int64_t size = at->field              ? ir_cell_size(at->field->cell)
                   : at->op == IR_ADDRESS ? at->record->size
                                          : ir_cell_size(at->cell);
    if (at->field)
        place = ir_distance_add(place, ir_distance_number(at->field->offset), 1);
    if (!index)
        return place;
    IrDistance offset = ir_progress_value(progress, index);
    if (offset.base != IR_BASE_NUMBER)
        return offset.base == IR_BASE_UNSEEN ? unseen : unknown;
    return ir_distance_add(place, scaled(offset, IR_BASE_NUMBER, size), 1);
}

// What an instruction computes, where the frame's fields hold `position`.
static IrDistance evaluate(const IrProgress *progress, const IrPosition *position,
                           const IrInstruction *at) {
    if (at->op == IR_LOAD && ir_progress_is_own(progress, at, progress->pc_field))
        return position->pc;
    if (at->op == IR_LOAD && ir_progress_is_own(progress, at, progress->input.stack_field))
        return position->stack;
    if (at->op == IR_ADDRESS)
        return ir_progress_access(progress, at);
    if (at->op == IR_LOAD || at->operands.count != 2)
        return unknown;
    IrDistance left = ir_progress_value(progress, at->operands.items[0]);
    IrDistance right = ir_progress_value(progress, at->operands.items[1]);
    switch (at->op) {
    case IR_ADD: return ir_distance_add(left, right, 1);
    case IR_SUB: return ir_distance_add(left, right, -1);
    case IR_MUL: return multiplied(progress, left, right);
    case IR_SHL: return shifted_left(progress, left, right);
    case IR_ASHR: return shifted_right(progress, left, right);
    case IR_PTR_ADD:
        return right.base == base_of_bytes(progress)
                   ? rebased(right, right.base, IR_BASE_PC_ADDRESS)
                   : ir_distance_add(left, right, 1);
    case IR_PTR_SUB: return rebased(left, IR_BASE_PC_ADDRESS, base_of_bytes(progress));
    default: return unknown;
    }
}

// ---- Steps -------------------------------------------------------------------------------

// The order matters: a store to one of the two fields is known exactly; anything else that may
// write frames, a call or a store through another pointer, may have changed either of them.
void ir_progress_step(const IrProgress *progress, IrPosition *position, const IrInstruction *at) {
    const IrField *pc = progress->pc_field, *stack = progress->input.stack_field;
    bool is_store = at->op == IR_STORE;
    if (is_store && ir_progress_is_own(progress, at, pc)) {
        position->pc = ir_progress_value(progress, ir_stored_value(at));
        return;
    }
    if (is_store && ir_progress_is_own(progress, at, stack)) {
        position->stack = ir_progress_value(progress, ir_stored_value(at));
        return;
    }
    // What the poll's external writes is other threads' work, not this frame's.
    if (progress->input.only_own_stores || ir_lets_others_run(at) ||
        !(ir_effects(at).writes & IR_ALIAS_FRAME))
        return;
    // A field is a cell of its own, so a store to another one, whoever's frame it is, changes
    // neither.
    bool is_field = is_store && at->field;
    if (!is_field || at->field == pc)
        position->pc = unknown;
    if (!is_field || at->field == stack)
        position->stack = unknown;
}

// ---- The analysis ------------------------------------------------------------------------

// The frame's cursor whose elements are the table's code units.
static const IrField *find_pc(const IrModule *module, const IrTable *table) {
    for (size_t i = 0; module->frame && i < module->frame->fields.count; i++) {
        const IrField *field = module->frame->fields.items[i];
        if (field->cursor && field->cursor_cell == table->unit)
            return field;
    }
    return NULL;
}

static void number_values(IrProgress *progress, Arena *arena) {
    const IrCfg *cfg = progress->input.cfg;
    int count = 0;
    for (size_t b = 0; b < cfg->count; b++) {
        const IrBlock *block = cfg->nodes[b].block;
        for (size_t i = 0; i < block->parameters.count; i++)
            pointer_map_add(arena, &progress->numbers, block->parameters.items[i], count++);
        for (const IrInstruction *at = block->first; at; at = at->next)
            if (at->result)
                pointer_map_add(arena, &progress->numbers, at->result, count++);
    }
    progress->value_count = (size_t)count;
    progress->values = ARENA_ARRAY(arena, IrDistance, count + 1);
    for (int i = 0; i < count; i++)
        progress->values[i] = unseen;
}

static IrDistance *slot_of(IrProgress *progress, const IrValue *value) {
    return &progress->values[pointer_map_find(&progress->numbers, value)];
}

// Operands are what they are, however they are read: they were given their distance at the
// start, and the load that fetches one must not make it unknown.
static bool is_operand(const IrProgress *progress, const IrValue *value) {
    for (size_t i = 0; i < progress->input.operand_count; i++)
        if (progress->input.operands[i] == value)
            return true;
    return false;
}

// Where the bytecode begins. Where a parameter of the table mirrors a field, the parameter is
// the one that counts and memory is stale, so that what a load of it gives is unknown. If
// something leads back to the region's first block, its parameters are not only those of the
// start, and nothing is known of them.
static void begin(IrProgress *progress, IrPosition *position) {
    const IrCfgNode *start = &progress->input.cfg->nodes[0];
    const IrValues *parameters = &start->block->parameters;
    const IrTableParameter *declared = progress->input.table->parameters.items;
    int pc = progress->pc_parameter, stack = progress->stack_parameter;
    bool is_start_only = start->predecessors.count == 0;
    for (size_t i = 0; i < parameters->count; i++)
        *slot_of(progress, parameters->items[i]) = unknown;
    *position = (IrPosition){true, unknown, unknown};
    if (!is_start_only)
        return;
    if (pc < 0)
        position->pc = (IrDistance){.base = IR_BASE_PC, .operand = -1};
    else
        *slot_of(progress, parameters->items[pc]) = (IrDistance){
            .base = declared[pc].is_cursor ? IR_BASE_PC_ADDRESS : IR_BASE_PC, .operand = -1};
    IrDistance top = {.base = IR_BASE_STACK, .operand = -1};
    if (stack < 0)
        position->stack = top;
    else
        *slot_of(progress, parameters->items[stack]) = top;
}

static void join(IrPosition *position, const IrPosition *other) {
    if (!other->reached)
        return;
    position->pc = joined(position->pc, other->pc);
    position->stack = joined(position->stack, other->stack);
    position->reached = true;
}

static bool set(IrDistance *place, IrDistance now) {
    bool changed = !ir_distance_equals(*place, now);
    *place = now;
    return changed;
}

// Joins what an edge passes into the target's parameters, at once and from here, so that a
// block need not ask all its predecessors for it.
static bool pass_arguments(IrProgress *progress, const IrEdge *edge) {
    bool changed = false;
    if (ir_cfg_position(progress->input.cfg, edge->block) <= 0)
        return false; // it leaves the region, or begins it again
    for (size_t i = 0; i < edge->arguments.count; i++) {
        IrDistance *parameter = slot_of(progress, edge->block->parameters.items[i]);
        IrDistance argument = ir_progress_value(progress, edge->arguments.items[i]);
        changed |= set(parameter, joined(*parameter, argument));
    }
    return changed;
}

// True if anything changed that another visit may see. As values move only upwards in a
// lattice of three, that happens to each twice at most.
static bool visit(IrProgress *progress, int number) {
    const IrCfgNode *node = &progress->input.cfg->nodes[number];
    IrPosition position = {false, unseen, unseen};
    bool changed = false;
    if (number == 0)
        begin(progress, &position);
    for (size_t i = 0; i < node->predecessors.count; i++)
        join(&position, &progress->out[node->predecessors.items[i]]);
    progress->in[number] = position;
    for (const IrInstruction *at = node->block->first; at; at = at->next) {
        if (at->result && !is_operand(progress, at->result))
            changed |= set(slot_of(progress, at->result), evaluate(progress, &position, at));
        ir_progress_step(progress, &position, at);
    }
    IrPosition *out = &progress->out[number];
    changed |= out->reached != position.reached;
    changed |= set(&out->pc, position.pc);
    changed |= set(&out->stack, position.stack);
    out->reached = position.reached;
    const IrInstruction *last = node->block->last;
    for (size_t e = 0; last && e < last->edges.count; e++)
        changed |= pass_arguments(progress, &last->edges.items[e]);
    return changed;
}

IrProgress *ir_progress_compute(Arena *arena, IrProgressInput input) {
    IrProgress *progress = ARENA_NEW(arena, IrProgress);
    *progress = (IrProgress){.input = input};
    const IrCfg *cfg = input.cfg;
    bool is_start_only = cfg->nodes[0].predecessors.count == 0;
    progress->frame =
        is_start_only ? ir_state_value(cfg->nodes[0].block, IR_FRAME_PARAMETER) : NULL;
    progress->pc_field = find_pc(input.module, input.table);
    progress->pc_parameter = ir_table_mirror(input.table, progress->pc_field);
    progress->stack_parameter = ir_table_mirror(input.table, input.stack_field);
    progress->in = ARENA_ARRAY(arena, IrPosition, cfg->count);
    progress->out = ARENA_ARRAY(arena, IrPosition, cfg->count);
    number_values(progress, arena);
    for (size_t i = 0; i < cfg->count; i++)
        progress->out[i] = (IrPosition){false, unseen, unseen};
    for (size_t i = 0; i < input.operand_count; i++)
        if (input.operands[i])
            *slot_of(progress, input.operands[i]) = (IrDistance){IR_BASE_NUMBER, (int)i, 0, 1};
    // Until nothing is news. In reverse post-order that is one round more than loops are
    // nested.
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < cfg->reachable; i++)
            again |= visit(progress, cfg->reverse_post_order[i]);
    }
    return progress;
}
