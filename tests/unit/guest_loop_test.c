// Inlined loops.
#include "tests/unit/guest_compiling.h"

static void while_loops(void **state) {
    (void)state;
    check_listing("m = ( | i | i := 0. [ i < 10 ] whileTrue: [ i := i + 1 ]. ^i )",
                  "m: 0 arguments, 1 locals, 2 stack\n"
                  "    0  pushInteger 0\n"
                  "    2  popLocal 0  ; i\n"
                  "    4  pushLocal 0  ; i\n"
                  "    6  pushInteger 10\n"
                  "    8  less 0  ; <\n"
                  "   10  jumpIfFalseOther 26 30\n"
                  "   15  pushLocal 0  ; i\n"
                  "   17  pushInteger 1\n"
                  "   19  add 1  ; +\n"
                  "   21  popLocal 0  ; i\n"
                  "   23  jumpBack 4\n"
                  "   26  pushLocal 0  ; i\n"
                  "   28  returnLocal -1\n"
                  "   30  detour\n");
    check_listing("m = ( ^[ f ] whileFalse: [ self foo ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                             "    0  pushFieldReceiver 0 -1  ; f\n"
                                                             "    3  jumpIfTrueOther 17 20\n"
                                                             "    8  pushArgument -1  ; self\n"
                                                             "   10  sendArguments 0 0  ; foo\n"
                                                             "   13  pop\n"
                                                             "   14  jumpBack 0\n"
                                                             "   17  pushNil\n"
                                                             "   18  returnLocal -1\n"
                                                             "   20  detour\n");
}

static void an_endless_loop_has_no_test(void **state) {
    (void)state;
    check_listing("m = ( [ true ] whileTrue: [ self foo ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                              "    0  pushArgument -1  ; self\n"
                                                              "    2  sendArguments 0 0  ; foo\n"
                                                              "    5  pop\n"
                                                              "    6  jumpBack 0\n");
}

static void a_loop_that_always_returns_has_no_way_back(void **state) {
    (void)state;
    check_listing("m = ( [ f ] whileTrue: [ ^1 ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                     "    0  pushFieldReceiver 0 -1  ; f\n"
                                                     "    3  jumpIfFalseOther 12 14\n"
                                                     "    8  pushInteger 1\n"
                                                     "   10  returnLocal -1\n"
                                                     "   12  returnSelf -1\n"
                                                     "   14  detour\n");
}

static void counted_loops(void **state) {
    (void)state;
    check_listing("m: n = ( 1 to: n do: [ :i | i foo ] )", "m:: 1 arguments, 2 locals, 2 stack\n"
                                                           "    0  pushInteger 1\n"
                                                           "    2  pushArgument -1  ; n\n"
                                                           "    4  jumpUnlessIntegers 41\n"
                                                           "    7  popLocal 1  ; (limit)\n"
                                                           "    9  popLocal 0  ; (counter)\n"
                                                           "   11  pushLocal 0  ; (counter)\n"
                                                           "   13  pushLocal 1  ; (limit)\n"
                                                           "   15  lessOrEqual 0  ; <=\n"
                                                           "   17  jumpIfFalseOther 39 42\n"
                                                           "   22  pushLocal 0  ; (counter)\n"
                                                           "   24  sendArguments 1 0  ; foo\n"
                                                           "   27  pop\n"
                                                           "   28  pushLocal 0  ; (counter)\n"
                                                           "   30  pushInteger 1\n"
                                                           "   32  add 2  ; +\n"
                                                           "   34  popLocal 0  ; (counter)\n"
                                                           "   36  jumpBack 11\n"
                                                           "   39  returnSelf -2\n"
                                                           "   41  detour\n"
                                                           "   42  pop\n"
                                                           "   43  jump 39\n");
    check_listing("m: n = ( n downTo: 1 do: [ :i | i foo ] )",
                  "m:: 1 arguments, 2 locals, 2 stack\n"
                  "    0  pushArgument -1  ; n\n"
                  "    2  pushInteger 1\n"
                  "    4  jumpUnlessIntegers 41\n"
                  "    7  popLocal 1  ; (limit)\n"
                  "    9  popLocal 0  ; (counter)\n"
                  "   11  pushLocal 0  ; (counter)\n"
                  "   13  pushLocal 1  ; (limit)\n"
                  "   15  greaterOrEqual 0  ; >=\n"
                  "   17  jumpIfFalseOther 39 42\n"
                  "   22  pushLocal 0  ; (counter)\n"
                  "   24  sendArguments 1 0  ; foo\n"
                  "   27  pop\n"
                  "   28  pushLocal 0  ; (counter)\n"
                  "   30  pushInteger 1\n"
                  "   32  subtract 2  ; -\n"
                  "   34  popLocal 0  ; (counter)\n"
                  "   36  jumpBack 11\n"
                  "   39  returnSelf -2\n"
                  "   41  detour\n"
                  "   42  pop\n"
                  "   43  jump 39\n");
    check_listing("m: n = ( 1 to: n by: 2 do: [ :i | i foo ] )",
                  "m:: 1 arguments, 2 locals, 2 stack\n"
                  "    0  pushInteger 1\n"
                  "    2  pushArgument -1  ; n\n"
                  "    4  jumpUnlessIntegers 41\n"
                  "    7  popLocal 1  ; (limit)\n"
                  "    9  popLocal 0  ; (counter)\n"
                  "   11  pushLocal 0  ; (counter)\n"
                  "   13  pushLocal 1  ; (limit)\n"
                  "   15  lessOrEqual 0  ; <=\n"
                  "   17  jumpIfFalseOther 39 42\n"
                  "   22  pushLocal 0  ; (counter)\n"
                  "   24  sendArguments 1 0  ; foo\n"
                  "   27  pop\n"
                  "   28  pushLocal 0  ; (counter)\n"
                  "   30  pushInteger 2\n"
                  "   32  add 2  ; +\n"
                  "   34  popLocal 0  ; (counter)\n"
                  "   36  jumpBack 11\n"
                  "   39  returnSelf -2\n"
                  "   41  detour\n"
                  "   42  pop\n"
                  "   43  jump 39\n");
    check_listing("m: n = ( n downTo: 1 by: 3 do: [ :i | i foo ] )",
                  "m:: 1 arguments, 2 locals, 2 stack\n"
                  "    0  pushArgument -1  ; n\n"
                  "    2  pushInteger 1\n"
                  "    4  jumpUnlessIntegers 41\n"
                  "    7  popLocal 1  ; (limit)\n"
                  "    9  popLocal 0  ; (counter)\n"
                  "   11  pushLocal 0  ; (counter)\n"
                  "   13  pushLocal 1  ; (limit)\n"
                  "   15  greaterOrEqual 0  ; >=\n"
                  "   17  jumpIfFalseOther 39 42\n"
                  "   22  pushLocal 0  ; (counter)\n"
                  "   24  sendArguments 1 0  ; foo\n"
                  "   27  pop\n"
                  "   28  pushLocal 0  ; (counter)\n"
                  "   30  pushInteger 3\n"
                  "   32  subtract 2  ; -\n"
                  "   34  popLocal 0  ; (counter)\n"
                  "   36  jumpBack 11\n"
                  "   39  returnSelf -2\n"
                  "   41  detour\n"
                  "   42  pop\n"
                  "   43  jump 39\n");
    check_listing("m = ( f timesRepeat: [ self foo ] )", "m: 0 arguments, 2 locals, 2 stack\n"
                                                         "    0  pushFieldReceiver 0 -1  ; f\n"
                                                         "    3  pushInteger 0\n"
                                                         "    5  jumpUnlessIntegers 42\n"
                                                         "    8  popLocal 0  ; (counter)\n"
                                                         "   10  popLocal 1  ; (limit)\n"
                                                         "   12  pushLocal 0  ; (counter)\n"
                                                         "   14  pushLocal 1  ; (limit)\n"
                                                         "   16  less 0  ; <\n"
                                                         "   18  jumpIfFalseOther 40 43\n"
                                                         "   23  pushArgument -1  ; self\n"
                                                         "   25  sendArguments 1 0  ; foo\n"
                                                         "   28  pop\n"
                                                         "   29  pushLocal 0  ; (counter)\n"
                                                         "   31  pushInteger 1\n"
                                                         "   33  add 2  ; +\n"
                                                         "   35  popLocal 0  ; (counter)\n"
                                                         "   37  jumpBack 12\n"
                                                         "   40  returnSelf -1\n"
                                                         "   42  detour\n"
                                                         "   43  pop\n"
                                                         "   44  jump 40\n");
}

static void a_counted_loop_answers_its_receiver(void **state) {
    (void)state;
    check_listing("m: n = ( ^n to: 10 do: [ :i | i foo ] )", "m:: 1 arguments, 2 locals, 3 stack\n"
                                                             "    0  pushArgument -1  ; n\n"
                                                             "    2  pushInteger 10\n"
                                                             "    4  jumpUnlessIntegers 42\n"
                                                             "    7  popLocal 1  ; (limit)\n"
                                                             "    9  dup\n"
                                                             "   10  popLocal 0  ; (counter)\n"
                                                             "   12  pushLocal 0  ; (counter)\n"
                                                             "   14  pushLocal 1  ; (limit)\n"
                                                             "   16  lessOrEqual 0  ; <=\n"
                                                             "   18  jumpIfFalseOther 40 43\n"
                                                             "   23  pushLocal 0  ; (counter)\n"
                                                             "   25  sendArguments 1 0  ; foo\n"
                                                             "   28  pop\n"
                                                             "   29  pushLocal 0  ; (counter)\n"
                                                             "   31  pushInteger 1\n"
                                                             "   33  add 2  ; +\n"
                                                             "   35  popLocal 0  ; (counter)\n"
                                                             "   37  jumpBack 12\n"
                                                             "   40  returnLocal -2\n"
                                                             "   42  detour\n"
                                                             "   43  pop\n"
                                                             "   44  jump 40\n");
    check_listing("m: n = ( ^n timesRepeat: [ self foo ] )", "m:: 1 arguments, 2 locals, 3 stack\n"
                                                             "    0  pushArgument -1  ; n\n"
                                                             "    2  pushInteger 0\n"
                                                             "    4  jumpUnlessIntegers 42\n"
                                                             "    7  popLocal 0  ; (counter)\n"
                                                             "    9  dup\n"
                                                             "   10  popLocal 1  ; (limit)\n"
                                                             "   12  pushLocal 0  ; (counter)\n"
                                                             "   14  pushLocal 1  ; (limit)\n"
                                                             "   16  less 0  ; <\n"
                                                             "   18  jumpIfFalseOther 40 43\n"
                                                             "   23  pushArgument -2  ; self\n"
                                                             "   25  sendArguments 1 0  ; foo\n"
                                                             "   28  pop\n"
                                                             "   29  pushLocal 0  ; (counter)\n"
                                                             "   31  pushInteger 1\n"
                                                             "   33  add 2  ; +\n"
                                                             "   35  popLocal 0  ; (counter)\n"
                                                             "   37  jumpBack 12\n"
                                                             "   40  returnLocal -2\n"
                                                             "   42  detour\n"
                                                             "   43  pop\n"
                                                             "   44  jump 40\n");
}

static void between_literals_nothing_is_tested(void **state) {
    (void)state;
    check_listing("m = ( 1 to: 3 do: [ :i | i foo ] )", "m: 0 arguments, 2 locals, 2 stack\n"
                                                        "    0  pushInteger 1\n"
                                                        "    2  pushInteger 3\n"
                                                        "    4  popLocal 1  ; (limit)\n"
                                                        "    6  popLocal 0  ; (counter)\n"
                                                        "    8  pushLocal 0  ; (counter)\n"
                                                        "   10  pushLocal 1  ; (limit)\n"
                                                        "   12  lessOrEqual 0  ; <=\n"
                                                        "   14  jumpIfFalseOther 36 38\n"
                                                        "   19  pushLocal 0  ; (counter)\n"
                                                        "   21  sendArguments 1 0  ; foo\n"
                                                        "   24  pop\n"
                                                        "   25  pushLocal 0  ; (counter)\n"
                                                        "   27  pushInteger 1\n"
                                                        "   29  add 2  ; +\n"
                                                        "   31  popLocal 0  ; (counter)\n"
                                                        "   33  jumpBack 8\n"
                                                        "   36  returnSelf -1\n"
                                                        "   38  pop\n"
                                                        "   39  jump 36\n");
}

static void the_step_must_be_a_positive_literal(void **state) {
    (void)state;
    check_listing("m: n = ( 1 to: n by: -1 do: [ :i | i foo ]. 1 to: n by: f do: [ :i | i foo ] )",
                  "m:: 1 arguments, 0 locals, 4 stack\n"
                  "    0  pushInteger 1\n"
                  "    2  pushArgument -1  ; n\n"
                  "    4  pushInteger -1\n"
                  "    6  pushBlockReceiver 0 -2  ; [1 arguments]\n"
                  "    9  sendArguments 0 3  ; to:by:do:\n"
                  "   12  pop\n"
                  "   13  pushInteger 1\n"
                  "   15  pushArgument -1  ; n\n"
                  "   17  pushFieldReceiver 0 -2  ; f\n"
                  "   20  pushBlockReceiver 1 -2  ; [1 arguments]\n"
                  "   23  sendArguments 1 3  ; to:by:do:\n"
                  "   26  pop\n"
                  "   27  returnSelf -2\n"
                  "  block in m:: 1 arguments, 0 locals, 1 stack\n"
                  "      0  pushArgument -1  ; i\n"
                  "      2  sendArguments 0 0  ; foo\n"
                  "      5  returnLocal -2\n"
                  "  block in m:: 1 arguments, 0 locals, 1 stack\n"
                  "      0  pushArgument -1  ; i\n"
                  "      2  sendArguments 0 0  ; foo\n"
                  "      5  returnLocal -2\n");
}

static void assigning_to_the_argument_does_not_change_the_count(void **state) {
    (void)state;
    check_listing("m: n = ( 1 to: n do: [ :i | i := i + 1 ] )",
                  "m:: 1 arguments, 3 locals, 2 stack\n"
                  "    0  pushInteger 1\n"
                  "    2  pushArgument -1  ; n\n"
                  "    4  jumpUnlessIntegers 47\n"
                  "    7  popLocal 1  ; (limit)\n"
                  "    9  popLocal 0  ; (counter)\n"
                  "   11  pushLocal 0  ; (counter)\n"
                  "   13  pushLocal 1  ; (limit)\n"
                  "   15  lessOrEqual 0  ; <=\n"
                  "   17  jumpIfFalseOther 45 48\n"
                  "   22  pushLocal 0  ; (counter)\n"
                  "   24  popLocal 2  ; i\n"
                  "   26  pushLocal 2  ; i\n"
                  "   28  pushInteger 1\n"
                  "   30  add 1  ; +\n"
                  "   32  popLocal 2  ; i\n"
                  "   34  pushLocal 0  ; (counter)\n"
                  "   36  pushInteger 1\n"
                  "   38  add 2  ; +\n"
                  "   40  popLocal 0  ; (counter)\n"
                  "   42  jumpBack 11\n"
                  "   45  returnSelf -2\n"
                  "   47  detour\n"
                  "   48  pop\n"
                  "   49  jump 45\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(while_loops),
        cmocka_unit_test(an_endless_loop_has_no_test),
        cmocka_unit_test(a_loop_that_always_returns_has_no_way_back),
        cmocka_unit_test(counted_loops),
        cmocka_unit_test(a_counted_loop_answers_its_receiver),
        cmocka_unit_test(between_literals_nothing_is_tested),
        cmocka_unit_test(the_step_must_be_a_positive_literal),
        cmocka_unit_test(assigning_to_the_argument_does_not_change_the_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
