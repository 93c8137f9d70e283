// See names.h.
#include "names.h"

#include <string.h>

static GlobalName *find_global(Names *names, const Token *name) {
    unsigned hash = 2166136261u;
    for (int i = 0; i < name->length; i++)
        hash = (hash ^ (unsigned char)name->start[i]) * 16777619u;
    GlobalName **bucket = &names->buckets[hash % NAME_BUCKETS];
    for (GlobalName *global = *bucket; global; global = global->next_in_bucket)
        if (token_same(&global->variable.name, name))
            return global;
    if (names->global_count == GLOBALS_MAX)
        source_fail(names->source, name->place, "more than %d functions and shared variables",
                    GLOBALS_MAX);
    GlobalName *global = arena_take(names->arena, sizeof *global);
    global->variable = (Variable){.name = *name, .global = names->global_count++};
    global->next_in_bucket = *bucket;
    *bucket = global;
    if (names->last_global)
        names->last_global->next = global;
    else
        names->globals = global;
    names->last_global = global;
    return global;
}

Variable *names_declare(Names *names, Token name) {
    Scope *scope = names->scope;
    if (scope->visible_count == VISIBLE_MAX)
        source_fail(names->source, name.place, "more than %d variables are in sight here",
                    VISIBLE_MAX);
    Variable *variable = arena_take(names->arena, sizeof *variable);
    *variable = (Variable){.name = name,
                           .function = scope->function,
                           .is_outermost = !scope->outer && scope->block_depth == 0,
                           .is_defined = true,
                           .global = -1,
                           .next = scope->visible};
    scope->visible = variable;
    scope->visible_count++;
    return variable;
}

Variable *names_declare_function(Names *names, Token name) {
    GlobalName *global = find_global(names, &name);
    if (global->variable.is_defined)
        source_fail(names->source, name.place, "there is a function '%.*s' already", name.length,
                    name.start);
    global->variable.is_defined = true;
    return &global->variable;
}

void names_give(Names *names, const char *name) {
    Token token = {.kind = TOKEN_NAME, .start = name, .length = (int)strlen(name)};
    find_global(names, &token)->variable.is_defined = true;
}

// Every function between the variable's and the one at hand passes it on.
static void capture(Names *names, Variable *variable, Token name) {
    variable->is_captured = true;
    if (variable->is_outermost) {
        if (variable->global < 0 && names->global_count == GLOBALS_MAX)
            source_fail(names->source, name.place, "more than %d functions and shared variables",
                        GLOBALS_MAX);
        if (variable->global < 0)
            variable->global = names->global_count++;
        return;
    }
    for (Scope *scope = names->scope; scope->function != variable->function; scope = scope->outer) {
        FunctionSyntax *function = scope->function;
        Captured *captured = function->captured;
        while (captured && captured->variable != variable)
            captured = captured->next;
        if (captured)
            continue;
        if (function->captured_count++ == CAPTURED_MAX)
            source_fail(names->source, name.place,
                        "a function captures more than %d variables of others", CAPTURED_MAX);
        captured = arena_take(names->arena, sizeof *captured);
        captured->variable = variable;
        if (function->last_captured)
            function->last_captured->next = captured;
        else
            function->captured = captured;
        function->last_captured = captured;
    }
}

Variable *names_find(Names *names, Token name) {
    for (Scope *scope = names->scope; scope; scope = scope->outer)
        for (Variable *variable = scope->visible; variable; variable = variable->next)
            if (token_same(&variable->name, &name)) {
                if (scope != names->scope)
                    capture(names, variable, name);
                return variable;
            }
    return &find_global(names, &name)->variable;
}

void names_check_all_defined(const Names *names) {
    for (const GlobalName *global = names->globals; global; global = global->next) {
        const Token *name = &global->variable.name;
        if (!global->variable.is_defined)
            source_fail(names->source, name->place, "there is nothing called '%.*s' here",
                        name->length, name->start);
    }
}
