// The variables of one scope by name. Nearly all scopes have a handful, which are searched one by
// one; programs that programs have written may have thousands, and then a hash table keeps
// compiling linear.
#include "frontend/guest/scope.h"

#include "support/hash.h"

#include <string.h>

enum { FEW = 8 };

static size_t hash(const char *name) {
    uint64_t hash = hash_more(HASH_OF_NOTHING, name, strlen(name));
    return (size_t)(hash ^ hash >> 32);
}

// The table's entry for the name, or the free one where it would be.
static GuestVariable **find(const GuestScope *scope, const char *name) {
    size_t mask = scope->name_capacity - 1;
    for (size_t i = hash(name) & mask;; i = (i + 1) & mask) {
        GuestVariable **entry = &scope->names[i];
        if (!*entry || !strcmp((*entry)->name, name))
            return entry;
    }
}

static void grow(Arena *arena, GuestScope *scope) {
    scope->name_capacity = scope->name_capacity ? scope->name_capacity * 2 : (size_t)4 * FEW;
    scope->names = ARENA_ARRAY(arena, GuestVariable *, scope->name_capacity);
    for (size_t i = 0; i < scope->variables.count; i++)
        *find(scope, scope->variables.items[i]->name) = scope->variables.items[i];
}

GuestVariable *guest_own_variable(const GuestScope *scope, const char *name) {
    if (scope->name_capacity)
        return *find(scope, name);
    for (size_t i = 0; i < scope->variables.count; i++) {
        if (!strcmp(scope->variables.items[i]->name, name))
            return scope->variables.items[i];
    }
    return NULL;
}

void guest_add_variable(Arena *arena, GuestScope *scope, GuestVariable *variable) {
    variable->scope = scope;
    ARENA_PUSH(arena, &scope->variables, variable);
    if (scope->variables.count > FEW && 2 * scope->variables.count > scope->name_capacity)
        grow(arena, scope);
    else if (scope->name_capacity)
        *find(scope, variable->name) = variable;
}
