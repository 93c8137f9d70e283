// A scope of the text form: names, what they stand for, and where they were first
// met. It is the parser's; who writes text with many names may keep them apart by it, too.
#ifndef IR_TEXT_SYMBOLS_H
#define IR_TEXT_SYMBOLS_H

#include "support/arena.h"
#include "support/diagnostic.h"

#include <stdbool.h>

typedef struct IrSymbol {
    const char *name;
    void *thing;
    Location at; // of the definition, or of the first use before it
    bool is_defined;
} IrSymbol;

typedef struct IrScope {
    Arena *arena;
    ARENA_VECTOR(IrSymbol *) symbols; // in the order in which they were met
    IrSymbol **slots;
    size_t capacity; // of the slots
} IrScope;

IrScope ir_scope(Arena *arena);

// The symbol of that name; NULL if there is none.
IrSymbol *ir_scope_find(const IrScope *scope, const char *name);

// The same, added (undefined, standing for nothing) if there is none.
IrSymbol *ir_scope_get(IrScope *scope, const char *name, Location at);

#endif
