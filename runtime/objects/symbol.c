// See symbol.h. The tables are no arrays of an arena, which would keep what they outgrow.
#include "runtime/objects/symbol.h"

#include "runtime/vm.h"
#include "support/hash.h"
#include "support/memory.h"

#include <ctype.h>
#include <stdlib.h>

enum { FIRST_SLOTS = 1024 };

static void *new_slots(size_t count) {
    void *slots = memory_allocate(count * sizeof(void *));
    return memset(slots, 0, count * sizeof(void *));
}

static size_t grown(size_t slot_count) {
    return slot_count ? 2 * slot_count : FIRST_SLOTS;
}

// At most half of the slots are taken.
static bool is_full(size_t count, size_t slot_count) {
    return 2 * count >= slot_count;
}

static uint64_t hash_chars(const char *chars, size_t length) {
    uint64_t hash = hash_more(HASH_OF_NOTHING, chars, length);
    return hash ^ hash >> 29;
}

static size_t symbol_slot(const SymbolTable *table, const char *chars, size_t length) {
    size_t slot = hash_chars(chars, length) & (table->slot_count - 1);
    while (table->slots[slot] && ((size_t)table->slots[slot]->length != length ||
                                  memcmp(table->slots[slot]->chars, chars, length)))
        slot = (slot + 1) & (table->slot_count - 1);
    return slot;
}

static void grow_symbols(SymbolTable *table) {
    SymbolTable before = *table;
    table->slot_count = grown(before.slot_count);
    table->slots = new_slots(table->slot_count);
    for (size_t i = 0; i < before.slot_count; i++) {
        Symbol *each = before.slots[i];
        if (each)
            table->slots[symbol_slot(table, each->chars, (size_t)each->length)] = each;
    }
    free(before.slots);
}

Symbol *symbol_find(const Vm *vm, const char *chars, size_t length) {
    const SymbolTable *table = &vm->symbol_table;
    return table->slot_count ? table->slots[symbol_slot(table, chars, length)] : NULL;
}

Symbol *symbol_intern(Vm *vm, const char *chars, size_t length) {
    SymbolTable *table = &vm->symbol_table;
    if (is_full(table->count, table->slot_count))
        grow_symbols(table);
    size_t slot = symbol_slot(table, chars, length);
    if (!table->slots[slot]) {
        const Class *class = vm->known.symbol_class;
        Symbol *symbol = (Symbol *)heap_allocate_permanent(
            vm, class ? class->index : 0, LAYOUT_SYMBOL, sizeof(Symbol) + length + 1);
        symbol->length = (int64_t)length;
        memcpy(symbol->chars, chars, length);
        table->slots[slot] = symbol;
        table->count++;
    }
    return table->slots[slot];
}

Symbol *symbol_named(Vm *vm, const char *name) {
    return symbol_intern(vm, name, strlen(name));
}

Symbol *symbol_of_text(Thread *thread, Frame *frame, const Value *slot) {
    Vm *vm = vm_of(thread);
    const String *text = value_string(*slot);
    size_t length = (size_t)text->length;
    Symbol *symbol = symbol_find(vm, text->chars, length);
    if (symbol)
        return symbol;
    if (!heap_admit(thread, frame, sizeof(Symbol) + length + 1))
        return NULL;
    return symbol_intern(vm, value_string(*slot)->chars, length);
}

int64_t symbol_arguments(const Symbol *selector) {
    unsigned char first = (unsigned char)selector->chars[0];
    bool is_name = first == '_' || isalpha(first) || first >= 128;
    if (!is_name)
        return 1;
    int64_t colons = 0;
    for (int64_t i = 0; i < selector->length; i++)
        colons += selector->chars[i] == ':';
    return colons;
}

// ---- Globals -----------------------------------------------------------------------

static size_t global_slot(const GlobalTable *table, const Symbol *name) {
    uint64_t hash = (uint64_t)(uintptr_t)name * UINT64_C(0x9E3779B97F4A7C15);
    size_t slot = (size_t)(hash >> 32) & (table->slot_count - 1);
    while (table->slots[slot] && table->slots[slot]->global.name != name)
        slot = (slot + 1) & (table->slot_count - 1);
    return slot;
}

static void grow_globals(GlobalTable *table) {
    free(table->slots);
    table->slot_count = grown(table->slot_count);
    table->slots = new_slots(table->slot_count);
    for (GlobalEntry *each = table->youngest; each; each = each->older)
        table->slots[global_slot(table, each->global.name)] = each;
}

Global *global_find(const Vm *vm, const Symbol *name) {
    const GlobalTable *table = &vm->globals;
    GlobalEntry *entry = table->slot_count ? table->slots[global_slot(table, name)] : NULL;
    return entry ? &entry->global : NULL;
}

Global *global_named(Vm *vm, Symbol *name) {
    GlobalTable *table = &vm->globals;
    if (is_full(table->count, table->slot_count))
        grow_globals(table);
    size_t slot = global_slot(table, name);
    if (!table->slots[slot]) {
        GlobalEntry *entry = ARENA_NEW(vm->arena, GlobalEntry);
        entry->global.name = name;
        entry->global.value = ABSENT;
        entry->older = table->youngest;
        table->youngest = table->slots[slot] = entry;
        table->count++;
    }
    return &table->slots[slot]->global;
}

Global *global_of_name(Thread *thread, Frame *frame, Symbol *name) {
    Vm *vm = vm_of(thread);
    Global *global = global_find(vm, name);
    if (global)
        return global;
    return heap_admit(thread, frame, sizeof(GlobalEntry)) ? global_named(vm, name) : NULL;
}

void global_set(Vm *vm, Global *global, Value value) {
    global->value = value;
    heap_remember_global(vm->heap, (GlobalEntry *)global);
}

// ---- Their tables ------------------------------------------------------------------

size_t symbol_table_bytes(const Vm *vm) {
    return (vm->symbol_table.slot_count + vm->globals.slot_count) * sizeof(void *);
}

void symbol_free_tables(Vm *vm) {
    free(vm->symbol_table.slots);
    free(vm->globals.slots);
}
