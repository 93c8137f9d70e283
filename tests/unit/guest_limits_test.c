// Methods that are too large are refused, and nothing that is merely large or deep is.
#include "tests/unit/guest_compiling.h"

// `count` times `piece`, in which %zu is a number from 100000 up, between two texts.
static char *repeated(const char *before, const char *piece, size_t count, const char *after) {
    Text text = {0};
    const char *number = strstr(piece, "%zu");
    text_add(&text, before);
    for (size_t i = 0; i < count; i++) {
        if (number) {
            text_add_bytes(&text, piece, (size_t)(number - piece));
            text_addf(&text, "%zu", 100000 + i);
            text_add(&text, number + 3);
        } else {
            text_add(&text, piece);
        }
    }
    text_add(&text, after);
    char *copy = strdup(text_chars(&text));
    text_free(&text);
    return copy;
}

static void check_too_large(char *source, const char *what) {
    Compiled compiled = compile(source);
    assert_null(compiled.method);
    char *message = strstr(compiled.messages, "error: the method is too large: too many ");
    assert_non_null(message);
    assert_non_null(strstr(message, what));
    assert_null(strstr(message + 1, "error: "));
    release(&compiled);
    free(source);
}

static void check_compiles(char *source) {
    Compiled compiled = compile_sound(source);
    release(&compiled);
    free(source);
}

static void literals_are_limited(void **state) {
    (void)state;
    check_too_large(repeated("m = ( ", "f := %zu. ", 65537, ")"), "literals");
    check_compiles(repeated("m = ( ", "f := %zu. ", 65536, ")"));
}

static void call_sites_are_limited(void **state) {
    (void)state;
    check_too_large(repeated("m = ( ", "f foo. ", 65537, ")"), "messages and globals");
    check_too_large(repeated("m = ( ", "Foo. ", 65537, ")"), "messages and globals");
    check_compiles(repeated("m = ( ", "f foo. ", 65536, ")"));
}

static void variables_are_limited(void **state) {
    (void)state;
    check_too_large(repeated("m = ( | ", "v%zu ", 65537, "| )"), "variables");
    check_compiles(repeated("m = ( | ", "v%zu ", 65536, "| )"));
}

static void captured_variables_are_limited(void **state) {
    (void)state;
    char *names = repeated("m = ( | ", "v%zu ", 65536, "| f := [ ");
    check_too_large(repeated(names, "v%zu. ", 65536, "] )"), "captured variables");
    free(names);
    names = repeated("m = ( | ", "v%zu ", 65535, "| f := [ ");
    check_compiles(repeated(names, "v%zu. ", 65535, "] )"));
    free(names);
}

static void arguments_are_limited(void **state) {
    (void)state;
    check_too_large(repeated("m = ( f ", "k: f ", 32769, ")"), "arguments of a message");
    check_too_large(repeated("", "k: a%zu ", 32768, " = ( )"), "arguments");
    check_too_large(repeated("m = ( f := [ ", ":a%zu ", 32768, "| 1 ] )"), "arguments");
    check_compiles(repeated("", "k: a%zu ", 32767, " = ( ^a100000 )"));
}

static void a_limit_in_a_block_is_reported_once(void **state) {
    (void)state;
    check_too_large(repeated("m = ( f := [ ", "f foo. ", 70000, "] )"), "messages and globals");
}

// Each level has an OSR exit.
static void deep_nesting_compiles(void **state) {
    (void)state;
    enum { DEPTH = 150 };
    char *opened = repeated("m = ( | x | ", "x ifTrue: [ | y | ", DEPTH, "1");
    check_compiles(repeated(opened, " ]", DEPTH, ")"));
    free(opened);
    opened = repeated("m = ( ", "1 to: f do: [ :i | ", DEPTH, "[ i ] value");
    check_compiles(repeated(opened, " ]", DEPTH, ")"));
    free(opened);
    opened = repeated("m = ( f := ", "[ :a | a foo. ", DEPTH, "^a");
    check_compiles(repeated(opened, " ]", DEPTH, ")"));
    free(opened);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals_are_limited),
        cmocka_unit_test(call_sites_are_limited),
        cmocka_unit_test(variables_are_limited),
        cmocka_unit_test(captured_variables_are_limited),
        cmocka_unit_test(arguments_are_limited),
        cmocka_unit_test(a_limit_in_a_block_is_reported_once),
        cmocka_unit_test(deep_nesting_compiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
