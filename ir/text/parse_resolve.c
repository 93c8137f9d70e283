// The text form's parser, at the module's end: what stood before its declaration, the
// types of results that follow from operands, and the types of literals.
#include "ir/text/literals.h"
#include "ir/text/parser.h"

#include <string.h>

// ---- Declarations ----------------------------------------------------------------------

static void resolve_pointees(Parser *parser) {
    for (size_t i = 0; i < parser->pointees.count; i++) {
        const PendingPointee *pending = &parser->pointees.items[i];
        const IrSymbol *symbol = ir_scope_find(&parser->records, pending->token.text);
        if (symbol)
            pending->field->pointee = symbol->thing;
        else
            ir_parse_fail(parser, pending->token.at, "there is no record '%s'",
                          pending->token.text);
    }
}

// Where a parameter's path begins: with the thread, the frame, or what another parameter points
// to. Paths are resolved in their order, so one that stands later is not known yet, and gives
// none.
static const IrRecord *root_record(const Parser *parser, const IrTable *table, const char *root) {
    for (size_t i = 0; i < table->parameters.count; i++)
        if (!strcmp(table->parameters.items[i].name, root))
            return ir_parameter_record(parser->module, table, i);
    return NULL;
}

static bool has_parameter(const IrTable *table, const char *name) {
    for (size_t i = 0; i < table->parameters.count; i++)
        if (!strcmp(table->parameters.items[i].name, name))
            return true;
    return false;
}

// Names the first field of the path that doesn't exist.
static void report_path(Parser *parser, const PendingPath *pending, const IrRecord *from,
                        const char *fields) {
    for (const char *rest = fields; from;) {
        size_t length = strcspn(rest, ".");
        const char *name = arena_strndup(parser->scratch, rest, length);
        const IrField *field = ir_find_field(from, name);
        if (!field) {
            ir_parse_fail(parser, pending->token.at, "record '%s' has no field '%s'", from->name,
                          name);
            return;
        }
        from = field->pointee;
        rest += length + (rest[length] == '.');
    }
    ir_parse_fail(parser, pending->token.at, "no record is known for a part of the path '%s'",
                  pending->token.text);
}

static IrPath *resolve_path(Parser *parser, const PendingPath *pending, const IrRecord *from,
                            const char *root, const char *fields) {
    IrPath *path = ir_path_new(parser->module, root, from, fields);
    if (!path)
        report_path(parser, pending, from, fields);
    return path;
}

static void resolve_mirror(Parser *parser, const PendingPath *pending) {
    const char *text = pending->token.text, *dot = strchr(text, '.');
    if (!dot) {
        ir_parse_fail(parser, pending->token.at, "expected PARAMETER.FIELD, found '%s'", text);
        return;
    }
    const char *root = arena_strndup(parser->scratch, text, (size_t)(dot - text));
    const IrRecord *from = root_record(parser, pending->table, root);
    if (from)
        pending->table->parameters.items[pending->parameter].mirrors =
            resolve_path(parser, pending, from, root, dot + 1);
    else if (!has_parameter(pending->table, root))
        ir_parse_fail(parser, pending->token.at, "table '@%s' has no parameter '%%%s'",
                      pending->table->name, root);
    else
        ir_parse_fail(parser, pending->token.at, "no record is known for a parameter '%s'", root);
}

static void resolve_paths(Parser *parser) {
    for (size_t i = 0; i < parser->paths.count; i++) {
        const PendingPath *pending = &parser->paths.items[i];
        if (pending->field)
            pending->field->cursor =
                resolve_path(parser, pending, pending->field->record, NULL, pending->token.text);
        else
            resolve_mirror(parser, pending);
    }
}

// By opcode's place in the table, not by pointer: the bytecodes have moved while the table
// grew.
static void set_target(const PendingTarget *pending, IrBlock *block, IrFunction *function) {
    IrTable *table = pending->table;
    if (pending->opcode < 0) {
        table->default_block = block;
        table->default_function = function;
    } else if ((size_t)pending->opcode < table->bytecodes.count) {
        table->bytecodes.items[pending->opcode].block = block;
        table->bytecodes.items[pending->opcode].function = function;
    }
}

static void resolve_targets(Parser *parser) {
    for (size_t i = 0; i < parser->targets.count; i++) {
        const PendingTarget *pending = &parser->targets.items[i];
        bool is_region = pending->token.kind == IR_TOKEN_BLOCK;
        const IrSymbol *symbol =
            ir_scope_find(is_region ? &parser->regions : &parser->functions, pending->token.text);
        if (!symbol || !symbol->thing) {
            if (!parser->is_cut)
                ir_parse_fail(parser, pending->token.at, "there is no %s '%s'",
                              is_region ? "region" : "function", pending->token.text);
            continue;
        }
        if (!is_region) {
            set_target(pending, NULL, symbol->thing);
            continue;
        }
        const IrRegion *region = symbol->thing;
        if (region->blocks.count)
            set_target(pending, region->blocks.items[0], NULL);
        else
            ir_parse_fail(parser, pending->token.at, "region '%s' has no block",
                          pending->token.text);
    }
}

static void resolve_tails(Parser *parser) {
    for (size_t i = 0; i < parser->tails.count; i++) {
        const PendingTail *pending = &parser->tails.items[i];
        const IrSymbol *symbol = ir_scope_find(&parser->functions, pending->token.text);
        if (symbol)
            pending->instruction->callee = symbol->thing;
        else
            ir_parse_fail(parser, pending->token.at, "there is no function '@%s'",
                          pending->token.text);
    }
}

// ---- Types -----------------------------------------------------------------------------

// The operand that a result takes its type from: the first of those that have to be
// alike which isn't a literal without a type. NULL: another rule gives the type.
static const IrValue *type_source(const IrInstruction *instruction) {
    size_t first;
    switch (ir_op_shape(instruction->op)) {
    case IR_SHAPE_UNARY: return instruction->operands.items[0];
    case IR_SHAPE_BINARY: first = 0; break;
    case IR_SHAPE_SELECT: first = 1; break;
    default: return NULL;
    }
    const IrValue *left = instruction->operands.items[first];
    const IrValue *right = instruction->operands.items[first + 1];
    bool is_open = left->kind == IR_CONSTANT && left->type == IR_VOID;
    return is_open && right->kind != IR_CONSTANT ? right : left;
}

typedef ARENA_VECTOR(IrValue *) Chain;

// Follows the sources of types up to one that is known, then gives its type to all on
// the way. Until then they count as i64, so that a circle ends, and ends as i64.
static void resolve_chain(Parser *parser, Chain *chain, IrValue *value) {
    chain->count = 0;
    IrType type;
    for (;;) {
        const IrInstruction *instruction = value->instruction;
        value->type = IR_I64;
        ARENA_PUSH(parser->scratch, chain, value);
        const IrValue *source = type_source(instruction);
        if (!source) {
            type = ir_result_type(instruction);
            break;
        }
        bool is_open = source->kind == IR_RESULT && source->type == IR_VOID && source->instruction;
        if (!is_open) {
            type = source->type == IR_VOID ? IR_I64 : source->type;
            break;
        }
        value = source->instruction->result;
    }
    for (size_t i = 0; i < chain->count; i++)
        chain->items[i]->type = type;
}

static void resolve_types(Parser *parser) {
    Chain chain = {0};
    const IrModule *module = parser->module;
    for (size_t i = 0; i < module->functions.count; i++) {
        const IrFunction *function = module->functions.items[i];
        for (size_t j = 0; j < function->regions.count; j++) {
            const IrRegion *region = function->regions.items[j];
            for (size_t k = 0; k < region->blocks.count; k++)
                for (IrInstruction *at = region->blocks.items[k]->first; at; at = at->next)
                    if (at->result && at->result->type == IR_VOID)
                        resolve_chain(parser, &chain, at->result);
        }
    }
}

// Last, since it asks for the types of operands.
static void resolve_literals(Parser *parser) {
    for (size_t i = 0; i < parser->literals.count; i++) {
        const PendingLiteral *pending = &parser->literals.items[i];
        const IrInstruction *instruction = pending->instruction;
        IrType type = pending->edge < 0
                          ? ir_operand_literal_type(instruction, pending->index)
                          : ir_argument_literal_type(&instruction->edges.items[pending->edge],
                                                     pending->index);
        if (type == IR_F64)
            ir_parse_fail(parser, pending->token.at, "an f64 needs a point or an exponent");
        else if (!ir_literal_set(pending->value, ir_type_bits(type) ? type : IR_I64,
                                 &pending->token))
            ir_parse_fail(parser, pending->token.at, "the number doesn't fit %s",
                          ir_type_text(ir_type_bits(type) ? type : IR_I64));
    }
}

// Each step needs the ones before it: paths go through pointees, types of literals follow from
// those of results and from what functions and tables take.
void ir_parse_resolve(Parser *parser) {
    resolve_pointees(parser);
    resolve_paths(parser);
    resolve_targets(parser);
    resolve_tails(parser);
    resolve_types(parser);
    resolve_literals(parser);
}
