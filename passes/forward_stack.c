// forward-stack: what one bytecode pushes and the same one pops stays in a register. A load of
// what was stored before, or loaded before, becomes that value; a store that nobody looks at is
// not made, and one that only a call or a way out looks at is made there. What lies above the
// stack pointer when the bytecode ends is free, so nobody looks at it.
//
// Few bytecodes of a definition push and pop the same slot. Superinstructions do, whose code is
// that of several bytecodes one after the other: without the way through memory, what is left
// of `zr := zrzr - zizi` are loads of locals, arithmetic and one store. A double that is stored
// as a value and loaded again becomes, with fold, the same f64, which never leaves its register.
//
// Legal because of what effects say (who collects, raises or blocks may look at the whole frame)
// and of what a declared `stack` promises (docs/ir.md): nobody reads what a free slot holds when
// a bytecode begins, and fields of the frame lie apart from its slots.
//  - A load gets what was stored to the same place, with no store to what may be the same place
//    and no call that writes the stack in between: by distance from the stack pointer at the
//    bytecode's start (progress.h), or by the same base and the same index.
//  - What can move is known only until something collects, as a reference in a register would
//    not be updated (rule `moving-value-live`).
//  - A store goes if on every way the place is stored to again, or free, before anyone may look;
//    it moves down a way only past what can't look at the place and doesn't store to it.
//  - The code of a fused bytecode is left at exits, where the frame has to be as the components
//    before have left it (rule `components`); an exit looks at all slots that aren't free then.
//
// It costs nothing on any way: no load and no store is made that the way didn't make before. A
// store that is sunk may stand in several places, which is code, and registers are live longer.
//
// Keeping the stack's top in registers *between* bytecodes is stack caching (Ertl, "Stack Caching
// for Interpreters", PLDI 1995); within one, it is what every compiler does with memory: store-to-
// load forwarding and dead store elimination (Muchnick, "Advanced Compiler Design", 1997,
// chapters 12 and 18).
#include "passes/forward_stack.h"

// One round over the region's cells from `first` on. False: there were no such cells.
static bool forward_round(ForwardRegion region, const IrBytecode *fused, size_t first,
                          const TidyBaseline *before, bool *changed) {
    region.scratch = arena_new();
    bool followed = forward_open(&region, fused, first);
    if (followed && (forward_loads(&region) || forward_stores(&region))) {
        tidy_remove_redundant_parameters(region.region, before);
        tidy_remove_dead(region.region, before);
        *changed = true;
    }
    arena_free(region.scratch);
    return followed;
}

// Does no other bytecode lead there? Where several do, components are not the same for all.
static bool is_only_way(const IrTable *table, const IrBytecode *bytecode, const IrRegion *code) {
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBytecode *other = &table->bytecodes.items[i];
        if (other != bytecode && edit_code_of(other->block, other->function) == code)
            return false;
    }
    return true;
}

// Until there is nothing to do: a store that is gone may have kept a load from being served, and
// a load that is gone a store.
void forward_region(IrModule *module, const IrTable *table, const IrBytecode *bytecode,
                    IrRegion *region, ForwardCounts *counts) {
    Arena *scratch = arena_new();
    const TidyBaseline *before = tidy_baseline(region, scratch);
    ForwardRegion opened = {.module = module, .region = region, .table = table, .counts = counts};
    bool is_fused = bytecode && bytecode->components.count && is_only_way(table, bytecode, region);
    for (bool again = true; again;) {
        again = false;
        size_t first = 0;
        while (forward_round(opened, is_fused ? bytecode : NULL, first, before, &again))
            first += FORWARD_CELLS;
    }
    arena_free(scratch);
}

typedef struct ForwardRun {
    PassContext *context;
    ForwardCounts counts;
    PointerMap done; // regions
} ForwardRun;

static void forward_code(ForwardRun *run, const IrTable *table, const IrBytecode *bytecode,
                         IrRegion *code) {
    if (!code || !pointer_map_add(run->context->scratch, &run->done, code, 0))
        return;
    forward_region(run->context->module, table, bytecode, code, &run->counts);
}

void forward_stack_run(PassContext *context) {
    const IrModule *module = context->module;
    ForwardRun run = {.context = context};
    if (!module->stack_field)
        pass_remark(context->report, "the module declares no stack: only locals are followed");
    for (size_t t = 0; t < module->tables.count; t++) {
        const IrTable *table = module->tables.items[t];
        for (size_t i = 0; i < table->bytecodes.count; i++) {
            const IrBytecode *bytecode = &table->bytecodes.items[i];
            forward_code(&run, table, bytecode, edit_code_of(bytecode->block, bytecode->function));
        }
        forward_code(&run, table, NULL,
                     edit_code_of(table->default_block, table->default_function));
    }
    pass_count_add(context->report, "loads served by a value that is known", run.counts.loads);
    pass_count_add(context->report, "loads moved up to where ways join", run.counts.joined);
    pass_count_add(context->report, "stores that nobody looks at", run.counts.stores);
    pass_count_add(context->report, "stores moved to the ways that need them", run.counts.sunk);
}
