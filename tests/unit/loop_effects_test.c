// Stack effects, jump effects and `leaves`, as they are inferred from the bodies.
#include "tests/unit/loop_fixture.h"

static void assert_slots(const IrSlots *slots, int constant, int factor, int operand) {
    assert_int_equal(slots->constant, constant);
    assert_int_equal(slots->factor, factor);
    if (factor)
        assert_int_equal(slots->operand, operand);
}

static void assert_stack(const char *bytecode, int constant, int factor, int operand, bool leaves) {
    Lowered lowered = lower_loop(bytecode, "");
    const IrBytecode *entry = &lowered.module->tables.items[0]->bytecodes.items[0];
    assert_slots(&entry->stack, constant, factor, operand);
    assert_int_equal(entry->leaves, leaves);
    release(&lowered);
}

static void constants_add_up(void **state) {
    (void)state;
    assert_stack("b = ( frame pc: 1 )", 0, 0, -1, false);
    assert_stack("b = ( self push: (frame sp at: -1) )", 1, 0, -1, false);
    assert_stack("b = ( self drop: 3. self push: (frame sp at: 0) )", -2, 0, -1, false);
    assert_stack("b = ( frame sp: frame sp - 3 + 5 )", 2, 0, -1, false);
}

static void operands_are_multiplied(void **state) {
    (void)state;
    assert_stack("b: n <UInt16> = ( self drop: n )", 0, -1, 0, false);
    assert_stack("b: m <UInt16> c: n <UInt16> = ( self drop: n + 1. self drop: 2 * n )", -1, -3, 1,
                 false);
    assert_stack("b: n <UInt16> = ( self drop: n. self drop: n negated )", 0, 0, -1, false);
    assert_stack("b: n <Int32> = ( frame sp: frame sp + n - (n - 4) )", 4, 0, -1, false);
}

static void a_jump_to_a_computed_place_has_an_effect_of_its_own(void **state) {
    (void)state;
    assert_stack("b = ( self drop: 5. self jumpTo: frame pc + 7 )", 0, 0, -1, true);
    Lowered lowered = lower_loop("b: n <UInt16> = ( self drop: 1. "
                                 "frame pc = 1 ifTrue: [ self drop: n. self jumpTo: n ] )",
                                 "");
    const IrBytecode *bytecode = &lowered.module->tables.items[0]->bytecodes.items[0];
    assert_true(bytecode->jumps && !bytecode->leaves);
    assert_slots(&bytecode->stack, -1, 0, -1);
    assert_slots(&bytecode->jumped, -1, -1, 0);
    release(&lowered);
    assert_body_error("frame pc = 1 ifTrue: [ self drop: 1. self jumpTo: 3 ]. self jumpTo: 4",
                      "2:67: `b` changes the stack by 0 here, but by -1 on another path\n"
                      "2:49: note: the other path ends here\n");
    assert_body_error("self jumpTo: 1.5", "2:12: the place must be Int64, not Double\n");
}

static void paths_that_leave_for_good_do_not_count(void **state) {
    (void)state;
    assert_stack("b = ( frame pc = 1 ifTrue: [ self drop: 5. self leaveTo: VM next ]. "
                 "frame pc = 2 ifTrue: [ self drop: 6. self stop ]. self drop: 1 )",
                 -1, 0, -1, false);
    assert_stack("b = ( self drop: 5. self leaveTo: VM next )", 0, 0, -1, true);
    assert_stack("b = ( self stop )", 0, 0, -1, true);
}

// A callee's result takes the place of what is dropped.
static void entering_a_frame_counts_what_has_changed_when_it_is_back(void **state) {
    (void)state;
    assert_stack("b: n <UInt16> = ( self enter: VM next dropping: n + 1 )", 0, -1, 0, false);
    assert_stack("b = ( self push: (frame sp at: 0). self resume: VM next dropping: 3 )", -1, 0, -1,
                 false);
}

static void other_frames_stack_pointers_do_not_count(void **state) {
    (void)state;
    assert_stack("b = ( frame caller sp: frame sp )", 0, 0, -1, false);
}

static void loops_and_joins_keep_what_is_known(void **state) {
    (void)state;
    assert_stack("b = ( | i <Int64> | i := 0. self drop: 1. [ i < 3 ] whileTrue: [ i := i + 1 ]. "
                 "frame pc = 1 ifTrue: [ self drop: 1 ] ifFalse: [ self drop: 1 ] )",
                 -2, 0, -1, false);
}

static void jumps_have_effects_of_their_own(void **state) {
    (void)state;
    Lowered lowered = lower_loop("b: yes <Int32> c: no <Int32> d: count <UInt16> = ( "
                                 "frame pc = 1 ifTrue: [ self drop: 1. self jumpBy: yes ]. "
                                 "frame pc = 2 ifTrue: [ self drop: count. self jumpBy: no ]. "
                                 "self drop: 2 )",
                                 "");
    const IrBytecode *bytecode = find_entry(&lowered, "bCD");
    assert_true(ir_operand_is_jump(&bytecode->operands.items[0]));
    assert_true(ir_operand_is_jump(&bytecode->operands.items[1]));
    assert_false(ir_operand_is_jump(&bytecode->operands.items[2]) || bytecode->leaves);
    assert_slots(&bytecode->stack, -2, 0, -1);
    assert_slots(&bytecode->operands.items[0].jump, -1, 0, -1);
    assert_slots(&bytecode->operands.items[1].jump, 0, -1, 2);
    release(&lowered);
    assert_stack("b: far <Int16> = ( self jumpBy: far )", 0, 0, -1, true);
}

static void disagreeing_paths_are_errors(void **state) {
    (void)state;
    assert_body_error("frame pc = 1 ifTrue: [ ^self drop: 1 ]. self drop: 2",
                      "2:60: `b` changes the stack by -2 here, but by -1 on another path\n"
                      "2:30: note: the other path ends here\n");
    assert_loop_errors("b: n <UInt16> = ( n = 1 ifTrue: [ ^self drop: n ]. self drop: 1 )", "",
                       "2:65: `b` changes the stack by -1 here, but by 0 + -1 * n on another path\n"
                       "2:35: note: the other path ends here\n");
    assert_loop_errors("b: n <Int16> = ( frame pc = 1 ifTrue: [ self drop: 1. self jumpBy: n ]. "
                       "self jumpBy: n )",
                       "",
                       "2:78: `b` changes the stack by 0 here, but by -1 on another path\n"
                       "2:60: note: the other path ends here\n");
}

static void what_cannot_be_told_is_an_error(void **state) {
    (void)state;
    const char *message = "`b`: how far the stack has grown here is neither a constant nor a "
                          "constant and a multiple of one operand\n";
    static const struct {
        const char *bytecode;
        int column;
    } cases[] = {
        {"b = ( self drop: frame pc )", 27},
        {"b: m <UInt16> c: n <UInt16> = ( self drop: m + n )", 50},
        {"b = ( frame sp: frame locals )", 30},
        {"b = ( [ frame pc = 1 ] whileTrue: [ self drop: 1 ] )", 52},
        {"b: n <UInt16> = ( self drop: n * n )", 36},
        {"b = ( self enter: VM next dropping: frame pc )", 12},
        {"b = ( self drop: 100000 )", 25},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Text expected = {0};
        bool two = strstr(cases[i].bytecode, " c: ") != NULL;
        text_addf(&expected, "2:%d: %s%s", cases[i].column, two ? "`bC`" : "`b`", message + 3);
        assert_loop_errors(cases[i].bytecode, "", text_chars(&expected));
        text_free(&expected);
    }
}

static void assert_needs(const char *bytecode, int constant, int factor, int operand) {
    Lowered lowered = lower_loop(bytecode, "");
    assert_slots(&lowered.module->tables.items[0]->bytecodes.items[0].needs, constant, factor,
                 operand);
    release(&lowered);
}

// What is read, written or dropped has to be there, on whatever path it is.
static void what_lies_below_is_needed(void **state) {
    (void)state;
    assert_needs("b = ( self push: (frame sp at: 0) )", 0, 0, -1);
    assert_needs("b = ( self push: (frame sp at: -2) )", 2, 0, -1);
    assert_needs("b = ( frame sp at: -3 put: (frame sp at: -1) )", 3, 0, -1);
    assert_needs("b = ( self drop: 2 )", 2, 0, -1);
    assert_needs("b = ( self push: (frame sp at: 5). self drop: 3 )", 2, 0, -1);
    assert_needs("b = ( frame pc = 1 ifTrue: [ self drop: 3. self leaveTo: VM next ]. "
                 "frame pc = 2 ifTrue: [ self push: (frame sp at: -1). self drop: 1 ] )",
                 3, 0, -1);
    assert_needs("b = ( self enter: VM next dropping: 2 )", 2, 0, -1);
    assert_needs("b = ( VM run: frame bits asAddress with: (frame sp at: -4) )", 4, 0, -1);
}

static void needs_may_depend_on_an_operand(void **state) {
    (void)state;
    assert_needs("b: n <UInt16> = ( self push: (frame sp at: -1 - n) )", 1, 1, 0);
    assert_needs("b: m <UInt16> c: n <UInt16> = ( self drop: 2 * n. self push: (frame sp at: -1) )",
                 1, 2, 1);
    assert_needs("b: n <UInt16> = ( self enter: VM next dropping: n + 1 )", 1, 1, 0);
    assert_needs("b: n <UInt16> = ( self push: (frame sp at: n) )", 0, 0, -1);
    assert_needs("b: n <UInt16> = ( self push: (frame sp at: n - 3) )", 3, 0, -1);
    // The larger of 2 and 1 + n is at most 2 + n.
    assert_needs(
        "b: n <UInt16> = ( self push: (frame sp at: -2). self push: (frame sp at: -2 - n) )", 2, 1,
        0);
    assert_needs("b: n <Int16> = ( self drop: n )", 0, 1, 0);
}

// Who reads slots in a loop takes them off, too; that is where it shows.
static void slots_that_cannot_be_told_are_not_needed(void **state) {
    (void)state;
    assert_needs("b: n <UInt16> = ( | i <Int64> | i := 0. [ i < n ] whileTrue: [ "
                 "frame locals at: i put: (frame sp at: -1 - i). i := i + 1 ]. self drop: n )",
                 0, 1, 0);
    assert_needs("b = ( frame sp at: frame pc put: (frame locals at: 0) )", 0, 0, -1);
}

static void needs_of_two_operands_are_an_error(void **state) {
    (void)state;
    const char *message = "how much it needs on the stack is neither a constant nor a constant and "
                          "a multiple of one operand\n";
    Text expected = {0};
    text_addf(&expected, "2:87: `bC`: %s", message);
    assert_loop_errors(
        "b: m <UInt16> c: n <UInt16> = ( self push: (frame sp at: 0 - m). self push: "
        "(frame sp at: 0 - n) )",
        "", text_chars(&expected));
    text_free(&expected);
    text_addf(&expected, "2:27: `b`: %s", message);
    assert_loop_errors("b: n <Int16> = ( frame sp at: -1 put: (frame sp at: n - 3) )", "",
                       text_chars(&expected));
    text_free(&expected);
}

static void displacements_are_operands(void **state) {
    (void)state;
    assert_loop_errors("b: n <Int16> = ( self jumpBy: n + 1 )", "",
                       "2:23: a displacement must be one of the bytecode's operands as it is\n");
}

static void a_displacement_is_a_jump_and_nothing_else(void **state) {
    (void)state;
    Lowered lowered = lower_loop("b: n <Int16 jump> c: m <Int16> = ( frame pc = 1 ifTrue: [ "
                                 "self jumpBy: n ]. self jumpBy: m )",
                                 "");
    const IrBytecode *bytecode = find_entry(&lowered, "bC");
    assert_true(ir_operand_is_jump(&bytecode->operands.items[0]));
    assert_true(ir_operand_is_jump(&bytecode->operands.items[1]));
    release(&lowered);
    assert_loop_errors("b: n <Int16 far> = ( self jumpBy: n )", "",
                       "2:27: the displacement `n` has the role `far`, and not `jump`\n");
    assert_loop_errors("b: n <Int16 jump> = ( frame pc: n )", "",
                       "2:4: `n` has the role `jump`, but no `jumpBy:` takes it\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants_add_up),
        cmocka_unit_test(operands_are_multiplied),
        cmocka_unit_test(a_jump_to_a_computed_place_has_an_effect_of_its_own),
        cmocka_unit_test(paths_that_leave_for_good_do_not_count),
        cmocka_unit_test(entering_a_frame_counts_what_has_changed_when_it_is_back),
        cmocka_unit_test(other_frames_stack_pointers_do_not_count),
        cmocka_unit_test(loops_and_joins_keep_what_is_known),
        cmocka_unit_test(jumps_have_effects_of_their_own),
        cmocka_unit_test(disagreeing_paths_are_errors),
        cmocka_unit_test(what_cannot_be_told_is_an_error),
        cmocka_unit_test(what_lies_below_is_needed),
        cmocka_unit_test(needs_may_depend_on_an_operand),
        cmocka_unit_test(slots_that_cannot_be_told_are_not_needed),
        cmocka_unit_test(needs_of_two_operands_are_an_error),
        cmocka_unit_test(displacements_are_operands),
        cmocka_unit_test(a_displacement_is_a_jump_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
