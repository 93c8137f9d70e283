// Each rule of the verifier that no other test breaks, with the words of its message:
// first in text, then by damage that text can't express.
#include "tests/unit/ir_verify_fixture.h"

// ---- Text --------------------------------------------------------------------------------

typedef struct Broken {
    const char *text, *rule, *message;
} Broken;

#define HANDLERS "module M form handlers code any "
#define FRAME                                                                                      \
    "record T { r: i64 @0 thread } record F { code: ptr @0 const pc: i64 @8 frame cursor code u8 " \
    "sp: ptr @16 frame } thread T frame F "
#define RETURNS "function @f { trunk { ^entry(%a: ptr): ret } } "

static const Broken broken[] = {
    {"module M form handlers", "form", "the module has no function"},
    {HANDLERS "table @t(%a: ptr) u8 { 0 x() -> ^x default -> ^x } function @f { trunk { "
              "^entry(%a: ptr): ret } region x { ^x(%a: ptr): ret } }",
     "form", "x of @t leads to a block in form handlers"},
    {HANDLERS "table @t(%a: ptr) u8 { 0 x() -> ^x default -> ^x } function @f { trunk { "
              "^entry(%a: ptr): ret } region x { ^x(%a: ptr): ret } }",
     "form", "the default of @t leads to a block in form handlers"},
    {HANDLERS "function @f { trunk { ^entry(%a: ptr): ret } region x { ^x(%a: ptr): ret } }",
     "form", "form handlers has no regions in functions"},
    {"module M form replicated table @t(%a: ptr) u8 { default -> @f } " RETURNS, "form",
     "the default of @t leads to a function in form replicated"},
    {HANDLERS "record R { a: i64 R @0 heap }" RETURNS, "memory",
     "R.a is i64 and points to nothing"},
    {HANDLERS "record R { b: ptr @0 const a: i32 @8 frame cursor b u8 }" RETURNS, "memory",
     "the cursor R.a is no i64"},
    {HANDLERS FRAME "stack F.pc i64 " RETURNS, "memory",
     "the stack pointer is no ptr in the frame's state"},
    {HANDLERS FRAME "stack T.r i64 " RETURNS, "memory",
     "the stack pointer is no ptr in the frame's state"},
    {HANDLERS "record O moves { h: f64 @0 heap } external e(ptr, object) "
              "barrier O.h mask 1 call e " RETURNS,
     "memory", "what a barrier tests, O.h, is no integer"},
    {HANDLERS "record O moves { h: i64 @0 heap } external e(ptr, ptr) "
              "barrier O.h mask 1 call e " RETURNS,
     "memory", "@e, which barriers call, does not take (ptr, object)"},
    {HANDLERS "record O moves { h: i64 @0 heap } external e(ptr, object) barrier O.h mask 1 call e "
              "function @f { trunk { ^entry(%a: ptr, %v: value): store.ref.value %a, 0, %v in heap "
              "ret } }",
     "memory", "store.ref into what is no object, so has no barrier's field"},
    {HANDLERS "record O moves { h: i64[] @0 heap } function @f -> ptr { trunk { "
              "^entry(%o: object): %p = address %o, O.h, 0 ret %p } }",
     "moving-value-live", "%p is an address into an object and leaves its region"},
    {HANDLERS "table @t(%a: ptr) i64 { } " RETURNS, "table", "code units of @t are i64"},
    {HANDLERS "table @t(%a: ptr) u8 { 0 x() -> none } function @f { trunk { ^entry(%a: ptr): ret } "
              "} function @x { trunk { ^entry(%a: ptr): exit x, @t(%a) } }",
     "table", "exit to x, which @t leads nowhere for"},
    {HANDLERS "table @t(%a: ptr) u8 { 0 x() -> none } function @f { trunk { ^entry(%a: ptr): "
              "dispatch 0, @t(%a) } }",
     "default", "the opcode may be that of x, which @t leads nowhere for"},
    {HANDLERS "table @t(%a: ptr) u8 { default -> ^x } function @f { trunk { ^entry(%a: ptr): ret } "
              "region x { ^x(%a: ptr): ret } } function @g { trunk { ^entry(%a: ptr): dispatch 0, "
              "@t(%a) } }",
     "table", "dispatch to ^x, which is in another function"},
    {HANDLERS "table @t(%a: ptr) u8 { 0 x() -> @x } function @f { trunk { ^entry(%a: ptr): exit x, "
              "@t(%a) } } function @x { trunk restartable { ^x(%a: ptr): ret } }",
     "components", "exit in what is no bytecode's code"},
    {"module M form replicated table @t(%a: ptr) u8 { 0 x() -> ^x } function @f { trunk { "
     "^entry(%a: ptr): exit x, @t(%a) } region x { ^x(%a: ptr): ret } }",
     "form", "exit in the trunk of form replicated"},
    {HANDLERS "function @f { trunk { ^entry(%a: f64): switch %a { default -> ^b } ^b: ret } }",
     "types", "switch does not take f64"},
    {HANDLERS "function @f { trunk { ^entry(%a: i8): switch %a { 300 -> ^b default -> ^b } ^b: ret "
              "} }",
     "types", "case 300 is no i8"},
};

static void check_complaint(const IrModule *module, Arena *arena, const char *rule,
                            const char *message) {
    IrComplaints complaints = {0};
    assert_false(ir_verify(module, arena, &complaints));
    bool found = false;
    for (size_t i = 0; i < complaints.count; i++)
        found |= !strcmp(complaints.items[i].rule, rule) &&
                 !strcmp(complaints.items[i].message, message);
    if (!found)
        fail_msg("no [%s] %s, but [%s] %s", rule, message, complaints.items[0].rule,
                 complaints.items[0].message);
}

static void each_rule_is_broken_by_text(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        Arena *arena = arena_new();
        check_complaint(parse(arena, broken[i].text), arena, broken[i].rule, broken[i].message);
        arena_free(arena);
    }
}

// A cold function may exit to what claims to be restartable.
static void exits_of_cold_functions_are_fine(void **state) {
    (void)state;
    Arena *arena = arena_new();
    IrModule *module =
        parse(arena, HANDLERS "table @t(%a: ptr) u8 { 0 x() -> @x } " RETURNS
                              "function @cold { trunk { ^entry(%a: ptr): exit x, @t(%a) } } "
                              "function @x { trunk restartable { ^x(%a: ptr): ret } }");
    assert_true(ir_verify_or_report(module, stderr));
    arena_free(arena);
}

static void an_address_that_leaves_is_told_where_it_was_made(void **state) {
    (void)state;
    Arena *arena = arena_new();
    IrComplaints complaints = {0};
    IrModule *module =
        parse(arena, HANDLERS "record O moves { h: i64[] @0 heap } function @f -> ptr { trunk { "
                              "^entry(%o: object): %p = address %o, O.h, 0 !3:4 ret %p } }");
    assert_false(ir_verify(module, arena, &complaints));
    assert_string_equal(complaints.items[0].other_note, "it is made here");
    assert_int_equal(complaints.items[0].other.line, 3);
    arena_free(arena);
}

// ---- Damage --------------------------------------------------------------------------------

static const IrExternal no_external = {.name = "none"};
static const IrRecord no_record = {.name = "None"};
static IrField no_field = {.name = "none", .record = (IrRecord *)&no_record};

static IrField *field_of(Sample *sample, int record, int field) {
    return sample->module->records.items[record]->fields.items[field];
}

static IrTable *table_of(Sample *sample) {
    return sample->module->tables.items[0];
}

static void a_header_in_handlers(Sample *sample) {
    sample->module->form = IR_FORM_HANDLERS;
}

static void a_field_without_region(Sample *sample) {
    field_of(sample, 1, 2)->alias_class = 0;
}

static void a_field_to_elsewhere(Sample *sample) {
    field_of(sample, 1, 0)->pointee = &no_record;
}

static void a_poll_without_external(Sample *sample) {
    sample->module->poll_external = NULL;
}

static void a_barrier_without_external(Sample *sample) {
    sample->module->barrier_field = field_of(sample, 1, 2);
}

static void another_thread(Sample *sample) {
    sample->module->thread = &no_record;
}

static void another_frame(Sample *sample) {
    sample->module->frame = &no_record;
}

// `%opcode = load.u8 %code, %pc in code`
static IrInstruction *fetch(Sample *sample) {
    return sample->trunk->blocks.items[1]->first->next->next;
}

static void an_element_without_index(Sample *sample) {
    fetch(sample)->operands.count = 1;
}

static void a_missing_record(Sample *sample) {
    ARENA_PUSH(sample->module->arena, &sample->module->records, NULL);
}

static void an_external_twice(Sample *sample) {
    ARENA_PUSH(sample->module->arena, &sample->module->externals,
               sample->module->externals.items[0]);
}

static void an_empty_path(Sample *sample) {
    field_of(sample, 1, 1)->cursor->fields.count = 0;
}

static void a_path_elsewhere(Sample *sample) {
    field_of(sample, 1, 1)->cursor->fields.items[0] = &no_field;
}

static void a_field_of_another_record(Sample *sample) {
    field_of(sample, 1, 0)->record = sample->module->records.items[0];
}

static void a_function_of_another_module(Sample *sample) {
    sample->function->module = NULL;
}

static void a_function_without_trunk(Sample *sample) {
    sample->function->regions.count = 0;
}

static void a_region_of_another_function(Sample *sample) {
    sample->halt->function = NULL;
}

static void a_result_of_nothing(Sample *sample) {
    sample->increment->blocks.items[0]->first->next->operands.items[0]->instruction = NULL;
}

static void an_address_of_nothing(Sample *sample) {
    fetch(sample)->op = IR_ADDRESS;
}

static void a_call_elsewhere(Sample *sample) {
    sample->halt->blocks.items[0]->first->next->external = &no_external;
}

static void a_dispatch_elsewhere(Sample *sample) {
    sample->trunk->blocks.items[1]->last->table = NULL;
}

static void a_tail_elsewhere(Sample *sample) {
    sample->halt->blocks.items[0]->last->op = IR_TAIL;
}

static void an_exit_to_no_bytecode(Sample *sample) {
    sample->trunk->blocks.items[1]->last->op = IR_EXIT;
}

static void an_edge_out_of_the_module(Sample *sample) {
    static IrBlock nowhere;
    sample->increment->blocks.items[4]->last->edges.items[0].block = &nowhere;
}

static void a_result_of_another(Sample *sample) {
    IrInstruction *first = sample->increment->blocks.items[0]->first;
    first->next->result = first->result;
}

static void a_parameter_of_another(Sample *sample) {
    sample->increment->blocks.items[0]->parameters.items[1]->parameter.index = 0;
}

static void an_entry_elsewhere(Sample *sample) {
    static IrBlock nowhere;
    table_of(sample)->bytecodes.items[1].block = &nowhere;
}

static void a_default_elsewhere(Sample *sample) {
    static IrBlock nowhere;
    table_of(sample)->default_block = &nowhere;
}

static void an_entry_of_another_table(Sample *sample) {
    ARENA_PUSH(sample->module->arena, &table_of(sample)->bytecodes.items[0].quickens, 9);
}

static void components_of_a_base_bytecode(Sample *sample) {
    IrBytecode *bytecode = &table_of(sample)->bytecodes.items[0];
    ARENA_PUSH(sample->module->arena, &bytecode->components, 1);
    ARENA_PUSH(sample->module->arena, &bytecode->components, 1);
}

static void a_fused_bytecode_with_more(Sample *sample) {
    components_of_a_base_bytecode(sample);
    table_of(sample)->bytecodes.items[0].origin = IR_ORIGIN_FUSED;
}

static IrTableParameter *add_mirror(Sample *sample, const char *root, IrField *field) {
    IrTable *table = table_of(sample);
    size_t index = ir_table_parameter_new(table, sample->function, "m", IR_PTR,
                                          ARENA_NEW(sample->module->arena, IrPath), false);
    table->parameters.items[index].mirrors->root = root;
    ARENA_PUSH(sample->module->arena, &table->parameters.items[index].mirrors->fields, field);
    return &table->parameters.items[index];
}

static void a_mirror_from_nowhere(Sample *sample) {
    add_mirror(sample, "other", field_of(sample, 1, 0));
}

static void a_mirror_of_another_record(Sample *sample) {
    add_mirror(sample, "frame", field_of(sample, 0, 0));
}

typedef struct Damage {
    void (*act)(Sample *sample);
    const char *rule, *message;
} Damage;

static const Damage damages[] = {
    {a_header_in_handlers, "form", "form handlers has no header"},
    {a_field_without_region, "memory", "Frame.count belongs to no alias class"},
    {a_field_to_elsewhere, "memory", "Frame.code points to no record of the module"},
    {a_poll_without_external, "poll", "a poll tests a field and calls an external"},
    {a_barrier_without_external, "memory", "a barrier tests a field and calls an external"},
    {another_thread, "memory", "the thread is no record of the module"},
    {another_frame, "memory", "the frame is no record of the module"},
    {an_element_without_index, "memory", "load of an element needs an index"},
    {a_missing_record, "types", "one record is missing (NULL)"},
    {an_external_twice, "types", "one external is there twice"},
    {an_empty_path, "table", "a path names no field"},
    {a_path_elsewhere, "table", "a path leads through a field of no record"},
    {a_field_of_another_record, "memory", "Frame.code says it is of Thread"},
    {a_function_of_another_module, "form", "the function belongs to another module"},
    {a_function_without_trunk, "form", "the function has no trunk"},
    {a_region_of_another_function, "regions", "region halt belongs to another function"},
    {a_result_of_nothing, "dominance", "operand 1 of add is the result of no instruction"},
    {an_address_of_nothing, "memory", "address names no field and no record"},
    {a_call_elsewhere, "types", "call of what is no external of the module"},
    {a_dispatch_elsewhere, "table", "dispatch through what is no table of the module"},
    {a_tail_elsewhere, "form", "tail call of what is no function of the module"},
    {an_exit_to_no_bytecode, "table", "exit to no bytecode of @bytecodes"},
    {an_edge_out_of_the_module, "regions", "edge 1 of switch leads to no block of the module"},
    {a_result_of_another, "types", "add has another instruction's result"},
    {a_parameter_of_another, "types", "parameter 2 is not this block's"},
    {an_entry_elsewhere, "table", "bytecode 1 of @bytecodes leads nowhere"},
    {a_default_elsewhere, "table", "the default of @bytecodes leads nowhere"},
    {an_entry_of_another_table, "table",
     "bytecode 0 of @bytecodes names what is no bytecode of the table"},
    {components_of_a_base_bytecode, "components", "increment has components and is not fused"},
    {a_fused_bytecode_with_more, "components",
     "increment has operands, a length or a stack effect besides those of its components"},
    {a_mirror_from_nowhere, "table",
     "m of @bytecodes mirrors a path from other, which is no parameter before it that points to a "
     "record"},
    {a_mirror_of_another_record, "table",
     "m of @bytecodes mirrors a path that ends before request"},
};

static void each_rule_is_broken_by_damage(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        Sample sample = sample_new();
        damages[i].act(&sample);
        check_complaint(sample.module, sample.arena, damages[i].rule, damages[i].message);
        arena_free(sample.arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_is_broken_by_text),
        cmocka_unit_test(exits_of_cold_functions_are_fine),
        cmocka_unit_test(an_address_that_leaves_is_told_where_it_was_made),
        cmocka_unit_test(each_rule_is_broken_by_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
