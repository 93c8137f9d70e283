// Value ranges: sound on random code that is executed and compared, and precise where
// passes rely on it (masks, comparisons, loop bounds, switches, opcodes).
#include "ir/analysis/ranges.h"
#include "ir/text/text.h"
#include "ir/verify/verify.h"
#include "tests/unit/ir_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

// ---- Random code ---------------------------------------------------------------------

enum { STEPS = 300 };

// What each value is now; `known` once it was computed.
typedef struct Machine {
    PointerMap numbers;
    const IrValue **values;
    int64_t *now;
    bool *known;
    int count;
} Machine;

static void machine_add(Arena *arena, Machine *machine, const IrValue *value) {
    if (value && pointer_map_add(arena, &machine->numbers, value, machine->count))
        machine->values[machine->count++] = value;
}

static Machine machine_new(Arena *arena, const IrRegion *region) {
    Machine machine = {.values = ARENA_ARRAY(arena, const IrValue *, 4000),
                       .now = ARENA_ARRAY(arena, int64_t, 4000),
                       .known = ARENA_ARRAY(arena, bool, 4000)};
    for (size_t b = 0; b < region->blocks.count; b++) {
        const IrBlock *block = region->blocks.items[b];
        for (size_t i = 0; i < block->parameters.count; i++)
            machine_add(arena, &machine, block->parameters.items[i]);
        for (const IrInstruction *at = block->first; at; at = at->next)
            machine_add(arena, &machine, at->result);
    }
    assert_true(machine.count < 4000);
    return machine;
}

static int64_t get(const Machine *machine, const IrValue *value) {
    if (value->kind == IR_CONSTANT)
        return value->integer;
    int number = pointer_map_find(&machine->numbers, value);
    assert_true(number >= 0 && machine->known[number]);
    return machine->now[number];
}

static void put(Machine *machine, const IrValue *value, int64_t now) {
    int number = pointer_map_find(&machine->numbers, value);
    machine->now[number] = now;
    machine->known[number] = true;
}

static int64_t convert(const IrInstruction *at, int64_t a) {
    IrType from = at->operands.items[0]->type;
    if (at->op == IR_TRUNC)
        return (int8_t)a;
    if (at->op == IR_ZEXT)
        return from == IR_I1 ? a & 1 : (uint8_t)a;
    return from == IR_I1 ? -(a & 1) : (int8_t)a;
}

static int64_t compute(const Machine *machine, const IrInstruction *at) {
    int64_t a = get(machine, at->operands.items[0]), out;
    if (ir_op_shape(at->op) == IR_SHAPE_CONVERT)
        return convert(at, a);
    uint64_t x = (uint64_t)a;
    switch (at->op) {
    case IR_CLZ: return x ? __builtin_clzll(x) : 64;
    case IR_CTZ: return x ? __builtin_ctzll(x) : 64;
    case IR_POPCOUNT: return __builtin_popcountll(x);
    default: break;
    }
    int64_t b = get(machine, at->operands.items[1]);
    uint64_t y = (uint64_t)b, by = y & 63;
    switch (at->op) {
    case IR_UDIV: return (int64_t)(x / y);
    case IR_UREM: return (int64_t)(x % y);
    case IR_ROTL: return (int64_t)(by ? x << by | x >> (64 - by) : x);
    case IR_ROTR: return (int64_t)(by ? x >> by | x << (64 - by) : x);
    case IR_ADD: return (int64_t)(x + y);
    case IR_SUB: return (int64_t)(x - y);
    case IR_MUL: return (int64_t)(x * y);
    case IR_SDIV: return a / b;
    case IR_SREM: return a % b;
    case IR_AND: return a & b;
    case IR_OR: return a | b;
    case IR_XOR: return a ^ b;
    case IR_SHL: return (int64_t)(x << y);
    case IR_LSHR: return (int64_t)(x >> y);
    case IR_ASHR: return a >> b;
    case IR_ADD_OVERFLOWS: return __builtin_add_overflow(a, b, &out);
    case IR_SUB_OVERFLOWS: return __builtin_sub_overflow(a, b, &out);
    case IR_MUL_OVERFLOWS: return __builtin_mul_overflow(a, b, &out);
    case IR_CMP_EQ: return a == b;
    case IR_CMP_NE: return a != b;
    case IR_CMP_SLT: return a < b;
    case IR_CMP_SLE: return a <= b;
    case IR_CMP_SGT: return a > b;
    case IR_CMP_SGE: return a >= b;
    case IR_CMP_ULT: return x < y;
    case IR_CMP_ULE: return x <= y;
    case IR_CMP_UGT: return x > y;
    case IR_CMP_UGE: return x >= y;
    case IR_SELECT: return a ? b : get(machine, at->operands.items[2]);
    default: fail_msg("unexpected %s", ir_op_text(at->op)); return 0;
    }
}

// Every value that is known in the block lies in its range there.
static void check_block(const Machine *machine, const IrRanges *ranges,
                        const IrDominators *dominators, const IrBlock *block) {
    for (int i = 0; i < machine->count; i++) {
        const IrValue *value = machine->values[i];
        const IrBlock *home =
            value->kind == IR_PARAMETER ? value->parameter.block : value->instruction->block;
        if (!ir_dominates(dominators, home, block) || !machine->known[i] ||
            (value->kind == IR_RESULT && home == block))
            continue;
        assert_true(ir_range_contains(ir_range_of(ranges, value), machine->now[i]));
        if (!ir_range_contains(ir_range_at(ranges, value, block), machine->now[i]))
            fail_msg("%lld is not in the range at a block", (long long)machine->now[i]);
    }
}

static size_t chosen_edge(const Machine *machine, const IrInstruction *last) {
    if (last->op == IR_BR)
        return 0;
    int64_t condition = get(machine, last->operands.items[0]);
    if (last->op == IR_IF)
        return condition ? 0 : 1;
    size_t edge = 0;
    while (edge + 1 < last->edges.count && last->edges.items[edge].case_value != condition)
        edge++;
    return edge;
}

static const IrBlock *take_edge(Machine *machine, const IrRanges *ranges,
                                const IrInstruction *last) {
    size_t chosen = chosen_edge(machine, last);
    const IrEdge *edge = &last->edges.items[chosen];
    int64_t passed[4];
    for (size_t i = 0; i < edge->arguments.count; i++) {
        passed[i] = get(machine, edge->arguments.items[i]);
        assert_true(ir_range_contains(
            ir_range_on_edge(ranges, edge->arguments.items[i], last, chosen), passed[i]));
    }
    for (size_t i = 0; i < edge->arguments.count; i++)
        put(machine, edge->block->parameters.items[i], passed[i]);
    return edge->block;
}

static void execute(Machine *machine, const IrRanges *ranges, const IrDominators *dominators,
                    const IrRegion *region, int64_t a, int64_t b) {
    const IrBlock *block = region->blocks.items[0];
    memset(machine->known, 0, sizeof *machine->known * (size_t)machine->count);
    put(machine, block->parameters.items[0], a);
    put(machine, block->parameters.items[1], b);
    for (int step = 0; step < STEPS; step++) {
        check_block(machine, ranges, dominators, block);
        for (const IrInstruction *at = block->first; at != block->last; at = at->next) {
            put(machine, at->result, compute(machine, at));
            assert_true(
                ir_range_contains(ir_range_of(ranges, at->result), get(machine, at->result)));
        }
        if (block->last->op == IR_RET)
            return;
        block = take_edge(machine, ranges, block->last);
    }
}

static void test_ranges_hold_what_random_code_computes(void **unused) {
    (void)unused;
    for (uint32_t seed = 1; seed <= 400; seed++) {
        Arena *arena = arena_new();
        RandomCode code = random_code(arena, seed, 1 + (int)(seed % 14));
        assert_true(ir_verify_or_report(code.module, stderr));
        const IrRanges *ranges = ir_ranges_compute(arena, code.module, code.region);
        const IrDominators *dominators =
            ir_dominators_compute(arena, ir_cfg_compute(arena, code.region));
        Machine machine = machine_new(arena, code.region);
        for (int run = 0; run < 6; run++)
            execute(&machine, ranges, dominators, code.region, random_constant(&code),
                    random_constant(&code));
        arena_free(arena);
    }
}

// ---- What passes rely on ----------------------------------------------------------------

typedef struct Sample {
    Arena *arena;
    IrModule *module;
    IrRegion *region;
    IrRanges *ranges;
} Sample;

static Sample sample_of_text(const char *text) {
    Sample sample = {.arena = arena_new()};
    Diagnostics diagnostics = {
        .source = {.name = "test.mir", .text = text, .length = strlen(text)},
        .stream = stderr,
    };
    sample.module = ir_parse(sample.arena, &diagnostics);
    assert_non_null(sample.module);
    sample.region = sample.module->functions.items[0]->regions.items[0];
    sample.ranges = ir_ranges_compute(sample.arena, sample.module, sample.region);
    return sample;
}

static Sample sample_new(const char *blocks) {
    Arena *arena = arena_new();
    Sample sample = sample_of_text(arena_printf(
        arena, "module Test\nform handlers\nfunction @f -> i64 {\ntrunk {\n%s}\n}\n", blocks));
    arena_free(arena);
    assert_true(ir_verify_or_report(sample.module, stderr));
    return sample;
}

static IrValue *find_value(const Sample *sample, const char *name) {
    for (size_t b = 0; b < sample->region->blocks.count; b++) {
        IrBlock *block = sample->region->blocks.items[b];
        for (size_t i = 0; i < block->parameters.count; i++)
            if (!strcmp(block->parameters.items[i]->name, name))
                return block->parameters.items[i];
        for (IrInstruction *at = block->first; at; at = at->next)
            if (at->result && !strcmp(at->result->name, name))
                return at->result;
    }
    fail_msg("no %%%s", name);
    return NULL;
}

static IrBlock *find_block(const Sample *sample, const char *name) {
    for (size_t b = 0; b < sample->region->blocks.count; b++)
        if (!strcmp(sample->region->blocks.items[b]->name, name))
            return sample->region->blocks.items[b];
    fail_msg("no ^%s", name);
    return NULL;
}

static void expect_range(IrRange range, int64_t low, int64_t high) {
    if (!ir_range_equals(range, ir_range(low, high)))
        fail_msg("[%lld, %lld] instead of [%lld, %lld]", (long long)range.low,
                 (long long)range.high, (long long)low, (long long)high);
}

static void test_loads_have_their_cells_range(void **unused) {
    (void)unused;
    Sample sample = sample_new("^entry(%p: ptr):\n  %a = load.u16 %p, 0 in code\n"
                               "  %b = load.i8 %p, 0 in heap\n  %c = load.u32 %p, 0 in heap\n"
                               "  ret %a\n");
    expect_range(ir_range_of(sample.ranges, find_value(&sample, "a")), 0, 65535);
    expect_range(ir_range_of(sample.ranges, find_value(&sample, "b")), -128, 127);
    expect_range(ir_range_of(sample.ranges, find_value(&sample, "c")), 0, 4294967295);
    arena_free(sample.arena);
}

static void test_a_loop_bound_is_found_again_after_widening(void **unused) {
    (void)unused;
    Sample sample = sample_new("^entry:\n  br ^head(0)\n^head(%i: i64):\n"
                               "  %c = cmp.slt %i, 100\n  if %c, ^body, ^done\n^body:\n"
                               "  %n = add %i, 1\n  br ^head(%n)\n^done:\n  ret %i\n");
    expect_range(ir_range_of(sample.ranges, find_value(&sample, "i")), 0, 100);
    expect_range(ir_range_at(sample.ranges, find_value(&sample, "i"), find_block(&sample, "body")),
                 0, 99);
    expect_range(ir_range_of(sample.ranges, find_value(&sample, "n")), 1, 100);
    expect_range(ir_range_at(sample.ranges, find_value(&sample, "i"), find_block(&sample, "done")),
                 100, 100);
    arena_free(sample.arena);
}

static void test_conditions_narrow_both_operands_and_both_arms(void **unused) {
    (void)unused;
    Sample sample =
        sample_new("^entry(%a: i64, %b: i64):\n  %m = and %b, 15\n  %c = cmp.ult %a, %m\n"
                   "  %d = cmp.ne %a, 0\n  %e = and %c, %d\n  if %e, ^yes, ^no\n^yes:\n  ret %a\n"
                   "^no:\n  %f = cmp.sge %a, 50\n  if %f, ^large, ^small\n^large:\n  ret %a\n"
                   "^small:\n  ret %a\n");
    const IrValue *a = find_value(&sample, "a");
    expect_range(ir_range_at(sample.ranges, a, find_block(&sample, "yes")), 1, 14);
    expect_range(ir_range_at(sample.ranges, find_value(&sample, "m"), find_block(&sample, "yes")),
                 1, 15);
    expect_range(ir_range_at(sample.ranges, a, find_block(&sample, "no")), INT64_MIN, INT64_MAX);
    expect_range(ir_range_at(sample.ranges, a, find_block(&sample, "large")), 50, INT64_MAX);
    expect_range(ir_range_at(sample.ranges, a, find_block(&sample, "small")), INT64_MIN, 49);
    arena_free(sample.arena);
}

static void test_switches_narrow_cases_and_default(void **unused) {
    (void)unused;
    Sample sample = sample_new(
        "^entry(%x: i64):\n  %a = and %x, 7\n"
        "  switch %a { 0 -> ^zero 1 -> ^one 7 -> ^one default -> ^other }\n^zero:\n  ret %a\n"
        "^one:\n  ret %a\n^other:\n  ret %a\n");
    const IrValue *a = find_value(&sample, "a");
    expect_range(ir_range_at(sample.ranges, a, find_block(&sample, "zero")), 0, 0);
    expect_range(ir_range_at(sample.ranges, a, find_block(&sample, "one")), 1, 7);
    expect_range(ir_range_at(sample.ranges, a, find_block(&sample, "other")), 2, 6);
    arena_free(sample.arena);
}

static void test_what_is_never_taken_is_empty(void **unused) {
    (void)unused;
    Sample sample = sample_new("^entry(%x: i64):\n  %a = and %x, 7\n  %c = cmp.sgt %a, 7\n"
                               "  if %c, ^never, ^always\n^never:\n  br ^join(100)\n"
                               "^always:\n  br ^join(%a)\n^join(%r: i64):\n  ret %r\n");
    assert_true(ir_range_is_empty(
        ir_range_at(sample.ranges, find_value(&sample, "a"), find_block(&sample, "never"))));
    expect_range(ir_range_of(sample.ranges, find_value(&sample, "r")), 0, 7);
    expect_range(ir_range_of(sample.ranges, find_value(&sample, "c")), 0, 0);
    const IrInstruction *last = find_block(&sample, "entry")->last;
    assert_true(
        ir_range_is_empty(ir_range_on_edge(sample.ranges, find_value(&sample, "a"), last, 0)));
    expect_range(ir_range_on_edge(sample.ranges, find_value(&sample, "a"), last, 1), 0, 7);
    arena_free(sample.arena);
}

// A chain of parameters that feed each other keeps growing; the analysis still ends.
static void test_growth_without_bounds_ends_in_the_type(void **unused) {
    (void)unused;
    Sample sample = sample_new("^entry(%c: i1):\n  br ^a(0, 0)\n^a(%x: i64, %y: i64):\n"
                               "  %s = add %x, 3\n  %t = sub %y, 1\n  if %c, ^a(%t, %s), ^b\n"
                               "^b:\n  ret %x\n");
    expect_range(ir_range_of(sample.ranges, find_value(&sample, "x")), INT64_MIN, INT64_MAX);
    arena_free(sample.arena);
}

static const char *interpreter(Arena *arena, const char *code, const char *opcode) {
    return arena_printf(arena,
                        "module Test\nform handlers\ncode %s\n"
                        "table @t(%%code: ptr) u8 {\n  0 one() -> none\n  1 two() -> none\n"
                        "  2 three() -> none\n}\n"
                        "function @f {\ntrunk {\n^entry(%%code: ptr, %%x: i64, %%flag: i1):\n"
                        "  %%a = load.u8 %%code, 0 in code\n  %%b = load.u8 %%code, 1 in code\n"
                        "  %%wide = load.u16 %%code, 1 in code\n"
                        "  %%data = load.u8 %%code, 1 in heap\n"
                        "  if %%flag, ^join(%%a, %%a), ^join(%%b, %%x)\n"
                        "^join(%%both: i64, %%one: i64):\n"
                        "  dispatch %%%s, @t(%%code)\n}\n}\n",
                        code, opcode);
}

static IrRange range_of_opcode(const char *code, const char *opcode) {
    Arena *arena = arena_new();
    Sample sample = sample_of_text(interpreter(arena, code, opcode));
    IrRange range = ir_range_of_opcode(sample.ranges, find_block(&sample, "join")->last);
    arena_free(sample.arena);
    arena_free(arena);
    return range;
}

static void test_verified_codes_opcodes_lie_in_the_table(void **unused) {
    (void)unused;
    expect_range(range_of_opcode("verified", "a"), 0, 2);
    expect_range(range_of_opcode("verified", "both"), 0, 2);
}

static void test_other_opcodes_are_not_promised_anything(void **unused) {
    (void)unused;
    expect_range(range_of_opcode("any", "a"), 0, 255);
    expect_range(range_of_opcode("any", "both"), 0, 255);
    expect_range(range_of_opcode("verified", "wide"), 0, 65535);
    expect_range(range_of_opcode("verified", "data"), 0, 255);
    expect_range(range_of_opcode("verified", "one"), INT64_MIN, INT64_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges_hold_what_random_code_computes),
        cmocka_unit_test(test_loads_have_their_cells_range),
        cmocka_unit_test(test_a_loop_bound_is_found_again_after_widening),
        cmocka_unit_test(test_conditions_narrow_both_operands_and_both_arms),
        cmocka_unit_test(test_switches_narrow_cases_and_default),
        cmocka_unit_test(test_what_is_never_taken_is_empty),
        cmocka_unit_test(test_growth_without_bounds_ends_in_the_type),
        cmocka_unit_test(test_verified_codes_opcodes_lie_in_the_table),
        cmocka_unit_test(test_other_opcodes_are_not_promised_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
