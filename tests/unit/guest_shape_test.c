// Methods that need no frame.
#include "tests/unit/guest_compiling.h"

static void a_method_that_answers_a_field_is_a_getter(void **state) {
    (void)state;
    check_listing("m = ( ^g )", "m: 0 arguments, 0 locals, 1 stack, getter of 1\n"
                                "    0  pushFieldReceiver 1 -1  ; g\n"
                                "    3  returnLocal -1\n");
    check_listing("a: a b: b = ( ^f )", "a:b:: 2 arguments, 0 locals, 1 stack, getter of 0\n"
                                        "    0  pushFieldReceiver 0 -3  ; f\n"
                                        "    3  returnLocal -3\n");
}

static void a_method_that_sets_a_field_to_its_last_argument_is_a_setter(void **state) {
    (void)state;
    check_listing("m: a = ( g := a )", "m:: 1 arguments, 0 locals, 1 stack, setter of 1\n"
                                       "    0  pushArgument -1  ; a\n"
                                       "    2  popFieldReceiver 1 -2  ; g\n"
                                       "    5  returnSelf -2\n");
    check_listing("m: a = ( g := a. ^self )", "m:: 1 arguments, 0 locals, 1 stack, setter of 1\n"
                                              "    0  pushArgument -1  ; a\n"
                                              "    2  popFieldReceiver 1 -2  ; g\n"
                                              "    5  returnSelf -2\n");
    check_listing("a: a b: b = ( f := b )", "a:b:: 2 arguments, 0 locals, 1 stack, setter of 0\n"
                                            "    0  pushArgument -1  ; b\n"
                                            "    2  popFieldReceiver 0 -3  ; f\n"
                                            "    5  returnSelf -3\n");
}

static void other_assignments_are_ordinary(void **state) {
    (void)state;
    check_listing("a: a b: b = ( f := a )", "a:b:: 2 arguments, 0 locals, 1 stack\n"
                                            "    0  pushArgument -2  ; a\n"
                                            "    2  popFieldReceiver 0 -3  ; f\n"
                                            "    5  returnSelf -3\n");
    check_listing("m: a = ( ^f := a )", "m:: 1 arguments, 0 locals, 2 stack\n"
                                        "    0  pushArgument -1  ; a\n"
                                        "    2  dup\n"
                                        "    3  popFieldReceiver 0 -2  ; f\n"
                                        "    6  returnLocal -2\n");
    check_listing("m = ( f := g )", "m: 0 arguments, 0 locals, 1 stack\n"
                                    "    0  pushFieldReceiver 1 -1  ; g\n"
                                    "    3  popFieldReceiver 0 -1  ; f\n"
                                    "    6  returnSelf -1\n");
    check_listing("m: f = ( f := f )", "m:: 1 arguments, 0 locals, 1 stack\n"
                                       "    0  pushArgument -1  ; f\n"
                                       "    2  popArgument -1  ; f\n"
                                       "    4  returnSelf -2\n");
}

static void a_method_that_answers_a_literal_is_a_constant(void **state) {
    (void)state;
    check_listing("m = ( ^7 )", "m: 0 arguments, 0 locals, 1 stack, constant 7\n"
                                "    0  pushInteger 7\n"
                                "    2  returnLocal -1\n");
    check_listing("m = ( ^'x' )", "m: 0 arguments, 0 locals, 1 stack, constant 'x'\n"
                                  "    0  pushConstant 0  ; 'x'\n"
                                  "    2  returnLocal -1\n");
    check_listing("m: a = ( ^#(1 2) )", "m:: 1 arguments, 0 locals, 1 stack, constant #(1 2)\n"
                                        "    0  pushConstant 0  ; #(1 2)\n"
                                        "    2  returnLocal -2\n");
    check_listing("m = ( ^nil )", "m: 0 arguments, 0 locals, 1 stack, constant nil\n"
                                  "    0  pushNil\n"
                                  "    1  returnLocal -1\n");
    check_listing("m = ( ^true )", "m: 0 arguments, 0 locals, 1 stack, constant true\n"
                                   "    0  pushTrue\n"
                                   "    1  returnLocal -1\n");
    check_listing("m = ( ^false )", "m: 0 arguments, 0 locals, 1 stack, constant false\n"
                                    "    0  pushFalse\n"
                                    "    1  returnLocal -1\n");
}

static void other_answers_are_ordinary(void **state) {
    (void)state;
    check_listing("m = ( ^self )", "m: 0 arguments, 0 locals, 0 stack\n"
                                   "    0  returnSelf -1\n");
    check_listing("m: a = ( ^a )", "m:: 1 arguments, 0 locals, 1 stack\n"
                                   "    0  pushArgument -1  ; a\n"
                                   "    2  returnLocal -2\n");
    check_listing("m = ( ^Foo )", "m: 0 arguments, 0 locals, 1 stack\n"
                                  "    0  pushGlobal 0  ; Foo\n"
                                  "    2  returnLocal -1\n");
    check_listing("m = ( ^[ 1 ] )", "m: 0 arguments, 0 locals, 1 stack\n"
                                    "    0  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                                    "    3  returnLocal -1\n"
                                    "  block in m: 0 arguments, 0 locals, 1 stack\n"
                                    "      0  pushInteger 1\n"
                                    "      2  returnLocal -1\n");
    check_listing("m = ( 7 )", "m: 0 arguments, 0 locals, 0 stack\n"
                               "    0  returnSelf -1\n");
    check_listing("m: g = ( ^g )", "m:: 1 arguments, 0 locals, 1 stack\n"
                                   "    0  pushArgument -1  ; g\n"
                                   "    2  returnLocal -2\n");
    check_listing("m = ( | g | ^g )", "m: 0 arguments, 1 locals, 1 stack\n"
                                      "    0  pushLocal 0  ; g\n"
                                      "    2  returnLocal -1\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_method_that_answers_a_field_is_a_getter),
        cmocka_unit_test(a_method_that_sets_a_field_to_its_last_argument_is_a_setter),
        cmocka_unit_test(other_assignments_are_ordinary),
        cmocka_unit_test(a_method_that_answers_a_literal_is_a_constant),
        cmocka_unit_test(other_answers_are_ordinary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
