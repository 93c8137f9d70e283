// Statements, variables, literals and plain messages as bytecode.
#include "tests/unit/guest_compiling.h"

static void an_empty_method_answers_self(void **state) {
    (void)state;
    check_code("m = ( )", "returnSelf\n");
}

static void arguments_count_from_the_last_one_down(void **state) {
    (void)state;
    check_listing("a: a b: b c: c = ( ^a + b foo: c )", "a:b:c:: 3 arguments, 0 locals, 2 stack\n"
                                                        "    0  pushArgument -3  ; a\n"
                                                        "    2  pushArgument -2  ; b\n"
                                                        "    4  add 0  ; +\n"
                                                        "    6  pushArgument -1  ; c\n"
                                                        "    8  sendArguments 1 1  ; foo:\n"
                                                        "   11  returnLocal -4\n");
}

static void an_argument_can_be_assigned(void **state) {
    (void)state;
    check_code("m: a = ( a := 5. ^a )",
               "pushInteger 5; popArgument a; pushArgument a; returnLocal\n");
}

static void fields_are_accessed_through_the_receiver(void **state) {
    (void)state;
    check_code("m: a = ( f := g. ^f foo )",
               "pushFieldReceiver g; popFieldReceiver f; pushFieldReceiver f; "
               "sendArguments foo; returnLocal\n");
}

static void the_last_field_of_a_name_counts_and_locals_hide_fields(void **state) {
    (void)state;
    check_code("m = ( | f | f := 1. g := f )",
               "pushInteger 1; popLocal f; pushLocal f; popFieldReceiver g; returnSelf\n");
}

static void a_chain_of_assignments_keeps_the_value(void **state) {
    (void)state;
    check_code("m = ( | x y | ^x := y := f )",
               "pushFieldReceiver f; dup; popLocal y; dup; popLocal x; returnLocal\n");
}

static void small_integers_stand_in_the_instruction(void **state) {
    (void)state;
    check_code("m = ( ^self a: 32767 b: -32768 c: 32768 d: -32769 e: 0 )",
               "pushArgument self; pushInteger 32767; pushInteger -32768; pushConstant 32768; "
               "pushConstant -32769; pushInteger 0; sendArguments a:b:c:d:e:; returnLocal\n");
}

static void equal_literals_are_stored_once_but_arrays_are_not(void **state) {
    (void)state;
    check_listing(
        "m = ( ^self a: 'x' b: #x c: 'x' d: 1.5 e: 1.5 f: 100000 g: 100000 h: #(1) i: #(1) )",
        "m: 0 arguments, 0 locals, 10 stack\n"
        "    0  pushArgument -1  ; self\n"
        "    2  pushConstant 0  ; 'x'\n"
        "    4  pushConstant 1  ; #'x'\n"
        "    6  pushConstant 0  ; 'x'\n"
        "    8  pushConstant 2  ; 1.5\n"
        "   10  pushConstant 2  ; 1.5\n"
        "   12  pushConstant 3  ; 100000\n"
        "   14  pushConstant 3  ; 100000\n"
        "   16  pushConstant 4  ; #(1)\n"
        "   18  pushConstant 5  ; #(1)\n"
        "   20  sendArguments 0 9  ; a:b:c:d:e:f:g:h:i:\n"
        "   23  returnLocal -1\n");
}

static void zero_and_negative_zero_are_two_literals(void **state) {
    (void)state;
    check_listing("m = ( ^self a: 0.0 b: -0.0 )", "m: 0 arguments, 0 locals, 3 stack\n"
                                                  "    0  pushArgument -1  ; self\n"
                                                  "    2  pushConstant 0  ; 0.0\n"
                                                  "    4  pushConstant 1  ; -0.0\n"
                                                  "    6  sendArguments 0 2  ; a:b:\n"
                                                  "    9  returnLocal -1\n");
}

static void constants_have_their_own_instructions(void **state) {
    (void)state;
    check_code("m = ( ^self a: nil b: true c: false d: self )",
               "pushArgument self; pushNil; pushTrue; pushFalse; pushArgument self; "
               "sendArguments a:b:c:d:; returnLocal\n");
}

static void unknown_names_are_globals(void **state) {
    (void)state;
    check_code("m = ( ^Foo bar: system )",
               "pushGlobal Foo; pushGlobal system; sendArguments bar:; returnLocal\n");
}

static void a_global_is_read_even_if_its_value_is_not_wanted(void **state) {
    (void)state;
    check_code("m = ( | x | Foo. x. f. self. 3. [ 4 ] )", "pushGlobal Foo; pop; returnSelf\n");
}

static void operators_have_their_own_instructions(void **state) {
    (void)state;
    check_code("m: a = ( ^(((((((((((a + 1) - 2) * 3) // 4) & 5) < 6) <= 7) > 8) >= 9) = 10) <> "
               "11) ~= 12 )",
               "pushArgument a; pushInteger 1; add +; pushInteger 2; subtract -; "
               "pushInteger 3; multiply *; pushInteger 4; divideFloat //; pushInteger 5; "
               "bitAnd &; pushInteger 6; less <; pushInteger 7; lessOrEqual <=; "
               "pushInteger 8; greater >; pushInteger 9; greaterOrEqual >=; pushInteger 10; "
               "equal =; pushInteger 11; unequal <>; pushInteger 12; sendArguments ~=; "
               "returnLocal\n");
}

static void elements_identity_and_tests_for_nil_have_their_own_instructions(void **state) {
    (void)state;
    check_code("m: a = ( f at: 1 put: (a at: a length). ^f isNil == a notNil not )",
               "pushFieldReceiver f; pushInteger 1; pushArgument a; pushArgument a; length length; "
               "at at:; atPut at:put:; pop; pushFieldReceiver f; isNil isNil; "
               "pushArgument a; notNil notNil; not not; identical ==; returnLocal\n");
    check_code("m: a = ( ^super at: a )",
               "pushArgument self; pushArgument a; superSendArguments at:; returnLocal\n");
}

static void a_statement_drops_its_value(void **state) {
    (void)state;
    check_code("m = ( self foo. f + 1 )",
               "pushArgument self; sendArguments foo; pop; pushFieldReceiver f; "
               "pushInteger 1; add +; pop; returnSelf\n");
}

static void super_sends_begin_with_self(void **state) {
    (void)state;
    check_code("m: a = ( super + 1. ^super m: a )",
               "pushArgument self; pushInteger 1; superSendArguments +; pop; "
               "pushArgument self; pushArgument a; superSendArguments m:; returnLocal\n");
}

static void super_alone_is_self(void **state) {
    (void)state;
    check_code("m = ( ^super )", "pushArgument self; returnLocal\n");
}

static void an_inlined_selector_sent_to_super_is_sent(void **state) {
    (void)state;
    check_code("m = ( ^super ifTrue: [ 1 ] )",
               "pushArgument self; pushBlockReceiver [0 arguments]; "
               "superSendArguments ifTrue:; returnLocal\n"
               "block:\n"
               "pushInteger 1; returnLocal\n");
}

static void a_primitive_has_no_code(void **state) {
    (void)state;
    check_listing("m: a = primitive", "m:: 1 arguments, 0 locals, 0 stack, primitive\n");
}

static void literals_of_all_kinds_are_listed(void **state) {
    (void)state;
    check_listing(
        "m = ( ^#(1 2.5 'a\\n\\'' #b:c: #(#+ -3)) )",
        "m: 0 arguments, 0 locals, 1 stack, constant #(1 2.5 'a\\n\\'' #'b:c:' #(#'+' -3))\n"
        "    0  pushConstant 0  ; #(1 2.5 'a\\n\\'' #'b:c:' #(#'+' -3))\n"
        "    2  returnLocal -1\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_method_answers_self),
        cmocka_unit_test(arguments_count_from_the_last_one_down),
        cmocka_unit_test(an_argument_can_be_assigned),
        cmocka_unit_test(fields_are_accessed_through_the_receiver),
        cmocka_unit_test(the_last_field_of_a_name_counts_and_locals_hide_fields),
        cmocka_unit_test(a_chain_of_assignments_keeps_the_value),
        cmocka_unit_test(small_integers_stand_in_the_instruction),
        cmocka_unit_test(equal_literals_are_stored_once_but_arrays_are_not),
        cmocka_unit_test(zero_and_negative_zero_are_two_literals),
        cmocka_unit_test(constants_have_their_own_instructions),
        cmocka_unit_test(unknown_names_are_globals),
        cmocka_unit_test(a_global_is_read_even_if_its_value_is_not_wanted),
        cmocka_unit_test(operators_have_their_own_instructions),
        cmocka_unit_test(elements_identity_and_tests_for_nil_have_their_own_instructions),
        cmocka_unit_test(a_statement_drops_its_value),
        cmocka_unit_test(super_sends_begin_with_self),
        cmocka_unit_test(super_alone_is_self),
        cmocka_unit_test(an_inlined_selector_sent_to_super_is_sent),
        cmocka_unit_test(a_primitive_has_no_code),
        cmocka_unit_test(literals_of_all_kinds_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
