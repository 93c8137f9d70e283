// The rules `memory` and `poll`: declarations of records and of what a module names,
// accesses to memory, and what a poll's cold edge leads to. Passes take each field for a
// cell of its own and each alias class for memory apart, so what would make that untrue is
// refused here.
#include "ir/verify/rules.h"

#include <stdlib.h>
#include <string.h>

static bool is_reference(IrCell cell) {
    return cell == IR_CELL_OBJECT || cell == IR_CELL_VALUE;
}

// Exactly one bit: an access that may be to either of two would have to be ordered with both.
static bool is_one_alias_class(unsigned alias_class) {
    return alias_class && !(alias_class & (alias_class - 1)) &&
           !(alias_class & ~(unsigned)IR_ALIAS_ALL);
}

// A chain of const scalar fields from `record` to what the cursor indexes. Const, as a pass
// keeps the address of an element in a register in the place of the index, and that would be
// wrong as soon as the elements were somewhere else.
static void check_cursor(IrVerifier *verifier, const IrField *field) {
    const IrRecord *record = field->record;
    for (size_t i = 0; i < field->cursor->fields.count; i++) {
        const IrField *step = field->cursor->fields.items[i];
        if (step->record != record || !step->is_const || step->is_array) {
            verify_complain(verifier, "memory", verify_at_module(field->at),
                            "the cursor %s.%s indexes what const fields don't lead to",
                            field->record->name, field->name);
            return;
        }
        record = step->pointee;
    }
    if (field->cell != IR_CELL_I64 || field->is_array)
        verify_complain(verifier, "memory", verify_at_module(field->at),
                        "the cursor %s.%s is no i64", field->record->name, field->name);
}

// An array in place may begin before its record (the slots under a frame), a field may not.
static void check_field(IrVerifier *verifier, const IrField *field) {
    VerifyPlace place = verify_at_module(field->at);
    const char *record = field->record->name;
    if (field->is_const ? field->alias_class != 0 : !is_one_alias_class(field->alias_class))
        verify_complain(verifier, "memory", place, "%s.%s belongs to no alias class", record,
                        field->name);
    if (field->pointee && pointer_map_find(&verifier->records, field->pointee) < 0)
        verify_complain(verifier, "memory", place, "%s.%s points to no record of the module",
                        record, field->name);
    if (field->pointee && field->cell != IR_CELL_PTR && field->cell != IR_CELL_OBJECT)
        verify_complain(verifier, "memory", place, "%s.%s is %s and points to nothing", record,
                        field->name, ir_cell_text(field->cell));
    if (!field->is_array && field->offset < 0)
        verify_complain(verifier, "memory", place, "%s.%s lies before its record", record,
                        field->name);
    if (field->cursor)
        check_cursor(verifier, field);
    if (field->is_cached && (verifier->module->frame != field->record || field->is_const ||
                             field->is_array || ir_cell_size(field->cell) < 8))
        verify_complain(verifier, "memory", place, "%s.%s is cached, but no state of the frame",
                        record, field->name);
}

// By offset, and by name where that is the same: sorting must not depend on the order.
static int compare_fields(const void *a, const void *b) {
    const IrField *left = *(const IrField *const *)a, *right = *(const IrField *const *)b;
    if (left->offset != right->offset)
        return left->offset < right->offset ? -1 : 1;
    return strcmp(left->name, right->name);
}

// What passes keep elsewhere (state of the frame, const fields, what the collector looks at) they
// know by its field alone: so none of that may be seen as something else, too.
static void check_overlay(IrVerifier *verifier, const IrField *field, const IrField *below) {
    const IrModule *module = verifier->module;
    const IrRecord *record = field->record;
    bool is_state = record == module->frame || record == module->thread || record->moves;
    if (is_state || field->is_const || below->is_const || field->cursor || below->cursor ||
        field->alias_class != below->alias_class || is_reference(field->cell) ||
        is_reference(below->cell))
        verify_complain(verifier, "memory", verify_at_module(field->at),
                        "%s.%s can't lie over %s.%s", record->name, field->name, record->name,
                        below->name);
}

// Passes take each field for a cell of its own, so no two share bytes but those that say so;
// arrays in place are taken for one of them together. Elements of a record don't overlap either.
static void check_layout(IrVerifier *verifier, const IrRecord *record) {
    size_t count = 0;
    const IrField **fields = ARENA_ARRAY(verifier->arena, const IrField *, record->fields.count);
    for (size_t i = 0; i < record->fields.count; i++)
        if (!record->fields.items[i]->is_array)
            fields[count++] = record->fields.items[i];
    if (count)
        qsort(fields, count, sizeof *fields, compare_fields);
    // In order of offsets each field is compared with the one that reaches furthest, not with
    // the last: a wide one may hold several.
    int64_t end = 0;
    const IrField *last = NULL; // the one that ends there
    for (size_t i = 0; i < count; i++) {
        const IrField *field = fields[i];
        bool shares = last && field->offset < end;
        if (shares && (field->is_overlay || last->is_overlay))
            check_overlay(verifier, field, last);
        else if (shares)
            verify_complain(verifier, "memory", verify_at_module(field->at), "%s.%s overlaps %s.%s",
                            record->name, field->name, record->name, last->name);
        if (field->offset + ir_cell_size(field->cell) > end) {
            end = field->offset + ir_cell_size(field->cell);
            last = field;
        }
    }
    if (record->size < end)
        verify_complain(verifier, "memory", verify_at_module(record->at),
                        "record %s has size %lld, and its fields take %lld", record->name,
                        (long long)record->size, (long long)end);
}

static bool takes(const IrExternal *external, IrType first, IrType second) {
    return external->parameters.count == 2 && external->parameters.items[0] == first &&
           external->parameters.items[1] == second && !external->indirect;
}

static void check_poll_declaration(IrVerifier *verifier) {
    const IrModule *module = verifier->module;
    VerifyPlace place = verify_at_module((Location){0, 0});
    if (!module->poll_field && !module->poll_external)
        return;
    if (!module->poll_field || !module->poll_external ||
        pointer_map_find(&verifier->fields, module->poll_field) < 0 ||
        pointer_map_find(&verifier->externals, module->poll_external) < 0) {
        verify_complain(verifier, "poll", place, "a poll tests a field and calls an external");
        return;
    }
    if (module->poll_field->record != module->thread || module->poll_field->is_array)
        verify_complain(verifier, "poll", place,
                        "what a poll tests, %s.%s, is no field of the thread",
                        module->poll_field->record->name, module->poll_field->name);
    if (!takes(module->poll_external, IR_PTR, IR_PTR))
        verify_complain(verifier, "poll", place, "@%s, which polls call, does not take (ptr, ptr)",
                        module->poll_external->name);
}

static void check_stack(IrVerifier *verifier, const IrField *field) {
    const IrModule *module = verifier->module;
    if (pointer_map_find(&verifier->fields, field) < 0 || field->record != module->frame ||
        field->cell != IR_CELL_PTR || field->is_array || field->is_const)
        verify_complain(verifier, "memory", verify_at_module((Location){0, 0}),
                        "the stack pointer is no ptr in the frame's state");
}

static void check_stack_declaration(IrVerifier *verifier) {
    const IrModule *module = verifier->module;
    if (module->stack_field)
        check_stack(verifier, module->stack_field);
    for (size_t i = 0; i < module->further_stacks.count; i++)
        check_stack(verifier, module->further_stacks.items[i].field);
}

static void check_barrier_declaration(IrVerifier *verifier) {
    const IrModule *module = verifier->module;
    VerifyPlace place = verify_at_module((Location){0, 0});
    if (!module->barrier_field && !module->barrier_external)
        return;
    if (!module->barrier_field || !module->barrier_external ||
        pointer_map_find(&verifier->fields, module->barrier_field) < 0 ||
        pointer_map_find(&verifier->externals, module->barrier_external) < 0) {
        verify_complain(verifier, "memory", place, "a barrier tests a field and calls an external");
        return;
    }
    if (module->barrier_field->is_array || ir_cell_type(module->barrier_field->cell) != IR_I64)
        verify_complain(verifier, "memory", place, "what a barrier tests, %s.%s, is no integer",
                        module->barrier_field->record->name, module->barrier_field->name);
    if (!takes(module->barrier_external, IR_PTR, IR_OBJECT))
        verify_complain(verifier, "memory", place,
                        "@%s, which barriers call, does not take (ptr, object)",
                        module->barrier_external->name);
}

void verify_declarations(IrVerifier *verifier) {
    const IrModule *module = verifier->module;
    VerifyPlace place = verify_at_module((Location){0, 0});
    for (size_t i = 0; i < module->records.count; i++)
        check_layout(verifier, module->records.items[i]);
    for (size_t i = 0; i < module->records.count; i++)
        for (size_t f = 0; f < module->records.items[i]->fields.count; f++)
            check_field(verifier, module->records.items[i]->fields.items[f]);
    if (module->thread && pointer_map_find(&verifier->records, module->thread) < 0)
        verify_complain(verifier, "memory", place, "the thread is no record of the module");
    if (module->frame && pointer_map_find(&verifier->records, module->frame) < 0)
        verify_complain(verifier, "memory", place, "the frame is no record of the module");
    check_stack_declaration(verifier);
    check_poll_declaration(verifier);
    check_barrier_declaration(verifier);
}

// ---- Accesses ----------------------------------------------------------------------

// Does `base` point into an object, as far as its own definition shows?
static bool points_into_object(const IrValue *base) {
    return base->type == IR_PTR && base->kind == IR_RESULT && base->instruction->op == IR_ADDRESS &&
           base->instruction->operands.count && base->instruction->operands.items[0] &&
           base->instruction->operands.items[0]->type == IR_OBJECT;
}

// A collector that looks at the young objects alone has to hear of each old one that is made
// to refer to them (the write barrier: Ungar, "Generation Scavenging", 1984). A store without
// it loses an object, but only sometimes, so it is refused wherever it can be seen.
static void check_reference_store(IrVerifier *verifier, const IrInstruction *at) {
    IrCell cell = ir_access_cell(at);
    const IrValue *base = at->operands.items[0];
    if (at->op == IR_STORE_REF) {
        if (!is_reference(cell))
            verify_complain(verifier, "memory", verify_at_instruction(at),
                            "store.ref of %s, which is no reference", ir_cell_text(cell));
        if (verifier->module->barrier_external && base->type != IR_OBJECT)
            verify_complain(verifier, "memory", verify_at_instruction(at),
                            "store.ref into what is no object, so has no barrier's field");
        return;
    }
    if (!is_reference(cell))
        return;
    if (at->field && at->field->record->moves)
        verify_complain(verifier, "memory", verify_at_instruction(at),
                        "a reference is stored into %s.%s, and %s moves, without store.ref",
                        at->field->record->name, at->field->name, at->field->record->name);
    if (!at->field && points_into_object(base))
        verify_complain(verifier, "memory", verify_at_instruction(at),
                        "a reference is stored into an object by an address, without store.ref");
}

// An access says either which field, or which alias class: passes know from it what a store
// may have changed.
void verify_memory(IrVerifier *verifier, const IrInstruction *at) {
    IrShape shape = ir_op_shape(at->op);
    if (shape != IR_SHAPE_LOAD && shape != IR_SHAPE_STORE && shape != IR_SHAPE_ADDRESS)
        return;
    bool has_index = ir_access_index(at) != NULL;
    const IrField *field = at->field;
    if (field && field->is_array && !has_index)
        verify_complain(verifier, "memory", verify_at_instruction(at),
                        "%s.%s is an array and needs an index", field->record->name, field->name);
    if (field && !field->is_array && has_index)
        verify_complain(verifier, "memory", verify_at_instruction(at),
                        "%s.%s is no array and takes no index", field->record->name, field->name);
    if (!field && !has_index)
        verify_complain(verifier, "memory", verify_at_instruction(at),
                        "%s of an element needs an index", ir_op_text(at->op));
    if (!field && shape != IR_SHAPE_ADDRESS && !is_one_alias_class(at->alias_class))
        verify_complain(verifier, "memory", verify_at_instruction(at),
                        "%s of an element does not name one alias class", ir_op_text(at->op));
    if (shape == IR_SHAPE_STORE)
        check_reference_store(verifier, at);
}

static bool block_calls(const IrBlock *block, const IrExternal *external) {
    for (const IrInstruction *at = block->first; at; at = at->next)
        if (at->op == IR_CALL && at->external == external)
            return true;
    return false;
}

void verify_poll(IrVerifier *verifier, const IrInstruction *at) {
    if (at->op != IR_POLL)
        return;
    const IrExternal *external = verifier->module->poll_external;
    if (!external || !verifier->module->poll_field) {
        verify_complain(verifier, "poll", verify_at_instruction(at),
                        "poll in a module that declares none");
        return;
    }
    const IrBlock *cold = at->edges.items[1].block;
    // A superinstruction is left, for a bytecode that polls again.
    bool calls = block_calls(cold, external) || cold->last->op == IR_EXIT;
    // What is cold may be a function of its own.
    const IrRegion *part = cold->last->op == IR_TAIL ? cold->last->callee->regions.items[0] : NULL;
    for (size_t b = 0; part && b < part->blocks.count; b++)
        calls |= block_calls(part->blocks.items[b], external);
    if (calls)
        return;
    verify_complain(verifier, "poll", verify_at_instruction(at),
                    "the cold edge's block, %s, does not call @%s",
                    verify_block_name(verifier, cold), external->name);
}
