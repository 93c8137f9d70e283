// Scopes of the text form: a hash table with open addressing, as a region of a generated
// module may hold a hundred thousand names.
#include "ir/text/symbols.h"

#include "support/hash.h"

#include <string.h>

IrScope ir_scope(Arena *arena) {
    return (IrScope){.arena = arena};
}

// Linear probing; at most half of the slots are taken, so the search ends at an empty one.
static IrSymbol **find_slot(const IrScope *scope, const char *name) {
    size_t place = (size_t)hash_more(HASH_OF_NOTHING, name, strlen(name));
    for (;; place++) {
        IrSymbol **slot = &scope->slots[place & (scope->capacity - 1)];
        if (!*slot || !strcmp((*slot)->name, name))
            return slot;
    }
}

// The old slots are left to the arena: together they are as large as the new ones.
static void grow(IrScope *scope) {
    scope->capacity = scope->capacity ? scope->capacity * 2 : 16;
    scope->slots = ARENA_ARRAY(scope->arena, IrSymbol *, scope->capacity);
    for (size_t i = 0; i < scope->symbols.count; i++)
        *find_slot(scope, scope->symbols.items[i]->name) = scope->symbols.items[i];
}

IrSymbol *ir_scope_find(const IrScope *scope, const char *name) {
    return scope->capacity ? *find_slot(scope, name) : NULL;
}

IrSymbol *ir_scope_get(IrScope *scope, const char *name, Location at) {
    if (scope->symbols.count * 2 >= scope->capacity)
        grow(scope);
    IrSymbol **slot = find_slot(scope, name);
    if (!*slot) {
        *slot = ARENA_NEW(scope->arena, IrSymbol);
        (*slot)->name = name;
        (*slot)->at = at;
        ARENA_PUSH(scope->arena, &scope->symbols, *slot);
    }
    return *slot;
}
