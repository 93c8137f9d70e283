// Statements, variables, literals and plain messages as bytecode.
#include "tests/unit/guest_compiling.h"

static void an_empty_method_answers_self(void **state) {
    (void)state;
    check_listing("m = ( )", "m: 0 arguments, 0 locals, 0 stack\n"
                             "    0  returnSelf -1\n");
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
    check_listing("m: a = ( a := 5. ^a )", "m:: 1 arguments, 0 locals, 1 stack\n"
                                           "    0  pushInteger 5\n"
                                           "    2  popArgument -1  ; a\n"
                                           "    4  pushArgument -1  ; a\n"
                                           "    6  returnLocal -2\n");
}

static void fields_are_accessed_through_the_receiver(void **state) {
    (void)state;
    check_listing("m: a = ( f := g. ^f foo )", "m:: 1 arguments, 0 locals, 1 stack\n"
                                               "    0  pushFieldReceiver 1 -2  ; g\n"
                                               "    3  popFieldReceiver 0 -2  ; f\n"
                                               "    6  pushFieldReceiver 0 -2  ; f\n"
                                               "    9  sendArguments 0 0  ; foo\n"
                                               "   12  returnLocal -2\n");
}

static void the_last_field_of_a_name_counts_and_locals_hide_fields(void **state) {
    (void)state;
    check_listing("m = ( | f | f := 1. g := f )", "m: 0 arguments, 1 locals, 1 stack\n"
                                                  "    0  pushInteger 1\n"
                                                  "    2  popLocal 0  ; f\n"
                                                  "    4  pushLocal 0  ; f\n"
                                                  "    6  popFieldReceiver 1 -1  ; g\n"
                                                  "    9  returnSelf -1\n");
}

static void a_chain_of_assignments_keeps_the_value(void **state) {
    (void)state;
    check_listing("m = ( | x y | ^x := y := f )", "m: 0 arguments, 2 locals, 2 stack\n"
                                                  "    0  pushFieldReceiver 0 -1  ; f\n"
                                                  "    3  dup\n"
                                                  "    4  popLocal 1  ; y\n"
                                                  "    6  dup\n"
                                                  "    7  popLocal 0  ; x\n"
                                                  "    9  returnLocal -1\n");
}

static void small_integers_stand_in_the_instruction(void **state) {
    (void)state;
    check_listing("m = ( ^self a: 32767 b: -32768 c: 32768 d: -32769 e: 0 )",
                  "m: 0 arguments, 0 locals, 6 stack\n"
                  "    0  pushArgument -1  ; self\n"
                  "    2  pushInteger 32767\n"
                  "    4  pushInteger -32768\n"
                  "    6  pushConstant 0  ; 32768\n"
                  "    8  pushConstant 1  ; -32769\n"
                  "   10  pushInteger 0\n"
                  "   12  sendArguments 0 5  ; a:b:c:d:e:\n"
                  "   15  returnLocal -1\n");
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
    check_listing("m = ( ^self a: nil b: true c: false d: self )",
                  "m: 0 arguments, 0 locals, 5 stack\n"
                  "    0  pushArgument -1  ; self\n"
                  "    2  pushNil\n"
                  "    3  pushTrue\n"
                  "    4  pushFalse\n"
                  "    5  pushArgument -1  ; self\n"
                  "    7  sendArguments 0 4  ; a:b:c:d:\n"
                  "   10  returnLocal -1\n");
}

static void unknown_names_are_globals(void **state) {
    (void)state;
    check_listing("m = ( ^Foo bar: system )", "m: 0 arguments, 0 locals, 2 stack\n"
                                              "    0  pushGlobal 0  ; Foo\n"
                                              "    2  pushGlobal 1  ; system\n"
                                              "    4  sendArguments 2 1  ; bar:\n"
                                              "    7  returnLocal -1\n");
}

static void a_global_is_read_even_if_its_value_is_not_wanted(void **state) {
    (void)state;
    check_listing("m = ( | x | Foo. x. f. self. 3. [ 4 ] )", "m: 0 arguments, 1 locals, 1 stack\n"
                                                             "    0  pushGlobal 0  ; Foo\n"
                                                             "    2  pop\n"
                                                             "    3  returnSelf -1\n");
}

static void operators_have_their_own_instructions(void **state) {
    (void)state;
    check_listing("m: a = ( ^(((((((((((a + 1) - 2) * 3) // 4) & 5) < 6) <= 7) > 8) >= 9) = 10) <> "
                  "11) ~= 12 )",
                  "m:: 1 arguments, 0 locals, 2 stack\n"
                  "    0  pushArgument -1  ; a\n"
                  "    2  pushInteger 1\n"
                  "    4  add 0  ; +\n"
                  "    6  pushInteger 2\n"
                  "    8  subtract 1  ; -\n"
                  "   10  pushInteger 3\n"
                  "   12  multiply 2  ; *\n"
                  "   14  pushInteger 4\n"
                  "   16  divideFloat 3  ; //\n"
                  "   18  pushInteger 5\n"
                  "   20  bitAnd 4  ; &\n"
                  "   22  pushInteger 6\n"
                  "   24  less 5  ; <\n"
                  "   26  pushInteger 7\n"
                  "   28  lessOrEqual 6  ; <=\n"
                  "   30  pushInteger 8\n"
                  "   32  greater 7  ; >\n"
                  "   34  pushInteger 9\n"
                  "   36  greaterOrEqual 8  ; >=\n"
                  "   38  pushInteger 10\n"
                  "   40  equal 9  ; =\n"
                  "   42  pushInteger 11\n"
                  "   44  unequal 10  ; <>\n"
                  "   46  pushInteger 12\n"
                  "   48  sendArguments 11 1  ; ~=\n"
                  "   51  returnLocal -2\n");
}

static void a_statement_drops_its_value(void **state) {
    (void)state;
    check_listing("m = ( self foo. f + 1 )", "m: 0 arguments, 0 locals, 2 stack\n"
                                             "    0  pushArgument -1  ; self\n"
                                             "    2  sendArguments 0 0  ; foo\n"
                                             "    5  pop\n"
                                             "    6  pushFieldReceiver 0 -1  ; f\n"
                                             "    9  pushInteger 1\n"
                                             "   11  add 1  ; +\n"
                                             "   13  pop\n"
                                             "   14  returnSelf -1\n");
}

static void super_sends_begin_with_self(void **state) {
    (void)state;
    check_listing("m: a = ( super + 1. ^super m: a )", "m:: 1 arguments, 0 locals, 2 stack\n"
                                                       "    0  pushArgument -2  ; self\n"
                                                       "    2  pushInteger 1\n"
                                                       "    4  superSendArguments 0 1  ; +\n"
                                                       "    7  pop\n"
                                                       "    8  pushArgument -2  ; self\n"
                                                       "   10  pushArgument -1  ; a\n"
                                                       "   12  superSendArguments 1 1  ; m:\n"
                                                       "   15  returnLocal -2\n");
}

static void super_alone_is_self(void **state) {
    (void)state;
    check_listing("m = ( ^super )", "m: 0 arguments, 0 locals, 1 stack\n"
                                    "    0  pushArgument -1  ; self\n"
                                    "    2  returnLocal -1\n");
}

static void an_inlined_selector_sent_to_super_is_sent(void **state) {
    (void)state;
    check_listing("m = ( ^super ifTrue: [ 1 ] )", "m: 0 arguments, 0 locals, 2 stack\n"
                                                  "    0  pushArgument -1  ; self\n"
                                                  "    2  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                                                  "    5  superSendArguments 0 1  ; ifTrue:\n"
                                                  "    8  returnLocal -1\n"
                                                  "  block in m: 0 arguments, 0 locals, 1 stack\n"
                                                  "      0  pushInteger 1\n"
                                                  "      2  returnLocal -1\n");
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
        cmocka_unit_test(a_statement_drops_its_value),
        cmocka_unit_test(super_sends_begin_with_self),
        cmocka_unit_test(super_alone_is_self),
        cmocka_unit_test(an_inlined_selector_sent_to_super_is_sent),
        cmocka_unit_test(a_primitive_has_no_code),
        cmocka_unit_test(literals_of_all_kinds_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
