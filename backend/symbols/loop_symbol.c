// See loop_symbol.h.
#include "backend/symbols/loop_symbol.h"

#include <string.h>

static const char dispatch_name[] = "dispatch", cold_ending[] = ".cold";

// ---- Writing -------------------------------------------------------------------------------

const char *loop_symbol_of_bytecode(Arena *arena, const char *entry, const char *name) {
    return arena_printf(arena, "%s.%s", entry, name);
}

const char *loop_symbol_of_cold(Arena *arena, const char *entry, const char *name) {
    return arena_printf(arena, "%s.%s%s", entry, name, cold_ending);
}

const char *loop_symbol_of_dispatch(Arena *arena, const char *entry) {
    return arena_printf(arena, "%s.%s", entry, dispatch_name);
}

const char *loop_symbol_numbered(Arena *arena, const char *symbol, int number) {
    return arena_printf(arena, "%s.%d", symbol, number);
}

// ---- Reading -------------------------------------------------------------------------------

// A dot and a number, and nothing else.
static bool is_number(const char *ending) {
    size_t digits = *ending == '.' ? strspn(ending + 1, "0123456789") : 0;
    return digits > 0 && !ending[1 + digits];
}

// Where the name of the bytecode ends: at `.cold`, with or without a number, or at the end.
static size_t name_length(const char *name) {
    for (const char *cold = name; (cold = strstr(cold, cold_ending)); cold++) {
        const char *behind = cold + sizeof cold_ending - 1;
        if (!*behind || *behind == '.')
            return (size_t)(cold - name);
    }
    return strlen(name);
}

LoopSymbol loop_symbol_read(const char *symbol) {
    static const char entry[] = LOOP_SYMBOL_ENTRY;
    if (!symbol || strncmp(symbol, entry, sizeof entry - 1) != 0)
        return (LoopSymbol){0};
    const char *behind = symbol + sizeof entry - 1;
    if (!*behind)
        return (LoopSymbol){LOOP_PIECE_ENTRY, behind, 0};
    if (*behind != '.')
        return (LoopSymbol){0};
    LoopSymbol read = {LOOP_PIECE_BYTECODE, behind + 1, name_length(behind + 1)};
    if (strncmp(read.name, dispatch_name, sizeof dispatch_name - 1) == 0) {
        const char *ending = read.name + sizeof dispatch_name - 1;
        if (!*ending)
            read.piece = LOOP_PIECE_DISPATCH;
        else if (is_number(ending))
            read.piece = LOOP_PIECE_SHARED;
    }
    return read;
}
