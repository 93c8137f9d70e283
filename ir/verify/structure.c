// Can the module be walked? Lists are lists, nothing is missing or in two places,
// operations have as many operands and edges as they take, and blocks end in terminators.
// Every other rule relies on it: they follow pointers without asking again. Also numbers
// blocks and values.
#include "ir/verify/rules.h"

// How many operands and edges an operation takes. -1: any number.
typedef struct Arity {
    int operands, most_operands, edges;
} Arity;

// The table of operations says what types an operation takes; how many operands it may have is
// said here, once, for the rules that index them.
static Arity arity_of(const IrInstruction *instruction) {
    switch (ir_op_shape(instruction->op)) {
    case IR_SHAPE_BINARY:
    case IR_SHAPE_COMPARE:
    case IR_SHAPE_PTR_OFFSET:
    case IR_SHAPE_PTR_DIFFERENCE:
    case IR_SHAPE_FLOAT_COMPARE:
    case IR_SHAPE_FLOAT_BINARY: return (Arity){2, 2, 0};
    case IR_SHAPE_SELECT: return (Arity){3, 3, 0};
    case IR_SHAPE_LOAD:
    case IR_SHAPE_ADDRESS: return (Arity){1, 2, 0};
    case IR_SHAPE_STORE: return (Arity){2, 3, 0};
    case IR_SHAPE_CALL: return (Arity){0, -1, 0};
    case IR_SHAPE_POLL_SITE:
    case IR_SHAPE_COMPONENT:
    case IR_SHAPE_UNREACHABLE: return (Arity){0, 0, 0};
    case IR_SHAPE_ABANDON: return (Arity){1, 1, 0};
    case IR_SHAPE_BR: return (Arity){0, 0, 1};
    case IR_SHAPE_IF: return (Arity){1, 1, 2};
    case IR_SHAPE_SWITCH: return (Arity){1, 1, -1};
    case IR_SHAPE_EXIT:
    case IR_SHAPE_DISPATCH: return (Arity){1, -1, 0};
    case IR_SHAPE_POLL: return (Arity){0, 0, 2};
    case IR_SHAPE_RET: return (Arity){0, 1, 0};
    case IR_SHAPE_TAIL: return (Arity){0, -1, 0};
    default: return (Arity){1, 1, 0};
    }
}

// Things are known by their address. One that is there twice would be walked twice, and
// changed twice by a pass, once under each owner.
static bool add(IrVerifier *verifier, PointerMap *map, const void *thing, const char *what) {
    if (!thing)
        verify_complain(verifier, "types", verify_at_module((Location){0, 0}),
                        "one %s is missing (NULL)", what);
    else if (!pointer_map_add(verifier->arena, map, thing, (int)map->count))
        verify_complain(verifier, "types", verify_at_module((Location){0, 0}),
                        "one %s is there twice", what);
    else
        return true;
    return false;
}

// Only that the path can be walked: whether it leads anywhere is the rule `table`'s to say.
static void check_path(IrVerifier *verifier, const IrPath *path, Location at) {
    if (path && !path->fields.count)
        verify_complain(verifier, "table", verify_at_module(at), "a path names no field");
    for (size_t i = 0; path && i < path->fields.count; i++)
        if (pointer_map_find(&verifier->fields, path->fields.items[i]) < 0)
            verify_complain(verifier, "table", verify_at_module(at),
                            "a path leads through a field of no record");
}

static void check_cursors(IrVerifier *verifier) {
    const IrModule *module = verifier->module;
    for (size_t i = 0; i < module->records.count; i++) {
        const IrRecord *record = module->records.items[i];
        for (size_t f = 0; f < record->fields.count; f++)
            check_path(verifier, record->fields.items[f]->cursor, record->fields.items[f]->at);
    }
}

// Whatever instructions may name is entered here first, under its own address.
static void add_declarations(IrVerifier *verifier) {
    const IrModule *module = verifier->module;
    for (size_t i = 0; i < module->records.count; i++) {
        const IrRecord *record = module->records.items[i];
        if (!add(verifier, &verifier->records, record, "record"))
            continue;
        for (size_t f = 0; f < record->fields.count; f++) {
            const IrField *field = record->fields.items[f];
            if (add(verifier, &verifier->fields, field, "field") && field->record != record)
                verify_complain(verifier, "memory", verify_at_module(field->at),
                                "%s.%s says it is of %s", record->name, field->name,
                                field->record ? field->record->name : "none");
        }
    }
    for (size_t i = 0; i < module->externals.count; i++)
        add(verifier, &verifier->externals, module->externals.items[i], "external");
    for (size_t i = 0; i < module->tables.count; i++)
        add(verifier, &verifier->tables, module->tables.items[i], "table");
    for (size_t i = 0; i < module->functions.count; i++)
        add(verifier, &verifier->functions, module->functions.items[i], "function");
}

// A block that says it belongs elsewhere would lead every rule that asks for its region
// astray.
static void add_block(IrVerifier *verifier, const IrRegion *region, const IrBlock *block) {
    if (!block || block->region != region ||
        !pointer_map_add(verifier->arena, &verifier->blocks, block, (int)verifier->homes.count)) {
        verify_complain(verifier, "regions", verify_at_function(region->function),
                        "a block of region %s %s", region->name ? region->name : "trunk",
                        !block                    ? "is missing (NULL)"
                        : block->region != region ? "belongs to another region"
                                                  : "is there twice");
        return;
    }
    ARENA_PUSH(verifier->arena, &verifier->homes, region);
}

static void add_function(IrVerifier *verifier, const IrFunction *function) {
    VerifyPlace place = verify_at_function(function);
    if (function->module != verifier->module)
        verify_complain(verifier, "form", place, "the function belongs to another module");
    if (!function->regions.count)
        verify_complain(verifier, "form", place, "the function has no trunk");
    for (size_t i = 0; i < function->regions.count; i++) {
        const IrRegion *region = function->regions.items[i];
        if (!add(verifier, &verifier->regions, region, "region"))
            continue;
        if (region->function != function) {
            verify_complain(verifier, "regions", place, "region %s belongs to another function",
                            region->name ? region->name : "trunk");
            continue;
        }
        if (!region->blocks.count)
            verify_complain(verifier, "terminators", place, "region %s has no block",
                            i == 0 ? "trunk" : region->name);
        for (size_t b = 0; b < region->blocks.count; b++)
            add_block(verifier, region, region->blocks.items[b]);
    }
}

// ---- Instructions --------------------------------------------------------------------

// Each value has one definition; that is what "static single assignment" means.
static void add_value(IrVerifier *verifier, const IrValue *value, VerifyDefinition definition) {
    int number = (int)verifier->definitions.count;
    if (!pointer_map_add(verifier->arena, &verifier->values, value, number))
        verify_complain(verifier, "dominance", verify_at_block(definition.block),
                        "%s is defined twice", verify_value_name(verifier, value));
    else
        ARENA_PUSH(verifier->arena, &verifier->definitions, definition);
}

// An operand that is NULL or of a removed instruction is what a pass leaves that
// forgets a use. The rule `dominance` would say that it is defined nowhere; this says what it
// is.
static void check_values(IrVerifier *verifier, const IrInstruction *at, IrValue *const *values,
                         size_t count, const char *what) {
    for (size_t i = 0; i < count; i++) {
        const IrValue *value = values[i];
        if (!value)
            verify_complain(verifier, "types", verify_at_instruction(at), "%s %zu of %s is missing",
                            what, i + 1, ir_op_text(at->op));
        // The instruction that a result names must be one that has it, or it is gone.
        else if (value->kind == IR_RESULT &&
                 (!value->instruction || value->instruction->result != value))
            verify_complain(verifier, "dominance", verify_at_instruction(at),
                            "%s %zu of %s is the result of no instruction", what, i + 1,
                            ir_op_text(at->op));
    }
}

// A switch has a default at least.
static void check_counts(IrVerifier *verifier, const IrInstruction *at) {
    Arity arity = arity_of(at);
    int operands = (int)at->operands.count, edges = (int)at->edges.count;
    if (operands < arity.operands || (arity.most_operands >= 0 && operands > arity.most_operands))
        verify_complain(verifier, "types", verify_at_instruction(at), "%s has %d operands",
                        ir_op_text(at->op), operands);
    if (arity.edges < 0 ? edges < 1 : edges != arity.edges)
        verify_complain(verifier, "terminators", verify_at_instruction(at), "%s has %d edges",
                        ir_op_text(at->op), edges);
}

// What the instruction names has to be declared in this module. A pointer that was left over
// from a removed declaration looks right otherwise, and is found here only.
static void check_references(IrVerifier *verifier, const IrInstruction *at) {
    VerifyPlace place = verify_at_instruction(at);
    const char *op = ir_op_text(at->op);
    IrShape shape = ir_op_shape(at->op);
    bool is_access = shape == IR_SHAPE_LOAD || shape == IR_SHAPE_STORE || shape == IR_SHAPE_ADDRESS;
    if (is_access && at->field && pointer_map_find(&verifier->fields, at->field) < 0)
        verify_complain(verifier, "memory", place, "%s names a field of no record", op);
    if (shape == IR_SHAPE_ADDRESS && !at->field &&
        pointer_map_find(&verifier->records, at->record) < 0)
        verify_complain(verifier, "memory", place, "%s names no field and no record", op);
    if (shape == IR_SHAPE_CALL && pointer_map_find(&verifier->externals, at->external) < 0)
        verify_complain(verifier, "types", place, "call of what is no external of the module");
    if (ir_op_leaves_by_table(at->op) && pointer_map_find(&verifier->tables, at->table) < 0)
        verify_complain(verifier, "table", place, "%s through what is no table of the module", op);
    if (shape == IR_SHAPE_TAIL && pointer_map_find(&verifier->functions, at->callee) < 0)
        verify_complain(verifier, "form", place, "tail call of what is no function of the module");
    for (size_t i = 0; i < at->edges.count; i++)
        if (!verify_home_of(verifier, at->edges.items[i].block))
            verify_complain(verifier, "regions", place,
                            "edge %zu of %s leads to no block of the module", i + 1, op);
}

// Both directions: a value that two instructions call theirs would have two definitions.
static void check_result(IrVerifier *verifier, const IrInstruction *at) {
    if (at->result && (at->result->kind != IR_RESULT || at->result->instruction != at))
        verify_complain(verifier, "types", verify_at_instruction(at),
                        "%s has another instruction's result", ir_op_text(at->op));
}

// Walks the list by hand, trusting nothing: this is the one place where `next` may lead in a
// circle.
static void check_block(IrVerifier *verifier, const IrBlock *block) {
    const IrRegion *region = block->region;
    for (size_t i = 0; i < block->parameters.count; i++) {
        const IrValue *value = block->parameters.items[i];
        if (!value || value->kind != IR_PARAMETER || value->parameter.block != block ||
            value->parameter.index != (int)i)
            verify_complain(verifier, "types", verify_at_block(block),
                            "parameter %zu is not this block's", i + 1);
        else
            add_value(verifier, value, (VerifyDefinition){region, block, -1});
    }
    const IrInstruction *previous = NULL;
    int order = 0;
    for (const IrInstruction *at = block->first; at; previous = at, at = at->next) {
        // A list that goes round, or shares a tail, shows by a wrong `previous`.
        if (at->previous != previous || at->block != block) {
            verify_complain(verifier, "terminators", verify_at_block(block),
                            "the list of instructions is broken");
            return;
        }
        if (at->result && at->result->kind == IR_RESULT)
            add_value(verifier, at->result, (VerifyDefinition){region, block, order++});
        else
            order++;
        check_result(verifier, at);
        check_counts(verifier, at);
        check_references(verifier, at);
        check_values(verifier, at, at->operands.items, at->operands.count, "operand");
        for (size_t e = 0; e < at->edges.count; e++)
            check_values(verifier, at, at->edges.items[e].arguments.items,
                         at->edges.items[e].arguments.count, "argument");
        if (ir_op_is_terminator(at->op) && at->next)
            verify_complain(verifier, "terminators", verify_at_instruction(at),
                            "%s stands before the end of its block", ir_op_text(at->op));
    }
    if (block->last != previous)
        verify_complain(verifier, "terminators", verify_at_block(block),
                        "the list of instructions is broken");
    else if (!previous)
        verify_complain(verifier, "terminators", verify_at_block(block), "%s is empty",
                        verify_block_name(verifier, block));
    else if (!ir_op_is_terminator(previous->op))
        verify_complain(verifier, "terminators", verify_at_instruction(previous),
                        "%s ends in %s, which is no terminator", verify_block_name(verifier, block),
                        ir_op_text(previous->op));
}

// Opcodes index the table without a check everywhere else.
static bool has_only_opcodes(const IrOpcodes *opcodes, int count) {
    for (size_t i = 0; i < opcodes->count; i++)
        if (opcodes->items[i] < 0 || opcodes->items[i] >= count)
            return false;
    return true;
}

// Tables lead to blocks and functions of the module, or to nothing.
static void check_table(IrVerifier *verifier, const IrTable *table) {
    int count = (int)table->bytecodes.count;
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        if ((bytecode->block && !verify_home_of(verifier, bytecode->block)) ||
            (bytecode->function && pointer_map_find(&verifier->functions, bytecode->function) < 0))
            verify_complain(verifier, "table", verify_at_module(bytecode->at),
                            "bytecode %zu of @%s leads nowhere", i, table->name);
        if (!has_only_opcodes(&bytecode->components, count) ||
            !has_only_opcodes(&bytecode->quickens, count))
            verify_complain(verifier, "table", verify_at_module(bytecode->at),
                            "bytecode %zu of @%s names what is no bytecode of the table", i,
                            table->name);
    }
    if ((table->default_block && !verify_home_of(verifier, table->default_block)) ||
        (table->default_function &&
         pointer_map_find(&verifier->functions, table->default_function) < 0))
        verify_complain(verifier, "table", verify_at_module(table->at),
                        "the default of @%s leads nowhere", table->name);
    for (size_t i = 0; i < table->parameters.count; i++)
        check_path(verifier, table->parameters.items[i].mirrors, table->at);
}

// Declarations before code, and blocks before instructions, as each refers to what comes
// before.
bool verify_structure(IrVerifier *verifier) {
    const IrModule *module = verifier->module;
    size_t before = verifier->complaints->count;
    add_declarations(verifier);
    if (verifier->complaints->count > before)
        return false;
    check_cursors(verifier);
    for (size_t i = 0; i < module->functions.count; i++)
        add_function(verifier, module->functions.items[i]);
    if (verifier->complaints->count > before)
        return false;
    for (size_t i = 0; i < module->tables.count; i++)
        check_table(verifier, module->tables.items[i]);
    for (size_t f = 0; f < module->functions.count; f++) {
        const IrFunction *function = module->functions.items[f];
        if (function->header &&
            verify_home_of(verifier, function->header) != function->regions.items[0])
            verify_complain(verifier, "form", verify_at_function(function),
                            "the loop's header is no block of the trunk");
        for (size_t r = 0; r < function->regions.count; r++)
            for (size_t b = 0; b < function->regions.items[r]->blocks.count; b++)
                check_block(verifier, function->regions.items[r]->blocks.items[b]);
    }
    return verifier->complaints->count == before;
}
