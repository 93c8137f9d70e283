// Numbers, strings, symbols, literal arrays.
#include "tests/unit/syntax_parsing.h"

#include "support/double_text.h"

#include <math.h>
#include <stdint.h>

// The first statement of `code`; the caller releases `parsed`.
static const AstExpression *literal(Parsed *parsed, const char *code) {
    Text source = {0};
    text_addf(&source, "A = ( m = ( %s ) )", code);
    *parsed = parse(source.chars);
    text_free(&source);
    return body_of(parsed)->statements.items[0];
}

static void integers_keep_their_digits_whatever_their_size(void **state) {
    (void)state;
    assert_shape("0", "0.");
    assert_shape("-0", "0.");
    assert_shape("007", "7.");
    assert_shape("-007", "-7.");
    assert_shape("170141183460469231731687303715884105728",
                 "170141183460469231731687303715884105728.");
    assert_shape("-99999999999999999999999999999999999999",
                 "-99999999999999999999999999999999999999.");
}

static void assert_double(const char *code, double number) {
    Parsed parsed;
    const AstExpression *expression = literal(&parsed, code);
    assert_int_equal(expression->kind, AST_DOUBLE);
    assert_memory_equal(&expression->number, &number, sizeof number);
    release(&parsed);
}

static void a_double_has_digits_on_both_sides_of_its_point(void **state) {
    (void)state;
    assert_double("0.1", 0.1);
    assert_double("-0.0", -0.0);
    assert_double("9007199254740993.0", 9007199254740992.0);
    assert_shape("1.5 foo. 2.", "(1.5! foo). 2.");
    assert_errors("A = ( m = ( .5 ) )", "1:13: unexpected '.', expected expression, '|', '||', "
                                        "'^' or ')'\n");
}

static void a_number_with_an_exponent_is_a_double(void **state) {
    (void)state;
    assert_double("1e10", 1e10);
    assert_double("1E5", 1e5);
    assert_double("1.5e3", 1500.0);
    assert_double("2.5e-3", 0.0025);
    assert_double("1e+2", 100.0);
    assert_double("-1.0e20", -1e20);
    assert_double("007e007", 7e7);
    assert_double("5.0e-324", 5e-324);
    assert_double("1e-400", 0.0);
    assert_shape("#(1e3 -1e-3)", "#( 1000! -0.001! ).");
    assert_shape("3-1e3", "(3 - 1000!).");
    assert_shape("1e3 foo", "(1000! foo).");
}

static void an_exponent_without_digits_is_a_message(void **state) {
    (void)state;
    assert_shape("1 e10", "(1 e10).");
    assert_shape("1.5 e10", "(1.5! e10).");
    assert_shape("1e", "(1 e).");
    assert_shape("1e - 3", "((1 e) - 3).");
    assert_shape("1.5e x", "((1.5! e) x).");
    assert_shape("1. e5", "1. e5.");
    assert_shape("1.e5", "1. e5.");
    assert_shape("1 e: 5", "(1 e: 5).");
    assert_shape("x e10", "(x e10).");
}

static void a_double_is_printed_as_a_literal_that_reads_back(void **state) {
    (void)state;
    uint64_t bits = 1;
    for (int i = 0; i < 5000; i++) {
        bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        double number;
        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number))
            continue;
        char chars[DOUBLE_CHARS + 1];
        chars[double_print(chars, number)] = '\0';
        assert_double(chars, number);
    }
}

static void a_double_too_large_is_an_error(void **state) {
    (void)state;
    Text source = {0};
    text_add(&source, "A = ( m = ( ");
    for (int i = 0; i < 310; i++)
        text_add(&source, "9");
    text_add(&source, ".0 ) )");
    assert_errors(source.chars, "1:13: number too large for a double\n");
    text_free(&source);
    assert_errors("A = ( m = ( 1e309 ) )", "1:13: number too large for a double\n");
    assert_errors("A = ( m = ( 1.0e400 ) )", "1:13: number too large for a double\n");
    assert_errors("A = ( m = ( 1e99999999999999999999 ) )",
                  "1:13: number too large for a double\n");
}

static void strings_resolve_their_escapes(void **state) {
    (void)state;
    Parsed parsed;
    const AstExpression *string = literal(&parsed, "'\\t\\b\\n\\r\\f\\0\\'\\\\x'");
    assert_int_equal(string->kind, AST_STRING);
    assert_int_equal(string->text.length, 9);
    assert_memory_equal(string->text.chars, "\t\b\n\r\f\0'\\x", 10);
    release(&parsed);
    assert_int_equal(literal(&parsed, "''")->text.length, 0);
    release(&parsed);
}

static void strings_may_hold_lines_comments_and_any_character(void **state) {
    (void)state;
    assert_shape("'a\nb' foo", "('a\nb' foo).");
    assert_shape("'say \"a\"'", "'say \"a\"'.");
    assert_shape("'h\xC3\xA9 \xE2\x9D\xA4'", "'h\xC3\xA9 \xE2\x9D\xA4'.");
}

static void symbols_are_selectors_or_strings(void **state) {
    (void)state;
    assert_shape("#foo", "#foo.");
    assert_shape("# foo", "#foo.");
    assert_shape("#foo:", "#foo:.");
    assert_shape("#foo:bar:", "#foo:bar:.");
    assert_shape("#primitive", "#primitive.");
    assert_shape("#+ foo", "(#+ foo).");
    assert_shape("#->", "#->.");
    assert_shape("#|. #||. #<. #>. #=. #-", "#|. #||. #<. #>. #=. #-.");
    assert_shape("#'a string\\n'", "#a string\n.");
    assert_shape("#''", "#.");
}

static void symbols_may_touch_what_follows(void **state) {
    (void)state;
    assert_shape("#a=#b", "(#a = #b).");
    assert_shape("#a:=#b", "(#a: = #b).");
    assert_shape("#a: b: #c", "(#a: b: #c).");
    assert_shape("[:x|#x]", "[ :x #x. ].");
}

static void literal_arrays_nest_and_hold_literals_only(void **state) {
    (void)state;
    assert_shape("#()", "#( ).");
    assert_shape("#(1 -2 - 3 4.5 -6.5)", "#( 1 -2 -3 4.5! -6.5! ).");
    assert_shape("#('s' #s #s: #s:t: #+ #- 5 #'q r')", "#( 's' #s #s: #s:t: #+ #- 5 #q r ).");
    assert_shape("#( #( 1 #() ) 2 ) foo", "(#( #( 1 #( ) ) 2 ) foo).");
    assert_errors("A = ( m = ( #(1 foo 2) bar. #( #a true ) ) )",
                  "1:17: unexpected identifier 'foo', expected literal or ')'\n"
                  "1:35: unexpected identifier 'true', expected literal or ')'\n");
}

static void identifiers_are_letters_of_any_script_digits_and_underscores(void **state) {
    (void)state;
    assert_shape("a_1 b2_", "(a_1 b2_).");
    assert_shape("primitives", "primitives.");
    // Latin, Greek, Cyrillic, Devanagari, CJK, Hangul, fraktur beyond the BMP
    assert_shape("\xC3\xA9t\xC3\xA9 \xCE\xBB\xCE\xBF: \xD0\xB6",
                 "(\xC3\xA9t\xC3\xA9 \xCE\xBB\xCE\xBF: \xD0\xB6).");
    assert_shape("\xE0\xA4\x85 \xE6\xBC\xA2 \xED\x95\x9C",
                 "((\xE0\xA4\x85 \xE6\xBC\xA2) \xED\x95\x9C).");
    assert_shape("\xF0\x9D\x94\x84", "\xF0\x9D\x94\x84.");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_keep_their_digits_whatever_their_size),
        cmocka_unit_test(a_double_has_digits_on_both_sides_of_its_point),
        cmocka_unit_test(a_number_with_an_exponent_is_a_double),
        cmocka_unit_test(an_exponent_without_digits_is_a_message),
        cmocka_unit_test(a_double_is_printed_as_a_literal_that_reads_back),
        cmocka_unit_test(a_double_too_large_is_an_error),
        cmocka_unit_test(strings_resolve_their_escapes),
        cmocka_unit_test(strings_may_hold_lines_comments_and_any_character),
        cmocka_unit_test(symbols_are_selectors_or_strings),
        cmocka_unit_test(symbols_may_touch_what_follows),
        cmocka_unit_test(literal_arrays_nest_and_hold_literals_only),
        cmocka_unit_test(identifiers_are_letters_of_any_script_digits_and_underscores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
