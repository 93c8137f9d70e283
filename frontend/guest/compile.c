// Compiles a method: activations, statements, variables and plain messages. This is
// syntax-directed: each function appends the code of one kind of expression, which leaves its
// value on the stack if it is `wanted`, and the code of an operand stands before what uses it.
// Operands of a message are pushed in the order in which SOM evaluates them, and so they are
// where a frame has its arguments (see Frame in runtime/interpreter/records.som). See code.h for
// how instructions are made, control.c for messages that are inlined.
#include "frontend/guest/code.h"
#include "frontend/guest/shape.h"
#include "frontend/syntax/chain.h"

#include <string.h>

// ---- Variables ---------------------------------------------------------------------

static void push_self(GuestCode *code) {
    guest_emit(code, OP_PUSH_ARGUMENT, guest_receiver(code), 0);
}

// In its own activation a captured variable that never changes is read from the frame.
static bool is_in_frame(const GuestCode *code, const GuestVariable *variable) {
    if (!variable->is_captured)
        return true;
    return variable->in_frame && !variable->is_assigned &&
           variable->scope->activation == code->scope->activation;
}

void guest_push_place(GuestCode *code, const GuestVariable *variable) {
    if (variable->frame_index < 0)
        guest_emit(code, OP_PUSH_ARGUMENT, variable->frame_index, 0);
    else
        guest_emit(code, OP_PUSH_LOCAL, variable->frame_index, 0);
}

void guest_pop_place(GuestCode *code, const GuestVariable *variable) {
    if (variable->frame_index < 0)
        guest_emit(code, OP_POP_ARGUMENT, variable->frame_index, 0);
    else
        guest_emit(code, OP_POP_LOCAL, variable->frame_index, 0);
}

static bool is_boxed(const GuestVariable *variable) {
    return variable->is_boxed || (variable->shadowed && variable->shadowed->is_boxed);
}

// What stands where the variable lives: its value, or its box.
static void push_as_is(GuestCode *code, const GuestVariable *variable) {
    if (is_in_frame(code, variable))
        guest_push_place(code, variable);
    else
        guest_emit(code, OP_PUSH_CAPTURED_DEPTH, variable->slot,
                   guest_depth(code->scope, variable->scope));
}

void guest_push_variable(GuestCode *code, const GuestVariable *variable) {
    push_as_is(code, variable);
    if (is_boxed(variable))
        guest_emit(code, OP_UNBOX, 0, 0);
}

void guest_pop_variable(GuestCode *code, const GuestVariable *variable) {
    if (is_boxed(variable)) {
        push_as_is(code, variable);
        guest_emit(code, OP_SET_BOX, 0, 0);
    } else if (variable->is_captured) {
        guest_emit(code, OP_POP_CAPTURED_DEPTH, variable->slot,
                   guest_depth(code->scope, variable->scope));
    } else {
        guest_pop_place(code, variable);
    }
}

void guest_define_variable(GuestCode *code, const GuestVariable *variable) {
    if (!variable->is_boxed) {
        guest_pop_variable(code, variable);
        return;
    }
    guest_emit(code, OP_BOX, 0, 0);
    guest_pop_place(code, variable);
}

static bool push_reserved(GuestCode *code, const char *name) {
    if (!strcmp(name, "nil"))
        guest_emit(code, OP_PUSH_NIL, 0, 0);
    else if (!strcmp(name, "true"))
        guest_emit(code, OP_PUSH_TRUE, 0, 0);
    else if (!strcmp(name, "false"))
        guest_emit(code, OP_PUSH_FALSE, 0, 0);
    else if (guest_is_reserved(name)) // self, or super that is sent nothing
        push_self(code);
    else
        return false;
    return true;
}

// Reading a global may send `unknownGlobal:`, so that is done in any case.
static void compile_variable(GuestCode *code, const char *name, bool wanted) {
    const GuestVariable *variable = guest_resolve(code->scope, name);
    int field = guest_field(code->class, name);
    bool is_known = variable || field >= 0 || guest_is_reserved(name);
    if (is_known && !wanted)
        return;
    if (push_reserved(code, name))
        return;
    if (variable)
        guest_push_variable(code, variable);
    else if (field >= 0)
        guest_emit(code, OP_PUSH_FIELD_RECEIVER, field, guest_receiver(code));
    else
        guest_push_global(code, name);
    if (!wanted)
        guest_emit(code, OP_POP, 0, 0);
}

static void compile_assignment(GuestCode *code, const AstExpression *assignment, bool wanted) {
    const char *name = assignment->assignment.name;
    guest_expression(code, assignment->assignment.value, true);
    code->at = assignment->at;
    if (wanted)
        guest_emit(code, OP_DUP, 0, 0);
    const GuestVariable *variable = guest_resolve(code->scope, name);
    if (variable)
        guest_pop_variable(code, variable);
    else
        guest_emit(code, OP_POP_FIELD_RECEIVER, guest_field(code->class, name),
                   guest_receiver(code));
}

// ---- Messages and closures ---------------------------------------------------------

// The value on top of the stack is self.
static void note_self(GuestCode *code) {
    GuestSelf *self = ARENA_NEW(code->arena, GuestSelf);
    *self = (GuestSelf){code->selves, code->depth - 1};
    code->selves = self;
}

// Sends a message whose receiver is on the stack.
static void compile_message(GuestCode *code, const AstExpression *send) {
    const AstExpressions *arguments = &send->send.arguments;
    GuestReceiver receiver = guest_is_variable(send->send.receiver, "super")  ? GUEST_TO_SUPER
                             : guest_is_variable(send->send.receiver, "self") ? GUEST_TO_SELF
                                                                              : GUEST_TO_ANYBODY;
    const GuestSelf *selves = code->selves;
    if (receiver != GUEST_TO_ANYBODY)
        note_self(code);
    for (size_t i = 0; i < arguments->count; i++)
        guest_expression(code, arguments->items[i], true);
    code->selves = selves;
    code->at = send->at;
    if ((int64_t)arguments->count >
        -interpreter_bytecodes[OP_PUSH_ARGUMENT].operands[0].minimum - 1)
        guest_too_many(code, "arguments of a message");
    else
        guest_send(code, send->send.selector, (int)arguments->count, receiver);
}

// A message that is inlined, or that this version sends instead.
static void compile_control(GuestCode *code, const AstExpression *send, GuestControl control,
                            GuestScope *sent, bool wanted) {
    code->at = send->at;
    if (sent)
        guest_send_closures(code, sent, wanted);
    else
        guest_control_send(code, send, control, wanted);
}

// The messages at the end of a chain that are simply sent are compiled in a loop: there may be
// many.
static void compile_chain(GuestCode *code, const AstExpression *last, bool wanted) {
    SyntaxChain chain;
    syntax_chain(&chain, last);
    GuestScope *sent = NULL;
    GuestControl control = GUEST_SEND;
    size_t plain = chain.count; // from here on they are simply sent
    while (plain > 0) {
        control = guest_control_here(code, chain.sends[plain - 1], &sent);
        if (control != GUEST_SEND || sent)
            break;
        plain--;
    }
    bool is_sent = plain < chain.count;
    if (plain > 0)
        compile_control(code, chain.sends[plain - 1], control, sent, wanted || is_sent);
    else
        guest_expression(code, chain.receiver, true);
    for (size_t i = plain; i < chain.count; i++)
        compile_message(code, chain.sends[i]);
    if (is_sent && !wanted)
        guest_emit(code, OP_POP, 0, 0);
    syntax_chain_free(&chain);
}

// An empty method or block with the class, selector and place of the one around it.
static GuestMethod *method_new(const GuestCode *code, Location at) {
    GuestMethod *method = ARENA_NEW(code->arena, GuestMethod);
    method->selector = code->selector;
    method->at = at;
    return method;
}

static void push_block(GuestCode *code, GuestMethod *block) {
    GuestLiteral literal = {.kind = GUEST_BLOCK, .block = block};
    guest_emit(code, OP_PUSH_BLOCK_RECEIVER, guest_literal(code, &literal), guest_receiver(code));
}

static GuestMethod *compile_activation(const GuestCode *around, GuestScope *scope,
                                       const AstVariables *arguments, bool is_version);

void guest_push_closure(GuestCode *code, GuestScope *scope) {
    if (!code->is_reachable)
        return;
    GuestMethod *block = compile_activation(code, scope, &scope->block->arguments, false);
    if (block)
        push_block(code, block);
    else
        guest_give_up(code);
}

// ---- Statements --------------------------------------------------------------------

static void compile_return(GuestCode *code, const AstExpression *statement) {
    const AstExpression *returned = statement->returned;
    bool is_method = !code->scope->activation->parent;
    if (is_method && !code->has_home && guest_is_variable(returned, "self")) {
        guest_emit(code, OP_RETURN_SELF, guest_receiver(code), 0);
        return;
    }
    guest_expression(code, returned, true);
    code->at = statement->at;
    if (!is_method)
        guest_emit(code, OP_RETURN_NON_LOCAL, 0, 0);
    else
        guest_emit(code, code->has_home ? OP_RETURN_HOME : OP_RETURN_LOCAL, guest_receiver(code),
                   0);
}

void guest_expression(GuestCode *code, const AstExpression *expression, bool wanted) {
    if (!code->is_reachable)
        return;
    code->at = expression->at;
    switch (expression->kind) {
    case AST_VARIABLE: compile_variable(code, expression->variable.name, wanted); break;
    case AST_ASSIGNMENT: compile_assignment(code, expression, wanted); break;
    case AST_SEND: compile_chain(code, expression, wanted); break;
    case AST_RETURN: compile_return(code, expression); break;
    case AST_BLOCK:
        if (wanted)
            guest_push_closure(code, guest_child(code->scope, expression->block));
        break;
    default:
        if (wanted)
            guest_push_literal(code, expression);
    }
}

void guest_statements(GuestCode *code, const AstBlock *block, bool wanted) {
    for (size_t i = 0; i < block->statements.count; i++) {
        code->statement = guest_statement(code->scope, block, i);
        guest_expression(code, block->statements.items[i],
                         wanted && i + 1 == block->statements.count);
    }
    if (!block->statements.count && wanted)
        guest_emit(code, OP_PUSH_NIL, 0, 0);
}

// ---- Activations -------------------------------------------------------------------

// The context, captured arguments copied into it, and places in the frame.
static void begin(GuestCode *code, const GuestScope *scope) {
    if (scope->has_context) {
        if (scope->captured_count > interpreter_bytecodes[OP_PUSH_CONTEXT].operands[0].maximum)
            guest_too_many(code, "captured variables");
        else
            guest_emit(code, scope->is_home ? OP_PUSH_HOME : OP_PUSH_CONTEXT, scope->captured_count,
                       0);
    }
    if (code->opens_home)
        guest_emit(code, OP_OPEN_HOME, 0, 0);
    for (size_t i = 0; i < scope->variables.count; i++) {
        GuestVariable *variable = scope->variables.items[i];
        if (variable->is_argument && (variable->is_captured || variable->is_boxed)) {
            guest_push_place(code, variable);
            guest_define_variable(code, variable);
        } else if (!variable->is_argument) {
            guest_begin_variable(code, variable);
        }
    }
}

// Behind the last statement: a method answers itself, a block what that gave.
static void end(GuestCode *code, const AstBlock *block, bool is_block) {
    code->at = block->end;
    if (is_block) {
        guest_emit(code, OP_RETURN_LOCAL, guest_receiver(code), 0);
    } else if (code->has_home) {
        push_self(code);
        guest_emit(code, OP_RETURN_HOME, guest_receiver(code), 0);
    } else {
        guest_emit(code, OP_RETURN_SELF, guest_receiver(code), 0);
    }
}

static bool fits(GuestCode *code, const AstVariables *arguments) {
    const InterpreterOperand *argument = &interpreter_bytecodes[OP_PUSH_ARGUMENT].operands[0];
    const InterpreterOperand *local = &interpreter_bytecodes[OP_PUSH_LOCAL].operands[0];
    if ((int64_t)arguments->count >= -argument->minimum)
        guest_too_many(code, "arguments");
    if ((int64_t)code->method->local_names.count > local->maximum + 1)
        guest_too_many(code, "variables");
    return !code->has_failed;
}

// Frames of a version have been in other code: any of their locals may have been used.
static GuestMethod *compile_activation(const GuestCode *around, GuestScope *scope,
                                       const AstVariables *arguments, bool is_version) {
    GuestMethod *method = method_new(around, scope->block->at);
    GuestCode code = {.arena = around->arena,
                      .diagnostics = around->diagnostics,
                      .class = around->class,
                      .selector = around->selector,
                      .method = method,
                      .scope = scope,
                      .at = scope->block->at,
                      .is_reachable = true,
                      .has_home = scope->is_home || scope->activation->opens_home,
                      .opens_home = scope->activation->opens_home};
    method->around = guest_around(code.arena, scope);
    method->opens_home = code.opens_home;
    method->local_names = scope->activation->local_names;
    method->local_count = (int)method->local_names.count;
    code.fresh_local = is_version ? method->local_count : 0;
    method->is_block = scope->kind == GUEST_SCOPE_CLOSURE;
    if (!fits(&code, arguments))
        return NULL;
    method->argument_count = (int)arguments->count;
    for (size_t i = 0; i < arguments->count; i++)
        ARENA_PUSH(code.arena, &method->argument_names, arguments->items[i].name);
    begin(&code, scope);
    guest_begin_condition(&code, scope);
    guest_statements(&code, scope->block, method->is_block);
    end(&code, scope->block, method->is_block);
    guest_emit_osr_entries(&code);
    guest_emit_osr_exits(&code);
    if (!method->is_block && !code.has_failed)
        guest_find_shape(&code, scope->block);
    return code.has_failed ? NULL : method;
}

GuestMethod *guest_compile(Arena *arena, const AstMethod *method, const GuestClassScope *scope,
                           Diagnostics *diagnostics) {
    GuestCode around = {
        .arena = arena, .diagnostics = diagnostics, .class = scope, .selector = method->selector};
    GuestMethod *compiled;
    if (method->is_primitive) {
        compiled = method_new(&around, method->at);
        compiled->is_primitive = true;
        compiled->argument_count = (int)method->arguments.count;
        for (size_t i = 0; i < method->arguments.count; i++)
            ARENA_PUSH(arena, &compiled->argument_names, method->arguments.items[i].name);
        return compiled;
    }
    GuestActivation *activation = guest_analyse(arena, method, scope, NULL, diagnostics);
    if (!activation)
        return NULL;
    compiled = compile_activation(&around, activation->scope, &method->arguments, false);
    if (compiled)
        compiled->at = method->at;
    return compiled;
}

GuestMethod *guest_compile_version(Arena *arena, const AstMethod *method,
                                   const GuestClassScope *scope, const GuestVersion *version,
                                   Diagnostics *diagnostics) {
    const GuestCode around = {
        .arena = arena, .diagnostics = diagnostics, .class = scope, .selector = method->selector};
    const GuestActivation *activation = guest_analyse(arena, method, scope, version, diagnostics);
    if (!activation)
        return NULL;
    bool is_method = activation->scope->kind == GUEST_SCOPE_METHOD;
    return compile_activation(&around, activation->scope,
                              is_method ? &method->arguments : &activation->scope->block->arguments,
                              true);
}
