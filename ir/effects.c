// What instructions do besides giving a result: effects, and which loads and stores count
// as frame reads and writes. Passes ask these and know no operation by name, so that a new
// operation, or a runtime function that is declared to do less, needs no pass changed.
// Effects are sets of alias classes and three things that no class of memory says: moving
// objects, leaving for an error, waiting. The idea of annotating what a call reads and
// writes is that of type and effect systems (Lucassen and Gifford, 1988).
#include "ir/ir.h"

#include <stdlib.h>

// A const field is in no class: a store to it comes before any load that could see a
// difference.
static unsigned access_alias_class(const IrInstruction *instruction) {
    const IrField *field = instruction->field;
    return field ? (field->is_const ? 0 : field->alias_class) : instruction->alias_class;
}

static const IrModule *module_of(const IrInstruction *instruction) {
    return instruction->block ? instruction->block->region->function->module : NULL;
}

// The barrier reads the header of the object stored into and may call out.
static IrEffects barrier_effects(const IrModule *module) {
    IrEffects effects = {0};
    if (!module)
        return effects;
    if (module->barrier_external)
        effects = module->barrier_external->effects;
    if (module->barrier_field && !module->barrier_field->is_const)
        effects.reads |= module->barrier_field->alias_class;
    return effects;
}

bool ir_lets_others_run(const IrInstruction *instruction) {
    const IrModule *module = module_of(instruction);
    return instruction->op == IR_POLL_SITE ||
           (instruction->op == IR_CALL && module && instruction->external == module->poll_external);
}

// A pass that ran before the marks become polls could else rely on what a poll changes.
static IrEffects mark_effects(const IrModule *module) {
    return module && module->poll_external ? module->poll_external->effects : (IrEffects){0};
}

IrEffects ir_effects(const IrInstruction *instruction) {
    IrEffects effects = {0};
    switch (instruction->op) {
    case IR_LOAD: effects.reads = access_alias_class(instruction); break;
    case IR_STORE: effects.writes = access_alias_class(instruction); break;
    case IR_STORE_REF:
        effects = barrier_effects(module_of(instruction));
        effects.writes |= access_alias_class(instruction);
        break;
    case IR_POLL_SITE: effects = mark_effects(module_of(instruction)); break;
    case IR_CALL: effects = instruction->external->effects; break;
    default: break;
    }
    return effects;
}

// A call that only reads may go with its result. A poll's mark may have no effect, but a pass
// looks for it.
bool ir_is_removable(const IrInstruction *instruction) {
    switch (ir_op_shape(instruction->op)) {
    case IR_SHAPE_STORE:
    case IR_SHAPE_POLL_SITE:
    case IR_SHAPE_ABANDON:
    case IR_SHAPE_COMPONENT: return false;
    case IR_SHAPE_CALL: {
        IrEffects effects = ir_effects(instruction);
        return !effects.writes && !effects.collects && !effects.raises && !effects.blocks;
    }
    default: return !ir_op_is_terminator(instruction->op);
    }
}

static size_t record_index(const IrModule *module, const IrRecord *record) {
    size_t i = 0;
    while (i < module->records.count && module->records.items[i] != record)
        i++;
    return i;
}

// Marks what one record's const fields point to; true if that is new.
static bool mark_pointees(const IrModule *module, const IrRecord *record, bool *reached) {
    bool changed = false;
    for (size_t i = 0; i < record->fields.count; i++) {
        const IrField *field = record->fields.items[i];
        if (!field->is_const || field->is_array || !field->pointee)
            continue;
        size_t pointee = record_index(module, field->pointee);
        if (pointee < module->records.count && !reached[pointee])
            changed = reached[pointee] = true;
    }
    return changed;
}

// Do const fields lead from the frame to `record`? A fixed point over the records.
static bool is_reached_from_frame(const IrModule *module, const IrRecord *record) {
    size_t count = module->records.count;
    size_t target = record_index(module, record);
    if (target == count)
        return false;
    bool *reached = calloc(count, sizeof *reached);
    if (!reached)
        abort();
    bool changed = mark_pointees(module, module->frame, reached);
    while (changed && !reached[target]) {
        changed = false;
        for (size_t i = 0; i < count; i++)
            if (reached[i] && mark_pointees(module, module->records.items[i], reached))
                changed = true;
    }
    bool found = reached[target];
    free(reached);
    return found;
}

bool ir_is_frame_read(const IrModule *module, const IrInstruction *load) {
    const IrField *field = load->field;
    if (load->op != IR_LOAD || !field || field->is_array || !module->frame)
        return false;
    if (field->record == module->frame)
        return true;
    return field->is_const && is_reached_from_frame(module, field->record);
}

bool ir_is_frame_write(const IrModule *module, const IrInstruction *store) {
    const IrField *field = store->field;
    return ir_op_shape(store->op) == IR_SHAPE_STORE && field && module->frame &&
           field->record == module->frame && !field->is_array && !field->is_const;
}
