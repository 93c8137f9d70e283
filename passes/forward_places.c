// Where accesses to the stack lie, and which may be the same. A place is a sum: a root, bytes, an
// index. Two places with the same root and the same index are as far apart as their bytes say;
// of others nothing is known, but for one thing: the operand stack lies apart from the frame's
// own fields (docs/ir.md, `stack`), so a local is never a slot, whatever its index.
//
// The root of what is accessed relative to the stack pointer is where the pointer stood when the
// bytecode began (progress.h), so that it doesn't matter in which value, parameter or field it
// is kept meanwhile.
#include "passes/forward_stack.h"

// ---- Places ------------------------------------------------------------------------------------

static int64_t wrapped_sum(int64_t left, int64_t right) {
    return (int64_t)((uint64_t)left + (uint64_t)right);
}

static int64_t wrapped_product(int64_t left, int64_t right) {
    return (int64_t)((uint64_t)left * (uint64_t)right);
}

// Takes constants that are added to a value off it. Addresses and indices wrap, so does the sum.
static const IrValue *without_constants(const ForwardRegion *region, IrValue *value, IrOp add,
                                        int64_t size, int64_t *offset) {
    for (;;) {
        value = substitution_of(&region->same, value);
        const IrInstruction *at = value->kind == IR_RESULT ? value->instruction : NULL;
        bool is_sum = at && (at->op == add || (add == IR_ADD && at->op == IR_SUB));
        if (!is_sum || at->operands.items[1]->kind != IR_CONSTANT)
            return value;
        int64_t by = wrapped_product(at->operands.items[1]->integer, size);
        *offset = wrapped_sum(*offset, at->op == IR_SUB ? wrapped_product(by, -1) : by);
        value = at->operands.items[0];
    }
}

// The cell at a base.
static StackPlace place_at(const ForwardRegion *region, IrValue *base, IrCell cell) {
    StackPlace place = {.cell = cell};
    IrDistance distance = ir_progress_value(region->progress, base);
    if (distance.base == IR_BASE_STACK && !distance.factor)
        place.offset = distance.constant;
    else
        place.root = without_constants(region, base, IR_PTR_ADD, 1, &place.offset);
    return place;
}

static StackPlace place_of(const ForwardRegion *region, const IrInstruction *at) {
    const IrValue *frame = region->progress->frame;
    IrValue *base = substitution_of(&region->same, at->operands.items[0]);
    IrValue *index = ir_access_index(at);
    StackPlace place = place_at(region, base, ir_access_cell(at));
    int64_t size = ir_cell_size(place.cell);
    if (at->field) {
        place.offset = wrapped_sum(place.offset, at->field->offset);
        place.in_frame = frame && base == frame;
    }
    if (!index)
        return place;
    const IrValue *rest = without_constants(region, index, IR_ADD, size, &place.offset);
    if (rest->kind == IR_CONSTANT)
        place.offset = wrapped_sum(place.offset, wrapped_product(rest->integer, size));
    else
        place.index = rest;
    return place;
}

static bool is_same_place(const StackPlace *one, const StackPlace *other) {
    return one->root == other->root && one->index == other->index && one->offset == other->offset &&
           one->cell == other->cell;
}

static bool may_be_same(const StackPlace *one, const StackPlace *other) {
    int64_t size = ir_cell_size(one->cell), other_size = ir_cell_size(other->cell);
    if ((!one->root && other->in_frame) || (one->in_frame && !other->root))
        return false;
    if (one->root != other->root || one->index != other->index ||
        (one->index && size != other_size))
        return true;
    int64_t apart = (int64_t)((uint64_t)one->offset - (uint64_t)other->offset);
    return apart > -size && apart < other_size;
}

// ---- Touching ----------------------------------------------------------------------------------

static bool is_access(const IrInstruction *at) {
    if (at->op != IR_LOAD && at->op != IR_STORE)
        return false;
    IrEffects effects = ir_effects(at);
    return (effects.reads | effects.writes) & IR_ALIAS_STACK;
}

// Is what is stored to the cell just what is loaded from it afterwards?
static bool is_followed(const IrInstruction *at) {
    return is_access(at) && ir_cell_size(ir_access_cell(at)) == 8;
}

static void touch_access(const ForwardRegion *region, const IrInstruction *at, StackTouch *touch) {
    StackPlace place = place_of(region, at);
    uint64_t *set = at->op == IR_LOAD ? &touch->reads : &touch->writes;
    for (size_t c = 0; c < region->count; c++) {
        if (may_be_same(&place, &region->places[c]))
            *set |= UINT64_C(1) << c;
        if (is_same_place(&place, &region->places[c]))
            touch->exact = (int)c;
    }
}

int forward_find_slot(const ForwardRegion *region, IrValue *top, int slot) {
    StackPlace place =
        place_at(region, substitution_of(&region->same, top), region->module->stack_cell);
    place.offset = wrapped_sum(place.offset, -(int64_t)slot * ir_cell_size(place.cell));
    for (size_t c = 0; c < region->count; c++)
        if (is_same_place(&place, &region->places[c]) && !region->places[c].in_frame)
            return (int)c;
    return -1;
}

bool forward_is_slot(const ForwardRegion *region, int cell) {
    return !region->places[cell].root && !region->places[cell].index;
}

bool forward_can_reach(const ForwardRegion *region, int cell) {
    return forward_is_slot(region, cell) && region->anchor &&
           (region->places[cell].offset - region->anchored_at) % 8 == 0;
}

IrValue *forward_index(const ForwardRegion *region, int cell) {
    return ir_integer(region->module, IR_I64,
                      (region->places[cell].offset - region->anchored_at) / 8);
}

// A component that may be left stores nothing before but what brings up to date what those
// before it have pushed (rule `components`), so other stores stay in their component.
static uint64_t stopped_by_mark(const ForwardRegion *region, const IrInstruction *mark) {
    uint64_t passes = 0;
    const IrTrace *trace = region->trace;
    int64_t size = ir_cell_size(region->module->stack_cell);
    for (size_t c = 0; trace && c < region->count; c++) {
        const StackPlace *place = &region->places[c];
        if (forward_is_slot(region, (int)c) && place->offset % size == 0 &&
            ir_trace_may_restore(trace, place->offset / size, mark->component))
            passes |= UINT64_C(1) << c;
    }
    return region->all & ~passes;
}

static uint64_t defined_by(const ForwardRegion *region, const IrValue *value) {
    int index = pointer_map_find(&region->definitions, value);
    return index < 0 ? 0 : region->defines.items[index];
}

uint64_t forward_renewed_by(const ForwardRegion *region, const IrBlock *block) {
    uint64_t cells = 0;
    for (size_t i = 0; i < block->parameters.count; i++)
        cells |= defined_by(region, block->parameters.items[i]);
    return cells;
}

StackTouch forward_touch(const ForwardRegion *region, const IrInstruction *at) {
    StackTouch touch = {.exact = -1};
    if (is_access(at)) {
        touch_access(region, at, &touch);
    } else {
        IrEffects effects = ir_effects(at);
        // Who moves objects, reports an error or lets others run, looks at the whole frame.
        if (effects.reads & IR_ALIAS_STACK || effects.collects || effects.raises || effects.blocks)
            touch.reads = region->all;
        if (effects.writes & IR_ALIAS_STACK)
            touch.writes = region->all;
        if (effects.collects)
            touch.writes |= region->moving;
        if (at->op == IR_COMPONENT)
            touch.stops = stopped_by_mark(region, at);
    }
    touch.renews = at->result ? defined_by(region, at->result) : 0;
    return touch;
}

// ---- Where the stack pointer stands ------------------------------------------------------------

bool forward_keeps_frame(const ForwardRegion *region, IrValue *const *arguments, size_t count) {
    const IrValue *frame = region->progress->frame;
    return count > IR_FRAME_PARAMETER && frame &&
           substitution_of(&region->same, arguments[IR_FRAME_PARAMETER]) == frame;
}

bool forward_find_top(const ForwardRegion *region, const IrPosition *position,
                      IrValue *const *arguments, size_t count, int64_t *top) {
    const IrProgress *progress = region->progress;
    IrDistance stack = position->stack;
    if (!forward_keeps_frame(region, arguments, count))
        return false;
    if (progress->stack_parameter >= 0)
        stack = ir_progress_value(progress, arguments[progress->stack_parameter]);
    *top = stack.constant;
    return stack.base == IR_BASE_STACK && !stack.factor;
}

IrPosition forward_position_at_end(const ForwardRegion *region, int block) {
    IrPosition position = region->progress->in[block];
    for (const IrInstruction *at = region->cfg->nodes[block].block->first; at; at = at->next)
        ir_progress_step(region->progress, &position, at);
    return position;
}

// ---- Opening a region --------------------------------------------------------------------------

static void note_definition(ForwardRegion *region, const IrValue *value, size_t cell) {
    if (!value)
        return;
    int index = pointer_map_find(&region->definitions, value);
    if (index < 0) {
        index = (int)region->defines.count;
        pointer_map_add(region->scratch, &region->definitions, value, index);
        ARENA_PUSH(region->scratch, &region->defines, 0);
    }
    region->defines.items[index] |= UINT64_C(1) << cell;
}

typedef ARENA_VECTOR(StackPlace) StackPlaces;

static void note_place(StackPlaces *places, const StackPlace *place, Arena *scratch) {
    if (places->count == FORWARD_MOST)
        return;
    for (size_t i = 0; i < places->count; i++)
        if (is_same_place(&places->items[i], place))
            return;
    ARENA_PUSH(scratch, places, *place);
}

static StackPlaces find_places(const ForwardRegion *region) {
    StackPlaces places = {0};
    for (size_t i = 0; i < region->cfg->reachable; i++) {
        const IrBlock *block = region->cfg->nodes[region->cfg->reverse_post_order[i]].block;
        for (const IrInstruction *at = block->first; at; at = at->next)
            if (is_followed(at)) {
                StackPlace place = place_of(region, at);
                note_place(&places, &place, region->scratch);
            }
    }
    return places;
}

static bool can_be_anchor(const ForwardRegion *region, const IrValue *value) {
    IrDistance distance = {.base = IR_BASE_UNKNOWN};
    if (value && value->type == IR_PTR)
        distance = ir_progress_value(region->progress, value);
    return distance.base == IR_BASE_STACK && !distance.factor;
}

static void find_anchor(ForwardRegion *region) {
    const IrBlock *start = region->cfg->nodes[0].block;
    region->anchor = NULL;
    for (size_t i = 0; i < start->parameters.count && !region->anchor; i++)
        if (can_be_anchor(region, start->parameters.items[i]))
            region->anchor = start->parameters.items[i];
    for (IrInstruction *at = start->first; at && !region->anchor; at = at->next)
        if (can_be_anchor(region, at->result))
            region->anchor = at->result;
    if (region->anchor)
        region->anchored_at = ir_progress_value(region->progress, region->anchor).constant;
}

bool forward_open(ForwardRegion *region, const IrBytecode *fused, size_t first) {
    region->cfg = ir_cfg_compute(region->scratch, region->region);
    region->trace = NULL;
    if (fused) {
        region->trace =
            ir_trace_compute(region->scratch, region->module, region->table, fused, region->cfg);
        region->progress = region->trace->progress;
    } else {
        region->progress = ir_progress_compute(
            region->scratch, (IrProgressInput){.module = region->module,
                                               .table = region->table,
                                               .cfg = region->cfg,
                                               .stack_field = region->module->stack_field});
    }
    region->same = tidy_find_redundant_parameters(region->region, region->scratch);
    find_anchor(region);
    StackPlaces places = find_places(region);
    if (first >= places.count)
        return false;
    size_t rest = places.count - first;
    region->places = places.items + first;
    region->count = rest < FORWARD_CELLS ? rest : FORWARD_CELLS;
    region->all = region->count < 64 ? (UINT64_C(1) << region->count) - 1 : ~UINT64_C(0);
    region->moving = 0;
    region->definitions = (PointerMap){0};
    region->defines.count = 0;
    for (size_t c = 0; c < region->count; c++) {
        IrCell cell = region->places[c].cell;
        if (cell == IR_CELL_VALUE || cell == IR_CELL_OBJECT)
            region->moving |= UINT64_C(1) << c;
        note_definition(region, region->places[c].root, c);
        note_definition(region, region->places[c].index, c);
    }
    return true;
}
