// The generated header: what stands in it, and (with the real one, which the build
// has generated) that what it says about operands works.
#include "tests/unit/loop_fixture.h"

#include "interpreter.h"

static char *header_of(const char *source) {
    Arena *arena = arena_new();
    Text header = {0};
    Diagnostics diagnostics = {
        .source = {.name = "dir/f.som", .text = source, .length = strlen(source)},
        .stream = stderr};
    AstFile *file = syntax_parse_file(arena, &diagnostics);
    assert_non_null(file);
    assert_true(loop_header(arena, &diagnostics, file, &header));
    arena_free(arena);
    return header.chars;
}

static void assert_holds(const char *header, const char *part) {
    if (!strstr(header, part))
        fail_msg("not in the header: %s", part);
}

static void a_header_has_all_that_the_definition_declares(void **state) {
    (void)state;
    char *source = loop_source("pushIt: n <UInt16 howMany> far: distance <Int32> = ( "
                               "frame pc = 1 ifTrue: [ self jumpBy: distance ]. self drop: n + 1 ) "
                               "end = ( self reserved. self stop )",
                               "bigTag <^Int64> = ( ^18445055223849287680 ) one <^Int64> = ( ^1 ) "
                               "least <^Int64> = ( ^-1 )");
    char *header = header_of(source);
    static const char *const parts[] = {
        "from f.som:",
        "typedef uint64_t Value;",
        "    Frame *caller; // const\n    Method *method; // const\n    int64_t pc;\n"
        "    Value *sp;\n};",
        "static_assert(offsetof(Frame, sp) == 24, \"Frame.sp\");",
        "static_assert(sizeof(Site) == 16, \"Site\");",
        "static inline int64_t frame_pc(const Frame *frame)",
        "static inline void frame_set_pc(Frame *frame, int64_t to)",
        "static inline Value *frame_locals(Frame *frame) {\n"
        "    return (Value *)((char *)frame + 32);",
        "static inline uint8_t *object_numbers(Object *object)",
        "    uint16_t hits;",
        "    Site *sites; // const",
        "    void *limit; // const",
        "#define LOOP_BIG_TAG UINT64_C(18445055223849287680)",
        "#define LOOP_ONE INT64_C(1)",
        "#define LOOP_LEAST (INT64_C(-1))",
        "enum LoopOpcode {\n    OP_PUSH_IT_FAR,\n    OP_END,\n    OP_COUNT\n};",
        "    X(OP_PUSH_IT_FAR, \"pushItFar\", 4, false) \\\n    X(OP_END, \"end\", 1, true)\n",
        "enum LoopRole {\n    ROLE_NONE,\n    ROLE_JUMP,\n    ROLE_HOW_MANY,\n};",
        "#define LOOP_ROLES(X) X(ROLE_JUMP, \"jump\") \\\n    X(ROLE_HOW_MANY, \"howMany\")\n",
        "[OP_PUSH_IT_FAR] = {\"pushItFar\", 4, 2, false, false, true, {1, 1, 0}, {-1, -1, 0}, {0, "
        "0, "
        "-1}, {",
        "[OP_END] = {\"end\", 1, 0, true, false, false, {0, 0, -1}, {0, 0, -1}, {0, 0, -1}, {",
        "{\"n\", 1, 1, INT64_C(0), INT64_C(65535), ROLE_HOW_MANY, {0, 0, -1}}",
        "{\"distance\", 2, 2, INT64_C(-2147483648), INT64_C(2147483647), ROLE_JUMP, {0, 0, -1}}",
        "Value vm_make(Thread *thread, Frame *frame, int64_t n);",
        "double vm_square(Thread *thread, Frame *frame, double d);",
        "void vm_note(Thread *thread, Frame *frame);",
        "typedef Value (*VmRun)(Thread *thread, Frame *frame, Value v);",
        "void vm_keep(Thread *thread, Object *o);",
        "#define LOOP_EXTERNALS(X) \\\n    X(vm_make) \\\n    X(vm_square) \\\n    X(vm_next) \\\n"
        "    X(vm_note) \\\n    X(vm_keep)\n",
        "#define LOOP_FINGERPRINT_BYTECODES UINT64_C(0x",
        "#define LOOP_FINGERPRINT_RECORDS UINT64_C(0x",
        "#define LOOP_FINGERPRINT_EXTERNALS UINT64_C(0x",
        "extern const char loopwright_image[];",
        "void interpret(Thread *thread, Frame *frame);",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_holds(header, parts[i]);
    assert_null(strstr(header, "X(vm_run)"));
    free(header);
    free(source);
}

static void names_that_c_keeps_for_itself_are_changed(void **state) {
    (void)state;
    char *header =
        header_of("R = Record ( | int <Int64> | ) Thread = Record ( ) " //
                  "Frame = Record ( | code <const Elements of: UInt8 in: code> pc <Int64> | ) "
                  "L = BytecodeLoop ( | register <Thread> frame <Frame> | b = ( self stop ) "
                  "unknownBytecode: o <UInt8> = ( self stop ) ---- "
                  "code <^Elements of: UInt8 in: code> = ( ^frame code ) "
                  "pc <^Int64> = ( ^frame pc ) pc: i <Int64> = ( frame pc: i ) )");
    assert_holds(header, "int64_t int_;");
    assert_holds(header, "static inline int64_t r_int(const R *r)");
    assert_holds(header, "void interpret(Thread *register_, Frame *frame);");
    free(header);
}

static void a_wrong_definition_gives_no_header(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Text header = {0};
    char *source = loop_source("b = ( 1 foo )", "");
    Diagnostics diagnostics = {.source = {.name = "f", .text = source, .length = strlen(source)}};
    AstFile *file = syntax_parse_file(arena, &diagnostics);
    assert_false(loop_header(arena, &diagnostics, file, &header));
    assert_int_equal(diagnostics.errors, 1);
    assert_int_equal(header.length, 0);
    free(source);
    arena_free(arena);
}

// The header of SOM's own interpreter.
static void operands_are_written_and_read_back(void **state) {
    (void)state;
    const InterpreterBytecode *jump = &interpreter_bytecodes[OP_JUMP_IF_TRUE_OTHER];
    InterpreterUnit code[5] = {OP_JUMP_IF_TRUE_OTHER};
    interpreter_set_operand(code, &jump->operands[0], -70000);
    interpreter_set_operand(code, &jump->operands[1], 65537);
    assert_int_equal(interpreter_operand(code, &jump->operands[0]), -70000);
    assert_int_equal(interpreter_operand(code, &jump->operands[1]), 65537);
    assert_int_equal(code[3], 1);
    assert_int_equal(code[4], 1);
    const InterpreterBytecode *push = &interpreter_bytecodes[OP_PUSH_ARGUMENT];
    interpreter_set_operand(code, &push->operands[0], -3);
    assert_int_equal(interpreter_operand(code, &push->operands[0]), -3);
    assert_int_equal(interpreter_slots(code, push, &push->stack), 1);
}

static void effects_may_depend_on_operands(void **state) {
    (void)state;
    const InterpreterBytecode *send = &interpreter_bytecodes[OP_SEND_ARGUMENTS];
    InterpreterUnit code[3] = {OP_SEND_ARGUMENTS, 0, 4};
    assert_int_equal(interpreter_slots(code, send, &send->stack), -4);
    assert_string_equal(send->name, "sendArguments");
    assert_false(send->leaves);
    assert_true(interpreter_bytecodes[OP_RETURN_LOCAL].leaves);
    assert_int_equal(interpreter_slots(code, send, &send->needs), 5);
    assert_int_equal(send->operands[1].role, ROLE_COUNT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_has_all_that_the_definition_declares),
        cmocka_unit_test(names_that_c_keeps_for_itself_are_changed),
        cmocka_unit_test(a_wrong_definition_gives_no_header),
        cmocka_unit_test(operands_are_written_and_read_back),
        cmocka_unit_test(effects_may_depend_on_operands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
