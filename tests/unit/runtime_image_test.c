// The image of an interpreter as the runtime reads it: what each opcode is, the fused and the
// quickened ones of an interpreter included, and what is refused.
#include "runtime/bytecodes/image.h"
#include "support/text.h"

#include "runtime/som.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// What a pass and a definition may add to the definition of today: their opcodes come last.
enum {
    OP_ADD_DOUBLE = OP_COUNT,
    OP_PUSH_PUSH_ADD,
    OP_ADD_DOUBLE_SEND,
    OP_SEND_GETTER,
    OP_LESS_JUMP,
    OP_ALL,
};

static char *image_with(const char *more) {
    Text text = {0};
    text_addf(&text, "%s%s", INTERPRETER_IMAGE, more);
    return text.chars;
}

// One line more, with %N$d in it: see below.
static char *image_with_line(const char *line) {
    Text text = {0};
    text_addf(&text, line, OP_COUNT, OP_COUNT + 1, OP_POP, OP_PUSH_LOCAL);
    text_add(&text, "\n");
    char *image = image_with(text_chars(&text));
    text_free(&text);
    return image;
}

static char *rewriting_image(void) {
    Text lines = {0};
    text_addf(
        &lines,
        "bytecode %d addDouble quickened %d length 2 needs 2 stack -1 operand index u16 site\n"
        "bytecode %d pushPushAdd fused 3 %d %d %d\n"
        "bytecode %d addDoubleSend unreachable fused 2 %d %d\n"
        "bytecode %d sendGetter quickened %d length 3 needs 1+1*1 stack 0-1*1 "
        "operand index u16 site operand count u16 count\n"
        "bytecode %d lessJump fused 2 %d %d\n"
        "flags after the bytecodes\n",
        OP_ADD_DOUBLE, OP_ADD, OP_PUSH_PUSH_ADD, OP_PUSH_LOCAL, OP_PUSH_LOCAL, OP_ADD,
        OP_ADD_DOUBLE_SEND, OP_ADD_DOUBLE, OP_SEND_GETTER, OP_SEND_GETTER, OP_SEND_ARGUMENTS,
        OP_LESS_JUMP, OP_LESS, OP_JUMP_IF_FALSE_OTHER);
    char *image = image_with(text_chars(&lines));
    text_free(&lines);
    return image;
}

static void assert_same_slots(const InterpreterSlots *left, const InterpreterSlots *right) {
    assert_int_equal(left->constant, right->constant);
    assert_int_equal(left->factor, right->factor);
    assert_int_equal(left->operand, right->operand);
}

static void assert_described(const InterpreterBytecode *read, const InterpreterBytecode *header) {
    assert_string_equal(read->name, header->name);
    assert_int_equal(read->length, header->length);
    assert_int_equal(read->operand_count, header->operand_count);
    assert_int_equal(read->leaves, header->leaves);
    assert_int_equal(read->admitted, header->admitted);
    assert_same_slots(&read->needs, &header->needs);
    assert_same_slots(&read->stack, &header->stack);
    for (int i = 0; i < read->operand_count; i++) {
        const InterpreterOperand *left = &read->operands[i], *right = &header->operands[i];
        assert_string_equal(left->name, right->name);
        assert_int_equal(left->unit, right->unit);
        assert_int_equal(left->units, right->units);
        assert_true(left->minimum == right->minimum && left->maximum == right->maximum);
        assert_int_equal(left->role, right->role);
        assert_same_slots(&left->jump, &right->jump);
    }
}

// What the image of the definition says is what the header says, of every bytecode.
static void the_definition_reads_as_the_header_has_it(void **state) {
    (void)state;
    Arena *arena = arena_new();
    const Bytecodes *bytecodes = image_read(arena, INTERPRETER_IMAGE, stderr);
    assert_non_null(bytecodes);
    assert_int_equal(bytecodes->count, OP_COUNT);
    for (uint16_t opcode = 0; opcode < OP_COUNT; opcode++) {
        const Bytecode *at = bytecode_at(bytecodes, &opcode);
        assert_string_equal(at->name, interpreter_bytecodes[opcode].name);
        assert_int_equal(at->opcode, opcode);
        assert_int_equal(at->admitted, interpreter_bytecodes[opcode].admitted);
        assert_true(at->base == opcode || (!at->admitted && at->base < opcode));
        assert_int_equal(bytecodes->numbers[opcode], opcode);
        assert_int_equal(at->length, interpreter_bytecodes[opcode].length);
        assert_int_equal(at->component_count, 0);
        assert_described(at->written, &interpreter_bytecodes[at->base]);
    }
    uint16_t beyond[] = {OP_COUNT, 999, UINT16_MAX};
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++)
        assert_null(bytecode_at(bytecodes, &beyond[i]));
    arena_free(arena);
}

typedef struct Added {
    int opcode, base, length;
    const char *name;
    int components[3];
    int component_count;
} Added;

// Of each opcode that was added: what was written where it stands, and how far it reaches.
static void added_opcodes_stand_for_what_was_written(void **state) {
    (void)state;
    static const Added all[] = {
        {OP_ADD_DOUBLE, OP_ADD, 2, "addDouble", {0}, 0},
        {OP_PUSH_PUSH_ADD,
         OP_PUSH_LOCAL,
         6,
         "pushPushAdd",
         {OP_PUSH_LOCAL, OP_PUSH_LOCAL, OP_ADD},
         3},
        {OP_ADD_DOUBLE_SEND, OP_ADD, 5, "addDoubleSend", {OP_ADD_DOUBLE, OP_SEND_GETTER}, 2},
        {OP_SEND_GETTER, OP_SEND_ARGUMENTS, 3, "sendGetter", {0}, 0},
        {OP_LESS_JUMP, OP_LESS, 7, "lessJump", {OP_LESS, OP_JUMP_IF_FALSE_OTHER}, 2},
    };
    Arena *arena = arena_new();
    char *image = rewriting_image();
    const Bytecodes *bytecodes = image_read(arena, image, stderr);
    memset(image, 'x', strlen(image)); // it needn't live on
    free(image);
    assert_non_null(bytecodes);
    assert_int_equal(bytecodes->count, OP_ALL);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const uint16_t unit = (uint16_t)all[i].opcode;
        const Bytecode *at = bytecode_at(bytecodes, &unit);
        assert_string_equal(at->name, all[i].name);
        assert_int_equal(at->opcode, all[i].opcode);
        assert_int_equal(at->base, all[i].base);
        assert_int_equal(at->length, all[i].length);
        assert_false(at->admitted);
        assert_described(at->written, &interpreter_bytecodes[all[i].base]);
        assert_int_equal(at->component_count, all[i].component_count);
        for (int c = 0; c < at->component_count; c++)
            assert_int_equal(at->components[c], all[i].components[c]);
    }
    arena_free(arena);
}

// ---- Patched code ------------------------------------------------------------------------

static void check_unfused(const uint16_t *code, size_t count, const uint16_t *expected) {
    uint16_t units[32];
    Arena *arena = arena_new();
    char *image = rewriting_image();
    const Bytecodes *bytecodes = image_read(arena, image, stderr);
    memcpy(units, code, sizeof *units * count);
    bytecodes_unfuse(bytecodes, units, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(units[i], expected[i]);
    free(image);
    arena_free(arena);
}

#define CHECK_UNFUSED(...) check_unfused_pair((const uint16_t[2][16]){__VA_ARGS__})

static void check_unfused_pair(const uint16_t pair[2][16]) {
    check_unfused(pair[0], 16, pair[1]);
}

// Behind each example is `returnSelf`, again and again, to the end.
static void fused_opcodes_go_where_what_they_cover_was_patched(void **state) {
    (void)state;
    enum { S = OP_RETURN_NON_LOCAL };
    // Untouched: what is covered may have been quickened, or be the start of another.
    CHECK_UNFUSED(
        {OP_PUSH_PUSH_ADD, 1, OP_PUSH_LOCAL, 2, OP_ADD_DOUBLE, 3, S, S, S, S, S, S, S, S, S, S},
        {OP_PUSH_PUSH_ADD, 1, OP_PUSH_LOCAL, 2, OP_ADD_DOUBLE, 3, S, S, S, S, S, S, S, S, S, S});
    CHECK_UNFUSED(
        {OP_PUSH_PUSH_ADD, 1, OP_PUSH_PUSH_ADD, 2, OP_ADD, 3, OP_ADD, 4, S, S, S, S, S, S, S, S},
        {OP_PUSH_PUSH_ADD, 1, OP_PUSH_LOCAL, 2, OP_ADD, 3, OP_ADD, 4, S, S, S, S, S, S, S, S});
    // The last, the middle one, and a quickened first one that is put back as such.
    CHECK_UNFUSED(
        {OP_PUSH_PUSH_ADD, 1, OP_PUSH_LOCAL, 2, OP_SEND_OPERATOR, 3, S, S, S, S, S, S, S, S, S, S},
        {OP_PUSH_LOCAL, 1, OP_PUSH_LOCAL, 2, OP_SEND_OPERATOR, 3, S, S, S, S, S, S, S, S, S, S});
    CHECK_UNFUSED(
        {OP_PUSH_PUSH_ADD, 1, OP_REPLACE_FRAME_OVER, 2, OP_ADD, 3, S, S, S, S, S, S, S, S, S, S},
        {OP_PUSH_LOCAL, 1, OP_REPLACE_FRAME_OVER, 2, OP_ADD, 3, S, S, S, S, S, S, S, S, S, S});
    CHECK_UNFUSED(
        {OP_ADD_DOUBLE_SEND, 1, OP_REPLACE_FRAME_OVER_AND, 2, 0, S, S, S, S, S, S, S, S, S, S, S},
        {OP_ADD_DOUBLE, 1, OP_REPLACE_FRAME_OVER_AND, 2, 0, S, S, S, S, S, S, S, S, S, S, S});
    // An operand that looks like one; and one that would reach over the end, in wrong code.
    CHECK_UNFUSED(
        {OP_PUSH_LOCAL, OP_LESS_JUMP, S, S, S, S, S, S, S, S, S, S, S, S, OP_PUSH_PUSH_ADD, 0},
        {OP_PUSH_LOCAL, OP_LESS_JUMP, S, S, S, S, S, S, S, S, S, S, S, S, OP_PUSH_LOCAL, 0});
}

// ---- What is refused ---------------------------------------------------------------------

static void assert_refused(const char *image, const char *expected) {
    Arena *arena = arena_new();
    char *message;
    size_t size;
    FILE *errors = open_memstream(&message, &size);
    const Bytecodes *bytecodes = image_read(arena, image, errors);
    fclose(errors);
    if (bytecodes || !strstr(message, expected))
        fail_msg("%s, not %s", bytecodes ? "accepted" : message, expected);
    free(message);
    arena_free(arena);
}

// The definition's image with the first `from` replaced.
static void assert_change_refused(const char *from, const char *to, const char *expected) {
    const char *place = strstr(INTERPRETER_IMAGE, from);
    assert_non_null(place);
    Text text = {0};
    text_add_bytes(&text, INTERPRETER_IMAGE, (size_t)(place - INTERPRETER_IMAGE));
    text_addf(&text, "%s%s", to, place + strlen(from));
    assert_refused(text_chars(&text), expected);
    text_free(&text);
}

static void an_image_of_another_runtime_is_refused_by_name(void **state) {
    (void)state;
    static const struct {
        const char *key, *what;
    } parts[] = {{"\nbytecodes ", "the bytecodes"},
                 {"\nrecords ", "the records' layout"},
                 {"\nexternals ", "the runtime functions"}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        Text expected = {0}, other = {0};
        text_addf(&expected, "error: the interpreter was made for another runtime: %s changed\n",
                  parts[i].what);
        text_addf(&other, "%s1", parts[i].key);
        assert_change_refused(parts[i].key, text_chars(&other), text_chars(&expected));
        assert_change_refused(parts[i].key, "\nsomething ", text_chars(&expected));
        text_free(&expected);
        text_free(&other);
    }
    assert_change_refused("loopwright 2", "loopwright 1",
                          "made for another runtime: the form of its image changed\n");
    assert_refused("", "the form of its image changed\n");
}

// A machine isn't made, then, and it doesn't matter what else there would be.
static void no_machine_is_made_with_a_wrong_image(void **state) {
    (void)state;
    char *message;
    size_t size;
    FILE *errors = open_memstream(&message, &size);
    assert_null(som_new(&(SomOptions){.errors = errors}, &(SomEngine){.image = "loopwright 2\n"}));
    fclose(errors);
    assert_non_null(strstr(message, "the bytecodes changed\n"));
    free(message);
}

// Whatever adds opcodes: those that compilers write keep their numbers.
static void renumbered_bytecodes_are_refused(void **state) {
    (void)state;
    const char *changed = "made for another runtime: the bytecodes changed\n";
    assert_change_refused(" dup base ", " duplicate base ", changed);
    assert_change_refused(" dup base ", " dup reserved ", changed);
    assert_change_refused(" halt reserved ", " stop reserved ", changed);
    char *more = image_with_line("bytecode %1$d another base length 1 needs 0 stack 0");
    assert_refused(more, changed);
    free(more);
}

// %1$d is the next opcode, %2$d one that isn't there, %3$d `pop` and %4$d `pushLocal`.
static void lines_that_make_no_sense_are_refused(void **state) {
    (void)state;
    static const char *const lines[] = {
        "bytecode %2$d x base length 1 needs 0 stack 0",
        "bytecode %1$d",
        "bytecode %1$d x",
        "bytecode %1$d x odd length 1 needs 0 stack 0",
        "bytecode %1$d x quickened length 1 needs 0 stack 0",
        "bytecode %1$d x quickened %2$d length 1 needs 0 stack 0",
        "bytecode %1$d x quickened %1$d length 1 needs 0 stack 0",
        "bytecode %1$d x quickened %3$d length 2 needs 1 stack -1",
        "bytecode %1$d x quickened %3$d length 0 needs 1 stack -1",
        "bytecode %1$d x quickened %3$d length 1 needs stack -1",
        "bytecode %1$d x quickened %3$d length 1 needs 1+1 stack -1",
        "bytecode %1$d x quickened %3$d length 1 needs 1+1*0 stack -1",
        "bytecode %1$d x quickened %3$d length 1 needs 1 stack 99999999999",
        "bytecode %1$d x quickened %3$d length 1 needs 1 stack -1 more",
        "bytecode %1$d x quickened %4$d length 2 needs 0 stack 1 operand index u64 local",
        "bytecode %1$d x quickened %4$d length 2 needs 0 stack 1 operand index u16 elsewhere",
        "bytecode %1$d x quickened %4$d length 2 needs 0 stack 1 operand index u16 jump",
        "bytecode %1$d x quickened %4$d length 2 needs 0 stack 1 operand index u32 local",
        "bytecode %1$d x quickened %4$d length 2 needs 0 stack 1 operand a u16 - operand b u16 - "
        "operand c u16 -",
        "bytecode %1$d x fused",
        "bytecode %1$d x fused 2 %4$d",
        "bytecode %1$d x fused 0",
        "bytecode %1$d x fused 2 %4$d %2$d",
        "bytecode %1$d x fused 2 %4$d %1$d",
        "bytecode %1$d x fused 2 %4$d %4$d %4$d",
    };
    char *sensible = image_with_line("bytecode %1$d x quickened %3$d length 1 needs 1 stack -1");
    Arena *arena = arena_new();
    assert_non_null(image_read(arena, sensible, stderr));
    arena_free(arena);
    free(sensible);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char *image = image_with_line(lines[i]);
        assert_refused(image, "error: the interpreter's image can't be read, at: ");
        free(image);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_definition_reads_as_the_header_has_it),
        cmocka_unit_test(added_opcodes_stand_for_what_was_written),
        cmocka_unit_test(fused_opcodes_go_where_what_they_cover_was_patched),
        cmocka_unit_test(an_image_of_another_runtime_is_refused_by_name),
        cmocka_unit_test(no_machine_is_made_with_a_wrong_image),
        cmocka_unit_test(renumbered_bytecodes_are_refused),
        cmocka_unit_test(lines_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
