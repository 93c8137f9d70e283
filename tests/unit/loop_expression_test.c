// What the type checker says about bodies that it can't resolve.
#include "tests/unit/loop_fixture.h"

static void messages_are_known_by_their_receivers_types(void **state) {
    (void)state;
    assert_body_error("1 foo", "2:9: unknown message `foo` for Int64\n");
    assert_body_error("1.5 % 2.5", "2:11: unknown message `%` for Double\n");
    assert_body_error("true + 1", "2:12: unknown message `+` for Boolean\n");
    assert_body_error("frame foo", "2:13: unknown message `foo` for Frame\n");
    assert_body_error("frame sp > frame sp",
                      "2:16: unknown message `>` for Elements of: Value in: stack\n");
    assert_body_error("(frame sp at: 0) asDouble", "2:24: unknown message `asDouble` for Value\n");
    assert_body_error("thread limit + 1", "2:20: unknown message `+` for Address\n");
}

static void arguments_have_the_receivers_type(void **state) {
    (void)state;
    assert_body_error("1 + 2.5", "2:9: the argument of `+` must be Int64, not Double\n");
    assert_body_error("frame == thread", "2:13: the argument of `==` must be Frame, not Thread\n");
    assert_body_error("frame sp at: 1.5 put: (frame sp at: 0)",
                      "2:20: the index must be Int64, not Double\n");
    assert_body_error("frame sp at: 0 put: 1", "2:16: the element must be Value, not Int64\n");
    assert_body_error("frame sp + true", "2:18: the number must be Int64, not Boolean\n");
    assert_body_error("1 rotateLeft32: 2.5",
                      "2:9: the argument of `rotateLeft32:` must be Int64, not Double\n");
    assert_body_error("frame pc: 1.5", "2:13: `pc` must be Int64, not Double\n");
    assert_body_error("frame pc: 1e3", "2:13: `pc` must be Int64, not Double\n");
    assert_body_error("self push: 1", "2:18: `v` must be Value, not Int64\n");
    assert_body_error("VM square: 1", "2:18: `d` must be Double, not Int64\n");
    assert_body_error("self jumpBy: true", "2:12: the displacement must be Int64, not Boolean\n");
    assert_body_error("self leaveTo: thread", "2:12: the frame must be Frame, not Thread\n");
    assert_body_error("self enter: frame dropping: 1.0",
                      "2:12: the number of slots must be Int64, not Double\n");
}

static void conditions_are_booleans_and_blocks_literal(void **state) {
    (void)state;
    assert_body_error("1 ifTrue: [ frame pc: 1 ]",
                      "2:7: the condition must be Boolean, not Int64\n");
    assert_body_error("true ifTrue: 1", "2:20: this must be a block, written in place\n");
    assert_body_error("true ifTrue: [ :x | frame pc: 1 ]",
                      "2:20: this block must take no argument\n");
    assert_body_error("1 to: 2 do: [ frame pc: 1 ]", "2:19: this block must take one argument\n");
    assert_body_error("1.5 to: 2 do: [ :i | frame pc: i ]",
                      "2:11: the start must be Int64, not Double\n");
    assert_body_error("[ 1 ] whileTrue: [ frame pc: 1 ]",
                      "2:11: the block's value must be Boolean, not Int64\n");
    assert_body_error("[ frame pc: 1 ] whileTrue: [ frame pc: 1 ]",
                      "2:21: this block must have a Boolean value\n");
    assert_body_error("(true and: [ frame pc: 1 ]) ifTrue: [ frame pc: 1 ]",
                      "2:32: this block must have a Boolean value\n");
    assert_body_error("[ frame pc: 1 ]", "2:7: a block can only be part of a control message\n");
}

static void cases_are_constants_each_once(void **state) {
    (void)state;
    assert_body_error("frame pc case: frame pc do: [ frame pc: 1 ]",
                      "2:28: a case must be a constant\n");
    assert_body_error("frame pc case: 1 do: [ frame pc: 1 ] case: #(2 1) do: [ frame pc: 2 ]",
                      "2:54: a second case 1\n");
    assert_body_error("frame pc case: 1.5 do: [ frame pc: 1 ]",
                      "2:22: a case must be Int64, not Double\n");
    assert_body_error("frame pc case: 1 do: 2", "2:28: this must be a block, written in place\n");
    assert_body_error("1.5 case: 1 do: [ frame pc: 1 ]",
                      "2:11: what chooses a case must be Int64, not Double\n");
    assert_body_error("frame pc: (frame pc case: 1 do: [ 2 ])", "2:27: this has no value\n");
    assert_body_error("frame pc: (frame pc case: 1 do: [ 2 ] otherwise: [ 1.5 ])",
                      "2:27: this has no value\n");
    assert_body_error("frame pc case: 1 otherwise: [ frame pc: 1 ]",
                      "2:16: unknown message `case:otherwise:` for Int64\n");
}

static void names_must_be_known(void **state) {
    (void)state;
    assert_body_error("frame pc: x", "2:17: unknown name `x`\n");
    assert_body_error("x := 1", "2:7: unknown name `x`\n");
    assert_body_error("frame pc: nil", "2:17: the loop language knows no `nil`\n");
    assert_body_error("frame pc: self", "2:17: `self` has no value: it can only get messages\n");
    assert_body_error("frame pc: Frame", "2:17: `Frame` has no value: it can only get messages\n");
    assert_body_error("self foo", "2:12: unknown helper `foo`\n");
    assert_body_error("self b", "2:12: `b` is a bytecode; only helpers can be called\n");
    assert_body_error("VM foo", "2:10: VM has no function `foo`\n");
    assert_body_error("frame pc: super", "2:17: unknown name `super`\n");
}

static void locals_are_assigned_before_they_are_read(void **state) {
    (void)state;
    assert_body_error("| x <Int64> | frame pc: x", "2:31: `x` may be read before it is assigned\n");
    assert_body_error("| x <Int64> | true ifTrue: [ x := 1 ]. frame pc: x",
                      "2:56: `x` may be read before it is assigned\n");
    assert_body_error("| x <Int64> | [ x > 1 ] whileTrue: [ x := 1 ]",
                      "2:23: `x` may be read before it is assigned\n");
    assert_body_error("| x <Int64> | x := 1", "2:9: local `x` is never read\n");
    assert_body_error("| x <Int64> x <Int64> | x := 1. frame pc: x", "2:19: a second `x` here\n");
    assert_body_error("| x | x := 1. frame pc: x", "2:9: `x` needs a type: `x <Int64>`\n");
    assert_body_error("| x <Foo> | x := 1. frame pc: x", "2:12: unknown type `Foo`\n");
    assert_body_error("| x <UInt8> | x := 1. frame pc: x",
                      "2:12: UInt8 is a type of memory only; what is read from it is Int64\n");
    assert_body_error("| x <Float32> | x := 1.5. frame pc: x bits",
                      "2:12: Float32 is a type of memory only; what is read from it is Double\n");
    assert_body_error("| x <Double> | x := 1. x sqrt", "2:22: `x` must be Double, not Int64\n");
    assert_body_error("frame := VM next", "2:7: only locals can be assigned, `frame` isn't one\n");
}

static void const_fields_are_written_only_while_their_record_is_made(void **state) {
    (void)state;
    assert_body_error("frame caller: frame", "2:13: `caller` is const: it can be written only "
                                             "while its record is made, after `Frame at:`\n");
    assert_body_error("| f <Frame> | f := frame caller. f method: frame method",
                      "2:42: `method` is const: it can be written only while its record is made, "
                      "after `Frame at:`\n");
    assert_body_error("frame locals: frame sp",
                      "2:13: `locals` is an array in place: only its elements can be written\n");
    assert_body_error("frame method sites at: 0 put: (frame method sites at: 1)",
                      "2:26: records lie in place: only their fields can be written\n");
}

static void arrays_in_records_that_move_stay_behind_the_barrier(void **state) {
    (void)state;
    assert_body_error("| e <Elements of: Value in: heap> | e := (Object fromBits: 8) fields. "
                      "self push: (e at: 0)",
                      "2:43: `fields` lies in a record that moves: it can only be used with "
                      "`at:` and `at:put:`, which know the write barrier\n");
}

static void records_are_found_at_addresses(void **state) {
    (void)state;
    assert_body_error("self leaveTo: (Frame at: 1)",
                      "2:28: a record is at an Address or at Elements, not at Int64\n");
    assert_body_error("frame pc: (Object at: thread limit) header",
                      "2:25: unknown message `at:` for the record Object, which moves\n");
    assert_body_error("frame pc: (Object fromBits: true) header",
                      "2:25: the bits must be Int64, not Boolean\n");
    assert_body_error("Frame new", "2:13: unknown message `new` for the record Frame\n");
}

static void what_has_no_value_gives_none(void **state) {
    (void)state;
    assert_body_error("frame pc: (frame pc: 1)", "2:24: this has no value\n");
    assert_body_error("frame pc: (true ifTrue: [ 1 ])", "2:23: this has no value\n");
    assert_body_error("frame pc: (true ifTrue: [ 1 ] ifFalse: [ 1.5 ])",
                      "2:23: this has no value\n");
    assert_body_error("frame pc: (self stop)",
                      "2:23: this ends the bytecode, so it has no value\n");
    assert_body_error("^1", "2:7: a bytecode answers nothing, so it can't answer Int64\n");
    assert_body_error("'text'", "2:7: the loop language has no such literal\n");
    assert_body_error("frame pc: 18446744073709551616",
                      "2:17: `18446744073709551616` doesn't fit in 64 bits\n");
    assert_body_error("frame pc: -9223372036854775809",
                      "2:17: `-9223372036854775809` doesn't fit in 64 bits\n");
}

static void nothing_follows_an_ending(void **state) {
    (void)state;
    assert_body_error("self stop. frame pc: 1",
                      "2:24: this is never reached: what stands before it never goes on\n");
    assert_body_error("true ifTrue: [ self stop ] ifFalse: [ self leaveTo: VM next ]. frame pc: 1",
                      "2:76: this is never reached: what stands before it never goes on\n");
    assert_body_error("self pollSite: #foo", "2:22: a poll site is #call or #backEdge\n");
}

static void quickening_is_to_what_looks_the_same(void **state) {
    (void)state;
    assert_body_error("self quickensTo: #nowhere",
                      "2:24: `quickensTo:` takes a bytecode's selector, as in #b\n");
    assert_body_error("self quickensTo: 1",
                      "2:24: `quickensTo:` takes a bytecode's selector, as in #b\n");
    assert_body_error("self quickensTo: #b",
                      "2:12: `b` can't quicken to `b`, which has the same place\n");
    assert_loop_errors("a = ( self quickensTo: #b: ) b: x <UInt16> = ( frame pc: x )", "",
                       "2:12: `a` can't quicken to `b`, which has another length\n");
    assert_loop_errors("a: x <UInt16> = ( self quickensTo: #b: ) b: x <Int16> = ( frame pc: x )",
                       "", "2:24: `a` can't quicken to `b`, which has other operands\n");
    assert_loop_errors("a = ( self quickensTo: #b ) b = ( self stop )", "",
                       "2:12: `a` can't quicken to `b`, which has another stack effect\n");
}

// A bytecode may go on as one that it quickens to, or that quickens to it, and as no other.
static void a_bytecode_continues_as_its_kin(void **state) {
    (void)state;
    assert_body_error("self continueAs: #nowhere",
                      "2:24: `continueAs:` takes a bytecode's selector, as in #b\n");
    assert_body_error("self continueAs: #b. frame pc: 1",
                      "2:34: this is never reached: what stands before it never goes on\n");
    assert_loop_errors("a = ( self continueAs: #b ) b = ( )", "",
                       "2:12: `a` can't continue as `b`: neither quickens to the other\n");
}

static void helpers_answer_what_they_say(void **state) {
    (void)state;
    assert_loop_errors("b = ( frame pc: self h )", "h <^Int64> = ( frame pc: 1 )",
                       "4:28: `h` must answer Int64, but ends without `^`\n");
    assert_loop_errors("b = ( frame pc: self h )", "h <^Int64> = ( ^1.5 )",
                       "4:16: the answer must be Int64, not Double\n");
    assert_loop_errors("b = ( self h )", "h = ( ^1 )",
                       "4:7: this helper answers nothing, so it can't answer Int64\n");
    assert_loop_errors("b = ( self h )", "h = ( self g ) g = ( self h )",
                       "4:27: helper `h` would be expanded in itself\n");
}

static void helpers_that_nobody_calls_are_checked(void **state) {
    (void)state;
    assert_loop_errors("b = ( self stop )", "h: x <Double> = ( frame pc: x )",
                       "4:25: `pc` must be Int64, not Double\n");
}

static void an_error_in_a_helper_is_reported_once(void **state) {
    (void)state;
    assert_loop_errors("b = ( self h ) c = ( self h. self h )", "h = ( 1 foo )",
                       "4:9: unknown message `foo` for Int64\n");
    assert_loop_errors("b = ( self h ) c = ( self h )", "h = ( | x <Foo> | x := 1. frame pc: x )",
                       "4:12: unknown type `Foo`\n");
    assert_loop_errors("b = ( self h ) c = ( self h )", "h = ( | x | x := 1. frame pc: x )",
                       "4:9: `x` needs a type: `x <Int64>`\n");
    assert_loop_errors("b = ( self h ) c = ( self h. 1 foo )",
                       "h = ( | x <Int64> | x := 1. frame pc: 1 )",
                       "4:9: local `x` is never read\n2:32: unknown message `foo` for Int64\n");
}

static void an_unknown_bytecode_has_no_successor(void **state) {
    (void)state;
    assert_file_errors(RECORDS "Loop = BytecodeLoop ( | thread <Thread> frame <Frame> |\n"
                               "unknownBytecode: o <UInt16> = ( frame pc: o ) b = ( self stop )" //
                       PLACE ")",
                       "2:45: an unknown bytecode has no length: this must end with `jumpTo:`, "
                       "`leaveTo:` or `stop`\n");
    assert_file_errors(
        RECORDS "Loop = BytecodeLoop ( | thread <Thread> frame <Frame> |\n"
                "unknownBytecode: o <UInt16> = ( self jumpBy: o ) b = ( self stop )" PLACE ")",
        "2:38: an unknown bytecode has no length: this must end with `jumpTo:`, "
        "`leaveTo:` or `stop`\n");
}

static void nothing_ends_while_fetching(void **state) {
    (void)state;
    assert_file_errors(RECORDS LOOP
                       "b = ( self stop ) ----\n"
                       "code <^Elements of: UInt16 in: code> = ( self stop ) "
                       "pc <^Int64> = ( ^self length ) pc: i <Int64> = ( frame pc: i ) )",
                       "3:47: fetching can't end a bytecode\n"
                       "3:52: `code` must answer Elements of: UInt16 in: code, but ends without "
                       "`^`\n"
                       "3:76: while fetching there is no bytecode yet\n");
}

// Helpers that call one another double at each step: 2^40 messages if nobody stopped.
static void expansion_is_limited(void **state) {
    (void)state;
    Text helpers = {0};
    text_add(&helpers, "h0 = ( frame pc: 1 )");
    for (int i = 1; i <= 40; i++)
        text_addf(&helpers, " h%d = ( self h%d. self h%d )", i, i - 1, i - 1);
    char *source = loop_source("b = ( self h40 )", text_chars(&helpers));
    Lowered lowered = lower(source);
    assert_null(lowered.module);
    assert_non_null(strstr(lowered.messages, "a bytecode has more than 10000 messages"));
    release(&lowered);
    free(source);
    text_free(&helpers);
}

static void nesting_is_limited(void **state) {
    (void)state;
    Text helpers = {0};
    text_add(&helpers, "h0 = ( frame pc: 1 )");
    for (int i = 1; i <= 3000; i++)
        text_addf(&helpers, " h%d = ( self h%d )", i, i - 1);
    char *source = loop_source("b = ( self h3000 )", text_chars(&helpers));
    Lowered lowered = lower(source);
    assert_null(lowered.module);
    assert_non_null(strstr(lowered.messages, "expressions and helpers are nested too deep"));
    release(&lowered);
    free(source);
    text_free(&helpers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_known_by_their_receivers_types),
        cmocka_unit_test(arguments_have_the_receivers_type),
        cmocka_unit_test(conditions_are_booleans_and_blocks_literal),
        cmocka_unit_test(cases_are_constants_each_once),
        cmocka_unit_test(names_must_be_known),
        cmocka_unit_test(locals_are_assigned_before_they_are_read),
        cmocka_unit_test(const_fields_are_written_only_while_their_record_is_made),
        cmocka_unit_test(arrays_in_records_that_move_stay_behind_the_barrier),
        cmocka_unit_test(records_are_found_at_addresses),
        cmocka_unit_test(what_has_no_value_gives_none),
        cmocka_unit_test(nothing_follows_an_ending),
        cmocka_unit_test(quickening_is_to_what_looks_the_same),
        cmocka_unit_test(a_bytecode_continues_as_its_kin),
        cmocka_unit_test(helpers_answer_what_they_say),
        cmocka_unit_test(helpers_that_nobody_calls_are_checked),
        cmocka_unit_test(an_error_in_a_helper_is_reported_once),
        cmocka_unit_test(an_unknown_bytecode_has_no_successor),
        cmocka_unit_test(nothing_ends_while_fetching),
        cmocka_unit_test(expansion_is_limited),
        cmocka_unit_test(nesting_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
