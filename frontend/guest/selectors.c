// Which messages are inlined: those of inlined.def, if their blocks are written in place and take
// as many arguments as they will be given. This decides by the form of the message alone, and by
// what the class around it says of messages that mean something else; what code they become is in
// control.c and loops.c.
#include "frontend/guest/scope.h"

#include "frontend/syntax/chain.h"

#include <string.h>

static const struct {
    const char *selector;
    GuestControl control;
} controls[] = {
#define INLINED(selector, control, receivers) {selector, GUEST_##control},
#include "frontend/guest/inlined.def"
};

int guest_message_number(const char *selector) {
    for (int i = 0; i < GUEST_MESSAGES; i++) {
        if (!strcmp(controls[i].selector, selector))
            return i;
    }
    return -1;
}

static bool is_block(const AstExpression *expression, size_t least, size_t most) {
    return expression->kind == AST_BLOCK && expression->block->arguments.count >= least &&
           expression->block->arguments.count <= most;
}

// A positive literal of at most four digits, or up to 32767.
static bool is_step(const AstExpression *expression) {
    if (expression->kind != AST_INTEGER)
        return false;
    int value = 0;
    for (const char *digit = expression->digits; *digit; digit++) {
        if (*digit < '0' || *digit > '9')
            return false;
        value = value * 10 + (*digit - '0');
        if (value > INT16_MAX)
            return false;
    }
    return value > 0;
}

// The argument of `ifNotNil:` may take the value.
static bool nil_blocks_fit(const AstExpression *send) {
    bool taker = !strncmp(send->send.selector, "ifNotNil:", 9);
    for (size_t i = 0; i < send->send.arguments.count; i++, taker = !taker) {
        if (!is_block(send->send.arguments.items[i], 0, taker ? 1 : 0))
            return false;
    }
    return true;
}

static bool blocks_fit(GuestControl control, const AstExpression *send) {
    const AstExpressions *arguments = &send->send.arguments;
    switch (control) {
    case GUEST_NIL: return nil_blocks_fit(send);
    case GUEST_COUNT:
        return is_block(arguments->items[arguments->count - 1], 1, 1) &&
               (arguments->count == 2 || is_step(arguments->items[1]));
    case GUEST_WHILE:
        if (!is_block(send->send.receiver, 0, 0))
            return false;
        break;
    default: break;
    }
    for (size_t i = 0; i < arguments->count; i++) {
        if (!is_block(arguments->items[i], 0, 0))
            return false;
    }
    return true;
}

GuestControl guest_form(const AstExpression *send) {
    if (!send->send.arguments.count || guest_is_variable(send->send.receiver, "super"))
        return GUEST_SEND;
    int number = guest_message_number(send->send.selector);
    if (number < 0 || !blocks_fit(controls[number].control, send) || syntax_is_long_chain(send))
        return GUEST_SEND;
    return controls[number].control;
}

static bool takes_value(const AstExpression *send) {
    for (size_t i = 0; i < send->send.arguments.count; i++) {
        if (send->send.arguments.items[i]->block->arguments.count)
            return true;
    }
    return false;
}

// Whether `^` stands in one of the message's blocks; not in one that is inlined into it, which
// belongs to a message of its own.
static bool has_return(const AstExpression *send) {
    GuestControl control = guest_form(send);
    for (int i = -1; i < (int)send->send.arguments.count; i++) {
        if (!guest_inlines(control, send, i))
            continue;
        const AstExpression *operand = i < 0 ? send->send.receiver : send->send.arguments.items[i];
        const AstBlock *block = operand->block;
        for (size_t j = 0; j < block->statements.count; j++) {
            if (block->statements.items[j]->kind == AST_RETURN)
                return true;
        }
    }
    return false;
}

uint32_t guest_message_bits(const GuestScope *scope, const AstExpression *send) {
    uint32_t bits = UINT32_C(1) << guest_message_number(send->send.selector);
    if (guest_form(send) == GUEST_NIL && takes_value(send))
        bits |= UINT32_C(1) << GUEST_TAKING;
    if (scope->activation->parent && has_return(send))
        bits |= UINT32_C(1) << GUEST_ESCAPING;
    return bits;
}

GuestControl guest_control(const GuestClassScope *class, const GuestScope *scope,
                           const AstExpression *send, const AstExpression *statement) {
    GuestControl control = guest_form(send);
    if (control == GUEST_SEND || !class->sent)
        return control;
    uint32_t bits = guest_message_bits(scope, send);
    if (send != statement && !strcmp(send->send.selector, "whileFalse:"))
        bits |= UINT32_C(1) << GUEST_WHILE_VALUE;
    return class->sent & bits ? GUEST_SEND : control;
}

const AstExpression *guest_statement(const GuestScope *scope, const AstBlock *block, size_t index) {
    bool is_last = index + 1 == block->statements.count;
    return is_last && !scope->is_unseen ? NULL : block->statements.items[index];
}

bool guest_inlines(GuestControl control, const AstExpression *send, int index) {
    switch (control) {
    case GUEST_SEND: return false;
    case GUEST_WHILE: return true;
    case GUEST_COUNT: return index == (int)send->send.arguments.count - 1;
    default: return index >= 0;
    }
}

bool guest_is_variable(const AstExpression *expression, const char *name) {
    return expression->kind == AST_VARIABLE && !strcmp(expression->variable.name, name);
}

bool guest_is_reserved(const char *name) {
    static const char *const reserved[] = {"self", "super", "true", "false", "nil"};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (!strcmp(name, reserved[i]))
            return true;
    }
    return false;
}

int guest_field(const GuestClassScope *class, const char *name) {
    for (size_t i = class->field_count; i-- > 0;) {
        if (!strcmp(class->fields[i], name))
            return (int)i;
    }
    return -1;
}
