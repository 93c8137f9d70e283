// Is a local of an inlined block assigned before it is read? If it is, nothing need make it nil
// each time the block is entered. Java's compiler asks the same as *definite assignment*: a walk
// in the order of evaluation, which takes each assignment and each read in a branch for possible,
// and counts only on what every path does for sure.
#include "frontend/guest/scope.h"

#include "frontend/syntax/chain.h"

#include <string.h>

typedef enum Use {
    USE_NONE,     // neither yet, on some path
    USE_ASSIGNED, // assigned, or left for good, on every path that goes on
    USE_READ,     // perhaps read first
} Use;

static Use use_of(const AstExpression *expression, const char *name);

static bool declares(const AstBlock *block, const char *name) {
    for (size_t i = 0; i < block->arguments.count; i++) {
        if (!strcmp(block->arguments.items[i].name, name))
            return true;
    }
    for (size_t i = 0; i < block->locals.count; i++) {
        if (!strcmp(block->locals.items[i].name, name))
            return true;
    }
    return false;
}

static Use use_in_block(const AstBlock *block, const char *name) {
    if (declares(block, name))
        return USE_NONE;
    for (size_t i = 0; i < block->statements.count; i++) {
        Use use = use_of(block->statements.items[i], name);
        if (use != USE_NONE)
            return use;
    }
    return USE_NONE;
}

// Of the two blocks either runs, but both might be skipped: in a version that sends the message.
static Use use_in_either(const AstExpressions *blocks, const char *name) {
    Use first = use_in_block(blocks->items[0]->block, name);
    Use second = blocks->count > 1 ? use_in_block(blocks->items[1]->block, name) : USE_NONE;
    return first == USE_READ || second == USE_READ ? USE_READ : USE_NONE;
}

// A block that may not run at all.
static Use use_in_body(const AstExpression *body, const char *name) {
    return use_in_block(body->block, name) == USE_READ ? USE_READ : USE_NONE;
}

// The condition of a loop runs at least once, a body perhaps never.
static Use use_in_while(const AstExpression *send, const char *name) {
    Use use = use_in_block(send->send.receiver->block, name);
    if (use != USE_NONE)
        return use;
    return use_in_body(send->send.arguments.items[0], name);
}

// A message, but for its receiver unless that is an inlined block.
static Use use_in_message(const AstExpression *send, const char *name) {
    GuestControl control = guest_form(send);
    if (control == GUEST_WHILE)
        return use_in_while(send, name);
    const AstExpressions *arguments = &send->send.arguments;
    Use use = USE_NONE;
    for (size_t i = 0; use == USE_NONE && i < arguments->count; i++) {
        if (!guest_inlines(control, send, (int)i))
            use = use_of(arguments->items[i], name);
    }
    if (use != USE_NONE || control == GUEST_SEND)
        return use;
    if (control == GUEST_COUNT)
        return use_in_body(arguments->items[arguments->count - 1], name);
    return use_in_either(arguments, name);
}

static Use use_in_chain(const AstExpression *last, const char *name) {
    SyntaxChain chain;
    syntax_chain(&chain, last);
    Use use = use_of(chain.receiver, name);
    for (size_t i = 0; use == USE_NONE && i < chain.count; i++)
        use = use_in_message(chain.sends[i], name);
    syntax_chain_free(&chain);
    return use;
}

static Use use_of(const AstExpression *expression, const char *name) {
    switch (expression->kind) {
    case AST_VARIABLE: return strcmp(expression->variable.name, name) ? USE_NONE : USE_READ;
    case AST_ASSIGNMENT: {
        Use use = use_of(expression->assignment.value, name);
        if (use == USE_NONE && !strcmp(expression->assignment.name, name))
            return USE_ASSIGNED;
        return use;
    }
    case AST_RETURN:
        return use_of(expression->returned, name) == USE_READ ? USE_READ : USE_ASSIGNED;
    case AST_SEND: return use_in_chain(expression, name);
    // A closure may run at any time; one that mentions the variable captures it.
    default: return USE_NONE;
    }
}

bool guest_assigned_first(const AstBlock *block, const char *name) {
    for (size_t i = 0; i < block->statements.count; i++) {
        Use use = use_of(block->statements.items[i], name);
        if (use != USE_NONE)
            return use == USE_ASSIGNED;
    }
    return true;
}
