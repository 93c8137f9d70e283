// The verifier on what text can't express: structure that passes may break, values of
// other regions, and any random damage, none of which may crash it.
#include "ir/builder.h"
#include "tests/unit/ir_random.h"
#include "tests/unit/ir_verify_fixture.h"

static void test_a_missing_terminator_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    ir_remove(sample.trunk->blocks.items[0]->last);
    expect_complaint(&sample, "terminators", "^entry is empty");
}

static void test_a_terminator_in_the_middle_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    IrBuilder builder = {.module = sample.module, .block = sample.trunk->blocks.items[0]};
    ir_build_unreachable(&builder);
    expect_complaint(&sample, "terminators", "br stands before the end");
}

static void test_a_list_that_goes_round_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    IrBlock *block = sample.trunk->blocks.items[1];
    block->last->next = block->first;
    expect_complaint(&sample, "terminators", "the list of instructions is broken");
}

static void test_a_missing_operand_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.trunk->blocks.items[1]->first->operands.items[0] = NULL;
    expect_complaint(&sample, "types", "operand 1 of load is missing");
}

static void test_too_few_operands_are_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.increment->blocks.items[0]->first->next->operands.count = 1;
    expect_complaint(&sample, "types", "add has 1 operands");
}

static void test_an_edge_to_nowhere_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.trunk->blocks.items[0]->last->edges.items[0].block = NULL;
    expect_complaint(&sample, "regions", "edge 1 of br leads to no block of the module");
}

static void test_an_edge_to_a_removed_block_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.increment->blocks.count--;
    expect_complaint(&sample, "regions", "leads to no block");
}

static void test_a_block_in_two_places_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    ARENA_PUSH(sample.module->arena, &sample.increment->blocks, sample.increment->blocks.items[1]);
    expect_complaint(&sample, "regions", "a block of region increment is there twice");
}

static void test_a_value_of_another_region_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    IrValue *foreign = sample.halt->blocks.items[0]->first->result;
    sample.increment->blocks.items[0]->first->next->operands.items[0] = foreign;
    expect_complaint(&sample, "regions", "is a value of another region");
}

static void test_a_branch_into_another_region_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.increment->blocks.items[1]->last->edges.items[0].block = sample.halt->blocks.items[0];
    expect_complaint(&sample, "regions",
                     "a region branches to ^halt, which is neither its own block nor "
                     "the loop's header");
}

static void test_a_branch_from_the_trunk_into_a_region_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.trunk->blocks.items[0]->last->edges.items[0].block = sample.halt->blocks.items[0];
    expect_complaint(&sample, "regions", "the trunk branches to ^halt, which is in a region");
}

static void test_the_result_of_a_removed_instruction_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    ir_remove(sample.increment->blocks.items[0]->first);
    expect_complaint(&sample, "dominance", "a value called %count is used and defined nowhere");
}

static void test_a_removed_parameter_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    ir_remove_parameter(sample.increment->blocks.items[1], 0);
    expect_complaint(&sample, "dominance", "defined nowhere");
}

static void test_a_use_before_its_definition_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    IrInstruction *load = sample.increment->blocks.items[0]->first;
    load->next->operands.items[0] = load->next->next->result;
    expect_complaint(&sample, "dominance", "not every path has defined it");
}

static void test_opcodes_with_gaps_are_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.module->tables.items[0]->bytecodes.items[1].opcode = 5;
    expect_complaint(&sample, "table", "bytecode 1 of @bytecodes has the opcode 5");
}

static void test_operands_that_overflow_the_length_are_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.module->tables.items[0]->bytecodes.items[0].length = 1;
    expect_complaint(&sample, "table", "increment is 1 units long and its operands need 2");
}

static void test_an_entry_that_starts_no_region_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.module->tables.items[0]->bytecodes.items[0].block = sample.increment->blocks.items[1];
    expect_complaint(&sample, "table",
                     "increment of @bytecodes leads to ^store, which starts no region");
}

static void test_an_entry_with_two_targets_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.module->tables.items[0]->bytecodes.items[0].function = sample.function;
    expect_complaint(&sample, "table",
                     "increment of @bytecodes leads to a block and to a function");
}

static void test_a_stack_effect_of_no_operand_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.module->tables.items[0]->bytecodes.items[0].stack = (IrSlots){0, 1, 3};
    expect_complaint(&sample, "table",
                     "the stack effect of increment depends on an operand that it has not");
}

static void test_a_loop_without_a_header_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.function->header = NULL;
    expect_complaint(&sample, "form", "form loop has a header that regions branch to");
}

static void test_a_header_outside_the_trunk_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.function->header = sample.halt->blocks.items[0];
    expect_complaint(&sample, "form", "the loop's header is no block of the trunk");
}

static void test_a_header_in_another_form_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.module->form = IR_FORM_REPLICATED;
    expect_complaint(&sample, "form", "form replicated has no header");
}

static void test_a_second_function_in_form_loop_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    IrFunction *function = ir_function_new(sample.module, "g", IR_VOID);
    IrBuilder builder = {.module = sample.module,
                         .block = ir_block_new(function->regions.items[0], "entry")};
    ir_build_ret(&builder, NULL);
    expect_complaint(&sample, "form", "form loop has one function, this module 2");
}

static void test_an_empty_region_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    ir_region_new(sample.function, "empty");
    expect_complaint(&sample, "terminators", "region empty has no block");
}

static void test_an_element_access_without_memory_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.trunk->blocks.items[1]->first->next->next->alias_class = 0;
    expect_complaint(&sample, "memory", "load of an element does not name one alias class");
}

static void test_a_field_of_another_module_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    static const IrField foreign = {.name = "foreign", .cell = IR_CELL_I64};
    sample.trunk->blocks.items[1]->first->field = &foreign;
    expect_complaint(&sample, "memory", "names a field of no record");
}

static void test_a_constant_out_of_its_type_is_found(void **state) {
    (void)state;
    Sample sample = sample_new();
    IrValue *constant = ir_integer(sample.module, IR_PTR, 4096);
    sample.trunk->blocks.items[0]->last->edges.items[0].arguments.items[0] = constant;
    expect_complaint(&sample, "types", "4096 is no constant of type ptr");
}

static void test_complaints_are_not_without_end(void **state) {
    (void)state;
    Sample sample = sample_new();
    IrBlock *block = sample.halt->blocks.items[0];
    IrBuilder builder = {.module = sample.module, .block = block, .before = block->first};
    for (int i = 0; i < 500; i++)
        ir_build(&builder, IR_FNEG, ir_integer(sample.module, IR_I64, i), NULL);
    IrComplaints complaints = {0};
    assert_false(ir_verify(sample.module, sample.arena, &complaints));
    assert_int_equal(complaints.count, IR_MOST_COMPLAINTS);
    arena_free(sample.arena);
}

static void test_a_report_names_place_rule_and_instruction(void **state) {
    (void)state;
    Sample sample = sample_new();
    sample.module->source = "counter.som";
    IrInstruction *add = sample.increment->blocks.items[0]->first->next;
    add->at = (Location){7, 3};
    add->operands.items[1] = ir_integer(sample.module, IR_I8, 1);
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    assert_false(ir_verify_or_report(sample.module, stream));
    fclose(stream);
    assert_non_null(strstr(text, "counter.som:7:3: error: [types] add takes two operands"));
    assert_non_null(strstr(text, "in @interpret, region increment, block ^increment: %sum = add"));
    free(text);
    arena_free(sample.arena);
}

static void test_a_long_region_takes_no_long_time(void **state) {
    (void)state;
    Arena *arena = arena_new();
    RandomCode code = random_code(arena, 3, 20000);
    assert_true(ir_verify_or_report(code.module, stderr));
    arena_free(arena);
}

// ---- Random damage ---------------------------------------------------------------------

static IrBlock *any_block(RandomCode *code, IrFunction *function) {
    IrRegion *region = function->regions.items[random_below(code, (int)function->regions.count)];
    return region->blocks.count
               ? region->blocks.items[random_below(code, (int)region->blocks.count)]
               : function->regions.items[0]->blocks.items[0];
}

static IrInstruction *any_instruction(RandomCode *code, IrFunction *function) {
    IrInstruction *at = any_block(code, function)->first;
    for (int skip = random_below(code, 6); at && at->next && skip > 0; skip--)
        at = at->next;
    return at;
}

static IrValue *any_value(RandomCode *code, IrFunction *function) {
    IrBlock *block = any_block(code, function);
    IrInstruction *at = any_instruction(code, function);
    switch (random_below(code, 4)) {
    case 0: return block->parameters.count ? block->parameters.items[0] : NULL;
    case 1: return ir_integer(code->module, (IrType)random_below(code, IR_VALUE + 1), 3);
    default: return at ? at->result : NULL;
    }
}

static void damage_edges(RandomCode *code, IrFunction *function, IrInstruction *at) {
    if (!at->edges.count)
        return;
    IrEdge *edge = &at->edges.items[random_below(code, (int)at->edges.count)];
    switch (random_below(code, 5)) {
    case 0: edge->block = random_below(code, 5) ? any_block(code, function) : NULL; break;
    case 1: at->edges.count--; break;
    case 2: ir_edge_argument(code->module, edge, any_value(code, function)); break;
    case 3:
        if (edge->arguments.count)
            edge->arguments.count--;
        break;
    default:
        if (edge->arguments.count)
            edge->arguments.items[0] = any_value(code, function);
    }
}

static void damage_instruction(RandomCode *code, IrFunction *function, IrInstruction *at) {
    switch (random_below(code, 9)) {
    case 0: at->op = (IrOp)random_below(code, IR_OP_COUNT); break;
    case 1: ir_remove(at); break;
    case 2:
        if (at->operands.count)
            at->operands.items[random_below(code, (int)at->operands.count)] =
                any_value(code, function);
        break;
    case 3:
        if (at->operands.count)
            at->operands.count--;
        break;
    case 4: ARENA_PUSH(code->arena, &at->operands, any_value(code, function)); break;
    case 5:
        if (at->result)
            at->result->type = (IrType)random_below(code, IR_VALUE + 1);
        break;
    case 6: at->result = any_value(code, function); break;
    case 7: at->alias_class = (unsigned)random_below(code, 64); break;
    default: damage_edges(code, function, at);
    }
}

static void damage_module(RandomCode *code, IrFunction *function) {
    IrModule *module = code->module;
    IrTable *table = module->tables.items[0];
    IrBytecode *bytecode = &table->bytecodes.items[random_below(code, (int)table->bytecodes.count)];
    IrBlock *block = any_block(code, function);
    switch (random_below(code, 14)) {
    case 0: module->form = (IrForm)random_below(code, 3); break;
    case 1: module->verified = !module->verified; break;
    case 2: bytecode->block = random_below(code, 3) ? block : NULL; break;
    case 3: bytecode->opcode = random_below(code, 5); break;
    case 4: bytecode->length = random_below(code, 3); break;
    case 5: table->default_block = NULL; break;
    case 6: function->header = random_below(code, 3) ? block : NULL; break;
    case 7:
        if (block->parameters.count)
            ir_remove_parameter(block, 0);
        break;
    case 8: ir_parameter_new(block, IR_VALUE, "new"); break;
    case 9: block->region->restartable = true; break;
    case 10:
        if (block->region->blocks.count)
            block->region->blocks.count--;
        break;
    case 11: module->poll_external = NULL; break;
    case 12: block->region = function->regions.items[random_below(code, 3)]; break;
    default: ir_region_new(function, "new");
    }
}

static void test_random_damage_is_survived_and_what_passes_prints_and_parses(void **state) {
    (void)state;
    FILE *null = fopen("/dev/null", "w");
    int good = 0;
    for (uint32_t seed = 1; seed <= 4000; seed++) {
        Sample sample = {.arena = arena_new()};
        sample.module = parse(sample.arena, counter);
        sample.function = sample.module->functions.items[0];
        RandomCode code = {.arena = sample.arena, .module = sample.module, .state = seed * 7919u};
        for (int i = 1 + (int)(seed % 3); i > 0; i--) {
            IrInstruction *at = any_instruction(&code, sample.function);
            if (random_below(&code, 4) == 0 || !at)
                damage_module(&code, sample.function);
            else
                damage_instruction(&code, sample.function, at);
        }
        if (ir_verify_or_report(sample.module, null)) {
            Text text = {0};
            ir_print(sample.module, &text);
            parse(sample.arena, text_chars(&text));
            text_free(&text);
            good++;
        }
        arena_free(sample.arena);
    }
    assert_true(good > 0);
    fclose(null);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_missing_terminator_is_found),
        cmocka_unit_test(test_a_terminator_in_the_middle_is_found),
        cmocka_unit_test(test_a_list_that_goes_round_is_found),
        cmocka_unit_test(test_a_missing_operand_is_found),
        cmocka_unit_test(test_too_few_operands_are_found),
        cmocka_unit_test(test_an_edge_to_nowhere_is_found),
        cmocka_unit_test(test_an_edge_to_a_removed_block_is_found),
        cmocka_unit_test(test_a_block_in_two_places_is_found),
        cmocka_unit_test(test_a_value_of_another_region_is_found),
        cmocka_unit_test(test_a_branch_into_another_region_is_found),
        cmocka_unit_test(test_a_branch_from_the_trunk_into_a_region_is_found),
        cmocka_unit_test(test_the_result_of_a_removed_instruction_is_found),
        cmocka_unit_test(test_a_removed_parameter_is_found),
        cmocka_unit_test(test_a_use_before_its_definition_is_found),
        cmocka_unit_test(test_opcodes_with_gaps_are_found),
        cmocka_unit_test(test_operands_that_overflow_the_length_are_found),
        cmocka_unit_test(test_an_entry_that_starts_no_region_is_found),
        cmocka_unit_test(test_an_entry_with_two_targets_is_found),
        cmocka_unit_test(test_a_stack_effect_of_no_operand_is_found),
        cmocka_unit_test(test_a_loop_without_a_header_is_found),
        cmocka_unit_test(test_a_header_outside_the_trunk_is_found),
        cmocka_unit_test(test_a_header_in_another_form_is_found),
        cmocka_unit_test(test_a_second_function_in_form_loop_is_found),
        cmocka_unit_test(test_an_empty_region_is_found),
        cmocka_unit_test(test_an_element_access_without_memory_is_found),
        cmocka_unit_test(test_a_field_of_another_module_is_found),
        cmocka_unit_test(test_a_constant_out_of_its_type_is_found),
        cmocka_unit_test(test_complaints_are_not_without_end),
        cmocka_unit_test(test_a_report_names_place_rule_and_instruction),
        cmocka_unit_test(test_a_long_region_takes_no_long_time),
        cmocka_unit_test(test_random_damage_is_survived_and_what_passes_prints_and_parses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
