// See view.h. What belongs to a handler is found by its tail calls: a function that one of them
// leads to, and no table does, is a part that was moved out of it.
#include "ir/text/view.h"

#include "support/spelling.h"

#include <string.h>

static const char default_name[] = "default";

const IrView *ir_view_new(Arena *arena, const char *names) {
    IrView *view = ARENA_NEW(arena, IrView);
    for (const char *rest = names;; rest++) {
        size_t length = strcspn(rest, ",");
        if (!length)
            return NULL;
        ARENA_PUSH(arena, &view->names, (const char *)arena_strndup(arena, rest, length));
        rest += length;
        if (!*rest)
            return view;
    }
}

// A table that has lost its default had one: asking for it is no mistake.
static bool has_bytecode(const IrModule *module, const char *name) {
    for (size_t i = 0; i < module->tables.count; i++)
        if (ir_find_bytecode(module->tables.items[i], name) || strcmp(name, default_name) == 0)
            return true;
    return false;
}

const char *ir_view_unknown(const IrModule *module, const IrView *view) {
    for (size_t i = 0; i < view->names.count; i++)
        if (!has_bytecode(module, view->names.items[i]))
            return view->names.items[i];
    return NULL;
}

const char *ir_view_nearest(const IrModule *module, const char *name) {
    Spelling spelling = {.wanted = name};
    for (size_t i = 0; i < module->tables.count; i++) {
        const IrTable *table = module->tables.items[i];
        for (size_t b = 0; b < table->bytecodes.count; b++)
            spelling_try(&spelling, table->bytecodes.items[b].name);
    }
    return spelling.nearest;
}

// ---- Regions ----------------------------------------------------------------------------

typedef struct Selection {
    const IrModule *module;
    Arena *arena;
    PointerMap targets;                  // what tables lead to: blocks and functions
    PointerMap chosen;                   // regions
    ARENA_VECTOR(const IrRegion *) open; // of which tail calls have not been looked at
} Selection;

bool ir_is_trunk(const IrRegion *region) {
    return region->function->regions.items[0] == region;
}

static void choose(Selection *selection, const IrRegion *region) {
    if (pointer_map_add(selection->arena, &selection->chosen, region, 0))
        ARENA_PUSH(selection->arena, &selection->open, region);
}

static void choose_target(Selection *selection, const IrBlock *block, const IrFunction *function) {
    if (block)
        choose(selection, block->region);
    else if (function)
        choose(selection, function->regions.items[0]);
}

static void choose_bytecode(Selection *selection, const char *name) {
    for (size_t i = 0; i < selection->module->tables.count; i++) {
        const IrTable *table = selection->module->tables.items[i];
        const IrBytecode *bytecode = ir_find_bytecode(table, name);
        if (bytecode)
            choose_target(selection, bytecode->block, bytecode->function);
        else if (strcmp(name, default_name) == 0)
            choose_target(selection, table->default_block, table->default_function);
    }
}

static void choose_cold_functions(Selection *selection) {
    while (selection->open.count) {
        const IrRegion *region = selection->open.items[--selection->open.count];
        for (size_t b = 0; b < region->blocks.count; b++) {
            const IrInstruction *last = region->blocks.items[b]->last;
            if (last->op == IR_TAIL && pointer_map_find(&selection->targets, last->callee) < 0)
                choose(selection, last->callee->regions.items[0]);
        }
    }
}

// In the module's order, so that it doesn't matter how the regions were come upon. Those that were
// chosen, or those that were not.
static IrShownRegions chosen_regions(const Selection *selection, bool chosen) {
    IrShownRegions regions = {0};
    for (size_t f = 0; f < selection->module->functions.count; f++) {
        const IrFunction *function = selection->module->functions.items[f];
        for (size_t r = 0; r < function->regions.count; r++)
            if (chosen == (pointer_map_find(&selection->chosen, function->regions.items[r]) >= 0))
                ARENA_PUSH(selection->arena, &regions,
                           (const IrRegion *)function->regions.items[r]);
    }
    return regions;
}

static Selection selection_new(const IrModule *module, Arena *arena) {
    Selection selection = {.module = module, .arena = arena};
    for (size_t i = 0; i < module->tables.count; i++)
        ir_add_targets(module->tables.items[i], arena, &selection.targets);
    return selection;
}

IrShownRegions ir_view_regions(const IrModule *module, const IrView *view, Arena *arena) {
    Selection selection = selection_new(module, arena);
    for (size_t i = 0; view && i < view->names.count; i++)
        choose_bytecode(&selection, view->names.items[i]);
    choose_cold_functions(&selection);
    return chosen_regions(&selection, view != NULL);
}

IrShownRegions ir_view_bytecode(const IrModule *module, const char *name, Arena *arena) {
    Selection selection = selection_new(module, arena);
    choose_bytecode(&selection, name);
    choose_cold_functions(&selection);
    return chosen_regions(&selection, true);
}

IrShownRegions ir_view_rest(const IrModule *module, Arena *arena) {
    Selection selection = selection_new(module, arena);
    for (size_t i = 0; i < module->tables.count; i++) {
        const IrTable *table = module->tables.items[i];
        for (size_t b = 0; b < table->bytecodes.count; b++)
            choose_target(&selection, table->bytecodes.items[b].block,
                          table->bytecodes.items[b].function);
        choose_target(&selection, table->default_block, table->default_function);
    }
    choose_cold_functions(&selection);
    return chosen_regions(&selection, false);
}
