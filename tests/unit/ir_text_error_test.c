// Malformed text of the IR: each mistake is reported at its place, several in one run,
// and nothing crashes.
#include "tests/unit/ir_text_fixture.h"

// A mistake and what is reported first.
typedef struct Mistake {
    const char *text, *message;
} Mistake;

static void assert_all_fail(const char *before, const Mistake *mistakes, size_t count,
                            const char *after) {
    for (size_t i = 0; i < count; i++) {
        Text text = {0}, message = {0};
        text_addf(&text, "%s\n%s%s", before, mistakes[i].text, after);
        text_addf(&message, "error: %s\n", mistakes[i].message);
        assert_fails(text_chars(&text), text_chars(&message));
        text_free(&text);
        text_free(&message);
    }
}

#define ASSERT_ALL_FAIL(before, mistakes, after)                                                   \
    assert_all_fail(before, mistakes, sizeof mistakes / sizeof *mistakes, after)

static void the_head_is_checked(void **state) {
    (void)state;
    static const Mistake mistakes[] = {
        {"", "expected 'module', found the end of the text"},
        {"form loop", "expected 'module', found 'form'"},
        {"module", "expected the module's name, found the end of the text"},
        {"module M", "'form' is missing"},
        {"module M record R { }", "'form' is missing before 'record'"},
        {"module M source file form loop", "expected a file's name in quotes, found 'file'"},
        {"module M source \"a", "the string doesn't end on its line"},
        {"module M source \"\\q\" form loop", "unknown escape in a string"},
        {"module M source \"\\x00\" form loop", "unknown escape in a string"},
        {"module M form round", "expected 'loop', 'replicated' or 'handlers', found 'round'"},
        {"module M form loop form loop", "a second 'form'"},
        {"module M part 3 \"b\" form loop", "a part needs a 'source' that it is of"},
        {"module M source \"a\" part 0 \"b\" form loop", "the number is out of range"},
        {"module M source \"a\" part 3 b form loop", "expected a file's name in quotes, found 'b'"},
        {"module M source \"a\" part 3 \"b\" part 3 \"c\" form loop",
         "the part's lines begin in the part before it"},
        {"module M form loop record F { s: ptr @0 frame } frame F further a F.s i64 "
         "further a F.s i64",
         "a second further stack 'a'"},
        {"module M form loop record F { s: ptr @0 frame } frame F further a F.s i64 "
         "table @t() u8 { 0 x() on b stack 1 -> none }",
         "there is no further stack 'b'"},
        {"module M form loop record F { s: ptr @0 frame } frame F further a F.s i64 "
         "table @t() u8 { 0 x() on a stack 1 + 1 * n -> none }",
         "bytecode 'x' has no operand 'n'"},
        {"module M form loop source \"a\"", "'source' has to stand before 'form'"},
        {"module M form loop code some", "expected 'verified' or 'any', found 'some'"},
        {"module M form loop nonsense", "expected a declaration, found 'nonsense'"},
        {"module M form loop %a", "expected a declaration, found '%a'"},
        {"module M form loop ?", "unexpected '?'"},
        {"module M form loop #", "expected a declaration, found '#'"},
        {"module M form loop \x80", "unexpected byte 0x80"},
    };
    ASSERT_ALL_FAIL("", mistakes, "");
}

static void records_are_checked(void **state) {
    (void)state;
    static const Mistake mistakes[] = {
        {"record a.b { }", "a record's name holds no '.'"},
        {"record @a { }", "expected a record's name, found '@a'"},
        {"record R { } record R { }", "record 'R' is defined twice"},
        {"record R size -1 { }", "the number is out of range"},
        {"record R size 99999999999 { }", "the number is out of range"},
        {"record R size big { }", "expected an integer, found 'big'"},
        {"record R", "expected '{', found the end of the text"},
        {"record R { ", "expected '}', found the end of the text"},
        {"record R { a }", "expected ':', found '}'"},
        {"record R { a.b: i64 @0 heap }", "a field's name holds no '.'"},
        {"record R { a: i1 @0 heap }", "'i1' is no cell"},
        {"record R { a: 3 @0 heap }", "expected a cell, found a number"},
        {"record R { a: i64[ @0 heap }", "expected ']', found '@'"},
        {"record R { a: i64 0 heap }", "expected '@', found a number"},
        {"record R { a: i64 @x heap }", "expected '@', found '@x'"},
        {"record R { a: i64 @3000000000 heap }", "the number is out of range"},
        {"record R { a: i64 @99999999999999999999 heap }", "the number is out of range"},
        {"record R { a: i64 @12x heap }", "malformed number"},
        {"record R { a: i64 @0 disk }", "'disk' is no alias class"},
        {"record R { a: i64 @0 }", "expected 'const' or an alias class, found '}'"},
        {"record R { a: i64 @0 heap a: i64 @8 heap }", "field 'a' is defined twice"},
        {"record R { a: ptr Q @0 heap }", "there is no record 'Q'"},
        {"record R { a: i64 @0 heap cursor b u8 }", "record 'R' has no field 'b'"},
        {"record R { a: i64 @0 heap cursor a.b u8 }",
         "no record is known for a part of the path 'a.b'"},
        {"record R { a: i64 @0 heap cursor a }", "expected a cell, found '}'"},
        {"record R { a: i64 @0 heap cursor 3 }", "expected a path, found a number"},
        {"record R { 3: i64 @0 heap }", "expected a field's name, found a number"},
        {"record R { a: i64 @0 heap !x }", "expected an integer, found 'x'"},
        {"record R { a: i64 @0 heap !1 }", "expected ':', found '}'"},
        {"thread T", "there is no record 'T'"},
        {"frame F", "there is no record 'F'"},
    };
    ASSERT_ALL_FAIL("module M form loop", mistakes, "");
}

static void externals_are_checked(void **state) {
    (void)state;
    static const Mistake mistakes[] = {
        {"external", "expected an external's name, found the end of the text"},
        {"external f", "expected '(', found the end of the text"},
        {"external f(", "expected a type, found the end of the text"},
        {"external f(i9)", "'i9' is no type"},
        {"external f(void)", "'void' is no type"},
        {"external f(i8", "expected ')', found the end of the text"},
        {"external f() -> 3", "expected a type, found a number"},
        {"external f() reads", "expected alias classes or 'all'"},
        {"external f() writes const", "expected alias classes or 'all'"},
        {"external f() external f()", "external 'f' is defined twice"},
        {"poll R call f", "expected RECORD.FIELD, found 'R'"},
        {"poll Q.a call f", "there is no record 'Q'"},
        {"poll R.b call f", "record 'R' has no field 'b'"},
        {"poll R.a f", "expected 'call'"},
        {"poll R.a call f", "there is no external 'f'"},
        {"polls 3", "expected a policy, found a number"},
        {"polls a-", "expected a policy, found the end of the text"},
        {"barrier R.a 3 call f", "expected 'mask'"},
        {"barrier R.a mask -3 call f", "the mask doesn't fit 64 bits"},
        {"barrier R.a mask 18446744073709551616 call f", "the mask doesn't fit 64 bits"},
        {"barrier R.a mask x call f", "expected a mask, found 'x'"},
    };
    ASSERT_ALL_FAIL("module M form loop record R { a: i64 @0 heap }", mistakes, "");
}

static void tables_are_checked(void **state) {
    (void)state;
    static const Mistake mistakes[] = {
        {"table t() u8 { }", "expected a table's @NAME, found 't'"},
        {"table @t() u8 { } table @t() u8 { }", "table 't' is defined twice"},
        {"table @t u8 { }", "expected '(', found 'u8'"},
        {"table @t() { }", "expected a cell, found '{'"},
        {"table @t(a: ptr) u8 { }", "expected a parameter, found 'a'"},
        {"table @t(%a: ptr, %a: ptr) u8 { }", "parameter 'a' is defined twice"},
        {"table @t(%a: big) u8 { }", "'big' is no type"},
        {"table @t(%a: ptr as b.c) u8 { }", "table '@t' has no parameter '%b'"},
        {"table @t(%x: ptr, %y: ptr, %a: ptr, %b: ptr as a.c) u8 { }",
         "no record is known for a parameter 'a'"},
        {"table @t(%a: ptr as b) u8 { }", "expected PARAMETER.FIELD, found 'b'"},
        {"table @t(%a: ptr, %b: ptr, %c: ptr as b.x) u8 { }", "record 'R' has no field 'x'"},
        {"table @t(%a: ptr, %b: ptr, %c: ptr as b.a.x) u8 { }",
         "no record is known for a part of the path 'b.a.x'"},
        {"table @t() u8 { -1 a() -> none }", "the number is out of range"},
        {"table @t() u8 { a() -> none }", "expected an integer, found 'a'"},
        {"table @t() u8 { 0 -> none }", "expected a bytecode's name, found '->'"},
        {"table @t() u8 { 0 a -> none }", "expected '(', found '->'"},
        {"table @t() u8 { 0 a(x) -> none }", "expected ':', found ')'"},
        {"table @t() u8 { 0 a(3) -> none }", "expected an operand's name, found a number"},
        {"table @t() u8 { 0 a() stack 1 + 2 * 3 -> none }",
         "expected an operand's name, found a number"},
        {"table @t(%a: ptr as 3) u8 { }", "expected a path, found a number"},
        {"table @t() u8 { 0 a components a, b -> none }", "table '@t' has no bytecode 'b'"},
        {"table @t() u8 { 0 a components -> none }", "expected a bytecode's name, found '->'"},
        {"table @t() u8 { 0 a() quickens b -> none }", "table '@t' has no bytecode 'b'"},
        {"table @t() u8 { 0 a() quickens a, 3 -> none }",
         "expected a bytecode's name, found a number"},
        {"table @t() u8 { 0 a() -> none } function @f { trunk { ^a: exit b, @t() } }",
         "table '@t' has no bytecode 'b'"},
        {"table @t() u8 { } function @f { trunk { ^a: exit 0, @t() } }",
         "expected a bytecode's name, found a number"},
        {"function @f { trunk { ^a: component -1 ret } }", "the number is out of range"},
        {"table @t() u8 { 0 a(x: u8, x: u8) -> none }", "operand 'x' is defined twice"},
        {"table @t() u8 { 0 a(x: u8 jump) -> none }", "expected an integer, found ')'"},
        {"table @t() u8 { 0 a() length 0 -> none }", "the number is out of range"},
        {"table @t() u8 { 0 a() stack 1 + 2 * x -> none }", "bytecode 'a' has no operand 'x'"},
        {"table @t() u8 { 0 a() needs 1 + 2 * x -> none }", "bytecode 'a' has no operand 'x'"},
        {"table @t() u8 { 0 a(x: u8 a.role) -> none }", "an operand's role holds no '.'"},
        {"table @t() u8 { 0 a() quickened reserved -> none }", "expected '->', found 'reserved'"},
        {"table @t() u8 { 0 a() stack 1 + 2 -> none }", "expected '*', found '->'"},
        {"table @t() u8 { 0 a() none }", "expected '->', found 'none'"},
        {"table @t() u8 { 0 a() -> 3 }", "expected ^REGION, @FUNCTION or 'none'"},
        {"table @t() u8 { 0 a() -> ^r }", "there is no region 'r'"},
        {"table @t() u8 { 0 a() -> @f }", "there is no function 'f'"},
        {"table @t() u8 { default -> none default -> none }", "a second default"},
        {"table @t() u8 { 0 a() -> ^r } function @f { trunk { } region r { } }",
         "region 'r' has no block"},
    };
    ASSERT_ALL_FAIL("module M form loop record R { a: i64 @0 heap } thread R frame R", mistakes,
                    "");
}

static void functions_are_checked(void **state) {
    (void)state;
    static const Mistake mistakes[] = {
        {"function f { }", "expected a function's @NAME, found 'f'"},
        {"function @f -> { }", "expected a type, found '{'"},
        {"function @f { }", "expected 'trunk'"},
        {"function @f { trunk { }", "expected '}', found the end of the text"},
        {"function @f { trunk { } } function @f { trunk { } }", "function 'f' is defined twice"},
        {"function @f { trunk { } region { } }", "expected a region's name, found '{'"},
        {"function @f { trunk { } region r { } region r { } }", "region 'r' is defined twice"},
        {"function @f { trunk { ret } }", "expected a block"},
        {"function @f { trunk { ^a ret } }", "expected ':', found 'ret'"},
        {"function @f { trunk { ^a(%x: i64: ret } }", "expected ')', found ':'"},
        {"function @f { trunk { ^a(%x): ret } }", "expected ':', found ')'"},
        {"function @f { trunk { ^a(x: i8): ret } }", "expected a parameter, found 'x'"},
        {"function @f { trunk { ^a(%x: i8, %x: i8): ret } }", "value 'x' is defined twice"},
        {"function @f { trunk { ^a: ret ^a: ret } }", "block 'a' is defined twice"},
        {"function @f { trunk { ^a: br ^b } }", "block '^b' is not defined in this region"},
        {"function @f { trunk { ^a: ret } region r { ^b: br ^a } }",
         "block '^a' is not defined in this region"},
        {"function @f { trunk { ^a: ret } region r { ^b: br ^loop } }",
         "block '^loop' is not defined in this region"},
        {"function @f { trunk { ^loop: ret } region r { ^loop: ret } }",
         "block 'loop' is defined twice"},
        {"function @f { trunk { ^a(%x: i64): ret } region r { ^b: ret %x } }",
         "value '%x' is not defined in this region"},
    };
    ASSERT_ALL_FAIL("module M form loop", mistakes, "");
}

static void instructions_are_checked(void **state) {
    (void)state;
    static const Mistake mistakes[] = {
        {"%y = frob %x", "unknown operation 'frob'"},
        {"%y = add.i64 %x, 1", "unknown operation 'add.i64'"},
        {"%y = 3", "expected an operation, found a number"},
        {"%y add %x, 1", "expected '=', found 'add'"},
        {"%x = add %x, 1", "value 'x' is defined twice"},
        {"add %x, 1", "the result of 'add' needs a name: %name = …"},
        {"%y = store %p, R.a, 1", "'store' has no result here"},
        {"%y = call @f()", "'call' has no result here"},
        {"call @g(1)", "the result of 'call' needs a name: %name = …"},
        {"%y = add %x", "expected ',', found 'ret'"},
        {"%y = add %x, ,", "expected a value"},
        {"%y = add %x, %z", "value '%z' is not defined in this region"},
        {"%y = add %x, 18446744073709551616", "the number doesn't fit i64"},
        {"%y = add %x, -9223372036854775809", "the number doesn't fit i64"},
        {"%y = add 1:i8, 256:i8", "the number doesn't fit i8"},
        {"%y = add 1:i1, -2:i1", "the number doesn't fit i1"},
        {"%y = add 1:ptr, 1", "an integer can't be of type ptr"},
        {"%y = add 1:zero, 1", "'zero' is no type"},
        {"%y = fadd 1, 1.0", "an f64 needs a point or an exponent"},
        {"%y = fadd 1.0e, 1.0", "malformed number"},
        {"%y = fadd 1e999, 1.0", "malformed number"},
        {"%y = fadd 0x, 1.0", "malformed number"},
        {"%y = fadd 0x12345678901234567, 1.0", "malformed number"},
        {"%y = zext %x", "'zext' needs an integer type after a '.'"},
        {"%y = zext.f64 %x", "'zext' needs an integer type after a '.'"},
        {"%y = load %p", "expected ',', found 'ret'"},
        {"%y = load %p, a", "expected RECORD.FIELD, found 'a'"},
        {"%y = load %p, R.b", "record 'R' has no field 'b'"},
        {"%y = load %p, Q.a", "there is no record 'Q'"},
        {"%y = load.u7 %p, 0 in code", "'u7' is no cell"},
        {"%y = load.u8 %p, 0", "expected 'in' and an alias class"},
        {"%y = load.u8 %p, 0 in const", "'const' is no alias class"},
        {"%y = load.u8 %p, 0 in 3", "expected an alias class, found a number"},
        {"store %p, R.a", "expected ',', found 'ret'"},
        {"store.u8 %p, 0 in code", "expected ',', found 'in'"},
        {"%y = address.Q %p, 0", "there is no record 'Q'"},
        {"call f()", "expected a @NAME, found 'f'"},
        {"call @h()", "there is no external '@h'"},
        {"call @f(%x", "expected ')', found 'ret'"},
        {"poll.site here", "expected 'call', 'backEdge' or 'bytecode'"},
        {"poll call ^a, ^a", "expected ',', found '^a'"},
        {"br a", "expected a ^block, found 'a'"},
        {"br ^a(%x", "expected ')', found 'ret'"},
        {"if %x ^a, ^a", "expected ',', found '^a'"},
        {"switch %x { 1 -> ^a }", "a switch ends in `default -> ^block`"},
        {"switch %x { default -> ^a 1 -> ^a }", "expected '}', found a number"},
        {"switch %x { 1: ^a default -> ^a }", "expected '->', found ':'"},
        {"dispatch %x @t()", "expected ',', found '@t'"},
        {"dispatch %x, @u()", "there is no table '@u'"},
        {"tail @h()", "there is no function '@h'"},
        {"tail h()", "expected a function's @NAME, found 'h'"},
        {"%y = add %x, 1 !1:x", "expected an integer, found 'x'"},
        {"%y = add %x, 1 !1:3000000000", "the number is out of range"},
    };
    ASSERT_ALL_FAIL("module M form loop record R { a: i64 @0 heap } external f() "
                    "external g(i8) -> i8 table @t() u8 { } "
                    "function @f { trunk { ^a(%x: i64, %p: ptr):",
                    mistakes, "\nret } }");
}

static void methods_and_inlinings_are_checked(void **state) {
    (void)state;
    static const Mistake methods[] = {
        {"method m() ", "expected a method's name in quotes, found 'm'"},
        {"method \"m\" method \"n\"()", "expected '(', found 'method'"},
        {"method \"m\"(", "expected a variable's name, found the end of the text"},
        {"method \"m\"(a.b: i64)", "a variable's name holds no '.'"},
        {"method \"m\"(a: word)", "'word' is no type"},
        {"method \"m\"(a: ptr R)", "there is no record 'R'"},
        {"method \"m\"(a: i64, a: i8)", "variable 'a' is defined twice"},
        {"method \"m\"(a: i64", "expected ')', found the end of the text"},
        {"method \"m\"() method \"m\"()", "method \"m\" is defined twice"},
        {"method \"m\"() barrier R.a mask 1 call f", "'barrier' has to stand before 'method'"},
    };
    ASSERT_ALL_FAIL("module M form loop", methods, "");
    static const Mistake inlinings[] = {
        {"inlined 1 \"m\"", "expected '#', found a number"},
        {"inlined #2 \"m\"", "expected #1, found #2"},
        {"inlined #-1 \"m\"", "the number is out of range"},
        {"inlined #1 m", "expected a method's name in quotes, found 'm'"},
        {"inlined #1 \"n\"", "there is no method \"n\""},
        {"inlined #1 \"m\" component -1", "the number is out of range"},
        {"inlined #1 \"m\" in #1", "the region has no #1 before this"},
        {"inlined #1 \"m\" in 1", "expected '#', found a number"},
        {"inlined #1 \"m\" ^a: ret !1:1#2", "the region has no #2 before this"},
        {"inlined #1 \"m\" ^a: ret !1:1#0", "the region has no #0 before this"},
        {"inlined #1 \"m\" ^a: ret !1:1#m", "expected an integer, found 'm'"},
        {"^a: ret !1:1#1", "the region has no #1 before this"},
    };
    ASSERT_ALL_FAIL("module M form loop method \"m\"() function @f { trunk {", inlinings, "} }");
}

// Who follows inlinings by recursion must not run out of stack.
static void inlinings_nest_to_a_limit(void **state) {
    (void)state;
    Text text = {0};
    text_add(&text, "module M form loop method \"m\"() function @f { trunk { inlined #1 \"m\"\n");
    for (int i = 2; i < 3000; i++)
        text_addf(&text, "inlined #%d \"m\" in #%d\n", i, i - 1);
    text_add(&text, "^a: ret !1:1#2999 } }");
    assert_fails(text_chars(&text), "error: inlinings are nested too deep");
    text_free(&text);
}

static void errors_show_their_line(void **state) {
    (void)state;
    assert_fails("module M\nform loop\nrecord R {\n  a: i63 @0 heap\n}\n",
                 "in.mir:4:6: error: 'i63' is no cell\n  a: i63 @0 heap\n     ^\n");
}

static void a_second_definition_names_the_first(void **state) {
    (void)state;
    assert_fails("module M form loop\nrecord R { }\nrecord R { }",
                 "in.mir:3:8: error: record 'R' is defined twice\nrecord R { }\n       ^\n"
                 "in.mir:2:8: note: the first one is here\n");
}

static void check_whole(const char *text, const char *expected) {
    Arena *arena = arena_new();
    char *messages;
    assert_null(parse_text(arena, text, strlen(text), &messages));
    assert_string_equal(messages, expected);
    free(messages);
    arena_free(arena);
}

static void a_missing_header_is_explained_once(void **state) {
    (void)state;
    check_whole("module M form replicated function @f { trunk { ^a: ret }\n"
                "region r { ^r: br ^loop }\nregion s { ^s: br ^loop } }",
                "in.mir:2:19: error: block '^loop' is not defined in this region\n"
                "region r { ^r: br ^loop }\n                  ^\n"
                "in.mir:2:19: note: form replicated has no header; regions dispatch\n"
                "region r { ^r: br ^loop }\n                  ^\n"
                "in.mir:3:19: error: block '^loop' is not defined in this region\n"
                "region s { ^s: br ^loop } }\n                  ^\n");
    check_whole("module M form loop function @f { trunk { ^top: ret }\nregion r { ^r: br ^loop } }",
                "in.mir:2:19: error: block '^loop' is not defined in this region\n"
                "region r { ^r: br ^loop } }\n                  ^\n"
                "in.mir:2:19: note: the loop's header is the trunk's block ^loop\n"
                "region r { ^r: br ^loop } }\n                  ^\n");
}

static void what_an_error_cut_off_is_not_missed(void **state) {
    (void)state;
    check_whole("module M form loop table @t() u8 { 0 a() -> ^r 1 b() -> ^s }\n"
                "function @f { trunk { ^loop: ret } region r { ^r: ret }\n"
                "regoin s { ^s: ret } }",
                "in.mir:3:1: error: expected '}', found 'regoin'\n"
                "regoin s { ^s: ret } }\n^\n");
}

static void several_errors_are_shown_in_one_run(void **state) {
    (void)state;
    Arena *arena = arena_new();
    char *messages;
    const char *text = "module M\nform loop\n"
                       "record R {\n  a: i63 @0 heap\n  b: i64 0 heap\n  c: i64 @0 heap\n}\n"
                       "external 3\n"
                       "table @t() u8 {\n  x y()\n  1 z() -> ^r\n}\n"
                       "function @f {\ntrunk {\n^a(%p: ptr):\n"
                       "  %x = frob 1\n  %y = load %p, R.c\n  store %p R.c, %x\n  br ^b\n}\n}\n";
    assert_null(parse_text(arena, text, strlen(text), &messages));
    static const char *const expected[] = {
        ":4:6: error: 'i63' is no cell",
        ":5:10: error: expected '@', found a number",
        ":8:10: error: expected an external's name, found a number",
        ":10:3: error: expected an integer, found 'x'",
        ":11:12: error: there is no region 'r'",
        ":16:8: error: unknown operation 'frob'",
        ":18:12: error: expected ',', found 'R.c'",
        ":19:6: error: block '^b' is not defined in this region",
    };
    size_t errors = 0;
    for (const char *at = messages; (at = strstr(at, "error:")); at++)
        errors++;
    assert_int_equal(errors, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < errors; i++)
        if (!strstr(messages, expected[i]))
            fail_msg("expected: %s\nin: %s", expected[i], messages);
    free(messages);
    arena_free(arena);
}

static void a_text_may_hold_any_byte(void **state) {
    (void)state;
    Arena *arena = arena_new();
    char text[1024];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 167 >> 2);
    assert_null(parse_text(arena, text, sizeof text, NULL));
    static const char nul[] = "module M\0 form loop";
    assert_null(parse_text(arena, nul, sizeof nul - 1, NULL));
    arena_free(arena);
}

// Every beginning of a good text either parses or is reported.
static void a_text_may_end_anywhere(void **state) {
    (void)state;
    static const char text[] =
        "module M source \"a\\\"b\" form loop code any record R moves size 8 { a: ptr R[] @-8 heap "
        "!1:2 } thread R frame R external f(i8) -> i8 indirect reads all poll R.a call f polls a-b "
        "barrier R.a mask 1 call f method \"m\"(x: ptr R, y: i8) !1:2 table @t(%a: ptr as cursor "
        "b.c) u8 { 0 a(x: u8 jump 1 - 2 * x) "
        "-> ^r default -> none } function @f -> i8 { trunk { inlined #1 \"m\" component 2 !3:4 "
        "inlined #2 \"m\" in #1 ^a(%x: i8): %y = load.u8 %x, 0 in "
        "code !5:6#2 switch %x { 1 -> ^a(%y) default -> ^a } } region r restartable { ^b: ret "
        "-1.5e3 } }";
    for (size_t length = 0; length < sizeof text; length++) {
        Arena *arena = arena_new();
        parse_text(arena, text, length, NULL);
        arena_free(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_is_checked),
        cmocka_unit_test(records_are_checked),
        cmocka_unit_test(externals_are_checked),
        cmocka_unit_test(tables_are_checked),
        cmocka_unit_test(functions_are_checked),
        cmocka_unit_test(instructions_are_checked),
        cmocka_unit_test(methods_and_inlinings_are_checked),
        cmocka_unit_test(inlinings_nest_to_a_limit),
        cmocka_unit_test(errors_show_their_line),
        cmocka_unit_test(a_second_definition_names_the_first),
        cmocka_unit_test(a_missing_header_is_explained_once),
        cmocka_unit_test(what_an_error_cut_off_is_not_missed),
        cmocka_unit_test(several_errors_are_shown_in_one_run),
        cmocka_unit_test(a_text_may_hold_any_byte),
        cmocka_unit_test(a_text_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
