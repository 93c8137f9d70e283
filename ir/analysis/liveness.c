// See liveness.h. In SSA a value has one definition, so instead of iterating over sets for all
// blocks until they settle, each use is followed upwards to the definition, marking the blocks
// on the way (Boissinot et al., "Fast Liveness Checking for SSA-Form Programs", 2008, compare
// the ways to do it). What that costs is the length of what is found: whoever asks for a few
// values, as the verifier does for those that move, pays for those only.
#include "ir/analysis/liveness.h"

// The work goes in three rounds: values get numbers, each block is read once to find which it
// uses before it defines them, and each value is followed up from there.
typedef struct Walk {
    Arena *arena;
    IrLiveness *liveness;
    int *seen_in;       // by number: 1 + position of the block where it was last defined
    IrNumbers *exposed; // by number: positions of blocks that use it before defining it
    int *stack;
} Walk;

// A value that is unwanted has no number, and whatever has no number is passed over from here
// on.
static void define(Walk *walk, const IrValue *value, int position, IrValueFilter *wanted,
                   const void *context) {
    IrLiveness *liveness = walk->liveness;
    if (!value || value->kind == IR_CONSTANT || (wanted && !wanted(value, context)))
        return;
    if (!pointer_map_add(walk->arena, &liveness->numbers, value, (int)liveness->count))
        return;
    liveness->values[liveness->count] = value;
    liveness->definitions[liveness->count++] = position;
}

static void number_values(Walk *walk, IrValueFilter *wanted, const void *context) {
    IrLiveness *liveness = walk->liveness;
    const IrCfg *cfg = liveness->cfg;
    size_t most = 0;
    for (size_t i = 0; i < cfg->count; i++) {
        most += cfg->nodes[i].block->parameters.count;
        for (IrInstruction *at = cfg->nodes[i].block->first; at; at = at->next)
            most++;
    }
    liveness->values = ARENA_ARRAY(walk->arena, const IrValue *, most);
    liveness->definitions = ARENA_ARRAY(walk->arena, int, most);
    for (size_t i = 0; i < cfg->count; i++) {
        const IrBlock *block = cfg->nodes[i].block;
        for (size_t p = 0; p < block->parameters.count; p++)
            define(walk, block->parameters.items[p], (int)i, wanted, context);
        for (IrInstruction *at = block->first; at; at = at->next)
            define(walk, at->result, (int)i, wanted, context);
    }
}

// A use after the definition in the same block makes nothing live at the block's start. The
// blocks are read one after another, so one that has the value noted already has it last.
static void use(Walk *walk, const IrValue *value, int position) {
    int number = pointer_map_find(&walk->liveness->numbers, value);
    if (number < 0 || walk->seen_in[number] == position + 1)
        return;
    IrNumbers *exposed = &walk->exposed[number];
    if (!exposed->count || exposed->items[exposed->count - 1] != position)
        ARENA_PUSH(walk->arena, exposed, position);
}

static void see(Walk *walk, const IrValue *value, int position) {
    int number = pointer_map_find(&walk->liveness->numbers, value);
    if (number >= 0)
        walk->seen_in[number] = position + 1;
}

static void find_exposed(Walk *walk, int position) {
    const IrBlock *block = walk->liveness->cfg->nodes[position].block;
    for (size_t i = 0; i < block->parameters.count; i++)
        see(walk, block->parameters.items[i], position);
    for (IrInstruction *at = block->first; at; at = at->next) {
        for (size_t i = 0; i < at->operands.count; i++)
            use(walk, at->operands.items[i], position);
        // An edge's arguments are read here and not in the block that it leads to. There two
        // edges would seem to need both their values at once, whichever of them was taken.
        for (size_t e = 0; e < at->edges.count; e++)
            for (size_t i = 0; i < at->edges.items[e].arguments.count; i++)
                use(walk, at->edges.items[e].arguments.items[i], position);
        see(walk, at->result, position);
    }
}

// Values are followed in ascending order, so a block that has this one already has it last,
// and every list comes out sorted without being sorted.
static bool note(Walk *walk, IrNumbers *numbers, int number) {
    if (numbers->count && numbers->items[numbers->count - 1] == number)
        return false;
    ARENA_PUSH(walk->arena, numbers, number);
    return true;
}

// The stack holds each block once at most, as only one that was new in `live_in` is pushed.
static void follow(Walk *walk, int number) {
    IrLiveness *liveness = walk->liveness;
    const IrNumbers *exposed = &walk->exposed[number];
    size_t depth = 0;
    for (size_t i = 0; i < exposed->count; i++)
        if (note(walk, &liveness->live_in[exposed->items[i]], number))
            walk->stack[depth++] = exposed->items[i];
    while (depth) {
        const IrCfgNode *node = &liveness->cfg->nodes[walk->stack[--depth]];
        for (size_t i = 0; i < node->predecessors.count; i++) {
            int above = node->predecessors.items[i];
            // Live at the end of the defining block, and not at its start: the walk ends
            // there.
            note(walk, &liveness->live_out[above], number);
            if (above != liveness->definitions[number] &&
                note(walk, &liveness->live_in[above], number))
                walk->stack[depth++] = above;
        }
    }
}

IrLiveness *ir_liveness_compute(Arena *arena, const IrCfg *cfg, IrValueFilter *wanted,
                                const void *context) {
    IrLiveness *liveness = ARENA_NEW(arena, IrLiveness);
    liveness->cfg = cfg;
    liveness->live_in = ARENA_ARRAY(arena, IrNumbers, cfg->count);
    liveness->live_out = ARENA_ARRAY(arena, IrNumbers, cfg->count);
    Walk walk = {.arena = arena, .liveness = liveness};
    number_values(&walk, wanted, context);
    walk.seen_in = ARENA_ARRAY(arena, int, liveness->count);
    walk.exposed = ARENA_ARRAY(arena, IrNumbers, liveness->count);
    walk.stack = ARENA_ARRAY(arena, int, cfg->count);
    for (size_t i = 0; i < cfg->count; i++)
        find_exposed(&walk, (int)i);
    for (size_t i = 0; i < liveness->count; i++)
        follow(&walk, (int)i);
    return liveness;
}

static bool holds(const IrNumbers *numbers, int number) {
    size_t low = 0, high = numbers->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (numbers->items[middle] == number)
            return true;
        if (numbers->items[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool is_live(const IrLiveness *liveness, const IrNumbers *sets, const IrValue *value,
                    const IrBlock *block) {
    int number = pointer_map_find(&liveness->numbers, value);
    int position = ir_cfg_position(liveness->cfg, block);
    return number >= 0 && position >= 0 && holds(&sets[position], number);
}

bool ir_is_live_in(const IrLiveness *liveness, const IrValue *value, const IrBlock *block) {
    return is_live(liveness, liveness->live_in, value, block);
}

bool ir_is_live_out(const IrLiveness *liveness, const IrValue *value, const IrBlock *block) {
    return is_live(liveness, liveness->live_out, value, block);
}

bool ir_is_live_after(const IrLiveness *liveness, const IrValue *value,
                      const IrInstruction *instruction) {
    if (pointer_map_find(&liveness->numbers, value) < 0)
        return false;
    for (const IrInstruction *at = instruction->next; at; at = at->next) {
        if (ir_uses(at, value))
            return true;
        if (at->result == value)
            return false;
    }
    return ir_is_live_out(liveness, value, instruction->block);
}
