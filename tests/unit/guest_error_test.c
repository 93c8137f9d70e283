// What the guest compiler refuses.
#include "tests/unit/guest_compiling.h"

static void self_and_literals_cannot_be_assigned_to(void **state) {
    (void)state;
    check_error("m = ( self := 1 )", "2:7: error: 'self' can't be assigned to");
    check_error("m = ( super := 1 )", "2:7: error: 'super' can't be assigned to");
    check_error("m = ( ^nil := 1 )", "2:8: error: 'nil' can't be assigned to");
    check_error("m = ( [ true := 1 ] )", "2:9: error: 'true' can't be assigned to");
    check_error("m = ( f ifTrue: [ false := 1 ] )", "2:19: error: 'false' can't be assigned to");
}

static void an_unknown_name_cannot_be_assigned_to(void **state) {
    (void)state;
    check_error("m = ( Foo := 1 )",
                "2:7: error: 'Foo' is no variable here, and a global can't be assigned to");
    check_error("m = ( [ :x | x := y := 1 ] )",
                "2:19: error: 'y' is no variable here, and a global can't be assigned to");
}

static void a_name_is_declared_once_in_a_scope(void **state) {
    (void)state;
    check_error("m: a = ( | a | a )", "2:12: error: 'a' is declared twice");
    check_error("m = ( | x x | x )", "2:11: error: 'x' is declared twice");
    check_error("m = ( [ :a | | a | a ] )", "2:16: error: 'a' is declared twice");
    check_error("a: a b: a = ( )", "2:9: error: 'a' is declared twice");
    check_error("m = ( f ifTrue: [ | x x | x ] )", "2:23: error: 'x' is declared twice");
}

static void self_and_literals_cannot_be_declared(void **state) {
    (void)state;
    check_error("m: self = ( )", "2:4: error: 'self' can't be a variable's name");
    check_error("m = ( | nil | )", "2:9: error: 'nil' can't be a variable's name");
    check_error("m = ( [ :true | ] )", "2:10: error: 'true' can't be a variable's name");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(self_and_literals_cannot_be_assigned_to),
        cmocka_unit_test(an_unknown_name_cannot_be_assigned_to),
        cmocka_unit_test(a_name_is_declared_once_in_a_scope),
        cmocka_unit_test(self_and_literals_cannot_be_declared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
