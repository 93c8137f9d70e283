// What the parser says about wrong source, and how it goes on.
#include "tests/unit/syntax_parsing.h"

static void a_message_names_what_came_and_what_may_stand_there(void **state) {
    (void)state;
    assert_errors("A = ( m = ( a + ) )", "1:17: unexpected ')', expected expression\n");
    assert_errors("A = ( m = ( a := . ) )", "1:18: unexpected '.', expected expression\n");
    assert_errors("A = ( m = ( (a ] ) )",
                  "1:16: unexpected ']', expected identifier, keyword, operator, ':=' or ')'\n");
    assert_errors("A = ( m = ( a 3 ) )", "1:15: unexpected integer '3', expected identifier, "
                                         "keyword, operator, ':=', '.' or ')'\n");
    assert_errors("A = ( m = ( a. . ) )",
                  "1:16: unexpected '.', expected expression, '^' or ')'\n");
    assert_errors("A = ( m = ( # ] ) )", "1:15: unexpected ']', expected identifier, keyword, "
                                         "keyword sequence, operator, string or '('\n");
    assert_errors("A = ( m = ( [ :a b ] ) )",
                  "1:18: unexpected identifier 'b', expected '<', '|', '||' or ':'\n");
    assert_errors("A = ( m = 5 )", "1:11: unexpected integer '5', expected 'primitive' or '('\n");
    assert_errors("A = ( m: = ( ) )", "1:10: unexpected '=', expected identifier\n");
    assert_errors("A = ( m: a n = ( ) )", "1:12: unexpected identifier 'n', "
                                          "expected keyword, '=', '<' or '<^'\n");
    assert_errors("A ( )", "1:3: unexpected '(', expected '='\n");
    assert_errors("A = 3 ( )", "1:5: unexpected integer '3', expected identifier or '('\n");
}

static void the_end_of_the_file_may_be_what_is_unexpected(void **state) {
    (void)state;
    assert_errors("", "1:1: unexpected end of file, expected identifier\n");
    assert_errors("\"only a comment\"\n", "2:1: unexpected end of file, expected identifier\n");
    assert_errors("A = (\n  m = ( ^a",
                  "2:11: unexpected end of file, expected identifier, keyword, "
                  "operator, ':=', '.' or ')'\n");
    assert_errors("A = (\n", "2:1: unexpected end of file, expected identifier, keyword, operator, "
                             "'----' or ')'\n");
}

static void lexemes_are_shown_unless_they_are_long(void **state) {
    (void)state;
    assert_errors("A = ( m = --> )",
                  "1:11: unexpected operator '-->', expected 'primitive' or '('\n");
    assert_errors("A = ( m = at: )",
                  "1:11: unexpected keyword 'at:', expected 'primitive' or '('\n");
    assert_errors("A = ( m = 1.5 )",
                  "1:11: unexpected double '1.5', expected 'primitive' or '('\n");
    assert_errors("A = ( m = 's' )", "1:11: unexpected string, expected 'primitive' or '('\n");
    assert_errors("A = ( m = 11111111111111111111111111111111111111111 )",
                  "1:11: unexpected integer, expected 'primitive' or '('\n");
}

static void statements_after_a_return_are_errors(void **state) {
    (void)state;
    assert_errors("A = ( m = ( ^1. 2. a foo ) n = ( [ ^1. ^2 ] ) )",
                  "1:17: statement after a return: '^' must be the last one\n"
                  "1:40: statement after a return: '^' must be the last one\n");
}

static void strings_and_comments_must_end(void **state) {
    (void)state;
    assert_errors("A = (\n m = ( 'abc\n ) )", "2:8: unterminated string\n");
    assert_errors("A = ( m = ( 'abc\\' ) )", "1:13: unterminated string\n");
    assert_errors("A = ( m = ( 'abc\\", "1:13: unterminated string\n");
    assert_errors("A = ( m = ( )\n  \"abc\n ) )", "2:3: unterminated comment\n");
}

static void unknown_escapes_are_located_inside_the_string(void **state) {
    (void)state;
    assert_errors("A = ( m = ( 'a\\a\n \\\xC3\xA9 \\\n' foo ) )",
                  "1:15: unknown escape sequence '\\a'\n"
                  "2:2: unknown escape sequence '\\\xC3\xA9'\n"
                  "2:6: unknown escape sequence: '\\' and U+000A\n");
}

static void stray_characters_are_skipped(void **state) {
    (void)state;
    assert_errors("A = ( m = ( $ a foo; bar. \xE2\x80\x9Cq\xE2\x80\x9D. \x01_ x } ) )",
                  "1:13: stray character '$'\n"
                  "1:20: stray character ';'\n"
                  "1:27: stray character '\xE2\x80\x9C'\n"
                  "1:31: stray character '\xE2\x80\x9D'\n"
                  "1:36: stray character U+0001\n"
                  "1:37: stray character '_'\n"
                  "1:41: stray character '}'\n");
}

// A space that isn't one, a hyphen that isn't seen, a mark of direction.
static void what_cannot_be_seen_is_named(void **state) {
    (void)state;
    assert_errors("A = ( m = (\xC2\xA0"
                  "1 ) )",
                  "1:12: stray character U+00A0\n");
    assert_errors("A = ( m = ( 1\xE2\x80\x8B ) )", "1:14: stray character U+200B\n");
    assert_errors("A = ( m = ( 1\xC2\xAD ) )", "1:14: stray character U+00AD\n");
    assert_errors("A = ( m = ( \x7F \xC2\x85 ) )", "1:13: stray character U+007F\n"
                                                   "1:15: stray character U+0085\n");
    assert_errors("A = ( m = ( \xE2\x80\xAE \xF3\xA0\x80\xA1 ) )",
                  "1:13: stray character U+202E\n1:17: stray character U+E0021\n");
    assert_errors("A = ( m = ( '\\\xC2\xA0' ) )",
                  "1:14: unknown escape sequence: '\\' and U+00A0\n");
    assert_errors("A = ( m = ( 1 ) a b\xE1\x9A\x80 )",
                  "1:19: unexpected identifier 'bU+1680', expected '=' or '<^'\n");
}

static void annotations_need_their_space(void **state) {
    (void)state;
    assert_errors("A = ( | a <T>| )", "1:13: unexpected operator '>|', expected identifier, "
                                      "keyword, integer, '>' or '-'\n");
    assert_errors("A = ( | a <T | )",
                  "1:14: unexpected '|', expected identifier, keyword, integer, '>' or '-'\n");
    assert_errors("A = ( m <^T>= ( ) )", "1:12: unexpected operator '>=', expected identifier, "
                                         "keyword, integer, '>' or '-'\n");
    assert_errors("A = ( m <T> = ( ) )", "1:9: unexpected '<', expected '=' or '<^'\n");
}

static void one_run_shows_the_errors_of_several_statements(void **state) {
    (void)state;
    assert_errors("A = ( m = ( a + . b foo. [ c - ] d. (e * ) f. #(g) h. i j: ) )",
                  "1:17: unexpected '.', expected expression\n"
                  "1:32: unexpected ']', expected expression\n"
                  "1:42: unexpected ')', expected expression\n"
                  "1:49: unexpected identifier 'g', expected literal or ')'\n"
                  "1:60: unexpected ')', expected expression\n");
}

static void one_run_shows_the_errors_of_several_methods_and_classes(void **state) {
    (void)state;
    assert_errors("A = ( m: = ( ^a ) n = ( ^ ) ok = ( ^1 ) ---- o p = ( a ) )\n"
                  "B ( ok = ( ^1 ) q = ( r s: ) )\n"
                  "C = D ( + = primitive )",
                  "1:10: unexpected '=', expected identifier\n"
                  "1:27: unexpected ')', expected expression\n"
                  "1:48: unexpected identifier 'p', expected '=' or '<^'\n"
                  "2:3: unexpected '(', expected '='\n"
                  "2:28: unexpected ')', expected expression\n"
                  "3:11: unexpected '=', expected identifier\n");
}

static void text_after_a_class_is_an_error(void **state) {
    (void)state;
    assert_errors("A = ( ) )", "1:9: unexpected ')', expected end of file or identifier\n");
    assert_errors("A = ( )\n5",
                  "2:1: unexpected integer '5', expected end of file or identifier\n");
}

static void the_source_must_be_utf_8(void **state) {
    (void)state;
    assert_errors("A = ( m = ( \xFF \xC3 ) )\n n = ( '\xC3' )\n \"\xE2\x82\" )",
                  "1:13: byte 0xFF: the source is not valid UTF-8\n"
                  "2:9: byte 0xC3: the source is not valid UTF-8\n"
                  "3:3: byte 0xE2: the source is not valid UTF-8\n");
    static const char *const wrong[] = {
        "\x80",             // continues nothing
        "\xC0\xAF",         // longer than needed
        "\xE0\x9F\xBF",     // longer than needed
        "\xF0\x8F\xBF\xBF", // longer than needed
        "\xED\xA0\x80",     // a surrogate
        "\xF4\x90\x80\x80", // beyond U+10FFFF
        "\xF5\x80\x80\x80", // beyond U+10FFFF
        "\xC3(",            // cut off
        "\xE2\x82(",        // cut off
        "\xF0\x9F\x98",     // cut off by the end
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char source[20], expected[80];
        snprintf(source, sizeof source, "\"%s", wrong[i]);
        snprintf(expected, sizeof expected, "1:2: byte 0x%02X: the source is not valid UTF-8\n",
                 (unsigned char)wrong[i][0]);
        assert_errors(source, expected);
    }
    Parsed parsed = parse("A = ( \"\xC2\x80 \xED\x9F\xBF \xEE\x80\x80 \xF4\x8F\xBF\xBF\" )");
    release(&parsed);
}

static void nul_bytes_are_errors_everywhere(void **state) {
    (void)state;
    static const char source[] = "A = ( \0 )\n\"\0\" '\0'\n'\0'";
    assert_errors_in(source, sizeof source - 1,
                     "1:7: NUL byte in the source\n"
                     "2:2: NUL byte in the source\n"
                     "3:2: NUL byte in the source\n");
}

static void a_byte_order_mark_may_stand_at_the_beginning_only(void **state) {
    (void)state;
    Parsed parsed = parse("\xEF\xBB\xBF"
                          "A = ( )");
    release(&parsed);
    assert_errors("A = ( \xEF\xBB\xBF )", "1:7: stray byte order mark\n");
}

// `open` and `close`, `levels` times each, around `inside` in a method.
static char *nested(const char *open, const char *inside, const char *close, int levels) {
    Text source = {0};
    text_add(&source, "A = ( m = ( ");
    for (int i = 0; i < levels; i++)
        text_add(&source, open);
    text_add(&source, inside);
    for (int i = 0; i < levels; i++)
        text_add(&source, close);
    text_add(&source, " ) )");
    return source.chars;
}

static void assert_nested(const char *open, const char *inside, const char *close, int levels,
                          bool good) {
    char *source = nested(open, inside, close, levels);
    Parsed parsed = parse_bytes(source, strlen(source));
    char *lines = error_lines(parsed.messages);
    assert_int_equal(parsed.errors, good ? 0 : 1);
    if (!good)
        assert_non_null(strstr(lines, ": nesting too deep: more than 1000 levels\n"));
    free(lines);
    release(&parsed);
    free(source);
}

static void brackets_nest_to_a_limit(void **state) {
    (void)state;
    static const char *const brackets[][2] = {{"(", ")"}, {"[", "]"}, {"#(", ")"}, {"a:=(", ")"}};
    for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++) {
        assert_nested(brackets[i][0], "1", brackets[i][1], 990, true);
        assert_nested(brackets[i][0], "1", brackets[i][1], 10000, false);
        assert_nested(brackets[i][0], "1", brackets[i][1], 1000000, false);
        // Only the opening ones
        assert_nested(brackets[i][0], "", "", 1000000, false);
    }
}

static void brackets_that_are_not_closed_are_one_error(void **state) {
    (void)state;
    static const char *const brackets[] = {"(", "[", "#(", "a:=("};
    for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++) {
        char *source = nested(brackets[i], "", "", 10000);
        source[strlen(source) - strlen(" ) )")] = '\0';
        Parsed parsed = parse_bytes(source, strlen(source));
        assert_int_equal(parsed.errors, 1);
        assert_non_null(strstr(parsed.messages, "error: unexpected end of file, expected "));
        release(&parsed);
        free(source);
    }
}

static void trees_have_a_limit_without_brackets_too(void **state) {
    (void)state;
    assert_nested("", "a", " := a", 990, true);
    assert_nested("", "a", " := a", 10000, false);
    assert_nested("", "a", " := a", 1000000, false);
    assert_nested("a foo: [ ^ 1 + ", "1", "]", 300, true);
    assert_nested("a foo: [ ^ 1 + ", "1", "]", 1000, false);
}

// Each message is the receiver of the next one.
static void a_chain_of_messages_is_not_deep(void **state) {
    (void)state;
    assert_nested("", "a", " foo", 1000000, true);
    assert_nested("", "a", " + 1", 1000000, true);
    assert_nested("", "a", " foo + 1 - b bar", 100000, true);
    assert_nested("(", "a", " foo: 1 bar: [ a ])", 100000, true);
    assert_nested("(", "a", " + 1) foo", 100000, true);
    // Chains in arguments of chains
    assert_nested("a foo + (", "a", " foo foo foo foo foo foo foo foo foo foo)", 80, true);
    assert_nested("a foo + (", "a", ")", 1000, false);
}

static void wide_is_not_deep(void **state) {
    (void)state;
    assert_nested("", "a", " foo: 1", 100000, true);
    assert_nested("", "a", ". a", 100000, true);
    assert_nested("1 foo. ", "", "", 100000, true);
    assert_nested("#(1) foo. ", "", "", 100000, true);
}

static void an_empty_file_without_text_is_an_error(void **state) {
    (void)state;
    Parsed parsed = parse_bytes(NULL, 0);
    assert_int_equal(parsed.errors, 1);
    release(&parsed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_names_what_came_and_what_may_stand_there),
        cmocka_unit_test(the_end_of_the_file_may_be_what_is_unexpected),
        cmocka_unit_test(lexemes_are_shown_unless_they_are_long),
        cmocka_unit_test(statements_after_a_return_are_errors),
        cmocka_unit_test(strings_and_comments_must_end),
        cmocka_unit_test(unknown_escapes_are_located_inside_the_string),
        cmocka_unit_test(stray_characters_are_skipped),
        cmocka_unit_test(what_cannot_be_seen_is_named),
        cmocka_unit_test(annotations_need_their_space),
        cmocka_unit_test(one_run_shows_the_errors_of_several_statements),
        cmocka_unit_test(one_run_shows_the_errors_of_several_methods_and_classes),
        cmocka_unit_test(text_after_a_class_is_an_error),
        cmocka_unit_test(the_source_must_be_utf_8),
        cmocka_unit_test(nul_bytes_are_errors_everywhere),
        cmocka_unit_test(a_byte_order_mark_may_stand_at_the_beginning_only),
        cmocka_unit_test(brackets_nest_to_a_limit),
        cmocka_unit_test(brackets_that_are_not_closed_are_one_error),
        cmocka_unit_test(trees_have_a_limit_without_brackets_too),
        cmocka_unit_test(a_chain_of_messages_is_not_deep),
        cmocka_unit_test(wide_is_not_deep),
        cmocka_unit_test(an_empty_file_without_text_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
