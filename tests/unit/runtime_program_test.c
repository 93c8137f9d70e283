// What SOM programs see of the machine: sends, blocks, non-local return, globals,
// reflection, and the errors of all these.
#include "tests/unit/runtime_fixture.h"

static int open_machine(void **state) {
    Fixture *fixture = calloc(1, sizeof *fixture);
    fixture_open_engine(fixture, true);
    *state = fixture;
    return fixture_open_vm(fixture, (SomOptions){0}) ? 0 : -1;
}

static int open_stressed(void **state) {
    Fixture *fixture = calloc(1, sizeof *fixture);
    fixture_open_engine(fixture, true);
    *state = fixture;
    return fixture_open_vm(fixture, (SomOptions){.stress = true}) ? 0 : -1;
}

static int close_machine(void **state) {
    fixture_close(*state);
    free(*state);
    return 0;
}

static void check(void **state, const char *members, const char *expression, const char *answer) {
    assert_string_equal(fixture_evaluate(*state, members, expression), answer);
}

// The answer begins with `ERROR: ` and this text, and the status is 1.
static void check_error(void **state, const char *members, const char *expression,
                        const char *reason) {
    const char *answer = fixture_evaluate(*state, members, expression);
    if (strncmp(answer, "ERROR: ", 7) || strncmp(answer + 7, reason, strlen(reason)))
        fail_msg("%s", answer);
    assert_int_equal(((Fixture *)*state)->status, 1);
}

static void a_block_returns_from_the_method_around_it(void **state) {
    check(state, "find: n = ( #(1 2 3) do: [ :e | e = n ifTrue: [ ^e * 10 ] ]. ^0 )",
          "(self find: 2) + (self find: 9)", "20");
    check(state, "a = ( [ [ [ ^1 ] value. 2 ] value. 3 ] value. ^4 )", "self a", "1");
    check(state,
          "deep: n with: b = ( n = 0 ifTrue: [ b value: 21 ]. self deep: n - 1 with: b. ^0 )"
          "out = ( self deep: 50 with: [ :v | ^v * 2 ]. ^0 )",
          "self out", "42");
    check(state,
          "each: b = ( #(1 2 3) do: b. ^'end' )"
          "out = ( ^self perform: #each: withArguments:"
          "  (Array with: [ :e | e = 2 ifTrue: [ ^'two' ] ]) )",
          "self out", "two");
}

static void each_time_round_a_loop_has_captured_variables_of_its_own(void **state) {
    check(
        state,
        "| blocks | make = ( blocks := Array new: 3."
        "  1 to: 3 do: [ :i | | k | k := i * i. blocks at: i put: [ k ] ] )"
        "sum = ( self make. ^(blocks at: 1) value + (blocks at: 2) value + (blocks at: 3) value )",
        "self sum", "14");
    check(state,
          "out = ( 1 to: 9 do: [ :i | | k | k := i."
          "  #(1 2) do: [ :e | k + e = 7 ifTrue: [ ^k ] ] ]. ^0 )"
          "twice = ( ^self out + self out )",
          "self twice", "10");
}

static void a_block_whose_method_is_gone_is_escaped(void **state) {
    check(state, "make = ( ^[ ^42 ] ) escapedBlock: b = ( ^b class name )", "self make value",
          "Block1");
    check(state, "make = ( ^[ :x | ^x ] ) escapedBlock: b = ( ^5 )",
          "1 + (self make value: 3) + 10", "16");
    check_error(state, "make = ( ^[ ^42 ] )", "self make value", "");
}

static void what_is_not_understood_can_be_answered(void **state) {
    const char *handler = "doesNotUnderstand: s arguments: a = ( ^s + a length asString )";
    check(state, handler, "self foo", "foo0");
    check(state, handler, "self foo: 1 bar: 2", "foo:bar:2");
    check(state, handler, "self + 1", "+1");
    check(state, handler, "self perform: #foo", "foo0");
    check_error(state, handler, "(self foo: 1 bar: 2) nope: 3",
                "Symbol does not understand #nope:");
}

static void what_is_not_understood_is_an_error(void **state) {
    check_error(state, "", "self foo", "Test");
    check_error(state, "", "nil foo: 3", "Nil does not understand #foo:");
    check_error(state, "", "super foo", "Test");
}

static void an_unknown_global_can_be_answered(void **state) {
    check(state, "unknownGlobal: name = ( ^name + '!' )", "Nowhere", "Nowhere!");
    check_error(state, "", "Nowhere", "");
    check(state, "set = ( system global: #Known put: 3. ^Known )", "self set", "3");
}

static void a_class_is_loaded_when_its_name_is_met(void **state) {
    Fixture *fixture = *state;
    fixture_class(fixture, "Helper", "Helper = ( answer = ( ^42 ) ---- make = ( ^self new ) )");
    check(state, "", "Helper make answer", "42");
    fixture_class(fixture, "Broken", "Broken = ( answer = ( ^ ) )");
    assert_non_null(
        strstr(fixture_evaluate(fixture, "", "Broken new"), "ERROR: class Broken can't be loaded"));
}

static void sends_can_be_performed(void **state) {
    const char *methods = "three: a with: b = ( ^a + b + 3 ) f = ( ^1 )";
    check(state, methods, "self perform: #three:with: withArguments: (Array with: 1 with: 2)", "6");
    check(state, methods, "self perform: #f", "1");
    check(state, "", "5 perform: #+ withArguments: (Array with: 3)", "8");
    check(state, "hashcode = ( ^0 )", "(self perform: #hashcode inSuperclass: Object) ~= 0",
          "true");
    check_error(state, methods, "self perform: #three:with:",
                "#three:with: takes 2 arguments, but is performed with 0");
    check_error(state, "", "self perform: 3", "");
    check_error(state, "", "3 perform: #size inSuperclass: String", "Integer>>perform:inSuper");
}

static void fields_can_be_reached_by_number_and_name(void **state) {
    const char *members = "| a b | set = ( a := 3. b := 4. ^self )";
    check(state, members, "(self set instVarAt: 2) + (self instVarNamed: #a)", "7");
    check(state, members, "((self instVarAt: 1 put: 9) instVarAt: 1) + 9", "18");
    check_error(state, members, "self instVarAt: 3", "Test");
    check_error(state, members, "self instVarAt: 0", "Test");
    check_error(state, members, "self instVarNamed: #c", "Test");
    check_error(state, "", "#(1 2) instVarAt: 1", "Array>>instVarAt:");
    check(state, members, "self class fields length", "2");
}

static void a_method_can_be_invoked_on_its_kind_only(void **state) {
    const char *members = "plus: n = ( ^n + 1 ) first = ( ^self class methods at: 1 )";
    check(state, members, "self first invokeOn: self with: (Array with: 4)", "5");
    check(state, members, "self first signature", "plus:");
    check_error(state, members, "self first invokeOn: 3 with: (Array with: 4)", "Test");
    check_error(state, members, "self first invokeOn: self with: (Array new: 0)", "Test");
}

static void blocks_want_the_right_number_of_arguments(void **state) {
    check(state, "", "[ :a :b | a + b ] value: 3 with: 4", "7");
    check(state, "", "[ :a :b :c | a + b + c ] value: 3 with: 4 with: 5", "12");
    check(state, "", "[ :a | a ] numArgs", "1");
    check_error(state, "", "[ 1 ] value: 3", "Block1 does not understand #value:");
    check_error(state, "", "[ :a :b | a ] value: 3 with: 4 with: 5",
                "a block with 2 arguments was evaluated with 3");
    check(state, "", "[ :a :b | b isNil ] value: 3", "true");
    check(state, "", "[ :a | a isNil ] value", "true");
}

static void blocks_for_what_is_not_nil_may_take_it(void **state) {
    check(state, "try: b = ( ^4 ifNotNil: b )", "(self try: [ 5 ]) + (self try: [ :x | x ])", "9");
    check(state, "try: b = ( ^nil ifNil: [ 1 ] ifNotNil: b )", "self try: [ :x | x ]", "1");
    check(state, "", "4 ifNotNil: 6", "6");
}

static void a_method_can_be_restarted(void **state) {
    check(state,
          "| n | count = ( n isNil ifTrue: [ n := 0 ]. n := n + 1."
          "  n < 5 ifTrue: [ [ ] restart ]. ^n )",
          "self count > 4", "true");
    check(state,
          "go = ( | n b | n := 0. b := [ n := n + 1. n < 5 ]."
          "  b perform: #whileTrue: withArguments: (Array with: [ ]). ^n )",
          "self go", "5");
}

static void special_classes_make_no_instances_with_new(void **state) {
    static const char *const classes[] = {"Integer", "Double", "String", "Symbol",
                                          "Nil",     "True",   "Block1", "Method"};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        char expression[32];
        snprintf(expression, sizeof expression, "%s new", classes[i]);
        check_error(state, "", expression, classes[i]);
    }
    check(state, "", "(Array new) length", "0");
}

static void a_primitive_that_does_not_exist_is_an_error(void **state) {
    check_error(state, "strange: x = primitive", "self strange: 3", "Test");
    check_error(state, "strange = primitive", "self perform: #strange", "Test");
}

static void arrays_and_texts_keep_their_bounds(void **state) {
    check_error(state, "", "(Array new: 3) at: 0", "Array>>at: failed: index 0 of an array of 3");
    check_error(state, "", "(Array new: 3) at: 4 put: 1", "Array>>at:put: failed: index 4");
    check_error(state, "", "(Array new: 3) at: 'x'", "Array>>at: can't be done");
    check_error(state, "", "Array new: -1", "Array class>>new: failed");
    check_error(state, "", "'abc' charAt: 4", "String>>charAt: failed: index 4");
    check_error(state, "", "'abc' primSubstringFrom: 0 to: 1", "String>>primSubstring");
    check_error(state, "", "'abc' + 3 + (Array new: 1) + ('a' concatenate: 3)", "String>>concat");
    check(state, "", "'abc' primSubstringFrom: 2 to: 1", "");
}

static void the_stack_has_a_limit(void **state) {
    check_error(state, "go: n = ( ^1 + (self go: n + 1) )", "self go: 1",
                "the stack overflows (it holds 64 MiB)\n    Test");
    check_error(state, "go = ( | b | b := nil. b := [ :n | b value: n ]. ^b value: 1 )", "self go",
                "the stack overflows");
    check_error(state, "go = ( ^self perform: #go )", "self go", "the stack overflows");
}

static void the_program_can_end_itself(void **state) {
    Fixture *fixture = *state;
    fixture_evaluate(fixture, "out = ( #(1 2) do: [ :e | system exit: 7. ^3 ] )", "self out");
    assert_int_equal(fixture->status, 7);
    check(state, "", "3", "3");
    assert_int_equal(fixture->status, 0);
}

static void a_trace_names_class_selector_and_line(void **state) {
    const char *answer = fixture_evaluate(*state,
                                          "a = (\n ^self b )\n"
                                          "b = ( #(1) do: [ :e |\n e foo ] )",
                                          "self a");
    assert_non_null(strstr(answer, "    [] in Test"));
    assert_non_null(strstr(answer, ".som:4)\n    Array>>do: (Array.som:"));
    assert_non_null(strstr(answer, ">>a ("));
    assert_non_null(strstr(answer, ".som:2)\n"));
}

#define EACH_TEST(X)                                                                               \
    X(a_block_returns_from_the_method_around_it)                                                   \
    X(each_time_round_a_loop_has_captured_variables_of_its_own)                                    \
    X(a_block_whose_method_is_gone_is_escaped)                                                     \
    X(what_is_not_understood_can_be_answered)                                                      \
    X(what_is_not_understood_is_an_error)                                                          \
    X(an_unknown_global_can_be_answered)                                                           \
    X(a_class_is_loaded_when_its_name_is_met)                                                      \
    X(sends_can_be_performed)                                                                      \
    X(fields_can_be_reached_by_number_and_name)                                                    \
    X(a_method_can_be_invoked_on_its_kind_only)                                                    \
    X(blocks_want_the_right_number_of_arguments)                                                   \
    X(blocks_for_what_is_not_nil_may_take_it)                                                      \
    X(a_method_can_be_restarted)                                                                   \
    X(special_classes_make_no_instances_with_new)                                                  \
    X(a_primitive_that_does_not_exist_is_an_error)                                                 \
    X(arrays_and_texts_keep_their_bounds)                                                          \
    X(the_program_can_end_itself)                                                                  \
    X(a_trace_names_class_selector_and_line)

int main(void) {
    const struct CMUnitTest tests[] = {
#define ENTRY(name) cmocka_unit_test(name),
        EACH_TEST(ENTRY) ENTRY(the_stack_has_a_limit)};
    const struct CMUnitTest stressed[] = {EACH_TEST(ENTRY)};
    return cmocka_run_group_tests(tests, open_machine, close_machine) +
           cmocka_run_group_tests(stressed, open_stressed, close_machine);
}
