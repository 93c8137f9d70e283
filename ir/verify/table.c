// The rules `table` and `default`: dispatch tables, the dispatches through them, and the
// header that they lead back to. A table is the contract between bytecodes: each begins with
// the same parameters, so who dispatches need not know to whom.
#include "ir/analysis/ranges.h"
#include "ir/analysis/trace.h"
#include "ir/verify/rules.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

// ---- Paths that parameters mirror ----------------------------------------------------

// A parameter may mirror a path from one that stands before it, so that reading the paths in
// order never needs what comes later, and no two can mirror each other.
static size_t find_root(const IrTable *table, size_t before, const char *name) {
    for (size_t i = 0; i < before; i++) {
        const char *other = table->parameters.items[i].name;
        const char *a = other, *b = name;
        while (a && b && *a && *a == *b)
            a++, b++;
        if (a && b && *a == *b)
            return i;
    }
    return before;
}

// What a parameter claims to hold has to exist, and be of its type. Whether it does hold that, at
// each dispatch, is not checked here: whoever changes the field passes the new value on.
static void check_mirror(IrVerifier *verifier, const IrTable *table, size_t index) {
    const IrTableParameter *parameter = &table->parameters.items[index];
    const IrPath *path = parameter->mirrors;
    VerifyPlace place = verify_at_module(table->at);
    if (!path)
        return;
    size_t root = find_root(table, index, path->root);
    const IrRecord *record =
        root < index ? ir_parameter_record(verifier->module, table, root) : NULL;
    if (!record) {
        verify_complain(
            verifier, "table", place,
            "%s of @%s mirrors a path from %s, which is no parameter before it that points "
            "to a record",
            parameter->name, table->name, path->root ? path->root : "nothing");
        return;
    }
    const IrField *field = NULL;
    for (size_t i = 0; i < path->fields.count; i++) {
        field = path->fields.items[i];
        if (field->record != record || field->is_array) {
            verify_complain(verifier, "table", place,
                            "%s of @%s mirrors a path that ends before %s", parameter->name,
                            table->name, field->name);
            return;
        }
        record = field->pointee;
    }
    if (parameter->is_cursor && !field->cursor)
        verify_complain(verifier, "table", place, "%s of @%s mirrors %s.%s, which is no cursor",
                        parameter->name, table->name, field->record->name, field->name);
    IrType type = parameter->is_cursor ? IR_PTR : ir_cell_type(field->cell);
    if (parameter->type != type)
        verify_complain(verifier, "table", place, "%s of @%s is %s and mirrors %s", parameter->name,
                        table->name, ir_type_text(parameter->type), ir_type_text(type));
}

// ---- Slots of the stack that parameters hold -----------------------------------------------

// Those that hold slots stand last, from the top down, so that tables which differ in how many
// they hold begin alike. Each is what is in a slot: a cell of the stack, and of one width.
static void check_slot_parameters(IrVerifier *verifier, const IrTable *table) {
    const IrModule *module = verifier->module;
    VerifyPlace place = verify_at_module(table->at);
    int slots = ir_table_slots(table), expected = 0;
    if (slots && (!module->stack_field || ir_cell_size(module->stack_cell) != 8)) {
        verify_complain(verifier, "table", place,
                        "parameters of @%s hold slots of a stack, and no stack of 8-byte slots is "
                        "declared",
                        table->name);
        return;
    }
    if (slots > IR_TRACE_SLOTS)
        verify_complain(verifier, "table", place, "parameters of @%s hold more than %d slots",
                        table->name, IR_TRACE_SLOTS);
    for (size_t i = table->parameters.count - (size_t)slots; i < table->parameters.count; i++) {
        const IrTableParameter *parameter = &table->parameters.items[i];
        expected++;
        if (!parameter->slot)
            verify_complain(verifier, "table", place,
                            "%s of @%s holds no slot, and comes after one that does",
                            parameter->name, table->name);
        else if (parameter->slot != expected)
            verify_complain(verifier, "table", place,
                            "%s of @%s holds slot %d, where slot %d is to stand", parameter->name,
                            table->name, parameter->slot, expected);
        else if (parameter->type != ir_cell_type(module->stack_cell))
            verify_complain(verifier, "table", place, "%s of @%s is %s and holds a slot of %s",
                            parameter->name, table->name, ir_type_text(parameter->type),
                            ir_cell_text(module->stack_cell));
    }
}

// ---- Bytecodes -------------------------------------------------------------------------

// An effect of a constant is right in itself.
static void check_slots(IrVerifier *verifier, const IrBytecode *bytecode, const IrSlots *slots) {
    if (slots->factor != 0 &&
        (slots->operand < 0 || slots->operand >= (int)bytecode->operands.count))
        verify_complain(verifier, "table", verify_at_module(bytecode->at),
                        "the stack effect of %s depends on an operand that it has not",
                        bytecode->name);
}

// What a table leads to takes the table's parameters.
static void check_parameters(IrVerifier *verifier, const IrTable *table, const IrBlock *block,
                             const char *name, Location at) {
    bool same = block->parameters.count == table->parameters.count;
    for (size_t i = 0; same && i < table->parameters.count; i++)
        same = block->parameters.items[i]->type == table->parameters.items[i].type;
    // A complaint about the block, shown at the table's line, where the reader sees both.
    VerifyPlace place = verify_at_block(block);
    place.at = at;
    if (!same)
        verify_complain(verifier, "table", place, "%s does not take the parameters of @%s", name,
                        table->name);
}

static void check_target(IrVerifier *verifier, const IrTable *table, const IrBlock *block,
                         const IrFunction *function, const char *name, Location at) {
    if (block && function)
        verify_complain(verifier, "table", verify_at_module(at),
                        "%s of @%s leads to a block and to a function", name, table->name);
    if (block) {
        const IrRegion *home = verify_home_of(verifier, block);
        if (verify_is_trunk(home) || home->blocks.items[0] != block)
            verify_complain(verifier, "table", verify_at_module(at),
                            "%s of @%s leads to %s, which starts no region", name, table->name,
                            verify_block_name(verifier, block));
        check_parameters(verifier, table, block, name, at);
    }
    if (function)
        check_parameters(verifier, table, function->regions.items[0]->blocks.items[0], name, at);
}

static void check_bytecode(IrVerifier *verifier, const IrTable *table, size_t index) {
    const IrBytecode *bytecode = &table->bytecodes.items[index];
    VerifyPlace place = verify_at_module(bytecode->at);
    if (bytecode->opcode != (int)index)
        verify_complain(verifier, "table", place, "bytecode %zu of @%s has the opcode %d", index,
                        table->name, bytecode->opcode);
    if (bytecode->length == INT_MAX)
        verify_complain(verifier, "table", place, "%s is longer than any code", bytecode->name);
    int needed = ir_bytecode_default_length(table, bytecode);
    if (bytecode->length < needed)
        verify_complain(verifier, "table", place, "%s is %d units long and its operands need %d",
                        bytecode->name, bytecode->length, needed);
    check_slots(verifier, bytecode, &bytecode->needs);
    check_slots(verifier, bytecode, &bytecode->stack);
    check_slots(verifier, bytecode, &bytecode->jumped);
    for (size_t i = 0; i < bytecode->further.count; i++) {
        check_slots(verifier, bytecode, &bytecode->further.items[i].needs);
        check_slots(verifier, bytecode, &bytecode->further.items[i].stack);
        check_slots(verifier, bytecode, &bytecode->further.items[i].jumped);
    }
    for (size_t i = 0; i < bytecode->operands.count; i++) {
        const IrOperand *operand = &bytecode->operands.items[i];
        if (ir_cell_type(operand->cell) != IR_I64 || ir_cell_size(operand->cell) > 4)
            verify_complain(verifier, "table", place,
                            "operand %s of %s is %s, which code doesn't hold", operand->name,
                            bytecode->name, ir_cell_text(operand->cell));
        if (ir_operand_is_jump(operand))
            check_slots(verifier, bytecode, &operand->jump);
        if (operand->is_fixed && bytecode->origin != IR_ORIGIN_QUICKENED)
            verify_complain(verifier, "table", place,
                            "operand %s of %s is fixed, and %s is not quickened", operand->name,
                            bytecode->name, bytecode->name);
        else if (operand->is_fixed && !ir_cell_holds(operand->cell, operand->fixed))
            verify_complain(verifier, "table", place, "operand %s of %s is no %s when it is %lld",
                            operand->name, bytecode->name, ir_cell_text(operand->cell),
                            (long long)operand->fixed);
    }
    check_target(verifier, table, bytecode->block, bytecode->function, bytecode->name,
                 bytecode->at);
    verify_kinship(verifier, table, bytecode);
}

// Opcodes are written in one unit of code. The first that doesn't fit speaks for the rest.
static void check_opcodes_fit(IrVerifier *verifier, const IrTable *table) {
    size_t most = (size_t)1 << (8 * ir_cell_size(table->unit));
    if (table->bytecodes.count > most)
        verify_complain(verifier, "table", verify_at_module(table->bytecodes.items[most].at),
                        "%s of @%s has the opcode %zu, which a %s doesn't hold",
                        table->bytecodes.items[most].name, table->name, most,
                        ir_cell_text(table->unit));
}

static int compare_names(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

// Bytecodes are named by others, so their names tell them apart.
static void check_names(IrVerifier *verifier, const IrTable *table) {
    size_t count = table->bytecodes.count;
    const char **names = ARENA_ARRAY(verifier->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = table->bytecodes.items[i].name;
    qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 1; i < count; i++)
        if (!strcmp(names[i], names[i - 1]))
            verify_complain(verifier, "table", verify_at_module(table->at),
                            "two bytecodes of @%s are called %s", table->name, names[i]);
}

// What ends a round passes the next bytecode's parameters, whether through the header or not.
static void check_header(IrVerifier *verifier, const IrTable *table) {
    const IrModule *module = verifier->module;
    const IrFunction *function = module->functions.count ? module->functions.items[0] : NULL;
    if (module->form == IR_FORM_LOOP && function && function->header)
        check_parameters(verifier, table, function->header, "the loop's header", table->at);
}

void verify_tables(IrVerifier *verifier) {
    for (size_t i = 0; i < verifier->module->tables.count; i++) {
        const IrTable *table = verifier->module->tables.items[i];
        if (table->unit != IR_CELL_U8 && table->unit != IR_CELL_U16 && table->unit != IR_CELL_U32)
            verify_complain(verifier, "table", verify_at_module(table->at),
                            "code units of @%s are %s", table->name, ir_cell_text(table->unit));
        else
            check_opcodes_fit(verifier, table);
        for (size_t p = 0; p < table->parameters.count; p++)
            check_mirror(verifier, table, p);
        check_slot_parameters(verifier, table);
        for (size_t e = 0; e < table->bytecodes.count; e++)
            check_bytecode(verifier, table, e);
        check_names(verifier, table);
        check_target(verifier, table, table->default_block, table->default_function, "default",
                     table->at);
        check_header(verifier, table);
    }
}

// ---- Dispatches ----------------------------------------------------------------------

// A dispatch is an indirect jump, which can't leave a function.
static void check_dispatch_home(IrVerifier *verifier, const IrInstruction *at,
                                const IrBlock *target) {
    if (target && target->region->function != at->block->region->function)
        verify_complain(verifier, "table", verify_at_instruction(at),
                        "%s to %s, which is in another function", ir_op_text(at->op),
                        verify_block_name(verifier, target));
}

// An exit's opcode is known, so it needs no range; that something is there has to be sure.
static void check_exit(IrVerifier *verifier, const IrInstruction *at) {
    bool is_known = at->operands.items[0]->kind == IR_CONSTANT;
    const IrBytecode *bytecode = is_known ? ir_exit_bytecode(at) : NULL;
    if (!bytecode)
        verify_complain(verifier, "table", verify_at_instruction(at), "exit to no bytecode of @%s",
                        at->table->name);
    else if (!bytecode->block && !bytecode->function)
        verify_complain(verifier, "table", verify_at_instruction(at),
                        "exit to %s, which @%s leads nowhere for", bytecode->name, at->table->name);
    else
        check_dispatch_home(verifier, at, bytecode->block);
}

void verify_dispatch(IrVerifier *verifier, const IrInstruction *at) {
    if (!ir_op_leaves_by_table(at->op))
        return;
    const IrTable *table = at->table;
    size_t given = at->operands.count - 1;
    if (given != table->parameters.count)
        verify_complain(verifier, "table", verify_at_instruction(at),
                        "@%s takes %zu arguments, not %zu", table->name, table->parameters.count,
                        given);
    for (size_t i = 0; i < given && i < table->parameters.count; i++) {
        IrType type = at->operands.items[i + 1]->type;
        if (type != table->parameters.items[i].type)
            verify_complain(verifier, "table", verify_at_instruction(at),
                            "argument %zu of @%s is %s, not %s", i + 1, table->name,
                            ir_type_text(type), ir_type_text(table->parameters.items[i].type));
    }
    if (at->op == IR_EXIT) {
        check_exit(verifier, at);
        return;
    }
    for (size_t i = 0; i < table->bytecodes.count; i++)
        check_dispatch_home(verifier, at, table->bytecodes.items[i].block);
    check_dispatch_home(verifier, at, table->default_block);
}

// ---- default -------------------------------------------------------------------------

static void check_range(IrVerifier *verifier, const IrInstruction *at, IrRange range) {
    const IrTable *table = at->table;
    IrRange whole = ir_range(0, (int64_t)table->bytecodes.count - 1);
    if (!ir_range_within(range, whole)) {
        verify_complain(
            verifier, "default", verify_at_instruction(at),
            "@%s has no default, code need not be verified, and the opcode may be %lld to "
            "%lld where the table has 0 to %lld",
            table->name, (long long)range.low, (long long)range.high, (long long)whole.high);
        return;
    }
    // Within the table there may be gaps, where a pass found that nothing leads to a bytecode.
    for (int64_t i = range.low; i <= range.high; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        if (!bytecode->block && !bytecode->function)
            verify_complain(verifier, "default", verify_at_instruction(at),
                            "the opcode may be that of %s, which @%s leads nowhere for",
                            bytecode->name, table->name);
    }
}

// A dispatch without a default is a promise that the opcode is in the table. Code that the
// bytecode verifier has admitted keeps it; otherwise it must follow from the ranges of values.
void verify_default(IrVerifier *verifier, const IrRegion *region) {
    IrRanges *ranges = NULL;
    if (verifier->module->verified)
        return;
    for (size_t i = 0; i < region->blocks.count; i++) {
        const IrInstruction *last = region->blocks.items[i]->last;
        if (last->op != IR_DISPATCH || last->table->default_block || last->table->default_function)
            continue;
        if (!ranges)
            ranges = ir_ranges_compute(verifier->arena, verifier->module, region);
        check_range(verifier, last, ir_range_of_opcode(ranges, last));
    }
}
