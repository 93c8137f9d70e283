// The text form's parser: records, externals, the stack, and what polls and barriers call.
#include "ir/text/parser.h"

#include <string.h>

// [POINTEE] after a cell.
static void parse_pointee(Parser *parser, IrField *field) {
    if (parser->token.kind == IR_TOKEN_WORD)
        ARENA_PUSH(parser->scratch, &parser->pointees,
                   ((PendingPointee){field, ir_parse_take(parser)}));
}

static bool parse_field_memory(Parser *parser, IrField *field) {
    IrToken token;
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "'const' or an alias class", &token))
        return false;
    field->is_const = !strcmp(token.text, "const");
    if (!field->is_const && !ir_alias_from_text(token.text, &field->alias_class))
        return ir_parse_fail(parser, token.at, "'%s' is no alias class", token.text);
    return true;
}

static bool parse_cursor(Parser *parser, IrField *field) {
    IrToken path;
    if (!ir_parse_accept_word(parser, "cursor"))
        return true;
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "a path", &path))
        return false;
    ARENA_PUSH(parser->scratch, &parser->paths, ((PendingPath){.field = field, .token = path}));
    return ir_parse_cell(parser, &field->cursor_cell);
}

// name: CELL[[]] [POINTEE] @OFFSET const|REGION [cursor PATH CELL] [cached] [overlay]
// [!line:column]
static bool parse_field(Parser *parser, IrRecord *record) {
    IrToken name;
    IrCell cell;
    int64_t offset;
    if (!ir_parse_plain_name(parser, "a field's name", &name) || !ir_parse_mark(parser, ':') ||
        !ir_parse_cell(parser, &cell))
        return false;
    if (ir_find_field(record, name.text))
        return ir_parse_fail(parser, name.at, "field '%s' is defined twice", name.text);
    IrField *field = ir_field_new(parser->module, record, name.text, cell, 0);
    if (ir_parse_accept_mark(parser, '[')) {
        field->is_array = true;
        if (!ir_parse_mark(parser, ']'))
            return false;
    }
    parse_pointee(parser, field);
    if (!ir_parse_mark(parser, '@') || !ir_parse_integer(parser, INT32_MIN, INT32_MAX, &offset))
        return false;
    field->offset = offset;
    ir_parse_stands(parser, &field->at, name.at);
    if (!parse_field_memory(parser, field) || !parse_cursor(parser, field))
        return false;
    field->is_cached = ir_parse_accept_word(parser, "cached");
    field->is_overlay = ir_parse_accept_word(parser, "overlay");
    return ir_parse_location(parser, &field->at);
}

// NAME [moves] [size BYTES] [!line:column] { FIELDS }
bool ir_parse_record(Parser *parser) {
    IrToken name;
    IrSymbol *symbol;
    int64_t size = -1;
    if (!ir_parse_plain_name(parser, "a record's name", &name) ||
        !ir_parse_define(parser, &parser->records, name, "record", &symbol))
        return false;
    IrRecord *record = ir_record_new(parser->module, name.text, false);
    symbol->thing = record;
    ir_parse_stands(parser, &record->at, name.at);
    record->moves = ir_parse_accept_word(parser, "moves");
    if (ir_parse_accept_word(parser, "size") && !ir_parse_integer(parser, 0, INT32_MAX, &size))
        return false;
    if (!ir_parse_location(parser, &record->at) || !ir_parse_mark(parser, '{'))
        return false;
    while (parser->token.kind != IR_TOKEN_END && !ir_parse_is_mark(parser, '}')) {
        Location start = parser->token.at;
        if (!parse_field(parser, record))
            ir_parse_skip_line(parser, start);
    }
    record->size = size < 0 ? ir_record_default_size(record) : size;
    return ir_parse_mark(parser, '}');
}

static bool parse_parameter_types(Parser *parser, IrExternal *external) {
    if (!ir_parse_mark(parser, '('))
        return false;
    if (ir_parse_accept_mark(parser, ')'))
        return true;
    do {
        IrType type;
        if (!ir_parse_type(parser, &type))
            return false;
        ARENA_PUSH(parser->arena, &external->parameters, type);
    } while (ir_parse_accept_mark(parser, ','));
    return ir_parse_mark(parser, ')');
}

// Names of alias classes, or `all`, after `reads` or `writes`.
static bool parse_alias_classes(Parser *parser, unsigned *classes) {
    if (ir_parse_accept_word(parser, "all")) {
        *classes = IR_ALIAS_ALL;
        return true;
    }
    unsigned class;
    while (parser->token.kind == IR_TOKEN_WORD && ir_alias_from_text(parser->token.text, &class)) {
        *classes |= class;
        ir_parse_take(parser);
    }
    if (!*classes)
        return ir_parse_fail(parser, parser->token.at, "expected alias classes or 'all'");
    return true;
}

static bool parse_effects(Parser *parser, IrExternal *external) {
    IrEffects *effects = &external->effects;
    for (;;) {
        if (ir_parse_accept_word(parser, "indirect"))
            external->indirect = true;
        else if (ir_parse_accept_word(parser, "collects"))
            effects->collects = true;
        else if (ir_parse_accept_word(parser, "raises"))
            effects->raises = true;
        else if (ir_parse_accept_word(parser, "blocks"))
            effects->blocks = true;
        else if (ir_parse_is_word(parser, "reads") || ir_parse_is_word(parser, "writes")) {
            bool is_read = !strcmp(ir_parse_take(parser).text, "reads");
            if (!parse_alias_classes(parser, is_read ? &effects->reads : &effects->writes))
                return false;
        } else {
            return true;
        }
    }
}

// NAME(TYPES) [-> TYPE] EFFECTS [!line:column]
bool ir_parse_external(Parser *parser) {
    IrToken name;
    IrSymbol *symbol;
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "an external's name", &name) ||
        !ir_parse_define(parser, &parser->externals, name, "external", &symbol))
        return false;
    IrExternal *external = ir_external_new(parser->module, name.text, IR_VOID);
    symbol->thing = external;
    ir_parse_stands(parser, &external->at, name.at);
    if (!parse_parameter_types(parser, external))
        return false;
    if (parser->token.kind == IR_TOKEN_ARROW) {
        ir_parse_take(parser);
        if (!ir_parse_type(parser, &external->result))
            return false;
    }
    return parse_effects(parser, external) && ir_parse_location(parser, &external->at);
}

// call EXTERNAL
static bool parse_called(Parser *parser, const IrExternal **external) {
    IrToken name;
    if (!ir_parse_accept_word(parser, "call"))
        return ir_parse_fail(parser, parser->token.at, "expected 'call'");
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "an external's name", &name))
        return false;
    IrSymbol *symbol = ir_scope_find(&parser->externals, name.text);
    if (!symbol)
        return ir_parse_fail(parser, name.at, "there is no external '%s'", name.text);
    *external = symbol->thing;
    return true;
}

// RECORD.FIELD CELL
bool ir_parse_stack(Parser *parser) {
    IrField *field;
    if (!ir_parse_field_name(parser, &field) || !ir_parse_cell(parser, &parser->module->stack_cell))
        return false;
    parser->module->stack_field = field;
    return true;
}

// NAME RECORD.FIELD CELL
bool ir_parse_further(Parser *parser) {
    IrToken name;
    IrField *field;
    IrStack stack;
    IrModule *module = parser->module;
    if (!ir_parse_plain_name(parser, "a stack's name", &name) ||
        !ir_parse_field_name(parser, &field) || !ir_parse_cell(parser, &stack.cell))
        return false;
    for (size_t i = 0; i < module->further_stacks.count; i++)
        if (!strcmp(module->further_stacks.items[i].name, name.text))
            return ir_parse_fail(parser, name.at, "a second further stack '%s'", name.text);
    stack.name = arena_strdup(parser->arena, name.text);
    stack.field = field;
    ARENA_PUSH(parser->arena, &module->further_stacks, stack);
    return true;
}

// RECORD.FIELD call EXTERNAL
bool ir_parse_poll(Parser *parser) {
    IrField *field;
    if (!ir_parse_field_name(parser, &field))
        return false;
    parser->module->poll_field = field;
    return parse_called(parser, &parser->module->poll_external);
}

// RECORD.FIELD mask BITS call EXTERNAL
bool ir_parse_barrier(Parser *parser) {
    IrField *field;
    IrToken mask;
    if (!ir_parse_field_name(parser, &field))
        return false;
    if (!ir_parse_accept_word(parser, "mask"))
        return ir_parse_fail(parser, parser->token.at, "expected 'mask'");
    if (!ir_parse_token(parser, IR_TOKEN_INTEGER, "a mask", &mask))
        return false;
    if (mask.is_negative || mask.overflows)
        return ir_parse_fail(parser, mask.at, "the mask doesn't fit 64 bits");
    parser->module->barrier_field = field;
    parser->module->barrier_mask = mask.magnitude;
    return parse_called(parser, &parser->module->barrier_external);
}
