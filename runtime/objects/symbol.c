// Symbols and globals: both are found by name in tables of the machine and stay where
// they are for good.
#include "runtime/vm.h"

#include <ctype.h>

static uint64_t hash_chars(const char *chars, size_t length) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325); // FNV-1a, 64 bits
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)chars[i]) * UINT64_C(0x100000001B3);
    return hash ^ hash >> 29;
}

static size_t symbol_slot(const SymbolTable *table, const char *chars, size_t length) {
    size_t slot = hash_chars(chars, length) & (table->slot_count - 1);
    while (table->slots[slot] && ((size_t)table->slots[slot]->length != length ||
                                  memcmp(table->slots[slot]->chars, chars, length)))
        slot = (slot + 1) & (table->slot_count - 1);
    return slot;
}

static void grow_symbols(Vm *vm) {
    SymbolTable *table = &vm->symbol_table, before = *table;
    table->slot_count = before.slot_count ? 2 * before.slot_count : 1024;
    table->slots = ARENA_ARRAY(vm->arena, Symbol *, table->slot_count);
    for (size_t i = 0; i < before.slot_count; i++) {
        Symbol *each = before.slots[i];
        if (each)
            table->slots[symbol_slot(table, each->chars, (size_t)each->length)] = each;
    }
}

Symbol *symbol_intern(Vm *vm, const char *chars, size_t length) {
    SymbolTable *table = &vm->symbol_table;
    if (2 * table->count >= table->slot_count)
        grow_symbols(vm);
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
    while (table->slots[slot] && table->slots[slot]->name != name)
        slot = (slot + 1) & (table->slot_count - 1);
    return slot;
}

Global *vm_global(Vm *vm, Symbol *name) {
    GlobalTable *table = &vm->globals;
    if (2 * table->count >= table->slot_count) {
        GlobalTable before = *table;
        table->slot_count = before.slot_count ? 2 * before.slot_count : 256;
        table->slots = ARENA_ARRAY(vm->arena, Global *, table->slot_count);
        for (size_t i = 0; i < before.slot_count; i++)
            if (before.slots[i])
                table->slots[global_slot(table, before.slots[i]->name)] = before.slots[i];
    }
    size_t slot = global_slot(table, name);
    if (!table->slots[slot]) {
        Global *global = ARENA_NEW(vm->arena, Global);
        global->name = name;
        global->value = ABSENT;
        table->slots[slot] = global;
        table->count++;
    }
    return table->slots[slot];
}
