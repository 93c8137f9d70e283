// Numbers, strings, symbols, literal arrays.
#include "tests/unit/syntax_parsing.h"

#include <math.h>

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

static void a_double_has_digits_on_both_sides_of_its_point(void **state) {
    (void)state;
    Parsed parsed;
    assert_true(literal(&parsed, "0.1")->number == 0.1);
    release(&parsed);
    assert_true(literal(&parsed, "1.5e3")->kind == AST_SEND);
    release(&parsed);
    const AstExpression *zero = literal(&parsed, "-0.0");
    assert_true(zero->kind == AST_DOUBLE && zero->number == 0 && signbit(zero->number));
    release(&parsed);
    assert_true(literal(&parsed, "9007199254740993.0")->number == 9007199254740992.0);
    release(&parsed);
    assert_shape("1.5 foo. 2.", "(1.5! foo). 2.");
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
