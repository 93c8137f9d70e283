// Statements, messages, blocks: what binds to what.
#include "tests/unit/syntax_parsing.h"

static void unary_binds_tighter_than_binary_than_keyword(void **state) {
    (void)state;
    assert_shape("a foo", "(a foo).");
    assert_shape("a foo bar", "((a foo) bar).");
    assert_shape("a + b", "(a + b).");
    assert_shape("a foo + b bar", "((a foo) + (b bar)).");
    assert_shape("a + b foo: c + d bar: e baz", "((a + b) foo:bar: (c + d) (e baz)).");
    assert_shape("a foo: b foo: c", "(a foo:foo: b c).");
}

static void binary_messages_have_one_precedence_and_go_left_to_right(void **state) {
    (void)state;
    assert_shape("1 + 2 * 3", "((1 + 2) * 3).");
    assert_shape("a - b - c", "((a - b) - c).");
    assert_shape("a = b | c", "((a = b) | c).");
}

static void brackets_override(void **state) {
    (void)state;
    assert_shape("1 + (2 * 3)", "(1 + (2 * 3)).");
    assert_shape("(a foo: b) foo: c", "((a foo: b) foo: c).");
    assert_shape("a foo: (b foo: c)", "(a foo: (b foo: c)).");
    assert_shape("(((a)))", "a.");
    assert_shape("(a := b) foo", "({a := b} foo).");
}

static void every_operator_may_be_sent(void **state) {
    (void)state;
    static const char *const operators[] = {
        "~",  "&",  "|",  "*",  "/",  "\\", "+",  "=",  ">",  "<",  ",",  "@",   "%",   "-",
        "||", "--", "->", ">=", "<=", "<>", "==", "~=", "&&", "//", "<-", "-->", "|||", "----|"};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        char code[40], shape[40];
        snprintf(code, sizeof code, "a %s b", operators[i]);
        snprintf(shape, sizeof shape, "(a %s b).", operators[i]);
        assert_shape(code, shape);
    }
}

static void minus_before_a_number_is_a_sign_only_where_an_operand_stands(void **state) {
    (void)state;
    assert_shape("3 -4", "(3 - 4).");
    assert_shape("3 - 4", "(3 - 4).");
    assert_shape("3-4", "(3 - 4).");
    assert_shape("-4", "-4.");
    assert_shape("- 4", "-4.");
    assert_shape("3 - -4", "(3 - -4).");
    assert_shape("3 --4", "(3 -- 4).");
    assert_shape("-4 abs", "(-4 abs).");
    assert_shape("a foo: -4 bar: - 1.5", "(a foo:bar: -4 -1.5!).");
    assert_shape("a -b", "(a - b).");
    assert_errors("A = ( m = ( -b ) )",
                  "1:14: unexpected identifier 'b', expected integer or double\n");
}

static void assignments_chain(void **state) {
    (void)state;
    assert_shape("a := 1", "{a := 1}.");
    assert_shape("a := b := c foo", "{a := {b := (c foo)}}.");
    assert_shape("a:=1", "{a := 1}.");
    assert_shape("a:=b:=c", "{a := {b := c}}.");
    assert_shape("primitive := 1. primitive:=2", "{primitive := 1}. {primitive := 2}.");
}

static void pseudo_variables_are_variables(void **state) {
    (void)state;
    assert_shape("super foo: self. ^nil", "(super foo: self). ^nil.");
    assert_shape("primitive primitive", "(primitive primitive).");
}

static void statements_end_with_an_optional_period(void **state) {
    (void)state;
    assert_shape("", "");
    assert_shape("a", "a.");
    assert_shape("a.", "a.");
    assert_shape("a. b", "a. b.");
    assert_shape("a. b. ^c", "a. b. ^c.");
    assert_shape("a. ^c.", "a. ^c.");
    assert_shape("^ a := 1", "^{a := 1}.");
    assert_shape("1. 2", "1. 2.");
    assert_shape("1.", "1.");
}

static void methods_have_locals(void **state) {
    (void)state;
    assert_shape("| a b | a", "|a |b a.");
    assert_shape("|a| a", "|a a.");
    assert_shape("| | a", "a.");
    assert_shape("|| a", "a.");
    assert_shape("| a |", "|a");
    assert_shape("| a | a | a", "|a (a | a).");
}

static void blocks_have_arguments_and_locals(void **state) {
    (void)state;
    assert_shape("[]", "[ ].");
    assert_shape("[ a. b ]", "[ a. b. ].");
    assert_shape("[ ^a ]", "[ ^a. ].");
    assert_shape("[ :a | ]", "[ :a ].");
    assert_shape("[ :a :b | a ]", "[ :a :b a. ].");
    assert_shape("[:a|a|b]", "[ :a (a | b). ].");
    assert_shape("[ : a | a ]", "[ :a a. ].");
    assert_shape("[ | l | l ]", "[ |l l. ].");
    assert_shape("[ :a | | l m | l ]", "[ :a |l |m l. ].");
    assert_shape("[:a||l| l]", "[ :a |l l. ].");
    assert_shape("[ :a || | a ]", "[ :a a. ].");
    assert_shape("[ :a | || a ]", "[ :a a. ].");
    assert_shape("[ || a ]", "[ a. ].");
    assert_shape("[ [ [ a ] ] value ]", "[ ([ [ a. ]. ] value). ].");
}

static void comments_and_space_stand_anywhere(void **state) {
    (void)state;
    assert_shape("\"c\"a\"c\"foo:\"two\n\"\"\"b\t\r\n", "(a foo: b).");
    assert_shape("a\f\v foo", "(a foo).");
}

static void locations_are_those_of_the_words(void **state) {
    (void)state;
    Parsed parsed = parse("A = (\n"
                          "  m = (\n"
                          "    x foo\n"
                          "      at: -1 \"\n\" put: [ y ].\n"
                          "    ^ z := a + 'b\n"
                          "c' d ) )");
    const AstBlock *body = body_of(&parsed);
    const AstExpression *first = body->statements.items[0], *second = body->statements.items[1];
#define AT(location, l, c)                                                                         \
    do {                                                                                           \
        assert_int_equal((location).line, l);                                                      \
        assert_int_equal((location).column, c);                                                    \
    } while (0)
    AT(body->at, 2, 7);
    AT(body->end, 7, 6);
    AT(first->at, 4, 7);
    AT(first->send.receiver->at, 3, 7);
    AT(first->send.receiver->send.receiver->at, 3, 5);
    AT(first->send.arguments.items[0]->at, 4, 11);
    AT(first->send.arguments.items[1]->at, 5, 8);
    AT(first->send.arguments.items[1]->block->end, 5, 12);
    AT(second->at, 6, 5);
    AT(second->returned->at, 6, 7);
    AT(second->returned->assignment.value->at, 6, 14);
    AT(second->returned->assignment.value->send.arguments.items[0]->at, 7, 4);
#undef AT
    release(&parsed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unary_binds_tighter_than_binary_than_keyword),
        cmocka_unit_test(binary_messages_have_one_precedence_and_go_left_to_right),
        cmocka_unit_test(brackets_override),
        cmocka_unit_test(every_operator_may_be_sent),
        cmocka_unit_test(minus_before_a_number_is_a_sign_only_where_an_operand_stands),
        cmocka_unit_test(assignments_chain),
        cmocka_unit_test(pseudo_variables_are_variables),
        cmocka_unit_test(statements_end_with_an_optional_period),
        cmocka_unit_test(methods_have_locals),
        cmocka_unit_test(blocks_have_arguments_and_locals),
        cmocka_unit_test(comments_and_space_stand_anywhere),
        cmocka_unit_test(locations_are_those_of_the_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
