// Building and changing code: what is built prints as expected, and the primitives
// that passes share leave lists, indices and parameters right.
#include "ir/builder.h"
#include "tests/unit/ir_text_fixture.h"

typedef struct Fixture {
    Arena *arena;
    IrModule *module;
    IrFunction *function;
    IrBlock *block; // the trunk's entry, with one i64 parameter
    IrBuilder builder;
} Fixture;

static int set_up(void **state) {
    Fixture *fixture = calloc(1, sizeof *fixture);
    fixture->arena = arena_new();
    fixture->module = ir_module_new(fixture->arena, "M");
    fixture->function = ir_function_new(fixture->module, "f", IR_VOID);
    fixture->block = ir_block_new(fixture->function->regions.items[0], "entry");
    ir_parameter_new(fixture->block, IR_I64, "x");
    fixture->builder = (IrBuilder){.module = fixture->module, .block = fixture->block};
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    Fixture *fixture = *state;
    arena_free(fixture->arena);
    free(fixture);
    return 0;
}

static void assert_module_prints(const IrModule *module, const char *expected) {
    Text out = {0};
    ir_print(module, &out);
    assert_string_equal(text_chars(&out), expected);
    assert_prints(text_chars(&out), expected);
    text_free(&out);
}

static void assert_function_prints(const Fixture *fixture, const char *expected) {
    Text out = {0};
    ir_print_function(fixture->module, fixture->function, &out);
    assert_string_equal(text_chars(&out), expected);
    text_free(&out);
}

static IrValue *x_of(const Fixture *fixture) {
    return fixture->block->parameters.items[0];
}

// Operands of the types that the operation takes; false for what isn't just values.
static bool build_value_op(Fixture *fixture, IrOp op) {
    IrModule *module = fixture->module;
    IrBuilder *builder = &fixture->builder;
    IrValue *integer = x_of(fixture), *number = ir_number(module, 2.5);
    IrValue *pointer = ir_integer(module, IR_PTR, 0);
    switch (ir_op_shape(op)) {
    case IR_SHAPE_BINARY:
    case IR_SHAPE_COMPARE: ir_build(builder, op, integer, ir_integer(module, IR_I64, 7)); break;
    case IR_SHAPE_UNARY: ir_build(builder, op, integer, NULL); break;
    case IR_SHAPE_FLOAT_UNARY: ir_build(builder, op, number, NULL); break;
    case IR_SHAPE_FLOAT_BINARY:
    case IR_SHAPE_FLOAT_COMPARE: ir_build(builder, op, number, number); break;
    case IR_SHAPE_CONVERT: ir_build_convert(builder, op, IR_I16, integer); break;
    case IR_SHAPE_I64_TO_F64:
    case IR_SHAPE_I64_TO_VALUE:
    case IR_SHAPE_I64_TO_OBJECT:
    case IR_SHAPE_I64_TO_PTR: ir_build(builder, op, integer, NULL); break;
    case IR_SHAPE_F64_TO_I64: ir_build(builder, op, number, NULL); break;
    case IR_SHAPE_VALUE_TO_I64:
        ir_build(builder, op, ir_build(builder, IR_VALUE_FROM_BITS, integer, NULL), NULL);
        break;
    case IR_SHAPE_OBJECT_TO_I64:
        ir_build(builder, op, ir_build(builder, IR_OBJECT_FROM_BITS, integer, NULL), NULL);
        break;
    case IR_SHAPE_PTR_TO_I64: ir_build(builder, op, pointer, NULL); break;
    case IR_SHAPE_PTR_OFFSET: ir_build(builder, op, pointer, integer); break;
    case IR_SHAPE_PTR_DIFFERENCE: ir_build(builder, op, pointer, pointer); break;
    case IR_SHAPE_SELECT:
        ir_build_select(builder, ir_integer(module, IR_I1, 1), integer, integer);
        break;
    default: return false;
    }
    return true;
}

static void every_operation_on_values_prints_and_parses(void **state) {
    Fixture *fixture = *state;
    int built = 0;
    for (int op = 0; op < IR_OP_COUNT; op++)
        built += build_value_op(fixture, (IrOp)op);
    assert_true(built > 50);
    ir_build_ret(&fixture->builder, NULL);
    Text out = {0};
    ir_print(fixture->module, &out);
    for (int op = 0; op < IR_TRUNC; op++) {
        Text word = {0};
        text_addf(&word, " = %s%c", ir_op_text((IrOp)op),
                  ir_op_shape((IrOp)op) == IR_SHAPE_CONVERT ? '.' : ' ');
        assert_non_null(strstr(text_chars(&out), text_chars(&word)));
        text_free(&word);
    }
    assert_prints(text_chars(&out), text_chars(&out));
    text_free(&out);
}

static void results_have_the_types_of_their_operation(void **state) {
    Fixture *fixture = *state;
    IrModule *module = fixture->module;
    IrBuilder *builder = &fixture->builder;
    IrValue *small = ir_build_convert(builder, IR_TRUNC, IR_I8, x_of(fixture));
    assert_int_equal(small->type, IR_I8);
    assert_int_equal(ir_build(builder, IR_ADD, small, small)->type, IR_I8);
    assert_int_equal(ir_build(builder, IR_ADD_OVERFLOWS, small, small)->type, IR_I1);
    assert_int_equal(ir_build(builder, IR_F64_TO_INT, ir_number(module, 1), NULL)->type, IR_I64);
    IrValue *bits = ir_build(builder, IR_F64_FROM_BITS, x_of(fixture), NULL);
    assert_int_equal(bits->type, IR_F64);
    assert_int_equal(ir_build_load_element(builder, IR_CELL_U8, ir_integer(module, IR_PTR, 0),
                                           x_of(fixture), IR_ALIAS_CODE)
                         ->type,
                     IR_I64);
    assert_int_equal(ir_build_load_element(builder, IR_CELL_OBJECT, ir_integer(module, IR_PTR, 0),
                                           x_of(fixture), IR_ALIAS_HEAP)
                         ->type,
                     IR_OBJECT);
    assert_null(ir_build_call(builder, ir_external_new(module, "v", IR_VOID), NULL, 0)->result);
    assert_int_equal(
        ir_build_call(builder, ir_external_new(module, "w", IR_VALUE), NULL, 0)->result->type,
        IR_VALUE);
}

static void integers_are_cut_to_their_type(void **state) {
    Fixture *fixture = *state;
    assert_int_equal(ir_integer(fixture->module, IR_I8, 255)->integer, -1);
    assert_int_equal(ir_integer(fixture->module, IR_I16, 32768)->integer, -32768);
    assert_int_equal(ir_integer(fixture->module, IR_I32, INT64_C(1) << 32)->integer, 0);
    assert_int_equal(ir_integer(fixture->module, IR_I1, -1)->integer, 1);
    assert_int_equal(ir_integer(fixture->module, IR_I64, INT64_MIN)->integer, INT64_MIN);
}

static void terminators_print_their_edges(void **state) {
    Fixture *fixture = *state;
    IrModule *module = fixture->module;
    IrBuilder *builder = &fixture->builder;
    IrRegion *trunk = fixture->function->regions.items[0];
    IrBlock *a = ir_block_new(trunk, "a"), *b = ir_block_new(trunk, "b");
    ir_parameter_new(b, IR_I16, "n");
    IrInstruction *choice = ir_build_switch(builder, x_of(fixture), a);
    ir_edge_argument(module, ir_switch_case(module, choice, 5, b), ir_integer(module, IR_I16, 1));
    ir_edge_argument(module, ir_switch_case(module, choice, -1, b), ir_integer(module, IR_I16, 2));
    builder->block = a;
    IrInstruction *poll = ir_build_poll(builder, IR_POLL_BACK_EDGE, a, b);
    ir_edge_argument(module, &poll->edges.items[1], ir_integer(module, IR_I16, 3));
    builder->block = b;
    builder->at = (Location){3, 4};
    ir_build_tail(builder, fixture->function, (IrValue *[]){ir_integer(module, IR_I64, 9)}, 1);
    assert_function_prints(fixture, "function @f {\ntrunk {\n^entry(%x: i64):\n"
                                    "  switch %x { 5 -> ^b(1) -1 -> ^b(2) default -> ^a }\n"
                                    "^a:\n  poll backEdge, ^a, ^b(3)\n"
                                    "^b(%n: i16):\n  tail @f(9) !3:4\n}\n}\n");
}

static void a_component_begins_and_an_exit_leaves_for_its_bytecode(void **state) {
    Fixture *fixture = *state;
    IrModule *module = fixture->module;
    IrTable *table = ir_table_new(module, "bytecodes");
    IrTableParameter parameter = {.name = "x", .type = IR_I64};
    IrBytecode plain = {.name = "plain", .length = 1, .stack = {0, 0, -1}};
    ARENA_PUSH(module->arena, &table->parameters, parameter);
    ARENA_PUSH(module->arena, &table->bytecodes, plain);
    ir_build_component(&fixture->builder, 1);
    IrValue *arguments[] = {x_of(fixture)};
    const IrInstruction *exit = ir_build_exit(&fixture->builder, table, 0, arguments, 1);
    assert_ptr_equal(ir_exit_bytecode(exit), &table->bytecodes.items[0]);
    assert_function_prints(fixture, "function @f {\ntrunk {\n^entry(%x: i64):\n  component 1\n"
                                    "  exit plain, @bytecodes(%x)\n}\n}\n");
}

static void names_from_a_builder_are_made_printable(void **state) {
    Fixture *fixture = *state;
    IrBuilder *builder = &fixture->builder;
    const char *const names[] = {NULL, "", "a b", "1st", "x", "x.1", "t", "v.2.3"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ir_build(builder, IR_ADD, x_of(fixture), x_of(fixture))->name = names[i];
    ir_build_unreachable(builder);
    assert_module_prints(fixture->module, "module M\nform loop\ncode any\n\n"
                                          "function @f {\ntrunk {\n^entry(%x: i64):\n"
                                          "  %t = add %x, %x\n"
                                          "  %t.1 = add %x, %x\n"
                                          "  %a_b = add %x, %x\n"
                                          "  %_1st = add %x, %x\n"
                                          "  %x.1 = add %x, %x\n"
                                          "  %x.2 = add %x, %x\n"
                                          "  %t.2 = add %x, %x\n"
                                          "  %v = add %x, %x\n"
                                          "  unreachable\n}\n}\n");
}

static void instructions_go_before_the_builders_place(void **state) {
    Fixture *fixture = *state;
    IrBuilder *builder = &fixture->builder;
    builder->before = ir_build_ret(builder, NULL);
    ir_build_poll_site(builder, IR_POLL_CALL);
    ir_build_poll_site(builder, IR_POLL_BACK_EDGE);
    assert_function_prints(fixture, "function @f {\ntrunk {\n^entry(%x: i64):\n"
                                    "  poll.site call\n  poll.site backEdge\n  ret\n}\n}\n");
}

// Forwards and backwards, are these the block's instructions?
static void assert_linked(const IrBlock *block, IrInstruction *const *expected, size_t count) {
    const IrInstruction *at = block->first;
    for (size_t i = 0; i < count; i++, at = at->next) {
        assert_ptr_equal(at, expected[i]);
        assert_ptr_equal(at->block, block);
        assert_ptr_equal(at->previous, i ? expected[i - 1] : NULL);
    }
    assert_null(at);
    assert_ptr_equal(block->last, count ? expected[count - 1] : NULL);
}

static void removed_instructions_leave_no_gap(void **state) {
    Fixture *fixture = *state;
    IrInstruction *all[3];
    for (int i = 0; i < 3; i++)
        all[i] = ir_build_poll_site(&fixture->builder, IR_POLL_CALL);
    ir_remove(all[1]);
    assert_linked(fixture->block, (IrInstruction *[]){all[0], all[2]}, 2);
    assert_null(all[1]->block);
    ir_remove(all[0]);
    assert_linked(fixture->block, (IrInstruction *[]){all[2]}, 1);
    ir_insert(all[0], fixture->block, NULL);
    assert_linked(fixture->block, (IrInstruction *[]){all[2], all[0]}, 2);
    ir_remove(all[0]);
    ir_remove(all[2]);
    assert_linked(fixture->block, NULL, 0);
}

static void uses_are_replaced_in_operands_and_arguments(void **state) {
    Fixture *fixture = *state;
    IrBuilder *builder = &fixture->builder;
    ir_build(builder, IR_ADD, x_of(fixture), x_of(fixture));
    ir_build_br(builder, fixture->block, (IrValue *[]){x_of(fixture)}, 1);
    ir_replace_uses(fixture->function->regions.items[0], x_of(fixture),
                    ir_integer(fixture->module, IR_I64, 4));
    assert_function_prints(fixture, "function @f {\ntrunk {\n^entry(%x: i64):\n"
                                    "  %t = add 4, 4\n  br ^entry(4)\n}\n}\n");
}

static void a_split_block_is_followed_by_its_rest(void **state) {
    Fixture *fixture = *state;
    IrBuilder *builder = &fixture->builder;
    IrRegion *trunk = fixture->function->regions.items[0];
    IrBlock *last = ir_block_new(trunk, "last");
    IrInstruction *first = ir_build_poll_site(builder, IR_POLL_CALL);
    IrInstruction *second = ir_build_poll_site(builder, IR_POLL_CALL);
    IrInstruction *third = ir_build_ret(builder, NULL);
    IrBlock *rest = ir_split_before(fixture->module, second, "rest");
    assert_linked(fixture->block, (IrInstruction *[]){first}, 1);
    assert_linked(rest, (IrInstruction *[]){second, third}, 2);
    assert_int_equal(trunk->blocks.count, 3);
    assert_ptr_equal(trunk->blocks.items[1], rest);
    assert_ptr_equal(trunk->blocks.items[2], last);
    assert_int_equal(rest->index, 1);
    assert_int_equal(last->index, 2);
    IrBlock *all = ir_split_before(fixture->module, first, "all");
    assert_linked(fixture->block, NULL, 0);
    assert_linked(all, (IrInstruction *[]){first}, 1);
}

static void removing_a_parameter_moves_the_others_up(void **state) {
    Fixture *fixture = *state;
    ir_parameter_new(fixture->block, IR_I8, "y");
    IrValue *z = ir_parameter_new(fixture->block, IR_I8, "z");
    ir_remove_parameter(fixture->block, 1);
    assert_int_equal(fixture->block->parameters.count, 2);
    assert_ptr_equal(fixture->block->parameters.items[1], z);
    assert_int_equal(z->parameter.index, 1);
}

static void blocks_are_numbered_again(void **state) {
    Fixture *fixture = *state;
    IrRegion *trunk = fixture->function->regions.items[0];
    IrBlock *a = ir_block_new(trunk, "a");
    trunk->blocks.items[0] = a;
    trunk->blocks.items[1] = fixture->block;
    ir_renumber(fixture->function);
    assert_int_equal(a->index, 0);
    assert_int_equal(fixture->block->index, 1);
}

static void a_table_parameter_reaches_header_and_regions(void **state) {
    Fixture *fixture = *state;
    IrModule *module = fixture->module;
    IrRecord *frame = ir_record_new(module, "Frame", false);
    IrRecord *method = ir_record_new(module, "Method", false);
    IrField *link = ir_field_new(module, frame, "method", IR_CELL_PTR, 0);
    link->is_const = true;
    link->pointee = method;
    ir_field_new(module, method, "code", IR_CELL_PTR, 0)->is_const = true;
    IrTable *table = ir_table_new(module, "t");
    fixture->function->header = ir_block_new(fixture->function->regions.items[0], "header");
    IrBlock *entry = ir_block_new(ir_region_new(fixture->function, "r"), "r");
    IrPath *path = ir_path_new(module, "frame", frame, "method.code");
    assert_non_null(path);
    assert_int_equal(ir_table_parameter_new(table, fixture->function, "code", IR_PTR, path, false),
                     0);
    assert_int_equal(ir_table_parameter_new(table, fixture->function, "n", IR_I64, NULL, false), 1);
    assert_ptr_equal(table->parameters.items[0].mirrors, path);
    assert_int_equal(fixture->block->parameters.count, 1);
    assert_int_equal(fixture->function->header->parameters.count, 2);
    assert_int_equal(entry->parameters.count, 2);
    assert_int_equal(entry->parameters.items[0]->type, IR_PTR);
    assert_int_equal(entry->parameters.items[1]->parameter.index, 1);
}

static void things_are_found_by_name(void **state) {
    Fixture *fixture = *state;
    IrModule *module = fixture->module;
    IrRecord *record = ir_record_new(module, "R", true);
    IrField *field = ir_field_new(module, record, "a", IR_CELL_I64, 8);
    assert_ptr_equal(ir_find_record(module, "R"), record);
    assert_null(ir_find_record(module, "Q"));
    assert_ptr_equal(ir_find_field(record, "a"), field);
    assert_null(ir_find_field(record, "b"));
    assert_null(ir_find_external(module, "e"));
    assert_ptr_equal(ir_find_external(module, "e"), NULL);
    assert_ptr_equal(ir_find_function(module, "f"), fixture->function);
    assert_null(ir_find_function(module, "g"));
    assert_null(ir_find_table(module, "t"));
    assert_null(ir_path_new(module, NULL, record, "a.b"));
    assert_null(ir_path_new(module, NULL, record, ""));
    assert_int_equal(ir_path_new(module, NULL, record, "a")->fields.count, 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_operation_on_values_prints_and_parses),
        TEST(results_have_the_types_of_their_operation),
        TEST(integers_are_cut_to_their_type),
        TEST(terminators_print_their_edges),
        TEST(a_component_begins_and_an_exit_leaves_for_its_bytecode),
        TEST(names_from_a_builder_are_made_printable),
        TEST(instructions_go_before_the_builders_place),
        TEST(removed_instructions_leave_no_gap),
        TEST(uses_are_replaced_in_operands_and_arguments),
        TEST(a_split_block_is_followed_by_its_rest),
        TEST(removing_a_parameter_moves_the_others_up),
        TEST(blocks_are_numbered_again),
        TEST(a_table_parameter_reaches_header_and_regions),
        TEST(things_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
