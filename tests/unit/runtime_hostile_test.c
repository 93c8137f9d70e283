// Every primitive, on receivers of every layout, with arguments of every kind: each
// answers a value or raises an error, and the machine goes on. The primitives are called
// on receivers that no lookup would give them, as a core library of the user's own may.
#include "tests/unit/runtime_fixture.h"

#include "runtime/loading/loader.h"
#include "runtime/vm.h"

#include <fcntl.h>

// The values, in the order of importance: with more arguments only the first ones are
// combined. Names of classes aren't among them, for `global:put:` shall do no harm.
static const char values_class[] =
    "Values = ( escaped = ( ^[ ^3 ] )\n"
    "all = ( | own big | own := Array new: 3. own at: 2 put: own. own at: 3 put: 'x'.\n"
    "big := 1. 1 to: 200 do: [ :each | big := big + big ].\n"
    "^Values list: own big: big escaped: self escaped )\n"
    "----\n"
    "list: own big: big escaped: escaped = ( | all next |\n"
    "all := Array new: 41. next := 0.\n"
    "#(-1 2 0.5 'text' #at:put: #(1)) do: [ :each | next := next + 1. all at: next put: each ].\n"
    "all at: 7 put: nil. all at: 8 put: big. all at: 9 put: Object. all at: 10 put: [ 3 ].\n"
    "all at: 11 put: own. all at: 12 put: Object new. all at: 13 put: (Values methods at: 1).\n"
    "all at: 14 put: 0. all at: 15 put: (Object methods at: 1). all at: 16 put: escaped.\n"
    "all at: 17 put: true. all at: 18 put: false. all at: 19 put: 0 - big.\n"
    "all at: 20 put: 281474976710655. all at: 21 put: -281474976710656.\n"
    "all at: 22 put: 9223372036854775807. all at: 23 put: 0.0 // 0.0. all at: 24 put: 1.0 // 0.0.\n"
    "all at: 25 put: big asDouble. all at: 26 put: ''. all at: 27 put: #+. all at: 28 put: Values "
    "methods.\n"
    "all at: 29 put: Values class. all at: 30 put: [ :a | a ]. all at: 31 put: [ :a :b | a ].\n"
    "all at: 32 put: system. all at: 33 put: 1. all at: 34 put: 'a\\0b\xC3\xA9'.\n"
    "all at: 35 put: #value. all at: 36 put: Metaclass. all at: 37 put: -1.5.\n"
    "all at: 38 put: 3. all at: 39 put: Array. all at: 40 put: String. all at: 41 put: #(). ^all ) "
    ")";

enum { VALUES = 41, FOR_TWO = 30, FOR_THREE = 14, FOR_FEW = 6, MOST_ARGUMENTS = 3, SECONDS = 300 };

typedef struct Hostile {
    Fixture fixture;
    Global *values; // an array; what is in it may move
    const Primitive *primitive;
    Method *method;
    size_t calls, answers;
} Hostile;

static Value value_numbered(const Hostile *hostile, size_t index) {
    return value_array(hostile->values->value)->elements[index];
}

// Which of the values: the receiver, then the arguments.
static void report_call(const Hostile *hostile, const size_t *choice, size_t count) {
    print_error("%s>>%s with the values", hostile->primitive->class_name,
                hostile->primitive->selector);
    for (size_t i = 0; i <= count; i++)
        print_error(" %zu", choice[i] + 1);
    print_error("\n");
}

static void call(Hostile *hostile, const size_t *choice, size_t count) {
    Fixture *fixture = &hostile->fixture;
    Value arguments[MOST_ARGUMENTS], result = FAILED;
    for (size_t i = 0; i < count; i++)
        arguments[i] = value_numbered(hostile, choice[i + 1]);
    rewind(fixture->errors);
    int status;
    bool finished = som_call(fixture->vm, hostile->method, value_numbered(hostile, choice[0]),
                             arguments, count, &result, &status);
    hostile->calls++;
    hostile->answers += finished;
    const char *errors = fixture_errors(fixture);
    bool good = finished ? result != FAILED && result != ABSENT
                         : !strncmp(errors, "ERROR: ", 7) ||
                               state_of(fixture->vm->thread)->exited || strstr(errors, "error: ");
    if (!good)
        report_call(hostile, choice, count);
    assert_true(good);
    if (finished)
        som_print(fixture->vm, result, stdout);
}

// All combinations of the first `limit` values as receiver and arguments.
static void call_with_all(Hostile *hostile, size_t count, size_t limit) {
    size_t choice[MOST_ARGUMENTS + 1] = {0};
    for (;;) {
        call(hostile, choice, count);
        size_t place = 0;
        while (place <= count && ++choice[place] == limit)
            choice[place++] = 0;
        if (place > count)
            return;
    }
}

// A method that is declared primitive in the primitive's own class. NULL if the core
// library has no such class.
static Method *method_for(Vm *vm, const Primitive *primitive) {
    static SourceFile source = {.source = {.name = "(made by hand)"}};
    char name[64];
    snprintf(name, sizeof name, "%s", primitive->class_name);
    char *side = strstr(name, " class");
    if (side)
        *side = '\0';
    Class *class;
    if (loader_load(vm, name, &class) != LOADER_FOUND)
        return NULL;
    AstMethod *tree = ARENA_NEW(vm->arena, AstMethod);
    tree->selector = primitive->selector;
    tree->is_primitive = true;
    return method_new(vm, side ? value_class(vm, value_of_class(class)) : class, tree, &source);
}

static void call_every_primitive(SomOptions options, bool few) {
    Hostile hostile = {0};
    Fixture *fixture = &hostile.fixture;
    alarm(SECONDS);
    fixture_open_engine(fixture, true);
    assert_true(fixture_open_vm(fixture, options));
    fixture_class(fixture, "Values", values_class);
    assert_string_equal(
        fixture_evaluate(fixture, "", "[ system global: #hostile put: Values new all. 3 ] value"),
        "3");
    hostile.values = global_named(fixture->vm, symbol_named(fixture->vm, "hostile"));
    // What the primitives print doesn't matter.
    fflush(stdout);
    int output = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    for (size_t i = 0; (hostile.primitive = primitive_numbered(i)); i++) {
        hostile.method = method_for(fixture->vm, hostile.primitive);
        assert_non_null(hostile.method);
        size_t count = (size_t)hostile.method->argument_count;
        assert_true(count <= MOST_ARGUMENTS);
        static const size_t limits[] = {VALUES, VALUES, FOR_TWO, FOR_THREE};
        call_with_all(&hostile, count, few ? FOR_FEW : limits[count]);
    }
    fflush(stdout);
    dup2(output, STDOUT_FILENO);
    close(output);
    close(nowhere);
    print_message("%zu calls, %zu of them answered\n", hostile.calls, hostile.answers);
    assert_true(hostile.answers > 0 && hostile.answers < hostile.calls);
    heap_collect(fixture->vm->thread, state_of(fixture->vm->thread)->bottom);
    assert_string_equal(fixture_evaluate(fixture, "", "(3 + 4) asString"), "7");
    fixture_close(fixture);
    alarm(0);
}

static void every_primitive_answers_or_raises(void **state) {
    (void)state;
    call_every_primitive((SomOptions){.heap_max = 16 << 20}, false);
}

static void every_primitive_answers_or_raises_when_all_objects_move(void **state) {
    (void)state;
    call_every_primitive((SomOptions){.stress = true}, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_primitive_answers_or_raises),
        cmocka_unit_test(every_primitive_answers_or_raises_when_all_objects_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
