// Builds the scopes of a method in two walks. The first finds what the method itself
// needs: which variables are captured by its closures. For a version the second one adds
// scopes for the messages that it sends; their closures get at frame variables by boxes, so
// it changes nothing of what the first has found.
#include "frontend/guest/scope.h"

#include "frontend/syntax/chain.h"
#include "support/internal_error.h"

typedef struct Analysis {
    Arena *arena;
    Diagnostics *diagnostics;
    const GuestClassScope *class;
    const AstExpression *statement; // the latest whose value nobody sees
    bool is_second; // of the two walks: errors have been reported, nothing is inlined
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
        scope->sent = parent->sent;
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
        if (!analysis->is_second && guest_is_reserved(declared->name))
            diagnostic_error(analysis->diagnostics, declared->at, "'%s' can't be a variable's name",
                             declared->name);
        if (!analysis->is_second && guest_own_variable(scope, declared->name))
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

static void walk_inlined(Analysis *analysis, GuestScope *parent, const AstExpression *send,
                         const AstBlock *block, bool loops, bool is_unseen) {
    GuestScope *scope = scope_new(analysis, GUEST_SCOPE_INLINED, parent, parent->activation, block);
    scope->send = send;
    scope->in_loop = loops || parent->in_loop;
    scope->is_unseen = is_unseen;
    ARENA_PUSH(analysis->arena, &parent->children, scope);
    declare(analysis, scope, &block->arguments, false);
    walk_body(analysis, scope, block);
}

// ---- Names -------------------------------------------------------------------------

// What stands for a frame's variable in the context of a message that is sent. If it is never
// assigned to, it is a copy; else the box that the variable is in, and the frame has that instead.
static GuestVariable *shadow(Analysis *analysis, GuestScope *sent, GuestVariable *variable) {
    variable->is_boxed |= variable->is_assigned;
    GuestVariable *copy = ARENA_NEW(analysis->arena, GuestVariable);
    copy->name = variable->name;
    copy->is_captured = true;
    copy->shadowed = variable;
    guest_add_variable(analysis->arena, sent, copy);
    return copy;
}

// A variable of another activation is captured. In the second walk it must not be: the frame has it
// already, and so the message's context gets a copy, or its box.
static void mention(Analysis *analysis, GuestScope *scope, GuestVariable *variable, bool assigned) {
    const GuestScope *sent = scope->sent;
    if (sent && variable->scope->sent != sent && !variable->is_captured)
        variable = shadow(analysis, scope->sent, variable);
    if (variable->scope->activation != scope->activation &&
        (!sent || variable->scope->sent == sent))
        variable->is_captured = true;
    variable->is_assigned |= assigned;
}

static void walk_assignment(Analysis *analysis, GuestScope *scope,
                            const AstExpression *assignment) {
    const char *name = assignment->assignment.name;
    walk(analysis, scope, assignment->assignment.value);
    GuestVariable *variable = guest_resolve(scope, name);
    if (guest_is_reserved(name)) {
        if (!analysis->is_second)
            diagnostic_error(analysis->diagnostics, assignment->at, "'%s' can't be assigned to",
                             name);
    } else if (variable) {
        mention(analysis, scope, variable, true);
    } else if (!analysis->is_second && guest_field(analysis->class, name) < 0) {
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

// A message whose receiver has been walked already, unless it is a block that is inlined.
static void walk_message(Analysis *analysis, GuestScope *scope, const AstExpression *send,
                         GuestControl control, bool is_unseen) {
    bool loops = control == GUEST_WHILE || control == GUEST_COUNT || control == GUEST_REPEAT;
    if (guest_inlines(control, send, -1))
        walk_inlined(analysis, scope, send, send->send.receiver->block, loops, false);
    for (int i = 0; i < (int)send->send.arguments.count; i++) {
        const AstExpression *argument = send->send.arguments.items[i];
        if (guest_inlines(control, send, i))
            walk_inlined(analysis, scope, send, argument->block, loops, loops || is_unseen);
        else
            walk(analysis, scope, argument);
    }
    if (control != GUEST_SEND) {
        ARENA_PUSH(analysis->arena, &analysis->scopes, scope);
        ARENA_PUSH(analysis->arena, &analysis->controls, send);
    }
}

static void walk_chain(Analysis *analysis, GuestScope *scope, const AstExpression *last) {
    SyntaxChain chain;
    syntax_chain(&chain, last);
    const AstExpression *statement = analysis->statement;
    for (size_t i = 0; i < chain.count; i++) {
        const AstExpression *send = chain.sends[i];
        GuestControl control = GUEST_SEND;
        if (!analysis->is_second)
            control = guest_control(analysis->class, scope, send, statement);
        if (i == 0 && !guest_inlines(control, send, -1))
            walk(analysis, scope, chain.receiver);
        walk_message(analysis, scope, send, control, send == statement);
    }
    syntax_chain_free(&chain);
}

// `^` in a closure needs a home: the method's context, or else that of the message that is sent.
static void walk_return(Analysis *analysis, GuestScope *scope, const AstExpression *statement) {
    walk(analysis, scope, statement->returned);
    GuestActivation *activation = scope->activation;
    if (!activation->parent)
        return;
    while (activation->parent)
        activation = activation->parent;
    if (!scope->sent)
        activation->needs_home = activation->scope->is_home = true;
    else if (!activation->needs_home)
        scope->sent->is_home = activation->opens_home = true;
}

static void walk(Analysis *analysis, GuestScope *scope, const AstExpression *expression) {
    switch (expression->kind) {
    case AST_VARIABLE: walk_variable(analysis, scope, expression->variable.name); break;
    case AST_ASSIGNMENT: walk_assignment(analysis, scope, expression); break;
    case AST_SEND: walk_chain(analysis, scope, expression); break;
    case AST_BLOCK: walk_closure(analysis, scope, expression->block); break;
    case AST_RETURN: walk_return(analysis, scope, expression); break;
    default: break;
    }
}

// ---- Versions ----------------------------------------------------------------------

// A variable of that context which the source doesn't have.
static void add_hidden(Analysis *analysis, GuestScope *sent, const char *name) {
    GuestVariable *variable = ARENA_NEW(analysis->arena, GuestVariable);
    variable->name = name;
    variable->is_captured = variable->is_assigned = true;
    guest_add_variable(analysis->arena, sent, variable);
}

// The scope of a message that is sent, without its closures.
static GuestScope *new_sent(Analysis *analysis, GuestScope *parent, const AstExpression *send) {
    GuestScope *sent = scope_new(analysis, GUEST_SCOPE_SENT, parent, parent->activation, NULL);
    sent->send = send;
    sent->sent = sent;
    if (guest_form(send) == GUEST_WHILE) {
        add_hidden(analysis, sent, GUEST_FIRST);
        add_hidden(analysis, sent, GUEST_VALUE);
    }
    return sent;
}

static void walk_sent(Analysis *analysis, GuestScope *sent) {
    const AstExpression *send = sent->send;
    GuestControl control = guest_form(send);
    for (int i = -1; i < (int)send->send.arguments.count; i++) {
        const AstExpression *operand = i < 0 ? send->send.receiver : send->send.arguments.items[i];
        if (guest_inlines(control, send, i))
            walk_closure(analysis, sent, operand->block);
    }
}

// What a counted loop that is in its midst needs.
static GuestScope *new_rest(Analysis *analysis, GuestScope *parent, const AstExpression *send) {
    GuestScope *rest = new_sent(analysis, parent, guest_rest_of_loop(analysis->arena, send));
    add_hidden(analysis, rest, GUEST_COUNTER);
    add_hidden(analysis, rest, GUEST_LIMIT);
    add_hidden(analysis, rest, GUEST_BODY);
    walk_sent(analysis, rest);
    walk_closure(analysis, rest, guest_counting(send).body);
    guest_lay_out(analysis->arena, rest);
    return rest;
}

static void add_sent(Analysis *analysis, GuestScope *parent, const AstExpression *send) {
    GuestScope *sent = new_sent(analysis, parent, send);
    ARENA_PUSH(analysis->arena, &parent->sent_scopes, sent);
    walk_sent(analysis, sent);
    guest_lay_out(analysis->arena, sent);
    GuestControl control = guest_form(send);
    if (control == GUEST_COUNT || control == GUEST_REPEAT)
        sent->rest = new_rest(analysis, parent, send);
}

// Does the code of `scope` stand in a block of the message?
static bool stands_in(const GuestScope *scope, const AstExpression *send) {
    for (; scope->kind == GUEST_SCOPE_INLINED; scope = scope->parent) {
        if (scope->send == send)
            return true;
    }
    return false;
}

typedef struct Choice {
    const GuestVersion *version;
    const GuestScope *entry; // that its entry stands in
} Choice;

// The messages around the entry go on as they are: the frame is in the midst of their code.
static bool is_chosen(const Choice *choice, const AstExpression *send) {
    const GuestVersion *version = choice->version;
    bool is_sent = version->all || send == version->entry;
    for (size_t i = 0; i < version->sent_count && !is_sent; i++)
        is_sent = version->sent[i] == send;
    return is_sent && !stands_in(choice->entry, send);
}

static bool stands_in_chosen(const Choice *choice, const GuestScope *scope) {
    for (; scope->kind == GUEST_SCOPE_INLINED; scope = scope->parent) {
        if (is_chosen(choice, scope->send))
            return true;
    }
    return false;
}

static const GuestScope *scope_of_entry(const Analysis *analysis, const GuestVersion *version) {
    for (size_t i = 0; i < analysis->controls.count; i++) {
        if (analysis->controls.items[i] == version->entry)
            return analysis->scopes.items[i];
    }
    internal_error("%s isn't inlined", version->entry->send.selector);
}

static void add_all_sent(Analysis *analysis, const GuestVersion *version) {
    const Choice choice = {version, scope_of_entry(analysis, version)};
    analysis->is_second = true;
    for (size_t i = 0; i < analysis->controls.count; i++) {
        GuestScope *scope = analysis->scopes.items[i];
        const AstExpression *send = analysis->controls.items[i];
        if (scope->activation == choice.entry->activation && is_chosen(&choice, send) &&
            !stands_in_chosen(&choice, scope))
            add_sent(analysis, scope, send);
    }
}

GuestActivation *guest_analyse(Arena *arena, const AstMethod *method, const GuestClassScope *class,
                               const GuestVersion *version, Diagnostics *diagnostics) {
    Analysis analysis = {.arena = arena, .diagnostics = diagnostics, .class = class};
    int before = diagnostics->errors;
    GuestScope *scope =
        activation_new(&analysis, GUEST_SCOPE_METHOD, NULL, method->body, method->arguments.count);
    scope->is_unseen = true;
    declare(&analysis, scope, &method->arguments, true);
    walk_body(&analysis, scope, method->body);
    if (diagnostics->errors != before)
        return NULL;
    guest_lay_out(arena, scope);
    if (!version)
        return scope->activation;
    add_all_sent(&analysis, version);
    return scope_of_entry(&analysis, version)->activation;
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
    internal_error("a block has no scope");
}

GuestScope *guest_sent_scope(const GuestScope *scope, const AstExpression *send) {
    for (size_t i = 0; i < scope->sent_scopes.count; i++) {
        if (scope->sent_scopes.items[i]->send == send)
            return scope->sent_scopes.items[i];
    }
    return NULL;
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

GuestContext guest_context(const GuestScope *scope) {
    int kind = !scope->is_home                   ? GUEST_CONTEXT_PLAIN
               : scope->kind == GUEST_SCOPE_SENT ? GUEST_CONTEXT_LINK
                                                 : GUEST_CONTEXT_HOME;
    return (GuestContext){kind, scope->captured_count};
}

GuestContexts guest_around(Arena *arena, const GuestScope *closure) {
    GuestContexts around = {0};
    for (const GuestScope *scope = closure->parent; scope; scope = scope->parent) {
        if (scope->has_context)
            ARENA_PUSH(arena, &around, guest_context(scope));
        if (scope->kind == GUEST_SCOPE_CLOSURE)
            ARENA_PUSH(arena, &around, (GuestContext){.kind = GUEST_CONTEXT_BLOCK});
    }
    return around;
}
