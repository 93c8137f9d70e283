// Inlined conditions and nil tests.
#include "tests/unit/guest_compiling.h"

static void a_branch_without_value_just_jumps(void **state) {
    (void)state;
    check_code("m = ( f ifTrue: [ self foo ] )", "pushFieldReceiver f; jumpIfFalseOther a b\n"
                                                 "pushArgument self; sendArguments foo; pop\n"
                                                 "a: returnSelf\n"
                                                 "b: replaceFrame\n");
    check_code("m = ( f ifFalse: [ self foo ] )", "pushFieldReceiver f; jumpIfTrueOther a b\n"
                                                  "pushArgument self; sendArguments foo; pop\n"
                                                  "a: returnSelf\n"
                                                  "b: replaceFrame\n");
}

static void a_missing_branch_gives_nil(void **state) {
    (void)state;
    check_code("m = ( ^f ifTrue: [ 1 ] )", "pushFieldReceiver f; jumpIfFalseOther a c\n"
                                           "pushInteger 1; jump b\n"
                                           "a: pushNil\n"
                                           "b: returnLocal\n"
                                           "c: replaceFrame\n");
}

static void two_branches_in_either_order(void **state) {
    (void)state;
    check_code("m = ( ^f ifTrue: [ 1 ] ifFalse: [ 2 ] )",
               "pushFieldReceiver f; jumpIfFalseOther a c\n"
               "pushInteger 1; jump b\n"
               "a: pushInteger 2\n"
               "b: returnLocal\n"
               "c: replaceFrame\n");
    check_code("m = ( ^f ifFalse: [ 1 ] ifTrue: [ 2 ] )",
               "pushFieldReceiver f; jumpIfTrueOther a c\n"
               "pushInteger 1; jump b\n"
               "a: pushInteger 2\n"
               "b: returnLocal\n"
               "c: replaceFrame\n");
    check_code("m = ( f ifTrue: [ self a ] ifFalse: [ self b ] )",
               "pushFieldReceiver f; jumpIfFalseOther a c\n"
               "pushArgument self; sendArguments a; pop; jump b\n"
               "a: pushArgument self; sendArguments b; pop\n"
               "b: returnSelf\n"
               "c: replaceFrame\n");
}

static void nothing_follows_a_branch_that_returns(void **state) {
    (void)state;
    check_code("m = ( f ifTrue: [ ^1 ] ifFalse: [ ^2 ] )",
               "pushFieldReceiver f; jumpIfFalseOther a b\n"
               "pushInteger 1; returnLocal\n"
               "a: pushInteger 2; returnLocal\n"
               "b: replaceFrame\n");
}

static void a_known_condition_needs_no_test(void **state) {
    (void)state;
    check_code("m = ( true ifTrue: [ self foo ]. false ifTrue: [ self bar ] )",
               "pushTrue; jumpIfFalseOther a c\n"
               "pushArgument self; sendArguments foo; pop\n"
               "a: pushFalse; jumpIfFalseOther b d\n"
               "pushArgument self; sendArguments bar; pop\n"
               "b: returnSelf\n"
               "c: replaceFrame\n"
               "d: replaceFrame\n");
    check_code("m = ( true ifTrue: [ ^1 ]. ^2 )", "pushTrue; jumpIfFalseOther a b\n"
                                                  "pushInteger 1; returnLocal\n"
                                                  "a: pushInteger 2; returnLocal\n"
                                                  "b: replaceFrame\n");
}

static void and_or_as_values(void **state) {
    (void)state;
    check_code("m = ( ^f and: [ g ] )", "pushFieldReceiver f; jumpIfFalseOther a c\n"
                                        "pushFieldReceiver g; jump b\n"
                                        "a: pushFalse\n"
                                        "b: returnLocal\n"
                                        "c: replaceFrame\n");
    check_code("m = ( ^f || [ g ] )", "pushFieldReceiver f; jumpIfTrueOther a c\n"
                                      "pushFieldReceiver g; jump b\n"
                                      "a: pushTrue\n"
                                      "b: returnLocal\n"
                                      "c: replaceFrame\n");
}

static void and_or_as_statements(void **state) {
    (void)state;
    check_code("m = ( f and: [ self foo ] )", "pushFieldReceiver f; jumpIfFalseOther a b\n"
                                              "pushArgument self; sendArguments foo; pop\n"
                                              "a: returnSelf\n"
                                              "b: replaceFrame\n");
    check_code("m = ( f or: [ self foo ] )", "pushFieldReceiver f; jumpIfTrueOther a b\n"
                                             "pushArgument self; sendArguments foo; pop\n"
                                             "a: returnSelf\n"
                                             "b: replaceFrame\n");
}

static void and_or_as_conditions_jump_at_once(void **state) {
    (void)state;
    check_code("m = ( ^((f and: [ g ]) or: [ self foo ]) ifTrue: [ 1 ] ifFalse: [ 2 ] )",
               "pushFieldReceiver f; jumpIfFalseOther a g\n"
               "pushFieldReceiver g; jumpIfTrueOther b f\n"
               "a: pushArgument self; sendArguments foo; jumpIfFalseOther c e\n"
               "b: pushInteger 1; jump d\n"
               "c: pushInteger 2\n"
               "d: returnLocal\n"
               "e: replaceFrame\n"
               "f: replaceFrame\n"
               "g: replaceFrame\n");
    check_code("m = ( (f or: [ g ]) ifFalse: [ self foo ] )",
               "pushFieldReceiver f; jumpIfTrueOther a c\n"
               "pushFieldReceiver g; jumpIfTrueOther a b\n"
               "pushArgument self; sendArguments foo; pop\n"
               "a: returnSelf\n"
               "b: replaceFrame\n"
               "c: replaceFrame\n");
    check_code("m = ( (f && [ | x | x := g. x ]) ifTrue: [ self foo ] )",
               "pushFieldReceiver f; jumpIfFalseOther a c\n"
               "pushFieldReceiver g; popLocal x; pushLocal x; jumpIfFalseOther a b\n"
               "pushArgument self; sendArguments foo; pop\n"
               "a: returnSelf\n"
               "b: replaceFrame\n"
               "c: replaceFrame\n");
}

static void a_condition_whose_block_has_a_context_leaves_it_before_it_jumps(void **state) {
    (void)state;
    check_code("m = ( (f and: [ | x | self foo: [ x ]. x ]) ifTrue: [ self bar ] )",
               "pushFieldReceiver f; jumpIfFalseOther a c\n"
               "pushContext 1; pushArgument self; pushBlockReceiver [0 arguments]; "
               "sendArguments foo:; pop; pushCapturedDepth 0 0; popContext; "
               "jumpIfFalseOther a b\n"
               "pushArgument self; sendArguments bar; pop\n"
               "a: returnSelf\n"
               "b: replaceFrame\n"
               "c: replaceFrame\n"
               "block:\n"
               "pushCapturedDepth 0 1; returnLocal\n");
}

static void nil_tests(void **state) {
    (void)state;
    check_code("m = ( ^f ifNil: [ 1 ] )", "pushFieldReceiver f; jumpIfNotNil a\n"
                                          "pushInteger 1\n"
                                          "a: returnLocal\n");
    check_code("m = ( ^f ifNotNil: [ :x | x + 1 ] )",
               "pushFieldReceiver f; jumpIfNil a\n"
               "popLocal x; pushLocal x; pushInteger 1; add +\n"
               "a: returnLocal\n");
    check_code("m = ( ^f ifNotNil: [ 1 ] )", "pushFieldReceiver f; jumpIfNil a\n"
                                             "pop; pushInteger 1\n"
                                             "a: returnLocal\n");
    check_code("m = ( f ifNil: [ f := 1 ] )", "pushFieldReceiver f; jumpIfNotNil a\n"
                                              "pushInteger 1; dup; popFieldReceiver f\n"
                                              "a: pop; returnSelf\n");
}

static void nil_tests_with_two_blocks(void **state) {
    (void)state;
    check_code("m = ( ^f ifNil: [ 1 ] ifNotNil: [ :x | x ] )",
               "pushFieldReceiver f; jumpIfNotNil a\n"
               "pushInteger 1; jump b\n"
               "a: popLocal x; pushLocal x\n"
               "b: returnLocal\n");
    check_code("m = ( ^f ifNotNil: [ 2 ] ifNil: [ 1 ] )", "pushFieldReceiver f; jumpIfNotNil a\n"
                                                          "pushInteger 1; jump b\n"
                                                          "a: pop; pushInteger 2\n"
                                                          "b: returnLocal\n");
    check_code("m = ( ^f ifNil: [ 1 ] ifNotNil: [ :x | [ x ] ] )",
               "pushFieldReceiver f; jumpIfNotNil a\n"
               "pushInteger 1; jump b\n"
               "a: pushContext 1; popCapturedDepth 0 0; pushBlockReceiver [0 arguments]; "
               "popContext\n"
               "b: returnLocal\n"
               "block:\n"
               "pushCapturedDepth 0 1; returnLocal\n");
}

static void only_literal_blocks_of_the_right_arity_are_inlined(void **state) {
    (void)state;
    check_code("m: b = ( f ifTrue: b. f ifTrue: [ :x | x ]. f and: g. f ifTrue: [ 1 ] ifFalse: g. "
               "f ifNil: [ :x | x ]. f ifNotNil: [ :x :y | x ]. f whileTrue: [ 1 ] )",
               "pushFieldReceiver f; pushArgument b; sendArguments ifTrue:; pop; "
               "pushFieldReceiver f; pushBlockReceiver [1 arguments]; sendArguments ifTrue:; "
               "pop; pushFieldReceiver f; pushFieldReceiver g; and and:; pop; "
               "pushFieldReceiver f; pushBlockReceiver [0 arguments]; pushFieldReceiver g; "
               "sendArguments ifTrue:ifFalse:; pop; pushFieldReceiver f; "
               "pushBlockReceiver [1 arguments]; sendArguments ifNil:; pop; "
               "pushFieldReceiver f; pushBlockReceiver [2 arguments]; "
               "sendArguments ifNotNil:; pop; pushFieldReceiver f; "
               "pushBlockReceiver [0 arguments]; sendArguments whileTrue:; pop; returnSelf\n"
               "block:\n"
               "pushArgument x; returnLocal\n"
               "block:\n"
               "pushInteger 1; returnLocal\n"
               "block:\n"
               "pushArgument x; returnLocal\n"
               "block:\n"
               "pushArgument x; returnLocal\n"
               "block:\n"
               "pushInteger 1; returnLocal\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_branch_without_value_just_jumps),
        cmocka_unit_test(a_missing_branch_gives_nil),
        cmocka_unit_test(two_branches_in_either_order),
        cmocka_unit_test(nothing_follows_a_branch_that_returns),
        cmocka_unit_test(a_known_condition_needs_no_test),
        cmocka_unit_test(and_or_as_values),
        cmocka_unit_test(and_or_as_statements),
        cmocka_unit_test(and_or_as_conditions_jump_at_once),
        cmocka_unit_test(a_condition_whose_block_has_a_context_leaves_it_before_it_jumps),
        cmocka_unit_test(nil_tests),
        cmocka_unit_test(nil_tests_with_two_blocks),
        cmocka_unit_test(only_literal_blocks_of_the_right_arity_are_inlined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
