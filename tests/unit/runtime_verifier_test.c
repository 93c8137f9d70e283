// The bytecode verifier: what it accepts, and each thing that it refuses.
#include "runtime/bytecodes/image.h"
#include "runtime/verifier/verifier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const Bytecodes *bytecodes;

// Code of a method with one argument, two locals, room for three values, two fields. Call
// sites: 0 has one argument, 1 has none, 2 is a global, 3 a super send without arguments.
// Literals: 0 is none, 1 is the block.
typedef struct Code {
    uint16_t units[64];
    size_t count;
} Code;

static const VerifierSite sites[] = {
    {1, VERIFIER_SEND, false},       {0, VERIFIER_ANY_USE, false}, {0, VERIFIER_GLOBAL, false},
    {0, VERIFIER_SUPER_SEND, false}, {1, VERIFIER_SEND, true},
};

static void put(Code *code, int opcode, int64_t first, int64_t second) {
    const InterpreterBytecode *bytecode = &interpreter_bytecodes[opcode];
    uint16_t *units = &code->units[code->count];
    *units = (uint16_t)opcode;
    const int64_t operands[] = {first, second};
    for (int i = 0; i < bytecode->operand_count; i++)
        interpreter_set_operand(units, &bytecode->operands[i], operands[i]);
    code->count += (size_t)bytecode->length;
}

static VerifierCode describe(const Code *code) {
    return (VerifierCode){.units = code->units,
                          .count = code->count,
                          .arguments = 1,
                          .locals = 2,
                          .max_stack = 3,
                          .fields = 2,
                          .sites = sites,
                          .site_count = sizeof sites / sizeof *sites};
}

// Checks a method whose literal 1 is a block with the code `inner`, if there is one.
static bool check(const Code *code, const Code *inner, char *message, size_t size) {
    VerifierCode method = describe(code), block;
    const VerifierCode *blocks[2] = {NULL, NULL};
    if (inner) {
        block = describe(inner);
        blocks[1] = &block;
    }
    method.blocks = blocks;
    method.literal_count = 2;
    return verifier_check(bytecodes, &method, message, size);
}

typedef struct Line {
    int opcode;
    int64_t first, second;
} Line;

static Code assemble(const Line *lines, size_t count) {
    Code code = {0};
    for (size_t i = 0; i < count; i++)
        put(&code, lines[i].opcode, lines[i].first, lines[i].second);
    return code;
}

#define CODE(...) assemble((Line[]){__VA_ARGS__}, sizeof((Line[]){__VA_ARGS__}) / sizeof(Line))

static void accept_with(Code code, const Code *block) {
    char message[200] = "";
    if (!check(&code, block, message, sizeof message))
        fail_msg("%s", message);
}

static void refuse_with(const char *expected, Code code, const Code *block) {
    char message[200] = "";
    assert_false(check(&code, block, message, sizeof message));
    assert_string_equal(message, expected);
}

#define ACCEPT(...)          accept_with(CODE(__VA_ARGS__), NULL)
#define REFUSE(message, ...) refuse_with(message, CODE(__VA_ARGS__), NULL)
#define RETURN_SELF                                                                                \
    { OP_RETURN_SELF, -2, 0 }
#define ACCEPT_BLOCK(...)          accept_with(closing, &(Code[]){CODE(__VA_ARGS__)}[0])
#define REFUSE_BLOCK(message, ...) refuse_with(message, closing, &(Code[]){CODE(__VA_ARGS__)}[0])

static void accepts_code_of_all_kinds(void **state) {
    (void)state;
    ACCEPT(RETURN_SELF);
    ACCEPT({OP_PUSH_LOCAL, 1, 0}, {OP_POP_LOCAL, 0, 0}, {OP_PUSH_ARGUMENT, -1, 0},
           {OP_POP_ARGUMENT, -1, 0}, {OP_PUSH_FIELD_RECEIVER, 1, -2}, {OP_DUP, 0, 0},
           {OP_ADD, 0, 0}, {OP_POP_FIELD_RECEIVER, 0, -2}, {OP_PUSH_CONSTANT, 0, 0},
           {OP_RETURN_LOCAL, -2, 0});
    ACCEPT({OP_PUSH_ARGUMENT, -2, 0}, {OP_SUPER_SEND_ARGUMENTS, 3, 0}, {OP_PUSH_GLOBAL, 2, 0},
           {OP_SEND_ARGUMENTS, 0, 1}, {OP_RETURN_LOCAL, -2, 0});
    ACCEPT({OP_PUSH_CONTEXT, 2, 0}, {OP_PUSH_HOME, 1, 0}, {OP_PUSH_CAPTURED_DEPTH, 1, 1},
           {OP_POP_CAPTURED_DEPTH, 0, 0}, {OP_PUSH_NIL, 0, 0}, {OP_RETURN_HOME, -2, 0});
    ACCEPT({OP_PUSH_CONTEXT, 0, 0}, {OP_POP_CONTEXT, 0, 0}, RETURN_SELF);
}

static void accepts_loops_and_joins(void **state) {
    (void)state;
    ACCEPT({OP_PUSH_TRUE, 0, 0}, {OP_JUMP_IF_FALSE_OTHER, 3, 5}, {OP_JUMP_BACK, -9, 0}, RETURN_SELF,
           {OP_POP, 0, 0}, {OP_JUMP, -6, 0});
    ACCEPT({OP_PUSH_NIL, 0, 0}, {OP_JUMP_IF_NOT_NIL, 1, 0}, {OP_PUSH_TRUE, 0, 0},
           {OP_RETURN_LOCAL, -2, 0});
    ACCEPT({OP_PUSH_NIL, 0, 0}, {OP_JUMP_IF_NIL, 2, 0}, {OP_POP, 0, 0}, {OP_PUSH_TRUE, 0, 0},
           {OP_RETURN_LOCAL, -2, 0});
}

static void refuses_what_is_no_code(void **state) {
    (void)state;
    char message[200];
    Code code = {.count = 0};
    refuse_with("pc 0: there is no code", code, NULL);
    code = (Code){.units = {OP_COUNT}, .count = 1};
    snprintf(message, sizeof message, "pc 0: opcode %d is not admitted", OP_COUNT);
    refuse_with(message, code, NULL);
    code = (Code){.units = {OP_HALT}, .count = 1};
    refuse_with("pc 0, halt: opcode 0 is not admitted", code, NULL);
    code = (Code){.units = {OP_JUMP, 0}, .count = 2};
    refuse_with("pc 0, jump: the code ends within the instruction", code, NULL);
    code = CODE(RETURN_SELF);
    VerifierCode method = describe(&code);
    method.arguments = -1;
    assert_false(verifier_check(bytecodes, &method, message, sizeof message));
    method = describe(&code);
    method.locals = -1;
    assert_false(verifier_check(bytecodes, &method, message, sizeof message));
    method = describe(&code);
    method.max_stack = -1;
    assert_false(verifier_check(bytecodes, &method, message, sizeof message));
}

static void refuses_operands_that_index_nothing(void **state) {
    (void)state;
    REFUSE("pc 0, pushLocal: local 2 is not in [0, 1]", {OP_PUSH_LOCAL, 2, 0}, RETURN_SELF);
    REFUSE("pc 0, pushArgument: argument 0 is not in [-2, -1]", {OP_PUSH_ARGUMENT, 0, 0},
           RETURN_SELF);
    REFUSE("pc 0, pushArgument: argument -3 is not in [-2, -1]", {OP_PUSH_ARGUMENT, -3, 0},
           RETURN_SELF);
    REFUSE("pc 1, popArgument: argument -2 is not in [-1, -1]", {OP_PUSH_NIL, 0, 0},
           {OP_POP_ARGUMENT, -2, 0}, RETURN_SELF);
    REFUSE("pc 0, pushFieldReceiver: field 2 is not in [0, 1]", {OP_PUSH_FIELD_RECEIVER, 2, -2},
           RETURN_SELF);
    REFUSE("pc 0, pushFieldReceiver: receiver -1 is not in [-2, -2]",
           {OP_PUSH_FIELD_RECEIVER, 1, -1}, RETURN_SELF);
    REFUSE("pc 0, returnSelf: receiver -1 is not in [-2, -2]", {OP_RETURN_SELF, -1, 0});
    REFUSE("pc 0, pushConstant: literal 2 is not in [0, 1]", {OP_PUSH_CONSTANT, 2, 0}, RETURN_SELF);
    REFUSE("pc 0, pushBlockReceiver: literal 0 is no block", {OP_PUSH_BLOCK_RECEIVER, 0, -2},
           RETURN_SELF);
    REFUSE("pc 0, pushGlobal: call site 5 is not in [0, 4]", {OP_PUSH_GLOBAL, 5, 0}, RETURN_SELF);
}

static void refuses_a_block_as_a_value(void **state) {
    (void)state;
    Code block = CODE(RETURN_SELF);
    refuse_with("pc 0, pushConstant: literal 1 is a block",
                CODE({OP_PUSH_CONSTANT, 1, 0}, {OP_RETURN_LOCAL, -2, 0}), &block);
}

static void refuses_call_sites_of_another_kind(void **state) {
    (void)state;
    REFUSE("pc 0, pushGlobal: call site 0 is for something else", {OP_PUSH_GLOBAL, 0, 0},
           {OP_RETURN_LOCAL, -2, 0});
    REFUSE("pc 1, sendArguments: call site 2 is for something else", {OP_PUSH_NIL, 0, 0},
           {OP_SEND_ARGUMENTS, 2, 0}, {OP_RETURN_LOCAL, -2, 0});
    REFUSE("pc 2, sendArguments: call site 1 has two uses", {OP_PUSH_GLOBAL, 1, 0},
           {OP_SEND_ARGUMENTS, 1, 0}, {OP_RETURN_LOCAL, -2, 0});
    REFUSE("pc 1, sendArguments: 0 arguments for a selector with 1", {OP_PUSH_NIL, 0, 0},
           {OP_SEND_ARGUMENTS, 0, 0}, {OP_RETURN_LOCAL, -2, 0});
    REFUSE("pc 2, add: 1 arguments for a selector with 0", {OP_PUSH_NIL, 0, 0}, {OP_PUSH_NIL, 0, 0},
           {OP_ADD, 1, 0}, {OP_RETURN_LOCAL, -2, 0});
}

static void refuses_a_send_through_a_site_for_self_to_anything_else(void **state) {
    (void)state;
    ACCEPT({OP_PUSH_ARGUMENT, -2, 0}, {OP_PUSH_ARGUMENT, -1, 0}, {OP_SEND_ARGUMENTS, 4, 1},
           {OP_RETURN_LOCAL, -2, 0});
    REFUSE("pc 4, sendArguments: the receiver is not self", {OP_PUSH_ARGUMENT, -1, 0},
           {OP_PUSH_ARGUMENT, -2, 0}, {OP_SEND_ARGUMENTS, 4, 1}, {OP_RETURN_LOCAL, -2, 0});
}

static void refuses_a_super_send_to_anything_but_self(void **state) {
    (void)state;
    const char *message = "pc 2, superSendArguments: the receiver is not self";
    REFUSE(message, {OP_PUSH_ARGUMENT, -1, 0}, {OP_SUPER_SEND_ARGUMENTS, 3, 0},
           {OP_RETURN_LOCAL, -2, 0});
    REFUSE("pc 16, superSendArguments: the receiver is not self", {OP_PUSH_TRUE, 0, 0},
           {OP_JUMP_IF_FALSE_OTHER, 5, 15}, {OP_PUSH_ARGUMENT, -2, 0}, {OP_JUMP, 5, 0},
           {OP_PUSH_ARGUMENT, -1, 0}, {OP_JUMP, 0, 0}, {OP_SUPER_SEND_ARGUMENTS, 3, 0},
           {OP_RETURN_LOCAL, -2, 0}, {OP_POP, 0, 0}, RETURN_SELF);
    ACCEPT({OP_PUSH_TRUE, 0, 0}, {OP_JUMP_IF_FALSE_OTHER, 5, 15}, {OP_PUSH_ARGUMENT, -2, 0},
           {OP_JUMP, 5, 0}, {OP_PUSH_ARGUMENT, -2, 0}, {OP_JUMP, 0, 0},
           {OP_SUPER_SEND_ARGUMENTS, 3, 0}, {OP_RETURN_LOCAL, -2, 0}, {OP_POP, 0, 0}, RETURN_SELF);
}

static void refuses_jumps_to_nowhere(void **state) {
    (void)state;
    REFUSE("pc 0, jump: control leaves the code, to 4", {OP_JUMP, 1, 0});
    REFUSE("pc 0, jump: control leaves the code, to -1", {OP_JUMP, -4, 0});
    REFUSE("pc 0, jump: control leaves the code, to 2147483650", {OP_JUMP, INT32_MAX, 0});
    REFUSE("pc 0, jump: no instruction begins at 1", {OP_JUMP, -2, 0});
    REFUSE("pc 0, pushNil: control leaves the code, to 1", {OP_PUSH_NIL, 0, 0});
    REFUSE("pc 2, pushNil: it can't be reached", RETURN_SELF, {OP_PUSH_NIL, 0, 0});
}

static void refuses_a_stack_out_of_bounds(void **state) {
    (void)state;
    REFUSE("pc 0, pop: it needs 1 values on a stack of 0", {OP_POP, 0, 0}, RETURN_SELF);
    REFUSE("pc 0, dup: it needs 1 values on a stack of 0", {OP_DUP, 0, 0}, RETURN_SELF);
    REFUSE("pc 1, add: it needs 2 values on a stack of 1", {OP_PUSH_NIL, 0, 0}, {OP_ADD, 0, 0},
           RETURN_SELF);
    REFUSE("pc 1, sendArguments: it needs 2 values on a stack of 1", {OP_PUSH_NIL, 0, 0},
           {OP_SEND_ARGUMENTS, 0, 1}, RETURN_SELF);
    REFUSE("pc 0, returnLocal: it needs 1 values on a stack of 0", {OP_RETURN_LOCAL, -2, 0});
    REFUSE("pc 3, pushNil: the stack's depth becomes 4, at most 3 is allowed", {OP_PUSH_NIL, 0, 0},
           {OP_DUP, 0, 0}, {OP_DUP, 0, 0}, {OP_PUSH_NIL, 0, 0}, RETURN_SELF);
}

static void refuses_different_depths_at_a_join(void **state) {
    (void)state;
    REFUSE("pc 2, jump: the stack at 1 is 1 or 2 deep", {OP_PUSH_NIL, 0, 0}, {OP_PUSH_NIL, 0, 0},
           {OP_JUMP, -4, 0});
}

static void refuses_contexts_that_are_not_there(void **state) {
    (void)state;
    REFUSE("pc 0, pushCapturedDepth: there is no context 0 outwards",
           {OP_PUSH_CAPTURED_DEPTH, 0, 0}, RETURN_SELF);
    REFUSE("pc 2, pushCapturedDepth: slot 1 is not in [0, 0]", {OP_PUSH_CONTEXT, 1, 0},
           {OP_PUSH_CAPTURED_DEPTH, 1, 0}, RETURN_SELF);
    REFUSE("pc 2, pushCapturedDepth: there is no context 1 outwards", {OP_PUSH_CONTEXT, 1, 0},
           {OP_PUSH_CAPTURED_DEPTH, 0, 1}, RETURN_SELF);
    REFUSE("pc 0, popContext: the innermost context is no plain context of this frame",
           {OP_POP_CONTEXT, 0, 0}, RETURN_SELF);
    REFUSE("pc 2, popContext: the innermost context is no plain context of this frame",
           {OP_PUSH_HOME, 1, 0}, {OP_POP_CONTEXT, 0, 0}, RETURN_SELF);
}

static void refuses_different_contexts_at_a_join(void **state) {
    (void)state;
    REFUSE("pc 2, jump: the contexts at 0 differ", {OP_PUSH_CONTEXT, 1, 0}, {OP_JUMP, -5, 0});
    REFUSE("pc 13, jump: the contexts at 16 differ", {OP_PUSH_TRUE, 0, 0},
           {OP_JUMP_IF_FALSE_OTHER, 5, 13}, {OP_PUSH_CONTEXT, 1, 0}, {OP_JUMP, 5, 0},
           {OP_PUSH_CONTEXT, 2, 0}, {OP_JUMP, 0, 0}, {OP_POP_CONTEXT, 0, 0}, RETURN_SELF,
           {OP_POP, 0, 0}, RETURN_SELF);
}

static void refuses_homes_that_are_not_left(void **state) {
    (void)state;
    REFUSE("pc 2, returnSelf: the frame's home is not left", {OP_PUSH_HOME, 0, 0}, RETURN_SELF);
    REFUSE("pc 5, returnLocal: the frame's home is not left", {OP_PUSH_HOME, 0, 0},
           {OP_PUSH_CONTEXT, 1, 0}, {OP_PUSH_NIL, 0, 0}, {OP_RETURN_LOCAL, -2, 0});
    REFUSE("pc 1, returnHome: there is no home to leave", {OP_PUSH_NIL, 0, 0},
           {OP_RETURN_HOME, -2, 0});
    REFUSE("pc 2, pushHome: there is a home already", {OP_PUSH_HOME, 0, 0}, {OP_PUSH_HOME, 0, 0},
           {OP_PUSH_NIL, 0, 0}, {OP_RETURN_HOME, -2, 0});
    REFUSE("pc 3, returnNonLocal: this is no block", {OP_PUSH_HOME, 0, 0}, {OP_PUSH_NIL, 0, 0},
           {OP_RETURN_NON_LOCAL, 0, 0});
}

static void looks_into_blocks_with_the_contexts_around_them(void **state) {
    (void)state;
    Code closing =
        CODE({OP_PUSH_CONTEXT, 2, 0}, {OP_PUSH_BLOCK_RECEIVER, 1, -2}, {OP_RETURN_LOCAL, -2, 0});
    ACCEPT_BLOCK({OP_PUSH_CAPTURED_DEPTH, 1, 1}, {OP_RETURN_LOCAL, -2, 0});
    ACCEPT_BLOCK({OP_PUSH_CONTEXT, 1, 0}, {OP_PUSH_CAPTURED_DEPTH, 1, 2},
                 {OP_POP_CAPTURED_DEPTH, 0, 0}, {OP_POP_CONTEXT, 0, 0}, RETURN_SELF);
    REFUSE_BLOCK("in a block, pc 0, pushCapturedDepth: there is no context 0 outwards",
                 {OP_PUSH_CAPTURED_DEPTH, 1, 0}, {OP_RETURN_LOCAL, -2, 0});
    REFUSE_BLOCK("in a block, pc 0, pushCapturedDepth: slot 2 is not in [0, 1]",
                 {OP_PUSH_CAPTURED_DEPTH, 2, 1}, {OP_RETURN_LOCAL, -2, 0});
    REFUSE_BLOCK("in a block, pc 0, popContext: the innermost context is no plain context of "
                 "this frame",
                 {OP_POP_CONTEXT, 0, 0}, RETURN_SELF);
    REFUSE_BLOCK("in a block, pc 0, pushHome: a block is no home", {OP_PUSH_HOME, 1, 0},
                 RETURN_SELF);
    REFUSE_BLOCK("in a block, pc 1, returnNonLocal: there is no home around", {OP_PUSH_NIL, 0, 0},
                 {OP_RETURN_NON_LOCAL, 0, 0});
    closing = CODE({OP_PUSH_HOME, 2, 0}, {OP_PUSH_BLOCK_RECEIVER, 1, -2}, {OP_RETURN_HOME, -2, 0});
    ACCEPT_BLOCK({OP_PUSH_NIL, 0, 0}, {OP_RETURN_NON_LOCAL, 0, 0});
    ACCEPT_BLOCK(RETURN_SELF);
    REFUSE_BLOCK("in a block, pc 1, returnHome: there is no home to leave", {OP_PUSH_NIL, 0, 0},
                 {OP_RETURN_HOME, -2, 0});
}

static void refuses_a_block_made_in_different_contexts(void **state) {
    (void)state;
    Code closing = CODE({OP_PUSH_BLOCK_RECEIVER, 1, -2}, {OP_PUSH_CONTEXT, 1, 0},
                        {OP_PUSH_BLOCK_RECEIVER, 1, -2}, {OP_RETURN_LOCAL, -2, 0});
    REFUSE_BLOCK("pc 5, pushBlockReceiver: the block is made in different contexts", RETURN_SELF);
    closing = CODE({OP_PUSH_BLOCK_RECEIVER, 1, -2}, {OP_PUSH_BLOCK_RECEIVER, 1, -2},
                   {OP_RETURN_LOCAL, -2, 0});
    ACCEPT_BLOCK(RETURN_SELF);
}

static uint32_t next_random(uint64_t *seed) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

// Opcodes and operands at random, mostly small so that some code gets far.
static void survives_random_units(void **state) {
    (void)state;
    uint64_t seed = 1;
    int accepted = 0;
    for (int round = 0; round < 200000; round++) {
        Code code = {0}, block = {0};
        Code *const both[] = {&code, &block};
        for (int which = 0; which < 2; which++) {
            size_t length = 1 + next_random(&seed) % 12;
            while (both[which]->count < length) {
                int64_t first = (int64_t)(next_random(&seed) % 7) - 3;
                int64_t second = (int64_t)(next_random(&seed) % 5) - 2;
                put(both[which], (int)(next_random(&seed) % OP_COUNT), first, second);
            }
            if (next_random(&seed) % 2)
                put(both[which], OP_RETURN_SELF, -2, 0);
            if (next_random(&seed) % 4 == 0)
                both[which]->units[next_random(&seed) % both[which]->count] =
                    (uint16_t)next_random(&seed);
            if (next_random(&seed) % 8 == 0)
                both[which]->count = 1 + next_random(&seed) % both[which]->count;
        }
        char message[200] = "";
        bool fits = check(&code, &block, message, sizeof message);
        assert_true(fits == (*message == 0));
        accepted += fits;
    }
    assert_true(accepted > 100);
}

static void accepts_boxes_and_open_homes(void **state) {
    (void)state;
    ACCEPT({OP_PUSH_LOCAL, 0, 0}, {OP_BOX, 0, 0}, {OP_POP_LOCAL, 0, 0}, {OP_PUSH_NIL, 0, 0},
           {OP_PUSH_LOCAL, 0, 0}, {OP_SET_BOX, 0, 0}, {OP_PUSH_LOCAL, 0, 0}, {OP_UNBOX, 0, 0},
           {OP_RETURN_LOCAL, -2, 0});
    ACCEPT({OP_OPEN_HOME, 0, 0}, {OP_PUSH_LINK, 1, 0}, {OP_PUSH_CAPTURED_DEPTH, 0, 0},
           {OP_POP_CONTEXT, 0, 0}, {OP_OPEN_HOME, 0, 0}, {OP_RETURN_HOME, -2, 0});
    accept_with(CODE({OP_OPEN_HOME, 0, 0}, {OP_PUSH_LINK, 0, 0}, {OP_PUSH_BLOCK_RECEIVER, 1, -2},
                     {OP_POP_CONTEXT, 0, 0}, {OP_RETURN_HOME, -2, 0}),
                &(Code[]){CODE({OP_PUSH_NIL, 0, 0}, {OP_RETURN_NON_LOCAL, 0, 0})}[0]);
}

static void refuses_wrong_boxes_and_open_homes(void **state) {
    (void)state;
    REFUSE("pc 0, box: it needs 1 values on a stack of 0", {OP_BOX, 0, 0}, RETURN_SELF);
    REFUSE("pc 0, unbox: it needs 1 values on a stack of 0", {OP_UNBOX, 0, 0}, RETURN_SELF);
    REFUSE("pc 1, setBox: it needs 2 values on a stack of 1", {OP_PUSH_NIL, 0, 0},
           {OP_SET_BOX, 0, 0}, RETURN_SELF);
    REFUSE("pc 0, pushLink: there is no open home", {OP_PUSH_LINK, 0, 0}, RETURN_SELF);
    REFUSE("pc 2, openHome: there is a home already", {OP_PUSH_HOME, 0, 0}, {OP_OPEN_HOME, 0, 0},
           RETURN_SELF);
    REFUSE("pc 1, pushHome: there is a home already", {OP_OPEN_HOME, 0, 0}, {OP_PUSH_HOME, 0, 0},
           RETURN_SELF);
    REFUSE("pc 1, returnSelf: the frame's home is not left", {OP_OPEN_HOME, 0, 0}, RETURN_SELF);
    REFUSE("pc 7, jump: the contexts at 11 differ", {OP_PUSH_TRUE, 0, 0},
           {OP_JUMP_IF_FALSE_OTHER, 5, 4}, {OP_OPEN_HOME, 0, 0}, {OP_JUMP, 1, 0}, {OP_POP, 0, 0},
           RETURN_SELF);
    refuse_with("in a block, pc 0, openHome: a block is no home",
                CODE({OP_PUSH_BLOCK_RECEIVER, 1, -2}, {OP_POP, 0, 0}, RETURN_SELF),
                &(Code[]){CODE({OP_OPEN_HOME, 0, 0}, RETURN_SELF)}[0]);
}

// ---- OSR points and entries ----------------------------------------------------------

static bool check_points(const Code *code, const GuestOsrPoint *point, const GuestOsrPoint *entry,
                         char *message, size_t size) {
    VerifierCode method = describe(code);
    method.osr_points = point;
    method.osr_point_count = point != NULL;
    method.osr_entries = entry;
    method.osr_entry_count = entry != NULL;
    return verifier_check(bytecodes, &method, message, size);
}

static void refuse_points(const char *expected, Code code, const GuestOsrPoint *point,
                          const GuestOsrPoint *entry) {
    char message[200] = "";
    assert_false(check_points(&code, point, entry, message, sizeof message));
    assert_string_equal(message, expected);
}

static void replace_frame_stands_at_an_osr_point_only(void **state) {
    (void)state;
    char message[200] = "";
    Code code = CODE({OP_PUSH_CONTEXT, 2, 0}, {OP_PUSH_NIL, 0, 0}, {OP_REPLACE_FRAME, 0, 0});
    GuestContext contexts[] = {{GUEST_CONTEXT_PLAIN, 2}};
    GuestOsrPoint point = {.pc = 3, .depth = 1, .contexts = {.items = contexts, .count = 1}};
    assert_true(check_points(&code, &point, NULL, message, sizeof message));
    refuse_points("pc 3, replaceFrame: this is no OSR point", code, NULL, NULL);
    point.depth = 2;
    refuse_points("pc 3, replaceFrame: the stack is 1 deep, not 2", code, &point, NULL);
    point.depth = 1;
    point.contexts.count = 0;
    refuse_points("pc 3, replaceFrame: the contexts are not those of the OSR point", code, &point,
                  NULL);
    point.contexts.count = 1;
    contexts[0].slots = 3;
    refuse_points("pc 3, replaceFrame: the contexts are not those of the OSR point", code, &point,
                  NULL);
    point.pc = 1;
    refuse_points("pc 1, pop: no instruction begins at this OSR point", code, &point, NULL);
    point.pc = 4;
    refuse_points("pc 4: no instruction begins at this OSR point", code, &point, NULL);
    static const int longer[] = {OP_REPLACE_FRAME_OVER, OP_REPLACE_FRAME_OVER_AND,
                                 OP_REPLACE_FRAME_OVER_OTHER};
    for (size_t i = 0; i < sizeof longer / sizeof *longer; i++) {
        char expected[200];
        snprintf(expected, sizeof expected, "pc 0, %s: opcode %d is not admitted",
                 interpreter_bytecodes[longer[i]].name, longer[i]);
        refuse_with(expected, CODE({longer[i], 0, 0}, RETURN_SELF), NULL);
    }
}

static void receivers_of_super_sends_are_where_the_osr_point_has_them(void **state) {
    (void)state;
    char message[200] = "";
    Code code = CODE({OP_PUSH_ARGUMENT, -2, 0}, {OP_PUSH_NIL, 0, 0}, {OP_REPLACE_FRAME, 0, 0});
    GuestSelf self = {.slot = 0};
    GuestOsrPoint point = {.pc = 3, .depth = 2, .selves = &self};
    assert_true(check_points(&code, &point, NULL, message, sizeof message));
    self.slot = 1;
    refuse_points("pc 3, replaceFrame: self is not where the OSR point has it", code, &point, NULL);
    code = CODE(RETURN_SELF, {OP_SUPER_SEND_ARGUMENTS, 3, 0}, {OP_RETURN_LOCAL, -2, 0});
    self.slot = 0;
    GuestOsrPoint entry = {.pc = 2, .depth = 1, .selves = &self};
    assert_true(check_points(&code, NULL, &entry, message, sizeof message));
    entry.selves = NULL;
    refuse_points("pc 2, superSendArguments: the receiver is not self", code, NULL, &entry);
    entry.selves = &self;
    self.slot = 1;
    refuse_points("pc 2, superSendArguments: self is not on the stack of the OSR entry", code, NULL,
                  &entry);
}

static void entries_are_followed_as_well(void **state) {
    (void)state;
    char message[200] = "";
    Code code =
        CODE(RETURN_SELF, {OP_POP, 0, 0}, {OP_PUSH_CAPTURED_DEPTH, 1, 0}, {OP_RETURN_HOME, -2, 0});
    GuestContext contexts[] = {{GUEST_CONTEXT_PLAIN, 2}, {GUEST_CONTEXT_HOME, 0}};
    GuestOsrPoint entry = {.pc = 2, .depth = 1, .contexts = {.items = contexts, .count = 2}};
    assert_true(check_points(&code, NULL, &entry, message, sizeof message));
    refuse_points("pc 2, pop: it can't be reached", code, NULL, NULL);
    entry.depth = 0;
    refuse_points("pc 2, pop: it needs 1 values on a stack of 0", code, NULL, &entry);
    entry.depth = 4;
    refuse_points("pc 2, pop: the stack's depth becomes 4, at most 3 is allowed", code, NULL,
                  &entry);
    entry.depth = 1;
    entry.contexts.count = 1;
    refuse_points("pc 6, returnHome: there is no home to leave", code, NULL, &entry);
    entry.contexts.count = 0;
    refuse_points("pc 3, pushCapturedDepth: there is no context 0 outwards", code, NULL, &entry);
    entry.pc = 5;
    refuse_points("pc 5, halt: no instruction begins at 5", code, NULL, &entry);
}

static void a_block_says_what_is_around_it(void **state) {
    (void)state;
    char message[200] = "";
    Code inner = CODE({OP_PUSH_CAPTURED_DEPTH, 1, 1}, {OP_RETURN_NON_LOCAL, 0, 0});
    GuestContext contexts[] = {{GUEST_CONTEXT_HOME, 2}};
    GuestContexts around = {.items = contexts, .count = 1};
    VerifierCode block = describe(&inner);
    block.around = &around;
    assert_true(verifier_check(bytecodes, &block, message, sizeof message));
    Code code =
        CODE({OP_PUSH_HOME, 2, 0}, {OP_PUSH_BLOCK_RECEIVER, 1, -2}, {OP_RETURN_HOME, -2, 0});
    VerifierCode method = describe(&code);
    const VerifierCode *blocks[2] = {NULL, &block};
    method.blocks = blocks;
    method.literal_count = 2;
    assert_true(verifier_check(bytecodes, &method, message, sizeof message));
    contexts[0].slots = 3;
    assert_false(verifier_check(bytecodes, &method, message, sizeof message));
    assert_string_equal(message, "pc 2, pushBlockReceiver: the block is made for other contexts");
    contexts[0] = (GuestContext){GUEST_CONTEXT_PLAIN, 2};
    assert_false(verifier_check(bytecodes, &block, message, sizeof message));
    assert_string_equal(message, "in a block, pc 3, returnNonLocal: there is no home around");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_boxes_and_open_homes),
        cmocka_unit_test(refuses_wrong_boxes_and_open_homes),
        cmocka_unit_test(replace_frame_stands_at_an_osr_point_only),
        cmocka_unit_test(receivers_of_super_sends_are_where_the_osr_point_has_them),
        cmocka_unit_test(entries_are_followed_as_well),
        cmocka_unit_test(a_block_says_what_is_around_it),
        cmocka_unit_test(accepts_code_of_all_kinds),
        cmocka_unit_test(accepts_loops_and_joins),
        cmocka_unit_test(refuses_what_is_no_code),
        cmocka_unit_test(refuses_operands_that_index_nothing),
        cmocka_unit_test(refuses_a_block_as_a_value),
        cmocka_unit_test(refuses_call_sites_of_another_kind),
        cmocka_unit_test(refuses_a_send_through_a_site_for_self_to_anything_else),
        cmocka_unit_test(refuses_a_super_send_to_anything_but_self),
        cmocka_unit_test(refuses_jumps_to_nowhere),
        cmocka_unit_test(refuses_a_stack_out_of_bounds),
        cmocka_unit_test(refuses_different_depths_at_a_join),
        cmocka_unit_test(refuses_contexts_that_are_not_there),
        cmocka_unit_test(refuses_different_contexts_at_a_join),
        cmocka_unit_test(refuses_homes_that_are_not_left),
        cmocka_unit_test(looks_into_blocks_with_the_contexts_around_them),
        cmocka_unit_test(refuses_a_block_made_in_different_contexts),
        cmocka_unit_test(survives_random_units),
    };
    Arena *arena = arena_new();
    bytecodes = image_read(arena, INTERPRETER_IMAGE, stderr);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
