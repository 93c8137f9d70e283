// Blocks that become objects: captured variables, contexts, homes.
#include "tests/unit/guest_compiling.h"

static void a_block_answers_its_last_statement(void **state) {
    (void)state;
    check_code("m = ( ^[ f foo. g bar ] )",
               "pushBlockReceiver [0 arguments]; returnLocal\n"
               "block:\n"
               "pushFieldReceiver f; sendArguments foo; pop; pushFieldReceiver g; "
               "sendArguments bar; returnLocal\n");
}

static void an_empty_block_answers_nil(void **state) {
    (void)state;
    check_code("m = ( ^[ ] )", "pushBlockReceiver [0 arguments]; returnLocal\n"
                               "block:\n"
                               "pushNil; returnLocal\n");
}

static void an_assignment_at_the_end_of_a_block_is_its_value(void **state) {
    (void)state;
    check_code("m = ( ^[ f := 1 ] )", "pushBlockReceiver [0 arguments]; returnLocal\n"
                                      "block:\n"
                                      "pushInteger 1; dup; popFieldReceiver f; returnLocal\n");
}

static void block_arguments_stand_on_the_stack(void **state) {
    (void)state;
    check_code("m = ( ^[ :a :b | | c | c := a. c + b + f ] )",
               "pushBlockReceiver [2 arguments]; returnLocal\n"
               "block:\n"
               "pushArgument a; popLocal c; pushLocal c; pushArgument b; add +; "
               "pushFieldReceiver f; add +; returnLocal\n");
}

static void a_captured_local_lives_in_a_context(void **state) {
    (void)state;
    check_code("m = ( | x y | x := 1. y := 2. ^[ x := x + 1 ] )",
               "pushContext 1; pushInteger 1; popCapturedDepth 0 0; pushInteger 2; "
               "popLocal y; pushBlockReceiver [0 arguments]; returnLocal\n"
               "block:\n"
               "pushCapturedDepth 0 1; pushInteger 1; add +; dup; popCapturedDepth 0 1; "
               "returnLocal\n");
}

static void a_captured_argument_is_copied_and_still_read_from_the_stack(void **state) {
    (void)state;
    check_code("m: a = ( a foo. ^[ a ] )",
               "pushContext 1; pushArgument a; popCapturedDepth 0 0; pushArgument a; "
               "sendArguments foo; pop; pushBlockReceiver [0 arguments]; returnLocal\n"
               "block:\n"
               "pushCapturedDepth 0 1; returnLocal\n");
}

static void a_captured_argument_that_is_assigned_is_read_from_the_context(void **state) {
    (void)state;
    check_code("m: a = ( a := 3. a foo. ^[ a ] )",
               "pushContext 1; pushArgument a; popCapturedDepth 0 0; pushInteger 3; "
               "popCapturedDepth 0 0; pushCapturedDepth 0 0; sendArguments foo; pop; "
               "pushBlockReceiver [0 arguments]; returnLocal\n"
               "block:\n"
               "pushCapturedDepth 0 1; returnLocal\n");
}

static void a_block_without_context_of_its_own_still_counts_as_a_step_outwards(void **state) {
    (void)state;
    check_code("m: a = ( ^[ [ [ a ] ] ] )", "pushContext 1; pushArgument a; popCapturedDepth 0 0; "
                                            "pushBlockReceiver [0 arguments]; returnLocal\n"
                                            "block:\n"
                                            "pushBlockReceiver [0 arguments]; returnLocal\n"
                                            "block:\n"
                                            "pushBlockReceiver [0 arguments]; returnLocal\n"
                                            "block:\n"
                                            "pushCapturedDepth 0 3; returnLocal\n");
}

static void contexts_between_are_steps_outwards(void **state) {
    (void)state;
    check_code("m: a = ( ^[ :b | [ :c | a + b + c. [ a + b + c ] ] ] )",
               "pushContext 1; pushArgument a; popCapturedDepth 0 0; "
               "pushBlockReceiver [1 arguments]; returnLocal\n"
               "block:\n"
               "pushContext 1; pushArgument b; popCapturedDepth 0 0; "
               "pushBlockReceiver [1 arguments]; returnLocal\n"
               "block:\n"
               "pushContext 1; pushArgument c; popCapturedDepth 0 0; pushCapturedDepth 0 4; "
               "pushCapturedDepth 0 2; add +; pushArgument c; add +; pop; "
               "pushBlockReceiver [0 arguments]; returnLocal\n"
               "block:\n"
               "pushCapturedDepth 0 5; pushCapturedDepth 0 3; add +; pushCapturedDepth 0 1; "
               "add +; returnLocal\n");
}

static void a_return_in_a_block_makes_the_method_a_home(void **state) {
    (void)state;
    check_code("m: a = ( f do: [ :e | e = a ifTrue: [ ^e ] ]. ^nil )",
               "pushHome 1; pushArgument a; popCapturedDepth 0 0; pushFieldReceiver f; "
               "pushBlockReceiver [1 arguments]; sendArguments do:; pop; pushNil; returnHome\n"
               "block:\n"
               "pushArgument e; pushCapturedDepth 0 1; equal =; jumpIfFalseOther a b\n"
               "pushArgument e; returnNonLocal\n"
               "a: pushNil; returnLocal\n"
               "b: replaceFrame\n");
}

static void a_home_is_left_however_the_method_returns(void **state) {
    (void)state;
    check_code("m = ( f do: [ :e | ^e ] )",
               "pushHome 0; pushFieldReceiver f; pushBlockReceiver [1 arguments]; "
               "sendArguments do:; pop; pushArgument self; returnHome\n"
               "block:\n"
               "pushArgument e; returnNonLocal\n");
    check_code("m = ( f do: [ :e | ^e ]. ^self )",
               "pushHome 0; pushFieldReceiver f; pushBlockReceiver [1 arguments]; "
               "sendArguments do:; pop; pushArgument self; returnHome\n"
               "block:\n"
               "pushArgument e; returnNonLocal\n");
}

static void self_in_a_block_is_the_receiver_of_its_frame(void **state) {
    (void)state;
    check_code("m = ( ^[ :a | self foo: f. super bar ] )",
               "pushBlockReceiver [1 arguments]; returnLocal\n"
               "block:\n"
               "pushArgument self; pushFieldReceiver f; sendArguments foo:; pop; "
               "pushArgument self; superSendArguments bar; returnLocal\n");
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
