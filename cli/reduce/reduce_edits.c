// See reduce_edits.h. An edit may break the module in any way that the parser or the
// verifier notices, so none of them needs to be careful: what comes of it is only tried.
//
// What they have to be is printable (the candidate is its text) and the same for the same items:
// an item's number is its place in an order that depends on the text alone. So each function goes
// through its items in that order and counts all of them, also those that it can't take out.
//
// The order of kinds is from coarse to fine, for the reason that ddmin begins with large chunks:
// a whole bytecode costs one test, its instructions one by one would cost a hundred. The last
// kinds take nothing out that matters; they make what is left easier to read.
#include "cli/reduce/reduce_edits.h"

#include "passes/manager/pass.h"
#include "passes/support/edit.h"
#include "passes/support/tidy.h"

#include <string.h>

static bool is_dropped(const bool *drop, size_t item) {
    return drop && drop[item];
}

// What a terminator becomes that nothing is left of: it leads nowhere, and needs no operand.
static void make_unreachable(IrInstruction *terminator) {
    terminator->op = IR_UNREACHABLE;
    terminator->operands.count = terminator->edges.count = 0;
    terminator->likely = IR_LIKELY_UNKNOWN;
}

static void for_each_region(IrModule *module,
                            void (*act)(IrModule *, IrRegion *, const bool *, size_t *),
                            const bool *drop, size_t *item) {
    for (size_t f = 0; f < module->functions.count; f++) {
        IrFunction *function = module->functions.items[f];
        for (size_t r = 0; r < function->regions.count; r++)
            act(module, function->regions.items[r], drop, item);
        if (drop)
            ir_renumber(function);
    }
}

// ---- Functions, bytecodes, regions ------------------------------------------------------

// Whatever names the function: tables get a hole, as for a case found unreachable, and tail calls
// to it become unreachable.
static void forget_function(IrModule *module, const IrFunction *gone) {
    for (size_t t = 0; t < module->tables.count; t++) {
        IrTable *table = module->tables.items[t];
        for (size_t i = 0; i < table->bytecodes.count; i++)
            if (table->bytecodes.items[i].function == gone)
                table->bytecodes.items[i].function = NULL;
        if (table->default_function == gone)
            table->default_function = NULL;
    }
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++) {
            IrRegion *region = module->functions.items[f]->regions.items[r];
            for (size_t b = 0; b < region->blocks.count; b++)
                if (region->blocks.items[b]->last->op == IR_TAIL &&
                    region->blocks.items[b]->last->callee == gone)
                    make_unreachable(region->blocks.items[b]->last);
        }
}

// The list is shortened at the very end: until then it is what the loop goes through, and what
// forget_function looks at.
static size_t take_functions(IrModule *module, const bool *drop) {
    size_t count = module->functions.count, kept = 0;
    for (size_t f = 0; f < count; f++) {
        if (is_dropped(drop, f))
            forget_function(module, module->functions.items[f]);
        else
            module->functions.items[kept++] = module->functions.items[f];
        if (drop && f + 1 == count)
            module->functions.count = kept;
    }
    return count;
}

static bool table_leads_to(const IrTable *table, const IrRegion *region) {
    if (table->default_block && table->default_block->region == region)
        return true;
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (table->bytecodes.items[i].block && table->bytecodes.items[i].block->region == region)
            return true;
    return false;
}

// Regions that no table leads to any more.
static void remove_unused_regions(IrModule *module) {
    for (size_t f = 0; f < module->functions.count; f++) {
        IrFunction *function = module->functions.items[f];
        size_t kept = 0;
        for (size_t r = 0; r < function->regions.count; r++) {
            bool used = r == 0;
            for (size_t t = 0; t < module->tables.count; t++)
                used |= table_leads_to(module->tables.items[t], function->regions.items[r]);
            if (used)
                function->regions.items[kept++] = function->regions.items[r];
        }
        function->regions.count = kept;
    }
}

// A list of opcodes without those that are gone, the others under their new numbers.
static void renumber(IrOpcodes *list, const int *opcodes) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (opcodes[list->items[i]] >= 0)
            list->items[kept++] = opcodes[list->items[i]];
    list->count = kept;
}

// What names bytecodes of the table by opcode, where some are gone (-1).
// A fused bytecode's length is that of its components, and changes with them.
static void renumber_uses(IrModule *module, IrTable *table, const int *opcodes) {
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        renumber(&table->bytecodes.items[i].components, opcodes);
        renumber(&table->bytecodes.items[i].quickens, opcodes);
        if (table->bytecodes.items[i].origin == IR_ORIGIN_FUSED)
            table->bytecodes.items[i].length =
                ir_bytecode_default_length(table, &table->bytecodes.items[i]);
    }
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++) {
            IrRegion *region = module->functions.items[f]->regions.items[r];
            for (size_t b = 0; b < region->blocks.count; b++) {
                IrInstruction *last = region->blocks.items[b]->last;
                if (last->op != IR_EXIT || last->table != table)
                    continue;
                int opcode = opcodes[last->operands.items[0]->integer];
                if (opcode < 0)
                    make_unreachable(last);
                else
                    last->operands.items[0] = ir_integer(module, IR_I64, opcode);
            }
        }
}

// The bytecodes of tables; those that follow get other opcodes, as a table has no gaps. Code that
// the loop is run on no longer fits then, but what is reduced is mostly a pass's or a verifier's
// failure, for which nothing runs.
static size_t take_bytecodes(IrModule *module, const bool *drop) {
    size_t item = 0;
    Arena *scratch = arena_new();
    for (size_t t = 0; t < module->tables.count; t++) {
        IrTable *table = module->tables.items[t];
        size_t kept = 0, count = table->bytecodes.count;
        int *opcodes = ARENA_ARRAY(scratch, int, count + 1);
        for (size_t i = 0; i < count; i++) {
            opcodes[i] = -1;
            if (is_dropped(drop, item++))
                continue;
            table->bytecodes.items[kept] = table->bytecodes.items[i];
            table->bytecodes.items[kept].opcode = opcodes[i] = (int)kept;
            kept++;
        }
        table->bytecodes.count = kept;
        if (kept < count)
            renumber_uses(module, table, opcodes);
    }
    arena_free(scratch);
    if (drop)
        remove_unused_regions(module);
    return item;
}

static void forget_region(IrModule *module, const IrRegion *gone) {
    for (size_t t = 0; t < module->tables.count; t++) {
        IrTable *table = module->tables.items[t];
        for (size_t i = 0; i < table->bytecodes.count; i++)
            if (table->bytecodes.items[i].block && table->bytecodes.items[i].block->region == gone)
                table->bytecodes.items[i].block = NULL;
        if (table->default_block && table->default_block->region == gone)
            table->default_block = NULL;
    }
}

// Regions without their bytecodes: the opcode stays, with nothing that it leads to. That keeps the
// numbers of the others, where these matter.
static size_t take_regions(IrModule *module, const bool *drop) {
    size_t item = 0;
    for (size_t f = 0; f < module->functions.count; f++) {
        IrFunction *function = module->functions.items[f];
        for (size_t r = 1; r < function->regions.count; r++)
            if (is_dropped(drop, item++))
                forget_region(module, function->regions.items[r]);
    }
    if (drop)
        remove_unused_regions(module);
    return item;
}

// ---- Blocks and edges ---------------------------------------------------------------------

// Leaves the terminator the edges for which `keep` is true.
static void keep_edges(IrInstruction *last, const bool *keep) {
    size_t kept = 0, first = 0;
    for (size_t e = last->edges.count; e-- > 0;)
        if (keep[e]) {
            kept++;
            first = e;
        }
    if (kept == last->edges.count)
        return;
    if (kept == 0) {
        make_unreachable(last);
    } else if (kept == 1) {
        edit_make_branch(last, first);
    } else { // a switch: the last one left is its default
        kept = 0;
        for (size_t e = 0; e < last->edges.count; e++)
            if (keep[e])
                last->edges.items[kept++] = last->edges.items[e];
        last->edges.count = kept;
    }
}

// The entry is no item, nor is the header of form loop, which regions name. Edges to a block that
// goes, go; what could be reached only through it is unreachable, and taken out along with it.
static void take_blocks_of(IrModule *module, IrRegion *region, const bool *drop, size_t *item) {
    (void)module;
    PointerMap gone = {0};
    Arena *arena = arena_new();
    for (size_t b = 1; b < region->blocks.count; b++)
        if (!edit_is_header(region->function, region->blocks.items[b]))
            if (is_dropped(drop, (*item)++))
                pointer_map_add(arena, &gone, region->blocks.items[b], 1);
    for (size_t b = 0; b < region->blocks.count && gone.count; b++) {
        IrInstruction *last = region->blocks.items[b]->last;
        bool *keep = ARENA_ARRAY(arena, bool, last->edges.count + 1);
        for (size_t e = 0; e < last->edges.count; e++)
            keep[e] = pointer_map_find(&gone, last->edges.items[e].block) < 0;
        keep_edges(last, keep);
    }
    if (gone.count)
        tidy_remove_unreachable(region);
    arena_free(arena);
}

static size_t take_blocks(IrModule *module, const bool *drop) {
    size_t item = 0;
    for_each_region(module, take_blocks_of, drop, &item);
    return item;
}

// Each way on from where there are several.
static void take_edges_of(IrModule *module, IrRegion *region, const bool *drop, size_t *item) {
    (void)module;
    Arena *arena = arena_new();
    bool any = false;
    for (size_t b = 0; b < region->blocks.count; b++) {
        IrInstruction *last = region->blocks.items[b]->last;
        bool *keep = ARENA_ARRAY(arena, bool, last->edges.count + 1);
        for (size_t e = 0; e < last->edges.count && last->edges.count > 1; e++) {
            keep[e] = !is_dropped(drop, (*item)++);
            any |= !keep[e];
        }
        if (last->edges.count > 1)
            keep_edges(last, keep);
    }
    if (any)
        tidy_remove_unreachable(region);
    arena_free(arena);
}

static size_t take_edges(IrModule *module, const bool *drop) {
    size_t item = 0;
    for_each_region(module, take_edges_of, drop, &item);
    return item;
}

// The ends of blocks: those taken out become `unreachable`.
static void take_ends_of(IrModule *module, IrRegion *region, const bool *drop, size_t *item) {
    (void)module;
    bool any = false;
    for (size_t b = 0; b < region->blocks.count; b++) {
        IrInstruction *last = region->blocks.items[b]->last;
        if (last->op == IR_UNREACHABLE || !is_dropped(drop, (*item)++))
            continue;
        make_unreachable(last);
        any = true;
    }
    if (any)
        tidy_remove_unreachable(region);
}

static size_t take_ends(IrModule *module, const bool *drop) {
    size_t item = 0;
    for_each_region(module, take_ends_of, drop, &item);
    return item;
}

// ---- Instructions and parameters ------------------------------------------------------------

// A constant of the type, for uses of a value that goes. Types that may refer to an object have
// none.
static IrValue *zero(IrModule *module, IrType type) {
    if (type == IR_F64)
        return ir_number(module, 0);
    return ir_type_bits(type) || type == IR_PTR ? ir_integer(module, type, 0) : NULL;
}

// A value of the type that is known before `place`: of its block, or its region's entry.
static IrValue *known_before(const IrInstruction *place, IrType type) {
    const IrBlock *blocks[] = {place->block, place->block->region->blocks.items[0]};
    for (const IrInstruction *at = place->previous; at; at = at->previous)
        if (at->result && at->result->type == type)
            return at->result;
    for (int i = 0; i < 2; i++)
        for (size_t p = 0; p < blocks[i]->parameters.count; p++)
            if (blocks[i]->parameters.items[p]->type == type)
                return blocks[i]->parameters.items[p];
    return NULL;
}

// Within its region: no other can use a value.
static bool is_used(const IrRegion *region, const IrValue *value) {
    for (size_t b = 0; b < region->blocks.count; b++)
        for (const IrInstruction *at = region->blocks.items[b]->first; at; at = at->next)
            if (ir_uses(at, value))
                return true;
    return false;
}

// An instruction goes, and its uses take a constant or, where its type has none, some other value
// of the type that is known there; without either it stays. Which value doesn't matter: the
// verifier and the command say whether it will do. Uses are replaced all at once in the end, as
// replacements may be replaced themselves.
static void take_instructions_of(IrModule *module, IrRegion *region, const bool *drop,
                                 size_t *item) {
    Arena *arena = arena_new();
    Substitution substitution = {.arena = arena};
    for (size_t b = 0; b < region->blocks.count; b++)
        for (IrInstruction *at = region->blocks.items[b]->first, *next; at; at = next) {
            next = at->next;
            if (!next || !is_dropped(drop, (*item)++))
                continue;
            if (at->result) {
                IrValue *instead = zero(module, at->result->type);
                if (!instead)
                    instead = known_before(at, at->result->type);
                if (!instead && is_used(region, at->result))
                    continue;
                if (instead)
                    substitution_add(&substitution, at->result, instead);
            }
            ir_remove(at);
        }
    if (drop)
        substitution_apply(&substitution, region);
    arena_free(arena);
}

static size_t take_instructions(IrModule *module, const bool *drop) {
    size_t item = 0;
    for_each_region(module, take_instructions_of, drop, &item);
    return item;
}

// With the arguments that edges pass for it.
static void take_parameter(IrModule *module, IrBlock *block, size_t index) {
    IrValue *parameter = block->parameters.items[index];
    IrValue *instead = zero(module, parameter->type);
    if (!instead && is_used(block->region, parameter))
        return;
    if (instead)
        ir_replace_uses(block->region, parameter, instead);
    ir_remove_parameter(block, index);
    for (size_t b = 0; b < block->region->blocks.count; b++) {
        IrInstruction *last = block->region->blocks.items[b]->last;
        for (size_t e = 0; e < last->edges.count; e++) {
            IrEdge *edge = &last->edges.items[e];
            if (edge->block != block)
                continue;
            memmove(edge->arguments.items + index, edge->arguments.items + index + 1,
                    (edge->arguments.count - index - 1) * sizeof *edge->arguments.items);
            edge->arguments.count--;
        }
    }
}

// From the last on, so that the places of those before it stay what they were counted as.
// Parameters of an entry are the table's or the caller's.
static void take_parameters_of(IrModule *module, IrRegion *region, const bool *drop, size_t *item) {
    for (size_t b = 1; b < region->blocks.count; b++) {
        IrBlock *block = region->blocks.items[b];
        if (edit_is_header(region->function, block))
            continue;
        size_t first = *item;
        *item += block->parameters.count;
        for (size_t p = block->parameters.count; p-- > 0;)
            if (is_dropped(drop, first + p))
                take_parameter(module, block, p);
    }
}

static size_t take_parameters(IrModule *module, const bool *drop) {
    size_t item = 0;
    for_each_region(module, take_parameters_of, drop, &item);
    return item;
}

// ---- Declarations and marks ---------------------------------------------------------------

#define TAKE_FROM(vector)                                                                          \
    do {                                                                                           \
        size_t kept = 0;                                                                           \
        for (size_t i = 0; i < (vector).count; i++)                                                \
            if (!is_dropped(drop, item++))                                                         \
                (vector).items[kept++] = (vector).items[i];                                        \
        (vector).count = kept;                                                                     \
    } while (0)

// What is still used is missing in the text then, which doesn't parse.
static size_t take_declarations(IrModule *module, const bool *drop) {
    size_t item = 0;
    for (size_t r = 0; r < module->records.count; r++)
        TAKE_FROM(module->records.items[r]->fields);
    TAKE_FROM(module->records);
    TAKE_FROM(module->externals);
    TAKE_FROM(module->tables);
    if (is_dropped(drop, item++))
        module->poll_field = NULL;
    if (is_dropped(drop, item++))
        module->poll_policy = NULL;
    if (is_dropped(drop, item++))
        module->barrier_field = NULL;
    if (is_dropped(drop, item++))
        module->frame = NULL;
    if (is_dropped(drop, item++))
        module->thread = NULL;
    return item;
}

static void take_marks_of(IrModule *module, IrRegion *region, const bool *drop, size_t *item) {
    (void)module;
    if (region->restartable && is_dropped(drop, (*item)++))
        region->restartable = false;
    for (size_t b = 0; b < region->blocks.count; b++) {
        IrInstruction *last = region->blocks.items[b]->last;
        if (last->likely != IR_LIKELY_UNKNOWN && is_dropped(drop, (*item)++))
            last->likely = IR_LIKELY_UNKNOWN;
    }
}

// What is said and not done: `restartable`, `likely`, what bytecodes tell of operands.
static size_t take_marks(IrModule *module, const bool *drop) {
    size_t item = 0;
    for_each_region(module, take_marks_of, drop, &item);
    for (size_t t = 0; t < module->tables.count; t++) {
        IrTable *table = module->tables.items[t];
        for (size_t i = 0; i < table->bytecodes.count; i++) {
            IrBytecode *bytecode = &table->bytecodes.items[i];
            if (!is_dropped(drop, item++))
                continue;
            bytecode->operands.count = 0;
            bytecode->needs = bytecode->stack = (IrSlots){0, 0, -1};
            bytecode->length = ir_bytecode_default_length(table, bytecode);
            bytecode->origin = IR_ORIGIN_BASE;
        }
    }
    return item;
}

static void clear_locations_of(IrModule *module, IrRegion *region, const bool *drop, size_t *item) {
    (void)module;
    (void)drop;
    (void)item;
    for (size_t b = 0; b < region->blocks.count; b++)
        for (IrInstruction *at = region->blocks.items[b]->first; at; at = at->next)
            at->at = (Location){0}, at->inlined = NULL;
}

// One item: all places in the source at once. They are no part of a failure but where a message of
// the command's names them.
static size_t take_locations(IrModule *module, const bool *drop) {
    if (!is_dropped(drop, 0))
        return 1;
    module->source = NULL;
    module->methods.count = 0;
    for_each_region(module, clear_locations_of, drop, NULL);
    for (size_t r = 0; r < module->records.count; r++) {
        module->records.items[r]->at = (Location){0};
        for (size_t i = 0; i < module->records.items[r]->fields.count; i++)
            module->records.items[r]->fields.items[i]->at = (Location){0};
    }
    for (size_t i = 0; i < module->externals.count; i++)
        module->externals.items[i]->at = (Location){0};
    for (size_t t = 0; t < module->tables.count; t++) {
        module->tables.items[t]->at = (Location){0};
        for (size_t i = 0; i < module->tables.items[t]->bytecodes.count; i++)
            module->tables.items[t]->bytecodes.items[i].at = (Location){0};
    }
    return 1;
}

// Not less of the module but a plainer one: what these passes do without.
static size_t take_clutter(IrModule *module, const bool *drop) {
    static const char *const passes[] = {"dce", "simplify-cfg"};
    for (size_t i = 0; i < 2; i++)
        if (is_dropped(drop, i)) {
            Arena *scratch = arena_new();
            PassContext context = {.module = module, .scratch = scratch};
            pass_find(passes[i])->run(&context);
            arena_free(scratch);
        }
    return 2;
}

const ReduceKind *reduce_kinds(size_t *count) {
    static const ReduceKind kinds[] = {
        {"functions", take_functions},
        {"bytecodes", take_bytecodes},
        {"regions", take_regions},
        {"blocks", take_blocks},
        {"edges", take_edges},
        {"ends", take_ends},
        {"instructions", take_instructions},
        {"parameters", take_parameters},
        {"declarations", take_declarations},
        {"marks", take_marks},
        {"locations", take_locations},
        {"clutter", take_clutter},
    };
    *count = sizeof kinds / sizeof *kinds;
    return kinds;
}
