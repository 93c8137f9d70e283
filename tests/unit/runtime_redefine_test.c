// What may stand in the place of a class's methods, and that refusing changes nothing.
// What follows from a change is in tests/programs/Redefining.som and RedefiningCore.som.
#include "tests/unit/runtime_fixture.h"

#include "runtime/assumptions/redefine.h"
#include "runtime/calls/method.h"
#include "runtime/vm.h"

static int open_machine(void **state) {
    Fixture *fixture = calloc(1, sizeof *fixture);
    fixture_open_engine(fixture, true);
    *state = fixture;
    bool opened = fixture_open_vm(fixture, (SomOptions){0});
    fixture_class(fixture, "Base", "Base = ( | a | a = ( ^a ) base = ( ^'base' ) in: x = ( ^x ) )");
    fixture_class(fixture, "Derived",
                  "Derived = Base ( | b | b = ( ^b ) b: x = ( b := x ) own = ( ^'own' ) )");
    fixture_class(fixture, "Stranger", "Stranger = ( | s | s = ( ^s ) own = ( ^'strange' ) )");
    return opened ? 0 : -1;
}

static int close_machine(void **state) {
    fixture_close(*state);
    free(*state);
    return 0;
}

// Base's: 1 a, 2 base, 3 in:. Derived's: 1 b, 2 b:, 3 own.
static void check_refused(void **state, const char *expression, const char *reason) {
    const char *answer = fixture_evaluate(*state, "", expression);
    static const char start[] = "ERROR: Array>>at:put: failed: ";
    if (strncmp(answer, start, strlen(start)) ||
        strncmp(answer + strlen(start), reason, strlen(reason)))
        fail_msg("%s", answer);
    assert_non_null(strstr(answer, ">>test (")); // there is a trace
    assert_int_equal(((Fixture *)*state)->status, 1);
    assert_string_equal(fixture_evaluate(*state, "", "Derived new own"), "own");
    assert_string_equal(fixture_evaluate(*state, "", "(Derived methods at: 3) asString"),
                        "Derived>>own");
}

static void only_methods_are_taken(void **state) {
    static const char *const wrong[][2] = {
        {"nil", "Nil"},
        {"3", "Integer"},
        {"#own", "Symbol"},
        {"[ 3 ]", "Block1"},
        {"Derived", "Derived class"},
        {"Derived methods", "Array"},
        {"Derived new", "Derived"},
        {"3.5", "Double"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char expression[128], reason[128];
        snprintf(expression, sizeof expression, "Derived methods at: 3 put: %s", wrong[i][0]);
        snprintf(reason, sizeof reason,
                 "what stands for Derived>>own has to be a method, and is an instance of %s\n",
                 wrong[i][1]);
        check_refused(state, expression, reason);
    }
}

static void a_method_of_another_class_is_refused(void **state) {
    check_refused(state, "Derived methods at: 3 put: (Stranger methods at: 2)",
                  "Stranger>>own can't stand for Derived>>own, for Derived doesn't inherit from "
                  "Stranger\n");
    // Not even one that is safe for all receivers: the rule is a simple one.
    check_refused(
        state, "Base methods at: 2 put: (Derived methods at: 3)",
        "Derived>>own can't stand for Base>>base, for Base doesn't inherit from Derived\n");
    check_refused(state, "Object methods at: 1 put: (Class methods at: 1)",
                  "Class>>name can't stand for Object>>class, for Object doesn't inherit from "
                  "Class\n");
    check_refused(state, "Derived class methods at: 1 put: (Class methods at: 1)",
                  "index 1 of an array of 0\n");
}

static void a_method_with_another_number_of_arguments_is_refused(void **state) {
    check_refused(state, "Derived methods at: 3 put: (Derived methods at: 2)",
                  "Derived>>b: can't stand for Derived>>own, for it has 1 argument\n");
    check_refused(state, "Derived methods at: 2 put: (Base methods at: 2)",
                  "Base>>base can't stand for Derived>>b:, for it has 0 arguments\n");
    check_refused(state, "Integer methods at: 1 put: (Integer methods at: 8)",
                  "Integer>>sqrt can't stand for Integer>>+, for it has 0 arguments\n");
}

static void indices_are_checked(void **state) {
    check_refused(state, "Derived methods at: 0 put: (Derived methods at: 1)",
                  "index 0 of an array of 3\n");
    check_refused(state, "Derived methods at: 4 put: (Derived methods at: 1)",
                  "index 4 of an array of 3\n");
    check_refused(state, "Derived methods at: -1 put: (Derived methods at: 1)",
                  "index -1 of an array of 3\n");
}

static void other_ways_to_store_are_no_way_round(void **state) {
    check_refused(state, "Derived methods putAll: [ 3 ]", "what stands for Derived>>b has to be");
    check_refused(state, "Derived methods putAll: [ Derived methods at: 1 ]",
                  "Derived>>b can't stand for Derived>>b:, for it has 0 arguments\n");
    check_refused(state, "Derived methods replaceFrom: 1 to: 3 with: #(1 2 3) startingAt: 1",
                  "what stands for Derived>>b has to be");
    check_refused(state, "Derived methods sort: [ :a :b | a signature = #b: ]",
                  "Derived>>b: can't stand for Derived>>b, for it has 1 argument\n");
    check_refused(state, "Derived methods perform: #at:put: withArguments: (Array with: 3 with: 3)",
                  "what stands for Derived>>own has to be");
    const char *answer = fixture_evaluate(*state, "", "Derived methods instVarAt: 1 put: 3");
    assert_non_null(strstr(answer, "instVarAt:put: failed: there is no field 1\n"));
    answer = fixture_evaluate(*state, "", "Derived methods instVarAt: 1");
    assert_non_null(strstr(answer, "instVarAt: failed: there is no field 1\n"));
    answer = fixture_evaluate(*state, "", "(Derived methods at: 3) instVarAt: 1 put: 3");
    assert_non_null(strstr(answer, "instVarAt:put: failed: there is no field 1\n"));
}

static void the_arrays_of_fields_and_selectors_are_copies(void **state) {
    assert_string_equal(fixture_evaluate(*state, "",
                                         "((Derived fields at: 1 put: 3) at: 1) asString + "
                                         "(Derived fields at: 1) + (Derived fields at: 2)"),
                        "3ab");
    assert_string_equal(fixture_evaluate(*state, "",
                                         "((Derived selectors at: 3 put: #b) at: 3) + "
                                         "(Derived selectors at: 3)"),
                        "bown");
}

static void a_method_that_does_not_compile_is_no_obstacle(void **state) {
    fixture_class(*state, "Wrong", "Wrong = ( good = ( ^1 ) bad = ( self := 3 ) )");
    const char *answer =
        fixture_evaluate(*state, "", "Wrong methods at: 1 put: (Wrong methods at: 2)");
    assert_non_null(strstr(answer, "class Wrong can't be loaded"));
}

// How often bytecodes of this kind stand in the methods that were made so far.
static int count_bytecodes(const Fixture *fixture, int opcode) {
    int count = 0;
    for (Method *method = fixture->vm->methods; method; method = details_of(method)->next)
        for (int64_t pc = 0; pc < details_of(method)->code_count;
             pc += interpreter_bytecodes[method->code[pc]].length)
            count += method->code[pc] == opcode;
    return count;
}

// In code that was compiled before as well; other operators stay what they are.
static void an_operator_is_sent_once_it_is_replaced(void **state) {
    Fixture *fixture = *state;
    const char *sum = "[ :n | | s | s := 0. 1 to: n do: [ :i | s := s + i ]. s ] value: 10";
    assert_string_equal(fixture_evaluate(fixture, "", sum), "55");
    fixture_evaluate(fixture, "", "Integer methods at: 3 put: (Integer methods at: 2)");
    assert_string_equal(fixture_evaluate(fixture, "", "(6 * 2) + (3 * 3)"), "4");
    assert_string_equal(fixture_evaluate(fixture, "", sum), "55");
    assert_int_equal(count_bytecodes(fixture, OP_MULTIPLY), 0);
    assert_true(count_bytecodes(fixture, OP_SEND_OPERATOR) >= 2);
    assert_true(count_bytecodes(fixture, OP_ADD) > 0);
}

// Whoever inherits `isNil` and `==` must not have a method of its own for them; of `at:` only
// Array's counts.
static void
operators_that_all_objects_answer_are_sent_once_a_class_has_one_of_its_own(void **state) {
    Fixture *fixture = *state;
    const char *all = "[ :a | (a isNil or: [ a == 3 ]) not. a at: 2 ] value: #(7 8)";
    assert_string_equal(fixture_evaluate(fixture, "", all), "8");
    fixture_class(fixture, "Placed", "Placed = ( at: i = ( ^i ) )");
    fixture_evaluate(fixture, "", "Placed new at: 3");
    assert_true(count_bytecodes(fixture, OP_AT) > 0);
    assert_true(count_bytecodes(fixture, OP_IS_NIL) > 0);
    fixture_class(fixture, "Nobody", "Nobody = ( isNil = ( ^true ) )");
    assert_string_equal(fixture_evaluate(fixture, "", "Nobody new isNil"), "true");
    assert_string_equal(fixture_evaluate(fixture, "", all), "8");
    assert_int_equal(count_bytecodes(fixture, OP_IS_NIL), 0);
    assert_true(count_bytecodes(fixture, OP_SEND_UNARY_OPERATOR) > 0);
    assert_true(count_bytecodes(fixture, OP_IDENTICAL) > 0);
    assert_true(count_bytecodes(fixture, OP_AT) > 0);
}

// By a method of the same name, but not the one that the class had.
static void inlined_messages_are_sent_once_a_core_class_has_changed(void **state) {
    (void)state;
    static const char store[] =
        "[ :from :to | from methods do: [ :m | m signature == #value ifTrue: ["
        " to methods doIndexes: [ :i | (to methods at: i) signature == #value ifTrue: ["
        " to methods at: i put: m ] ] ] ]. 3 ] value: Object with: Block1";
    Fixture fixture;
    fixture_open_engine(&fixture, true);
    assert_true(fixture_open_vm(&fixture, (SomOptions){0}));
    assert_string_equal(fixture_evaluate(&fixture, "", "true and: [ 3 ]"), "3");
    fixture_evaluate(&fixture, "", store);
    assert_string_equal(fixture_evaluate(&fixture, "", "true and: [ 3 ]"), "instance of Block1");
    fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_methods_are_taken),
        cmocka_unit_test(a_method_of_another_class_is_refused),
        cmocka_unit_test(a_method_with_another_number_of_arguments_is_refused),
        cmocka_unit_test(indices_are_checked),
        cmocka_unit_test(other_ways_to_store_are_no_way_round),
        cmocka_unit_test(the_arrays_of_fields_and_selectors_are_copies),
        cmocka_unit_test(a_method_that_does_not_compile_is_no_obstacle),
        cmocka_unit_test(an_operator_is_sent_once_it_is_replaced),
        cmocka_unit_test(
            operators_that_all_objects_answer_are_sent_once_a_class_has_one_of_its_own),
        cmocka_unit_test(inlined_messages_are_sent_once_a_core_class_has_changed),
    };
    return cmocka_run_group_tests(tests, open_machine, close_machine);
}
