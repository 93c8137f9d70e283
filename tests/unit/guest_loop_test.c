// Inlined loops.
#include "tests/unit/guest_compiling.h"

static void while_loops(void **state) {
    (void)state;
    check_code("m = ( | i | i := 0. [ i < 10 ] whileTrue: [ i := i + 1 ]. ^i )",
               "pushInteger 0; popLocal i\n"
               "a: pushLocal i; pushInteger 10; less <; jumpIfFalseOther b c\n"
               "pushLocal i; pushInteger 1; add +; popLocal i; jumpBack a\n"
               "b: pushLocal i; returnLocal\n"
               "c: replaceFrame\n");
    check_code("m = ( ^[ f ] whileFalse: [ self foo ] )",
               "a: pushFieldReceiver f; jumpIfTrueOther b c\n"
               "pushArgument self; sendArguments foo; pop; jumpBack a\n"
               "b: pushNil; returnLocal\n"
               "c: replaceFrame\n");
}

static void an_endless_loop_has_no_test(void **state) {
    (void)state;
    check_code("m = ( [ true ] whileTrue: [ self foo ] )",
               "a: pushArgument self; sendArguments foo; pop; jumpBack a\n");
}

static void a_loop_that_always_returns_has_no_way_back(void **state) {
    (void)state;
    check_code("m = ( [ f ] whileTrue: [ ^1 ] )", "pushFieldReceiver f; jumpIfFalseOther a b\n"
                                                  "pushInteger 1; returnLocal\n"
                                                  "a: returnSelf\n"
                                                  "b: replaceFrame\n");
}

static void counted_loops(void **state) {
    (void)state;
    check_code("m: n = ( 1 to: n do: [ :i | i foo ] )",
               "pushInteger 1; pushArgument n; jumpUnlessIntegers c\n"
               "popLocal (limit); popLocal (counter)\n"
               "a: pushLocal (counter); pushLocal (limit); lessOrEqual <=; "
               "jumpIfFalseOther b d\n"
               "pushLocal (counter); sendArguments foo; pop; pushLocal (counter); "
               "pushInteger 1; add +; popLocal (counter); jumpBack a\n"
               "b: returnSelf\n"
               "c: replaceFrame\n"
               "d: replaceFrame\n");
    check_code("m: n = ( n downTo: 1 by: 3 do: [ :i | i foo ] )",
               "pushArgument n; pushInteger 1; jumpUnlessIntegers c\n"
               "popLocal (limit); popLocal (counter)\n"
               "a: pushLocal (counter); pushLocal (limit); greaterOrEqual >=; "
               "jumpIfFalseOther b d\n"
               "pushLocal (counter); sendArguments foo; pop; pushLocal (counter); "
               "pushInteger 3; subtract -; popLocal (counter); jumpBack a\n"
               "b: returnSelf\n"
               "c: replaceFrame\n"
               "d: replaceFrame\n");
    check_code("m = ( f timesRepeat: [ self foo ] )",
               "pushFieldReceiver f; pushInteger 0; jumpUnlessIntegers c\n"
               "popLocal (counter); popLocal (limit)\n"
               "a: pushLocal (counter); pushLocal (limit); less <; jumpIfFalseOther b d\n"
               "pushArgument self; sendArguments foo; pop; pushLocal (counter); "
               "pushInteger 1; add +; popLocal (counter); jumpBack a\n"
               "b: returnSelf\n"
               "c: replaceFrame\n"
               "d: replaceFrame\n");
}

static void a_counted_loop_answers_its_receiver(void **state) {
    (void)state;
    check_code("m: n = ( ^n to: 10 do: [ :i | i foo ] )",
               "pushArgument n; pushInteger 10; jumpUnlessIntegers c\n"
               "popLocal (limit); dup; popLocal (counter)\n"
               "a: pushLocal (counter); pushLocal (limit); lessOrEqual <=; "
               "jumpIfFalseOther b d\n"
               "pushLocal (counter); sendArguments foo; pop; pushLocal (counter); "
               "pushInteger 1; add +; popLocal (counter); jumpBack a\n"
               "b: returnLocal\n"
               "c: replaceFrame\n"
               "d: replaceFrame\n");
}

static void between_literals_nothing_is_tested(void **state) {
    (void)state;
    check_code("m = ( 1 to: 3 do: [ :i | i foo ] )",
               "pushInteger 1; pushInteger 3; popLocal (limit); popLocal (counter)\n"
               "a: pushLocal (counter); pushLocal (limit); lessOrEqual <=; "
               "jumpIfFalseOther b c\n"
               "pushLocal (counter); sendArguments foo; pop; pushLocal (counter); "
               "pushInteger 1; add +; popLocal (counter); jumpBack a\n"
               "b: returnSelf\n"
               "c: replaceFrame\n");
}

static void the_step_must_be_a_positive_literal(void **state) {
    (void)state;
    check_code("m: n = ( 1 to: n by: -1 do: [ :i | i foo ]. 1 to: n by: f do: [ :i | i foo ] )",
               "pushInteger 1; pushArgument n; pushInteger -1; "
               "pushBlockReceiver [1 arguments]; sendArguments to:by:do:; pop; pushInteger 1; "
               "pushArgument n; pushFieldReceiver f; pushBlockReceiver [1 arguments]; "
               "sendArguments to:by:do:; pop; returnSelf\n"
               "block:\n"
               "pushArgument i; sendArguments foo; returnLocal\n"
               "block:\n"
               "pushArgument i; sendArguments foo; returnLocal\n");
}

static void assigning_to_the_argument_does_not_change_the_count(void **state) {
    (void)state;
    check_code("m: n = ( 1 to: n do: [ :i | i := i + 1 ] )",
               "pushInteger 1; pushArgument n; jumpUnlessIntegers c\n"
               "popLocal (limit); popLocal (counter)\n"
               "a: pushLocal (counter); pushLocal (limit); lessOrEqual <=; "
               "jumpIfFalseOther b d\n"
               "pushLocal (counter); popLocal i; pushLocal i; pushInteger 1; add +; "
               "popLocal i; pushLocal (counter); pushInteger 1; add +; popLocal (counter); "
               "jumpBack a\n"
               "b: returnSelf\n"
               "c: replaceFrame\n"
               "d: replaceFrame\n");
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
