// place-gil-checks: the definition marks where a poll may go (`poll.site call`,
// `poll.site backEdge`), and the policy decides which marks become polls; the others
// vanish. A poll tests whether another thread wants the lock: its fast edge goes on,
// its cold one calls the module's poll external with thread and frame, then goes on.
//
// Legal where the definition has put a mark: nothing has been taken off the stack yet,
// and nothing that moves is held in a value. Other passes keep it so, as a mark has the
// effects of the poll that it may become (ir_effects). Not when the loop has come to carry state
// of the frame, or what moves, in its parameters: a poll would neither show nor renew
// it. So this pass goes before those that do that, and else places none.
//
// Costs a load, a test and a branch at each poll, and more where LLVM makes room on the usual way
// for what has to outlive the call on the other one.
// Known from CPython, which looked after nearly every bytecode up to version 3.9, and since 3.10
// only on calls and on jumps back.
#include "ir/analysis/dominators.h"
#include "passes/manager/pass.h"
#include "passes/support/edit.h"

#include <string.h>

static const struct Policy {
    const char *name;
    bool polls[2]; // by IrPollKind
} policies[] = {
    {"none", {false, false}},
    {"calls-and-back-edges", {true, true}},
};

enum { POLICIES = sizeof policies / sizeof policies[0] };

static const struct Policy *find_policy(const char *name) {
    for (size_t i = 0; i < POLICIES; i++)
        if (strcmp(policies[i].name, name) == 0)
            return &policies[i];
    return NULL;
}

bool place_gil_checks_check(const char *parameter, Text *error) {
    if (find_policy(parameter))
        return true;
    text_addf(error, "place-gil-checks has no policy '%.40s'; there are", parameter);
    for (size_t i = 0; i < POLICIES; i++)
        text_addf(error, "%s '%s'", i ? i + 1 == POLICIES ? " and" : "," : "", policies[i].name);
    return false;
}

// The mark's block ends in the poll; what stood after the mark goes on in `polled`.
static void place_poll(IrModule *module, IrInstruction *mark, const IrBlock *state) {
    IrRegion *region = mark->block->region;
    IrBlock *block = mark->block, *polled = ir_split_before(module, mark, "polled");
    ir_remove(mark);
    IrBlock *cold = ir_block_new(region, "poll");
    IrBuilder builder = {module, block, NULL, mark->at, mark->inlined};
    ir_build_poll(&builder, mark->poll_kind, polled, cold);
    builder.block = cold;
    IrValue *arguments[] = {ir_state_value(state, IR_THREAD_PARAMETER),
                            ir_state_value(state, IR_FRAME_PARAMETER)};
    ir_build_call(&builder, module->poll_external, arguments, IR_STATE_PARAMETERS);
    ir_build_br(&builder, polled, NULL, 0);
}

// The block whose parameters are thread and frame at `block`. In the trunk that is the header
// for what each round executes, and the function's entry for what comes before.
static IrBlock *state_at(const IrFunction *function, IrRegion *region, const IrBlock *block,
                         Arena *scratch) {
    if (region != function->regions.items[0] || !function->header)
        return region->blocks.items[0];
    const IrCfg *cfg = ir_cfg_compute(scratch, region);
    const IrDominators *dominators = ir_dominators_compute(scratch, cfg);
    return ir_dominates(dominators, function->header, block) ? function->header
                                                             : region->blocks.items[0];
}

static void place_in_region(PassContext *context, IrFunction *function, IrRegion *region,
                            const struct Policy *policy) {
    IrModule *module = context->module;
    for (size_t b = 0; b < region->blocks.count; b++)
        for (IrInstruction *at = region->blocks.items[b]->first, *next; at; at = next) {
            next = at->next;
            if (at->op != IR_POLL_SITE)
                continue;
            bool is_call = at->poll_kind == IR_POLL_CALL;
            const IrBlock *state = state_at(function, region, at->block, context->scratch);
            if (policy->polls[at->poll_kind] && module->poll_field &&
                ir_state_value(state, IR_FRAME_PARAMETER)) {
                place_poll(module, at, state);
                pass_count_add(context->report, is_call ? "polls: call" : "polls: backEdge", 1);
                break; // the rest of the block has moved to the next one
            }
            ir_remove(at);
            pass_count_add(context->report,
                           is_call ? "marks dropped: call" : "marks dropped: backEdge", 1);
        }
}

// A parameter of a dispatch table that a poll would have to write back or read again.
static const char *carried(const IrModule *module) {
    for (size_t t = 0; t < module->tables.count; t++) {
        const IrTable *table = module->tables.items[t];
        for (size_t i = 0; i < table->parameters.count; i++) {
            const IrTableParameter *parameter = &table->parameters.items[i];
            const IrPath *path = parameter->mirrors;
            if (parameter->type == IR_VALUE || parameter->type == IR_OBJECT ||
                (path && !path->fields.items[path->fields.count - 1]->is_const))
                return parameter->name;
        }
    }
    return NULL;
}

void place_gil_checks_run(PassContext *context) {
    IrModule *module = context->module;
    if (module->poll_policy) {
        pass_remark(context->report, "nothing done: the module's polls follow policy %s already",
                    module->poll_policy);
        return;
    }
    const struct Policy *policy = find_policy(context->parameter);
    if (!module->poll_field || !module->poll_external) {
        policy = find_policy("none");
        pass_remark(context->report,
                    "no polls: the module doesn't declare what they test and call");
    }
    const char *held = carried(module);
    if (held && strcmp(policy->name, "none") != 0) {
        policy = find_policy("none");
        pass_remark(context->report,
                    "no polls: the loop carries %s already; place-gil-checks goes first", held);
    }
    for (size_t f = 0; f < module->functions.count; f++) {
        IrFunction *function = module->functions.items[f];
        for (size_t r = 0; r < function->regions.count; r++)
            place_in_region(context, function, function->regions.items[r], policy);
        ir_renumber(function);
    }
    module->poll_policy = policy->name;
    pass_count_add(context->report, "policy noted in the module", 1);
}
