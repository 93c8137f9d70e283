// See operation_marks.h. Backward from the seeds (cursor updates, dispatched
// opcodes) over use counts: an operation joins when the last of its uses has. What anybody
// else uses as well is that one's work, and would be there without the dispatch.
//
// As in reference counting: a use that turns out to be dispatch is taken off the count
// (`discharge`), and a value whose count gets to zero is one that only the dispatch wanted. There
// are two rounds: first what feeds the cursor's updates, by arithmetic on the cursor only, as
// whatever else is read for them (a jump's distance, a new frame's pc) is work; then what feeds the
// dispatched opcode, where loads may join.
#include "backend/llvm/operation_marks.h"

#include "ir/analysis/cfg.h"

#include <stdlib.h>

// What is known about one region while its operations are marked.
typedef struct Region {
    LlvmMarks *marks;
    const IrModule *module;
    const IrTable *table; // the one whose parameters the region takes; NULL: an entry's
    // The parameters for the frame and for the cursor. NULL: the region has none, or (the
    // cursor, where no pass has put it into a parameter) it is a field of the frame alone.
    const IrValue *frame, *cursor;
    PointerMap derived;                 // values that the cursor has gone into
    PointerMap opcodes;                 // values that are dispatched
    PointerMap results;                 // result -> index into uses
    ARENA_VECTOR(int) uses;             // uses that are not (yet) known to be dispatch
    ARENA_VECTOR(const IrValue *) work; // values that a dispatch operation uses
    bool loads_too;                     // loads may join: they feed a dispatch's opcode
} Region;

static LlvmMark *kind_of(LlvmMarks *marks, const IrInstruction *instruction) {
    return &marks->kinds.items[pointer_map_find(&marks->numbers, instruction)];
}

LlvmMark llvm_mark_of(const LlvmMarks *marks, const IrInstruction *instruction) {
    int number = pointer_map_find(&marks->numbers, instruction);
    return number < 0 ? LLVM_MARK_WORK : marks->kinds.items[number];
}

int llvm_operation_number(const LlvmMarks *marks, const IrInstruction *instruction) {
    return pointer_map_find(&marks->numbers, instruction) + 1;
}

// What moves a cursor along: no memory, no call, no choice. A select is a choice that the bytecode
// makes (which way a jump goes), and therefore its work.
static bool is_pure_arithmetic(const IrInstruction *instruction) {
    switch (ir_op_shape(instruction->op)) {
    case IR_SHAPE_BINARY:
    case IR_SHAPE_CONVERT:
    case IR_SHAPE_PTR_TO_I64:
    case IR_SHAPE_I64_TO_PTR:
    case IR_SHAPE_PTR_OFFSET:
    case IR_SHAPE_PTR_DIFFERENCE: return true;
    default: return false;
    }
}

static bool is_cursor_read(const Region *region, const IrInstruction *instruction) {
    return instruction->op == IR_LOAD && instruction->field && instruction->field->cursor &&
           instruction->operands.items[0] == region->frame;
}

static bool is_derived(const Region *region, const IrValue *value) {
    return pointer_map_find(&region->derived, value) >= 0;
}

static bool derive(Region *region, const IrValue *value) {
    return pointer_map_add(region->marks->arena, &region->derived, value, 0);
}

// One round over the region: what gets the cursor, moved along by arithmetic or handed
// on to another block. True if anything new does.
static bool derive_once(Region *region, const IrRegion *code) {
    bool changed = false;
    for (size_t b = 0; b < code->blocks.count; b++)
        for (const IrInstruction *i = code->blocks.items[b]->first; i; i = i->next) {
            bool gets = i->result && is_cursor_read(region, i);
            for (size_t o = 0; o < i->operands.count; o++)
                gets = gets || (is_pure_arithmetic(i) && is_derived(region, i->operands.items[o]));
            if (gets && i->result)
                changed = derive(region, i->result) || changed;
            for (size_t e = 0; e < i->edges.count; e++) {
                const IrEdge *edge = &i->edges.items[e];
                for (size_t a = 0; edge->block->region == code && a < edge->arguments.count &&
                                   a < edge->block->parameters.count;
                     a++)
                    if (is_derived(region, edge->arguments.items[a]))
                        changed = derive(region, edge->block->parameters.items[a]) || changed;
            }
        }
    return changed;
}

// To a fixed point, as a loop within the region may hand the moved cursor back to a block that was
// looked at before. Each round adds a value at least, and regions are small.
static void find_derived(Region *region, const IrRegion *code) {
    if (region->cursor)
        derive(region, region->cursor);
    while (derive_once(region, code))
        ;
}

// Values from outside the region (its parameters, constants) have no count: nobody asks whose they
// are.
static void count_use(Region *region, const IrValue *value, int by) {
    int index = pointer_map_find(&region->results, value);
    if (index >= 0)
        region->uses.items[index] += by;
}

static void count_uses(Region *region, const IrRegion *code) {
    for (size_t b = 0; b < code->blocks.count; b++)
        for (const IrInstruction *i = code->blocks.items[b]->first; i; i = i->next)
            if (i->result && pointer_map_add(region->marks->arena, &region->results, i->result,
                                             (int)region->uses.count))
                ARENA_PUSH(region->marks->arena, &region->uses, 0);
    for (size_t b = 0; b < code->blocks.count; b++)
        for (const IrInstruction *i = code->blocks.items[b]->first; i; i = i->next) {
            for (size_t o = 0; o < i->operands.count; o++)
                count_use(region, i->operands.items[o], 1);
            for (size_t e = 0; e < i->edges.count; e++)
                for (size_t a = 0; a < i->edges.items[e].arguments.count; a++)
                    count_use(region, i->edges.items[e].arguments.items[a], 1);
        }
}

// One use of `value` turned out to be dispatch.
static void discharge(Region *region, const IrValue *value) {
    count_use(region, value, -1);
    ARENA_PUSH(region->marks->arena, &region->work, value);
}

// A load that may feed a dispatch: of the opcode, or of a field on the way to it. What
// else is read from the code is an operand.
static bool is_dispatch_load(const Region *region, const IrValue *value) {
    const IrInstruction *load = value->instruction;
    return load->op == IR_LOAD && (load->field || pointer_map_find(&region->opcodes, value) >= 0);
}

// Follows the uses that were discharged. A value joins if none is left, and if it is something that
// dispatch consists of; then its own operands lose a use in turn.
static void drain(Region *region) {
    while (region->work.count > 0) {
        const IrValue *value = region->work.items[--region->work.count];
        int index = pointer_map_find(&region->results, value);
        if (index < 0 || region->uses.items[index] != 0)
            continue;
        IrInstruction *instruction = value->instruction;
        LlvmMark *kind = kind_of(region->marks, instruction);
        if (*kind == LLVM_MARK_DISPATCH ||
            !(is_derived(region, value) || (region->loads_too && is_dispatch_load(region, value))))
            continue;
        *kind = LLVM_MARK_DISPATCH;
        for (size_t o = 0; o < instruction->operands.count; o++)
            discharge(region, instruction->operands.items[o]);
    }
}

// Arguments for the table's parameters: the moved cursor among them is dispatch.
static void seed_arguments(Region *region, IrValue *const *arguments, size_t count) {
    for (size_t a = 0; a < count && a < region->table->parameters.count; a++)
        if (region->table->parameters.items[a].is_cursor && is_derived(region, arguments[a]))
            discharge(region, arguments[a]);
}

// What is dispatch by itself: the jump, the updates of the cursor, and (in form loop) the branch
// back to the header with the cursor among its arguments. A conditional branch to the header is
// the bytecode's own, and only its arguments for the cursor count.
static void seed(Region *region, const IrFunction *function, IrInstruction *instruction) {
    if (instruction->op == IR_POLL)
        *kind_of(region->marks, instruction) = LLVM_MARK_POLL;
    if (instruction->op == IR_DISPATCH) {
        *kind_of(region->marks, instruction) = LLVM_MARK_DISPATCH;
        if (region->table)
            seed_arguments(region, instruction->operands.items + 1,
                           instruction->operands.count - 1);
    }
    if (!region->table)
        return;
    for (size_t e = 0; e < instruction->edges.count; e++) {
        const IrEdge *edge = &instruction->edges.items[e];
        if (function->header && edge->block == function->header) {
            seed_arguments(region, edge->arguments.items, edge->arguments.count);
            if (instruction->op == IR_BR)
                *kind_of(region->marks, instruction) = LLVM_MARK_DISPATCH;
        }
    }
    if (instruction->op == IR_STORE && instruction->field && instruction->field->cursor &&
        instruction->operands.items[0] == region->frame) {
        *kind_of(region->marks, instruction) = LLVM_MARK_DISPATCH;
        discharge(region, instruction->operands.items[0]);
        discharge(region, ir_stored_value(instruction));
    }
}

// A region that doesn't take the table's parameters (an entry, a trunk) has no cursor that could be
// followed.
static void mark_region(LlvmMarks *marks, const IrModule *module, const IrTable *table,
                        const IrFunction *function, const IrRegion *code) {
    Region region = {.marks = marks, .module = module, .table = table};
    const IrBlock *entry = code->blocks.items[0];
    if (table && entry->parameters.count == table->parameters.count) {
        region.frame = ir_state_value(entry, IR_FRAME_PARAMETER);
        for (size_t p = 0; p < entry->parameters.count; p++)
            if (table->parameters.items[p].is_cursor)
                region.cursor = entry->parameters.items[p];
    }
    count_uses(&region, code);
    find_derived(&region, code);
    for (size_t b = 0; b < code->blocks.count; b++)
        for (IrInstruction *i = code->blocks.items[b]->first; i; i = i->next)
            seed(&region, function, i);
    drain(&region);
    // What is left of a dispatch's opcode joins with its loads.
    region.loads_too = true;
    for (size_t b = 0; b < code->blocks.count; b++)
        for (IrInstruction *i = code->blocks.items[b]->first; i; i = i->next)
            if (i->op == IR_DISPATCH && i->operands.count > 0) {
                pointer_map_add(marks->arena, &region.opcodes, i->operands.items[0], 0);
                discharge(&region, i->operands.items[0]);
            }
    drain(&region);
}

// In form loop, what can follow the header in the trunk is dispatch, all of it: no bytecode's
// work is there, and before the header stands what is done once.
static void mark_trunk(LlvmMarks *marks, const IrFunction *function) {
    const IrRegion *trunk = function->regions.items[0];
    const IrCfg *cfg = ir_cfg_compute(marks->arena, trunk);
    int header = ir_cfg_position(cfg, function->header);
    if (header < 0)
        return;
    bool *seen = ARENA_ARRAY(marks->arena, bool, cfg->count);
    ARENA_VECTOR(int) work = {0};
    ARENA_PUSH(marks->arena, &work, header);
    seen[header] = true;
    while (work.count > 0) {
        const IrCfgNode *node = &cfg->nodes[work.items[--work.count]];
        for (IrInstruction *i = node->block->first; i; i = i->next)
            *kind_of(marks, i) = i->op == IR_POLL ? LLVM_MARK_POLL : LLVM_MARK_DISPATCH;
        for (size_t s = 0; s < node->successors.count; s++) {
            int next = node->successors.items[s];
            if (!seen[next]) {
                seen[next] = true;
                ARENA_PUSH(marks->arena, &work, next);
            }
        }
    }
}

// The table whose parameters the code begins with. Tables that lead to the same bytecodes in
// several states of the loop differ in how many there are, and begin alike; so where none fits, any
// does.
static const IrTable *find_table(const IrModule *module, const IrRegion *code) {
    for (size_t t = 0; t < module->tables.count; t++)
        if (module->tables.items[t]->parameters.count == code->blocks.items[0]->parameters.count)
            return module->tables.items[t];
    return module->tables.count ? module->tables.items[0] : NULL;
}

LlvmMarks *llvm_marks_compute(Arena *arena, const IrModule *module) {
    LlvmMarks *marks = ARENA_NEW(arena, LlvmMarks);
    marks->arena = arena;
    for (size_t f = 0; f < module->functions.count; f++) {
        const IrFunction *function = module->functions.items[f];
        for (size_t r = 0; r < function->regions.count; r++) {
            const IrRegion *region = function->regions.items[r];
            for (size_t b = 0; b < region->blocks.count; b++)
                for (IrInstruction *i = region->blocks.items[b]->first; i; i = i->next) {
                    pointer_map_add(arena, &marks->numbers, i, (int)marks->kinds.count);
                    ARENA_PUSH(arena, &marks->kinds, LLVM_MARK_WORK);
                }
        }
        for (size_t r = 0; r < function->regions.count; r++) {
            const IrRegion *region = function->regions.items[r];
            bool is_entry = r == 0 && (module->form != IR_FORM_HANDLERS || f == 0);
            if (region->blocks.count > 0)
                mark_region(marks, module, is_entry ? NULL : find_table(module, region), function,
                            region);
        }
        if (function->header && function->regions.count > 0)
            mark_trunk(marks, function);
    }
    return marks;
}
