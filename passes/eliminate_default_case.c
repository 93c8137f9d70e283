// eliminate-default-case: a case that no value can reach goes, in a dispatch table when
// none of its dispatches can reach it. The default is treated like any other case: it goes
// when the other cases cover all that the value can be, and with it the comparison that
// guards every jump through the table.
//
// Legal because the ranges hold whatever the value can be (ir/analysis/ranges.h). For a
// dispatched opcode that takes the promise that code is verified: then it lies in the
// table. Where code is not verified, the default stays, and the report says so. Regions
// and functions that no table leads to any more go with their cases.
//
// Costs no instruction. (In a loop with one dispatch the processor may foresee its jump less well
// without the branch before it: README, rows 2 and 4.)
// Known from C compilers, for which interpreters' authors write `__builtin_unreachable()`, and from
// Graal, which leaves out a check that the range covers (pull request 12138).
#include "ir/analysis/ranges.h"
#include "passes/manager/pass.h"
#include "passes/support/edit.h"
#include "passes/support/tidy.h"

// What the dispatches through one table can come with.
typedef struct TableRange {
    const IrTable *table;
    IrRange range; // of all its dispatches
    size_t dispatches;
} TableRange;

typedef struct Eliminate {
    PassContext *context;
    ARENA_VECTOR(TableRange) tables;
    ARENA_VECTOR(const IrInstruction *) exits;
    size_t cases, defaults; // of switches
} Eliminate;

// ---- Switches --------------------------------------------------------------------------

// Takes the cases out of a switch (its default is the last edge) that lie outside the range.
static void trim_switch(Eliminate *eliminate, IrInstruction *at, const IrRanges *ranges) {
    IrRange range = ir_range_at(ranges, at->operands.items[0], at->block);
    // Code that isn't reached is left for dce. A switch with a default alone has no case to
    // take.
    if (ir_range_is_empty(range) || at->edges.count < 2)
        return;
    size_t kept = 0, count = at->edges.count;
    for (size_t e = 0; e + 1 < count; e++)
        if (ir_range_contains(range, at->edges.items[e].case_value))
            at->edges.items[kept++] = at->edges.items[e];
    eliminate->cases += count - 1 - kept;
    // Cases differ from each other, so they cover the range if there are as many.
    uint64_t size = (uint64_t)range.high - (uint64_t)range.low;
    if (kept > 0 && size == (uint64_t)kept - 1) {
        at->edges.items[kept - 1].case_value = 0; // the last case is the default now
        eliminate->defaults++;
    } else {
        at->edges.items[kept++] = at->edges.items[count - 1];
    }
    at->edges.count = kept;
    if (kept == 1)
        edit_make_branch(at, 0);
}

// ---- Dispatches ------------------------------------------------------------------------

// The table is one, and its dispatches are many: a case can go only if none of them may reach
// it.
static void note_dispatch(Eliminate *eliminate, const IrInstruction *at, const IrRanges *ranges) {
    IrRange range = ir_range_of_opcode(ranges, at);
    for (size_t i = 0; i < eliminate->tables.count; i++) {
        TableRange *known = &eliminate->tables.items[i];
        if (known->table != at->table)
            continue;
        known->range = ir_range_union(known->range, range);
        known->dispatches++;
        return;
    }
    TableRange added = {at->table, range, 1};
    ARENA_PUSH(eliminate->context->scratch, &eliminate->tables, added);
}

static void visit_region(Eliminate *eliminate, const IrRegion *region) {
    Arena *scratch = eliminate->context->scratch;
    const IrRanges *ranges = ir_ranges_compute(scratch, eliminate->context->module, region);
    for (size_t b = 0; b < region->blocks.count; b++) {
        IrInstruction *last = region->blocks.items[b]->last;
        if (last->op == IR_SWITCH)
            trim_switch(eliminate, last, ranges);
        else if (last->op == IR_DISPATCH)
            note_dispatch(eliminate, last, ranges);
        else if (last->op == IR_EXIT)
            ARENA_PUSH(scratch, &eliminate->exits, last);
    }
}

// ---- Tables ------------------------------------------------------------------------------

static void report_kept(const Eliminate *eliminate, const TableRange *known) {
    const IrModule *module = eliminate->context->module;
    if (!module->verified)
        pass_remark(eliminate->context->report, "default of @%s kept: code is not verified",
                    known->table->name);
    else
        pass_remark(eliminate->context->report,
                    "default of @%s kept: the opcode can be anything from %lld to %lld",
                    known->table->name, (long long)known->range.low, (long long)known->range.high);
}

// An empty range has no ends that could be named.
static void report_removed(PassReport *report, const TableRange *known) {
    if (ir_range_is_empty(known->range))
        pass_remark(report, "default of @%s removed: nothing leads to its dispatch%s",
                    known->table->name, known->dispatches == 1 ? "" : "es");
    else
        pass_remark(report, "default of @%s removed: %zu dispatch%s with opcodes from %lld to %lld",
                    known->table->name, known->dispatches, known->dispatches == 1 ? "" : "es",
                    (long long)known->range.low, (long long)known->range.high);
}

// An exit names its bytecode, and goes there without a look at an opcode.
static bool is_exit_target(const Eliminate *eliminate, const IrBytecode *bytecode) {
    for (size_t i = 0; i < eliminate->exits.count; i++)
        if (ir_exit_bytecode(eliminate->exits.items[i]) == bytecode)
            return true;
    return false;
}

static void trim_table(Eliminate *eliminate, const TableRange *known) {
    PassReport *report = eliminate->context->report;
    IrTable *table = (IrTable *)known->table;
    IrRange all = ir_range(0, (int64_t)table->bytecodes.count - 1);
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        IrBytecode *bytecode = &table->bytecodes.items[i];
        if ((!bytecode->block && !bytecode->function) ||
            ir_range_contains(known->range, bytecode->opcode) ||
            is_exit_target(eliminate, bytecode))
            continue;
        // The opcode stays, and leads nowhere: others keep their numbers.
        bytecode->block = NULL;
        bytecode->function = NULL;
        pass_count_add(report, "cases of tables removed", 1);
        pass_remark(report, "case %d of @%s removed: the opcode can't be it", bytecode->opcode,
                    table->name);
    }
    if (!table->has_default)
        return;
    if (!ir_range_within(known->range, all)) {
        report_kept(eliminate, known);
        return;
    }
    table->has_default = false;
    table->default_block = NULL;
    table->default_function = NULL;
    pass_count_add(report, "defaults of tables removed", 1);
    report_removed(report, known);
}

typedef ARENA_VECTOR(const IrFunction *) Functions;

// Notes what the function goes on with by a tail call, and puts what is new on the list.
static void follow_tail_calls(const IrFunction *function, Arena *arena, PointerMap *needed,
                              Functions *work) {
    for (size_t r = 0; r < function->regions.count; r++) {
        const IrRegion *region = function->regions.items[r];
        for (size_t b = 0; b < region->blocks.count; b++) {
            const IrInstruction *last = region->blocks.items[b]->last;
            if (last->op == IR_TAIL && pointer_map_add(arena, needed, last->callee, 0))
                ARENA_PUSH(arena, work, last->callee);
        }
    }
}

// Form `handlers`: the first function is where the loop is entered; whatever neither a table nor
// a chain of tail calls leads to from there, goes. (Two that only call each other, too.)
static size_t remove_unneeded_functions(IrModule *module, Arena *arena) {
    PointerMap needed = {0};
    Functions work = {0};
    size_t kept = 0, count = module->functions.count;
    pointer_map_add(arena, &needed, module->functions.items[0], 0);
    for (size_t t = 0; t < module->tables.count; t++)
        ir_add_targets(module->tables.items[t], arena, &needed);
    for (size_t f = 0; f < count; f++)
        if (pointer_map_find(&needed, module->functions.items[f]) >= 0)
            ARENA_PUSH(arena, &work, module->functions.items[f]);
    while (work.count)
        follow_tail_calls(work.items[--work.count], arena, &needed, &work);
    for (size_t f = 0; f < count; f++)
        if (pointer_map_find(&needed, module->functions.items[f]) >= 0)
            module->functions.items[kept++] = module->functions.items[f];
    module->functions.count = kept;
    return count - kept;
}

// Regions and functions that no table leads to any more.
static size_t remove_orphans(PassContext *context) {
    size_t removed = tidy_remove_orphans(context->module);
    if (context->module->form == IR_FORM_HANDLERS)
        removed += remove_unneeded_functions(context->module, context->scratch);
    return removed;
}

void eliminate_default_case_run(PassContext *context) {
    IrModule *module = context->module;
    Eliminate eliminate = {.context = context};
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++)
            visit_region(&eliminate, module->functions.items[f]->regions.items[r]);
    for (size_t i = 0; i < eliminate.tables.count; i++)
        trim_table(&eliminate, &eliminate.tables.items[i]);
    size_t orphans = eliminate.tables.count ? remove_orphans(context) : 0;
    pass_count_add(context->report, "defaults of tables removed", 0);
    pass_count_add(context->report, "regions removed", (int64_t)orphans);
    pass_count_add(context->report, "cases of switches removed", (int64_t)eliminate.cases);
    pass_count_add(context->report, "defaults of switches removed", (int64_t)eliminate.defaults);
}
