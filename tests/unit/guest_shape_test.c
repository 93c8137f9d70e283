// Methods that need no frame.
#include "tests/unit/guest_compiling.h"

// `expected` is what the listing's head says of the method besides its sizes; empty: nothing.
static void check_shape(const char *source, const char *expected) {
    Compiled compiled = compile_sound(source);
    Text listing = {0};
    disassemble_method(&listing, compiled.bytecodes, compiled.method, &guest_class, false);
    char *head = strdup(text_chars(&listing));
    *strchr(head, '\n') = '\0';
    const char *shape = strstr(head, " stack") + strlen(" stack");
    assert_string_equal(*shape ? shape + strlen(", ") : shape, expected);
    free(head);
    text_free(&listing);
    release(&compiled);
}

static void a_method_that_answers_a_field_is_a_getter(void **state) {
    (void)state;
    check_shape("m = ( ^g )", "getter of 1");
    check_shape("a: a b: b = ( ^f )", "getter of 0");
}

static void a_method_that_sets_a_field_to_its_last_argument_is_a_setter(void **state) {
    (void)state;
    check_shape("m: a = ( g := a )", "setter of 1");
    check_shape("m: a = ( g := a. ^self )", "setter of 1");
    check_shape("a: a b: b = ( f := b )", "setter of 0");
}

static void other_assignments_are_ordinary(void **state) {
    (void)state;
    check_shape("a: a b: b = ( f := a )", "");
    check_shape("m: a = ( ^f := a )", "");
    check_shape("m = ( f := g )", "");
    check_shape("m: f = ( f := f )", "");
}

static void a_method_that_answers_a_literal_is_a_constant(void **state) {
    (void)state;
    check_shape("m = ( ^7 )", "constant 7");
    check_shape("m = ( ^'x' )", "constant 'x'");
    check_shape("m: a = ( ^#(1 2) )", "constant #(1 2)");
    check_shape("m = ( ^nil )", "constant nil");
    check_shape("m = ( ^true )", "constant true");
    check_shape("m = ( ^false )", "constant false");
}

static void other_answers_are_ordinary(void **state) {
    (void)state;
    check_shape("m = ( ^self )", "");
    check_shape("m: a = ( ^a )", "");
    check_shape("m = ( ^Foo )", "");
    check_shape("m = ( ^[ 1 ] )", "");
    check_shape("m = ( 7 )", "");
    check_shape("m: g = ( ^g )", "");
    check_shape("m = ( | g | ^g )", "");
}

// Whoever enters it by another way than a call site needs its code all the same.
static void a_method_that_needs_no_frame_has_code(void **state) {
    (void)state;
    check_code("m = ( ^g )", "pushFieldReceiver g; returnLocal\n");
    check_code("m: a = ( g := a )", "pushArgument a; popFieldReceiver g; returnSelf\n");
    check_code("m = ( ^7 )", "pushInteger 7; returnLocal\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_method_that_answers_a_field_is_a_getter),
        cmocka_unit_test(a_method_that_sets_a_field_to_its_last_argument_is_a_setter),
        cmocka_unit_test(other_assignments_are_ordinary),
        cmocka_unit_test(a_method_that_answers_a_literal_is_a_constant),
        cmocka_unit_test(other_answers_are_ordinary),
        cmocka_unit_test(a_method_that_needs_no_frame_has_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
