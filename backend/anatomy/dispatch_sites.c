// See dispatch_sites.h.
#include "backend/anatomy/dispatch_sites.h"

#include "backend/anatomy/jump_tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// An indirect jump through a table: a dispatch, or that of an ordinary switch.
typedef struct Jump {
    int instruction;
    JumpTable table;
} Jump;

bool dispatch_sites_has(const DispatchSites *sites, int instruction) {
    for (size_t i = 0; i < sites->jumps.count; i++)
        if (sites->jumps.items[i] == instruction)
            return true;
    return false;
}

typedef ARENA_VECTOR(JumpTable) Tables;

static bool has_table(const Tables *tables, JumpTable table) {
    for (size_t i = 0; i < tables->count; i++)
        if (tables->items[i].address == table.address)
            return true;
    return false;
}

static int by_address(const void *left, const void *right) {
    uint64_t a = ((const JumpTable *)left)->address, b = ((const JumpTable *)right)->address;
    return a < b ? -1 : a > b;
}

// The bytecodes' tables: those of jumps which the debug information calls dispatch. Where LLVM has
// lost all such marks, the longest table.
static Tables find_tables(Arena *arena, const MachineCode *code, const Jump *jumps, size_t count) {
    Tables tables = {0};
    JumpTable longest = {0};
    int length = 0;
    for (size_t i = 0; i < count; i++) {
        int found = jump_table_length(code, jumps[i].table);
        if (code->instructions.items[jumps[i].instruction].to_whom == ATTRIBUTED_TO_DISPATCH &&
            !has_table(&tables, jumps[i].table))
            ARENA_PUSH(arena, &tables, jumps[i].table);
        if (found > length) {
            length = found;
            longest = jumps[i].table;
        }
    }
    if (!tables.count && longest.address)
        ARENA_PUSH(arena, &tables, longest);
    if (tables.count)
        qsort(tables.items, tables.count, sizeof *tables.items, by_address);
    return tables;
}

// The handlers' blocks. Where the first opcodes can't occur, LLVM may begin the table
// with the first that can, and end it with the last: it subtracts the first from the opcode.
// Whether it did so shows at the end, where a table that begins at 0 still has a slot for the
// last one and a shifted table hasn't.
static void find_handlers(const ObjectFile *object, const MachineCode *code,
                          DispatchBytecode *bytecodes, size_t count, JumpTable table) {
    size_t first = 0, last = count;
    while (first < count && bytecodes[first].block == -1)
        first++;
    while (last > first && bytecodes[last - 1].block == -1)
        last--;
    uint64_t target;
    bool has_last = last && jump_table_slot(object, table, last - 1, &target) &&
                    machine_code_find(code, target) >= 0;
    size_t skipped = has_last ? 0 : first;
    for (size_t i = first; i < last; i++) {
        int handler = jump_table_slot(object, table, i - skipped, &target)
                          ? machine_code_find(code, target)
                          : -1;
        if (bytecodes[i].block != -1)
            bytecodes[i].block = handler >= 0 ? code->instructions.items[handler].block : -1;
    }
}

// Each table has all bytecodes, those of the first stand in the list already.
static void find_all_handlers(Arena *arena, const ObjectFile *object, const MachineCode *code,
                              DispatchSites *sites, const Tables *tables) {
    size_t count = sites->bytecodes.count;
    for (size_t t = 1; t < tables->count; t++)
        for (size_t i = 0; i < count; i++) {
            DispatchBytecode bytecode = sites->bytecodes.items[i];
            bytecode.table = (int)t;
            bytecode.name = arena_printf(arena, "%s.%zu", bytecode.name, t);
            ARENA_PUSH(arena, &sites->bytecodes, bytecode);
        }
    for (size_t t = 0; t < tables->count; t++)
        find_handlers(object, code, sites->bytecodes.items + t * count, count, tables->items[t]);
}

// The bytecodes, by the names that the image has; those that can't occur get no block. A line is
// `bytecode OPCODE NAME [unreachable] …`.
static bool list_bytecodes(Arena *arena, const ObjectFile *object, DispatchSites *sites) {
    const char *rest = NULL, *line;
    while ((line = object_image_line(object, "bytecode", &rest))) {
        const char *name = line + strcspn(line, " ");
        name += strspn(name, " ");
        size_t length = strcspn(name, " ");
        const char *next = name + length + strspn(name + length, " ");
        bool is_unreachable = strncmp(next, "unreachable ", 12) == 0;
        DispatchBytecode bytecode = {.name = arena_strndup(arena, name, length),
                                     .opcode = (int)sites->bytecodes.count,
                                     .block = is_unreachable ? -1 : 0};
        ARENA_PUSH(arena, &sites->bytecodes, bytecode);
    }
    if (!sites->bytecodes.count)
        fprintf(stderr, "%s: error: the object has no loopwright_image with bytecodes\n",
                object->path);
    return sites->bytecodes.count > 0;
}

// Without a site no bytecode has a path, whether or not there is code for it.
DispatchSites *dispatch_sites_find(Arena *arena, const ObjectFile *object,
                                   const MachineCode *code) {
    DispatchSites *sites = ARENA_NEW(arena, DispatchSites);
    if (!list_bytecodes(arena, object, sites))
        return NULL;
    ARENA_VECTOR(Jump) jumps = {0};
    for (size_t i = 0; i < code->instructions.count; i++) {
        Jump jump = {.instruction = (int)i};
        if (code->instructions.items[i].kind == MACHINE_INDIRECT_JUMP &&
            (jump.table = jump_table_of(code, (int)i)).address)
            ARENA_PUSH(arena, &jumps, jump);
    }
    Tables tables = find_tables(arena, code, jumps.items, jumps.count);
    for (size_t i = 0; i < jumps.count; i++)
        if (has_table(&tables, jumps.items[i].table))
            ARENA_PUSH(arena, &sites->jumps, jumps.items[i].instruction);
    if (sites->jumps.count > 0)
        find_all_handlers(arena, object, code, sites, &tables);
    else
        for (size_t i = 0; i < sites->bytecodes.count; i++)
            sites->bytecodes.items[i].block = -1;
    return sites;
}
