// See code_owners.h.
#include "backend/anatomy/code_owners.h"

#include "backend/anatomy/handler_blocks.h"
#include "backend/symbols/loop_symbol.h"

#include <stdlib.h>
#include <string.h>

// A symbol that names a piece of the loop.
typedef struct OwnedSpan {
    uint64_t from, to;
    int bytecode;
} OwnedSpan;

typedef struct OwnedSpans {
    Arena *arena;
    ARENA_VECTOR(OwnedSpan) items; // sorted by `from`
} OwnedSpans;

const char *code_owner_name(const DispatchReport *report, int bytecode) {
    switch (bytecode) {
    case OWNER_NONE: return "(entry and exits)";
    case OWNER_DISPATCH: return "(shared dispatch)";
    case OWNER_SEVERAL: return "(several bytecodes)";
    default: return report->bytecodes.items[bytecode].in_table->name;
    }
}

// ---- By symbols ----------------------------------------------------------------------

static int bytecode_named(const DispatchReport *report, const char *name, size_t length) {
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        const char *known = report->bytecodes.items[i].in_table->name;
        if (strncmp(known, name, length) == 0 && !known[length])
            return (int)i;
    }
    return OWNER_NONE;
}

// A bytecode may be called as the dispatch is: what is one's is looked for first.
static int owner_by_symbol(const DispatchReport *report, const LoopSymbol *symbol) {
    int bytecode = bytecode_named(report, symbol->name, symbol->length);
    if (bytecode != OWNER_NONE)
        return bytecode;
    return symbol->piece == LOOP_PIECE_DISPATCH ? OWNER_DISPATCH
           : symbol->piece == LOOP_PIECE_SHARED ? OWNER_SEVERAL
                                                : OWNER_NONE;
}

// Of spans at one place, which bytecodes with the same code have, the first in the table counts.
static int by_place(const void *left, const void *right) {
    const OwnedSpan *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->bytecode > b->bytecode) - (a->bytecode < b->bytecode);
}

// False: there is none but the whole loop's.
static bool read_symbols(const DispatchReport *report, OwnedSpans *spans) {
    Dwfl_Module *module = report->code->object->dwarf;
    int count = dwfl_module_getsymtab(module);
    bool has_pieces = false;
    for (int i = 0; i < count; i++) {
        GElf_Sym symbol;
        GElf_Addr address;
        const char *name = dwfl_module_getsym_info(module, i, &symbol, &address, NULL, NULL, NULL);
        LoopSymbol read = loop_symbol_read(name);
        if (read.piece == LOOP_PIECE_NONE || symbol.st_size == 0 ||
            GELF_ST_TYPE(symbol.st_info) != STT_FUNC)
            continue;
        OwnedSpan span = {address, address + symbol.st_size, owner_by_symbol(report, &read)};
        ARENA_PUSH(spans->arena, &spans->items, span);
        has_pieces = has_pieces || read.piece != LOOP_PIECE_ENTRY;
    }
    if (has_pieces)
        qsort(spans->items.items, spans->items.count, sizeof *spans->items.items, by_place);
    return has_pieces;
}

// Both are in the order of addresses.
static void own_by_symbols(const DispatchReport *report, const OwnedSpans *spans,
                           CodeOwner *owners) {
    size_t next = 0;
    const OwnedSpan *at = NULL;
    for (size_t i = 0; i < report->code->instructions.count; i++) {
        uint64_t address = report->code->instructions.items[i].address;
        for (; next < spans->items.count && spans->items.items[next].from <= address; next++)
            if (!at || at->from != spans->items.items[next].from)
                at = &spans->items.items[next];
        if (at && address < at->to)
            owners[i].bytecode = at->bytecode;
    }
}

// ---- By control flow -----------------------------------------------------------------

// What two handlers have is that of several.
static void own_by_flow(const DispatchReport *report, CodeOwner *owners) {
    const MachineCode *code = report->code;
    Arena *scratch = arena_new();
    const bool *beginnings = handler_beginnings(scratch, report);
    int *by_block = ARENA_ARRAY(scratch, int, code->blocks.count);
    for (size_t b = 0; b < code->blocks.count; b++)
        by_block[b] = OWNER_NONE;
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        const bool *blocks =
            handler_blocks(scratch, report, beginnings, report->bytecodes.items[i].in_table->block);
        for (size_t b = 0; b < code->blocks.count; b++)
            if (blocks[b])
                by_block[b] = by_block[b] == OWNER_NONE ? (int)i : OWNER_SEVERAL;
    }
    for (size_t i = 0; i < code->instructions.count; i++) {
        int block = code->instructions.items[i].block;
        owners[i].bytecode = block < 0 ? OWNER_NONE : by_block[block];
    }
    arena_free(scratch);
}

// What several bytecodes share, and is dispatch, is the shared dispatch.
static void find_shared_dispatch(const DispatchReport *report, CodeOwner *owners) {
    for (size_t i = 0; i < report->code->instructions.count; i++)
        if (owners[i].bytecode == OWNER_SEVERAL && owners[i].to_whom == ATTRIBUTED_TO_DISPATCH)
            owners[i].bytecode = OWNER_DISPATCH;
}

// ---- All together --------------------------------------------------------------------

const CodeOwner *code_owners_find(const DispatchReport *report) {
    size_t count = report->code->instructions.count;
    CodeOwner *owners = ARENA_ARRAY(report->arena, CodeOwner, count);
    for (size_t i = 0; i < count; i++)
        owners[i] =
            (CodeOwner){OWNER_NONE, report->code->instructions.items[i].to_whom, DISPATCH_CLASSES};
    for (size_t b = 0; b < report->bytecodes.count; b++) {
        const DispatchPath *path = &report->bytecodes.items[b].path;
        for (size_t s = 0; s < path->steps.count; s++) {
            CodeOwner *owner = &owners[path->steps.items[s].instruction];
            owner->to_whom = ATTRIBUTED_TO_DISPATCH;
            owner->class = path->steps.items[s].class;
        }
    }
    OwnedSpans spans = {.arena = report->arena};
    if (read_symbols(report, &spans))
        own_by_symbols(report, &spans, owners);
    else
        own_by_flow(report, owners);
    find_shared_dispatch(report, owners);
    return owners;
}

int code_owners_at(const DispatchReport *report, uint64_t address) {
    const MachineCode *code = report->code;
    size_t low = 0, high = code->instructions.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code->instructions.items[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    const MachineInstruction *at = low ? &code->instructions.items[low - 1] : NULL;
    return at && address < at->address + at->size ? (int)low - 1 : -1;
}
