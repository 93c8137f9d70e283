// See dispatch_sites.h. A table is found through its relocations: in an object, each of its
// slots is one, to the beginning of a handler.
#include "backend/anatomy/dispatch_sites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of a table of addresses, in bytes. Compilers' tables of 32-bit distances are for code that can be
// moved, and ours is for fixed addresses (backend/llvm/target.c); in others they are refused.
enum { TABLE_SLOT = 8 };

// An indirect jump through a table: a dispatch, or that of an ordinary switch.
typedef struct Jump {
    int instruction;
    uint64_t table; // its address
} Jump;

// The last instruction before `index`, in its block, that writes the register; NULL: none there.
static const MachineInstruction *writer_of(const MachineCode *code, int index, int wanted) {
    const MachineBlock *block = &code->blocks.items[code->instructions.items[index].block];
    for (int i = index - 1; i >= block->first && wanted >= 0; i--)
        if (code->instructions.items[i].writes >> wanted & 1)
            return &code->instructions.items[i];
    return NULL;
}

// Is it a `lea` of an address that the program has?
static bool takes_address(const MachineInstruction *instruction) {
    return instruction->kind == MACHINE_ARITHMETIC && !instruction->loads &&
           instruction->memory.is_relocated;
}

// The one instruction of all that gives the register a value, but for those that bring back an
// earlier one from the machine's stack, as a function does at its end. A C compiler keeps a table's
// address in a register throughout the loop. NULL: there are several, or none.
static const MachineInstruction *only_writer_of(const MachineCode *code, int wanted) {
    const MachineInstruction *found = NULL;
    for (size_t i = 0; wanted >= 0 && i < code->instructions.count; i++) {
        const MachineInstruction *instruction = &code->instructions.items[i];
        bool restores = (instruction->reads >> MACHINE_STACK_POINTER & 1) &&
                        (instruction->writes >> MACHINE_STACK_POINTER & 1);
        if (!(instruction->writes >> wanted & 1) || restores)
            continue;
        if (found)
            return NULL;
        found = instruction;
    }
    return found;
}

// The table that an instruction reads: by its operand or, in code that can be anywhere, by a `lea`
// of the table's address into the operand's base. 0: none.
static uint64_t table_read_by(const MachineCode *code, int index) {
    const MachineInstruction *reader = &code->instructions.items[index];
    if (reader->memory.is_relocated)
        return reader->memory.target;
    const MachineInstruction *address = writer_of(code, index, reader->memory.base);
    if (!address)
        address = only_writer_of(code, reader->memory.base);
    return address && takes_address(address) ? address->memory.target : 0;
}

// The table that an indirect jump reads its target from: of its own operand, or of the load in the
// same block that the register comes from. 0: not through a table. A load in an earlier block isn't
// found, and such a jump is no site.
static uint64_t table_of(const MachineCode *code, int index) {
    const MachineInstruction *jump = &code->instructions.items[index];
    if (jump->memory.used)
        return table_read_by(code, index);
    const MachineInstruction *load = writer_of(code, index, jump->jump_register);
    return load && load->kind == MACHINE_LOAD
               ? table_read_by(code, (int)(load - code->instructions.items))
               : 0;
}

// Does the jump go to a sum with what a load of 32 bits takes from one of many slots? So do
// compilers jump through a table of distances.
static bool goes_by_distance(const MachineCode *code, int index) {
    const MachineInstruction *jump = &code->instructions.items[index];
    const MachineInstruction *sum = writer_of(code, index, jump->jump_register);
    if (jump->memory.used || !sum || sum->kind != MACHINE_ARITHMETIC)
        return false;
    for (int number = 0; number < MACHINE_REGISTERS; number++) {
        const MachineInstruction *load =
            sum->reads >> number & 1
                ? writer_of(code, (int)(sum - code->instructions.items), number)
                : NULL;
        if (load && load->kind == MACHINE_LOAD && load->width == 4 && load->memory.index >= 0 &&
            load->memory.scale == 4)
            return true;
    }
    return false;
}

// Where no table of addresses is read, one of distances is what a reader would look for in vain.
static bool check_tables(const ObjectFile *object, const MachineCode *code, size_t found) {
    for (size_t i = 0; !found && i < code->instructions.count; i++)
        if (code->instructions.items[i].kind == MACHINE_INDIRECT_JUMP &&
            goes_by_distance(code, (int)i)) {
            fprintf(stderr,
                    "%s: error: its jumps go through a table of distances, as of code that can be "
                    "anywhere, and only tables of addresses are read: compile the loop with "
                    "-fno-pie and link it with -no-pie\n",
                    object->path);
            return false;
        }
    return true;
}

// How many addresses stand at `table`, one after the other. Tables that follow one another
// directly count as one: this only chooses between tables, and any reader stops by itself.
static int table_length(const ObjectFile *object, uint64_t table) {
    int length = 0;
    const ObjectRelocation *slot;
    while ((slot = object_relocation_at(object, table + (uint64_t)length * TABLE_SLOT)) &&
           slot->is_defined && slot->size == TABLE_SLOT)
        length++;
    return length;
}

bool dispatch_sites_has(const DispatchSites *sites, int instruction) {
    for (size_t i = 0; i < sites->jumps.count; i++)
        if (sites->jumps.items[i] == instruction)
            return true;
    return false;
}

typedef ARENA_VECTOR(uint64_t) Tables;

static bool has_table(const Tables *tables, uint64_t table) {
    for (size_t i = 0; i < tables->count; i++)
        if (tables->items[i] == table)
            return true;
    return false;
}

static int by_address(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

// The bytecodes' tables: those of jumps which the debug information calls dispatch. Where LLVM has
// lost all such marks, the longest table.
static Tables find_tables(Arena *arena, const ObjectFile *object, const MachineCode *code,
                          const Jump *jumps, size_t count) {
    Tables tables = {0};
    uint64_t longest = 0;
    int length = 0;
    for (size_t i = 0; i < count; i++) {
        int found = table_length(object, jumps[i].table);
        if (code->instructions.items[jumps[i].instruction].to_whom == ATTRIBUTED_TO_DISPATCH &&
            !has_table(&tables, jumps[i].table))
            ARENA_PUSH(arena, &tables, jumps[i].table);
        if (found > length) {
            length = found;
            longest = jumps[i].table;
        }
    }
    if (!tables.count && longest)
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
                          DispatchBytecode *bytecodes, size_t count, uint64_t table) {
    size_t first = 0, last = count;
    while (first < count && bytecodes[first].block == -1)
        first++;
    while (last > first && bytecodes[last - 1].block == -1)
        last--;
    size_t skipped = object_relocation_at(object, table + (last - 1) * TABLE_SLOT) ? 0 : first;
    for (size_t i = first; i < last; i++) {
        const ObjectRelocation *slot =
            object_relocation_at(object, table + (i - skipped) * TABLE_SLOT);
        int handler = slot && slot->is_defined ? machine_code_find(code, slot->target) : -1;
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
            (jump.table = table_of(code, (int)i)))
            ARENA_PUSH(arena, &jumps, jump);
    }
    if (!check_tables(object, code, jumps.count))
        return NULL;
    Tables tables = find_tables(arena, object, code, jumps.items, jumps.count);
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
