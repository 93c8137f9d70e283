// outline-cold: what a handler does over a cold edge becomes a function of its own, which the
// handler enters by a tail call. Form `handlers`.
//
// A handler that may call C has to keep, around the call, what the call may overwrite. LLVM
// makes room for that on the machine's stack, moves the loop's parameters into registers that
// survive, and does so at the handler's beginning wherever more than one way needs it: so the
// way that adds two integers pays `push`, `sub`, moves, `add`, `pop` for the send that it does
// not come to. Gone from the handler with its calls, all that is the cold function's. (Deegen
// splits its slow paths off in the same way; LuaJIT's and JavaScriptCore's assembly has them
// elsewhere by hand. In compilers for procedures it is *partial inlining* or hot-cold
// splitting: Muth and Debray, "Partial Inlining", 1997.)
//
// A function of form `handlers` gets the table's parameters, no more. So at the cold edge one
// of two things must hold:
// - All that the cold part needs from before can be computed again from the parameters that
//   the handler began with: by operations without effect, from memory that nothing on any way
//   to the edge has written. They were all computed on the way to the edge, so computing them
//   once more can't go wrong, and gives the same.
// - Or nothing at all has been written on any way to the edge. Then the cold function is a copy
//   of the whole handler, and begins it again.
// Otherwise the part stays, as it does if a call comes before it, since the handler needs a
// machine frame then anyhow, and --stats says which handlers keep one. A part that calls
// nothing stays as well: it needs no frame.
//
// The barrier of a store is a call in an operation. So the handler asks before the store what the
// barrier will ask after it, and where the runtime would be told, leaves store and all to a cold
// function. In a superinstruction that function does the components that follow, too.
//
// What it costs is code: what a cold part shares with the rest of its handler stands twice.
// Which edges are cold, passes/support/coldness.h says.
#include "ir/analysis/liveness.h"
#include "ir/builder.h"
#include "passes/manager/pass.h"
#include "passes/support/coldness.h"
#include "passes/support/copy.h"
#include "passes/support/tidy.h"

typedef struct Outline {
    PassContext *context;
    IrModule *module;
    PointerMap left;       // terminators with a cold edge that stays
    PointerMap stores;     // those with a barrier that have been looked at
    IrFunction *beginning; // begins the handler that is looked at again; NULL: none yet
    size_t functions, beginnings, entered, left_count, copied;
} Outline;

// A handler as it is at the moment, in an arena of its own.
typedef struct Handler {
    IrModule *module;
    IrRegion *region;
    Arena *scratch;
    const IrCfg *cfg;
    const IrDominators *dominators;
    const IrLiveness *liveness;
    const Coldness *coldness;
    const IrEffects *before; // by position: what may have happened when the block ends
    bool is_fused;           // the handler of a bytecode with components
    int last_component;      // position of the block in which its last one begins; -1: none does
} Handler;

typedef struct ColdEdge {
    IrInstruction *terminator;
    size_t index;
    int from, target; // positions
    bool *part;       // by position: what can be reached over it
} ColdEdge;

// ---- What has happened before ---------------------------------------------------------------

// Adds; true if that says anything new.
static bool add_effects(IrEffects *effects, IrEffects more) {
    IrEffects old = *effects;
    effects->reads |= more.reads;
    effects->writes |= more.writes;
    effects->collects |= more.collects;
    effects->raises |= more.raises;
    effects->blocks |= more.blocks;
    return old.writes != effects->writes || old.collects != effects->collects ||
           old.raises != effects->raises || old.blocks != effects->blocks;
}

// A store to a const field writes no class, but may not be done twice unseen: it counts as one
// to the frame, since whoever is made by such a store is.
static IrEffects effects_of(const IrBlock *block) {
    IrEffects effects = {0};
    for (const IrInstruction *at = block->first; at; at = at->next) {
        add_effects(&effects, ir_effects(at));
        if ((at->op == IR_STORE || at->op == IR_STORE_REF) && at->field && at->field->is_const)
            effects.writes |= IR_ALIAS_FRAME;
    }
    return effects;
}

static const IrEffects *find_effects(const IrCfg *cfg, Arena *scratch) {
    IrEffects *effects = ARENA_ARRAY(scratch, IrEffects, cfg->count + 1);
    for (size_t b = 0; b < cfg->count; b++)
        effects[b] = effects_of(cfg->nodes[b].block);
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < cfg->reachable; i++) {
            int position = cfg->reverse_post_order[i];
            const IrCfgNode *node = &cfg->nodes[position];
            for (size_t p = 0; p < node->predecessors.count; p++)
                changed |= add_effects(&effects[position], effects[node->predecessors.items[p]]);
        }
    }
    return effects;
}

static bool has_called(const IrEffects *before) {
    return before->collects || before->raises || before->blocks;
}

// ---- Cold edges -----------------------------------------------------------------------------

// The opcodes that a fused handler's bytecode consists of; NULL: it isn't fused.
static const IrOpcodes *components_of(const IrModule *module, const IrFunction *function) {
    for (size_t t = 0; t < module->tables.count; t++) {
        const IrTable *table = module->tables.items[t];
        for (size_t i = 0; i < table->bytecodes.count; i++)
            if (table->bytecodes.items[i].function == function &&
                table->bytecodes.items[i].components.count)
                return &table->bytecodes.items[i].components;
    }
    return NULL;
}

static void find_last_component(Handler *handler) {
    const IrOpcodes *components = components_of(handler->module, handler->region->function);
    handler->is_fused = components != NULL;
    handler->last_component = -1;
    for (size_t b = 0; components && b < handler->cfg->count; b++)
        for (const IrInstruction *at = handler->cfg->nodes[b].block->first; at; at = at->next)
            if (at->op == IR_COMPONENT && (size_t)at->component + 1 == components->count)
                handler->last_component = (int)b;
}

static void look(const Outline *outline, IrRegion *region, Handler *handler) {
    Arena *scratch = arena_new();
    const IrCfg *cfg = ir_cfg_compute(scratch, region);
    *handler = (Handler){.module = outline->module,
                         .region = region,
                         .scratch = scratch,
                         .cfg = cfg,
                         .dominators = ir_dominators_compute(scratch, cfg),
                         .liveness = ir_liveness_compute(scratch, cfg, NULL, NULL),
                         .coldness = coldness_compute(cfg, scratch),
                         .before = find_effects(cfg, scratch)};
    find_last_component(handler);
}

static bool has_barrier(const IrModule *module, const IrInstruction *at) {
    return at->op == IR_STORE_REF && module->barrier_field && module->barrier_external;
}

// Whether something in it calls.
static bool find_part(const Handler *handler, ColdEdge *edge) {
    const IrCfg *cfg = handler->cfg;
    int *stack = ARENA_ARRAY(handler->scratch, int, cfg->count + 1);
    size_t depth = 0;
    bool calls = false;
    edge->part = ARENA_ARRAY(handler->scratch, bool, cfg->count + 1);
    edge->part[edge->target] = true;
    stack[depth++] = edge->target;
    while (depth) {
        const IrCfgNode *node = &cfg->nodes[stack[--depth]];
        for (const IrInstruction *at = node->block->first; at; at = at->next)
            calls |= at->op == IR_CALL || has_barrier(handler->module, at);
        for (size_t s = 0; s < node->successors.count; s++) {
            int next = node->successors.items[s];
            if (edge->part[next])
                continue;
            edge->part[next] = true;
            stack[depth++] = next;
        }
    }
    return calls;
}

static bool is_cold(const Outline *outline, const Handler *handler, ColdEdge *edge) {
    edge->target = ir_cfg_position(handler->cfg, edge->terminator->edges.items[edge->index].block);
    return edge->target >= 0 && pointer_map_find(&outline->left, edge->terminator) < 0 &&
           coldness_of_edge(handler->coldness, edge->from, edge->index) && find_part(handler, edge);
}

// The next one that nothing has been decided about. Those that come first do: what is reached
// over them alone is gone then, and where ways joined, values may have become one.
static bool find_cold_edge(const Outline *outline, const Handler *handler, ColdEdge *edge) {
    for (size_t i = 0; i < handler->cfg->reachable; i++) {
        edge->from = handler->cfg->reverse_post_order[i];
        edge->terminator = handler->cfg->nodes[edge->from].block->last;
        for (edge->index = 0; edge->index < edge->terminator->edges.count; edge->index++)
            if (is_cold(outline, handler, edge))
                return true;
    }
    return false;
}

// ---- What a part needs ----------------------------------------------------------------------

static bool is_entry_parameter(const Handler *handler, const IrValue *value) {
    return value->kind == IR_PARAMETER &&
           value->parameter.block == handler->region->blocks.items[0];
}

// What a part needs from before: the values themselves, and what they are computed from.
typedef struct Needs {
    PointerMap known;
    IrValues values;
} Needs;

static void need(const Handler *handler, Needs *needs, IrValue *value) {
    if (value->kind == IR_CONSTANT || is_entry_parameter(handler, value) ||
        !pointer_map_add(handler->scratch, &needs->known, value, 0))
        return;
    ARENA_PUSH(handler->scratch, &needs->values, value);
}

static bool gives_the_same(const IrInstruction *at, const IrEffects *before) {
    IrEffects effects = ir_effects(at);
    return at->op != IR_CALL && !effects.writes && !(effects.reads & before->writes);
}

// False if one of them can't be computed again at the edge.
static bool find_needs(const Handler *handler, const ColdEdge *edge, Needs *needs) {
    const IrNumbers *live = &handler->liveness->live_in[edge->target];
    const IrEdge *passes = &edge->terminator->edges.items[edge->index];
    *needs = (Needs){0};
    for (size_t i = 0; i < live->count; i++)
        need(handler, needs, (IrValue *)handler->liveness->values[live->items[i]]);
    for (size_t i = 0; i < passes->arguments.count; i++)
        need(handler, needs, passes->arguments.items[i]);
    for (size_t i = 0; i < needs->values.count; i++) {
        const IrValue *value = needs->values.items[i];
        if (value->kind != IR_RESULT ||
            !gives_the_same(value->instruction, &handler->before[edge->from]))
            return false;
        for (size_t o = 0; o < value->instruction->operands.count; o++)
            need(handler, needs, value->instruction->operands.items[o]);
    }
    return true;
}

// A part that leads back to where a value is computed that it needs from before would have two
// places for it.
static bool leads_back(const Handler *handler, const ColdEdge *edge) {
    const IrNumbers *live = &handler->liveness->live_in[edge->target];
    bool back = edge->part[0];
    for (size_t i = 0; i < live->count; i++)
        back |= edge->part[handler->liveness->definitions[live->items[i]]];
    return back;
}

// ---- Cold functions -------------------------------------------------------------------------

static IrFunction *new_function(const Handler *handler) {
    const IrFunction *of = handler->region->function;
    const char *name = arena_printf(handler->module->arena, "%s.cold", of->name);
    IrFunction *made =
        ir_function_new(handler->module, edit_free_name(handler->module, name), of->result);
    made->at = of->at;
    return made;
}

// In an order in which each value comes after those that it is computed from.
static void compute_again(const Handler *handler, const Needs *needs, Copy *copy, IrBlock *block) {
    for (size_t i = 0; i < handler->cfg->reachable; i++) {
        const IrBlock *from = handler->cfg->nodes[handler->cfg->reverse_post_order[i]].block;
        for (const IrInstruction *at = from->first; at; at = at->next)
            if (at->result && pointer_map_find(&needs->known, at->result) >= 0)
                copy_instruction(copy, at, block);
    }
}

// What begins a bytecode again would count its components twice.
static void drop_marks(IrRegion *region) {
    for (size_t b = 0; b < region->blocks.count; b++)
        for (IrInstruction *at = region->blocks.items[b]->first, *next; at; at = next) {
            next = at->next;
            if (at->op == IR_COMPONENT)
                ir_remove(at);
        }
}

static size_t count_instructions(const IrRegion *region) {
    size_t count = 0;
    for (size_t b = 0; b < region->blocks.count; b++)
        for (const IrInstruction *at = region->blocks.items[b]->first; at; at = at->next)
            count += at->op != IR_COMPONENT;
    return count;
}

typedef ARENA_VECTOR(IrBlock *) Blocks;

static Blocks blocks_of(const Handler *handler, const bool *part) {
    Blocks blocks = {0};
    for (size_t i = 0; i < handler->cfg->reachable; i++) {
        int position = handler->cfg->reverse_post_order[i];
        if (!part || part[position])
            ARENA_PUSH(handler->scratch, &blocks, handler->cfg->nodes[position].block);
    }
    return blocks;
}

// The part that the edge leads to, after what it needs.
static IrFunction *make_going_on(const Handler *handler, const ColdEdge *edge, const Needs *needs) {
    IrFunction *made = new_function(handler);
    IrRegion *region = made->regions.items[0];
    Copy copy = copy_new(handler->module, region, handler->scratch);
    const IrBlock *start = handler->region->blocks.items[0];
    IrBlock *entry = ir_block_new(region, made->name);
    for (size_t i = 0; i < start->parameters.count; i++) {
        IrValue *parameter = start->parameters.items[i];
        substitution_add(&copy.values, parameter,
                         ir_parameter_new(entry, parameter->type, parameter->name));
    }
    compute_again(handler, needs, &copy, entry);
    Blocks part = blocks_of(handler, edge->part);
    copy_declare(&copy, part.items, part.count);
    copy_fill(&copy, part.items, part.count);
    IrBuilder builder = {handler->module, entry, NULL, edge->terminator->at,
                         edge->terminator->inlined};
    const IrEdge *passes = &edge->terminator->edges.items[edge->index];
    IrInstruction *enters = ir_build_br(&builder, copy_of_block(&copy, passes->block), NULL, 0);
    for (size_t i = 0; i < passes->arguments.count; i++)
        ir_edge_argument(handler->module, &enters->edges.items[0],
                         substitution_of(&copy.values, passes->arguments.items[i]));
    return made;
}

static IrFunction *make_beginning(const Handler *handler) {
    IrFunction *made = new_function(handler);
    Copy copy = copy_new(handler->module, made->regions.items[0], handler->scratch);
    Blocks blocks = blocks_of(handler, NULL);
    copy_declare(&copy, blocks.items, blocks.count);
    copy_fill(&copy, blocks.items, blocks.count);
    return made;
}

// The edge leads to the function. Nobody has marked which edges are cold by their calls.
static void lead_to(const Handler *handler, const ColdEdge *edge, IrFunction *function) {
    IrInstruction *last = edge->terminator;
    IrBlock *block = edit_split_edge(handler->module, last, edge->index, function->name);
    const IrValues *parameters = &handler->region->blocks.items[0]->parameters;
    ir_remove(block->last);
    IrBuilder builder = {handler->module, block, NULL, last->at, last->inlined};
    ir_build_tail(&builder, function, parameters->items, parameters->count);
    if (last->op == IR_IF)
        last->likely = edge->index ? IR_LIKELY_TRUE : IR_LIKELY_FALSE;
}

// ---- One handler ----------------------------------------------------------------------------

// In a fused bytecode: whether components follow that in which the edge is.
static bool components_follow(const Handler *handler, const ColdEdge *edge) {
    return handler->is_fused &&
           (handler->last_component < 0 ||
            !ir_position_dominates(handler->dominators, handler->last_component, edge->from));
}

static const char *outline_edge(Outline *outline, const Handler *handler, const ColdEdge *edge) {
    if (has_called(&handler->before[edge->from]))
        return "a call comes before it";
    IrFunction *made = NULL;
    Needs needs;
    if (!leads_back(handler, edge) && find_needs(handler, edge, &needs)) {
        made = make_going_on(handler, edge, &needs);
    } else if (handler->before[edge->from].writes) {
        return "it needs what can't be computed again, and something is stored before it";
    } else if (components_follow(handler, edge)) {
        return "it needs what can't be computed again, and the next components are in it";
    } else if (!outline->beginning) {
        made = outline->beginning = make_beginning(handler);
        drop_marks(made->regions.items[0]);
        outline->beginnings++;
    }
    if (made) {
        outline->functions++;
        outline->copied += count_instructions(made->regions.items[0]);
        ir_renumber(made);
    }
    lead_to(handler, edge, made ? made : outline->beginning);
    outline->entered++;
    return NULL;
}

// False if there is nothing left to decide about.
static bool outline_next(Outline *outline, IrRegion *region) {
    Handler handler;
    ColdEdge edge;
    look(outline, region, &handler);
    bool found = find_cold_edge(outline, &handler, &edge);
    const char *reason = found ? outline_edge(outline, &handler, &edge) : NULL;
    if (reason) {
        pass_remark(outline->context->report, "%s keeps a cold part: %s", region->function->name,
                    reason);
        pointer_map_add(outline->context->scratch, &outline->left, edge.terminator, 0);
        outline->left_count++;
    } else if (found) {
        tidy_remove_unreachable(region);
        // Also those that were there before: what a value is, is asked for the next edge.
        tidy_remove_redundant_parameters(region, NULL);
    }
    arena_free(handler.scratch);
    return found;
}

// ---- Barriers -------------------------------------------------------------------------------

// The test that the store makes, before it: where the barrier would be entered, a cold edge leads
// to the same store. In the handler the edge that stays says that the barrier is not entered, and
// LLVM leaves the barrier out.
static IrInstruction *test_barrier(const Outline *outline, IrInstruction *store) {
    IrModule *module = outline->module;
    IrBlock *block = store->block;
    IrBlock *rest = ir_split_before(module, store, block->name);
    IrBuilder builder = {module, block, NULL, store->at, store->inlined};
    IrValue *header =
        ir_build_load(&builder, store->operands.items[0], module->barrier_field, NULL);
    IrValue *mask = ir_integer(module, header->type, (int64_t)module->barrier_mask);
    IrValue *marked = ir_build(&builder, IR_AND, header, mask);
    IrValue *test = ir_build(&builder, IR_CMP_NE, marked, ir_integer(module, header->type, 0));
    return ir_build_if(&builder, test, rest, rest, IR_LIKELY_FALSE);
}

// The next store with a barrier that hasn't been looked at. NULL: there is none left.
static IrInstruction *find_barrier(Outline *outline, const IrRegion *region) {
    for (size_t b = 0; b < region->blocks.count; b++)
        for (IrInstruction *at = region->blocks.items[b]->first; at; at = at->next)
            if (has_barrier(outline->module, at) &&
                pointer_map_add(outline->context->scratch, &outline->stores, at, 0))
                return at;
    return NULL;
}

static void outline_handler(Outline *outline, IrFunction *function) {
    IrRegion *region = function->regions.items[0];
    const TidyBaseline *baseline = tidy_baseline(region, outline->context->scratch);
    outline->beginning = NULL;
    while (outline_next(outline, region))
        ;
    for (IrInstruction *store; (store = find_barrier(outline, region));) {
        IrInstruction *test = test_barrier(outline, store);
        ir_renumber(function);
        outline_next(outline, region);
        if (test->edges.items[0].block == test->edges.items[1].block)
            edit_make_branch(test, 1);
    }
    tidy_remove_dead(region, baseline);
    ir_renumber(function);
}

void outline_cold_run(PassContext *context) {
    IrModule *module = context->module;
    Outline outline = {.context = context, .module = module};
    PointerMap handlers = {0};
    for (size_t t = 0; t < module->tables.count; t++)
        ir_add_targets(module->tables.items[t], context->scratch, &handlers);
    for (size_t f = 1, count = module->functions.count; f < count; f++)
        if (pointer_map_find(&handlers, module->functions.items[f]) >= 0)
            outline_handler(&outline, module->functions.items[f]);
    pass_count_add(context->report, "cold functions", (int64_t)outline.functions);
    pass_count_add(context->report, "  that begin their bytecode again",
                   (int64_t)outline.beginnings);
    pass_count_add(context->report, "  instructions in them", (int64_t)outline.copied);
    pass_count_add(context->report, "cold edges that lead to them", (int64_t)outline.entered);
    pass_count_add(context->report, "cold edges that stay", (int64_t)outline.left_count);
}
