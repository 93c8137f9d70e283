// The IR's text: what is printed parses and prints to the same bytes, whatever the
// spacing; names, literals and locations are normalised in one way.
#include "tests/unit/ir_text_fixture.h"

// Each declaration, each operation, each kind of literal.
static const char everything[] =
    "module Everything\n"
    "source \"a \\\"b\\\"\\\\c\\x01.som\"\n"
    "form loop\n"
    "code any\n"
    "\n"
    "record Thread {\n"
    "  stop: u32 @0 thread\n"
    "}\n"
    "record Method {\n"
    "  code: ptr @0 const\n"
    "  sites: ptr Site @8 const\n"
    "  literals: value[] @16 const\n"
    "}\n"
    "record Site size 32 {\n"
    "  kind: u8 @0 code\n"
    "}\n"
    "record Object moves {\n"
    "  header: i64 @0 heap !4:5\n"
    "  fields: value[] @8 heap\n"
    "  before: u16[] @-8 heap\n"
    "}\n"
    "record Frame !3:1 {\n"
    "  method: ptr Method @0 const\n"
    "  pc: i64 @8 frame cursor method.code u16\n"
    "  sp: ptr @16 frame\n"
    "  self: object Object @24 frame\n"
    "  number: f64 @32 frame\n"
    "  locals: value[] @40 stack\n"
    "}\n"
    "thread Thread\n"
    "frame Frame\n"
    "stack Frame.sp value\n"
    "\n"
    "external stop(ptr, ptr) collects blocks reads all writes all\n"
    "external barrier(ptr, object) reads heap writes heap\n"
    "external value_primitive(ptr, ptr) -> value indirect collects raises reads all writes frame "
    "heap thread !7:7\n"
    "external floor(f64, i8) -> f64\n"
    "poll Thread.stop call stop\n"
    "polls calls-and-back-edges\n"
    "barrier Object.header mask 18446744073709551615 call barrier\n"
    "\n"
    "table @bytecodes(%thread: ptr, %frame: ptr, %method: ptr as frame.method, %code: ptr as "
    "method.code, %pc: ptr as cursor frame.pc, %narrow: i16) u16 !9:1 {\n"
    "  0 push(index: u16 local) stack 1 -> ^push !10:2\n"
    "  1 send(site: u16 site, arguments: u16) needs 1 + 1 * arguments stack 0 - 1 * arguments -> "
    "^send\n"
    "  2 jump(distance: i32 jump -1) needs 1 stack -1 jumps 0 leaves reserved -> ^push.1\n"
    "  3 longPush(a: u16, b: u16) length 6 stack 2 + 3 * b -> none\n"
    "  4 quick(a: i8 jump 0 + 1 * b, b: i8) quickened quickens back, slow -> ^loop.1\n"
    "  5 fusedPush components push, push, back -> ^loop.1 !10:3\n"
    "  6 back(a: i8 jump 0 + 1 * b, b: i8) quickens quick -> ^loop.1\n"
    "  7 slow(a: i8 jump 0 + 1 * b, b: i8) -> none\n"
    "  default -> ^unknown\n"
    "}\n"
    "\n"
    "function @interpret -> i64 {\n"
    "trunk {\n"
    "^entry(%thread: ptr, %frame: ptr):\n"
    "  br ^loop(%thread, %frame, null, null, null, -5)\n"
    "^loop(%thread.1: ptr, %frame.1: ptr, %method: ptr, %code: ptr, %pc: ptr, %narrow: i16):\n"
    "  %op = load.u16 %code, 0 in code !12:1\n"
    "  dispatch %op, @bytecodes(%thread.1, %frame.1, %method, %code, %pc, 7)\n"
    "}\n"
    "region push restartable {\n"
    "^push(%thread: ptr, %frame: ptr, %method: ptr, %code: ptr, %pc: ptr, %narrow: i16):\n"
    "  br ^later\n"
    "^early:\n"
    "  %x = add %y, 1 !1:1\n"
    "  %x.1 = add 1, %x !0:0\n"
    "  %s = select %c.1, 1, %x.1\n"
    "  %both = add 3:i16, 4:i16\n"
    "  %wide = add 3, 4\n"
    "  %c = cmp.eq null, %pc\n"
    "  %o = cmp.slt %x, -32768\n"
    "  %flag = and %c.1, 1\n"
    "  %sum = fadd 1.5, -0.0\n"
    "  %sum.1 = fadd 1e+300, 0x7ff8000000000000\n"
    "  %n = call @floor(%sum, 3)\n"
    "  %n.1 = fneg %n\n"
    "  %i = int.to_f64 5\n"
    "  %i.1 = f64.to_int %n\n"
    "  %i.2 = f64.bits 2.0\n"
    "  %i.3 = f64.from_bits 4\n"
    "  %v = value.from_bits %i.1\n"
    "  %v.1 = value.bits %v\n"
    "  %ob = object.from_bits %i.1\n"
    "  %ob.1 = object.bits %ob\n"
    "  %p = ptr.from_bits 4096\n"
    "  %p.1 = ptr.bits %p\n"
    "  %p.2 = ptr.add %p, 8\n"
    "  %p.3 = ptr.sub %p.2, null\n"
    "  %z = zext.i64 %c.1\n"
    "  %z.1 = trunc.i8 300\n"
    "  %z.2 = sext.i32 -3:i8\n"
    "  %l = load %frame, Frame.sp\n"
    "  %l.1 = load %frame, Frame.locals, 3\n"
    "  %l.2 = load.value %p, %i.1 in stack\n"
    "  store %frame, Frame.number, 1.0\n"
    "  store %frame, Frame.locals, 3, %l.1\n"
    "  store.u8 %p, 0, 255 in code\n"
    "  store.ref %ob, Object.fields, 1, %v\n"
    "  store.ref.value %p, 1, %v in heap\n"
    "  %a = address %ob, Object.fields, %i.1\n"
    "  %a.1 = address %frame, Frame.pc\n"
    "  %a.2 = address.Site %p, 3\n"
    "  %r = call @value_primitive(%p, %p, %p)\n"
    "  poll.site call\n"
    "  poll.site backEdge\n"
    "  component 1\n"
    "  if %c.1, ^cold, ^fast(%narrow) likely\n"
    "^cold:\n"
    "  switch %v.1 { 1 -> ^cold -9223372036854775808 -> ^fast(1) default -> ^cold }\n"
    "^fast(%t: i16):\n"
    "  if 1, ^cold, ^done unlikely\n"
    "^done:\n"
    "  ret 1\n"
    "^later:\n"
    "  %c.1 = cmp.ult 1, 2\n"
    "  %y = xor %narrow, 255\n"
    "  if %c.1, ^early, ^polled\n"
    "^polled:\n"
    "  poll backEdge, ^done, ^cold.1\n"
    "^cold.1:\n"
    "  %t.1 = load.i32 %frame, 4 in frame\n"
    "  unreachable\n"
    "^left:\n"
    "  exit quick, @bytecodes(%thread, %frame, %method, null, %pc, -1) !14:1\n"
    "}\n"
    "region send {\n"
    "^send(%thread: ptr, %frame: ptr, %method: ptr, %code: ptr, %pc: ptr, %narrow: i16):\n"
    "  call @stop(%thread, %frame)\n"
    "  br ^loop.1(%narrow)\n"
    "^loop.1(%narrow.1: i16):\n"
    "  br ^loop(%thread, %frame, %method, %code, %pc, %narrow.1)\n"
    "}\n"
    "region push.1 {\n"
    "^push.1(%thread: ptr, %frame: ptr, %method: ptr, %code: ptr, %pc: ptr, %narrow: i16):\n"
    "  br ^push.2\n"
    "^push.2:\n"
    "  ret 0\n"
    "}\n"
    "region loop.1 {\n"
    "^loop.1(%thread: ptr, %frame: ptr, %method: ptr, %code: ptr, %pc: ptr, %narrow: i16):\n"
    "  br ^loop(%thread, %frame, %method, %code, %pc, %narrow)\n"
    "}\n"
    "region unknown {\n"
    "^unknown(%thread: ptr, %frame: ptr, %method: ptr, %code: ptr, %pc: ptr, %narrow: i16):\n"
    "  unreachable\n"
    "}\n"
    "}\n";

static const char handlers[] = "module Handlers\n"
                               "form handlers\n"
                               "code verified\n"
                               "\n"
                               "record Thread {\n"
                               "}\n"
                               "record Frame {\n"
                               "}\n"
                               "thread Thread\n"
                               "frame Frame\n"
                               "\n"
                               "table @t(%thread: ptr, %frame: ptr, %x: i64) u8 {\n"
                               "  0 a() -> @a\n"
                               "  1 b() -> none\n"
                               "  default -> @cold\n"
                               "}\n"
                               "\n"
                               "function @entry -> i8 {\n"
                               "trunk {\n"
                               "^entry(%thread: ptr, %frame: ptr):\n"
                               "  tail @a(%thread, %frame, 0)\n"
                               "}\n"
                               "}\n"
                               "\n"
                               "function @a -> i8 {\n"
                               "trunk restartable {\n"
                               "^loop(%thread: ptr, %frame: ptr, %x: i64):\n"
                               "  dispatch %x, @t(%thread, %frame, 7)\n"
                               "}\n"
                               "}\n"
                               "\n"
                               "function @cold -> i8 {\n"
                               "trunk {\n"
                               "^a(%thread: ptr, %frame: ptr, %x: i64):\n"
                               "  ret -1\n"
                               "}\n"
                               "}\n";

static void every_construct_prints_back_to_itself(void **state) {
    (void)state;
    assert_prints(everything, everything);
    assert_prints(handlers, handlers);
}

// Blank lines, blanks, comments and line breaks in place of every blank.
static void spacing_is_free(void **state) {
    (void)state;
    Text spread = {0};
    bool in_string = false;
    for (const char *c = everything; *c; c++) {
        in_string ^= *c == '"' && c[-1] != '\\';
        if (*c == ' ' && !in_string)
            text_add(&spread, "  ; a comment, ^not %a block\r\n\n\t ");
        else if (strchr("=,:(){}", *c) && !in_string)
            text_addf(&spread, " %c\n", *c);
        else
            text_add_bytes(&spread, c, 1);
    }
    assert_prints(text_chars(&spread), everything);
    text_free(&spread);
}

static void one_line_is_enough(void **state) {
    (void)state;
    Text line = {0};
    text_add(&line, everything);
    for (size_t i = 0; i < line.length; i++)
        if (line.chars[i] == '\n')
            line.chars[i] = ' ';
    assert_prints(text_chars(&line), everything);
    text_free(&line);
}

static const char head[] = "module M\nform replicated\ncode any\n";

// The blocks, in a trunk after the head, print to `expected` blocks.
static void assert_blocks_print(const char *blocks, const char *expected) {
    Text text = {0}, wanted = {0};
    text_addf(&text, "%sfunction @f { trunk { %s } }", head, blocks);
    text_addf(&wanted, "%s\nfunction @f {\ntrunk {\n%s}\n}\n", head, expected);
    assert_prints(text_chars(&text), text_chars(&wanted));
    text_free(&text);
    text_free(&wanted);
}

static void names_are_numbered_in_order_of_definition(void **state) {
    (void)state;
    assert_blocks_print("^a.7(%x.3: i64, %y.1.2: i64): %x = add %x.3, %y.1.2 %x.1 = add %x, 1 "
                        "br ^a ^a: br ^b ^b: ret",
                        "^a(%x: i64, %y: i64):\n"
                        "  %x.1 = add %x, %y\n"
                        "  %x.2 = add %x.1, 1\n"
                        "  br ^a.1\n"
                        "^a.1:\n"
                        "  br ^b\n"
                        "^b:\n"
                        "  ret\n");
}

static void names_may_hold_dots_and_dollars(void **state) {
    (void)state;
    assert_blocks_print("^a(%method.code: i64, %$_x: i64, %.5: i64, %a.b.1: i64): ret",
                        "^a(%method.code: i64, %$_x: i64, %.5: i64, %a.b: i64):\n  ret\n");
}

static void literals_take_their_type_from_their_place(void **state) {
    (void)state;
    assert_blocks_print("^a(%x: i8, %c: i1): %a = add %x, -128:i8 %b = add 255, %x "
                        "%d = add 1:i64, 2:i64 %e = xor 1:i1, 0:i1 %f = and %c, 1:i1 ret",
                        "^a(%x: i8, %c: i1):\n"
                        "  %a = add %x, -128\n"
                        "  %b = add -1, %x\n"
                        "  %d = add 1, 2\n"
                        "  %e = xor 1:i1, 0:i1\n"
                        "  %f = and %c, 1\n"
                        "  ret\n");
}

static void a_literal_of_another_type_keeps_it(void **state) {
    (void)state;
    assert_blocks_print("^a(%x: i8): %a = add %x, 1:i16 %b = ptr.add 8, 1:i8 ret",
                        "^a(%x: i8):\n"
                        "  %a = add %x, 1:i16\n"
                        "  %b = ptr.add 8:i64, 1:i8\n"
                        "  ret\n");
}

static void types_follow_from_values_defined_later(void **state) {
    (void)state;
    assert_blocks_print("^a: br ^c ^b: %x = add 1, %y %z = select %c, %x, 2 ret "
                        "^c: %c = cmp.eq 1, 1 %y = mul %n, 3 %n = trunc.i16 70000 br ^b",
                        "^a:\n"
                        "  br ^c\n"
                        "^b:\n"
                        "  %x = add 1, %y\n"
                        "  %z = select %c, %x, 2\n"
                        "  ret\n"
                        "^c:\n"
                        "  %c = cmp.eq 1, 1\n"
                        "  %y = mul %n, 3\n"
                        "  %n = trunc.i16 70000\n"
                        "  br ^b\n");
    assert_fails("module M form loop function @f { trunk { ^a: %x = add %y, 300 "
                 "%y = add %z, 1 %z = trunc.i8 1 ret } }",
                 "in.mir:1:59: error: the number doesn't fit i8");
}

static void values_that_depend_on_themselves_are_i64(void **state) {
    (void)state;
    assert_blocks_print("^a: %x = add %y, 70000 %y = add 1, %x %z = add %z, %z ret",
                        "^a:\n"
                        "  %x = add %y, 70000\n"
                        "  %y = add 1, %x\n"
                        "  %z = add %z, %z\n"
                        "  ret\n");
}

static void integers_reach_to_the_ends_of_their_types(void **state) {
    (void)state;
    assert_blocks_print("^a(%x: i64): %a = add %x, -9223372036854775808 "
                        "%b = add %x, 18446744073709551615 %c = add %x, 9223372036854775807 ret",
                        "^a(%x: i64):\n"
                        "  %a = add %x, -9223372036854775808\n"
                        "  %b = add %x, -1\n"
                        "  %c = add %x, 9223372036854775807\n"
                        "  ret\n");
}

static void doubles_are_shortest_or_bits(void **state) {
    (void)state;
    assert_blocks_print("^a: %a = fadd 0.1, 1e0 %b = fadd -0.0, 5e-324 "
                        "%c = fadd 1.7976931348623157e+308, 0x7ff0000000000000 "
                        "%d = fadd 0xfff8000000000123, 0x3ff0000000000000 "
                        "%e = fadd 0.30000000000000004, 100000000000000000000000.0 "
                        "%f = fadd -123456789012345.0, 1e15 %g = fadd 1e1, 0.00001 ret",
                        "^a:\n"
                        "  %a = fadd 0.1, 1.0\n"
                        "  %b = fadd -0.0, 5e-324\n"
                        "  %c = fadd 1.7976931348623157e+308, 0x7ff0000000000000\n"
                        "  %d = fadd 0xfff8000000000123, 1.0\n"
                        "  %e = fadd 0.30000000000000004, 1e+23\n"
                        "  %f = fadd -123456789012345.0, 1e+15\n"
                        "  %g = fadd 10.0, 1e-05\n"
                        "  ret\n");
}

static void locations_are_printed_where_they_change(void **state) {
    (void)state;
    assert_blocks_print("^a: %a = add 1, 1 !3:1 %b = add 1, 1 %c = add 1, 1 !3:1 "
                        "%d = add 1, 1 !4:9 %e = add 1, 1 !0:0 %f = add 1, 1 !0:7 br ^b !2:2 "
                        "^b: %g = add 1, 1 ret !2:2",
                        "^a:\n"
                        "  %a = add 1, 1 !3:1\n"
                        "  %b = add 1, 1\n"
                        "  %c = add 1, 1\n"
                        "  %d = add 1, 1 !4:9\n"
                        "  %e = add 1, 1 !0:0\n"
                        "  %f = add 1, 1\n"
                        "  br ^b !2:2\n"
                        "^b:\n"
                        "  %g = add 1, 1\n"
                        "  ret !2:2\n");
}

static void locations_are_kept_in_the_module(void **state) {
    (void)state;
    Arena *arena = arena_new();
    IrModule *module = parse_text(arena, everything, strlen(everything), NULL);
    const IrBlock *loop = module->functions.items[0]->header;
    assert_non_null(loop);
    assert_int_equal(loop->first->at.line, 12);
    assert_int_equal(loop->first->at.column, 1);
    assert_int_equal(loop->last->at.line, 12);
    assert_int_equal(ir_find_record(module, "Frame")->at.line, 3);
    assert_int_equal(module->tables.items[0]->bytecodes.items[0].at.column, 2);
    assert_string_equal(module->source, "a \"b\"\\c\x01.som");
    arena_free(arena);
}

// What the builder gave no name has none after reading either, so passes that name it
// do the same to both modules.
// In the order of the instructions, what one is within before it, and none that nothing stands in.
static void inlinings_are_numbered_by_their_instructions(void **state) {
    (void)state;
    static const char head[] = "module M\n"
                               "source \"a\"\n"
                               "form loop\n"
                               "code any\n"
                               "\n"
                               "record R {\n"
                               "}\n"
                               "\n"
                               "method \"add\"(left: i64, at: ptr R) !1:2\n"
                               "method \"pop \\\"it\\\":\"()\n"
                               "\n"
                               "function @f {\n"
                               "trunk {\n";
    Text text = {0}, expected = {0};
    text_addf(&text,
              "%sinlined #1 \"add\"\n"
              "inlined #2 \"add\" !3:4\n"
              "inlined #3 \"pop \\\"it\\\":\" !5:6 in #2\n"
              "inlined #4 \"add\" component 2\n"
              "^a:\n  %%x = add 1, 2 !7:8#4\n  %%y = add 1, 2 !7:8#3\n  %%z = add 1, 2\n"
              "  ret !7:8\n}\n}\n",
              head);
    text_addf(&expected,
              "%sinlined #1 \"add\" component 2\n"
              "inlined #2 \"add\" !3:4\n"
              "inlined #3 \"pop \\\"it\\\":\" !5:6 in #2\n"
              "^a:\n  %%x = add 1, 2 !7:8#1\n  %%y = add 1, 2 !7:8#3\n  %%z = add 1, 2\n"
              "  ret !7:8\n}\n}\n",
              head);
    assert_prints(text_chars(&text), text_chars(&expected));
    text_free(&text);
    text_free(&expected);
}

static void the_name_of_nameless_things_is_not_kept(void **state) {
    (void)state;
    Arena *arena = arena_new();
    const char *text = "module M form loop function @f { trunk { ^b: %t.3 = add 1, 1 "
                       "%u = add 1, 1 ret } }";
    IrModule *module = parse_text(arena, text, strlen(text), NULL);
    const IrBlock *block = module->functions.items[0]->regions.items[0]->blocks.items[0];
    assert_null(block->name);
    assert_null(block->first->result->name);
    assert_string_equal(block->first->next->result->name, "u");
    arena_free(arena);
}

// A region's entry block is named after its region, whatever it was called, and no
// other block takes that name or the header's.
static void tables_name_regions(void **state) {
    (void)state;
    assert_prints("module M form loop table @t() u8 { 0 b() -> ^a 1 c() -> ^a.9 default -> none }"
                  "function @f { trunk { ^loop: dispatch 0, @t() }"
                  "region a { ^start: br ^a ^a: br ^loop }"
                  "region a.9 restartable { ^x: br ^loop } }",
                  "module M\nform loop\ncode any\n\n"
                  "table @t() u8 {\n"
                  "  0 b() -> ^a\n"
                  "  1 c() -> ^a.1\n"
                  "  default -> none\n"
                  "}\n\n"
                  "function @f {\n"
                  "trunk {\n"
                  "^loop:\n"
                  "  dispatch 0, @t()\n"
                  "}\n"
                  "region a {\n"
                  "^a:\n"
                  "  br ^a.1\n"
                  "^a.1:\n"
                  "  br ^loop\n"
                  "}\n"
                  "region a.1 restartable {\n"
                  "^a.1:\n"
                  "  br ^loop\n"
                  "}\n"
                  "}\n");
}

static void sizes_are_printed_if_not_the_default(void **state) {
    (void)state;
    assert_prints("module M form loop record A size 16 { x: u8 @8 heap y: value[] @16 heap }"
                  "record B size 8 { } record C { }",
                  "module M\nform loop\ncode any\n\n"
                  "record A {\n  x: u8 @8 heap\n  y: value[] @16 heap\n}\n"
                  "record B size 8 {\n}\n"
                  "record C {\n}\n");
}

static void stack_effects_take_their_signs(void **state) {
    (void)state;
    assert_prints("module M form loop table @t() u16 {"
                  "0 a(n: u32 jump 0-1*n, m: u16) stack 2+-3*m -> none"
                  " 1 b(n: u8 stack) needs 0 stack 0 + 0 * n -> none 2 c() stack -5 leaves -> none"
                  " 3 d(jump: i8 role) needs 0-2*jump jumps 1-1*jump reserved -> none }",
                  "module M\nform loop\ncode any\n\n"
                  "table @t() u16 {\n"
                  "  0 a(n: u32 jump 0 - 1 * n, m: u16) stack 2 - 3 * m -> none\n"
                  "  1 b(n: u8 stack) -> none\n"
                  "  2 c() stack -5 leaves -> none\n"
                  "  3 d(jump: i8 role) needs 0 - 2 * jump jumps 1 - 1 * jump reserved -> none\n"
                  "}\n");
    Arena *arena = arena_new();
    const char *text = "module M form loop table @t() u16 { 0 a(n: i32, m: u8) -> none }";
    IrModule *module = parse_text(arena, text, strlen(text), NULL);
    assert_int_equal(module->tables.items[0]->bytecodes.items[0].length, 4);
    arena_free(arena);
}

static void one_instruction_can_be_printed(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Text out = {0};
    IrModule *module = parse_text(arena, everything, strlen(everything), NULL);
    const IrFunction *function = module->functions.items[0];
    ir_print_instruction(module, ir_names_new(module, arena), function->header->first, &out);
    assert_string_equal(text_chars(&out), "%op = load.u16 %code, 0 in code");
    text_free(&out);
    ir_print_function(module, function, &out);
    const char *printed = strstr(everything, "function @interpret");
    assert_string_equal(text_chars(&out), printed);
    text_free(&out);
    arena_free(arena);
}

static void long_texts_take_no_time(void **state) {
    (void)state;
    Text text = {0};
    text_addf(&text, "%sfunction @f { trunk { ^a: br ^b0", head);
    for (int i = 0; i < 20000; i++)
        text_addf(&text, "\n^b%d: %%x%d = add %%x%d, 1 br ^b%d", i, i, i + 1, i + 1);
    text_add(&text, "\n^b20000: %x20000 = trunc.i16 5 ret }");
    for (int i = 0; i < 5000; i++)
        text_addf(&text, "\nregion r%d { ^a(%%x: i64): %%y = add %%x, 1 ret }", i);
    text_add(&text, " }");
    Arena *arena = arena_new();
    Text printed = {0};
    IrModule *module = parse_text(arena, text_chars(&text), text.length, NULL);
    assert_non_null(module);
    ir_print(module, &printed);
    const IrBlock *first = module->functions.items[0]->regions.items[0]->blocks.items[1];
    assert_int_equal(first->first->result->type, IR_I16);
    text_free(&printed);
    text_free(&text);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_construct_prints_back_to_itself),
        cmocka_unit_test(spacing_is_free),
        cmocka_unit_test(one_line_is_enough),
        cmocka_unit_test(names_are_numbered_in_order_of_definition),
        cmocka_unit_test(names_may_hold_dots_and_dollars),
        cmocka_unit_test(literals_take_their_type_from_their_place),
        cmocka_unit_test(a_literal_of_another_type_keeps_it),
        cmocka_unit_test(types_follow_from_values_defined_later),
        cmocka_unit_test(values_that_depend_on_themselves_are_i64),
        cmocka_unit_test(integers_reach_to_the_ends_of_their_types),
        cmocka_unit_test(doubles_are_shortest_or_bits),
        cmocka_unit_test(locations_are_printed_where_they_change),
        cmocka_unit_test(locations_are_kept_in_the_module),
        cmocka_unit_test(inlinings_are_numbered_by_their_instructions),
        cmocka_unit_test(the_name_of_nameless_things_is_not_kept),
        cmocka_unit_test(tables_name_regions),
        cmocka_unit_test(sizes_are_printed_if_not_the_default),
        cmocka_unit_test(stack_effects_take_their_signs),
        cmocka_unit_test(one_instruction_can_be_printed),
        cmocka_unit_test(long_texts_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
