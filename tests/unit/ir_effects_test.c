// Effects of single operations, and which loads and stores count as frame reads and
// writes.
#include "tests/unit/ir_text_fixture.h"

static const char text[] =
    "module M form loop\n"
    "record Thread { stop: u32 @0 thread }\n"
    "record Class { shape: i64 @0 const count: i64 @8 heap self: ptr Class @16 const }\n"
    "record Method { code: ptr @0 const class: ptr Class @8 const calls: i64 @16 heap\n"
    "  other: ptr Other @24 heap literals: value[] @32 const }\n"
    "record Other { fixed: i64 @0 const }\n"
    "record Object moves { header: i64 @0 heap link: object @8 heap }\n"
    "record Frame { method: ptr Method @0 const pc: i64 @8 frame locals: value[] @16 stack }\n"
    "thread Thread frame Frame\n"
    "external nothing()\n"
    "external reader() -> i64 reads heap code\n"
    "external sender(ptr) collects raises blocks reads all writes frame stack\n"
    "external barrier(ptr, object) collects reads thread writes thread\n"
    "external raiser() raises\n"
    "barrier Object.header mask 1 call barrier\n"
    "table @t() u8 { }\n"
    "function @f { trunk { ^a(%p: ptr, %o: object):\n"
    "%l0 = load %p, Frame.pc\n"           // 0
    "%l1 = load %p, Frame.method\n"       // 1
    "%l2 = load %p, Frame.locals, 1\n"    // 2
    "%l3 = load %p, Method.code\n"        // 3
    "%l4 = load %p, Method.calls\n"       // 4
    "%l5 = load %p, Method.literals, 1\n" // 5
    "%l6 = load %p, Class.shape\n"        // 6
    "%l7 = load %p, Other.fixed\n"        // 7
    "%l8 = load %p, Thread.stop\n"        // 8
    "%l9 = load.u8 %p, 0 in code\n"       // 9
    "store %p, Frame.pc, 1\n"             // 10
    "store %p, Frame.method, %p\n"        // 11
    "store %p, Frame.locals, 0, %l2\n"    // 12
    "store.u8 %p, 0, 1 in heap\n"         // 13
    "store.ref %o, Object.link, %o\n"     // 14
    "call @nothing()\n"                   // 15
    "%r = call @reader()\n"               // 16
    "call @sender(%p)\n"                  // 17
    "call @raiser()\n"                    // 18
    "poll.site call\n"                    // 19
    "%x = sdiv %l0, %l0\n"                // 20
    "%y = address %p, Frame.pc\n"         // 21
    "dispatch 0, @t()\n"                  // 22
    "^b: poll call, ^b, ^b } }\n";        // 23

typedef struct Expected {
    unsigned reads, writes;
    const char *flags; // c: collects, r: raises, b: blocks; R: removable; f: frame read, w: write
} Expected;

enum {
    FRAME = IR_ALIAS_FRAME,
    STACK = IR_ALIAS_STACK,
    HEAP = IR_ALIAS_HEAP,
    CODE = IR_ALIAS_CODE,
    THREAD = IR_ALIAS_THREAD,
    ALL = IR_ALIAS_ALL,
};

static const Expected expected[] = {
    {FRAME, 0, "Rf"},                    // the frame's state
    {0, 0, "Rf"},                        // the frame's constants
    {STACK, 0, "R"},                     // locals are counted apart
    {0, 0, "Rf"},                        // what const fields lead to
    {HEAP, 0, "R"},                      // but not its state
    {0, 0, "R"},                         // nor its arrays in place
    {0, 0, "Rf"},                        // two steps
    {0, 0, "R"},                         // reached through state only
    {THREAD, 0, "R"},                    // not reached
    {CODE, 0, "R"},                      // no field
    {0, FRAME, "w"},                     // the frame's state
    {0, 0, ""},                          // const: writes nothing, but stays
    {0, STACK, ""},                      // locals
    {0, HEAP, ""},                       // no field
    {HEAP | THREAD, HEAP | THREAD, "c"}, // with the barrier's
    {0, 0, "R"},                         // a call without effects
    {HEAP | CODE, 0, "R"},               // a call that reads
    {ALL, FRAME | STACK, "crb"},         // as declared
    {0, 0, "r"},                         // raising is enough to stay
    {0, 0, ""},                          // a mark
    {0, 0, "R"},                         // values only
    {0, 0, "R"},                         // an address is no access
    {0, 0, ""},                          // terminators
    {0, 0, ""},
};

static void assert_effects(const IrModule *module, const IrInstruction *at, const Expected *want) {
    IrEffects effects = ir_effects(at);
    assert_int_equal(effects.reads, want->reads);
    assert_int_equal(effects.writes, want->writes);
    assert_int_equal(effects.collects, strchr(want->flags, 'c') != NULL);
    assert_int_equal(effects.raises, strchr(want->flags, 'r') != NULL);
    assert_int_equal(effects.blocks, strchr(want->flags, 'b') != NULL);
    assert_int_equal(ir_is_removable(at), strchr(want->flags, 'R') != NULL);
    assert_int_equal(ir_is_frame_read(module, at), strchr(want->flags, 'f') != NULL);
    assert_int_equal(ir_is_frame_write(module, at), strchr(want->flags, 'w') != NULL);
}

static void each_operation_has_its_effects(void **state) {
    (void)state;
    Arena *arena = arena_new();
    IrModule *module = parse_text(arena, text, sizeof text - 1, NULL);
    assert_non_null(module);
    const IrRegion *trunk = module->functions.items[0]->regions.items[0];
    size_t number = 0;
    for (size_t i = 0; i < trunk->blocks.count; i++)
        for (IrInstruction *at = trunk->blocks.items[i]->first; at; at = at->next)
            assert_effects(module, at, &expected[number++]);
    assert_int_equal(number, sizeof expected / sizeof *expected);
    arena_free(arena);
}

static void a_module_without_frame_has_no_frame_reads(void **state) {
    (void)state;
    Arena *arena = arena_new();
    IrModule *module = parse_text(arena, text, sizeof text - 1, NULL);
    const IrInstruction *load =
        module->functions.items[0]->regions.items[0]->blocks.items[0]->first;
    module->frame = NULL;
    assert_false(ir_is_frame_read(module, load));
    module->barrier_external = NULL;
    module->barrier_field = NULL;
    while (load->op != IR_STORE_REF)
        load = load->next;
    assert_false(ir_effects(load).collects);
    assert_int_equal(ir_effects(load).reads, 0);
    assert_int_equal(ir_effects(load).writes, HEAP);
    arena_free(arena);
}

static void memory_sets_are_named(void **state) {
    (void)state;
    assert_string_equal(ir_alias_text(0), "const");
    assert_string_equal(ir_alias_text(ALL), "all");
    static const char *const names[] = {"frame", "stack", "heap", "code", "thread"};
    for (unsigned set = 1; set < ALL; set++) {
        Text wanted = {0};
        for (int i = 0; i < 5; i++)
            if (set & 1u << i)
                text_addf(&wanted, "%s%s", wanted.length ? " " : "", names[i]);
        assert_string_equal(ir_alias_text(set), text_chars(&wanted));
        text_free(&wanted);
    }
}

static void accesses_know_their_operands(void **state) {
    (void)state;
    Arena *arena = arena_new();
    IrModule *module = parse_text(arena, text, sizeof text - 1, NULL);
    const IrInstruction *at = module->functions.items[0]->regions.items[0]->blocks.items[0]->first;
    assert_null(ir_access_index(at)); // load %p, Frame.pc
    assert_null(ir_stored_value(at));
    assert_int_equal(ir_access_cell(at), IR_CELL_I64);
    at = at->next->next; // load %p, Frame.locals, 1
    assert_int_equal(ir_access_index(at)->integer, 1);
    assert_int_equal(ir_access_cell(at), IR_CELL_VALUE);
    while (at->op != IR_STORE)
        at = at->next; // store %p, Frame.pc, 1
    assert_null(ir_access_index(at));
    assert_int_equal(ir_stored_value(at)->integer, 1);
    at = at->next->next; // store %p, Frame.locals, 0, %l2
    assert_int_equal(ir_access_index(at)->integer, 0);
    assert_int_equal(ir_stored_value(at)->kind, IR_RESULT);
    at = at->next; // store.u8 %p, 0, 1 in heap
    assert_int_equal(ir_access_index(at)->integer, 0);
    assert_int_equal(ir_access_cell(at), IR_CELL_U8);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_operation_has_its_effects),
        cmocka_unit_test(a_module_without_frame_has_no_frame_reads),
        cmocka_unit_test(memory_sets_are_named),
        cmocka_unit_test(accesses_know_their_operands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
