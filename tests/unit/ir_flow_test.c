// Flow graphs, dominators, loops and liveness, each against its definition on random
// code, and on small examples.
#include "ir/analysis/liveness.h"
#include "ir/analysis/loops.h"
#include "ir/text/text.h"
#include "tests/unit/ir_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS = 300, MOST_BLOCKS = 16 };

typedef struct Flow {
    Arena *arena;
    RandomCode code;
    IrCfg *cfg;
    IrDominators *dominators;
} Flow;

static Flow flow_new(uint32_t seed) {
    Flow flow = {.arena = arena_new()};
    flow.code = random_code(flow.arena, seed, 1 + (int)(seed % MOST_BLOCKS));
    flow.cfg = ir_cfg_compute(flow.arena, flow.code.region);
    flow.dominators = ir_dominators_compute(flow.arena, flow.cfg);
    return flow;
}

// Marks what can be reached from `from` without entering `avoided` (-1: nothing).
static void reach(const IrCfg *cfg, int from, int avoided, bool *seen) {
    if (from == avoided || seen[from])
        return;
    seen[from] = true;
    for (size_t i = 0; i < cfg->nodes[from].successors.count; i++)
        reach(cfg, cfg->nodes[from].successors.items[i], avoided, seen);
}

static void test_edges_are_seen_from_both_ends(void **unused) {
    (void)unused;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        Flow flow = flow_new(seed);
        size_t out = 0, in = 0;
        for (size_t b = 0; b < flow.cfg->count; b++) {
            const IrCfgNode *node = &flow.cfg->nodes[b];
            assert_int_equal(node->successors.count, node->block->last->edges.count);
            out += node->successors.count;
            in += node->predecessors.count;
            assert_int_equal(ir_cfg_position(flow.cfg, node->block), b);
        }
        assert_int_equal(in, out);
        arena_free(flow.arena);
    }
}

static void
test_reverse_post_order_starts_with_the_entry_and_holds_what_is_reachable(void **unused) {
    (void)unused;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        Flow flow = flow_new(seed);
        bool seen[MOST_BLOCKS] = {false};
        reach(flow.cfg, 0, -1, seen);
        size_t count = 0;
        for (size_t b = 0; b < flow.cfg->count; b++) {
            count += seen[b];
            assert_int_equal(seen[b], flow.cfg->nodes[b].order >= 0);
            assert_int_equal(seen[b], ir_cfg_is_reachable(flow.cfg, flow.cfg->nodes[b].block));
        }
        assert_int_equal(count, flow.cfg->reachable);
        assert_int_equal(flow.cfg->reverse_post_order[0], 0);
        // Without the edges that go back to a dominator or sideways, predecessors come first.
        for (size_t i = 1; i < flow.cfg->reachable; i++) {
            int block = flow.cfg->reverse_post_order[i];
            assert_true(flow.cfg->nodes[flow.dominators->parent[block]].order < (int)i);
        }
        arena_free(flow.arena);
    }
}

static void test_dominators_are_the_blocks_that_no_path_avoids(void **unused) {
    (void)unused;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        Flow flow = flow_new(seed);
        for (int above = 0; above < (int)flow.cfg->count; above++) {
            bool avoiding[MOST_BLOCKS] = {false};
            reach(flow.cfg, 0, above, avoiding);
            for (int below = 0; below < (int)flow.cfg->count; below++)
                assert_int_equal(ir_position_dominates(flow.dominators, above, below),
                                 flow.cfg->nodes[below].order < 0 ||
                                     (flow.cfg->nodes[above].order >= 0 && !avoiding[below]));
        }
        arena_free(flow.arena);
    }
}

static void test_the_immediate_dominator_is_the_lowest_one(void **unused) {
    (void)unused;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        Flow flow = flow_new(seed);
        for (int below = 0; below < (int)flow.cfg->count; below++) {
            IrBlock *block = flow.cfg->nodes[below].block;
            const IrBlock *parent = ir_immediate_dominator(flow.dominators, block);
            if (below == 0 || flow.cfg->nodes[below].order < 0) {
                assert_null(parent);
                continue;
            }
            assert_true(ir_dominates(flow.dominators, parent, block) && parent != block);
            for (int other = 0; other < (int)flow.cfg->count; other++) {
                const IrBlock *above = flow.cfg->nodes[other].block;
                if (above != block && ir_dominates(flow.dominators, above, block))
                    assert_true(ir_dominates(flow.dominators, above, parent));
            }
        }
        arena_free(flow.arena);
    }
}

// In the loop of `header` are the blocks that reach one of its back edges without it.
static bool is_in_loop(const Flow *flow, int header, int block) {
    bool found = false;
    for (int from = 0; from < (int)flow->cfg->count; from++) {
        const IrCfgNode *node = &flow->cfg->nodes[from];
        for (size_t i = 0; i < node->successors.count && node->order >= 0; i++) {
            if (node->successors.items[i] != header ||
                !ir_position_dominates(flow->dominators, header, from))
                continue;
            bool seen[MOST_BLOCKS] = {false};
            reach(flow->cfg, block, header, seen);
            found = found || seen[from] || block == header;
        }
    }
    return found && flow->cfg->nodes[block].order >= 0;
}

static void test_loops_hold_what_reaches_their_back_edges(void **unused) {
    (void)unused;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        Flow flow = flow_new(seed);
        const IrLoops *loops = ir_loops_compute(flow.arena, flow.cfg, flow.dominators);
        int depths[MOST_BLOCKS] = {0};
        size_t count = 0;
        for (int header = 0; header < (int)flow.cfg->count; header++) {
            bool is_header = false;
            for (int block = 0; block < (int)flow.cfg->count; block++)
                if (is_in_loop(&flow, header, block)) {
                    is_header = true;
                    depths[block]++;
                }
            count += is_header;
        }
        assert_int_equal(loops->count, count);
        for (int block = 0; block < (int)flow.cfg->count; block++)
            assert_int_equal(ir_loop_depth(loops, flow.cfg->nodes[block].block), depths[block]);
        arena_free(flow.arena);
    }
}

// ---- Liveness --------------------------------------------------------------------------

static bool uses(const IrInstruction *at, const IrValue *value) {
    for (size_t i = 0; i < at->operands.count; i++)
        if (at->operands.items[i] == value)
            return true;
    for (size_t e = 0; e < at->edges.count; e++)
        for (size_t i = 0; i < at->edges.items[e].arguments.count; i++)
            if (at->edges.items[e].arguments.items[i] == value)
                return true;
    return false;
}

static bool defines_at_start(const IrBlock *block, const IrValue *value) {
    return value->kind == IR_PARAMETER && value->parameter.block == block;
}

// The definition, read as a search: a use ahead, no definition before it. `at` NULL is
// the end of the block.
static bool is_live_before(const IrCfg *cfg, int position, const IrInstruction *at,
                           const IrValue *value, bool *seen) {
    for (; at; at = at->next) {
        if (uses(at, value))
            return true;
        if (at->result == value)
            return false;
    }
    for (size_t i = 0; i < cfg->nodes[position].successors.count; i++) {
        int to = cfg->nodes[position].successors.items[i];
        if (seen[to] || defines_at_start(cfg->nodes[to].block, value))
            continue;
        seen[to] = true;
        if (is_live_before(cfg, to, cfg->nodes[to].block->first, value, seen))
            return true;
    }
    return false;
}

static void check_liveness(const Flow *flow, const IrLiveness *liveness, const IrValue *value) {
    for (int b = 0; b < (int)flow->cfg->count; b++) {
        const IrBlock *block = flow->cfg->nodes[b].block;
        bool in[MOST_BLOCKS] = {false}, out[MOST_BLOCKS] = {false};
        bool live_in = !defines_at_start(block, value) &&
                       is_live_before(flow->cfg, b, block->first, value, in);
        assert_int_equal(ir_is_live_in(liveness, value, block), live_in);
        assert_int_equal(ir_is_live_out(liveness, value, block),
                         is_live_before(flow->cfg, b, NULL, value, out));
        for (const IrInstruction *at = block->first; at; at = at->next) {
            bool after[MOST_BLOCKS] = {false};
            assert_int_equal(ir_is_live_after(liveness, value, at),
                             is_live_before(flow->cfg, b, at->next, value, after));
        }
    }
}

static void test_liveness_is_a_use_ahead_on_random_code(void **unused) {
    (void)unused;
    for (uint32_t seed = 1; seed <= SEEDS / 3; seed++) {
        Flow flow = flow_new(seed);
        const IrLiveness *liveness = ir_liveness_compute(flow.arena, flow.cfg, NULL, NULL);
        for (size_t i = 0; i < liveness->count; i++)
            check_liveness(&flow, liveness, liveness->values[i]);
        arena_free(flow.arena);
    }
}

static bool is_flag(const IrValue *value, const void *context) {
    return value->type == *(const IrType *)context;
}

static void test_a_filter_follows_what_it_wants_only(void **unused) {
    (void)unused;
    Flow flow = flow_new(9);
    IrType type = IR_I1;
    const IrLiveness *liveness = ir_liveness_compute(flow.arena, flow.cfg, is_flag, &type);
    assert_true(liveness->count > 0);
    for (size_t i = 0; i < liveness->count; i++) {
        assert_int_equal(liveness->values[i]->type, IR_I1);
        check_liveness(&flow, liveness, liveness->values[i]);
    }
    arena_free(flow.arena);
}

static void test_the_dispatch_leads_back_to_the_header(void **unused) {
    (void)unused;
    const char *text = "module Test\nform loop\ncode verified\n"
                       "table @t(%code: ptr) u8 {\n  0 one() -> ^one\n}\n"
                       "function @f {\ntrunk {\n^entry(%code: ptr):\n  br ^loop(%code)\n"
                       "^loop(%c: ptr):\n  %op = load.u8 %c, 0 in code\n  dispatch %op, @t(%c)\n}\n"
                       "region one {\n^one(%code: ptr):\n  br ^loop(%code)\n}\n}\n";
    Arena *arena = arena_new();
    Diagnostics diagnostics = {.source = {.name = "test.mir", .text = text, .length = strlen(text)},
                               .stream = stderr};
    IrModule *module = ir_parse(arena, &diagnostics);
    assert_non_null(module);
    IrFunction *function = module->functions.items[0];
    IrCfg *trunk = ir_cfg_compute(arena, function->regions.items[0]);
    assert_int_equal(trunk->nodes[1].successors.count, 1);
    assert_int_equal(trunk->nodes[1].successors.items[0], 1);
    const IrLoops *loops = ir_loops_compute(arena, trunk, ir_dominators_compute(arena, trunk));
    assert_int_equal(loops->count, 1);
    IrCfg *one = ir_cfg_compute(arena, function->regions.items[1]);
    assert_int_equal(one->nodes[0].successors.count, 0);
    assert_int_equal(ir_cfg_position(one, function->header), -1);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges_are_seen_from_both_ends),
        cmocka_unit_test(test_reverse_post_order_starts_with_the_entry_and_holds_what_is_reachable),
        cmocka_unit_test(test_dominators_are_the_blocks_that_no_path_avoids),
        cmocka_unit_test(test_the_immediate_dominator_is_the_lowest_one),
        cmocka_unit_test(test_loops_hold_what_reaches_their_back_edges),
        cmocka_unit_test(test_liveness_is_a_use_ahead_on_random_code),
        cmocka_unit_test(test_a_filter_follows_what_it_wants_only),
        cmocka_unit_test(test_the_dispatch_leads_back_to_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
