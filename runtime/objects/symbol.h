// Symbols and globals: both are found by name in tables of the machine, and stay where they
// are for good. So the interpreter compares symbols by their addresses, and a call site
// holds its global's. What a program makes of them counts as used memory (heap.h).
#ifndef RUNTIME_OBJECTS_SYMBOL_H
#define RUNTIME_OBJECTS_SYMBOL_H

#include "runtime/objects/object.h"

// Open addressing: an item is in the first slot from its hash on that was free.
typedef struct SymbolTable {
    Symbol **slots;
    size_t slot_count, count;
} SymbolTable;

// A global as the interpreter sees it, and what the collector keeps of it.
typedef struct GlobalEntry {
    Global global;
    struct GlobalEntry *older;
    bool is_remembered; // its value may be young
} GlobalEntry;

typedef struct GlobalTable {
    GlobalEntry **slots;
    size_t slot_count, count;
    GlobalEntry *youngest; // of all; they are linked
} GlobalTable;

// The symbol of these characters; the second form answers NULL if there is none yet.
Symbol *symbol_intern(Vm *vm, const char *chars, size_t length);
Symbol *symbol_find(const Vm *vm, const char *chars, size_t length);
Symbol *symbol_named(Vm *vm, const char *name);

// The symbol of the text in *slot, for programs: NULL, and the failure noted, if it would
// be a new one and the heap is exhausted.
Symbol *symbol_of_text(Thread *thread, Frame *frame, const Value *slot);

// The number of arguments that a selector takes, without the receiver.
int64_t symbol_arguments(const Symbol *selector);

// A symbol as a C string.
static inline const char *symbol_chars(const Symbol *symbol) {
    return symbol->chars;
}

// The global of that name; made, and without a value, if there was none. The second form
// answers NULL then.
Global *global_named(Vm *vm, Symbol *name);
Global *global_find(const Vm *vm, const Symbol *name);

// The global of that name, for programs: NULL, and the failure noted, if it would be a new
// one and the heap is exhausted.
Global *global_of_name(Thread *thread, Frame *frame, Symbol *name);

// Gives a global its value.
void global_set(Vm *vm, Global *global, Value value);

// The bytes that the tables take.
size_t symbol_table_bytes(const Vm *vm);

// Frees the tables.
void symbol_free_tables(Vm *vm);

#endif
