// Blocks that become objects: captured variables, contexts, homes.
#include "tests/unit/guest_compiling.h"

static void a_block_answers_its_last_statement(void **state) {
    (void)state;
    check_listing("m = ( ^[ f foo. g bar ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                               "    0  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                                               "    3  returnLocal -1\n"
                                               "  block in m: 0 arguments, 0 locals, 1 stack\n"
                                               "      0  pushFieldReceiver 0 -1  ; f\n"
                                               "      3  sendArguments 0 0  ; foo\n"
                                               "      6  pop\n"
                                               "      7  pushFieldReceiver 1 -1  ; g\n"
                                               "     10  sendArguments 1 0  ; bar\n"
                                               "     13  returnLocal -1\n");
}

static void an_empty_block_answers_nil(void **state) {
    (void)state;
    check_listing("m = ( ^[ ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                  "    0  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                                  "    3  returnLocal -1\n"
                                  "  block in m: 0 arguments, 0 locals, 1 stack\n"
                                  "      0  pushNil\n"
                                  "      1  returnLocal -1\n");
}

static void an_assignment_at_the_end_of_a_block_is_its_value(void **state) {
    (void)state;
    check_listing("m = ( ^[ f := 1 ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                         "    0  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                                         "    3  returnLocal -1\n"
                                         "  block in m: 0 arguments, 0 locals, 2 stack\n"
                                         "      0  pushInteger 1\n"
                                         "      2  dup\n"
                                         "      3  popFieldReceiver 0 -1  ; f\n"
                                         "      6  returnLocal -1\n");
}

static void block_arguments_stand_on_the_stack(void **state) {
    (void)state;
    check_listing("m = ( ^[ :a :b | | c | c := a. c + b + f ] )",
                  "m: 0 arguments, 0 locals, 1 stack\n"
                  "    0  pushBlockReceiver 0 -1  ; [2 arguments]\n"
                  "    3  returnLocal -1\n"
                  "  block in m: 2 arguments, 1 locals, 2 stack\n"
                  "      0  pushArgument -2  ; a\n"
                  "      2  popLocal 0  ; c\n"
                  "      4  pushLocal 0  ; c\n"
                  "      6  pushArgument -1  ; b\n"
                  "      8  add 0  ; +\n"
                  "     10  pushFieldReceiver 0 -3  ; f\n"
                  "     13  add 1  ; +\n"
                  "     15  returnLocal -3\n");
}

static void a_captured_local_lives_in_a_context(void **state) {
    (void)state;
    check_listing("m = ( | x y | x := 1. y := 2. ^[ x := x + 1 ] )",
                  "m: 0 arguments, 1 locals, 1 stack\n"
                  "    0  pushContext 1\n"
                  "    2  pushInteger 1\n"
                  "    4  popCapturedDepth 0 0\n"
                  "    7  pushInteger 2\n"
                  "    9  popLocal 0  ; y\n"
                  "   11  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                  "   14  returnLocal -1\n"
                  "  block in m: 0 arguments, 0 locals, 2 stack\n"
                  "      0  pushCapturedDepth 0 1\n"
                  "      3  pushInteger 1\n"
                  "      5  add 0  ; +\n"
                  "      7  dup\n"
                  "      8  popCapturedDepth 0 1\n"
                  "     11  returnLocal -1\n");
}

static void a_captured_argument_is_copied_and_still_read_from_the_stack(void **state) {
    (void)state;
    check_listing("m: a = ( a foo. ^[ a ] )", "m:: 1 arguments, 0 locals, 1 stack\n"
                                              "    0  pushContext 1\n"
                                              "    2  pushArgument -1  ; a\n"
                                              "    4  popCapturedDepth 0 0\n"
                                              "    7  pushArgument -1  ; a\n"
                                              "    9  sendArguments 0 0  ; foo\n"
                                              "   12  pop\n"
                                              "   13  pushBlockReceiver 0 -2  ; [0 arguments]\n"
                                              "   16  returnLocal -2\n"
                                              "  block in m:: 0 arguments, 0 locals, 1 stack\n"
                                              "      0  pushCapturedDepth 0 1\n"
                                              "      3  returnLocal -1\n");
}

static void a_captured_argument_that_is_assigned_is_read_from_the_context(void **state) {
    (void)state;
    check_listing("m: a = ( a := 3. a foo. ^[ a ] )",
                  "m:: 1 arguments, 0 locals, 1 stack\n"
                  "    0  pushContext 1\n"
                  "    2  pushArgument -1  ; a\n"
                  "    4  popCapturedDepth 0 0\n"
                  "    7  pushInteger 3\n"
                  "    9  popCapturedDepth 0 0\n"
                  "   12  pushCapturedDepth 0 0\n"
                  "   15  sendArguments 0 0  ; foo\n"
                  "   18  pop\n"
                  "   19  pushBlockReceiver 0 -2  ; [0 arguments]\n"
                  "   22  returnLocal -2\n"
                  "  block in m:: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushCapturedDepth 0 1\n"
                  "      3  returnLocal -1\n");
}

static void a_block_without_context_of_its_own_still_counts_as_a_step_outwards(void **state) {
    (void)state;
    check_listing("m: a = ( ^[ [ [ a ] ] ] )",
                  "m:: 1 arguments, 0 locals, 1 stack\n"
                  "    0  pushContext 1\n"
                  "    2  pushArgument -1  ; a\n"
                  "    4  popCapturedDepth 0 0\n"
                  "    7  pushBlockReceiver 0 -2  ; [0 arguments]\n"
                  "   10  returnLocal -2\n"
                  "  block in m:: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                  "      3  returnLocal -1\n"
                  "    block in m:: 0 arguments, 0 locals, 1 stack\n"
                  "        0  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                  "        3  returnLocal -1\n"
                  "      block in m:: 0 arguments, 0 locals, 1 stack\n"
                  "          0  pushCapturedDepth 0 3\n"
                  "          3  returnLocal -1\n");
}

static void contexts_between_are_steps_outwards(void **state) {
    (void)state;
    check_listing("m: a = ( ^[ :b | [ :c | a + b + c. [ a + b + c ] ] ] )",
                  "m:: 1 arguments, 0 locals, 1 stack\n"
                  "    0  pushContext 1\n"
                  "    2  pushArgument -1  ; a\n"
                  "    4  popCapturedDepth 0 0\n"
                  "    7  pushBlockReceiver 0 -2  ; [1 arguments]\n"
                  "   10  returnLocal -2\n"
                  "  block in m:: 1 arguments, 0 locals, 1 stack\n"
                  "      0  pushContext 1\n"
                  "      2  pushArgument -1  ; b\n"
                  "      4  popCapturedDepth 0 0\n"
                  "      7  pushBlockReceiver 0 -2  ; [1 arguments]\n"
                  "     10  returnLocal -2\n"
                  "    block in m:: 1 arguments, 0 locals, 2 stack\n"
                  "        0  pushContext 1\n"
                  "        2  pushArgument -1  ; c\n"
                  "        4  popCapturedDepth 0 0\n"
                  "        7  pushCapturedDepth 0 4\n"
                  "       10  pushCapturedDepth 0 2\n"
                  "       13  add 0  ; +\n"
                  "       15  pushArgument -1  ; c\n"
                  "       17  add 1  ; +\n"
                  "       19  pop\n"
                  "       20  pushBlockReceiver 0 -2  ; [0 arguments]\n"
                  "       23  returnLocal -2\n"
                  "      block in m:: 0 arguments, 0 locals, 2 stack\n"
                  "          0  pushCapturedDepth 0 5\n"
                  "          3  pushCapturedDepth 0 3\n"
                  "          6  add 0  ; +\n"
                  "          8  pushCapturedDepth 0 1\n"
                  "         11  add 1  ; +\n"
                  "         13  returnLocal -1\n");
}

static void a_return_in_a_block_makes_the_method_a_home(void **state) {
    (void)state;
    check_listing("m: a = ( f do: [ :e | e = a ifTrue: [ ^e ] ]. ^nil )",
                  "m:: 1 arguments, 0 locals, 2 stack\n"
                  "    0  pushHome 1\n"
                  "    2  pushArgument -1  ; a\n"
                  "    4  popCapturedDepth 0 0\n"
                  "    7  pushFieldReceiver 0 -2  ; f\n"
                  "   10  pushBlockReceiver 0 -2  ; [1 arguments]\n"
                  "   13  sendArguments 0 1  ; do:\n"
                  "   16  pop\n"
                  "   17  pushNil\n"
                  "   18  returnHome -2\n"
                  "  block in m:: 1 arguments, 0 locals, 2 stack\n"
                  "      0  pushArgument -1  ; e\n"
                  "      2  pushCapturedDepth 0 1\n"
                  "      5  equal 0  ; =\n"
                  "      7  jumpIfFalseOther 15 18\n"
                  "     12  pushArgument -1  ; e\n"
                  "     14  returnNonLocal\n"
                  "     15  pushNil\n"
                  "     16  returnLocal -2\n"
                  "     18  detour\n");
}

static void a_home_is_left_however_the_method_returns(void **state) {
    (void)state;
    check_listing("m = ( f do: [ :e | ^e ] )", "m: 0 arguments, 0 locals, 2 stack\n"
                                               "    0  pushHome 0\n"
                                               "    2  pushFieldReceiver 0 -1  ; f\n"
                                               "    5  pushBlockReceiver 0 -1  ; [1 arguments]\n"
                                               "    8  sendArguments 0 1  ; do:\n"
                                               "   11  pop\n"
                                               "   12  pushArgument -1  ; self\n"
                                               "   14  returnHome -1\n"
                                               "  block in m: 1 arguments, 0 locals, 1 stack\n"
                                               "      0  pushArgument -1  ; e\n"
                                               "      2  returnNonLocal\n");
    check_listing("m = ( f do: [ :e | ^e ]. ^self )",
                  "m: 0 arguments, 0 locals, 2 stack\n"
                  "    0  pushHome 0\n"
                  "    2  pushFieldReceiver 0 -1  ; f\n"
                  "    5  pushBlockReceiver 0 -1  ; [1 arguments]\n"
                  "    8  sendArguments 0 1  ; do:\n"
                  "   11  pop\n"
                  "   12  pushArgument -1  ; self\n"
                  "   14  returnHome -1\n"
                  "  block in m: 1 arguments, 0 locals, 1 stack\n"
                  "      0  pushArgument -1  ; e\n"
                  "      2  returnNonLocal\n");
}

static void self_in_a_block_is_the_receiver_of_its_frame(void **state) {
    (void)state;
    check_listing("m = ( ^[ :a | self foo: f. super bar ] )",
                  "m: 0 arguments, 0 locals, 1 stack\n"
                  "    0  pushBlockReceiver 0 -1  ; [1 arguments]\n"
                  "    3  returnLocal -1\n"
                  "  block in m: 1 arguments, 0 locals, 2 stack\n"
                  "      0  pushArgument -2  ; self\n"
                  "      2  pushFieldReceiver 0 -2  ; f\n"
                  "      5  sendArguments 0 1  ; foo:\n"
                  "      8  pop\n"
                  "      9  pushArgument -2  ; self\n"
                  "     11  superSendArguments 1 0  ; bar\n"
                  "     14  returnLocal -2\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_answers_its_last_statement),
        cmocka_unit_test(an_empty_block_answers_nil),
        cmocka_unit_test(an_assignment_at_the_end_of_a_block_is_its_value),
        cmocka_unit_test(block_arguments_stand_on_the_stack),
        cmocka_unit_test(a_captured_local_lives_in_a_context),
        cmocka_unit_test(a_captured_argument_is_copied_and_still_read_from_the_stack),
        cmocka_unit_test(a_captured_argument_that_is_assigned_is_read_from_the_context),
        cmocka_unit_test(a_block_without_context_of_its_own_still_counts_as_a_step_outwards),
        cmocka_unit_test(contexts_between_are_steps_outwards),
        cmocka_unit_test(a_return_in_a_block_makes_the_method_a_home),
        cmocka_unit_test(a_home_is_left_however_the_method_returns),
        cmocka_unit_test(self_in_a_block_is_the_receiver_of_its_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
