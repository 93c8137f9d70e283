// Builds the scopes of a method in two walks. The first finds what the method itself
// needs: which variables are captured by its closures. The second adds the detours,
// whose closures get at frame variables by copies, so it changes nothing of that.
#include "frontend/guest/scope.h"

#include <stdlib.h>

typedef struct Analysis {
    Arena *arena;
    Diagnostics *diagnostics;
    const GuestClassScope *class;
    const AstExpression *statement; // the latest whose value nobody sees
    bool is_detour; // the second walk: errors have been reported, nothing is inlined
    ARENA_VECTOR(GuestScope *) scopes;            // that hold the messages below
    ARENA_VECTOR(const AstExpression *) controls; // inlined, in the order of walking
} Analysis;

static void walk(Analysis *analysis, GuestScope *scope, const AstExpression *expression);

// ---- Scopes ------------------------------------------------------------------------

static GuestScope *scope_new(Analysis *analysis, GuestScopeKind kind, GuestScope *parent,
                             GuestActivation *activation, const AstBlock *block) {
    GuestScope *scope = ARENA_NEW(analysis->arena, GuestScope);
    scope->kind = kind;
    scope->parent = parent;
    scope->activation = activation;
    scope->block = block;
    if (parent)
        scope->detour = parent->detour;
    return scope;
}

static GuestScope *activation_new(Analysis *analysis, GuestScopeKind kind, GuestScope *parent,
                                  const AstBlock *block, size_t arguments) {
    GuestActivation *activation = ARENA_NEW(analysis->arena, GuestActivation);
    activation->parent = parent ? parent->activation : NULL;
    activation->argument_count = (int)arguments;
    activation->scope = scope_new(analysis, kind, parent, activation, block);
    return activation->scope;
}

static void declare(Analysis *analysis, GuestScope *scope, const AstVariables *variables,
                    bool are_arguments) {
    for (size_t i = 0; i < variables->count; i++) {
        const AstVariable *declared = &variables->items[i];
        if (!analysis->is_detour && guest_is_reserved(declared->name))
            diagnostic_error(analysis->diagnostics, declared->at, "'%s' can't be a variable's name",
                             declared->name);
        if (!analysis->is_detour && guest_own_variable(scope, declared->name))
            diagnostic_error(analysis->diagnostics, declared->at, "'%s' is declared twice",
                             declared->name);
        GuestVariable *variable = ARENA_NEW(analysis->arena, GuestVariable);
        variable->name = declared->name;
        if (are_arguments) {
            variable->is_argument = variable->in_frame = true;
            variable->frame_index = (int)i - (int)variables->count;
        }
        guest_add_variable(analysis->arena, scope, variable);
    }
}

static void walk_body(Analysis *analysis, GuestScope *scope, const AstBlock *block) {
    declare(analysis, scope, &block->locals, false);
    for (size_t i = 0; i < block->statements.count; i++) {
        analysis->statement = guest_statement(scope, block, i);
        walk(analysis, scope, block->statements.items[i]);
    }
}

static GuestScope *walk_closure(Analysis *analysis, GuestScope *parent, const AstBlock *block) {
    GuestScope *scope =
        activation_new(analysis, GUEST_SCOPE_CLOSURE, parent, block, block->arguments.count);
    ARENA_PUSH(analysis->arena, &parent->children, scope);
    declare(analysis, scope, &block->arguments, true);
    walk_body(analysis, scope, block);
    return scope;
}

static void walk_inlined(Analysis *analysis, GuestScope *parent, const AstBlock *block, bool loops,
                         bool is_unseen) {
    GuestScope *scope = scope_new(analysis, GUEST_SCOPE_INLINED, parent, parent->activation, block);
    scope->in_loop = loops || parent->in_loop;
    scope->is_unseen = is_unseen;
    ARENA_PUSH(analysis->arena, &parent->children, scope);
    declare(analysis, scope, &block->arguments, false);
    walk_body(analysis, scope, block);
}

// ---- Names -------------------------------------------------------------------------

// The copy of a frame's variable in a detour's context.
static GuestVariable *shadow(Analysis *analysis, GuestScope *detour, GuestVariable *variable) {
    GuestVariable *copy = ARENA_NEW(analysis->arena, GuestVariable);
    copy->name = variable->name;
    copy->is_captured = true;
    copy->shadowed = variable;
    guest_add_variable(analysis->arena, detour, copy);
    return copy;
}

static void mention(Analysis *analysis, GuestScope *scope, GuestVariable *variable, bool assigned) {
    const GuestScope *detour = scope->detour;
    if (detour && variable->scope->detour != detour && !variable->is_captured)
        variable = shadow(analysis, scope->detour, variable);
    if (variable->scope->activation != scope->activation &&
        (!detour || variable->scope->detour == detour))
        variable->is_captured = true;
    variable->is_assigned |= assigned;
}

static void walk_assignment(Analysis *analysis, GuestScope *scope,
                            const AstExpression *assignment) {
    const char *name = assignment->assignment.name;
    walk(analysis, scope, assignment->assignment.value);
    GuestVariable *variable = guest_resolve(scope, name);
    if (guest_is_reserved(name)) {
        if (!analysis->is_detour)
            diagnostic_error(analysis->diagnostics, assignment->at, "'%s' can't be assigned to",
                             name);
    } else if (variable) {
        mention(analysis, scope, variable, true);
    } else if (!analysis->is_detour && guest_field(analysis->class, name) < 0) {
        diagnostic_error(analysis->diagnostics, assignment->at,
                         "'%s' is no variable here, and a global can't be assigned to", name);
    }
}

static void walk_variable(Analysis *analysis, GuestScope *scope, const char *name) {
    GuestVariable *variable = guest_is_reserved(name) ? NULL : guest_resolve(scope, name);
    if (variable)
        mention(analysis, scope, variable, false);
}

// ---- Expressions -------------------------------------------------------------------

static void walk_send(Analysis *analysis, GuestScope *scope, const AstExpression *send) {
    GuestControl control = analysis->is_detour
                               ? GUEST_SEND
                               : guest_control(analysis->class, send, analysis->statement);
    bool is_unseen = send == analysis->statement;
    bool loops = control == GUEST_WHILE || control == GUEST_COUNT || control == GUEST_REPEAT;
    for (int i = -1; i < (int)send->send.arguments.count; i++) {
        const AstExpression *operand = i < 0 ? send->send.receiver : send->send.arguments.items[i];
        if (guest_inlines(control, send, i))
            walk_inlined(analysis, scope, operand->block, loops, i >= 0 && (loops || is_unseen));
        else
            walk(analysis, scope, operand);
    }
    if (control != GUEST_SEND && control != GUEST_WHILE && control != GUEST_NIL) {
        ARENA_PUSH(analysis->arena, &analysis->scopes, scope);
        ARENA_PUSH(analysis->arena, &analysis->controls, send);
    }
}

// `^` in a closure needs a home: the method's context, or else that of the detour.
static void walk_return(Analysis *analysis, GuestScope *scope, const AstExpression *statement) {
    walk(analysis, scope, statement->returned);
    GuestActivation *activation = scope->activation;
    if (!activation->parent)
        return;
    while (activation->parent)
        activation = activation->parent;
    if (!scope->detour)
        activation->needs_home = activation->scope->is_home = true;
    else if (!activation->needs_home)
        scope->detour->is_home = true;
}

static void walk(Analysis *analysis, GuestScope *scope, const AstExpression *expression) {
    switch (expression->kind) {
    case AST_VARIABLE: walk_variable(analysis, scope, expression->variable.name); break;
    case AST_ASSIGNMENT: walk_assignment(analysis, scope, expression); break;
    case AST_SEND: walk_send(analysis, scope, expression); break;
    case AST_BLOCK: walk_closure(analysis, scope, expression->block); break;
    case AST_RETURN: walk_return(analysis, scope, expression); break;
    default: break;
    }
}

// Gives the captured variables their slots.
static void lay_out(GuestScope *scope) {
    for (size_t i = 0; i < scope->variables.count; i++) {
        GuestVariable *variable = scope->variables.items[i];
        if (variable->is_captured)
            variable->slot = scope->captured_count++;
    }
    scope->has_context = scope->captured_count || scope->is_home;
    for (size_t i = 0; i < scope->children.count; i++)
        lay_out(scope->children.items[i]);
}

static void add_detour(Analysis *analysis, GuestScope *parent, const AstExpression *send) {
    GuestScope *detour = scope_new(analysis, GUEST_SCOPE_DETOUR, parent, parent->activation, NULL);
    detour->send = send;
    detour->detour = detour;
    ARENA_PUSH(analysis->arena, &parent->detours, detour);
    GuestControl control = guest_form(send);
    for (int i = 0; i < (int)send->send.arguments.count; i++) {
        if (guest_inlines(control, send, i))
            walk_closure(analysis, detour, send->send.arguments.items[i]->block);
    }
    lay_out(detour);
}

GuestActivation *guest_analyse(Arena *arena, const AstMethod *method, const GuestClassScope *class,
                               Diagnostics *diagnostics) {
    Analysis analysis = {.arena = arena, .diagnostics = diagnostics, .class = class};
    int before = diagnostics->errors;
    GuestScope *scope =
        activation_new(&analysis, GUEST_SCOPE_METHOD, NULL, method->body, method->arguments.count);
    scope->is_unseen = true;
    declare(&analysis, scope, &method->arguments, true);
    walk_body(&analysis, scope, method->body);
    if (diagnostics->errors != before)
        return NULL;
    lay_out(scope);
    analysis.is_detour = true;
    for (size_t i = 0; i < analysis.controls.count; i++)
        add_detour(&analysis, analysis.scopes.items[i], analysis.controls.items[i]);
    return scope->activation;
}

// ---- Asking ------------------------------------------------------------------------

// Scopes are asked for about in the order in which they were made.
GuestScope *guest_child(GuestScope *scope, const AstBlock *block) {
    for (size_t tried = 0; tried < scope->children.count; tried++) {
        if (scope->next_child >= scope->children.count)
            scope->next_child = 0;
        GuestScope *child = scope->children.items[scope->next_child++];
        if (child->block == block)
            return child;
    }
    abort();
}

GuestScope *guest_detour(GuestScope *scope, const AstExpression *send) {
    for (size_t tried = 0; tried < scope->detours.count; tried++) {
        if (scope->next_detour >= scope->detours.count)
            scope->next_detour = 0;
        GuestScope *detour = scope->detours.items[scope->next_detour++];
        if (detour->send == send)
            return detour;
    }
    abort();
}

GuestVariable *guest_resolve(const GuestScope *scope, const char *name) {
    GuestVariable *variable = NULL;
    for (; scope && !variable; scope = scope->parent)
        variable = guest_own_variable(scope, name);
    return variable;
}

int guest_depth(const GuestScope *scope, const GuestScope *target) {
    int depth = 0;
    for (; scope != target; scope = scope->parent)
        depth += scope->has_context + (scope->kind == GUEST_SCOPE_CLOSURE);
    return depth;
}
