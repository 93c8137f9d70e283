// The text form's parser: methods of the definition, and where the code of one stands in that of
// another. What is said here is for debuggers; a module without it is none the worse.
#include "ir/methods.h"
#include "ir/text/parser.h"

#include <limits.h>

enum { DEEPEST_INLINING = 2000 };

// name: TYPE [RECORD]
static bool parse_variable(Parser *parser, IrMethod *method) {
    IrToken name, record;
    IrVariable variable = {0};
    if (!ir_parse_plain_name(parser, "a variable's name", &name) || !ir_parse_mark(parser, ':') ||
        !ir_parse_type(parser, &variable.type))
        return false;
    if (ir_find_variable(method, name.text))
        return ir_parse_fail(parser, name.at, "variable '%s' is defined twice", name.text);
    if (parser->token.kind == IR_TOKEN_WORD) {
        record = ir_parse_take(parser);
        IrSymbol *symbol = ir_scope_find(&parser->records, record.text);
        if (!symbol)
            return ir_parse_fail(parser, record.at, "there is no record '%s'", record.text);
        variable.record = symbol->thing;
    }
    variable.name = name.text;
    ir_variable_new(parser->module, method, variable);
    return true;
}

// "NAME"(VARIABLES) [!line:column]
bool ir_parse_method(Parser *parser) {
    IrToken name;
    if (!ir_parse_token(parser, IR_TOKEN_STRING, "a method's name in quotes", &name))
        return false;
    if (ir_find_method(parser->module, name.text))
        return ir_parse_fail(parser, name.at, "method \"%s\" is defined twice", name.text);
    IrMethod *method = ir_method_new(parser->module, name.text);
    ir_parse_stands(parser, &method->at, name.at);
    if (!ir_parse_mark(parser, '('))
        return false;
    if (!ir_parse_accept_mark(parser, ')')) {
        do {
            if (!parse_variable(parser, method))
                return false;
        } while (ir_parse_accept_mark(parser, ','));
        if (!ir_parse_mark(parser, ')'))
            return false;
    }
    return ir_parse_location(parser, &method->at);
}

bool ir_parse_inlining_use(Parser *parser, const IrInlining **inlining) {
    IrToken token = parser->token;
    int64_t number;
    if (!ir_parse_integer(parser, 0, INT_MAX, &number))
        return false;
    if (number < 1 || (size_t)number > parser->inlinings.count)
        return ir_parse_fail(parser, token.at, "the region has no #%d before this", (int)number);
    *inlining = parser->inlinings.items[number - 1];
    return true;
}

// Printer and passes follow them by recursion; no definition's helpers nest so deep.
static bool is_too_deep(const IrInlining *inlining) {
    int depth = 0;
    while (inlining && depth < DEEPEST_INLINING) {
        inlining = inlining->within;
        depth++;
    }
    return inlining != NULL;
}

// #NUMBER "METHOD" [component INDEX] [!line:column] [in #NUMBER]
bool ir_parse_inlining(Parser *parser) {
    IrToken name, token = parser->token;
    int64_t number;
    if (!ir_parse_mark(parser, '#') || !ir_parse_integer(parser, 0, INT_MAX, &number))
        return false;
    if ((size_t)number != parser->inlinings.count + 1)
        return ir_parse_fail(parser, token.at, "expected #%zu, found #%d",
                             parser->inlinings.count + 1, (int)number);
    if (!ir_parse_token(parser, IR_TOKEN_STRING, "a method's name in quotes", &name))
        return false;
    IrInlining *inlining = ARENA_NEW(parser->arena, IrInlining);
    inlining->method = ir_find_method(parser->module, name.text);
    if (!inlining->method)
        return ir_parse_fail(parser, name.at, "there is no method \"%s\"", name.text);
    if (ir_parse_accept_word(parser, "component")) {
        inlining->is_component = true;
        if (!ir_parse_integer(parser, 0, INT_MAX, &number))
            return false;
        inlining->component = (int)number;
    }
    if (!ir_parse_location(parser, &inlining->call))
        return false;
    if (ir_parse_accept_word(parser, "in") &&
        (!ir_parse_mark(parser, '#') || !ir_parse_inlining_use(parser, &inlining->within)))
        return false;
    if (is_too_deep(inlining))
        return ir_parse_fail(parser, token.at, "inlinings are nested too deep");
    ARENA_PUSH(parser->scratch, &parser->inlinings, inlining);
    return true;
}
