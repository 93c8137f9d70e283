// Methods made by hand: what the bytecode verifier refuses, and what an interpreter
// that takes any code does with an opcode outside the table.
#include "tests/unit/runtime_fixture.h"

#define UNITS(...)                                                                                 \
    (const uint16_t[]){__VA_ARGS__}, sizeof((const uint16_t[]){__VA_ARGS__}) / sizeof(uint16_t)

typedef struct Code {
    const uint16_t *units;
    size_t count;
} Code;

static Method *make(Fixture *fixture, const char *selector, Code code, bool verify,
                    char message[static 256]) {
    const char *const sites[] = {"foo:", "+"};
    const uint64_t literals[] = {som_integer(40)};
    const SomCode description = {.selector = selector,
                                 .code = code.units,
                                 .code_count = code.count,
                                 .sites = sites,
                                 .site_count = 2,
                                 .literals = literals,
                                 .literal_count = 1,
                                 .locals = 1,
                                 .max_stack = 3};
    message[0] = '\0';
    return som_method(fixture->vm, &description, verify, message, 256);
}

static void open_machine(Fixture *fixture, bool verified) {
    fixture_open_engine(fixture, verified);
    assert_true(fixture_open_vm(fixture, (SomOptions){0}));
}

static void a_method_by_hand_runs(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, true);
    char message[256];
    const Code code = {UNITS(OP_PUSH_CONSTANT, 0, OP_PUSH_ARGUMENT, (uint16_t)-1, OP_ADD, 1,
                             OP_RETURN_LOCAL, (uint16_t)-2)};
    Method *method = make(&fixture, "plus:", code, true, message);
    assert_non_null(method);
    uint64_t result, argument = som_integer(2);
    int status;
    assert_true(som_call(fixture.vm, method, som_integer(0), &argument, 1, &result, &status));
    assert_true(result == som_integer(42));
    assert_int_equal(status, 0);
    argument = som_double(0.5);
    assert_true(som_call(fixture.vm, method, som_integer(0), &argument, 1, &result, &status));
    assert_true(result == som_double(40.5));
    fixture_close(&fixture);
}

static void an_opcode_outside_the_table_is_an_error(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, false);
    const uint16_t opcodes[] = {OP_COUNT, 999, 0xFFFF};
    for (size_t i = 0; i < sizeof opcodes / sizeof *opcodes; i++) {
        char message[256], expected[64];
        const Code code = {UNITS(OP_PUSH_NIL, opcodes[i], OP_RETURN_LOCAL, (uint16_t)-1)};
        Method *method = make(&fixture, "strange", code, false, message);
        assert_non_null(method);
        size_t before = strlen(fixture_errors(&fixture));
        int status;
        assert_false(som_call(fixture.vm, method, som_integer(0), NULL, 0, NULL, &status));
        assert_int_equal(status, 1);
        snprintf(expected, sizeof expected, "ERROR: unknown bytecode %d at 1 in Object>>strange",
                 opcodes[i]);
        assert_non_null(strstr(fixture_errors(&fixture) + before, expected));
        assert_non_null(strstr(fixture_errors(&fixture) + before, "    Object>>strange\n"));
    }
    // And the machine goes on.
    assert_string_equal(fixture_evaluate(&fixture, "", "3 + 4"), "7");
    fixture_close(&fixture);
}

static void wrong_code_is_refused(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, true);
    const Code wrong[] = {
        {UNITS(OP_COUNT)},                                                      // no such opcode
        {UNITS(OP_PUSH_NIL)},                                                   // runs off its end
        {UNITS(OP_PUSH_LOCAL, 1, OP_RETURN_LOCAL, (uint16_t)-1)},               // no such local
        {UNITS(OP_PUSH_CONSTANT, 1, OP_RETURN_LOCAL, (uint16_t)-1)},            // no such literal
        {UNITS(OP_PUSH_GLOBAL, 2, OP_RETURN_LOCAL, (uint16_t)-1)},              // no such site
        {UNITS(OP_POP, OP_RETURN_SELF, (uint16_t)-1)},                          // nothing to pop
        {UNITS(OP_PUSH_NIL, OP_JUMP_BACK, (uint16_t)-4, (uint16_t)-1)},         // grows for ever
        {UNITS(OP_JUMP, 1, 0, OP_PUSH_LOCAL, 0, OP_RETURN_SELF, (uint16_t)-1)}, // into an operand
        {UNITS(OP_PUSH_NIL, OP_SEND_ARGUMENTS, 0, 0, OP_RETURN_LOCAL, (uint16_t)-1)}, // arity
        {UNITS(OP_PUSH_NIL, OP_RETURN_LOCAL)}, // half an instruction
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char message[256];
        if (make(&fixture, "wrong", wrong[i], true, message))
            fail_msg("code %zu was accepted", i);
        assert_true(strlen(message) > 0);
    }
    fixture_close(&fixture);
}

static void externals_are_found_by_name(void **state) {
    (void)state;
    assert_ptr_equal(som_external("vm_poll"), (void *)vm_poll);
    assert_null(som_external("vm_nothing"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_method_by_hand_runs),
        cmocka_unit_test(an_opcode_outside_the_table_is_an_error),
        cmocka_unit_test(wrong_code_is_refused),
        cmocka_unit_test(externals_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
