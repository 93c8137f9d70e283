// Inlined conditions and nil tests.
#include "tests/unit/guest_compiling.h"

static void a_branch_without_value_just_jumps(void **state) {
    (void)state;
    check_listing("m = ( f ifTrue: [ self foo ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                    "    0  pushFieldReceiver 0 -1  ; f\n"
                                                    "    3  jumpIfFalseOther 14 16\n"
                                                    "    8  pushArgument -1  ; self\n"
                                                    "   10  sendArguments 0 0  ; foo\n"
                                                    "   13  pop\n"
                                                    "   14  returnSelf -1\n"
                                                    "   16  detour\n");
    check_listing("m = ( f ifFalse: [ self foo ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                     "    0  pushFieldReceiver 0 -1  ; f\n"
                                                     "    3  jumpIfTrueOther 14 16\n"
                                                     "    8  pushArgument -1  ; self\n"
                                                     "   10  sendArguments 0 0  ; foo\n"
                                                     "   13  pop\n"
                                                     "   14  returnSelf -1\n"
                                                     "   16  detour\n");
}

static void a_missing_branch_gives_nil(void **state) {
    (void)state;
    check_listing("m = ( ^f ifTrue: [ 1 ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                              "    0  pushFieldReceiver 0 -1  ; f\n"
                                              "    3  jumpIfFalseOther 13 16\n"
                                              "    8  pushInteger 1\n"
                                              "   10  jump 14\n"
                                              "   13  pushNil\n"
                                              "   14  returnLocal -1\n"
                                              "   16  detour\n");
}

static void two_branches_in_either_order(void **state) {
    (void)state;
    check_listing("m = ( ^f ifTrue: [ 1 ] ifFalse: [ 2 ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                             "    0  pushFieldReceiver 0 -1  ; f\n"
                                                             "    3  jumpIfFalseOther 13 17\n"
                                                             "    8  pushInteger 1\n"
                                                             "   10  jump 15\n"
                                                             "   13  pushInteger 2\n"
                                                             "   15  returnLocal -1\n"
                                                             "   17  detour\n");
    check_listing("m = ( ^f ifFalse: [ 1 ] ifTrue: [ 2 ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                             "    0  pushFieldReceiver 0 -1  ; f\n"
                                                             "    3  jumpIfTrueOther 13 17\n"
                                                             "    8  pushInteger 1\n"
                                                             "   10  jump 15\n"
                                                             "   13  pushInteger 2\n"
                                                             "   15  returnLocal -1\n"
                                                             "   17  detour\n");
    check_listing("m = ( f ifTrue: [ self a ] ifFalse: [ self b ] )",
                  "m: 0 arguments, 0 locals, 1 stack\n"
                  "    0  pushFieldReceiver 0 -1  ; f\n"
                  "    3  jumpIfFalseOther 17 25\n"
                  "    8  pushArgument -1  ; self\n"
                  "   10  sendArguments 0 0  ; a\n"
                  "   13  pop\n"
                  "   14  jump 23\n"
                  "   17  pushArgument -1  ; self\n"
                  "   19  sendArguments 1 0  ; b\n"
                  "   22  pop\n"
                  "   23  returnSelf -1\n"
                  "   25  detour\n");
}

static void nothing_follows_a_branch_that_returns(void **state) {
    (void)state;
    check_listing("m = ( f ifTrue: [ ^1 ] ifFalse: [ ^2 ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                              "    0  pushFieldReceiver 0 -1  ; f\n"
                                                              "    3  jumpIfFalseOther 12 16\n"
                                                              "    8  pushInteger 1\n"
                                                              "   10  returnLocal -1\n"
                                                              "   12  pushInteger 2\n"
                                                              "   14  returnLocal -1\n"
                                                              "   16  detour\n");
}

static void a_known_condition_needs_no_test(void **state) {
    (void)state;
    check_listing("m = ( true ifTrue: [ self foo ]. false ifTrue: [ self bar ] )",
                  "m: 0 arguments, 0 locals, 1 stack\n"
                  "    0  pushTrue\n"
                  "    1  jumpIfFalseOther 12 26\n"
                  "    6  pushArgument -1  ; self\n"
                  "    8  sendArguments 0 0  ; foo\n"
                  "   11  pop\n"
                  "   12  pushFalse\n"
                  "   13  jumpIfFalseOther 24 27\n"
                  "   18  pushArgument -1  ; self\n"
                  "   20  sendArguments 1 0  ; bar\n"
                  "   23  pop\n"
                  "   24  returnSelf -1\n"
                  "   26  detour\n"
                  "   27  detour\n");
    check_listing("m = ( true ifTrue: [ ^1 ]. ^2 )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                     "    0  pushTrue\n"
                                                     "    1  jumpIfFalseOther 10 14\n"
                                                     "    6  pushInteger 1\n"
                                                     "    8  returnLocal -1\n"
                                                     "   10  pushInteger 2\n"
                                                     "   12  returnLocal -1\n"
                                                     "   14  detour\n");
}

static void and_or_as_values(void **state) {
    (void)state;
    check_listing("m = ( ^f and: [ g ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                           "    0  pushFieldReceiver 0 -1  ; f\n"
                                           "    3  jumpIfFalseOther 14 17\n"
                                           "    8  pushFieldReceiver 1 -1  ; g\n"
                                           "   11  jump 15\n"
                                           "   14  pushFalse\n"
                                           "   15  returnLocal -1\n"
                                           "   17  detour\n");
    check_listing("m = ( ^f || [ g ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                         "    0  pushFieldReceiver 0 -1  ; f\n"
                                         "    3  jumpIfTrueOther 14 17\n"
                                         "    8  pushFieldReceiver 1 -1  ; g\n"
                                         "   11  jump 15\n"
                                         "   14  pushTrue\n"
                                         "   15  returnLocal -1\n"
                                         "   17  detour\n");
}

static void and_or_as_statements(void **state) {
    (void)state;
    check_listing("m = ( f and: [ self foo ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                 "    0  pushFieldReceiver 0 -1  ; f\n"
                                                 "    3  jumpIfFalseOther 14 16\n"
                                                 "    8  pushArgument -1  ; self\n"
                                                 "   10  sendArguments 0 0  ; foo\n"
                                                 "   13  pop\n"
                                                 "   14  returnSelf -1\n"
                                                 "   16  detour\n");
    check_listing("m = ( f or: [ self foo ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                "    0  pushFieldReceiver 0 -1  ; f\n"
                                                "    3  jumpIfTrueOther 14 16\n"
                                                "    8  pushArgument -1  ; self\n"
                                                "   10  sendArguments 0 0  ; foo\n"
                                                "   13  pop\n"
                                                "   14  returnSelf -1\n"
                                                "   16  detour\n");
}

static void and_or_as_conditions_jump_at_once(void **state) {
    (void)state;
    check_listing("m = ( ^((f and: [ g ]) or: [ self foo ]) ifTrue: [ 1 ] ifFalse: [ 2 ] )",
                  "m: 0 arguments, 0 locals, 1 stack\n"
                  "    0  pushFieldReceiver 0 -1  ; f\n"
                  "    3  jumpIfFalseOther 16 37\n"
                  "    8  pushFieldReceiver 1 -1  ; g\n"
                  "   11  jumpIfTrueOther 26 36\n"
                  "   16  pushArgument -1  ; self\n"
                  "   18  sendArguments 0 0  ; foo\n"
                  "   21  jumpIfFalseOther 31 35\n"
                  "   26  pushInteger 1\n"
                  "   28  jump 33\n"
                  "   31  pushInteger 2\n"
                  "   33  returnLocal -1\n"
                  "   35  detour\n"
                  "   36  detour\n"
                  "   37  detour\n");
    check_listing("m = ( (f or: [ g ]) ifFalse: [ self foo ] )",
                  "m: 0 arguments, 0 locals, 1 stack\n"
                  "    0  pushFieldReceiver 0 -1  ; f\n"
                  "    3  jumpIfTrueOther 22 25\n"
                  "    8  pushFieldReceiver 1 -1  ; g\n"
                  "   11  jumpIfTrueOther 22 24\n"
                  "   16  pushArgument -1  ; self\n"
                  "   18  sendArguments 0 0  ; foo\n"
                  "   21  pop\n"
                  "   22  returnSelf -1\n"
                  "   24  detour\n"
                  "   25  detour\n");
    check_listing("m = ( (f && [ | x | x := g. x ]) ifTrue: [ self foo ] )",
                  "m: 0 arguments, 1 locals, 1 stack\n"
                  "    0  pushFieldReceiver 0 -1  ; f\n"
                  "    3  jumpIfFalseOther 26 29\n"
                  "    8  pushFieldReceiver 1 -1  ; g\n"
                  "   11  popLocal 0  ; x\n"
                  "   13  pushLocal 0  ; x\n"
                  "   15  jumpIfFalseOther 26 28\n"
                  "   20  pushArgument -1  ; self\n"
                  "   22  sendArguments 0 0  ; foo\n"
                  "   25  pop\n"
                  "   26  returnSelf -1\n"
                  "   28  detour\n"
                  "   29  detour\n");
}

static void a_condition_whose_block_has_a_context_leaves_it_before_it_jumps(void **state) {
    (void)state;
    check_listing("m = ( (f and: [ | x | self foo: [ x ]. x ]) ifTrue: [ self bar ] )",
                  "m: 0 arguments, 0 locals, 2 stack\n"
                  "    0  pushFieldReceiver 0 -1  ; f\n"
                  "    3  jumpIfFalseOther 34 37\n"
                  "    8  pushContext 1\n"
                  "   10  pushArgument -1  ; self\n"
                  "   12  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                  "   15  sendArguments 0 1  ; foo:\n"
                  "   18  pop\n"
                  "   19  pushCapturedDepth 0 0\n"
                  "   22  popContext\n"
                  "   23  jumpIfFalseOther 34 36\n"
                  "   28  pushArgument -1  ; self\n"
                  "   30  sendArguments 1 0  ; bar\n"
                  "   33  pop\n"
                  "   34  returnSelf -1\n"
                  "   36  detour\n"
                  "   37  detour\n"
                  "  block in m: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushCapturedDepth 0 1\n"
                  "      3  returnLocal -1\n");
}

static void nil_tests(void **state) {
    (void)state;
    check_listing("m = ( ^f ifNil: [ 1 ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                             "    0  pushFieldReceiver 0 -1  ; f\n"
                                             "    3  jumpIfNotNil 8\n"
                                             "    6  pushInteger 1\n"
                                             "    8  returnLocal -1\n");
    check_listing("m = ( ^f ifNotNil: [ :x | x + 1 ] )", "m: 0 arguments, 1 locals, 2 stack\n"
                                                         "    0  pushFieldReceiver 0 -1  ; f\n"
                                                         "    3  jumpIfNil 14\n"
                                                         "    6  popLocal 0  ; x\n"
                                                         "    8  pushLocal 0  ; x\n"
                                                         "   10  pushInteger 1\n"
                                                         "   12  add 0  ; +\n"
                                                         "   14  returnLocal -1\n");
    check_listing("m = ( ^f ifNotNil: [ 1 ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                "    0  pushFieldReceiver 0 -1  ; f\n"
                                                "    3  jumpIfNil 9\n"
                                                "    6  pop\n"
                                                "    7  pushInteger 1\n"
                                                "    9  returnLocal -1\n");
    check_listing("m = ( f ifNil: [ f := 1 ] )", "m: 0 arguments, 0 locals, 2 stack\n"
                                                 "    0  pushFieldReceiver 0 -1  ; f\n"
                                                 "    3  jumpIfNotNil 12\n"
                                                 "    6  pushInteger 1\n"
                                                 "    8  dup\n"
                                                 "    9  popFieldReceiver 0 -1  ; f\n"
                                                 "   12  pop\n"
                                                 "   13  returnSelf -1\n");
}

static void nil_tests_with_two_blocks(void **state) {
    (void)state;
    check_listing("m = ( ^f ifNil: [ 1 ] ifNotNil: [ :x | x ] )",
                  "m: 0 arguments, 1 locals, 1 stack\n"
                  "    0  pushFieldReceiver 0 -1  ; f\n"
                  "    3  jumpIfNotNil 11\n"
                  "    6  pushInteger 1\n"
                  "    8  jump 15\n"
                  "   11  popLocal 0  ; x\n"
                  "   13  pushLocal 0  ; x\n"
                  "   15  returnLocal -1\n");
    check_listing("m = ( ^f ifNotNil: [ 2 ] ifNil: [ 1 ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                             "    0  pushFieldReceiver 0 -1  ; f\n"
                                                             "    3  jumpIfNotNil 11\n"
                                                             "    6  pushInteger 1\n"
                                                             "    8  jump 14\n"
                                                             "   11  pop\n"
                                                             "   12  pushInteger 2\n"
                                                             "   14  returnLocal -1\n");
    check_listing("m = ( ^f ifNil: [ 1 ] ifNotNil: [ :x | [ x ] ] )",
                  "m: 0 arguments, 0 locals, 1 stack\n"
                  "    0  pushFieldReceiver 0 -1  ; f\n"
                  "    3  jumpIfNotNil 11\n"
                  "    6  pushInteger 1\n"
                  "    8  jump 20\n"
                  "   11  pushContext 1\n"
                  "   13  popCapturedDepth 0 0\n"
                  "   16  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                  "   19  popContext\n"
                  "   20  returnLocal -1\n"
                  "  block in m: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushCapturedDepth 0 1\n"
                  "      3  returnLocal -1\n");
}

static void only_literal_blocks_of_the_right_arity_are_inlined(void **state) {
    (void)state;
    check_listing("m: b = ( f ifTrue: b. f ifTrue: [ :x | x ]. f and: g. f ifTrue: [ 1 ] ifFalse: "
                  "g. f ifNil: [ :x | x ]. f ifNotNil: [ :x :y | x ]. f whileTrue: [ 1 ] )",
                  "m:: 1 arguments, 0 locals, 3 stack\n"
                  "    0  pushFieldReceiver 0 -2  ; f\n"
                  "    3  pushArgument -1  ; b\n"
                  "    5  sendArguments 0 1  ; ifTrue:\n"
                  "    8  pop\n"
                  "    9  pushFieldReceiver 0 -2  ; f\n"
                  "   12  pushBlockReceiver 0 -2  ; [1 arguments]\n"
                  "   15  sendArguments 1 1  ; ifTrue:\n"
                  "   18  pop\n"
                  "   19  pushFieldReceiver 0 -2  ; f\n"
                  "   22  pushFieldReceiver 1 -2  ; g\n"
                  "   25  sendArguments 2 1  ; and:\n"
                  "   28  pop\n"
                  "   29  pushFieldReceiver 0 -2  ; f\n"
                  "   32  pushBlockReceiver 1 -2  ; [0 arguments]\n"
                  "   35  pushFieldReceiver 1 -2  ; g\n"
                  "   38  sendArguments 3 2  ; ifTrue:ifFalse:\n"
                  "   41  pop\n"
                  "   42  pushFieldReceiver 0 -2  ; f\n"
                  "   45  pushBlockReceiver 2 -2  ; [1 arguments]\n"
                  "   48  sendArguments 4 1  ; ifNil:\n"
                  "   51  pop\n"
                  "   52  pushFieldReceiver 0 -2  ; f\n"
                  "   55  pushBlockReceiver 3 -2  ; [2 arguments]\n"
                  "   58  sendArguments 5 1  ; ifNotNil:\n"
                  "   61  pop\n"
                  "   62  pushFieldReceiver 0 -2  ; f\n"
                  "   65  pushBlockReceiver 4 -2  ; [0 arguments]\n"
                  "   68  sendArguments 6 1  ; whileTrue:\n"
                  "   71  pop\n"
                  "   72  returnSelf -2\n"
                  "  block in m:: 1 arguments, 0 locals, 1 stack\n"
                  "      0  pushArgument -1  ; x\n"
                  "      2  returnLocal -2\n"
                  "  block in m:: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushInteger 1\n"
                  "      2  returnLocal -1\n"
                  "  block in m:: 1 arguments, 0 locals, 1 stack\n"
                  "      0  pushArgument -1  ; x\n"
                  "      2  returnLocal -2\n"
                  "  block in m:: 2 arguments, 0 locals, 1 stack\n"
                  "      0  pushArgument -2  ; x\n"
                  "      2  returnLocal -3\n"
                  "  block in m:: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushInteger 1\n"
                  "      2  returnLocal -1\n");
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
