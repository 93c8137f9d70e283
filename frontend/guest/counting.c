// Counted loops as the core library has them. Inlined code counts in the same way; and once it
// may go on no longer (osr.c), the rest of the loop is what the library's method would still have
// to do:
//
//     [ number <= limit ] whileTrue: [ body value: number. number := number + step ]
//
// This makes a tree of that. Its variables have names that no source can have.
#include "frontend/guest/scope.h"

#include <string.h>

GuestCounting guest_counting(const AstExpression *send) {
    const AstExpressions *arguments = &send->send.arguments;
    bool down = !strncmp(send->send.selector, "downTo:", 7);
    bool repeats = arguments->count == 1;
    return (GuestCounting){.body = arguments->items[arguments->count - 1]->block,
                           .compare = repeats ? "<"
                                      : down  ? ">="
                                              : "<=",
                           .advance = down ? "-" : "+",
                           .step = arguments->count == 3 ? arguments->items[1]->digits : "1"};
}

// ---- The rest of a loop ------------------------------------------------------------------

static AstExpression *expression(Arena *arena, AstKind kind, Location at) {
    AstExpression *made = ARENA_NEW(arena, AstExpression);
    made->kind = kind;
    made->at = at;
    return made;
}

static AstExpression *variable(Arena *arena, const char *name, Location at) {
    AstExpression *made = expression(arena, AST_VARIABLE, at);
    made->variable.name = name;
    return made;
}

// `argument` is NULL for a unary message.
static AstExpression *message(Arena *arena, AstExpression *receiver, const char *selector,
                              AstExpression *argument) {
    AstExpression *made = expression(arena, AST_SEND, receiver->at);
    made->send.receiver = receiver;
    made->send.selector = selector;
    if (argument)
        ARENA_PUSH(arena, &made->send.arguments, argument);
    return made;
}

static AstExpression *block(Arena *arena, AstExpression *first, AstExpression *second) {
    AstExpression *made = expression(arena, AST_BLOCK, first->at);
    made->block = ARENA_NEW(arena, AstBlock);
    made->block->at = made->block->end = first->at;
    ARENA_PUSH(arena, &made->block->statements, first);
    if (second)
        ARENA_PUSH(arena, &made->block->statements, second);
    return made;
}

const AstExpression *guest_rest_of_loop(Arena *arena, const AstExpression *send) {
    const GuestCounting counting = guest_counting(send);
    Location at = send->at;
    AstExpression *step = expression(arena, AST_INTEGER, at);
    step->digits = counting.step;
    AstExpression *test = message(arena, variable(arena, GUEST_COUNTER, at), counting.compare,
                                  variable(arena, GUEST_LIMIT, at));
    AstExpression *body = variable(arena, GUEST_BODY, at);
    AstExpression *turn = send->send.arguments.count == 1
                              ? message(arena, body, "value", NULL)
                              : message(arena, body, "value:", variable(arena, GUEST_COUNTER, at));
    AstExpression *advance = expression(arena, AST_ASSIGNMENT, at);
    advance->assignment.name = GUEST_COUNTER;
    advance->assignment.value =
        message(arena, variable(arena, GUEST_COUNTER, at), counting.advance, step);
    return message(arena, block(arena, test, NULL), "whileTrue:", block(arena, turn, advance));
}
