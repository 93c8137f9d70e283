// Whose code is: what the emitter calls a piece, and what a reader makes of that.
#include "anatomy_fixture.h"

#include "backend/anatomy/code_owners.h"
#include "backend/symbols/loop_symbol.h"

// ---- Names ---------------------------------------------------------------------------------

static void assert_symbol(const char *symbol, LoopPiece piece, const char *name) {
    LoopSymbol read = loop_symbol_read(symbol);
    assert_int_equal(read.piece, piece);
    if (name) {
        assert_int_equal(read.length, strlen(name));
        assert_memory_equal(read.name, name, read.length);
    }
}

static void what_is_written_is_read(void **state) {
    Arena *arena = ((Anatomy *)*state)->arena;
    static const char entry[] = LOOP_SYMBOL_ENTRY;
    assert_symbol(entry, LOOP_PIECE_ENTRY, "");
    assert_symbol(loop_symbol_of_bytecode(arena, entry, "add"), LOOP_PIECE_BYTECODE, "add");
    assert_symbol(loop_symbol_of_bytecode(arena, entry, "add.1"), LOOP_PIECE_BYTECODE, "add.1");
    const char *cold = loop_symbol_of_cold(arena, entry, "add.1");
    assert_symbol(cold, LOOP_PIECE_BYTECODE, "add.1");
    assert_symbol(loop_symbol_numbered(arena, cold, 12), LOOP_PIECE_BYTECODE, "add.1");
    const char *dispatch = loop_symbol_of_dispatch(arena, entry);
    assert_symbol(dispatch, LOOP_PIECE_DISPATCH, NULL);
    assert_symbol(loop_symbol_numbered(arena, dispatch, 2), LOOP_PIECE_SHARED, NULL);
    assert_symbol(loop_symbol_numbered(arena, dispatch, 10), LOOP_PIECE_SHARED, NULL);
}

static void what_only_begins_alike_is_something_else(void **state) {
    (void)state;
    assert_symbol(NULL, LOOP_PIECE_NONE, NULL);
    assert_symbol("interpreter", LOOP_PIECE_NONE, NULL);
    assert_symbol("inter", LOOP_PIECE_NONE, NULL);
    assert_symbol("interpret.dispatcher", LOOP_PIECE_BYTECODE, "dispatcher");
    assert_symbol("interpret.dispatch.", LOOP_PIECE_BYTECODE, "dispatch.");
    assert_symbol("interpret.dispatch.2x", LOOP_PIECE_BYTECODE, "dispatch.2x");
    assert_symbol("interpret.dispatch.cold", LOOP_PIECE_BYTECODE, "dispatch");
    assert_symbol("interpret.colder", LOOP_PIECE_BYTECODE, "colder");
    assert_symbol("interpret.add.colder.cold", LOOP_PIECE_BYTECODE, "add.colder");
}

// ---- Owners --------------------------------------------------------------------------------

static int owner_of_symbol(const Anatomy *anatomy, const char *symbol) {
    int instruction = instruction_of_symbol(anatomy, symbol);
    assert_true(instruction >= 0);
    return code_owners_find(anatomy->report)[instruction].bytecode;
}

static void a_bytecode_has_its_pieces(void **state) {
    const Anatomy *anatomy = *state;
    int owner = owner_of_symbol(anatomy, "interpret.jumpBack");
    assert_string_equal(code_owner_name(anatomy->report, owner), "jumpBack");
    assert_int_equal(owner_of_symbol(anatomy, "interpret.jumpBack.cold"), owner);
    assert_int_equal(owner_of_symbol(anatomy, "interpret"), OWNER_NONE);
}

// What of them dispatches is the shared dispatch, the rest is no single bytecode's.
static void joined_ends_are_those_of_several(void **state) {
    const Anatomy *anatomy = *state;
    const CodeOwner *owners = code_owners_find(anatomy->report);
    assert_int_equal(owner_of_symbol(anatomy, "interpret.dispatch"), OWNER_DISPATCH);
    const MachineCode *code = anatomy->report->code;
    int first = instruction_of_symbol(anatomy, "interpret.dispatch.2"), several = 0;
    assert_true(first >= 0);
    for (int i = first; code->instructions.items[i].block == code->instructions.items[first].block;
         i++) {
        bool dispatches = owners[i].to_whom == ATTRIBUTED_TO_DISPATCH;
        assert_int_equal(owners[i].bytecode, dispatches ? OWNER_DISPATCH : OWNER_SEVERAL);
        several += !dispatches;
    }
    assert_true(several > 0);
    assert_string_equal(code_owner_name(anatomy->report, OWNER_SEVERAL), "(several bytecodes)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(what_only_begins_alike_is_something_else),
        cmocka_unit_test(a_bytecode_has_its_pieces),
        cmocka_unit_test(joined_ends_are_those_of_several),
    };
    return cmocka_run_group_tests(tests, read_anatomy, close_anatomy);
}
