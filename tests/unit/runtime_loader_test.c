// The class path, and what is wrong with class files.
#include "tests/unit/runtime_fixture.h"

#include "runtime/vm.h"

#include <sys/stat.h>

static void open_machine(Fixture *fixture) {
    fixture_open_engine(fixture, true);
    assert_true(fixture_open_vm(fixture, (SomOptions){0}));
}

// Loading the class fails, and the report has this text in it.
static void check_broken(const char *name, const char *source, const char *report) {
    Fixture fixture;
    open_machine(&fixture);
    fixture_class(&fixture, name, source);
    assert_false(som_load(fixture.vm, name));
    if (!strstr(fixture_errors(&fixture), report))
        fail_msg("%s", fixture_errors(&fixture));
    fixture_close(&fixture);
}

static void what_is_wrong_with_a_class_is_located(void **state) {
    (void)state;
    check_broken("A", "A = ( run = ( 1 + ) )", "A.som:1:19: error: ");
    check_broken("A", "B = ( )", "A.som:1:1: error: this is class B");
    check_broken("A", "A = ( )\nB = ( )", "A.som:1:1: error: a file has one class");
    check_broken("A", "", "A.som:1:1: error: ");
    check_broken("A", "A = Nowhere ( )", "A.som:1:5: error: there is no class Nowhere");
    check_broken("A", "A = A ( )", "A.som:1:5: error: class A inherits from itself");
    check_broken("A", "A = nil ( )", "A.som:1:5: error: only Object may inherit from nil");
    check_broken("A", "A = ( | x y x | )", "A.som:1:13: error: there is a field x already");
    check_broken("A", "A = ( | x self | )", "A.som:1:11: error: 'self' can't be a field's name");
    check_broken("A", "A = ( ---- | nil | )", "A.som:1:14: error: 'nil' can't be a field's name");
    check_broken("A", "A = Array ( | x | )", "A.som:1:15: error: A can't have fields");
    check_broken("A", "A = Metaclass ( | x | )", "A.som:1:19: error: A can't have fields");
    check_broken("A", "A = ( | x <Int64> | )", "A.som:1:11: error: SOM has no type annotations");
    check_broken("A", "A = ( run = ( self := 3 ) )", "A.som:1:15: error: ");
    check_broken("A", "include 'B.som'\nA = ( run = ( ) )",
                 "A.som:1:1: error: SOM has no `include`");
    check_broken("A", "A = ( run: a <Int64> = ( ) )", "error: SOM has no type annotations");
    check_broken("A", "A = ( run <^Int64> = ( ) )", "error: SOM has no type annotations");
    check_broken("A", "A = ( run = ( | a <Int64> | ) )", "error: SOM has no type annotations");
    check_broken("A", "A = ( run = ( ^[ :a <Int64> | a ] ) )",
                 "A.som:1:21: error: SOM has no type annotations");
    check_broken("A", "A = ( run = ( ^self do: [ [ | a <Int64> | a ] ] with: 1 ) )",
                 "A.som:1:33: error: SOM has no type annotations");
}

static void all_errors_of_a_file_are_reported(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture);
    fixture_class(&fixture, "A", "A = ( a = ( self := 1 )\n b = ( super := 1 ) )");
    assert_false(som_load(fixture.vm, "A"));
    assert_non_null(strstr(fixture_errors(&fixture), "A.som:1:"));
    assert_non_null(strstr(fixture_errors(&fixture), "A.som:2:"));
    fixture_close(&fixture);
}

static void a_circle_of_superclasses_is_found(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture);
    fixture_class(&fixture, "A", "A = B ( )");
    fixture_class(&fixture, "B", "B = C ( )");
    fixture_class(&fixture, "C", "C = A ( )");
    assert_false(som_load(fixture.vm, "A"));
    assert_non_null(strstr(fixture_errors(&fixture), "error: class A inherits from itself"));
    fixture_close(&fixture);
}

static void a_missing_class_is_reported_with_the_path(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture);
    assert_false(som_load(fixture.vm, "Nowhere"));
    assert_false(som_load(fixture.vm, "../Nowhere"));
    assert_false(som_load(fixture.vm, ""));
    assert_non_null(strstr(fixture_errors(&fixture), "there is no class Nowhere in "));
    assert_non_null(strstr(fixture_errors(&fixture), fixture.directory));
    fixture_close(&fixture);
}

static void a_class_that_cannot_be_read_is_an_error(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture);
    char path[128];
    snprintf(path, sizeof path, "%s/A.som", fixture.directory);
    assert_int_equal(mkdir(path, 0777), 0);
    assert_false(som_load(fixture.vm, "A"));
    assert_non_null(strstr(fixture_errors(&fixture), "A.som: error: can't be read"));
    fixture_close(&fixture);
}

static void fields_are_inherited_on_both_sides(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture);
    fixture_class(&fixture, "A",
                  "A = ( | a | a: x = ( a := x ) a = ( ^a )"
                  " ---- | s | s: x = ( s := x ) s = ( ^s ) )");
    fixture_class(&fixture, "B",
                  "B = A ( | b | b: x = ( b := x ) b = ( ^b )"
                  " ---- | t | t: x = ( t := x ) t = ( ^t ) )");
    assert_string_equal(
        fixture_evaluate(&fixture,
                         "go = ( | x | x := B new. x a: 1. x b: 2. A s: 30. B s: 40."
                         " B t: 500. ^x a + x b + A s + B s + B t )",
                         "self go"),
        "573");
    assert_string_equal(fixture_evaluate(&fixture, "", "B fields length"), "2");
    assert_string_equal(fixture_evaluate(&fixture, "", "B class fields length"), "2");
    assert_string_equal(fixture_evaluate(&fixture, "", "B class superclass == A class"), "true");
    assert_string_equal(fixture_evaluate(&fixture, "", "Object class superclass == Class"), "true");
    assert_string_equal(fixture_evaluate(&fixture, "", "Metaclass class class == Metaclass"),
                        "true");
    fixture_close(&fixture);
}

static void a_directory_replaces_an_embedded_class(void **state) {
    (void)state;
    Fixture fixture;
    fixture_open_engine(&fixture, true);
    fixture_class(&fixture, "Boolean", "Boolean = ( mine = ( ^7 ) )");
    assert_true(fixture_open_vm(&fixture, (SomOptions){0}));
    assert_string_equal(fixture_evaluate(&fixture, "", "true mine"), "7");
    fixture_close(&fixture);
}

static void an_object_class_on_the_path_replaces_the_whole_library(void **state) {
    (void)state;
    Fixture fixture;
    fixture_open_engine(&fixture, true);
    fixture_class(&fixture, "Object", "Object = nil ( class = primitive )");
    assert_false(fixture_open_vm(&fixture, (SomOptions){0}));
    assert_non_null(strstr(fixture_errors(&fixture), "there is no core class Integer in "));
    fixture_close(&fixture);
}

static void a_core_class_has_to_fit(void **state) {
    (void)state;
    static const struct {
        const char *name, *source, *report;
    } table[] = {
        {"Boolean", "Boolean = True ( )", "error: class True inherits from itself"},
        {"Integer", "Integer = ( | x | )", "error: Integer can't have fields"},
        {"Block", "Block = Helper ( )", "error: a core class can't inherit from Helper"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        Fixture fixture;
        fixture_open_engine(&fixture, true);
        fixture_class(&fixture, table[i].name, table[i].source);
        assert_false(fixture_open_vm(&fixture, (SomOptions){0}));
        if (!strstr(fixture_errors(&fixture), table[i].report))
            fail_msg("%s", fixture_errors(&fixture));
        fixture_close(&fixture);
    }
}

// Objects of these classes have a layout of their own, in which there is no room for fields.
static const char *const with_own_layout[] = {
    "Integer", "Double", "Nil",   "True",   "False",  "Class",  "Metaclass", "Boolean",   "String",
    "Symbol",  "Array",  "Block", "Block1", "Block2", "Block3", "Method",    "Primitive",
};

static void check_refused_core(const char *system, const char *name, const char *source,
                               const char *report) {
    Fixture fixture;
    fixture_open_engine(&fixture, true);
    fixture_class(&fixture, "System", system);
    fixture_class(&fixture, name, source);
    assert_false(fixture_open_vm(&fixture, (SomOptions){0}));
    if (!strstr(fixture_errors(&fixture), report))
        fail_msg("%s: %s", source, fixture_errors(&fixture));
    fixture_close(&fixture);
}

static void a_layout_of_its_own_has_no_room_for_fields(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof with_own_layout / sizeof *with_own_layout; i++) {
        const char *name = with_own_layout[i];
        char source[64], report[64];
        snprintf(source, sizeof source, "%s = Object (\n| x | )", name);
        snprintf(report, sizeof report, "%s.som:2:3: error: %s can't have fields", name, name);
        check_refused_core("System = ( )", name, source, report);
    }
}

static void a_layout_of_its_own_has_no_room_for_inherited_fields(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof with_own_layout / sizeof *with_own_layout; i++) {
        const char *name = with_own_layout[i];
        char source[64], report[64];
        snprintf(source, sizeof source, "%s =\n System ( )", name);
        snprintf(report, sizeof report, "%s.som:2:2: error: %s can't inherit from System", name,
                 name);
        check_refused_core("System = ( | a b | )", name, source, report);
    }
}

static void fields_are_refused_where_they_begin_and_not_again_below(void **state) {
    (void)state;
    Fixture fixture;
    fixture_open_engine(&fixture, true);
    fixture_class(&fixture, "Block", "Block = ( | x | )");
    assert_false(fixture_open_vm(&fixture, (SomOptions){0}));
    assert_non_null(strstr(fixture_errors(&fixture), "Block.som:1:13: error: "));
    assert_null(strstr(fixture_errors(&fixture), "Block1"));
    fixture_close(&fixture);
}

// Every class is an instance of a class that inherits from Object's, those too that no
// program sees.
static void the_class_side_of_object_may_have_fields(void **state) {
    (void)state;
    Fixture fixture;
    fixture_open_engine(&fixture, true);
    const char *copy = "for each in runtime/corelib/*.som; do cp \"$each\" '%s'; done; "
                       "cd '%s' && sed -i '$d' Object.som && "
                       "echo '---- | a b c d | a: x = ( a := x ) a = ( ^a ) )' >>Object.som";
    Text command = {0};
    text_addf(&command, copy, fixture.directory, fixture.directory);
    assert_int_equal(system(text_chars(&command)), 0);
    text_free(&command);
    assert_true(fixture_open_vm(&fixture, (SomOptions){.stress = true}));
    for (size_t i = 0; i < fixture.vm->class_capacity; i++)
        for (int field = 0; fixture.vm->classes[i] && field < 4; field++)
            if (value_class(fixture.vm, value_of_class(fixture.vm->classes[i]))->field_count)
                assert_true(fixture.vm->classes[i]->fields[field] == NIL);
    assert_string_equal(fixture_evaluate(&fixture,
                                         "go = ( Array a: (Array with: 'kept'). system fullGC."
                                         "       ^(Array a at: 1) + Object a asString )",
                                         "self go"),
                        "keptnil");
    fixture_close(&fixture);
}

static void several_machines_live_side_by_side(void **state) {
    (void)state;
    Fixture first, second;
    open_machine(&first);
    open_machine(&second);
    fixture_evaluate(&first, "", "system global: #Shared put: 1");
    fixture_evaluate(&second, "", "system global: #Shared put: 2");
    assert_string_equal(fixture_evaluate(&first, "", "Shared"), "1");
    assert_string_equal(fixture_evaluate(&second, "", "Shared"), "2");
    fixture_close(&first);
    fixture_close(&second);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_with_a_class_is_located),
        cmocka_unit_test(all_errors_of_a_file_are_reported),
        cmocka_unit_test(a_circle_of_superclasses_is_found),
        cmocka_unit_test(a_missing_class_is_reported_with_the_path),
        cmocka_unit_test(a_class_that_cannot_be_read_is_an_error),
        cmocka_unit_test(fields_are_inherited_on_both_sides),
        cmocka_unit_test(a_directory_replaces_an_embedded_class),
        cmocka_unit_test(an_object_class_on_the_path_replaces_the_whole_library),
        cmocka_unit_test(a_core_class_has_to_fit),
        cmocka_unit_test(a_layout_of_its_own_has_no_room_for_fields),
        cmocka_unit_test(a_layout_of_its_own_has_no_room_for_inherited_fields),
        cmocka_unit_test(fields_are_refused_where_they_begin_and_not_again_below),
        cmocka_unit_test(the_class_side_of_object_may_have_fields),
        cmocka_unit_test(several_machines_live_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
