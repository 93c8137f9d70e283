// The evaluator's memory operations and calls: every cell, addresses, the write
// barrier, C functions of every signature that the IR can name.
#include "tests/unit/eval_fixture.h"

static const char cells_record[] = "module Test\nform handlers\n"
                                   "record Cells {\n"
                                   "  a: u8 @0 heap\n  b: i8 @1 heap\n  c: u16 @2 heap\n"
                                   "  d: i16 @4 heap\n  e: u32 @8 heap\n  f: i32 @12 heap\n"
                                   "  g: i64 @16 heap\n  h: f64 @24 heap\n  i: ptr @32 heap\n"
                                   "  j: object @40 heap\n  k: value @48 heap\n"
                                   "  before: i16[] @-8 heap\n  after: u8[] @56 heap\n}\n";

// What the record describes, after eight bytes that `before` reaches.
typedef struct Cells {
    int16_t before[4];
    uint8_t a;
    int8_t b;
    uint16_t c;
    int16_t d;
    uint32_t e;
    int32_t f;
    int64_t g;
    double h;
    void *i, *j;
    uint64_t k;
    uint8_t after[8];
} Cells;

// Runs a body over a pointer to Cells' first cell and two words.
static EvalWord run(const char *body, const char *second, const char *result, void *memory,
                    EvalWord b, EvalWord c) {
    char text[4096];
    snprintf(text, sizeof text,
             "%sfunction @f%s%s {\ntrunk {\n^entry(%%p: ptr, %%b: %s, %%c: i64):\n%s\n}\n}\n",
             cells_record, *result ? " -> " : "", result, second, body);
    Fixture fixture = fixture_open(text, NULL, 0);
    EvalWord arguments[] = {word_pointer(memory), b, c};
    EvalWord value = fixture_call(&fixture, arguments, 3);
    fixture_close(&fixture);
    return value;
}

static int64_t load(const char *what, const char *type, void *memory, int64_t index) {
    char body[128];
    snprintf(body, sizeof body, "  %%r = %s\n  ret %%r", what);
    return run(body, "i64", type, memory, word_integer(index), word_integer(0)).integer;
}

static void store(const char *what, const char *type, void *memory, EvalWord value, int64_t index) {
    char body[128];
    snprintf(body, sizeof body, "  %s\n  ret", what);
    run(body, type, "", memory, value, word_integer(index));
}

static void test_each_cell_is_loaded_and_extended(void **state) {
    (void)state;
    Cells cells = {
        .before = {1, 2, -3, 4},
        .a = 200,
        .b = -100,
        .c = 60000,
        .d = -30000,
        .e = 4000000000,
        .f = -5,
        .g = -6,
        .h = 1.0,
        .i = &cells,
        .j = &cells.g,
        .k = 77,
        .after = {0, 1, 255, 3},
    };
    void *p = &cells.a;
    assert_int_equal(load("load %p, Cells.a", "i64", p, 0), 200);
    assert_int_equal(load("load %p, Cells.b", "i64", p, 0), -100);
    assert_int_equal(load("load %p, Cells.c", "i64", p, 0), 60000);
    assert_int_equal(load("load %p, Cells.d", "i64", p, 0), -30000);
    assert_int_equal(load("load %p, Cells.e", "i64", p, 0), 4000000000);
    assert_int_equal(load("load %p, Cells.f", "i64", p, 0), -5);
    assert_int_equal(load("load %p, Cells.g", "i64", p, 0), -6);
    assert_int_equal(load("load %p, Cells.h", "f64", p, 0), 0x3FF0000000000000);
    assert_int_equal(load("load %p, Cells.i", "ptr", p, 0), (intptr_t)&cells);
    assert_int_equal(load("load %p, Cells.j", "object", p, 0), (intptr_t)&cells.g);
    assert_int_equal(load("load %p, Cells.k", "value", p, 0), 77);
    assert_int_equal(load("load %p, Cells.before, %b", "i64", p, 2), -3);
    assert_int_equal(load("load %p, Cells.after, %b", "i64", p, 2), 255);
}

static void test_each_cell_is_loaded_as_an_element(void **state) {
    (void)state;
    uint64_t words[2] = {0x1122334455667788, 0xFFFEFDFCFBFAF9F8};
    assert_int_equal(load("load.u8 %p, %b in code", "i64", words, 8), 0xF8);
    assert_int_equal(load("load.i8 %p, %b in code", "i64", words, 8), -8);
    assert_int_equal(load("load.u16 %p, %b in code", "i64", words, 7), 0xFFFE);
    assert_int_equal(load("load.i16 %p, %b in code", "i64", words, 7), -2);
    assert_int_equal(load("load.u32 %p, %b in code", "i64", words, 3), 0xFFFEFDFC);
    assert_int_equal(load("load.i32 %p, %b in code", "i64", words, 3), -66052);
    assert_int_equal(load("load.i64 %p, %b in stack", "i64", words, 0), 0x1122334455667788);
    assert_int_equal(load("load.f64 %p, %b in stack", "f64", words, 0), 0x1122334455667788);
    assert_int_equal(load("load.value %p, %b in stack", "value", words, 0), 0x1122334455667788);
    assert_int_equal(load("load.ptr %p, %b in stack", "ptr", words, 0), 0x1122334455667788);
    assert_int_equal(load("load.object %p, %b in stack", "object", words, 0), 0x1122334455667788);
    // A negative index, and addresses that aren't aligned.
    assert_int_equal(load("load.u8 %p, %b in code", "i64", &words[1], -1), 0x11);
    assert_int_equal(load("load.u16 %p, %b in code", "i64", (char *)words + 1, 0), 0x6677);
}

static void test_each_cell_is_stored_truncated(void **state) {
    (void)state;
    Cells cells = {0};
    void *p = &cells.a;
    store("store %p, Cells.a, %b", "i64", p, word_integer(0x1FF), 0);
    store("store %p, Cells.b, %b", "i64", p, word_integer(0x180), 0);
    store("store %p, Cells.c, %b", "i64", p, word_integer(-1), 0);
    store("store %p, Cells.d, %b", "i64", p, word_integer(0x18000), 0);
    store("store %p, Cells.e, %b", "i64", p, word_integer(-1), 0);
    store("store %p, Cells.f, %b", "i64", p, word_integer(0x180000000), 0);
    store("store %p, Cells.g, %b", "i64", p, word_integer(-9), 0);
    store("store %p, Cells.h, %b", "f64", p, word_number(2.5), 0);
    store("store %p, Cells.i, %b", "ptr", p, word_pointer(&cells), 0);
    store("store %p, Cells.j, %b", "object", p, word_pointer(&cells.g), 0);
    store("store %p, Cells.k, %b", "value", p, word_integer(12), 0);
    store("store %p, Cells.before, %c, %b", "i64", p, word_integer(-70000), 3);
    store("store %p, Cells.after, %c, %b", "i64", p, word_integer(-1), 7);
    assert_int_equal(cells.a, 255);
    assert_int_equal(cells.b, -128);
    assert_int_equal(cells.c, 0xFFFF);
    assert_int_equal(cells.d, -32768);
    assert_int_equal(cells.e, UINT32_MAX);
    assert_int_equal(cells.f, INT32_MIN);
    assert_int_equal(cells.g, -9);
    assert_true(cells.h == 2.5);
    assert_ptr_equal(cells.i, &cells);
    assert_ptr_equal(cells.j, &cells.g);
    assert_int_equal(cells.k, 12);
    assert_int_equal(cells.before[3], -4464);
    assert_int_equal(cells.after[7], 255);
    assert_int_equal(cells.after[6], 0);
}

static void test_elements_are_stored(void **state) {
    (void)state;
    uint64_t words[2] = {0, 0};
    store("store.u8 %p, %c, %b in code", "i64", words, word_integer(0x1AB), 1);
    store("store.i16 %p, %c, %b in code", "i64", words, word_integer(0x1CDEF), 1);
    store("store.u32 %p, %c, %b in stack", "i64", words, word_integer(INT64_C(0x112345678)), 1);
    store("store.value %p, %c, %b in stack", "value", words, word_integer(5), 1);
    assert_int_equal(words[0], 0x12345678CDEFAB00);
    assert_int_equal(words[1], 5);
}

static void test_addresses(void **state) {
    (void)state;
    Cells cells;
    char *p = (char *)&cells.a;
    assert_int_equal(load("address %p, Cells.g", "ptr", p, 0), (intptr_t)(p + 16));
    assert_int_equal(load("address %p, Cells.before, %b", "ptr", p, 3), (intptr_t)(p - 2));
    assert_int_equal(load("address %p, Cells.after, %b", "ptr", p, 3), (intptr_t)(p + 59));
    assert_int_equal(load("address.Cells %p, %b", "ptr", p, 2), (intptr_t)(p + 2 * 56));
}

// ---- The barrier -----------------------------------------------------------------

typedef struct Object {
    uint16_t flags;
    void *next;
    void *elements[2];
} Object;

typedef struct Barrier {
    int calls;
    Object *object;
} Barrier;

static void remember(Barrier *thread, Object *object) {
    thread->calls++;
    thread->object = object;
}

static void test_store_ref_calls_the_barrier_only_if_the_mask_says_so(void **state) {
    (void)state;
    static const char text[] =
        "module Test\nform handlers\n"
        "record Thread {\n}\n"
        "record Object moves size 16 {\n  flags: u16 @0 heap\n  next: object @8 heap\n"
        "  elements: value[] @16 heap\n}\n"
        "thread Thread\n"
        "external remember(ptr, object) writes thread\n"
        "barrier Object.flags mask 4 call remember\n"
        "function @f {\ntrunk {\n^entry(%t: ptr, %o: object, %v: object, %i: i64):\n"
        "  store.ref %o, Object.next, %v\n"
        "  %b = object.bits %v\n  %w = value.from_bits %b\n"
        "  store.ref %o, Object.elements, %i, %w\n  ret\n}\n}\n";
    EvalSymbol symbols[] = {{"remember", (void *)remember}};
    Fixture fixture = fixture_open(text, symbols, 1);
    Barrier thread = {0};
    Object object = {.flags = 3}, other;
    EvalWord arguments[] = {word_pointer(&thread), word_pointer(&object), word_pointer(&other),
                            word_integer(1)};
    fixture_call(&fixture, arguments, 4);
    assert_int_equal(thread.calls, 0);
    assert_ptr_equal(object.next, &other);
    assert_ptr_equal(object.elements[1], &other);
    object.flags = 0x8004;
    fixture_call(&fixture, arguments, 4);
    assert_int_equal(thread.calls, 2);
    assert_ptr_equal(thread.object, &object);
    fixture_close(&fixture);
}

// ---- Calls -------------------------------------------------------------------------

static double mix(bool a, int8_t b, int16_t c, int32_t d, int64_t e, double f, void *g) {
    return a + b + c + d + (double)e + f + *(int *)g;
}

static bool is_odd(int64_t number) {
    return number & 1;
}

static int8_t negative_byte(void) {
    return -7;
}

static int16_t negative_short(void) {
    return -700;
}

static int32_t negative_int(void) {
    return -70000;
}

static int64_t large(void) {
    return INT64_MIN;
}

static void *same(void *pointer) {
    return pointer;
}

static void set(int *pointer) {
    *pointer = 5;
}

static int64_t sum_of_ten(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f,
                          int64_t g, int64_t h, int64_t i, int64_t j) {
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j;
}

static const EvalSymbol functions[] = {
    {"mix", (void *)mix},
    {"is_odd", (void *)is_odd},
    {"negative_byte", (void *)negative_byte},
    {"negative_short", (void *)negative_short},
    {"negative_int", (void *)negative_int},
    {"large", (void *)large},
    {"same", (void *)same},
    {"set", (void *)set},
    {"sum_of_ten", (void *)sum_of_ten},
};

// Declares `external`, and calls what `body` says with pointer, integer and double.
static EvalWord call(const char *external, const char *body, const char *result, void *pointer,
                     int64_t integer) {
    char text[2048];
    snprintf(text, sizeof text,
             "module Test\nform handlers\nexternal %s\n"
             "function @f -> %s {\ntrunk {\n^entry(%%p: ptr, %%i: i64, %%f: f64):\n%s\n}\n}\n",
             external, result, body);
    Fixture fixture = fixture_open(text, functions, sizeof functions / sizeof *functions);
    EvalWord arguments[] = {word_pointer(pointer), word_integer(integer), word_number(0.25)};
    EvalWord value = fixture_call(&fixture, arguments, 3);
    fixture_close(&fixture);
    return value;
}

static void test_arguments_of_all_types_reach_c(void **state) {
    (void)state;
    int number = 1000;
    EvalWord value = call("mix(i1, i8, i16, i32, i64, f64, ptr) -> f64",
                          "  %a = trunc.i8 %i\n  %b = trunc.i16 %i\n  %c = trunc.i32 %i\n"
                          "  %r = call @mix(1, %a, %b, %c, %i, %f, %p)\n  ret %r",
                          "f64", &number, -3);
    assert_true(value.number == 1 - 3 * 4 + 0.25 + 1000);
    value =
        call("sum_of_ten(i64, i64, i64, i64, i64, i64, i64, i64, i64, i64) -> i64",
             "  %r = call @sum_of_ten(1, 2, 3, 4, 5, 6, 7, 8, 9, %i)\n  ret %r", "i64", NULL, 10);
    assert_int_equal(value.integer, 385);
}

static void test_results_of_all_types_come_back(void **state) {
    (void)state;
    int number = 0;
    EvalWord value = call("is_odd(i64) -> i1", "  %r = call @is_odd(%i)\n  ret %r", "i1", NULL, 7);
    assert_int_equal(value.integer, 1);
    value = call("negative_byte() -> i8", "  %r = call @negative_byte()\n  ret %r", "i8", NULL, 0);
    assert_int_equal(value.integer, -7);
    value =
        call("negative_short() -> i16", "  %r = call @negative_short()\n  ret %r", "i16", NULL, 0);
    assert_int_equal(value.integer, -700);
    value = call("negative_int() -> i32", "  %r = call @negative_int()\n  ret %r", "i32", NULL, 0);
    assert_int_equal(value.integer, -70000);
    value = call("large() -> i64", "  %r = call @large()\n  ret %r", "i64", NULL, 0);
    assert_int_equal(value.integer, INT64_MIN);
    value = call("same(ptr) -> ptr", "  %r = call @same(%p)\n  ret %r", "ptr", &number, 0);
    assert_ptr_equal(value.pointer, &number);
    call("set(ptr) writes heap", "  call @set(%p)\n  ret %i", "i64", &number, 0);
    assert_int_equal(number, 5);
}

static void test_an_indirect_call_takes_its_address_first(void **state) {
    (void)state;
    static const char text[] = "module Test\nform handlers\nexternal test(i64) -> i1 indirect\n"
                               "function @f -> i1 {\ntrunk {\n^entry(%p: ptr, %i: i64):\n"
                               "  %r = call @test(%p, %i)\n  ret %r\n}\n}\n";
    Fixture fixture = fixture_open(text, NULL, 0);
    EvalWord arguments[] = {word_pointer((void *)is_odd), word_integer(3)};
    assert_int_equal(fixture_call(&fixture, arguments, 2).integer, 1);
    arguments[1] = word_integer(4);
    assert_int_equal(fixture_call(&fixture, arguments, 2).integer, 0);
    arguments[0] = word_pointer(NULL);
    assert_false(fixture_try(&fixture, NULL, arguments, 2));
    assert_string_equal(fixture.failure.message, "null dereference: call of @test");
    fixture_close(&fixture);
}

static void test_null_is_not_dereferenced(void **state) {
    (void)state;
    static const struct {
        const char *operation, *message;
    } cases[] = {
        {"%r = load %p, Cells.g", "null dereference: load of Cells.g"},
        {"store %p, Cells.g, 1", "null dereference: store of Cells.g"},
        {"%r = load.u16 %p, 3 in code", "null dereference: load"},
        {"store.u16 %p, 3, 3 in code", "null dereference: store"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[4096];
        snprintf(text, sizeof text,
                 "%sfunction @f {\ntrunk {\n^entry(%%p: ptr):\n  %s !12:7\n  ret\n}\n}\n",
                 cells_record, cases[i].operation);
        Fixture fixture = fixture_open(text, NULL, 0);
        EvalWord null = word_pointer(NULL);
        assert_false(fixture_try(&fixture, NULL, &null, 1));
        assert_string_equal(fixture.failure.message, cases[i].message);
        assert_int_equal(fixture.failure.at.line, 12);
        assert_int_equal(fixture.failure.at.column, 7);
        fixture_close(&fixture);
    }
}

static void test_an_ir_function_can_be_called_from_c(void **state) {
    (void)state;
    static const char text[] = "module Test\nform handlers\n"
                               "function @f -> i32 {\ntrunk {\n"
                               "^entry(%a: i32, %b: i8, %c: i1, %p: ptr):\n"
                               "  %d = sext.i32 %b\n  %e = zext.i32 %c\n  %q = ptr.bits %p\n"
                               "  %s = trunc.i32 %q\n  %x = sdiv %a, %d\n  %y = add %x, %e\n"
                               "  %r = add %y, %s\n  ret %r\n}\n}\n";
    Fixture fixture = fixture_open(text, NULL, 0);
    EvalNative *native = eval_native_new(fixture.program, fixture.module->functions.items[0]);
    assert_non_null(native);
    int32_t (*function)(int32_t, int8_t, bool, void *) = eval_native_address(native);
    assert_int_equal(function(-100, -10, true, (void *)4), 15);
    assert_null(eval_native_failure(native).message);
    assert_int_equal(function(1, 0, true, NULL), 0);
    assert_string_equal(eval_native_failure(native).message, "sdiv by zero");
    eval_native_free(native);
    eval_native_free(NULL);
    fixture_close(&fixture);
}

static void test_float_functions_can_be_called_from_c(void **state) {
    (void)state;
    static const char text[] = "module Test\nform handlers\n"
                               "function @f -> f64 {\ntrunk {\n^entry(%a: f64, %b: f64):\n"
                               "  %r = fdiv %a, %b\n  ret %r\n}\n}\n";
    Fixture fixture = fixture_open(text, NULL, 0);
    EvalNative *native = eval_native_new(fixture.program, fixture.module->functions.items[0]);
    double (*function)(double, double) = eval_native_address(native);
    assert_true(function(1.0, 4.0) == 0.25);
    eval_native_free(native);
    fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_cell_is_loaded_and_extended),
        cmocka_unit_test(test_each_cell_is_loaded_as_an_element),
        cmocka_unit_test(test_each_cell_is_stored_truncated),
        cmocka_unit_test(test_elements_are_stored),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_store_ref_calls_the_barrier_only_if_the_mask_says_so),
        cmocka_unit_test(test_arguments_of_all_types_reach_c),
        cmocka_unit_test(test_results_of_all_types_come_back),
        cmocka_unit_test(test_an_indirect_call_takes_its_address_first),
        cmocka_unit_test(test_null_is_not_dereferenced),
        cmocka_unit_test(test_an_ir_function_can_be_called_from_c),
        cmocka_unit_test(test_float_functions_can_be_called_from_c),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
