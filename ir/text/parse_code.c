// The text form's parser: functions, regions, blocks, and the names within a region. A
// value or block may be used before the text has defined it; its first use makes a
// placeholder, and the region's end says which are left. Instructions are in
// parse_instruction.c.
#include "ir/text/names.h"
#include "ir/text/parser.h"

#include <string.h>

// A base name, or NULL for the one that the printer gives to what has none: so passes
// find the same as in the module that was printed.
static const char *stored_name(Parser *parser, const char *name, const char *nameless) {
    const char *base = ir_base_name(parser->arena, name);
    return strcmp(base, nameless) ? base : NULL;
}

// The block that a name stands for in this region, made when first met.
static IrBlock *block_of(Parser *parser, IrSymbol *symbol) {
    if (!symbol->thing) {
        IrBlock *block = ARENA_NEW(parser->arena, IrBlock);
        block->name = stored_name(parser, symbol->name, "b");
        block->region = parser->region;
        symbol->thing = block;
    }
    return symbol->thing;
}

IrBlock *ir_parse_block_use(Parser *parser, IrToken token) {
    return block_of(parser, ir_scope_get(&parser->blocks, token.text, token.at));
}

// The placeholder is the value itself: its definition fills it in, so its uses need no second
// look.
static IrValue *value_of(Parser *parser, IrSymbol *symbol) {
    if (!symbol->thing) {
        IrValue *value = ARENA_NEW(parser->arena, IrValue);
        value->name = stored_name(parser, symbol->name, "t");
        symbol->thing = value;
    }
    return symbol->thing;
}

IrValue *ir_parse_value_use(Parser *parser, IrToken token) {
    return value_of(parser, ir_scope_get(&parser->values, token.text, token.at));
}

IrValue *ir_parse_value_definition(Parser *parser, IrToken token) {
    IrSymbol *symbol;
    bool is_first = ir_parse_define(parser, &parser->values, token, "value", &symbol);
    IrValue *value = value_of(parser, symbol);
    return is_first ? value : NULL;
}

// %name: TYPE
static bool parse_parameter(Parser *parser, IrBlock *block) {
    IrToken name;
    IrType type;
    if (!ir_parse_token(parser, IR_TOKEN_VALUE, "a parameter", &name))
        return false;
    IrValue *value = ir_parse_value_definition(parser, name);
    if (!value || !ir_parse_mark(parser, ':') || !ir_parse_type(parser, &type))
        return false;
    value->kind = IR_PARAMETER;
    value->type = type;
    value->parameter.block = block;
    value->parameter.index = (int)block->parameters.count;
    ARENA_PUSH(parser->arena, &block->parameters, value);
    return true;
}

// ^name[(PARAMETERS)]:
static bool parse_block(Parser *parser) {
    IrSymbol *symbol;
    IrToken name = ir_parse_take(parser);
    // After a second definition, what follows still needs a block to stand in.
    IrSymbol nameless = {.name = name.text};
    bool is_first = ir_parse_define(parser, &parser->blocks, name, "block", &symbol);
    IrBlock *block = block_of(parser, is_first ? symbol : &nameless);
    block->index = (int)parser->region->blocks.count;
    ARENA_PUSH(parser->arena, &parser->region->blocks, block);
    ir_parse_stands(parser, &block->at, name.at);
    parser->block = block;
    parser->at = (Location){0, 0};
    parser->inlined = NULL;
    if (ir_parse_accept_mark(parser, '(') && !ir_parse_accept_mark(parser, ')')) {
        do {
            if (!parse_parameter(parser, block))
                return false;
        } while (ir_parse_accept_mark(parser, ','));
        if (!ir_parse_mark(parser, ')'))
            return false;
    }
    return ir_parse_mark(parser, ':');
}

// Who branches to a header that there isn't has mistaken the form, or named it otherwise.
static void explain_header(Parser *parser, Location at) {
    if (parser->told_of_header)
        return;
    parser->told_of_header = true;
    if (parser->module->form == IR_FORM_LOOP)
        diagnostic_note(parser->diagnostics, at, "the loop's header is the trunk's block ^loop");
    else
        diagnostic_note(parser->diagnostics, at, "form %s has no header; regions dispatch",
                        ir_form_text(parser->module->form));
}

// Uses of what no line of the region defines.
// In the order in which they were first used, so that messages come in the order of the text.
static void check_defined(Parser *parser, const IrScope *scope, const char *what, char sigil) {
    for (size_t i = 0; i < scope->symbols.count; i++) {
        const IrSymbol *symbol = scope->symbols.items[i];
        if (symbol->is_defined)
            continue;
        ir_parse_fail(parser, symbol->at, "%s '%c%s' is not defined in this region", what, sigil,
                      symbol->name);
        if (sigil == '^' && !strcmp(symbol->name, "loop"))
            explain_header(parser, symbol->at);
    }
}

static bool parse_item(Parser *parser) {
    if (parser->token.kind == IR_TOKEN_BLOCK)
        return parse_block(parser);
    if (parser->block)
        return ir_parse_instruction(parser);
    if (ir_parse_accept_word(parser, "inlined"))
        return ir_parse_inlining(parser);
    return ir_parse_fail(parser, parser->token.at, "expected a block");
}

// [restartable] { INLININGS BLOCKS }
static bool parse_region_body(Parser *parser) {
    IrFunction *function = parser->function;
    parser->block = NULL;
    parser->inlinings.count = 0;
    parser->values = parser->blocks = ir_scope(parser->scratch);
    if (function->header) { // known everywhere
        IrSymbol *loop = ir_scope_get(&parser->blocks, "loop", (Location){0, 0});
        loop->thing = function->header;
        loop->is_defined = true;
    }
    parser->region->restartable = ir_parse_accept_word(parser, "restartable");
    if (!ir_parse_mark(parser, '{'))
        return false;
    while (parser->token.kind != IR_TOKEN_END && !ir_parse_is_mark(parser, '}')) {
        Location start = parser->token.at;
        if (!parse_item(parser))
            ir_parse_skip_line(parser, start);
    }
    check_defined(parser, &parser->values, "value", '%');
    check_defined(parser, &parser->blocks, "block", '^');
    return ir_parse_mark(parser, '}');
}

// The header is found by its name, after the trunk and before the regions, which branch to it.
static bool parse_trunk(Parser *parser, IrFunction *function) {
    if (!ir_parse_accept_word(parser, "trunk"))
        return ir_parse_fail(parser, parser->token.at, "expected 'trunk'");
    parser->region = function->regions.items[0];
    if (!parse_region_body(parser))
        return false;
    const IrSymbol *loop = ir_scope_find(&parser->blocks, "loop");
    if (parser->module->form == IR_FORM_LOOP && loop && loop->is_defined)
        function->header = loop->thing;
    return true;
}

static bool parse_region(Parser *parser, IrFunction *function) {
    IrToken name;
    IrSymbol *symbol;
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "a region's name", &name) ||
        !ir_parse_define(parser, &parser->regions, name, "region", &symbol))
        return false;
    parser->region = ir_region_new(function, ir_base_name(parser->scratch, name.text));
    symbol->thing = parser->region;
    return parse_region_body(parser);
}

// @NAME [-> TYPE] { trunk … region … }
bool ir_parse_function(Parser *parser) {
    IrToken name;
    IrSymbol *symbol;
    IrType result = IR_VOID;
    if (!ir_parse_token(parser, IR_TOKEN_GLOBAL, "a function's @NAME", &name) ||
        !ir_parse_define(parser, &parser->functions, name, "function", &symbol))
        return false;
    if (parser->token.kind == IR_TOKEN_ARROW) {
        ir_parse_take(parser);
        if (!ir_parse_type(parser, &result))
            return false;
    }
    IrFunction *function = ir_function_new(parser->module, name.text, result);
    parser->function = symbol->thing = function;
    ir_parse_stands(parser, &function->at, name.at);
    if (!ir_parse_mark(parser, '{') || !parse_trunk(parser, function))
        return false;
    while (ir_parse_accept_word(parser, "region"))
        if (!parse_region(parser, function))
            return false;
    return ir_parse_mark(parser, '}');
}
