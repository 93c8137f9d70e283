// What code the lowering makes, and that the IR's verifier has nothing against it.
#include "tests/unit/loop_fixture.h"

#define NEXT(pc, sum)                                                                              \
    "  %" pc " = load %frame, Frame.pc\n  %" sum " = add %" pc ", 1\n"                             \
    "  store %frame, Frame.pc, %" sum "\n  br ^loop(%thread, %frame)\n"

static void fields_are_read_each_time(void **state) {
    (void)state;
    assert_code("frame pc: frame pc + frame pc", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %pc = load %frame, Frame.pc\n"
                "  %pc.1 = load %frame, Frame.pc\n"
                "  %t = add %pc, %pc.1\n"
                "  store %frame, Frame.pc, %t\n" NEXT("pc.2", "t.1"));
}

static void literal_arithmetic_is_worked_out(void **state) {
    (void)state;
    assert_code("frame pc: 2 * 3 + (1 << 4) - (7 & 5) - -1 negated", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  store %frame, Frame.pc, 16\n" NEXT("pc", "t"));
    assert_code("frame pc: 18446744073709551615", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  store %frame, Frame.pc, -1\n" NEXT("pc", "t"));
}

static void elements_and_arrays_in_place_are_accessed(void **state) {
    (void)state;
    assert_code("(frame method sites at: 2) hits: (frame method code at: -1)", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %method = load %frame, Frame.method\n"
                "  %sites = load %method, Method.sites\n"
                "  %t = address.Site %sites, 2\n"
                "  %method.1 = load %frame, Frame.method\n"
                "  %code = load %method.1, Method.code\n"
                "  %t.1 = load.u16 %code, -1 in code\n"
                "  store %t, Site.hits, %t.1\n" NEXT("pc", "t.2"));
    assert_code("frame locals at: 1 put: (frame locals at: frame pc). frame sp: frame locals + 2. "
                "self leaveTo: frame caller",
                "h <^Elements of: Value in: stack> = ( ^frame locals - frame pc )",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %pc = load %frame, Frame.pc\n"
                "  %t = load %frame, Frame.locals, %pc\n"
                "  store %frame, Frame.locals, 1, %t\n"
                "  %t.1 = address %frame, Frame.locals, 2\n"
                "  store %frame, Frame.sp, %t.1\n"
                "  %caller = load %frame, Frame.caller\n"
                "  br ^loop(%thread, %caller)\n");
}

static void stores_into_what_moves_go_through_the_barrier(void **state) {
    (void)state;
    assert_code("| o <Object> | o := Object fromBits: 8. o other: (frame sp at: 0). "
                "o fields at: 1 put: o other. o header: 1. o numbers at: 2 put: 3",
                "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %o = object.from_bits 8\n"
                "  %sp = load %frame, Frame.sp\n"
                "  %t = load.value %sp, 0 in stack\n"
                "  store.ref %o, Object.other, %t\n"
                "  %other = load %o, Object.other\n"
                "  store.ref %o, Object.fields, 1, %other\n"
                "  store %o, Object.header, 1\n"
                "  store %o, Object.numbers, 2, 3\n" NEXT("pc", "t.1"));
}

static void conditionals_branch_and_join(void **state) {
    (void)state;
    assert_code("frame pc: (frame pc > 1 ifTrue: [ 2 ] ifFalse: [ 3 ])", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %pc = load %frame, Frame.pc\n"
                "  %t = cmp.sgt %pc, 1\n"
                "  if %t, ^then, ^else\n"
                "^then:\n"
                "  br ^next(2)\n"
                "^else:\n"
                "  br ^next(3)\n"
                "^next(%t.1: i64):\n"
                "  store %frame, Frame.pc, %t.1\n" NEXT("pc.1", "t.2"));
    // Where one arm ends the bytecode, the other one's value is the value.
    assert_code("frame pc: (frame pc > 1 ifFalse: [ self stop ] ifTrue: [ 3 ])", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %pc = load %frame, Frame.pc\n"
                "  %t = cmp.sgt %pc, 1\n"
                "  if %t, ^else, ^then\n"
                "^then:\n"
                "  ret\n"
                "^else:\n"
                "  store %frame, Frame.pc, 3\n" NEXT("pc.1", "t.1"));
}

static void likelihood_is_kept(void **state) {
    (void)state;
    assert_code("(frame pc > 1) unlikely not ifTrue: [ self stop ]", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %pc = load %frame, Frame.pc\n"
                "  %t = cmp.sgt %pc, 1\n"
                "  %t.1 = xor %t, 1\n"
                "  if %t.1, ^then, ^next likely\n"
                "^then:\n"
                "  ret\n"
                "^next:\n" NEXT("pc.1", "t.2"));
}

static void and_evaluates_its_block_only_if_needed(void **state) {
    (void)state;
    assert_code("(frame pc > 1 and: [ frame pc < 9 ]) ifTrue: [ self stop ]", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %pc = load %frame, Frame.pc\n"
                "  %t = cmp.sgt %pc, 1\n"
                "  if %t, ^and, ^decided\n"
                "^and:\n"
                "  %pc.1 = load %frame, Frame.pc\n"
                "  %t.1 = cmp.slt %pc.1, 9\n"
                "  br ^both(%t.1)\n"
                "^decided:\n"
                "  br ^both(0)\n"
                "^both(%t.2: i1):\n"
                "  if %t.2, ^then, ^next\n"
                "^then:\n"
                "  ret\n"
                "^next:\n" NEXT("pc.2", "t.3"));
}

static void loops_carry_only_what_changes(void **state) {
    (void)state;
    assert_code("| i <Int64> n <Int64> | i := 0. n := frame pc. "
                "[ i < n ] whileTrue: [ i := i + 1 ]. frame pc: i",
                "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %pc = load %frame, Frame.pc\n"
                "  br ^while(0)\n"
                "^while(%i: i64):\n"
                "  %t = cmp.slt %i, %pc\n"
                "  if %t, ^do, ^done\n"
                "^do:\n"
                "  %i.1 = add %i, 1\n"
                "  br ^while(%i.1)\n"
                "^done:\n"
                "  store %frame, Frame.pc, %i\n" NEXT("pc.1", "t.1"));
    assert_code("| s <Int64> | s := 0. 1 to: 9 do: [ :i | s := s + i ]. frame pc: s", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %t = cmp.sle 1, 9\n"
                "  if %t, ^do(1, 0), ^done(0)\n"
                "^do(%i: i64, %s: i64):\n"
                "  %s.1 = add %s, %i\n"
                "  %t.1 = cmp.eq %i, 9\n"
                "  if %t.1, ^done(%s.1), ^onward\n"
                "^onward:\n"
                "  %t.2 = add %i, 1\n"
                "  br ^do(%t.2, %s.1)\n"
                "^done(%s.2: i64):\n"
                "  store %frame, Frame.pc, %s.2\n" NEXT("pc", "t.3"));
}

static void helpers_are_expanded_with_their_ways_out(void **state) {
    (void)state;
    assert_code("frame pc: (self sign: frame pc)",
                "sign: x <Int64> <^Int64> = ( x < 0 ifTrue: [ ^-1 ]. x = 0 ifTrue: [ ^0 ]. ^1 )",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %pc = load %frame, Frame.pc\n"
                "  %t = cmp.slt %pc, 0\n"
                "  if %t, ^then, ^next\n"
                "^then:\n"
                "  br ^answer(-1)\n"
                "^next:\n"
                "  %t.1 = cmp.eq %pc, 0\n"
                "  if %t.1, ^then.1, ^next.1\n"
                "^then.1:\n"
                "  br ^answer(0)\n"
                "^next.1:\n"
                "  br ^answer(1)\n"
                "^answer(%t.2: i64):\n"
                "  store %frame, Frame.pc, %t.2\n" NEXT("pc.1", "t.3"));
    // The names of a helper's arguments and locals are its own.
    assert_code("| x <Int64> | x := 1. self h: 2. frame pc: x",
                "h: y <Int64> = ( | x <Int64> | x := y. frame pc: x )",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  store %frame, Frame.pc, 2\n"
                "  store %frame, Frame.pc, 1\n" NEXT("pc", "t"));
}

static void externals_get_the_loops_state(void **state) {
    (void)state;
    assert_code("self push: (VM run: thread limit with: (VM make: 1)). VM note. "
                "VM keep: (Object fromBits: 8)",
                "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %limit = load %thread, Thread.limit\n"
                "  %t = call @vm_make(%thread, %frame, 1)\n"
                "  %t.1 = call @vm_run(%limit, %thread, %frame, %t)\n"
                "  %sp = load %frame, Frame.sp\n"
                "  store.value %sp, 0, %t.1 in stack\n"
                "  %sp.1 = load %frame, Frame.sp\n"
                "  %t.2 = ptr.add %sp.1, 8\n"
                "  store %frame, Frame.sp, %t.2\n"
                "  call @vm_note(%thread, %frame)\n"
                "  %t.3 = object.from_bits 8\n"
                "  call @vm_keep(%thread, %t.3)\n" NEXT("pc", "t.4"));
}

static void endings_go_to_the_header(void **state) {
    (void)state;
    assert_code("self leaveTo: frame caller", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %caller = load %frame, Frame.caller\n"
                "  br ^loop(%thread, %caller)\n");
    assert_code("self resume: VM next dropping: 1", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %t = call @vm_next(%thread, %frame)\n"
                "  br ^loop(%thread, %t)\n");
    assert_code("self enter: VM next dropping: 1", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  %t = call @vm_next(%thread, %frame)\n"
                "  %pc = load %frame, Frame.pc\n"
                "  %t.1 = add %pc, 1\n"
                "  store %frame, Frame.pc, %t.1\n"
                "  br ^loop(%thread, %t)\n");
    assert_code("self pollSite: #backEdge. self stop", "",
                "^b(%thread: ptr, %frame: ptr):\n"
                "  poll.site backEdge\n"
                "  ret\n");
}

// A bytecode may be rewritten to a later one, and that one back; only the later one is
// the runtime's alone. A mark in a helper counts for the bytecode.
static void quickenings_are_noted_in_the_table(void **state) {
    (void)state;
    Lowered lowered = lower_loop("slow: x <UInt16> = ( self mark. self mark )\n"
                                 "fast: x <UInt16> = ( self quickensTo: #slow: )",
                                 "mark = ( self quickensTo: #fast: )");
    const IrBytecode *slow = find_entry(&lowered, "slow"), *fast = find_entry(&lowered, "fast");
    assert_int_equal(slow->origin, IR_ORIGIN_BASE);
    assert_int_equal(slow->quickens.count, 1);
    assert_int_equal(slow->quickens.items[0], fast->opcode);
    assert_int_equal(fast->origin, IR_ORIGIN_QUICKENED);
    assert_int_equal(fast->quickens.count, 1);
    assert_int_equal(fast->quickens.items[0], slow->opcode);
    release(&lowered);
}

// So is what an operand means, and what no compiler writes.
static void roles_and_marks_are_noted_in_the_table(void **state) {
    (void)state;
    Lowered lowered = lower_loop("plain: a <UInt16 local> b: b <UInt16> = ( )\n"
                                 "own = ( self reserved )\n"
                                 "ownToo = ( self mark )",
                                 "mark = ( self reserved )");
    const IrBytecode *plain = find_entry(&lowered, "plainB");
    assert_int_equal(plain->origin, IR_ORIGIN_BASE);
    assert_string_equal(plain->operands.items[0].role, "local");
    assert_null(plain->operands.items[1].role);
    assert_int_equal(find_entry(&lowered, "own")->origin, IR_ORIGIN_RESERVED);
    assert_int_equal(find_entry(&lowered, "ownToo")->origin, IR_ORIGIN_RESERVED);
    release(&lowered);
}

// What depends on an operand that is fixed is a constant, and the operand isn't read.
static void a_quickened_bytecode_may_fix_an_operand(void **state) {
    (void)state;
    Lowered lowered = lower_loop("call: n <UInt16 count> = ( self quickensTo: #one:."
                                 " frame sp: frame sp - n )\n"
                                 "one: n <UInt16 count fixed: 1> = ( frame sp: frame sp - n )",
                                 "");
    const IrBytecode *call = find_entry(&lowered, "call"), *one = find_entry(&lowered, "one");
    assert_int_equal(call->stack.factor, -1);
    assert_int_equal(one->stack.factor, 0);
    assert_int_equal(one->stack.constant, -1);
    assert_true(one->operands.items[0].is_fixed);
    assert_int_equal(one->operands.items[0].fixed, 1);
    release(&lowered);
    assert_loop_errors("a: x <UInt16 fixed: 1> = ( )", "",
                       "2:4: `a` fixes an operand, and nothing quickens to it\n");
    assert_loop_errors("a: x <UInt16 fixed: 65536> = ( )", "",
                       "2:21: `fixed:` needs a number that the operand can be\n");
    assert_loop_errors("a: x <UInt16 fixed: 1 2> = ( )", "",
                       "2:23: unexpected `2` in an annotation\n");
    assert_loop_errors("a: x <UInt16> = ( self quickensTo: #b:. frame sp: frame sp - x ) "
                       "b: x <UInt16 fixed: 2> = ( frame sp: frame sp - 1 )",
                       "", "2:24: `a` can't quicken to `b`, which has another stack effect\n");
}

static void wrong_quickenings_are_errors(void **state) {
    (void)state;
    assert_loop_errors("a = ( self quickensTo: #c ) b = ( self quickensTo: #c ) c = ( )", "",
                       "2:57: `c` can't be what several bytecodes quicken to\n");
    assert_loop_errors("a = ( self quickensTo: #b ) b = ( self reserved )", "",
                       "2:12: `a` can't quicken to `b`, which is marked as reserved\n");
    assert_loop_errors("a: x <UInt16 local> = ( self quickensTo: #b: ) b: x <UInt16> = ( )", "",
                       "2:30: `a` can't quicken to `b`, which has other operands\n");
    assert_loop_errors("a = ( self quickensTo: #b ) b = ( frame sp at: -1 put: (frame sp at: 0) )",
                       "", "2:12: `a` can't quicken to `b`, which has more to find on the stack\n");
}

// A 32-bit operand is two units, the low one first, the high one with the sign.
static void operands_are_read_at_the_start(void **state) {
    (void)state;
    Lowered lowered =
        lower_loop("b: x <UInt8> far: y <Int32> = ( frame pc: x + y + self length )", "");
    const IrBytecode *bytecode = find_entry(&lowered, "bFar");
    assert_int_equal(bytecode->length, 4);
    assert_int_equal(bytecode->operands.items[0].cell, IR_CELL_U16);
    char *code = region_text(&lowered);
    assert_string_equal(code, "^bFar(%thread: ptr, %frame: ptr):\n"
                              "  %method = load %frame, Frame.method\n"
                              "  %code = load %method, Method.code\n"
                              "  %pc = load %frame, Frame.pc\n"
                              "  %t = add %pc, 1\n"
                              "  %x = load.u16 %code, %t in code\n"
                              "  %t.1 = add %pc, 2\n"
                              "  %t.2 = load.u16 %code, %t.1 in code\n"
                              "  %t.3 = add %pc, 3\n"
                              "  %t.4 = load.i16 %code, %t.3 in code\n"
                              "  %t.5 = shl %t.4, 16\n"
                              "  %y = or %t.2, %t.5\n"
                              "  %t.6 = add %x, %y\n"
                              "  %t.7 = add %t.6, 4\n"
                              "  store %frame, Frame.pc, %t.7\n"
                              "  %pc.1 = load %frame, Frame.pc\n"
                              "  %t.8 = add %pc.1, 4\n"
                              "  store %frame, Frame.pc, %t.8\n"
                              "  br ^loop(%thread, %frame)\n");
    free(code);
    release(&lowered);
}

// Each operation of the language gives one of the IR.
static void every_message_has_its_operation(void **state) {
    (void)state;
    static const struct {
        const char *body, *operation;
    } cases[] = {
        {"frame pc: (frame pc - 1)", "sub"},
        {"frame pc: (frame pc | 1)", "or"},
        {"frame pc: (frame pc >>> 1)", "lshr"},
        {"frame pc: (frame pc >> 1)", "ashr"},
        {"frame pc: (frame pc << 1)", "shl"},
        {"frame pc: (frame pc bitXor: 1)", "xor"},
        {"frame pc: (frame pc quo: 2)", "sdiv"},
        {"frame pc: (frame pc rem: 2)", "srem"},
        {"frame pc: frame pc negated", "sub 0,"},
        {"frame pc: (frame pc unsignedQuo: 2)", "udiv"},
        {"frame pc: (frame pc unsignedRem: 2)", "urem"},
        {"frame pc: (frame pc rotateLeft: 2)", "rotl"},
        {"frame pc: (frame pc rotateRight: 2)", "rotr"},
        {"frame pc: frame pc leadingZeros", "clz"},
        {"frame pc: frame pc trailingZeros", "ctz"},
        {"frame pc: frame pc bitCount", "popcount"},
        {"frame pc: frame pc asInt8", "trunc.i8 %pc\n  %t.1 = sext.i64 %t"},
        {"frame pc: frame pc asUInt16", "trunc.i16 %pc\n  %t.1 = zext.i64 %t"},
        {"frame pc: frame pc asUInt32 leadingZeros32", "clz"},
        {"frame pc: (frame pc rotateLeft32: 3)", "rotl"},
        {"frame pc: (frame pc quo32: frame pc)", "sdiv"},
        {"frame pc: (frame pc unsignedRem32: frame pc)", "urem"},
        {"frame pc: (VM square: frame pc unsignedAsDouble) asUnsignedInteger", "f64.to_uint"},
        {"frame pc: (VM square: frame pc asFloat32) float32Bits", "f32.bits"},
        {"frame pc: (VM square: frame pc unsignedAsFloat32) bits", "uint.to_f32"},
        {"frame pc: (VM square: frame pc float32BitsAsDouble) bits", "f32.from_bits"},
        {"frame pc: (VM square: 2.5) abs bits", "fabs"},
        {"frame pc: (VM square: 2.5) floor bits", "ffloor"},
        {"frame pc: (VM square: 2.5) ceiling bits", "fceil"},
        {"frame pc: (VM square: 2.5) truncated bits", "ftrunc"},
        {"frame pc: (VM square: 2.5) roundedToEven bits", "fnearest"},
        {"frame pc: (VM square: 2.5) asFloat32 bits", "fsingle"},
        {"frame pc: ((VM square: 2.5) min: 1.5) bits", "fmin"},
        {"frame pc: ((VM square: 2.5) max: 1.5) bits", "fmax"},
        {"frame pc: ((VM square: 2.5) copySign: -1.5) bits", "fcopysign"},
        {"(frame pc ~= 1) ifTrue: [ self stop ]", "cmp.ne"},
        {"(frame pc <= 1) ifTrue: [ self stop ]", "cmp.sle"},
        {"(frame pc >= 1) ifTrue: [ self stop ]", "cmp.sge"},
        {"(frame pc below: 1) ifTrue: [ self stop ]", "cmp.ult"},
        {"(frame pc belowOrEqual: 1) ifTrue: [ self stop ]", "cmp.ule"},
        {"(frame pc addOverflows: 1) ifTrue: [ self stop ]", "add.overflows"},
        {"(frame pc subtractOverflows: 1) ifTrue: [ self stop ]", "sub.overflows"},
        {"(frame pc multiplyOverflows: 1) ifTrue: [ self stop ]", "mul.overflows"},
        {"frame pc: (VM square: frame pc asDouble) asInteger", "f64.to_int"},
        {"frame pc: (VM square: frame pc bitsAsDouble) bits", "f64.bits"},
        {"frame pc: ((VM square: 2.5) + 1.5) bits", "fadd"},
        {"frame pc: ((VM square: 2.5) - 1.5) bits", "fsub"},
        {"frame pc: ((VM square: 2.5) * 1.5) bits", "fmul"},
        {"frame pc: ((VM square: 2.5) / 1.5) bits", "fdiv"},
        {"frame pc: (VM square: 2.5) negated bits", "fneg"},
        {"frame pc: (VM square: 2.5) sqrt bits", "fsqrt"},
        {"((VM square: 2.5) = 1.5) ifTrue: [ self stop ]", "fcmp.eq"},
        {"((VM square: 2.5) ~= 1.5) ifTrue: [ self stop ]", "fcmp.ne"},
        {"((VM square: 2.5) < 1.5) ifTrue: [ self stop ]", "fcmp.lt"},
        {"((VM square: 2.5) <= 1.5) ifTrue: [ self stop ]", "fcmp.le"},
        {"((VM square: 2.5) > 1.5) ifTrue: [ self stop ]", "fcmp.gt"},
        {"((VM square: 2.5) >= 1.5) ifTrue: [ self stop ]", "fcmp.ge"},
        {"((VM square: 2.5) ordered: 1.5) ifTrue: [ self stop ]", "fcmp.ord"},
        {"((VM square: 2.5) unordered: 1.5) ifTrue: [ self stop ]", "fcmp.uno"},
        {"(frame pc = 1 & true) ifTrue: [ self stop ]", "and"},
        {"((frame pc > 1) = (frame pc < 9)) ifTrue: [ self stop ]", "cmp.eq"},
        {"frame pc: (frame sp at: 0) bits", "value.bits"},
        {"frame pc: thread limit bits", "ptr.bits"},
        {"frame pc: frame sp bits", "ptr.bits"},
        {"frame pc: frame bits", "ptr.bits"},
        {"frame pc: (Object fromBits: 8) bits", "object.bits"},
        {"frame pc: (Site fromBits: 8) kind", "ptr.from_bits"},
        {"frame pc: 8 asAddress bits", "ptr.from_bits"},
        {"frame sp at: 0 put: 8 asValue", "value.from_bits"},
        {"(thread limit ~~ 8 asAddress) ifTrue: [ self stop ]", "cmp.ne"},
        {"(frame sp < frame locals) ifTrue: [ self stop ]", "cmp.ult"},
        {"(frame sp <= frame locals) ifTrue: [ self stop ]", "cmp.ule"},
        {"frame sp: frame sp - frame pc + frame pc", "mul %pc, -8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Text source = {0};
        // The stack pointer's last case has no effect that could be told.
        text_addf(&source, "b = ( %s. self leaveTo: frame caller )", cases[i].body);
        Lowered lowered = lower_loop(text_chars(&source), "");
        char *code = region_text(&lowered);
        if (!strstr(code, cases[i].operation))
            fail_msg("%s has no %s:\n%s", cases[i].body, cases[i].operation, code);
        free(code);
        text_free(&source);
        release(&lowered);
    }
}

// Long bodies of conditionals make long chains of blocks, read across all of them.
static void long_bodies_are_no_trouble(void **state) {
    (void)state;
    Text body = {0};
    text_add(&body, "b = ( | x <Int64> | x := frame pc.");
    for (int i = 0; i < 1900; i++)
        text_add(&body, " frame pc = 1 ifTrue: [ frame pc: 2 ].");
    text_add(&body, " frame pc: x )");
    Lowered lowered = lower_loop(text_chars(&body), "");
    release(&lowered);
    text_free(&body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_read_each_time),
        cmocka_unit_test(literal_arithmetic_is_worked_out),
        cmocka_unit_test(elements_and_arrays_in_place_are_accessed),
        cmocka_unit_test(stores_into_what_moves_go_through_the_barrier),
        cmocka_unit_test(conditionals_branch_and_join),
        cmocka_unit_test(likelihood_is_kept),
        cmocka_unit_test(and_evaluates_its_block_only_if_needed),
        cmocka_unit_test(loops_carry_only_what_changes),
        cmocka_unit_test(helpers_are_expanded_with_their_ways_out),
        cmocka_unit_test(externals_get_the_loops_state),
        cmocka_unit_test(endings_go_to_the_header),
        cmocka_unit_test(operands_are_read_at_the_start),
        cmocka_unit_test(quickenings_are_noted_in_the_table),
        cmocka_unit_test(roles_and_marks_are_noted_in_the_table),
        cmocka_unit_test(a_quickened_bytecode_may_fix_an_operand),
        cmocka_unit_test(wrong_quickenings_are_errors),
        cmocka_unit_test(every_message_has_its_operation),
        cmocka_unit_test(long_bodies_are_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
