// Random modules, a function alone or bytecodes in the forms `handlers` and `replicated`
// that dispatch and tail call to each other, through every clean-up pass, alone, in pairs and in
// random orders: each result verifies, its text parses and prints to itself, and the evaluator sees
// the same calls, the same memory and the same result as before.
#include "backend/eval/eval.h"
#include "ir/builder.h"
#include "ir/text/text.h"
#include "ir/verify/verify.h"
#include "passes/manager/pass.h"
#include "tests/unit/ir_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    SEEDS = 180,
    MOST_BLOCKS = 14,
    RUNS = 3,
    // Of memory: 0 is fuel, to 3 of the thread, to 7 of the heap, then const, from 12 of the stack.
    WORDS = 16,
    FIRST_HEAP = 4,
    FIRST_CONST = 8,
    FIRST_STACK = 12,
    FUEL = 60,
    LONGEST = 512,
    TIME_LIMIT = 500, // seconds
};

// ---- What the functions do besides arithmetic -------------------------------------------

static int64_t memory[WORDS];
static int64_t observed[LONGEST];
static size_t observations;

static int64_t observe(int64_t what) {
    if (observations < LONGEST)
        observed[observations++] = what;
    else // what doesn't fit any more is mixed into the last word
        observed[LONGEST - 1] = (int64_t)((uint64_t)observed[LONGEST - 1] * 31 + (uint64_t)what);
    return (int64_t)((uint64_t)what * 3 + 1);
}

static int64_t pure(int64_t what) {
    return what ^ 85;
}

static const EvalSymbol symbols[] = {{"observe", (void *)observe}, {"pure", (void *)pure}};

typedef struct Extras {
    RandomCode *code;
    IrValue *memory;
    const IrField *field;
    const IrExternal *observe, *pure;
} Extras;

static void declare(Extras *extras) {
    IrModule *module = extras->code->module;
    IrRecord *record = ir_record_new(module, "Memory", false);
    IrField *field = ir_field_new(module, record, "fixed", IR_CELL_I64, 8 * FIRST_CONST);
    field->is_const = true;
    record->size = ir_record_default_size(record);
    extras->field = field;
    IrExternal *observes = ir_external_new(module, "observe", IR_I64);
    ARENA_PUSH(module->arena, &observes->parameters, IR_I64);
    observes->effects = (IrEffects){.reads = IR_ALIAS_HEAP, .writes = IR_ALIAS_HEAP};
    extras->observe = observes;
    IrExternal *computes = ir_external_new(module, "pure", IR_I64);
    ARENA_PUSH(module->arena, &computes->parameters, IR_I64);
    extras->pure = computes;
}

static IrValue *some_number(Extras *extras, const IrBlock *block, const IrInstruction *before) {
    RandomCode *code = extras->code;
    IrValue *found = NULL;
    int choice = random_below(code, 6);
    for (const IrInstruction *at = before->previous; at && choice >= 0; at = at->previous)
        if (at->result && at->result->type == IR_I64) {
            found = at->result;
            choice--;
        }
    if (!found && block->parameters.count)
        found = block->parameters.items[0];
    return found && found->type == IR_I64 ? found : ir_integer(code->module, IR_I64, 9);
}

// A load, or a store, of a word of the stack: which one is known, or depends on the number.
static IrValue *add_stack_access(Extras *extras, IrBuilder *builder, IrValue *number) {
    RandomCode *code = extras->code;
    int offset = random_below(code, 2);
    IrValue *base = ir_build(builder, IR_PTR_ADD, extras->memory,
                             ir_integer(code->module, IR_I64, 8 * (FIRST_STACK + offset)));
    IrValue *index = ir_integer(code->module, IR_I64, random_below(code, 3));
    if (random_below(code, 4) == 0)
        index = ir_build(builder, IR_AND, number, ir_integer(code->module, IR_I64, 1));
    if (random_below(code, 2))
        return ir_build_load_element(builder, IR_CELL_I64, base, index, IR_ALIAS_STACK);
    ir_build_store_element(builder, IR_STORE, IR_CELL_I64, base, index, number, IR_ALIAS_STACK);
    return NULL;
}

static IrValue *add_extra(Extras *extras, IrBuilder *builder, IrValue *number) {
    RandomCode *code = extras->code;
    if (random_below(code, 4) == 0)
        return add_stack_access(extras, builder, number);
    bool heap = random_below(code, 2);
    unsigned region = heap ? IR_ALIAS_HEAP : IR_ALIAS_THREAD;
    IrValue *index =
        ir_integer(code->module, IR_I64,
                   heap ? FIRST_HEAP + random_below(code, 4) : 1 + random_below(code, 3));
    switch (random_below(code, 7)) {
    case 0: return ir_build_call(builder, extras->observe, &number, 1)->result;
    case 1: return ir_build_call(builder, extras->pure, &number, 1)->result;
    case 2: return ir_build_load(builder, extras->memory, extras->field, NULL);
    case 3:
        ir_build_store_element(builder, IR_STORE, IR_CELL_I64, extras->memory, index, number,
                               region);
        return NULL;
    case 4: {
        IrValue *at = ir_build(builder, IR_PTR_ADD, extras->memory,
                               ir_integer(code->module, IR_I64, 8 * random_below(code, 2)));
        return ir_build_load_element(builder, IR_CELL_I64, at, index, region);
    }
    case 5: {
        IrValue *half = ir_build(builder, IR_FMUL, ir_build(builder, IR_INT_TO_F64, number, NULL),
                                 ir_number(code->module, random_below(code, 2) ? 0.5 : 1.0));
        return ir_build(builder, IR_F64_BITS, half, NULL);
    }
    default: return ir_build_load_element(builder, IR_CELL_U8, extras->memory, index, region);
    }
}

// Every use of fuel is a read and a write of memory, which no pass may drop.
static void add_fuel(Extras *extras, IrBlock *block) {
    IrModule *module = extras->code->module;
    IrBlock *rest = ir_split_before(module, block->first, "rest");
    IrBlock *out = ir_block_new(block->region, "out");
    IrBuilder builder = {.module = module, .block = block};
    IrValue *zero = ir_integer(module, IR_I64, 0);
    IrValue *fuel =
        ir_build_load_element(&builder, IR_CELL_I64, extras->memory, zero, IR_ALIAS_THREAD);
    IrValue *left = ir_build(&builder, IR_SUB, fuel, ir_integer(module, IR_I64, 1));
    ir_build_store_element(&builder, IR_STORE, IR_CELL_I64, extras->memory, zero, left,
                           IR_ALIAS_THREAD);
    IrValue *goes_on = ir_build(&builder, IR_CMP_SGT, left, zero);
    ir_build_if(&builder, goes_on, rest, out,
                random_below(extras->code, 2) ? IR_LIKELY_TRUE : IR_LIKELY_UNKNOWN);
    builder.block = out;
    ir_build_ret(&builder, left);
}

static void add_extras(Extras *extras, IrBlock *block) {
    RandomCode *code = extras->code;
    for (IrInstruction *at = block->first, *next; at; at = next) {
        next = at->next;
        if (random_below(code, 3) != 0)
            continue;
        IrBuilder builder = {.module = code->module, .block = block, .before = at};
        IrValue *number = some_number(extras, block, at);
        IrValue *result = add_extra(extras, &builder, number);
        if (result && random_below(code, 2))
            ir_build_call(&builder, extras->observe, &result, 1);
    }
    // Few of the values decide where to go; half of them are looked at.
    for (IrInstruction *at = block->first; at != block->last; at = at->next) {
        IrBuilder builder = {.module = code->module, .block = block, .before = block->last};
        if (at->result && at->result->type == IR_I64 && at->op != IR_CALL && random_below(code, 2))
            ir_build_call(&builder, extras->observe, &at->result, 1);
    }
    if (block->last->op == IR_IF && random_below(code, 2))
        block->last->likely = random_below(code, 2) ? IR_LIKELY_TRUE : IR_LIKELY_FALSE;
    if (block->last->op == IR_RET)
        block->last->operands.items[0] = some_number(extras, block, block->last);
}

// ---- Bytecodes that lead to each other -----------------------------------------------------

// In the place of a `ret`: a dispatch, a tail call where the form allows it, or the `ret`
// after all. Most opcodes are below four.
static void add_way_on(Extras *extras, IrBlock *block) {
    RandomCode *code = extras->code;
    IrModule *module = code->module;
    IrInstruction *last = block->last;
    IrValue *arguments[] = {some_number(extras, block, last), some_number(extras, block, last),
                            extras->memory};
    IrValue *opcode = some_number(extras, block, last);
    IrBuilder builder = {.module = module, .block = block, .before = last};
    int choice = random_below(code, 6);
    if (choice == 0)
        return;
    if (choice == 1 && module->form == IR_FORM_HANDLERS) {
        size_t callee = (size_t)random_below(code, (int)module->functions.count);
        ir_build_tail(&builder, module->functions.items[callee], arguments, 3);
    } else {
        if (choice < 5)
            opcode = ir_build(&builder, IR_AND, opcode, ir_integer(module, IR_I64, 3));
        ir_build_dispatch(&builder, module->tables.items[0], opcode, arguments, 3);
    }
    ir_remove(last);
}

static void fill(Extras *extras, IrRegion *region, int blocks) {
    RandomCode *code = extras->code;
    bool is_alone = code->module->tables.count == 0;
    if (!region->blocks.count)
        random_region(code, region, blocks);
    IrBlock **list = ARENA_ARRAY(code->arena, IrBlock *, region->blocks.count + 1);
    size_t count = region->blocks.count;
    memcpy(list, region->blocks.items, count * sizeof *list);
    extras->memory = ir_parameter_new(list[0], IR_PTR, "memory");
    for (size_t b = 0; b < count; b++)
        add_extras(extras, list[b]);
    for (size_t b = 0; b < count && !is_alone; b++)
        if (list[b]->last->op == IR_RET)
            add_way_on(extras, list[b]);
    for (size_t b = 0; b < count; b++)
        add_fuel(extras, list[b]);
    ir_renumber(region->function);
}

// A table of bytecodes, four at least, whose code is still empty; the last is the default.
static void declare_bytecodes(Extras *extras, IrForm form) {
    IrModule *module = extras->code->module;
    IrFunction *first = module->functions.items[0];
    IrTable *table = ir_table_new(module, "bytecodes");
    static const IrTableParameter parameters[] = {{.name = "a", .type = IR_I64},
                                                  {.name = "b", .type = IR_I64},
                                                  {.name = "m", .type = IR_PTR}};
    module->form = form;
    table->unit = IR_CELL_U8;
    table->has_default = true;
    for (int i = 0; i < 3; i++)
        ARENA_PUSH(module->arena, &table->parameters, parameters[i]);
    int count = 5 + random_below(extras->code, 3);
    for (int i = 0; i < count; i++) {
        const char *name = arena_printf(module->arena, "bytecode%d", i);
        IrBytecode entry = {.opcode = i, .name = name, .length = 1, .stack = {0, 0, -1}};
        if (form == IR_FORM_HANDLERS)
            entry.function = ir_function_new(module, name, IR_I64);
        else
            ir_region_new(first, name);
        if (i + 1 == count)
            table->default_function = entry.function;
        else
            ARENA_PUSH(module->arena, &table->bytecodes, entry);
    }
}

static void fill_bytecodes(Extras *extras) {
    RandomCode *code = extras->code;
    IrModule *module = code->module;
    IrTable *table = module->tables.items[0];
    IrFunction *first = module->functions.items[0];
    bool are_functions = module->form == IR_FORM_HANDLERS;
    size_t count = are_functions ? module->functions.count : first->regions.count;
    for (size_t i = 1; i < count; i++) {
        IrRegion *region =
            are_functions ? module->functions.items[i]->regions.items[0] : first->regions.items[i];
        fill(extras, region, 1 + random_below(code, 5));
        if (are_functions)
            continue;
        if (i + 1 == count)
            table->default_block = region->blocks.items[0];
        else
            table->bytecodes.items[i - 1].block = region->blocks.items[0];
    }
}

// The text of a random module.
static char *random_text(uint32_t seed) {
    Arena *arena = arena_new();
    RandomCode code = random_code(arena, seed, 1 + (int)(seed % MOST_BLOCKS));
    Extras extras = {.code = &code};
    IrRegion *trunk = code.region;
    declare(&extras);
    if (seed % 3)
        declare_bytecodes(&extras, seed % 3 == 1 ? IR_FORM_HANDLERS : IR_FORM_REPLICATED);
    fill(&extras, trunk, 0);
    if (seed % 3)
        fill_bytecodes(&extras);
    Text text = {0};
    ir_print(code.module, &text);
    arena_free(arena);
    return text.chars;
}

// ---- Running ---------------------------------------------------------------------------

typedef struct Behaviour {
    int64_t results[RUNS];
    int64_t memories[RUNS][WORDS];
    int64_t log[LONGEST];
    size_t length;
} Behaviour;

static IrModule *parse(Arena *arena, const char *text) {
    Diagnostics diagnostics = {
        {.name = "random.mir", .text = text, .length = strlen(text)}, stderr, 0, 0};
    IrModule *module = ir_parse(arena, &diagnostics);
    if (!module)
        fail_msg("doesn't parse:\n%s", text);
    return module;
}

static void assert_prints_to_itself(const IrModule *module) {
    Text first = {0}, second = {0};
    Arena *arena = arena_new();
    ir_print(module, &first);
    ir_print(parse(arena, text_chars(&first)), &second);
    assert_string_equal(text_chars(&first), text_chars(&second));
    arena_free(arena);
    text_free(&first);
    text_free(&second);
}

static void run_module(Arena *arena, const IrModule *module, Behaviour *behaviour) {
    static const int64_t arguments[RUNS][2] = {{0, 0}, {5, -3}, {INT64_MAX, 255}};
    EvalSymbols table = {symbols, sizeof symbols / sizeof *symbols};
    EvalProgram *program = eval_prepare(arena, module, eval_lookup_symbol, &table, stderr);
    assert_non_null(program);
    observations = 0;
    for (int run = 0; run < RUNS; run++) {
        for (int i = 0; i < WORDS; i++)
            memory[i] = i ? i * 1001 + run : FUEL;
        EvalWord words[3] = {
            {.integer = arguments[run][0]}, {.integer = arguments[run][1]}, {.pointer = memory}};
        EvalWord result = {0};
        EvalFailure failure = {0};
        if (!eval_call(program, module->functions.items[0], words, 3, &result, &failure))
            fail_msg("failed: %s", failure.message);
        behaviour->results[run] = result.integer;
        memcpy(behaviour->memories[run], memory, sizeof memory);
    }
    behaviour->length = observations;
    memcpy(behaviour->log, observed, observations * sizeof *observed);
}

static void compare(const char *text, const char *passes, const Behaviour *expected) {
    static Behaviour got;
    Arena *arena = arena_new();
    IrModule *module = parse(arena, text);
    PipelineRequest request = {.passes = passes};
    Pipeline pipeline;
    Text error = {0};
    if (!pipeline_build(&request, -1, module->form, arena, &pipeline, &error))
        fail_msg("%s", text_chars(&error));
    PipelineRun run = {.verify_each = true, .stream = stderr};
    if (!pipeline_run(&pipeline, module, &run))
        fail_msg("%s breaks:\n%s", passes, text);
    assert_prints_to_itself(module);
    memset(&got, 0, sizeof got);
    run_module(arena, module, &got);
    if (memcmp(&got, expected, sizeof got) != 0) {
        Text after = {0};
        ir_print(module, &after);
        fail_msg("%s changes what is done, from\n%s\nto\n%s", passes, text, text_chars(&after));
    }
    arena_free(arena);
}

static const char *const passes[] = {
    "fold",
    "cse",
    "dce",
    "simplify-cfg",
    "eliminate-default-case",
    "split-cold",
    "fold-ranges",
    "forward-stack",
    "sink-address-arithmetic",
};
enum { PASSES = sizeof passes / sizeof *passes };

static void for_each_seed(void (*act)(uint32_t seed, const char *text, const Behaviour *expected)) {
    static Behaviour expected;
    int dispatching = 0, calling = 0;
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        char *text = random_text(seed);
        dispatching += strstr(text, "  dispatch ") != NULL;
        calling += strstr(text, "  tail @") != NULL;
        Arena *arena = arena_new();
        IrModule *module = parse(arena, text);
        if (!ir_verify_or_report(module, stderr))
            fail_msg("seed %u doesn't verify:\n%s", (unsigned)seed, text);
        assert_prints_to_itself(module);
        memset(&expected, 0, sizeof expected);
        run_module(arena, module, &expected);
        act(seed, text, &expected);
        arena_free(arena);
        free(text);
    }
    assert_true(dispatching > SEEDS / 2);
    assert_true(calling > SEEDS / 6);
}

static void act_alone(uint32_t seed, const char *text, const Behaviour *expected) {
    (void)seed;
    for (int i = 0; i < PASSES; i++)
        compare(text, passes[i], expected);
}

static void act_in_pairs(uint32_t seed, const char *text, const Behaviour *expected) {
    (void)seed;
    char list[128];
    for (int i = 0; i < PASSES; i++)
        for (int k = 0; k < PASSES; k++) {
            snprintf(list, sizeof list, "%s,%s", passes[i], passes[k]);
            compare(text, list, expected);
        }
}

static void act_in_orders(uint32_t seed, const char *text, const Behaviour *expected) {
    RandomCode random = {.state = seed * 747796405u + 1};
    for (int order = 0; order < 6; order++) {
        Text list = {0};
        for (int i = 3 + random_below(&random, 8); i >= 0; i--)
            text_addf(&list, "%s%s", passes[random_below(&random, PASSES)], i ? "," : "");
        compare(text, text_chars(&list), expected);
        text_free(&list);
    }
}

static void each_pass_keeps_what_random_code_does(void **state) {
    (void)state;
    for_each_seed(act_alone);
}

static void each_pair_of_passes_keeps_what_random_code_does(void **state) {
    (void)state;
    for_each_seed(act_in_pairs);
}

static void random_orders_of_passes_keep_what_random_code_does(void **state) {
    (void)state;
    for_each_seed(act_in_orders);
}

int main(void) {
    // A pass that drops the fuel makes endless loops: a failure and no wait.
    alarm(TIME_LIMIT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pass_keeps_what_random_code_does),
        cmocka_unit_test(each_pair_of_passes_keeps_what_random_code_does),
        cmocka_unit_test(random_orders_of_passes_keep_what_random_code_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
