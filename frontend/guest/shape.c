// See shape.h. The code is made in any case: whoever enters the method by another way
// than a call site needs it.
#include "frontend/guest/shape.h"

#include <string.h>

// The field that the name stands for, or -1.
static int field(const GuestCode *code, const char *name) {
    if (guest_is_reserved(name) || guest_resolve(code->scope, name))
        return -1;
    return guest_field(code->class, name);
}

static void find_constant(GuestCode *code, const AstExpression *value) {
    GuestMethod *method = code->method;
    method->shape = GUEST_CONSTANT;
    if (guest_is_variable(value, "nil")) {
        method->trivial = -1;
    } else if (guest_is_variable(value, "true")) {
        method->trivial = -2;
    } else if (guest_is_variable(value, "false")) {
        method->trivial = -3;
    } else if (value->kind == AST_ARRAY) {
        method->trivial = 0; // the only literal: another one would be another array
    } else if (value->kind >= AST_INTEGER) {
        GuestLiteral literal = guest_literal_of(code->arena, value);
        method->trivial = guest_literal(code, &literal);
    } else {
        method->shape = GUEST_ORDINARY;
    }
}

static void find_setter(GuestCode *code, const AstExpression *statement) {
    const AstExpression *value = statement->assignment.value;
    if (value->kind != AST_VARIABLE)
        return;
    const GuestVariable *variable = guest_resolve(code->scope, value->variable.name);
    int index = field(code, statement->assignment.name);
    if (variable && variable->is_argument && variable->frame_index == -1 && index >= 0) {
        code->method->shape = GUEST_SETTER;
        code->method->trivial = index;
    }
}

void guest_find_shape(GuestCode *code, const AstBlock *body) {
    size_t count = body->statements.count;
    if (!count)
        return;
    const AstExpression *first = body->statements.items[0];
    const AstExpression *last = body->statements.items[count - 1];
    bool answers_self = last->kind == AST_RETURN && guest_is_variable(last->returned, "self");
    if (first->kind == AST_ASSIGNMENT && (count == 1 || (count == 2 && answers_self))) {
        find_setter(code, first);
    } else if (count == 1 && first->kind == AST_RETURN) {
        const AstExpression *value = first->returned;
        int index = value->kind == AST_VARIABLE ? field(code, value->variable.name) : -1;
        if (index >= 0) {
            code->method->shape = GUEST_GETTER;
            code->method->trivial = index;
        } else {
            find_constant(code, value);
        }
    }
}
