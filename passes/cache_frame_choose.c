// Which fields cache-frame-state caches: those that the dispatch reads or half of the
// bytecodes use, or that the module says are to be cached, which fill a register, and for which
// there is one. A field is read where a frame comes in, so each round must be sure to access the
// frame; and a cursor's elements are, so each record that leads to them, too. Else the cursor is
// carried as the index that it is.
#include "passes/cache_frame_state.h"
#include "passes/support/anticipated.h"

typedef struct Choosing {
    Cache *cache;
    PassReport *report;
    ShapeRegions regions;
    const bool *anticipated; // by the number of a chain
    size_t known;            // how many chains that is said of
    int integers, floats;    // registers that are left
} Choosing;

static const char *frame_name(const Choosing *choosing) {
    return ir_state_name(choosing->cache->shape.table, IR_FRAME_PARAMETER);
}

static bool is_anticipated(const Choosing *choosing, const FramePath *path) {
    return (size_t)path->number < choosing->known && choosing->anticipated[path->number];
}

// Once is enough: what counts is how many bytecodes gain from the register, not by how much.
static bool region_uses(const ShapeRegion *region, const IrField *field) {
    for (size_t b = 0; b < region->region->blocks.count; b++)
        for (const IrInstruction *at = region->region->blocks.items[b]->first; at; at = at->next)
            if (cache_accesses_own(region, at, field))
                return true;
    return false;
}

// A parameter has it already, from an earlier run or written by hand.
static bool is_cached(const IrTable *table, const IrField *field) {
    for (size_t i = 0; i < table->parameters.count; i++) {
        const IrPath *mirrors = table->parameters.items[i].mirrors;
        if (mirrors && mirrors->fields.count == 1 && mirrors->fields.items[0] == field)
            return true;
    }
    return false;
}

// Can the field be carried as an address? Not if what it indexes may move.
static bool is_fixed_cursor(const IrField *field) {
    if (!field->cursor || field->cell != IR_CELL_I64)
        return false;
    for (size_t i = 0; i < field->cursor->fields.count; i++)
        if (field->cursor->fields.items[i]->cell != IR_CELL_PTR)
            return false;
    return true;
}

// The chain to what a cursor indexes; NULL where it may not be read with the frame.
// Each record on the way has to be one that a round is sure to access, since the elements are
// read as soon as the frame comes in.
static FramePath *elements_of(const Choosing *choosing, const IrField *field) {
    FramePaths *paths = choosing->cache->paths;
    FramePath *path = paths->all.items[0];
    for (size_t i = 0; i < field->cursor->fields.count; i++) {
        if (!is_anticipated(choosing, path)) {
            pass_remark(choosing->report,
                        "%s.%s stays an index: nothing says that %s always points to something",
                        frame_name(choosing), field->name, frame_path_text(paths, path));
            return NULL;
        }
        path = frame_path_child(paths, path, field->cursor->fields.items[i]);
    }
    return path;
}

static void add_state(const Choosing *choosing, const IrField *field) {
    Cache *cache = choosing->cache;
    CachedField *state = &cache->states[cache->count++];
    *state = (CachedField){.field = field};
    if (is_fixed_cursor(field))
        state->elements = elements_of(choosing, field);
    // Sizes of cells are powers of two, so scaling is a shift.
    while (state->elements && 1 << state->shift < ir_cell_size(field->cursor_cell))
        state->shift++;
}

// How many bytecodes use a field, and whether the dispatch does.
typedef struct FieldUses {
    int bytecodes;
    bool in_dispatch;
} FieldUses;

// NULL: it is cached.
static const char *reason_against(Choosing *choosing, const IrField *field, FieldUses uses) {
    Arena *scratch = choosing->cache->context->scratch;
    int bytecodes = (int)choosing->regions.count - 1;
    int *left = ir_cell_type(field->cell) == IR_F64 ? &choosing->floats : &choosing->integers;
    if (!uses.in_dispatch && !field->is_cached && 2 * uses.bytecodes < bytecodes)
        return arena_printf(scratch, "used by %d of %d bytecodes only", uses.bytecodes, bytecodes);
    if (ir_cell_size(field->cell) < 8)
        return "narrower than a register";
    if (!is_anticipated(choosing, choosing->cache->paths->all.items[0]))
        return arena_printf(scratch, "nothing says that %s always points to something",
                            frame_name(choosing));
    // The last question, as asking takes a register away.
    if ((*left)-- <= 0)
        return "the loop has as many parameters as registers";
    return NULL;
}

// Decides about one field, and says so.
static void consider(Choosing *choosing, const IrField *field) {
    FieldUses uses = {.in_dispatch = region_uses(choosing->regions.items[0], field)};
    for (size_t r = 1; r < choosing->regions.count; r++)
        uses.bytecodes += region_uses(choosing->regions.items[r], field);
    if (!uses.in_dispatch && !uses.bytecodes)
        return;
    const char *reason = reason_against(choosing, field, uses);
    if (reason) {
        pass_remark(choosing->report, "refused %s.%s: %s", frame_name(choosing), field->name,
                    reason);
        return;
    }
    add_state(choosing, field);
    const Cache *cache = choosing->cache;
    pass_remark(choosing->report, "cached %s.%s%s: %sused by %d of %d bytecodes",
                frame_name(choosing), field->name,
                cache->states[cache->count - 1].elements ? " as an address" : "",
                uses.in_dispatch ? "read in the dispatch, " : "", uses.bytecodes,
                (int)choosing->regions.count - 1);
}

void cache_choose(Cache *cache) {
    Arena *scratch = cache->context->scratch;
    const IrRecord *frame = cache->shape.module->frame;
    Choosing choosing = {
        .cache = cache,
        .report = cache->context->report,
        .regions = shape_regions(&cache->shape, scratch),
        .integers = ir_registers_left(cache->shape.table, IR_I64),
        .floats = ir_registers_left(cache->shape.table, IR_F64),
    };
    FramePathValues **values = frame_path_values_of_all(cache->paths, &choosing.regions, scratch);
    choosing.anticipated = anticipated_paths(cache->paths, values, choosing.regions.count, scratch);
    choosing.known = cache->paths->all.count;
    cache->states = ARENA_ARRAY(scratch, CachedField, frame->fields.count);
    // What the definition wants comes first, as there may be too few registers.
    for (size_t i = 0; i < 2 * frame->fields.count; i++) {
        const IrField *field = frame->fields.items[i % frame->fields.count];
        if (field->is_cached == (i < frame->fields.count) && !field->is_const && !field->is_array &&
            field->alias_class == IR_ALIAS_FRAME && !is_cached(cache->shape.table, field))
            consider(&choosing, field);
    }
}
