// Lowers variables, assignments, expressions, statements and bodies, and picks who lowers a
// message. Helpers are expanded here, in scopes of their own, with `^` as the way out of them.
//
// That helpers are expanded and never called is what lets the passes see a whole bytecode: the
// loads of `pop` stand beside those of `push:`, and what one of them knows serves the other. No
// pass has to look through calls. The price is that helpers can't be recursive.
#include "frontend/loop/expand.h"
#include "ir/methods.h"

#include <string.h>

// The first keeps the recursion within the C stack: helpers nest without a limit in the source.
// The second is against helpers each of which calls the next one twice: thirty of these make a
// billion messages.
enum { DEEPEST = 1200, MOST_MESSAGES = 10000 };

// ---- Variables --------------------------------------------------------------------------

LoopVariable *loop_find_variable(const LoopLowering *lowering, const char *name) {
    for (LoopScope *scope = lowering->scope; scope; scope = scope->parent) {
        for (size_t i = 0; i < scope->variables.count; i++) {
            if (!strcmp(scope->variables.items[i]->name, name))
                return scope->variables.items[i];
        }
    }
    return NULL;
}

// No name hides another one: who reads a definition need not look for the nearest declaration.
LoopVariable *loop_declare_variable(LoopLowering *lowering, const char *name, LoopType type,
                                    IrValue *fixed, Location at) {
    if (loop_find_variable(lowering, name))
        LOOP_ERROR(lowering, at, "a second `%s` here", name);
    LoopVariable *variable = ARENA_NEW(lowering->arena, LoopVariable);
    variable->name = arena_strdup(lowering->arena, name);
    variable->type = type;
    variable->fixed = fixed;
    variable->at = at;
    if (lowering->expansion && lowering->expansion->method)
        ir_variable_new(
            lowering->module, lowering->expansion->method,
            (IrVariable){variable->name, loop_ir_type(type), type.record ? type.record->ir : NULL});
    ARENA_PUSH(lowering->arena, &lowering->scope->variables, variable);
    return variable;
}

// If a local's type can't be told, the rest is not worth looking at. What is wrong with it is
// said by loop_variable_type, which knows nothing of a helper's other expansions: so it is
// asked once.
static void declare_locals(LoopLowering *lowering, const AstVariables *locals) {
    for (size_t i = 0; i < locals->count; i++) {
        const AstVariable *local = &locals->items[i];
        Location at = local->annotation ? local->annotation->at : local->at;
        LoopType type = loop_type(LOOP_UNKNOWN);
        if (loop_was_reported(lowering, at)) {
            lowering->gave_up = true;
        } else if (!loop_variable_type(lowering->definition, local, false, &type)) {
            loop_first_error(lowering, at);
            lowering->gave_up = true;
        }
        loop_declare_variable(lowering, local->name, type, NULL, local->at);
    }
}

// A local that is never read is most likely a slip, and the value would be computed for nothing.
// After giving up, reads may be missing that were never reached.
static void check_used(LoopLowering *lowering, const LoopScope *scope) {
    for (size_t i = 0; i < scope->variables.count; i++) {
        const LoopVariable *variable = scope->variables.items[i];
        if (!variable->fixed && !variable->is_read && !lowering->gave_up)
            LOOP_ERROR(lowering, variable->at, "local `%s` is never read", variable->name);
    }
}

static LoopResult read_variable(LoopLowering *lowering, LoopVariable *variable, Location at) {
    variable->is_read = true;
    LoopResult result = {.type = variable->type, .made = variable->made};
    result.value = variable->fixed ? variable->fixed : loop_read(lowering, variable, at);
    return result;
}

static LoopResult name_expression(LoopLowering *lowering, const AstExpression *e) {
    const char *name = e->variable.name;
    LoopVariable *variable = loop_find_variable(lowering, name);
    if (variable)
        return read_variable(lowering, variable, e->at);
    if (!strcmp(name, "true") || !strcmp(name, "false"))
        return loop_result(loop_type(LOOP_BOOLEAN),
                           ir_integer(lowering->module, IR_I1, name[0] == 't'));
    if (!strcmp(name, "self"))
        LOOP_ERROR(lowering, e->at, "`self` has no value: it can only get messages");
    else if (!strcmp(name, "nil"))
        LOOP_ERROR(lowering, e->at, "the loop language knows no `nil`");
    else if (loop_find_record(lowering->definition, name) ||
             loop_find_library(lowering->definition, name))
        LOOP_ERROR(lowering, e->at, "`%s` has no value: it can only get messages", name);
    else
        LOOP_ERROR(lowering, e->at, "unknown name `%s`", name);
    return loop_unknown(lowering);
}

// An assignment builds nothing: from here on the variable stands for that value. Whether the
// record is being made goes with the value, so that its const fields can be written.
static LoopResult assignment(LoopLowering *lowering, const AstExpression *e) {
    LoopVariable *variable = loop_find_variable(lowering, e->assignment.name);
    LoopResult result = loop_value(lowering, e->assignment.value);
    if (!variable) {
        LOOP_ERROR(lowering, e->at, "unknown name `%s`", e->assignment.name);
        return loop_unknown(lowering);
    }
    if (variable->fixed) {
        LOOP_ERROR(lowering, e->at, "only locals can be assigned, `%s` isn't one", variable->name);
        return loop_unknown(lowering);
    }
    result = loop_check_type(lowering, result, variable->type,
                             arena_printf(lowering->arena, "`%s`", variable->name), e->at);
    variable->made = result.made;
    // Names are for those who read the IR: a value without one takes that of the first variable
    // which holds it.
    if (result.value->kind == IR_RESULT && !result.value->name)
        result.value->name = variable->name;
    loop_define(lowering, variable, result.value);
    return result;
}

// ---- Expressions -------------------------------------------------------------------------

static LoopResult integer_literal(LoopLowering *lowering, const AstExpression *e) {
    int64_t value;
    if (loop_integer(e->digits, &value))
        return loop_integer_result(lowering, value);
    LOOP_ERROR(lowering, e->at, "`%s` doesn't fit in 64 bits", e->digits);
    return loop_unknown(lowering);
}

// Who gets the message decides where it is looked for. `self` and classes are no values, so
// they are told first, unless a variable has that name. Control messages come before others,
// because their receiver or arguments are blocks, which can't be evaluated by themselves.
static LoopResult message(LoopLowering *lowering, const AstExpression *e, bool wanted) {
    LoopResult result;
    if (++lowering->messages > MOST_MESSAGES) {
        LOOP_ERROR(
            lowering, lowering->expansion->helper ? lowering->expansion->helper->ast->at : e->at,
            "with its helpers expanded, a bytecode has more than %d messages", MOST_MESSAGES);
        lowering->gave_up = true;
        return loop_unknown(lowering);
    }
    const AstExpression *receiver = e->send.receiver;
    bool is_name =
        receiver->kind == AST_VARIABLE && !loop_find_variable(lowering, receiver->variable.name);
    if (is_name && !strcmp(receiver->variable.name, "self"))
        return loop_self_send(lowering, e);
    if (is_name && (loop_find_record(lowering->definition, receiver->variable.name) ||
                    loop_find_library(lowering->definition, receiver->variable.name)))
        return loop_class_send(lowering, e);
    if (loop_control_send(lowering, e, wanted, &result))
        return result;
    return loop_send(lowering, loop_value(lowering, receiver), e);
}

LoopResult loop_expression(LoopLowering *lowering, const AstExpression *e, bool wanted) {
    LoopResult result = loop_unknown(lowering);
    if (lowering->gave_up)
        return result;
    if (++lowering->depth > DEEPEST) {
        LOOP_ERROR(lowering, e->at, "expressions and helpers are nested too deep");
        lowering->gave_up = true;
    } else {
        switch (e->kind) {
        case AST_VARIABLE: result = name_expression(lowering, e); break;
        case AST_ASSIGNMENT: result = assignment(lowering, e); break;
        case AST_SEND: result = message(lowering, e, wanted); break;
        case AST_INTEGER: result = integer_literal(lowering, e); break;
        case AST_DOUBLE:
            result = loop_result(loop_type(LOOP_DOUBLE), ir_number(lowering->module, e->number));
            break;
        case AST_BLOCK:
            LOOP_ERROR(lowering, e->at, "a block can only be part of a control message");
            break;
        default: LOOP_ERROR(lowering, e->at, "the loop language has no such literal"); break;
        }
    }
    lowering->depth--;
    return result;
}

LoopResult loop_value(LoopLowering *lowering, const AstExpression *e) {
    LoopResult result = loop_expression(lowering, e, true);
    if (result.value)
        return result;
    if (result.type.kind == LOOP_NEVER)
        LOOP_ERROR(lowering, e->at, "this ends the bytecode, so it has no value");
    else
        LOOP_ERROR(lowering, e->at, "this has no value");
    return loop_unknown(lowering);
}

// ---- Statements --------------------------------------------------------------------------

// `^`: out of the helper, or to the end of the bytecode.
static LoopResult return_statement(LoopLowering *lowering, const AstExpression *e) {
    LoopExpansion *expansion = lowering->expansion;
    const AstExpression *returned = e->returned;
    LoopResult result = loop_nothing();
    LoopType type = expansion->helper ? expansion->helper->result : loop_type(LOOP_NOTHING);
    bool is_self = returned->kind == AST_VARIABLE && !strcmp(returned->variable.name, "self");
    if (type.kind != LOOP_NOTHING) {
        result =
            loop_check_type(lowering, loop_value(lowering, returned), type, "the answer", e->at);
    } else if (!is_self) {
        result = loop_expression(lowering, returned, false);
        if (result.value && result.type.kind != LOOP_UNKNOWN)
            LOOP_ERROR(lowering, e->at, "%s, so it can't answer %s",
                       expansion->helper ? "this helper answers nothing"
                                         : "a bytecode answers nothing",
                       loop_result_text(lowering, result));
        result = loop_nothing();
    }
    if (!loop_is_live(lowering))
        return loop_never(lowering);
    if (!expansion->helper) {
        loop_end_bytecode(lowering, e->at);
        return loop_never(lowering);
    }
    LoopExit exit = {lowering->block, result, e->at};
    ARENA_PUSH(lowering->arena, &expansion->exits, exit);
    return loop_never(lowering);
}

// A statement that nothing leads to is an error rather than dead code: most likely the author
// takes an ending for something that comes back.
static LoopResult statements(LoopLowering *lowering, const AstExpressions *list, bool wanted) {
    LoopResult result = loop_nothing();
    for (size_t i = 0; i < list->count && !lowering->gave_up; i++) {
        const AstExpression *statement = list->items[i];
        if (!loop_is_live(lowering)) {
            LOOP_ERROR(lowering, statement->at,
                       "this is never reached: what stands before it never goes on");
            return loop_never(lowering);
        }
        bool last = i + 1 == list->count;
        if (statement->kind == AST_RETURN)
            result = return_statement(lowering, statement);
        else
            result = loop_expression(lowering, statement, wanted && last);
    }
    return loop_is_live(lowering) ? result : loop_never(lowering);
}

LoopResult loop_body(LoopLowering *lowering, const AstBlock *body, bool wanted) {
    LoopScope scope = {.parent = lowering->scope};
    lowering->scope = &scope;
    declare_locals(lowering, &body->locals);
    LoopResult result = statements(lowering, &body->statements, wanted);
    check_used(lowering, &scope);
    lowering->scope = scope.parent;
    return result;
}

// ---- Helpers -----------------------------------------------------------------------------

static void declare_arguments(LoopLowering *lowering, const LoopHelper *helper,
                              const LoopResult *arguments) {
    for (size_t i = 0; i < helper->parameters.count; i++) {
        const AstVariable *argument = &helper->ast->arguments.items[i];
        LoopVariable *variable =
            loop_declare_variable(lowering, argument->name, helper->parameters.items[i],
                                  arguments[i].value, argument->at);
        variable->made = arguments[i].made;
    }
}

// `^` leaves a helper from wherever it stands, also out of nested conditionals and loops: each
// notes where it was and what it answers, and at the end they are joined in one block. Where a
// helper must answer but its end is reached, an exit with any value stands in, so that the
// caller is checked, too.
static LoopResult expand_body(LoopLowering *lowering, LoopHelper *helper, LoopExpansion *outer) {
    LoopExpansion *expansion = lowering->expansion;
    loop_body(lowering, helper->ast->body, false);
    if (loop_is_live(lowering)) {
        if (helper->result.kind != LOOP_NOTHING && !lowering->gave_up)
            LOOP_ERROR(lowering, helper->ast->body->end,
                       "`%s` must answer %s, but ends without `^`", helper->ast->selector,
                       loop_type_text(lowering->arena, helper->result));
        LoopExit exit = {lowering->block, loop_nothing(), helper->ast->body->end};
        if (helper->result.kind != LOOP_NOTHING)
            exit.result =
                loop_check_type(lowering, loop_unknown(lowering), helper->result, "", exit.at);
        ARENA_PUSH(lowering->arena, &expansion->exits, exit);
    }
    lowering->expansion = outer;
    return loop_join(lowering, &expansion->exits, "answer", helper->ast->body->end);
}

// So that a debugger shows the helper as if it had been called.
static const IrInlining *inline_helper(LoopLowering *lowering, LoopHelper *helper, Location at) {
    if (!helper->method) {
        helper->method = ir_method_new(lowering->module, helper->ast->selector);
        helper->method->at = helper->ast->at;
    }
    IrInlining *inlining = ARENA_NEW(lowering->arena, IrInlining);
    *inlining = (IrInlining){.method = helper->method,
                             .call = at,
                             .within = lowering->expansion ? lowering->expansion->inlining : NULL};
    return inlining;
}

// The helper's scope hangs on the outermost one, which holds the loop's state: what a name in a
// helper means does not depend on who expands it. Arguments are values already, evaluated once
// by the caller in their order, so an argument that is used twice has its effects once.
LoopResult loop_expand(LoopLowering *lowering, LoopHelper *helper, const LoopResult *arguments,
                       Location at) {
    if (helper->expanding) {
        LOOP_ERROR(lowering, at, "helper `%s` would be expanded in itself", helper->ast->selector);
        lowering->gave_up = true;
        return loop_unknown(lowering);
    }
    LoopScope *outer = lowering->scope, *state = outer;
    while (state->parent)
        state = state->parent;
    LoopScope scope = {.parent = state};
    lowering->scope = &scope;
    helper->expanding = helper->expanded = true;
    LoopExpansion expansion = {.helper = helper, .inlining = inline_helper(lowering, helper, at)};
    LoopExpansion *caller = lowering->expansion;
    expansion.method = helper->method;
    lowering->expansion = &expansion;
    declare_arguments(lowering, helper, arguments);
    LoopResult result = expand_body(lowering, helper, caller);
    helper->expanding = false;
    lowering->scope = outer;
    return result;
}
