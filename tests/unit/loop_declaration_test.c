// Declarations: records and their layout, externals, bytecodes, the helpers that the
// language itself uses; and what is said about wrong ones.
#include "tests/unit/loop_fixture.h"

// A loop without faults, to stand after declarations that have some.
#define REST                                                                                       \
    "\nT = Record ( | r <Int64> | ) F = Record ( | code <const Elements of: UInt16 in: code> "     \
    "pc <Int64> | ) L = BytecodeLoop ( | t <T> f <F> | b = ( self stop ) unknownBytecode: o "      \
    "<UInt16> = ( self stop ) ---- code <^Elements of: UInt16 in: code> = ( ^f code ) pc "         \
    "<^Int64> = ( ^f pc ) pc: i <Int64> = ( f pc: i ) )"

static void assert_field(const IrRecord *record, const char *name, int64_t offset, IrCell cell,
                         unsigned alias_class) {
    const IrField *field = ir_find_field(record, name);
    assert_non_null(field);
    assert_int_equal(field->offset, offset);
    assert_int_equal(field->cell, cell);
    assert_int_equal(field->alias_class, alias_class);
    assert_int_equal(field->is_const, alias_class == 0);
}

static void fields_lie_in_order_each_aligned(void **state) {
    (void)state;
    Lowered lowered = lower(
        "R = Record ( | a <UInt8> b <Int16> c <UInt32> d <Int8> e <Double> f <const Value> "
        "g <const Elements of: UInt8 in: heap> h <Value in: heap> i <inline Elements of: UInt16> "
        "j <inline Elements of: Value at: -16> k <const inline Elements of: Int64> | )\n"
        "S = Record ( | a <Float32> b <Float32> c <Elements of: Float32> | )\n"
        "M = MovableRecord ( | a <M> b <inline Elements of: M> | )" REST);
    assert_string_equal(lowered.messages, "");
    const IrRecord *record = ir_find_record(lowered.module, "R");
    assert_int_equal(record->size, 48);
    assert_field(record, "a", 0, IR_CELL_U8, IR_ALIAS_CODE);
    assert_field(record, "b", 2, IR_CELL_I16, IR_ALIAS_CODE);
    assert_field(record, "c", 4, IR_CELL_U32, IR_ALIAS_CODE);
    assert_field(record, "d", 8, IR_CELL_I8, IR_ALIAS_CODE);
    assert_field(record, "e", 16, IR_CELL_F64, IR_ALIAS_CODE);
    assert_field(record, "f", 24, IR_CELL_VALUE, 0);
    assert_field(record, "g", 32, IR_CELL_PTR, 0);
    assert_field(record, "h", 40, IR_CELL_VALUE, IR_ALIAS_HEAP);
    assert_field(record, "i", 48, IR_CELL_U16, IR_ALIAS_CODE);
    assert_field(record, "j", -16, IR_CELL_VALUE, IR_ALIAS_CODE);
    assert_field(record, "k", 48, IR_CELL_I64, 0);
    record = ir_find_record(lowered.module, "S");
    assert_field(record, "b", 4, IR_CELL_F32, IR_ALIAS_CODE);
    assert_int_equal(record->size, 16);
    record = ir_find_record(lowered.module, "M");
    assert_true(record->moves);
    assert_field(record, "a", 0, IR_CELL_OBJECT, IR_ALIAS_HEAP);
    assert_field(record, "b", 8, IR_CELL_OBJECT, IR_ALIAS_HEAP);
    assert_ptr_equal(ir_find_field(record, "b")->pointee, record);
    assert_field(ir_find_record(lowered.module, "T"), "r", 0, IR_CELL_I64, IR_ALIAS_THREAD);
    assert_field(ir_find_record(lowered.module, "F"), "pc", 8, IR_CELL_I64, IR_ALIAS_FRAME);
    release(&lowered);
}

static void a_field_may_lie_over_others(void **state) {
    (void)state;
    Lowered lowered =
        lower("R = Record ( | a <Int64> b <Double at: 0> c <UInt32 at: 4> d <Int64> | )" REST);
    assert_string_equal(lowered.messages, "");
    const IrRecord *record = ir_find_record(lowered.module, "R");
    assert_field(record, "b", 0, IR_CELL_F64, IR_ALIAS_CODE);
    assert_field(record, "c", 4, IR_CELL_U32, IR_ALIAS_CODE);
    assert_field(record, "d", 8, IR_CELL_I64, IR_ALIAS_CODE);
    assert_true(ir_find_field(record, "b")->is_overlay && !ir_find_field(record, "d")->is_overlay);
    assert_int_equal(record->size, 16);
    assert_true(ir_verify_or_report(lowered.module, stderr));
    release(&lowered);
    assert_file_errors(
        "R = Record ( | a <Int64> b <Double at: 8> | )" REST,
        "1:26: `b` must lie within the fields before it, at a multiple of its size\n");
    assert_file_errors(
        "R = Record ( | a <Int64> b <UInt32 at: 2> | )" REST,
        "1:26: `b` must lie within the fields before it, at a multiple of its size\n");
    static const char *const wrong[] = {
        "R = Record ( | a <const Int64> b <Double at: 0> | )",
        "R = Record ( | a <Int64> b <const Double at: 0> | )",
        "R = Record ( | a <Value> b <Double at: 0> | )",
        "R = Record ( | a <Int64 in: heap> b <Double at: 0> | )",
        "R = MovableRecord ( | a <Int64> b <Double at: 0> | )",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Text source = {0};
        text_addf(&source, "%s%s", wrong[i], REST);
        lowered = lower(text_chars(&source));
        assert_non_null(strstr(lowered.messages, "`b` can't lie over other fields"));
        release(&lowered);
        text_free(&source);
    }
}

static void an_extension_adds_to_what_stands_before_it(void **state) {
    (void)state;
    Lowered lowered = lower(
        RECORDS LOOP "a = ( self stop )" PLACE ") "
                     "VM = Extension ( more <^ blocks> = primitive ) "
                     "Loop = Extension ( b = ( self leave ) ---- leave = ( VM more. self stop ) )");
    assert_string_equal(lowered.messages, "");
    const IrTable *table = lowered.module->tables.items[0];
    assert_int_equal(table->bytecodes.count, 2);
    assert_string_equal(table->bytecodes.items[1].name, "b");
    assert_non_null(ir_find_external(lowered.module, "vm_more"));
    release(&lowered);
    assert_file_errors("A = Extension ( )" REST,
                       "1:1: no loop or Externals named `A` stands before its extension\n");
    assert_file_errors("include 'a.som'" REST, "1:1: nothing can be included here\n");
}

static void a_field_that_indexes_has_its_path(void **state) {
    (void)state;
    Lowered lowered = lower_loop("b = ( self stop )", "");
    const IrField *pc = ir_find_field(lowered.module->frame, "pc");
    assert_non_null(pc->cursor);
    assert_int_equal(pc->cursor->fields.count, 2);
    assert_string_equal(pc->cursor->fields.items[0]->name, "method");
    assert_string_equal(pc->cursor->fields.items[1]->name, "code");
    assert_int_equal(pc->cursor_cell, IR_CELL_U16);
    release(&lowered);
}

static void externals_have_their_effects(void **state) {
    (void)state;
    Lowered lowered = lower_loop("b = ( self stop )", "");
    const IrExternal *external = ir_find_external(lowered.module, "vm_make");
    assert_true(external->effects.collects && !external->effects.raises);
    assert_int_equal(external->effects.reads | external->effects.writes, 0);
    assert_int_equal(external->parameters.count, 3);
    external = ir_find_external(lowered.module, "vm_square");
    assert_false(external->effects.collects || external->effects.reads);
    assert_int_equal(external->result, IR_F64);
    external = ir_find_external(lowered.module, "vm_note");
    assert_true(external->effects.collects && external->effects.raises && external->effects.blocks);
    assert_int_equal(external->effects.writes, IR_ALIAS_ALL);
    external = ir_find_external(lowered.module, "vm_run");
    assert_true(external->indirect);
    assert_int_equal(external->parameters.count, 3);
    external = ir_find_external(lowered.module, "vm_keep");
    assert_int_equal(external->parameters.count, 2);
    release(&lowered);
}

static void polls_and_barrier_are_declared(void **state) {
    (void)state;
    Lowered lowered = lower_loop("b = ( self stop )",
                                 "pollRequest <^Int64> = ( ^thread request ) poll = ( VM note ) "
                                 "mask <^Int64> = ( ^256 ) "
                                 "barrierMask: o <Object> <^Int64> = ( ^o header & self mask ) "
                                 "remember: o <Object> = ( VM keep: o )");
    assert_string_equal(lowered.module->poll_field->name, "request");
    assert_string_equal(lowered.module->poll_external->name, "vm_note");
    assert_string_equal(lowered.module->barrier_field->name, "header");
    assert_int_equal(lowered.module->barrier_mask, 256);
    assert_string_equal(lowered.module->barrier_external->name, "vm_keep");
    release(&lowered);
}

static void classes_are_of_four_kinds(void **state) {
    (void)state;
    assert_file_errors(
        "A = B ( )" REST,
        "1:5: `A` must be a Record, a MovableRecord, Externals, a BytecodeLoop or an Extension\n");
    assert_file_errors(
        "A = ( )" REST,
        "1:1: `A` must be a Record, a MovableRecord, Externals, a BytecodeLoop or an Extension\n");
    assert_file_errors("A = Record ( ) A = Externals ( )" REST, "1:16: a second class named `A`\n");
    assert_file_errors("Value = Record ( )" REST, "1:1: `Value` is a type of the language\n");
    assert_file_errors("A = Record ( )", "1:1: the file has no BytecodeLoop\n");
    assert_file_errors("\303\204 = Record ( )" REST,
                       "1:1: `\303\204` can't be a name in C: only "
                       "ASCII letters, digits and `_` can be in it\n");
    assert_file_errors("A = Record ( )" REST " B = Record ( )",
                       "2:309: the loop must be the last class, `B` stands after it\n");
}

static void a_loop_has_a_thread_and_a_frame(void **state) {
    (void)state;
    assert_file_errors("L = BytecodeLoop ( )",
                       "1:1: a loop's state is a thread and a frame: `| thread <T> frame <F> |`\n");
    assert_file_errors("R = Record ( ) L = BytecodeLoop ( | a <R> b <R> | )",
                       "1:43: thread and frame must be different records\n");
    assert_file_errors("R = Record ( ) M = MovableRecord ( ) L = BytecodeLoop ( | a <R> b <M> | )",
                       "1:65: `b` must be a Record that doesn't move\n");
    assert_file_errors("R = Record ( ) L = BytecodeLoop ( | a <R> b <Int64> | )",
                       "1:43: `b` must be a Record that doesn't move\n");
    assert_file_errors("R = Record ( ) S = Record ( ) L = BytecodeLoop ( | a <R> a <S> | )",
                       "1:58: a second `a`\n");
}

static void wrong_fields_are_reported(void **state) {
    (void)state;
    static const struct {
        const char *field, *error;
    } cases[] = {
        {"x", "16: field `x` needs a type: `x <Int64>`"},
        {"x < >", "18: expected a type"},
        {"x <5>", "19: expected a type"},
        {"x <Foo>", "19: unknown type `Foo`"},
        {"x <Int64 foo>", "25: unexpected `foo` in an annotation"},
        {"x <Boolean>", "16: a Boolean can't be kept in memory"},
        {"x <Elements>", "18: `Elements` needs `of:` and the type of an element"},
        {"x <Elements of: Boolean>", "32: a Boolean can't be kept in memory"},
        {"x <Elements of: Elements of: Int64>", "32: elements can't be elements themselves"},
        {"x <Elements of: Int64 in: attic>",
         "42: expected an alias class: frame, stack, heap, code or thread"},
        {"x <Int64 in:>", "18: expected an alias class: frame, stack, heap, code or thread"},
        {"x <inline Int64>", "26: only `Elements` can be `inline`"},
        {"x <inline Elements of: T>", "16: records can't lie in place in another one"},
        {"x <inline Elements of: Int64 at: here>", "49: `at:` needs an offset in bytes"},
        {"x <inline Elements of: Int64 at: 99999999999>", "49: `at:` needs an offset in bytes"},
        {"x <Int64> x <Int64>", "26: a second field `x` in R"},
        {"x <Value indexes: y>", "16: a field that indexes must be an Int64"},
        {"x <Int64 indexes: y>", "34: R has no field `y`"},
        {"y <const Int64> x <Int64 indexes: y>",
         "32: `x` must index elements, but its path leads to Int64"},
        {"y <Elements of: Int64> x <Int64 indexes: y>",
         "57: `y` must be a const field: what a field indexes can't change"},
        {"y <const T> x <Int64 indexes: y z>", "48: T has no field `z`"},
        {"x <Int64 cached>",
         "16: only state of the loop's frame that fills a register can be `cached`"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Text source = {0}, expected = {0};
        text_addf(&source, "R = Record ( | %s | )%s", cases[i].field, REST);
        text_addf(&expected, "1:%s\n", cases[i].error);
        assert_file_errors(text_chars(&source), text_chars(&expected));
        text_free(&source);
        text_free(&expected);
    }
    assert_file_errors("R = Record ( m = ( ) )" REST, "1:14: a record has no methods\n");
    assert_file_errors("R = Record ( ---- | x | m = ( ) )" REST,
                       "1:21: a record has no class side\n1:25: a record has no methods\n");
}

static void wrong_externals_are_reported(void **state) {
    (void)state;
    static const struct {
        const char *external, *error;
    } cases[] = {
        {"f = ( )", "17: an external has no body: `f … = primitive`"},
        {"f: x = primitive", "20: `x` needs a type: `x <Int64>`"},
        {"f: x <UInt8> = primitive",
         "23: UInt8 is a type of memory only; what is read from it is Int64"},
        {"f: x <Boolean> = primitive", "20: a Boolean can't go to C; use Int64"},
        {"f <^Boolean> = primitive", "21: a Boolean can't come from C; use Int64"},
        {"f <^ sometimes> = primitive", "22: unknown type `sometimes`"},
        {"f <^Int64 sometimes> = primitive", "27: unexpected `sometimes` in an annotation"},
        {"f <^ pure raises> = primitive", "19: what is `pure` has no effects"},
        {"f <^ reads: attic> = primitive",
         "29: expected an alias class: frame, stack, heap, code, thread or all"},
        {"f: x <Int64> <^ indirect> = primitive",
         "17: an indirect external's first argument is the function's Address"},
        {"f = primitive f = primitive", "31: a second external named `e_f` in C"},
        {"f: x <Int64> g: x <Int64> = primitive",
         "33: a second argument `x`: thread and frame are passed as such"},
        {"f: t <Int64> = primitive",
         "20: a second argument `t`: thread and frame are passed as such"},
        {"| x |", "1: Externals have functions only, on the instance side"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Text source = {0}, expected = {0};
        text_addf(&source, "E = Externals ( %s )%s", cases[i].external, REST);
        text_addf(&expected, "1:%s\n", cases[i].error);
        assert_file_errors(text_chars(&source), text_chars(&expected));
        text_free(&source);
        text_free(&expected);
    }
}

static void wrong_bytecodes_and_helpers_are_reported(void **state) {
    (void)state;
    assert_loop_errors("b = ( self stop ) b = ( self stop )", "", "2:19: a second method `b`\n");
    assert_loop_errors("b = primitive", "", "2:1: `b` needs a body\n");
    assert_loop_errors("b <^Int64> = ( self stop )", "", "2:3: a bytecode has no result\n");
    assert_loop_errors("b: x <Int64> = ( self stop )", "",
                       "2:4: an operand is an integer of at most 32 bits\n");
    assert_loop_errors("b: x <Value> = ( self stop )", "",
                       "2:4: an operand is an integer of at most 32 bits\n");
    assert_loop_errors("b: x <UInt8> c: x <UInt8> = ( self stop )", "",
                       "2:17: a second argument `x`\n");
    assert_loop_errors("bC = ( self stop ) b: x <UInt8> c: y <UInt8> = ( self stop )", "",
                       "2:20: a second bytecode named `bC`\n");
    assert_loop_errors("count = ( self stop )", "", "2:1: no bytecode can be named `count`\n");
    assert_loop_errors("unknown = ( self stop )", "", "2:1: no bytecode can be named `unknown`\n");
    assert_loop_errors("+ x <UInt8> = ( self stop )", "",
                       "2:1: `+` can't be a name in C: only ASCII letters, digits and `_` can be "
                       "in it\n");
    assert_loop_errors("stop = ( self stop )", "", "2:1: `stop` is part of the language\n");
    assert_loop_errors("b = ( self stop )", "jumpBy: x <Int64> = ( )",
                       "4:1: `jumpBy:` is part of the language\n");
    assert_loop_errors("b = ( self stop )", "h = ( frame pc: 1 ) h = ( frame pc: 1 )",
                       "4:21: a second method `h`\n");
    assert_loop_errors("b = ( self stop )", "h: x = ( frame pc: 1 )",
                       "4:4: `x` needs a type: `x <Int64>`\n");
    // The two sides of a loop may use the same selector.
    Lowered lowered = lower_loop("h = ( self h )", "h = ( frame pc: 1 )");
    release(&lowered);
}

static void wrong_roles_are_reported(void **state) {
    (void)state;
    const char *message = "an operand's role is a word that begins with a small letter, not ";
    static const char *const words[] = {"Int8", "3", "in:"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        Text bytecode = {0}, expected = {0};
        text_addf(&bytecode, "b: x <UInt8 %s> = ( self stop )", words[i]);
        text_addf(&expected, "2:13: %s`%s`\n", message, words[i]);
        assert_loop_errors(text_chars(&bytecode), "", text_chars(&expected));
        text_free(&bytecode);
        text_free(&expected);
    }
    assert_loop_errors("b: x <UInt8 a b> = ( self stop )", "",
                       "2:15: unexpected `b` in an annotation\n");
    assert_loop_errors("b: x <UInt8 none> = ( self stop )", "",
                       "2:13: no role can be named `none`\n");
    assert_loop_errors("b: x <UInt8 aRole> c: y <UInt8 a_role> = ( self stop )", "",
                       "2:32: a second role named `aRole`\n");
    assert_loop_errors("b = ( self stop )", "h: x <UInt8 local> = ( frame pc: x )",
                       "4:7: UInt8 is a type of memory only; what is read from it is Int64\n");
    assert_loop_errors("b = ( self stop )", "h: x <Int64 local> = ( frame pc: x )",
                       "4:13: unexpected `local` in an annotation\n");
    assert_file_errors("Thread = Record ( ) Frame = Record ( )\n"
                       "L = BytecodeLoop ( | thread <Thread> frame <Frame> | b = ( self stop )\n"
                       "unknownBytecode: o <UInt16 opcode> = ( self stop ) )",
                       "3:18: what `unknownBytecode:` gets is no operand, so it has no role\n");
}

static void the_default_case_is_needed(void **state) {
    (void)state;
    assert_file_errors(
        RECORDS "\nL = BytecodeLoop ( | t <Thread> frame <Frame> | " PLACE ")",
        "2:1: `L` has no bytecodes\n"
        "2:1: `L` needs the default case, `unknownBytecode:`, which gets the opcode found\n");
    assert_file_errors(RECORDS
                       "\nL = BytecodeLoop ( | t <Thread> frame <Frame> | b = ( self stop ) "
                       "unknownBytecode: o <UInt8> = ( self stop ) " PLACE ")",
                       "2:84: the unknown opcode is one unit of code, as `code` answers them\n");
}

static void the_languages_own_helpers_are_checked(void **state) {
    (void)state;
    assert_file_errors(RECORDS LOOP "b = ( self stop ) )", "1:819: `Loop` needs a helper `code`\n"
                                                           "1:819: `Loop` needs a helper `pc`\n"
                                                           "1:819: `Loop` needs a helper `pc:`\n");
    assert_file_errors(RECORDS LOOP "b = ( self stop ) ----\ncode <^Int64> = ( ^1 ) "
                                    "pc <^Double> = ( ^1.0 ) pc: i <Double> = ( frame pc: 1 ) )",
                       "3:1: `code` must answer Elements\n3:24: `pc` must answer Int64\n"
                       "3:48: `pc:` must take an Int64\n");
    assert_file_errors(RECORDS LOOP "b = ( self stop ) ----\n"
                                    "code <^Elements of: Value> = ( ^frame sp ) "
                                    "pc <^Int64> = ( ^1 ) pc: i <Int64> = ( frame pc: 1 ) )",
                       "3:1: `code` must answer Elements of UInt8 or UInt16\n");
    static const struct {
        const char *helpers, *error;
    } cases[] = {
        {"pollRequest <^Int64> = ( ^1 ) poll = ( VM note )",
         "1: `pollRequest` must be `^thread` and an Int64 field"},
        {"pollRequest <^Int64> = ( ^thread request ) poll = ( frame pc: 1 )",
         "44: `poll` must call an external without arguments and result"},
        {"barrierMask: o <Frame> <^Int64> = ( ^o pc & 1 ) remember: o <Frame> = ( VM note )",
         "1: `barrierMask:` and `remember:` must take the same MovableRecord"},
        {"barrierMask: o <Object> <^Int64> = ( ^o header ) remember: o <Object> = ( VM keep: o )",
         "1: `barrierMask:` must be `^` an Int64 field of its argument `&` a literal"},
        {"barrierMask: o <Object> <^Int64> = ( ^o header & 1 ) remember: o <Object> = ( VM note )",
         "54: `remember:` must pass its argument to a frameless external without result"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Text expected = {0};
        text_addf(&expected, "4:%s\n", cases[i].error);
        assert_loop_errors("b = ( self stop )", cases[i].helpers, text_chars(&expected));
        text_free(&expected);
    }
    assert_loop_errors("b = ( self stop )", "pollRequest <^Int64> = ( ^thread request )",
                       "1:819: `Loop` needs a helper `poll`\n");
}

static void whatever_moves_has_the_barriers_field(void **state) {
    (void)state;
    assert_file_errors(
        "N = MovableRecord ( | flags <Int64> | )\n" RECORDS LOOP "b = ( self stop )" PLACE
        "barrierMask: o <Object> <^Int64> = ( ^o header & 1 ) "
        "remember: o <Object> = ( VM keep: o ) )",
        "1:1: N moves, so the write barrier needs its `header <Int64>` at offset 0\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_lie_in_order_each_aligned),
        cmocka_unit_test(a_field_may_lie_over_others),
        cmocka_unit_test(an_extension_adds_to_what_stands_before_it),
        cmocka_unit_test(a_field_that_indexes_has_its_path),
        cmocka_unit_test(externals_have_their_effects),
        cmocka_unit_test(polls_and_barrier_are_declared),
        cmocka_unit_test(classes_are_of_four_kinds),
        cmocka_unit_test(a_loop_has_a_thread_and_a_frame),
        cmocka_unit_test(wrong_fields_are_reported),
        cmocka_unit_test(wrong_externals_are_reported),
        cmocka_unit_test(wrong_bytecodes_and_helpers_are_reported),
        cmocka_unit_test(wrong_roles_are_reported),
        cmocka_unit_test(the_default_case_is_needed),
        cmocka_unit_test(the_languages_own_helpers_are_checked),
        cmocka_unit_test(whatever_moves_has_the_barriers_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
