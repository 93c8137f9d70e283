// Which ways through a bytecode a superinstruction takes along, and the joining of regions. A
// way that *goes on* ends at the header in the same frame, with the pc at the next bytecode and
// the stack as deep as the table says; what lies on it may neither collect, raise, block, write
// code nor poll. Whatever leads from such a way to another place is a side exit.
#include "ir/methods.h"
#include "passes/superinstructions.h"

#include "ir/builder.h"
#include "passes/support/copy.h"
#include "passes/support/tidy.h"

enum { SEEN_AGAIN = IR_ALIAS_FRAME | IR_ALIAS_STACK | IR_ALIAS_HEAP | IR_ALIAS_CODE };

// ---- Looking at a bytecode -----------------------------------------------------------------

typedef struct Look {
    const IrModule *module;
    const IrTable *table;
    const IrBytecode *bytecode;
    const Part *part;
} Look;

static bool stops(const IrInstruction *at) {
    IrEffects effects = ir_effects(at);
    return at->op == IR_EXIT || effects.collects || effects.raises || effects.blocks ||
           (at->op == IR_CALL && effects.writes & IR_ALIAS_CODE);
}

// What becomes of a poll on the way. The fewer the better: of an operator's ways those without a
// poll are its usual ones, and a poll's slow way can leave, as the plain bytecode polls again. A
// mark that may become a poll has no slow way to leave by.
typedef enum Polls { POLLS_NONE, POLLS_LEFT, POLLS_TAKEN } Polls;

static bool block_stops(const IrBlock *block, Polls polls) {
    for (const IrInstruction *at = block->first; at; at = at->next) {
        bool lets_run = ir_lets_others_run(at);
        if (at->op == IR_POLL ? polls == POLLS_NONE : lets_run ? polls < POLLS_TAKEN : stops(at))
            return true;
    }
    return false;
}

static const IrBlock *header_of(const Part *part) {
    return part->region->function->header;
}

// Is what the edge passes for the table's parameter what the region got for it?
static bool passes_own(const Part *part, const IrEdge *edge, size_t index) {
    return edge->arguments.items[index] == part->region->blocks.items[0]->parameters.items[index];
}

// Where the pc and the stack pointer stand when the edge leads to the header.
static IrPosition position_at(const Part *part, const IrBlock *block, const IrEdge *edge) {
    const IrProgress *progress = part->progress;
    IrPosition position = progress->in[ir_cfg_position(part->cfg, block)];
    for (const IrInstruction *at = block->first; at; at = at->next)
        ir_progress_step(progress, &position, at);
    if (progress->pc_parameter >= 0)
        position.pc = ir_progress_value(progress, edge->arguments.items[progress->pc_parameter]);
    if (progress->stack_parameter >= 0)
        position.stack =
            ir_progress_value(progress, edge->arguments.items[progress->stack_parameter]);
    return position;
}

static bool is_next_pc(const Look *look, IrDistance pc) {
    int64_t unit = ir_cell_size(look->table->unit), length = look->bytecode->length;
    return !pc.factor && ((pc.base == IR_BASE_PC && pc.constant == length) ||
                          (pc.base == IR_BASE_PC_ADDRESS && pc.constant == length * unit));
}

// Does the edge lead to the next bytecode, in the same frame?
static bool leads_on(const Look *look, const IrBlock *block, const IrEdge *edge) {
    const Part *part = look->part;
    if (edge->block != header_of(part) || !passes_own(part, edge, IR_THREAD_PARAMETER) ||
        !passes_own(part, edge, IR_FRAME_PARAMETER))
        return false;
    IrPosition position = position_at(part, block, edge);
    int64_t slot = look->module->stack_field ? ir_cell_size(look->module->stack_cell) : 0;
    bool is_deep = !slot || (position.stack.base == IR_BASE_STACK && !position.stack.factor &&
                             position.stack.constant == look->bytecode->stack.constant * slot);
    return is_deep && is_next_pc(look, position.pc);
}

// Of those that lead to an end the ones that the start leads to by way of others.
static bool *reached_leading(const IrCfg *cfg, const bool *leads, Arena *arena) {
    bool *reached = ARENA_ARRAY(arena, bool, cfg->count + 1);
    int *work = ARENA_ARRAY(arena, int, cfg->count + 1);
    size_t depth = 0;
    reached[0] = leads[0];
    work[depth++] = 0;
    while (depth) {
        const IrCfgNode *node = &cfg->nodes[work[--depth]];
        for (size_t i = 0; leads[0] && i < node->successors.count; i++) {
            int to = node->successors.items[i];
            if (reached[to] || !leads[to])
                continue;
            reached[to] = true;
            work[depth++] = to;
        }
    }
    return reached;
}

// By position: can a block lead, without a stop, to an edge that `is_end` takes, and be come to
// in that way?
static bool *find_leading(const Look *look, Arena *arena,
                          bool (*is_end)(const Look *, const IrBlock *, const IrEdge *),
                          Polls polls) {
    const IrCfg *cfg = look->part->cfg;
    bool *leads = ARENA_ARRAY(arena, bool, cfg->count + 1);
    for (bool again = true; again;) {
        again = false;
        for (size_t i = cfg->reachable; i-- > 0;) {
            int position = cfg->reverse_post_order[i];
            const IrBlock *block = cfg->nodes[position].block;
            if (leads[position] || block_stops(block, polls))
                continue;
            for (size_t e = 0; e < block->last->edges.count && !leads[position]; e++) {
                const IrEdge *edge = &block->last->edges.items[e];
                int to = ir_cfg_position(cfg, edge->block);
                leads[position] = to >= 0 ? leads[to] : is_end(look, block, edge);
            }
            again |= leads[position];
        }
    }
    return reached_leading(cfg, leads, arena);
}

static bool ends_round(const Look *look, const IrBlock *block, const IrEdge *edge) {
    (void)block;
    return edge->block == header_of(look->part);
}

// Is nothing stored on any way from the start to where a block that `leads` is left? What a poll
// lets others do counts: they may have written another opcode in the place of the one to go on at.
static bool is_clean(const Look *look, const bool *leads, Arena *arena,
                     bool (*is_end)(const Look *, const IrBlock *, const IrEdge *)) {
    const IrCfg *cfg = look->part->cfg;
    bool *is_dirty = ARENA_ARRAY(arena, bool, cfg->count + 1);
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < cfg->reachable; i++) {
            int position = cfg->reverse_post_order[i];
            const IrCfgNode *node = &cfg->nodes[position];
            bool dirty = false;
            if (!leads[position] || is_dirty[position])
                continue;
            for (const IrInstruction *at = node->block->first; at && !dirty; at = at->next)
                dirty = ir_effects(at).writes & SEEN_AGAIN;
            for (size_t p = 0; p < node->predecessors.count; p++)
                dirty |= is_dirty[node->predecessors.items[p]];
            is_dirty[position] = dirty;
            again |= dirty;
        }
    }
    for (size_t i = 0; i < cfg->reachable; i++) {
        int position = cfg->reverse_post_order[i];
        const IrBlock *block = cfg->nodes[position].block;
        for (size_t e = 0; leads[position] && e < block->last->edges.count; e++) {
            const IrEdge *edge = &block->last->edges.items[e];
            int to = ir_cfg_position(cfg, edge->block);
            bool stays = to >= 0 ? leads[to] : is_end(look, block, edge);
            if (!stays && is_dirty[position])
                return false;
        }
    }
    return true;
}

static const char *why_not(const Look *look, Arena *arena) {
    const Part *part = look->part;
    if (look->bytecode->stack.factor)
        return "how much it pushes depends on an operand";
    if (look->bytecode->leaves || !part->goes_on[0])
        return "it has no way to the next bytecode without a call";
    if (!is_clean(look, part->goes_on, arena, leads_on))
        return "it stores before it knows which way it goes";
    return NULL;
}

static bool leads_back_to_entry(const IrCfg *cfg) {
    return cfg->nodes[0].predecessors.count > 0;
}

static bool *find_ends(const Look *look, Arena *arena) {
    for (int polls = POLLS_NONE; polls <= POLLS_TAKEN; polls++) {
        bool *ends = find_leading(look, arena, ends_round, (Polls)polls);
        if (ends[0] && is_clean(look, ends, arena, ends_round))
            return ends;
    }
    return NULL;
}

// After a poll that was taken nothing may follow: code may be another one then.
static bool *find_going_on(const Look *look, Arena *arena) {
    bool *without = find_leading(look, arena, leads_on, POLLS_NONE);
    return without[0] ? without : find_leading(look, arena, leads_on, POLLS_LEFT);
}

Part part_find(IrModule *module, const IrTable *table, int opcode, Arena *arena) {
    const IrBytecode *bytecode = &table->bytecodes.items[opcode];
    Part part = {.region = bytecode->block ? bytecode->block->region : NULL};
    if (!part.region)
        return part;
    part.cfg = ir_cfg_compute(arena, part.region);
    part.progress = ir_progress_compute(
        arena,
        (IrProgressInput){
            .module = module, .table = table, .cfg = part.cfg, .stack_field = module->stack_field});
    Look look = {module, table, bytecode, &part};
    part.goes_on = find_going_on(&look, arena);
    part.ends = find_ends(&look, arena);
    part.refusal = leads_back_to_entry(part.cfg) ? "its region leads back to its start"
                                                 : why_not(&look, arena);
    return part;
}

// Without ways of its own to an end all of the region is taken, and its exits would leave for
// another bytecode than the component's.
static bool would_exit(const Part *part, const IrBytecode *component) {
    for (size_t i = 0; !part->ends && i < part->cfg->reachable; i++) {
        const IrCfgNode *node = &part->cfg->nodes[part->cfg->reverse_post_order[i]];
        const IrInstruction *last = node->block->last;
        if (last->op == IR_EXIT && ir_exit_bytecode(last) != component)
            return true;
    }
    return false;
}

const char *part_refusal(const IrTable *table, int opcode, const Part *part, bool is_last) {
    IrOrigin origin = table->bytecodes.items[opcode].origin;
    if (origin != IR_ORIGIN_BASE && origin != IR_ORIGIN_QUICKENED)
        return "it is reserved or fused";
    if (!part->region)
        return "no code is left of it";
    if (is_last)
        return would_exit(part, &table->bytecodes.items[opcode])
                   ? "it polls before it leaves for another bytecode"
                   : NULL;
    return part->refusal;
}

int part_size(const Part *part, bool is_last) {
    const bool *stays = is_last ? part->ends : part->goes_on;
    int size = 0;
    for (size_t b = 0; b < part->cfg->count; b++) {
        const IrCfgNode *node = &part->cfg->nodes[b];
        if (node->order < 0 || (stays && !stays[b]))
            continue;
        for (const IrInstruction *at = node->block->first; at; at = at->next)
            size++;
    }
    return size;
}

// ---- Joining --------------------------------------------------------------------------------

typedef ARENA_VECTOR(IrEdge *) Edges;

typedef struct Join {
    IrModule *module;
    IrTable *table;
    IrRegion *region; // the superinstruction's
    Arena *scratch;
    Edges open; // they lead to the component that comes next
} Join;

// One component while it is copied.
typedef struct Component {
    Join *join;
    Copy copy;
    Look look;
    const bool *stays; // by position; NULL: all blocks do
    bool is_last;
    IrBlock *entry, *exit; // `exit` is made when it is asked for
} Component;

static bool stays(const Component *component, int position) {
    return !component->stays || component->stays[position];
}

// The block that leaves for the plain bytecode, with the loop's state as it was at its start.
static IrBlock *exit_block(Component *component) {
    Join *join = component->join;
    if (component->exit)
        return component->exit;
    component->exit = ir_block_new(join->region, "exit");
    IrBuilder builder = {join->module, component->exit, NULL, component->entry->first->at,
                         component->entry->first->inlined};
    ir_build_exit(&builder, join->table, component->look.bytecode->opcode,
                  component->entry->parameters.items, component->entry->parameters.count);
    return component->exit;
}

static void lead_edge(Component *component, const IrBlock *original, size_t index, IrEdge *copy) {
    const IrEdge *edge = &original->last->edges.items[index];
    int to = ir_cfg_position(component->look.part->cfg, edge->block);
    if (to >= 0 && stays(component, to))
        return;
    if (to < 0 && component->is_last)
        return;
    if (to < 0 && leads_on(&component->look, original, edge)) {
        ARENA_PUSH(component->join->scratch, &component->join->open, copy);
        return;
    }
    copy->block = exit_block(component);
    copy->arguments.count = 0;
}

static void close_edges(Join *join, IrBlock *block) {
    for (size_t i = 0; i < join->open.count; i++)
        join->open.items[i]->block = block;
    join->open.count = 0;
}

static void mark(Component *component, int number) {
    IrBlock *entry = component->entry;
    IrBuilder builder = {component->join->module, entry, entry->first, entry->first->at,
                         entry->first->inlined};
    ir_build_component(&builder, number);
}

// To a debugger a component is a method of its own, with its variables.
static const IrInlining *component_inlining(IrModule *module, const IrBytecode *bytecode,
                                            int number) {
    const IrMethod *method = ir_find_method(module, bytecode->name);
    if (!method)
        return NULL;
    IrInlining *inlining = ARENA_NEW(module->arena, IrInlining);
    *inlining = (IrInlining){.method = method, .is_component = true, .component = number};
    return inlining;
}

static void join_component(Join *join, const Part *part, const IrBytecode *bytecode, int number,
                           bool is_last) {
    Component component = {.join = join,
                           .copy = copy_new(join->module, join->region, join->scratch),
                           .look = {join->module, join->table, bytecode, part},
                           .stays = is_last ? part->ends : part->goes_on,
                           .is_last = is_last};
    component.copy.within = component_inlining(join->module, bytecode, number);
    ARENA_VECTOR(IrBlock *) blocks = {0};
    for (size_t b = 0; b < part->cfg->count; b++)
        if (part->cfg->nodes[b].order >= 0 && stays(&component, (int)b))
            ARENA_PUSH(join->scratch, &blocks, part->cfg->nodes[b].block);
    copy_declare(&component.copy, blocks.items, blocks.count);
    copy_fill(&component.copy, blocks.items, blocks.count);
    component.entry = copy_of_block(&component.copy, blocks.items[0]);
    close_edges(join, component.entry);
    for (size_t i = 0; i < blocks.count; i++) {
        IrInstruction *last = copy_of_block(&component.copy, blocks.items[i])->last;
        for (size_t e = 0; e < last->edges.count; e++)
            lead_edge(&component, blocks.items[i], e, &last->edges.items[e]);
    }
    if (number > 0)
        mark(&component, number);
}

static const char *name_of(const IrTable *table, const Sequence *sequence, Arena *arena) {
    const char *name = "";
    for (int i = 0; i < sequence->count; i++)
        name = arena_printf(arena, "%s%s%s", name, i ? "_" : "",
                            table->bytecodes.items[sequence->opcodes[i]].name);
    return name;
}

// Another one may have the name already, as names hold `_` too.
static const char *free_name(const IrTable *table, const char *name, Arena *arena) {
    while (ir_find_bytecode(table, name))
        name = arena_printf(arena, "%s_", name);
    return name;
}

void join_sequence(IrModule *module, IrTable *table, const Sequence *sequence, const Part *parts) {
    Arena *scratch = arena_new();
    const char *name = free_name(table, name_of(table, sequence, scratch), module->arena);
    IrFunction *function = parts[sequence->opcodes[0]].region->function;
    Join join = {
        module, table, ir_region_new(function, arena_strdup(module->arena, name)), scratch, {0}};
    for (int i = 0; i < sequence->count; i++)
        join_component(&join, &parts[sequence->opcodes[i]],
                       &table->bytecodes.items[sequence->opcodes[i]], i, i + 1 == sequence->count);
    tidy_remove_redundant_parameters(join.region, NULL);
    IrBytecode made = {.opcode = (int)table->bytecodes.count,
                       .name = join.region->name,
                       .needs = {.operand = -1},
                       .stack = {.operand = -1},
                       .jumped = {.operand = -1},
                       .origin = IR_ORIGIN_FUSED,
                       .block = join.region->blocks.items[0]};
    for (int i = 0; i < sequence->count; i++)
        ARENA_PUSH(module->arena, &made.components, sequence->opcodes[i]);
    made.length = ir_bytecode_default_length(table, &made);
    ARENA_PUSH(module->arena, &table->bytecodes, made);
    ir_renumber(function);
    arena_free(scratch);
}
