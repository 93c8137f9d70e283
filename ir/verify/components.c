// The rule `components`: bytecodes that others are rewritten to, and superinstructions. A
// superinstruction is a trace: its components run one after the other, and what is not likely
// exits to the plain code of the component that it happens in. So wherever somebody else may
// look, or goes on, the frame is as the plain components would have left it when this one
// begins, and this one has done nothing yet. And what it was fused of has to be there still:
// after a call that may rewrite code, code is fetched again.
//
// That is deoptimization (Hölzle, Chambers, Ungar, "Debugging Optimized Code with Dynamic
// Deoptimization", 1992) without its tables: an exit is ordinary code that has made the plain
// state before it leaves, so it can be checked like any other code. trace.h finds out what is
// known at each place; here it is compared with what the rule asks.
#include "ir/analysis/trace.h"
#include "ir/verify/rules.h"

static const char rule[] = "components";

// ---- What bytecodes say of each other ------------------------------------------------------

// A bytecode is rewritten in place, under code that was verified as it was written: so
// whatever the bytecode verifier has concluded from the one must hold of the other. A fused
// one is written over the first of several bytecodes, which is another matter.
static void check_quickens(IrVerifier *verifier, const IrTable *table, const IrBytecode *bytecode) {
    VerifyPlace place = verify_at_module(bytecode->at);
    for (size_t i = 0; i < bytecode->quickens.count; i++) {
        const IrBytecode *other = &table->bytecodes.items[bytecode->quickens.items[i]];
        const char *wrong = ir_quickening_fault(bytecode, other);
        if (other == bytecode)
            verify_complain(verifier, rule, place, "%s quickens to itself", bytecode->name);
        else if (bytecode->origin == IR_ORIGIN_FUSED || other->origin == IR_ORIGIN_FUSED)
            verify_complain(verifier, rule, place, "%s quickens to %s, and one of them is fused",
                            bytecode->name, other->name);
        else if (wrong)
            verify_complain(verifier, rule, place, "%s quickens to %s, which has %s",
                            bytecode->name, other->name, wrong);
    }
}

// A fused component would have to be taken apart again for its own places. One that leaves
// ends the trace, and after one that moves the stack by an operand nobody would know the
// slots.
static void check_component(IrVerifier *verifier, const IrTable *table, const IrBytecode *bytecode,
                            size_t index) {
    VerifyPlace place = verify_at_module(bytecode->at);
    const IrBytecode *component = &table->bytecodes.items[bytecode->components.items[index]];
    bool is_last = index + 1 == bytecode->components.count;
    if (component->origin == IR_ORIGIN_FUSED)
        verify_complain(verifier, rule, place, "component %zu of %s, %s, is fused itself", index,
                        bytecode->name, component->name);
    if (!is_last && component->leaves)
        verify_complain(verifier, rule, place,
                        "component %zu of %s, %s, leaves and is not the last", index,
                        bytecode->name, component->name);
    if (!is_last && component->stack.factor)
        verify_complain(
            verifier, rule, place,
            "component %zu of %s, %s, moves the stack by an operand and is not the last", index,
            bytecode->name, component->name);
}

// Traces follow a bounded number of slots, so that what a component finds on the stack is a
// set of bits. Where the last one leaves the stack, nobody asks.
static void check_depths(IrVerifier *verifier, const IrTable *table, const IrBytecode *bytecode) {
    int64_t depth = 0;
    for (size_t i = 0; i + 1 < bytecode->components.count; i++) {
        const IrBytecode *component = &table->bytecodes.items[bytecode->components.items[i]];
        depth += component->stack.constant;
        if (depth >= -IR_TRACE_SLOTS && depth <= IR_TRACE_SLOTS)
            continue;
        verify_complain(
            verifier, rule, verify_at_module(bytecode->at),
            "component %zu of %s, %s, leaves the stack %lld slots from where %s begins, and "
            "%d are followed",
            i, bytecode->name, component->name, (long long)depth, bytecode->name, IR_TRACE_SLOTS);
        return;
    }
}

static bool is_nothing(const IrSlots *slots) {
    return !slots->constant && !slots->factor;
}

// Where a quickened one stands it must be known what has been there.
static void check_bases(IrVerifier *verifier, const IrTable *table) {
    int *bases = ARENA_ARRAY(verifier->arena, int, table->bytecodes.count + 1);
    ir_find_bases(table, bases);
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        if (bytecode->origin != IR_ORIGIN_QUICKENED || bases[i] >= 0)
            continue;
        verify_complain(verifier, rule, verify_at_module(bytecode->at),
                        "%s is quickened, and %s base bytecode quickens to it", bytecode->name,
                        bases[i] == IR_NO_BASE ? "no" : "more than one");
    }
}

void verify_kinship(IrVerifier *verifier, const IrTable *table, const IrBytecode *bytecode) {
    VerifyPlace place = verify_at_module(bytecode->at);
    check_quickens(verifier, table, bytecode);
    for (size_t i = 0; i < bytecode->components.count; i++)
        check_component(verifier, table, bytecode, i);
    check_depths(verifier, table, bytecode);
    if (bytecode->origin != IR_ORIGIN_FUSED) {
        if (bytecode->components.count)
            verify_complain(verifier, rule, place, "%s has components and is not fused",
                            bytecode->name);
        return;
    }
    if (bytecode->components.count < 2)
        verify_complain(verifier, rule, place, "%s is fused and has %zu components", bytecode->name,
                        bytecode->components.count);
    if (bytecode->operands.count || !is_nothing(&bytecode->needs) ||
        !is_nothing(&bytecode->stack) || bytecode->leaves || bytecode->jumps ||
        bytecode->length != ir_bytecode_default_length(table, bytecode))
        verify_complain(
            verifier, rule, place,
            "%s has operands, a length or a stack effect besides those of its components",
            bytecode->name);
}

// ---- The code of one bytecode ---------------------------------------------------------------

typedef struct Check {
    IrVerifier *verifier;
    const PointerMap *targets; // the blocks and functions that tables lead to
    const IrBytecode *bytecode;
    IrTrace *trace;
    bool is_fused;
    bool *is_left; // by component: exits leave it
} Check;

// Whose code this is, by the plain bytecode: what an exit from here has to lead to.
static const IrBytecode *component_of(const Check *check, const IrTraceState *state) {
    if (!check->is_fused)
        return check->bytecode;
    return &check->trace->table->bytecodes
                .items[check->bytecode->components.items[state->component]];
}

static const IrRegion *code_of(const IrBytecode *bytecode) {
    if (bytecode->function)
        return bytecode->function->regions.items[0];
    return bytecode->block ? bytecode->block->region : NULL;
}

static void complain_in(const Check *check, const IrInstruction *at, const IrTraceState *state,
                        const char *what) {
    verify_complain(check->verifier, rule, verify_at_instruction(at),
                    "%s at %s in component %d of %s %s", ir_op_text(at->op),
                    verify_place_name(check->verifier, at->at), state->component,
                    check->bytecode->name, what);
}

// What the component has stored itself would be done again by the plain one, which starts
// anew.
static void check_own(const Check *check, const IrInstruction *at, const IrTraceState *state) {
    size_t before = check->verifier->complaints->count;
    if (!state->own)
        return;
    verify_complain(
        check->verifier, rule, verify_at_instruction(at),
        "%s at %s in component %d of %s comes after a store of that component, by %s at %s",
        ir_op_text(at->op), verify_place_name(check->verifier, at->at), state->component,
        check->bytecode->name, ir_op_text(state->own->op),
        verify_place_name(check->verifier, state->own->at));
    verify_complain_also(check->verifier, before, state->own->at, "it stores here");
}

// Without a declared stack nothing is known of slots, and so nothing can be asked.
// Those that an exit passes on in parameters need not be in memory.
static void check_slots(const Check *check, const IrInstruction *at, const IrTraceState *state) {
    uint64_t missing = ir_trace_pushed(check->trace, state->component) & ~state->stored;
    int slot = -IR_TRACE_SLOTS, passed = at->op == IR_EXIT ? ir_table_slots(at->table) : 0;
    for (int i = 1; i <= passed; i++) {
        int place = check->trace->depths[state->component] - i;
        if (place >= -IR_TRACE_SLOTS)
            missing &= ~(UINT64_C(1) << (IR_TRACE_SLOTS + place));
    }
    if (!missing || !check->trace->module->stack_field)
        return;
    for (; !(missing & 1); missing >>= 1)
        slot++;
    verify_complain(
        check->verifier, rule, verify_at_instruction(at),
        "%s at %s in component %d of %s finds stack slot %d, which the components before it "
        "have pushed, not stored",
        ir_op_text(at->op), verify_place_name(check->verifier, at->at), state->component,
        check->bytecode->name, slot);
}

// Somebody reads the frame, as far as `reads` says: the collector, a stack trace, a debugger,
// the plain code that goes on. A component that has begun to store is past that point
// (check_own).
static void check_observed(const Check *check, const IrInstruction *at, const IrTraceState *state,
                           unsigned reads) {
    const IrTrace *trace = check->trace;
    if (reads & IR_ALIAS_FRAME && trace->progress->pc_field &&
        !ir_trace_is_pc(trace, state->position.pc, state->component))
        complain_in(check, at, state, "finds another place in the frame than that component's");
    if (reads & IR_ALIAS_FRAME && trace->module->stack_field &&
        !ir_trace_is_stack(trace, state->position.stack, state->component))
        complain_in(check, at, state,
                    "finds another stack pointer in the frame than that component's");
    if (reads & IR_ALIAS_STACK)
        check_slots(check, at, state);
}

// One step of quickening, in either direction: the specialised form and the general one that
// it falls back to when its guard fails.
static bool is_kin(const Check *check, const IrBytecode *other) {
    for (size_t i = 0; i < check->bytecode->quickens.count; i++)
        if (check->bytecode->quickens.items[i] == other->opcode)
            return true;
    for (size_t i = 0; i < other->quickens.count; i++)
        if (other->quickens.items[i] == check->bytecode->opcode)
            return true;
    return false;
}

// Does the exit lead where this place may exit to?
static bool check_exit_target(const Check *check, const IrInstruction *at,
                              const IrTraceState *state) {
    IrVerifier *verifier = check->verifier;
    const IrBytecode *target = ir_exit_bytecode(at), *component = component_of(check, state);
    if (!ir_tables_match(at->table, check->trace->table))
        verify_complain(verifier, rule, verify_at_instruction(at),
                        "exit through @%s from %s of @%s, which has other bytecodes or parameters",
                        at->table->name, check->bytecode->name, check->trace->table->name);
    else if (check->is_fused && target->opcode != component->opcode)
        verify_complain(verifier, rule, verify_at_instruction(at),
                        "exit to %s in component %d of %s, which is %s", target->name,
                        state->component, check->bytecode->name, component->name);
    else if (!check->is_fused && !is_kin(check, target))
        verify_complain(verifier, rule, verify_at_instruction(at),
                        "exit to %s from %s, which is neither fused nor of one quickening with it",
                        target->name, check->bytecode->name);
    else
        return true;
    return false;
}

// The state that an exit goes on with, in parameters where they mirror it. There the registers
// are what the next bytecode sees, whatever memory holds.
static void check_exit(const Check *check, const IrInstruction *at, const IrTraceState *state) {
    const IrProgress *progress = check->trace->progress;
    IrTraceState seen = *state;
    if (!check_exit_target(check, at, state))
        return;
    IrValue *const *arguments = at->operands.items + 1;
    if (!progress->frame || arguments[IR_FRAME_PARAMETER] != progress->frame) {
        complain_in(check, at, state, "goes on with another frame");
        return;
    }
    if (progress->pc_parameter >= 0)
        seen.position.pc = ir_progress_value(progress, arguments[progress->pc_parameter]);
    if (progress->stack_parameter >= 0)
        seen.position.stack = ir_progress_value(progress, arguments[progress->stack_parameter]);
    check_own(check, at, state);
    if (!state->own)
        check_observed(check, at, &seen, IR_ALIAS_FRAME | IR_ALIAS_STACK);
}

// Marks stand in the order of the components, each once on every path.
static void check_mark(const Check *check, const IrInstruction *at, const IrTraceState *state) {
    if (at->component != state->component + 1 ||
        (size_t)at->component >= check->bytecode->components.count)
        verify_complain(check->verifier, rule, verify_at_instruction(at),
                        "component %d stands in component %d of %s, which has %zu", at->component,
                        state->component, check->bytecode->name, check->bytecode->components.count);
    if (!state->rewriting)
        return;
    size_t before = check->verifier->complaints->count;
    verify_complain(check->verifier, rule, verify_at_instruction(at),
                    "component %d of %s comes after %s at %s, which may have rewritten its code",
                    at->component, check->bytecode->name, ir_op_text(state->rewriting->op),
                    verify_place_name(check->verifier, state->rewriting->at));
    verify_complain_also(check->verifier, before, state->rewriting->at, "it may write code here");
}

// A cold function, which is no bytecode's, goes on in the component that hands over to it.
static bool is_cold_call(const Check *check, const IrInstruction *at) {
    return at->op == IR_TAIL && pointer_map_find(check->targets, at->callee) < 0;
}

static bool leaves(const Check *check, const IrInstruction *at) {
    bool is_end = at->op == IR_DISPATCH || at->op == IR_RET ||
                  (at->op == IR_TAIL && !is_cold_call(check, at));
    for (size_t e = 0; e < at->edges.count; e++)
        is_end |= verify_leads_to_header(at->block->region, at->edges.items[e].block);
    return is_end;
}

static void check_instruction(const Check *check, const IrInstruction *at,
                              const IrTraceState *state) {
    if (at->op == IR_COMPONENT)
        check_mark(check, at, state);
    if (at->op == IR_EXIT)
        check_exit(check, at, state);
    if (!check->is_fused)
        return;
    IrEffects effects = ir_effects(at);
    // A component that is never exited from runs to its end once it has begun, so nobody
    // starts it again, and it may store before it stops.
    bool stops = at->op == IR_POLL || effects.collects || effects.raises;
    if (stops && check->is_left[state->component])
        check_own(check, at, state);
    if ((at->op == IR_CALL || stops) && !state->own)
        check_observed(check, at, state, effects.reads);
    if (leaves(check, at) && (size_t)state->component + 1 < check->bytecode->components.count)
        complain_in(check, at, state, "leaves, which only the last component may without exit");
}

// Calls `act` for each instruction that can be reached, with the state before it.
static void walk(Check *check,
                 void (*act)(const Check *, const IrInstruction *, const IrTraceState *)) {
    const IrCfg *cfg = check->trace->cfg;
    for (size_t i = 0; i < cfg->reachable; i++) {
        int position = cfg->reverse_post_order[i];
        IrTraceState state = check->trace->in[position];
        for (const IrInstruction *at = cfg->nodes[position].block->first; at; at = at->next) {
            if (state.component != IR_TRACE_MIXED)
                act(check, at, &state);
            ir_trace_step(check->trace, &state, at);
        }
    }
}

static void note_left(const Check *check, const IrInstruction *at, const IrTraceState *state) {
    if (at->op == IR_EXIT)
        check->is_left[state->component] = true;
}

// Where components are mixed, no other rule has anything to compare with: `walk` leaves such
// places out, and the complaint about the block speaks for all of them. A pass may leave blocks
// that nothing leads to: those are in no component.
static void check_joins(const Check *check) {
    const IrCfg *cfg = check->trace->cfg;
    for (size_t i = 0; i < cfg->reachable; i++) {
        const IrCfgNode *node = &cfg->nodes[cfg->reverse_post_order[i]];
        int component = 0;
        bool is_mixed = false, seen = false;
        for (size_t p = 0; p < node->predecessors.count; p++) {
            int from = node->predecessors.items[p];
            if (cfg->nodes[from].order < 0)
                continue;
            is_mixed |= seen && check->trace->out[from].component != component;
            component = check->trace->out[from].component;
            seen = true;
        }
        if (is_mixed)
            verify_complain(check->verifier, rule, verify_at_block(node->block),
                            "%s of %s is reached from different components",
                            verify_block_name(check->verifier, node->block), check->bytecode->name);
    }
}

static void check_code_of(IrVerifier *verifier, const IrTable *table, const IrBytecode *bytecode,
                          const PointerMap *targets) {
    const IrRegion *region = code_of(bytecode);
    IrCfg *cfg = ir_cfg_compute(verifier->arena, region);
    Check check = {.verifier = verifier, .targets = targets, .bytecode = bytecode};
    check.trace = ir_trace_compute(verifier->arena, verifier->module, table, bytecode, cfg);
    check.is_fused = bytecode->components.count > 0;
    // Two walks: whether a component is exited from may show after the place where that
    // matters.
    check.is_left = ARENA_ARRAY(verifier->arena, bool, bytecode->components.count + 1);
    check_joins(&check);
    walk(&check, note_left);
    walk(&check, check_instruction);
}

// ---- The module --------------------------------------------------------------------------

// A region without one, of a bytecode that isn't fused, has nothing to check, and most are
// such.
static const IrInstruction *find_mark(const IrRegion *region) {
    for (size_t b = 0; b < region->blocks.count; b++)
        for (const IrInstruction *at = region->blocks.items[b]->first; at; at = at->next)
            if (at->op == IR_EXIT || at->op == IR_COMPONENT)
                return at;
    return NULL;
}

// In code that is no bytecode's nothing is known of the state. A cold function may exit for the
// bytecode that hands over to it by a tail call, and begin its next components; only that the
// target of an exit can be begun again is asked of it.
static void check_other(IrVerifier *verifier, const IrRegion *region) {
    bool is_cold = verifier->module->form == IR_FORM_HANDLERS &&
                   region->function != verifier->module->functions.items[0];
    for (size_t b = 0; b < region->blocks.count; b++)
        for (const IrInstruction *at = region->blocks.items[b]->first; at; at = at->next) {
            if ((at->op == IR_EXIT || at->op == IR_COMPONENT) && !is_cold)
                verify_complain(verifier, rule, verify_at_instruction(at),
                                "%s in what is no bytecode's code", ir_op_text(at->op));
        }
}

void verify_components(IrVerifier *verifier) {
    const IrModule *module = verifier->module;
    PointerMap marked = {0}; // bytecodes' regions: is there a mark in it?
    PointerMap targets = {0};
    for (size_t t = 0; t < module->tables.count; t++)
        ir_add_targets(module->tables.items[t], verifier->arena, &targets);
    for (size_t t = 0; t < module->tables.count; t++) {
        const IrTable *table = module->tables.items[t];
        check_bases(verifier, table);
        for (size_t i = 0; i < table->bytecodes.count; i++) {
            const IrBytecode *bytecode = &table->bytecodes.items[i];
            const IrRegion *region = code_of(bytecode);
            if (!region)
                continue;
            // A region that several bytecodes share has to be right for each of them.
            if (pointer_map_find(&marked, region) < 0)
                pointer_map_add(verifier->arena, &marked, region, find_mark(region) != NULL);
            if (bytecode->components.count || pointer_map_find(&marked, region) == 1)
                check_code_of(verifier, table, bytecode, &targets);
        }
    }
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++) {
            const IrRegion *region = module->functions.items[f]->regions.items[r];
            if (pointer_map_find(&marked, region) < 0)
                check_other(verifier, region);
        }
}
