// Printing a tree: the canonical layout, and that it reads back as the same tree.
#include "frontend/syntax/print.h"
#include "tests/unit/syntax_parsing.h"

#include <math.h>

static char *printed(const char *source) {
    Parsed parsed = parse(source);
    Text text = {0};
    syntax_print_file(&text, parsed.file);
    release(&parsed);
    return text.chars;
}

// `source` is printed as `expected`, and that as itself.
static void assert_printed(const char *source, const char *expected) {
    char *once = printed(source);
    assert_string_equal(once, expected);
    char *twice = printed(once);
    assert_string_equal(twice, once);
    free(once);
    free(twice);
}

// The same for the statement that a method consists of.
static void assert_statement(const char *statement, const char *expected) {
    Text source = {0}, text = {0};
    text_addf(&source, "A = ( m = ( %s ) )", statement);
    text_addf(&text, "A = (\n\n    m = (\n        %s\n    )\n)\n", expected);
    assert_printed(source.chars, text.chars);
    text_free(&source);
    text_free(&text);
}

static void declarations_have_a_canonical_layout(void **state) {
    (void)state;
    assert_printed("A=B(|a b|m=(|c d|e.^f)at:x put:y=primitive+z=()---- |g|n=())C=()",
                   "A = B (\n"
                   "    | a b |\n"
                   "\n"
                   "    m = (\n"
                   "        | c d |\n"
                   "        e.\n"
                   "        ^f\n"
                   "    )\n"
                   "\n"
                   "    at: x put: y = primitive\n"
                   "\n"
                   "    + z = (\n"
                   "    )\n"
                   "\n"
                   "    ----\n"
                   "    | g |\n"
                   "\n"
                   "    n = (\n"
                   "    )\n"
                   ")\n"
                   "\n"
                   "C = (\n"
                   ")\n");
}

static void annotations_are_printed(void **state) {
    (void)state;
    assert_printed("A = ( | a < T > b < - 5 x: > c < > | m: d <U> <^ V> = primitive )",
                   "A = (\n"
                   "    | a <T> b < -5 x:> c < > |\n"
                   "\n"
                   "    m: d <U> <^V> = primitive\n"
                   ")\n");
}

static void includes_stand_between_classes(void **state) {
    (void)state;
    assert_printed("include'a.som' A = ( include = ( ^ 1 ) )include 'b\\'.som' include 'c'",
                   "include 'a.som'\n"
                   "\n"
                   "A = (\n"
                   "\n"
                   "    include = (\n"
                   "        ^1\n"
                   "    )\n"
                   ")\n"
                   "\n"
                   "include 'b\\'.som'\n"
                   "\n"
                   "include 'c'\n");
}

static void brackets_stand_where_they_are_needed(void **state) {
    (void)state;
    assert_statement("((a foo) bar)", "a foo bar");
    assert_statement("(a + b) foo", "(a + b) foo");
    assert_statement("(a foo) + (b foo)", "a foo + b foo");
    assert_statement("a + (b + c)", "a + (b + c)");
    assert_statement("(a + b) + c", "a + b + c");
    assert_statement("(a foo: b) foo", "(a foo: b) foo");
    assert_statement("(a foo: b) + (a foo: b)", "(a foo: b) + (a foo: b)");
    assert_statement("(a foo: (b + c)) bar: (d baz: e)", "(a foo: b + c) bar: (d baz: e)");
    assert_statement("a := (b := (c foo: (d := e)))", "a := b := c foo: (d := e)");
    assert_statement("^(a := b)", "^a := b");
    assert_statement("3 - (-4 abs)", "3 - -4 abs");
    assert_statement("3 - -4", "3 - -4");
}

static void blocks_stay_on_their_line(void **state) {
    (void)state;
    assert_statement("[]", "[ ]");
    assert_statement("[:a :b||c|d. ^ e]", "[ :a :b | | c | d. ^e ]");
    assert_statement("[|c <T> | [:x <U> | ]]", "[ | c <T> | [ :x <U> | ] ]");
}

static void literals_read_back(void **state) {
    (void)state;
    assert_statement("-12", "-12");
    assert_statement("#(1 - 2 #( 's' ) #a)", "#(1 -2 #('s') #a)");
    assert_statement("'\\t\\b\\n\\r\\f\\0\\'\\\\ \"'", "'\\t\\b\\n\\r\\f\\0\\'\\\\ \"'");
    assert_statement("'two\nlines'", "'two\\nlines'");
}

static void symbols_are_quoted_where_they_must_be(void **state) {
    (void)state;
    assert_statement("#'foo'", "#foo");
    assert_statement("#'foo:bar:'", "#foo:bar:");
    assert_statement("#'+-+'", "#+-+");
    assert_statement("#'foo:bar'", "#'foo:bar'");
    assert_statement("#':'", "#':'");
    assert_statement("#'a b'", "#'a b'");
    assert_statement("#'1a'", "#'1a'");
    assert_statement("#''", "#''");
    assert_statement("#'----'", "#'----'");
    assert_statement("#'a\\0'", "#'a\\0'");
    assert_statement("#'a:' = 1", "#a: = 1");
}

static void doubles_have_the_shortest_digits_that_read_back(void **state) {
    (void)state;
    assert_statement("1.0", "1.0");
    assert_statement("-0.0", "-0.0");
    assert_statement("0.1", "0.1");
    assert_statement("0.30000000000000004", "0.30000000000000004");
    assert_statement("100.25", "100.25");
    assert_statement("0.00000001", "1.0e-8");
    assert_statement("1e20", "1.0e20");
    assert_statement("12e-1", "1.2");
    assert_statement("9007199254740993.0", "9007199254740992.0");
    static const double numbers[] = {
        1e22, 1e23,    1.7976931348623157e308, 5e-324, 2.2250738585072014e-308,
        M_PI, 1.0 / 3, 123456789012345680.0};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        AstExpression number = {.kind = AST_DOUBLE, .number = numbers[i]};
        Text text = {0};
        syntax_print_expression(&text, &number);
        assert_true(strtod(text.chars, NULL) == numbers[i]);
        text_free(&text);
    }
}

// Expressions made by chance: what is printed reads back as the same tree.

static unsigned next_random(unsigned *seed) {
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 16;
}

static void add_expression(Text *text, unsigned *seed, int depth);

static void add_primary(Text *text, unsigned *seed, int depth) {
    static const char *const leaves[] = {"a",   "12",    "-3", "1.5e30",
                                         "'s'", "#k:l:", "#+", "#(1 #- -2)"};
    unsigned choice = next_random(seed) % (depth > 0 ? 12 : 8);
    if (choice < 8) {
        text_add(text, leaves[choice]);
        return;
    }
    text_add(text, choice < 10 ? "(" : choice == 10 ? "[ :x | " : "[ | l | y. ");
    add_expression(text, seed, depth - 1);
    text_add(text, choice < 10 ? ")" : " ]");
}

static void add_expression(Text *text, unsigned *seed, int depth) {
    static const char *const links[] = {" foo", " + ", " - ", " || "};
    if (next_random(seed) % 4 == 0)
        text_add(text, "v := ");
    add_primary(text, seed, depth);
    for (unsigned count = next_random(seed) % 4; count > 0; count--) {
        unsigned choice = next_random(seed) % 4;
        text_add(text, links[choice]);
        if (choice > 0)
            add_primary(text, seed, depth);
    }
    for (unsigned count = next_random(seed) % 3; count > 0; count--) {
        text_add(text, " at: ");
        add_primary(text, seed, depth);
    }
}

static void trees_made_by_chance_read_back(void **state) {
    (void)state;
    unsigned seed = 11;
    for (int round = 0; round < 2000; round++) {
        Text source = {0}, before = {0}, after = {0};
        text_add(&source, "A = ( m = ( ");
        add_expression(&source, &seed, 4);
        text_add(&source, " ) )");
        char *once = printed(source.chars);
        Parsed first = parse(source.chars), second = parse(once);
        show_block(&before, body_of(&first));
        show_block(&after, body_of(&second));
        assert_string_equal(before.chars, after.chars);
        char *twice = printed(once);
        assert_string_equal(once, twice);
        release(&first);
        release(&second);
        text_free(&source);
        text_free(&before);
        text_free(&after);
        free(once);
        free(twice);
    }
}

// `before` many times, `inside`, and `after` as many times.
static void assert_printed_long(const char *before, const char *inside, const char *after) {
    enum { MANY = 100000 };
    Text source = {0};
    text_add(&source, "A = (\n\n    m = (\n        ");
    for (int i = 0; i < MANY; i++)
        text_add(&source, before);
    text_add(&source, inside);
    for (int i = 0; i < MANY; i++)
        text_add(&source, after);
    text_add(&source, "\n    )\n)\n");
    char *once = printed(source.chars);
    assert_string_equal(once, source.chars);
    text_free(&source);
    free(once);
}

static void long_chains_of_messages_are_printed(void **state) {
    (void)state;
    assert_printed_long("", "a", " foo");
    assert_printed_long("", "a", " + b foo");
    assert_printed_long("(", "a", " foo: b) bar");
    assert_printed_long("((", "a", " foo: 1 bar: 2) + b) bar");
}

// Any text at all ends in a tree or in errors, never in a crash.
static void text_made_by_chance_is_read_or_refused(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "A",    " = ",  "(",   ")", "[",         "]",        "|",      "||",     "<",
        ">",    "<^",   "^",   ".", ":",         ":=",       "#",      "-",      "----",
        "foo:", "a:b:", " x ", "5", "1.5",       "'s'",      "'",      "\"",     "\n",
        "\\",   "{",    "#(",  "@", "primitive", "\xC3\xA9", "m = ( ", "A = ( ", " "};
    unsigned seed = 12;
    for (int round = 0; round < 5000; round++) {
        Text source = {0};
        text_add(&source, "A = ( m = ( ");
        for (unsigned count = next_random(&seed) % 60; count > 0; count--)
            text_add(&source, pieces[next_random(&seed) % (sizeof pieces / sizeof *pieces)]);
        Parsed parsed = parse_bytes(source.chars, source.length);
        release(&parsed);
        text_free(&source);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_chains_of_messages_are_printed),
        cmocka_unit_test(declarations_have_a_canonical_layout),
        cmocka_unit_test(annotations_are_printed),
        cmocka_unit_test(includes_stand_between_classes),
        cmocka_unit_test(brackets_stand_where_they_are_needed),
        cmocka_unit_test(blocks_stay_on_their_line),
        cmocka_unit_test(literals_read_back),
        cmocka_unit_test(symbols_are_quoted_where_they_must_be),
        cmocka_unit_test(doubles_have_the_shortest_digits_that_read_back),
        cmocka_unit_test(trees_made_by_chance_read_back),
        cmocka_unit_test(text_made_by_chance_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
