// Files, classes, fields, methods and the loop language's annotations.
#include "tests/unit/syntax_parsing.h"

static const AstClass *class_at(const Parsed *parsed, size_t index) {
    assert_true(index < parsed->file->classes.count);
    return parsed->file->classes.items[index];
}

// `name name …` of the declared names, each with ` <words>` if it is annotated.
static void assert_variables(AstVariables variables, const char *expected) {
    Text text = {0};
    text_add(&text, "");
    for (size_t i = 0; i < variables.count; i++) {
        const AstVariable *variable = &variables.items[i];
        text_addf(&text, "%s%s", i ? " " : "", variable->name);
        if (!variable->annotation)
            continue;
        text_add(&text, " <");
        for (size_t j = 0; j < variable->annotation->words.count; j++) {
            AstWord word = variable->annotation->words.items[j];
            text_addf(&text, word.is_integer ? "[%s]" : "(%s)", word.text);
        }
        text_add(&text, ">");
    }
    assert_string_equal(text.chars, expected);
    text_free(&text);
}

static void assert_selectors(AstMethods methods, const char *expected) {
    Text text = {0};
    text_add(&text, "");
    for (size_t i = 0; i < methods.count; i++)
        text_addf(&text, "%s%s", i ? " " : "", methods.items[i]->selector);
    assert_string_equal(text.chars, expected);
    text_free(&text);
}

static void a_class_may_name_its_superclass(void **state) {
    (void)state;
    Parsed parsed = parse("A = () B = Super () C = nil ()");
    assert_string_equal(parsed.file->name, "f");
    assert_int_equal(parsed.file->classes.count, 3);
    assert_string_equal(class_at(&parsed, 0)->name, "A");
    assert_null(class_at(&parsed, 0)->superclass);
    assert_string_equal(class_at(&parsed, 1)->name, "B");
    assert_string_equal(class_at(&parsed, 1)->superclass, "Super");
    assert_int_equal(class_at(&parsed, 1)->at.column, 8);
    assert_int_equal(class_at(&parsed, 1)->superclass_at.column, 12);
    assert_string_equal(class_at(&parsed, 2)->superclass, "nil");
    release(&parsed);
}

static void both_sides_have_fields_and_methods(void **state) {
    (void)state;
    Parsed parsed = parse("A = ( | a b | m = ( ) n = ( )\n ---- | c | o = ( ) )\n"
                          "B = ( ------- ) C = ( ---- p = ( ) ) D = ( | | m = ( ) ---- | | )");
    const AstClass *class = class_at(&parsed, 0);
    assert_variables(class->fields, "a b");
    assert_selectors(class->methods, "m n");
    assert_variables(class->class_fields, "c");
    assert_selectors(class->class_methods, "o");
    assert_selectors(class_at(&parsed, 1)->methods, "");
    assert_selectors(class_at(&parsed, 2)->class_methods, "p");
    assert_variables(class_at(&parsed, 3)->fields, "");
    assert_selectors(class_at(&parsed, 3)->methods, "m");
    release(&parsed);
}

static void bars_open_fields_or_are_a_selector(void **state) {
    (void)state;
    Parsed parsed = parse("A = ( | x = ( ) ) B = ( | a | | x = ( ) || y = ( ) )\n"
                          "C = ( || x = ( ) ) D = ( || ) E = ( || + x = ( ) m = ( ) )\n"
                          "F = ( | x <T> = ( ) ) G = ( || x <^T> = ( ) ) H = ( | x | )");
    assert_variables(class_at(&parsed, 0)->fields, "");
    assert_selectors(class_at(&parsed, 0)->methods, "|");
    assert_variables(class_at(&parsed, 1)->fields, "a");
    assert_selectors(class_at(&parsed, 1)->methods, "| ||");
    assert_selectors(class_at(&parsed, 2)->methods, "||");
    assert_selectors(class_at(&parsed, 3)->methods, "");
    assert_selectors(class_at(&parsed, 4)->methods, "+ m");
    assert_selectors(class_at(&parsed, 5)->methods, "|");
    assert_selectors(class_at(&parsed, 6)->methods, "||");
    assert_variables(class_at(&parsed, 7)->fields, "x");
    release(&parsed);
}

static void patterns_are_unary_binary_or_keywords(void **state) {
    (void)state;
    Parsed parsed = parse("A = ( foo = ( ) + b = ( ) = c = ( ) - d = ( ) < e = ( ) > f = ( )\n"
                          "-- g = ( ) at: h = ( ) at: i put: j = ( ) primitive = ( ) )");
    AstMethods methods = class_at(&parsed, 0)->methods;
    assert_selectors(methods, "foo + = - < > -- at: at:put: primitive");
    assert_variables(methods.items[0]->arguments, "");
    assert_variables(methods.items[1]->arguments, "b");
    assert_variables(methods.items[8]->arguments, "i j");
    assert_int_equal(methods.items[8]->at.line, 2);
    assert_int_equal(methods.items[8]->at.column, 24);
    release(&parsed);
}

static void a_method_may_be_primitive(void **state) {
    (void)state;
    Parsed parsed = parse("A = ( a = primitive primitive = primitive b: primitive = primitive\n"
                          "+ x = primitive c = ( primitive ) )");
    AstMethods methods = class_at(&parsed, 0)->methods;
    assert_selectors(methods, "a primitive b: + c");
    for (size_t i = 0; i < 4; i++) {
        assert_true(methods.items[i]->is_primitive);
        assert_null(methods.items[i]->body);
    }
    assert_false(methods.items[4]->is_primitive);
    assert_int_equal(methods.items[4]->body->statements.count, 1);
    release(&parsed);
}

static void declared_names_may_be_annotated(void **state) {
    (void)state;
    Parsed parsed =
        parse("A = (\n"
              "  | pc <Int64> code <const Elements of: UInt16 in: code> e < > p |\n"
              "  at: i <UInt16> put: v = ( | l <Value> m | [ :x <T> :y | | z <U> | ] )\n"
              "  + o <in: primitive> = ( )\n"
              "  ---- | n < -5 5 -007> | )");
    const AstClass *class = class_at(&parsed, 0);
    assert_variables(class->fields, "pc <(Int64)> code <(const)(Elements)(of:)(UInt16)(in:)(code)>"
                                    " e <> p");
    assert_variables(class->methods.items[0]->arguments, "i <(UInt16)> v");
    const AstBlock *body = class->methods.items[0]->body;
    assert_variables(body->locals, "l <(Value)> m");
    assert_variables(body->statements.items[0]->block->arguments, "x <(T)> y");
    assert_variables(body->statements.items[0]->block->locals, "z <(U)>");
    assert_variables(class->methods.items[1]->arguments, "o <(in:)(primitive)>");
    assert_variables(class->class_fields, "n <[-5][5][-7]>");
    AstAnnotation *annotation = class->fields.items[1].annotation;
    assert_int_equal(annotation->at.line, 2);
    assert_int_equal(annotation->at.column, 21);
    assert_int_equal(annotation->words.items[2].at.column, 37);
    release(&parsed);
}

static void a_pattern_may_have_a_result(void **state) {
    (void)state;
    Parsed parsed = parse("A = ( a <^Value> = primitive b: x <T> <^ const U> = ( ) + y <^V> = ( )"
                          " c = ( ) )");
    AstMethods methods = class_at(&parsed, 0)->methods;
    assert_int_equal(methods.items[0]->result->words.count, 1);
    assert_string_equal(methods.items[0]->result->words.items[0].text, "Value");
    assert_int_equal(methods.items[0]->result->at.column, 9);
    assert_int_equal(methods.items[1]->result->words.count, 2);
    assert_variables(methods.items[1]->arguments, "x <(T)>");
    assert_string_equal(methods.items[2]->result->words.items[0].text, "V");
    assert_null(methods.items[3]->result);
    release(&parsed);
}

static void the_tree_outlives_the_source(void **state) {
    (void)state;
    char source[] = "A = B ( | f <T> | m: a = ( ^#x + 'str' foo: 12 ) )";
    Parsed parsed = parse(source);
    memset(source, 'z', sizeof source - 1);
    Text shape = {0};
    show_block(&shape, body_of(&parsed));
    assert_string_equal(shape.chars, "[ ^((#x + 'str') foo: 12). ]");
    assert_string_equal(class_at(&parsed, 0)->superclass, "B");
    assert_variables(class_at(&parsed, 0)->fields, "f <(T)>");
    text_free(&shape);
    release(&parsed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_may_name_its_superclass),
        cmocka_unit_test(both_sides_have_fields_and_methods),
        cmocka_unit_test(bars_open_fields_or_are_a_selector),
        cmocka_unit_test(patterns_are_unary_binary_or_keywords),
        cmocka_unit_test(a_method_may_be_primitive),
        cmocka_unit_test(declared_names_may_be_annotated),
        cmocka_unit_test(a_pattern_may_have_a_result),
        cmocka_unit_test(the_tree_outlives_the_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
