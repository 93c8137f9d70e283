// Variables of inlined blocks: contexts, places in the frame, and when they are made nil.
#include "tests/unit/guest_compiling.h"

static void captured_variables_are_fresh_each_time_round(void **state) {
    (void)state;
    check_code("m = ( 1 to: 3 do: [ :i | | x | g := [ i + x ] ] )",
               "pushInteger 1; pushInteger 3; popLocal (limit); popLocal (counter)\n"
               "a: pushLocal (counter); pushLocal (limit); lessOrEqual <=; "
               "jumpIfFalseOther b c\n"
               "pushContext 2; pushLocal (counter); popCapturedDepth 0 0; "
               "pushBlockReceiver [0 arguments]; popFieldReceiver g; popContext; "
               "pushLocal (counter); pushInteger 1; add +; popLocal (counter); jumpBack a\n"
               "b: returnSelf\n"
               "c: replaceFrame\n"
               "block:\n"
               "pushCapturedDepth 0 1; pushCapturedDepth 1 1; add +; returnLocal\n");
    check_code("m = ( [ | x | g := [ x ]. x ] whileTrue: [ | y | g := [ y ] ] )",
               "a: pushContext 1; pushBlockReceiver [0 arguments]; popFieldReceiver g; "
               "pushCapturedDepth 0 0; popContext; jumpIfFalseOther b c\n"
               "pushContext 1; pushBlockReceiver [0 arguments]; popFieldReceiver g; "
               "popContext; jumpBack a\n"
               "b: returnSelf\n"
               "c: replaceFrame\n"
               "block:\n"
               "pushCapturedDepth 0 1; returnLocal\n"
               "block:\n"
               "pushCapturedDepth 0 1; returnLocal\n");
}

static void locals_of_a_body_are_nil_unless_assigned_first(void **state) {
    (void)state;
    check_code("m = ( [ f ] whileTrue: [ | x y | x := 1. y foo. x foo. y := 2 ] )",
               "a: pushFieldReceiver f; jumpIfFalseOther b c\n"
               "pushNil; popLocal y; pushInteger 1; popLocal x; pushLocal y; "
               "sendArguments foo; pop; pushLocal x; sendArguments foo; pop; pushInteger 2; "
               "popLocal y; jumpBack a\n"
               "b: returnSelf\n"
               "c: replaceFrame\n");
    check_code("m = ( [ f ] whileTrue: [ | x y | g ifTrue: [ x := 1 ] ifFalse: [ x := 2 ]. g "
               "ifTrue: [ y := 1 ]. x + y ] )",
               "a: pushFieldReceiver f; jumpIfFalseOther e f\n"
               "pushNil; popLocal x; pushNil; popLocal y; pushFieldReceiver g; "
               "jumpIfFalseOther b g\n"
               "pushInteger 1; popLocal x; jump c\n"
               "b: pushInteger 2; popLocal x\n"
               "c: pushFieldReceiver g; jumpIfFalseOther d h\n"
               "pushInteger 1; popLocal y\n"
               "d: pushLocal x; pushLocal y; add +; pop; jumpBack a\n"
               "e: returnSelf\n"
               "f: replaceFrame\n"
               "g: replaceFrame\n"
               "h: replaceFrame\n");
    check_code("m = ( [ f ] whileTrue: [ | x y | [ x := g ] whileTrue: [ y := 1 ]. x + y ] )",
               "a: pushFieldReceiver f; jumpIfFalseOther d e\n"
               "pushNil; popLocal y\n"
               "b: pushFieldReceiver g; dup; popLocal x; jumpIfFalseOther c f\n"
               "pushInteger 1; popLocal y; jumpBack b\n"
               "c: pushLocal x; pushLocal y; add +; pop; jumpBack a\n"
               "d: returnSelf\n"
               "e: replaceFrame\n"
               "f: replaceFrame\n");
    check_code(
        "m = ( [ f ] whileTrue: [ | x y | g ifTrue: [ ^x := 1 ] ifFalse: [ y := 1 ]. y foo ] )",
        "a: pushFieldReceiver f; jumpIfFalseOther c d\n"
        "pushNil; popLocal y; pushFieldReceiver g; jumpIfFalseOther b e\n"
        "pushInteger 1; dup; popLocal x; returnLocal\n"
        "b: pushInteger 1; popLocal y; pushLocal y; sendArguments foo; pop; jumpBack a\n"
        "c: returnSelf\n"
        "d: replaceFrame\n"
        "e: replaceFrame\n");
    check_code("m = ( [ f ] whileTrue: [ | x | 1 to: g do: [ :x | x foo ]. x := 1 ] )",
               "a: pushFieldReceiver f; jumpIfFalseOther d e\n"
               "pushInteger 1; pushFieldReceiver g; jumpUnlessIntegers f\n"
               "popLocal (limit); popLocal (counter)\n"
               "b: pushLocal (counter); pushLocal (limit); lessOrEqual <=; "
               "jumpIfFalseOther c g\n"
               "pushLocal (counter); sendArguments foo; pop; pushLocal (counter); "
               "pushInteger 1; add +; popLocal (counter); jumpBack b\n"
               "c: pushInteger 1; popLocal x; jumpBack a\n"
               "d: returnSelf\n"
               "e: replaceFrame\n"
               "f: replaceFrame\n"
               "g: replaceFrame\n");
}

static void a_place_in_the_frame_is_used_again(void **state) {
    (void)state;
    check_code("m = ( f ifTrue: [ | x | x := 1. x foo ] ifFalse: [ | y | y foo ] )",
               "pushFieldReceiver f; jumpIfFalseOther a c\n"
               "pushInteger 1; popLocal x; pushLocal x; sendArguments foo; pop; jump b\n"
               "a: pushNil; popLocal x; pushLocal x; sendArguments foo; pop\n"
               "b: returnSelf\n"
               "c: replaceFrame\n");
}

static void a_loop_within_a_loop(void **state) {
    (void)state;
    check_code("m: n = ( | s | 1 to: n do: [ :i | i to: n do: [ :j | s := i + j ] ]. ^s )",
               "pushInteger 1; pushArgument n; jumpUnlessIntegers e\n"
               "popLocal (limit); popLocal (counter)\n"
               "a: pushLocal (counter); pushLocal (limit); lessOrEqual <=; "
               "jumpIfFalseOther d f\n"
               "pushLocal (counter); pushArgument n; jumpUnlessIntegers g\n"
               "popLocal (limit); popLocal (counter)\n"
               "b: pushLocal (counter); pushLocal (limit); lessOrEqual <=; "
               "jumpIfFalseOther c h\n"
               "pushLocal (counter); pushLocal (counter); add +; popLocal s; "
               "pushLocal (counter); pushInteger 1; add +; popLocal (counter); jumpBack b\n"
               "c: pushLocal (counter); pushInteger 1; add +; popLocal (counter); jumpBack a\n"
               "d: pushLocal s; returnLocal\n"
               "e: replaceFrame\n"
               "f: replaceFrame\n"
               "g: replaceFrame\n"
               "h: replaceFrame\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captured_variables_are_fresh_each_time_round),
        cmocka_unit_test(locals_of_a_body_are_nil_unless_assigned_first),
        cmocka_unit_test(a_place_in_the_frame_is_used_again),
        cmocka_unit_test(a_loop_within_a_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
