// Code whose opcodes have been rewritten, on an interpreter that has quickened and fused ones
// (tests/runtime/Inputs/rewriting.py makes it, and it writes them by itself where it can):
// what stands in methods then, that it does what was written, and that patching takes away
// what doesn't hold any more. What programs see of it is in tests/programs/RewrittenCode.som.
#include "tests/unit/runtime_fixture.h"

#include "ir/text/text.h"
#include "runtime/bytecodes/disassemble.h"
#include "runtime/bytecodes/image.h"
#include "runtime/calls/frame.h"
#include "runtime/calls/method.h"
#include "runtime/vm.h"

static int open_machine(void **state) {
    static const char path[] = LOOPWRIGHT_BINARY_DIR "/tests/rewriting.mir";
    Fixture *fixture = calloc(1, sizeof *fixture);
    *fixture = (Fixture){.arena = arena_new()};
    Text text = {0};
    assert_true(text_read_file(&text, path));
    Diagnostics diagnostics = {.source = {path, text_chars(&text), text.length}, .stream = stderr};
    fixture_open_module(fixture, ir_parse(fixture->arena, &diagnostics));
    text_free(&text);
    *state = fixture;
    if (!fixture_open_vm(fixture, (SomOptions){0}))
        return -1;
    // What is fused in the programs below is so by the interpreter itself, or by hand.
    fixture->vm->fusing = NULL;
    return 0;
}

static int close_machine(void **state) {
    fixture_close(*state);
    free(*state);
    return 0;
}

// ---- Looking at code, and changing it -------------------------------------------------------

static Method *method_of(const Fixture *fixture, const char *class_name, const char *selector) {
    const Class *class = class_of_object(value_object(som_global(fixture->vm, class_name)));
    Method *method = class_own_method(class, symbol_named(fixture->vm, selector));
    assert_non_null(method);
    assert_true(method_prepare(fixture->vm, method));
    return method;
}

// The opcodes that stand in the method's code, by name, in one line.
static char *names_in(const Method *method) {
    Text text = {0};
    for (int64_t pc = 0; pc < details_of(method)->code_count;) {
        const Bytecode *at = method_bytecode(method, pc);
        text_addf(&text, "%s%s", pc ? " " : "", at->name);
        pc += at->written->length;
    }
    return text.chars;
}

static void assert_names(const Fixture *fixture, const char *class_name, const char *selector,
                         const char *expected) {
    char *names = names_in(method_of(fixture, class_name, selector));
    assert_string_equal(names, expected);
    free(names);
}

// Writes the opcode of that name where one with the same base stands, the `nth` from 0.
static void install(const Fixture *fixture, const char *class_name, const char *selector,
                    const char *name, int nth) {
    const Bytecodes *bytecodes = fixture->vm->bytecodes;
    Method *method = method_of(fixture, class_name, selector);
    const Bytecode *wanted = NULL;
    for (int i = 0; i < bytecodes->count; i++)
        if (!strcmp(bytecodes->items[i].name, name))
            wanted = &bytecodes->items[i];
    assert_non_null(wanted);
    for (int64_t pc = 0; pc < details_of(method)->code_count;) {
        const Bytecode *at = method_bytecode(method, pc);
        if (at->base == wanted->base && nth-- == 0) {
            method->code[pc] = (uint16_t)wanted->opcode;
            return;
        }
        pc += at->written->length;
    }
    fail_msg("%s has no place for %s", selector, name);
}

static const char source[] =
    "Sums = ( | f | f = ( ^f ) f: x = ( f := x ) "
    "of: a and: b = ( | x y | x := a. y := b. ^x + y ) "
    "plain: a to: b = ( ^a + b ) "
    "late: a = (\n    | x |\n    x := a.\n    ^x\n        missing ) "
    "doesNotUnderstand: s arguments: a = ( ^self\n error: s asString ) "
    "escapedBlock: b = ( ^#escaped ) escaping = ( ^[ :x | ^x ] ) "
    "evaluate: b = ( | x | x := b. ^(x value: 1) ) "
    "loop: n = ( | i m | i := 0. m := n. [ i < m ] whileTrue: [ i := i + 1 ]. ^i ) "
    "choose: a = ( | x | x := a. ^x ifTrue: [ 1 ] ifFalse: [ 2 ] ) )";

static Fixture *with_sums(void **state) {
    Fixture *fixture = *state;
    fixture_class(fixture, "Sums", source);
    fixture_class(fixture, "Silent",
                  "Silent = ( doesNotUnderstand: selector arguments: a = ( ^selector asString ) )");
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new f"), "nil");
    return fixture;
}

// ---- What comes to stand there -----------------------------------------------------------

static void an_interpreter_rewrites_the_first_unit_only(void **state) {
    Fixture *fixture = with_sums(state);
    const char *before = "pushArgument popLocal pushArgument popLocal pushLocal pushLocal add "
                         "returnLocal";
    assert_names(fixture, "Sums", "of:and:", before);
    const Method *method = method_of(fixture, "Sums", "of:and:");
    size_t count = (size_t)details_of(method)->code_count;
    uint16_t *units = malloc(sizeof *units * count);
    memcpy(units, method->code, sizeof *units * count);
    for (int i = 0; i < 3; i++)
        assert_string_equal(fixture_evaluate(fixture, "", "Sums new of: 1.5 and: 2.25"), "3.75");
    assert_names(fixture, "Sums", "of:and:",
                 "pushArgument popLocal pushArgument popLocal pushLocalPushLocalAddDoubles "
                 "pushLocal addDoubles returnLocal");
    for (int64_t pc = 0; pc < (int64_t)count;) {
        const Bytecode *at = method_bytecode(method, pc);
        assert_int_equal(at->base, units[pc]);
        for (int i = 1; i < at->written->length; i++)
            assert_int_equal(method->code[pc + i], units[pc + i]);
        pc += at->written->length;
    }
    free(units);
    // Each still does what was written.
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new of: 1 and: 2"), "3");
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new of: 'a' and: 'b'"), "ab");
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new of: 1.5 and: 2"), "3.5");
}

static void the_runtime_fuses_where_that_saves_dispatches(void **state) {
    Fixture *fixture = with_sums(state);
    Method *method = method_of(fixture, "Sums", "of:and:");
    const FuseTree *tree = fuse_tree_new(fixture->vm->bytecodes, fixture->arena);
    fuse_code(tree, method->code, details_of(method)->code_count);
    // Only the first unit of what is covered is another one than before.
    assert_names(fixture, "Sums", "of:and:",
                 "pushArgument popLocal pushArgument popLocal pushLocalPushLocalAdd pushLocal add "
                 "returnLocal");
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new of: 1 and: 2"), "3");
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new of: 1.5 and: 2.25"), "3.75");
    // An interpreter without superinstructions has no tree, and its code stays.
    fuse_code(NULL, method->code, details_of(method)->code_count);
    assert_null(fuse_tree_new(&(Bytecodes){.items = fixture->vm->bytecodes->items, .count = 1},
                              fixture->arena));
}

static void what_is_installed_by_hand_runs(void **state) {
    Fixture *fixture = with_sums(state);
    install(fixture, "Sums", "of:and:", "pushLocalPushLocalAdd", 0);
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new of: 3 and: 4"), "7");
    install(fixture, "Sums", "plain:to:", "addDoublesReturnLocal", 0);
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new plain: 3 to: 4"), "7");
    // Here the frame that goes on is moved on by C, from where the fused opcode stands.
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new plain: Silent new to: 4"), "+");
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new plain: 3.5 to: 4.0"), "7.5");
    install(fixture, "Sums", "choose:", "pushLocalJumpIfFalseOther", 0);
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new choose: true"), "1");
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new choose: false"), "2");
    install(fixture, "Sums", "loop:", "pushLocalPushLocalLess", 0);
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new loop: 7"), "7");
}

// ---- Patching ------------------------------------------------------------------------------

static const char exchange_plus[] =
    "| all n | all := Double methods. n := Double selectors indexOf: #+. "
    "all at: n put: (all at: (Double selectors indexOf: #-)). ^(Sums new of: 5.5 and: 1.5)";

static void a_redefined_operator_goes_from_rewritten_code(void **state) {
    Fixture *fixture = with_sums(state);
    for (int i = 0; i < 3; i++)
        assert_string_equal(fixture_evaluate(fixture, "", "Sums new of: 5.5 and: 1.5"), "7.0");
    install(fixture, "Sums", "plain:to:", "addDoubles", 0);
    char members[512];
    snprintf(members, sizeof members, "exchange = ( %s )", exchange_plus);
    assert_string_equal(fixture_evaluate(fixture, members, "self exchange"), "4.0");
    assert_names(fixture, "Sums", "of:and:",
                 "pushArgument popLocal pushArgument popLocal pushLocal pushLocal sendOperator "
                 "returnLocal");
    assert_names(fixture, "Sums",
                 "plain:to:", "pushArgument pushArgument sendOperator returnLocal");
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new plain: 5.5 to: 1.5"), "4.0");
    // What doesn't hold an operator stays.
    assert_names(fixture, "Sums", "f", "pushFieldReceiver returnLocal");
}

static const char exchange_loop[] =
    "| all n new | all := Block methods. n := Block selectors indexOf: #whileTrue:. "
    "new := all at: (Block selectors indexOf: #whileFalse:). all at: n put: new. "
    "^Sums new loop: 3";

static void a_redefined_message_goes_from_rewritten_code(void **state) {
    Fixture *fixture = with_sums(state);
    for (int i = 0; i < 2; i++)
        assert_string_equal(fixture_evaluate(fixture, "", "Sums new loop: 3"), "3");
    install(fixture, "Sums", "loop:", "pushLocalPushLocalLess", 0);
    char *before = names_in(method_of(fixture, "Sums", "loop:"));
    assert_non_null(strstr(before, "popLocal pushLocalPushLocalLess "));
    free(before);
    char members[512];
    snprintf(members, sizeof members, "exchange = ( %s )", exchange_loop);
    // It is no loop any more that goes on while it is true.
    assert_string_equal(fixture_evaluate(fixture, members, "self exchange"), "0");
    char *after = names_in(method_of(fixture, "Sums", "loop:"));
    assert_non_null(strstr(after, "popLocal replaceFrameOver pushLocal"));
    assert_null(strstr(after, "pushLocalPushLocalLess"));
    free(after);
}

// ---- Frames that stand in rewritten code -------------------------------------------------

// The trace has the line of the send, the last component, which is not where the fused
// opcode stands.
static void traces_have_the_lines_of_components(void **state) {
    Fixture *fixture = with_sums(state);
    install(fixture, "Sums", "late:", "pushLocalSendArguments", 0);
    const char *trace = fixture_evaluate(fixture, "", "Sums new late: Sums new");
    assert_non_null(strstr(trace, "ERROR: missing\n"));
    assert_non_null(strstr(trace, "Sums>>late: ("));
    assert_non_null(strstr(trace, "Sums.som:5)"));
    assert_int_equal(fixture->status, 1);
}

static void an_escaped_block_is_reported_at_its_send(void **state) {
    Fixture *fixture = with_sums(state);
    for (int i = 0; i < 3; i++)
        assert_string_equal(fixture_evaluate(fixture, "", "Sums new evaluate: Sums new escaping"),
                            "escaped");
    assert_string_equal(fixture_evaluate(fixture, "", "Sums new evaluate: [ :x | x ]"), "1");
}

// ---- The verifier and listings -----------------------------------------------------------

static void code_that_is_loaded_holds_base_bytecodes_only(void **state) {
    Fixture *fixture = *state;
    const Bytecodes *bytecodes = fixture->vm->bytecodes;
    assert_true(bytecodes->count > OP_COUNT);
    for (int i = 0; i < bytecodes->count; i++) {
        const Bytecode *at = &bytecodes->items[i];
        if (i < OP_COUNT && interpreter_bytecodes[i].admitted)
            continue;
        assert_false(at->admitted);
        const uint16_t code[] = {OP_PUSH_NIL, OP_PUSH_NIL, (uint16_t)i, 0, 0, 0, 0};
        const SomCode description = {
            .selector = "foo", .code = code, .code_count = 7, .locals = 1, .max_stack = 3};
        char message[256] = "", expected[128];
        assert_null(som_method(fixture->vm, &description, true, message, sizeof message));
        snprintf(expected, sizeof expected, "pc 2, %s: opcode %d is not admitted", at->name, i);
        assert_string_equal(message, expected);
    }
}

static void a_listing_shows_what_stands_there_and_what_was_written(void **state) {
    Fixture *fixture = *state;
    static const char text[] = "C = ( add: a = ( | x | x := a. ^x + x ) )";
    Diagnostics diagnostics = {.source = {"C.som", text, sizeof text - 1}, .stream = stderr};
    const AstFile *file = syntax_parse_file(fixture->arena, &diagnostics);
    GuestMethod *method = guest_compile(fixture->arena, file->classes.items[0]->methods.items[0],
                                        &(GuestClassScope){.class_name = "C"}, &diagnostics);
    const Bytecodes *bytecodes = fixture->vm->bytecodes;
    for (int i = 0; i < bytecodes->count; i++) {
        if (!strcmp(bytecodes->items[i].name, "pushLocalPushLocalAddDoubles"))
            method->code.items[4] = (uint16_t)i;
        if (!strcmp(bytecodes->items[i].name, "addDoubles"))
            method->code.items[8] = (uint16_t)i;
    }
    Text listing = {0};
    disassemble_method(&listing, bytecodes, method, NULL, false);
    assert_string_equal(text_chars(&listing),
                        "add:: 1 arguments, 1 locals, 2 stack\n"
                        "    0  pushArgument -1  ; a\n"
                        "    2  popLocal 0  ; x\n"
                        "    4  pushLocalPushLocalAddDoubles (pushLocal) 0  ; x\n"
                        "    6  pushLocal 0  ; x\n"
                        "    8  addDoubles (add) 0  ; +\n"
                        "   10  returnLocal -2\n");
    text_free(&listing);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_machine, close_machine)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(an_interpreter_rewrites_the_first_unit_only),
        TEST(the_runtime_fuses_where_that_saves_dispatches),
        TEST(what_is_installed_by_hand_runs),
        TEST(a_redefined_operator_goes_from_rewritten_code),
        TEST(a_redefined_message_goes_from_rewritten_code),
        TEST(traces_have_the_lines_of_components),
        TEST(an_escaped_block_is_reported_at_its_send),
        TEST(code_that_is_loaded_holds_base_bytecodes_only),
        TEST(a_listing_shows_what_stands_there_and_what_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
