// What becomes of samples: a profile of time, its table and its stacks, of samples that are made
// up. So this is tested where the kernel gives none, too.
#include "anatomy_fixture.h"

#include "cli/profile/time_profile_print.h"

#include <stdlib.h>

// Where the interpreter's file is in the process' memory, and where a library is.
enum { BASE = 0x10000000, LENGTH = 0x1000000, LIBRARY = 0x20000000 };

typedef struct Made {
    const Anatomy *anatomy;
    Samples samples;
} Made;

static Made made_new(const Anatomy *anatomy) {
    Made made = {.anatomy = anatomy, .samples = {.frequency = 1000}};
    anatomy->report->chosen = NULL;
    ARENA_PUSH(anatomy->arena, &made.samples.files,
               ((SampledFile){BASE, BASE + LENGTH, 0, joined_ends_path}));
    ARENA_PUSH(anatomy->arena, &made.samples.files,
               ((SampledFile){LIBRARY, LIBRARY + LENGTH, 0, "/nowhere/libodd.so"}));
    return made;
}

// Samples of a millisecond each.
static void at_address(Made *made, uint64_t address, int count) {
    for (int i = 0; i < count; i++)
        ARENA_PUSH(made->anatomy->arena, &made->samples.items, ((Sample){address, 1000000}));
}

static void at_instruction(Made *made, int instruction, int count) {
    assert_true(instruction >= 0);
    at_address(made, BASE + made->anatomy->report->code->instructions.items[instruction].address,
               count);
}

static void at_symbol(Made *made, const char *symbol, int count) {
    at_instruction(made, instruction_of_symbol(made->anatomy, symbol), count);
}

// The jump of the dispatch that all bytecodes share.
static int of_dispatch(const Anatomy *anatomy) {
    const CodeOwner *owners = code_owners_find(anatomy->report);
    int instruction = instruction_of_symbol(anatomy, "interpret.dispatch");
    while (anatomy->report->code->instructions.items[instruction].kind != MACHINE_INDIRECT_JUMP)
        instruction++;
    assert_int_equal(owners[instruction].bytecode, OWNER_DISPATCH);
    return instruction;
}

static TimeProfile *profile_of(const Made *made) {
    return time_profile_new(made->anatomy->arena, &made->samples, made->anatomy->report,
                            joined_ends_path);
}

static void assert_timed(const Timed *timed, uint64_t samples) {
    assert_int_equal(timed->samples, samples);
    assert_true(timed->time == (double)samples * 1e6);
}

// ---- The profile ---------------------------------------------------------------------------

static void each_sample_is_of_one_kind(void **state) {
    Made made = made_new(*state);
    int add = instruction_of_symbol(*state, "interpret.add");
    at_instruction(&made, add, 5);
    at_instruction(&made, add + 1, 2);
    at_instruction(&made, of_dispatch(*state), 7);
    at_address(&made, BASE + LENGTH - 1, 3); // the interpreter's file, but not the loop
    at_address(&made, LIBRARY + 16, 4);
    at_address(&made, LIBRARY - 1, 1); // nothing is mapped there
    const TimeProfile *profile = profile_of(&made);
    assert_timed(&profile->all, 22);
    assert_timed(&profile->kinds[TIMED_DISPATCH], 7);
    assert_timed(&profile->kinds[TIMED_WORK], 7);
    assert_timed(&profile->kinds[TIMED_POLL], 0);
    assert_timed(&profile->kinds[TIMED_RUNTIME], 3);
    assert_timed(&profile->kinds[TIMED_LIBRARY], 4);
    assert_timed(&profile->kinds[TIMED_UNATTRIBUTED], 1);
    assert_timed(&profile->arrivals, 5);
    assert_int_equal(profile->libraries.count, 1);
    assert_string_equal(profile->libraries.items[0].name, "libodd.so");
    assert_timed(&profile->libraries.items[0].all, 4);
    assert_int_equal(profile->functions.count, 2);
    assert_string_equal(profile->functions.items[0].file, "libodd.so");
    assert_null(profile->functions.items[1].file);
    assert_true(time_share(profile, &profile->kinds[TIMED_POLL]) == 0);
    assert_true(time_share(profile, &profile->all) == 1);
}

static void lists_begin_with_what_took_most(void **state) {
    Made made = made_new(*state);
    at_symbol(&made, "interpret.add", 2);
    at_symbol(&made, "interpret.jumpBack", 3);
    at_symbol(&made, "interpret.jumpBack.cold", 3);
    at_symbol(&made, "interpret.dispatch.2", 4);
    at_instruction(&made, of_dispatch(*state), 9);
    const TimeProfile *profile = profile_of(&made);
    static const struct {
        const char *name;
        uint64_t samples;
    } wanted[] = {
        {"(shared dispatch)", 9}, {"jumpBack", 6}, {"(several bytecodes)", 4}, {"add", 2}};
    assert_int_equal(profile->bytecodes.count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < profile->bytecodes.count; i++) {
        const TimedBytecode *timed = &profile->bytecodes.items[i];
        assert_string_equal(code_owner_name(profile->report, timed->bytecode), wanted[i].name);
        assert_timed(&timed->all, wanted[i].samples);
        assert_timed(&timed->kinds[i ? TIMED_WORK : TIMED_DISPATCH], wanted[i].samples);
    }
    assert_int_equal(profile->instructions.count, 5);
    assert_int_equal(profile->instructions.items[0].instruction, of_dispatch(*state));
    assert_timed(&profile->instructions.items[4].all, 2);
    uint64_t of_lines = 0;
    for (size_t i = 0; i < profile->lines.count; i++)
        of_lines += profile->lines.items[i].all.samples;
    assert_int_equal(of_lines, 21);
}

// ---- The table -----------------------------------------------------------------------------

static void the_table_is_that_of_the_shared_dispatch(void **state) {
    Made made = made_new(*state);
    at_symbol(&made, "interpret.add", 20);
    int dispatch = of_dispatch(*state);
    at_instruction(&made, dispatch, 3);
    const TimeProfile *profile = profile_of(&made);
    TimeTable table = time_profile_table(profile);
    assert_string_equal(table.name, "(shared dispatch)");
    assert_int_equal(table.on_way, table.rows.count);
    assert_timed(&table.all, 3);
    size_t sampled = 0;
    for (size_t i = 0; i < table.rows.count; i++) {
        const DispatchRow *row = &table.rows.items[i];
        assert_int_equal(row->role, DISPATCH_ROLE_STEP);
        bool is_sampled = row->instruction == &profile->report->code->instructions.items[dispatch];
        assert_timed(&table.times[i], is_sampled ? 3 : 0);
        sampled += is_sampled;
    }
    assert_int_equal(sampled, 1);
}

// Where no sample is of the shared dispatch it is the bytecode that took most.
static void or_of_the_bytecode_that_took_most(void **state) {
    Made made = made_new(*state);
    at_symbol(&made, "interpret.halt", 9); // never dispatches
    at_symbol(&made, "interpret.add", 2);
    at_symbol(&made, "interpret.jumpBack", 3);
    TimeTable table = time_profile_table(profile_of(&made));
    assert_string_equal(table.name, "jumpBack");
    assert_timed(&table.all, 3);
}

// Off the usual way only what was sampled has a row.
static void or_of_the_one_that_was_chosen(void **state) {
    Made made = made_new(*state);
    at_symbol(&made, "interpret.jumpBack", 3);
    at_instruction(&made, of_dispatch(*state), 5);
    assert_true(dispatch_report_choose(made.anatomy->report, "jumpBack"));
    TimeTable table = time_profile_table(profile_of(&made));
    assert_string_equal(table.name, "jumpBack");
    assert_true(table.has_shared);
    assert_int_equal(table.on_way, table.rows.count);
    assert_timed(&table.all, 8);
    at_symbol(&made, "interpret.jumpBack.cold", 2);
    table = time_profile_table(profile_of(&made));
    assert_int_equal(table.rows.count, table.on_way + 1);
    assert_timed(&table.times[table.on_way], 2);
    assert_timed(&table.all, 10);
}

// ---- Stacks, and nothing at all ------------------------------------------------------------

static void stacks_say_where_each_sample_was(void **state) {
    Made made = made_new(*state);
    at_symbol(&made, "interpret.add", 2);
    at_address(&made, BASE + LENGTH - 1, 3);
    at_address(&made, LIBRARY, 4);
    at_address(&made, 1, 5);
    FoldedStacks stacks = time_profile_stacks(profile_of(&made), "program");
    Text text = {0};
    folded_stacks_print(&stacks, &text);
    assert_non_null(strstr(text_chars(&text), "program;interpret;add 2\n"));
    assert_non_null(strstr(text_chars(&text), "program;libodd.so;(no symbol) 4\n"));
    assert_non_null(strstr(text_chars(&text), "program;unattributed 5\n"));
    assert_non_null(strstr(text_chars(&text), "program;runtime;"));
    text_free(&text);
}

static void of_nothing_nothing_is_told(void **state) {
    Made made = made_new(*state);
    const TimeProfile *profile = profile_of(&made);
    TimeTable table = time_profile_table(profile);
    assert_int_equal(table.rows.count, 0);
    assert_true(time_share(profile, &profile->all) == 0);
    Text text = {0};
    TimeProfileWords words = {"interpreter", "program", 5};
    time_profile_print_text(profile, &table, &words, &text);
    assert_null(strstr(text_chars(&text), "nan"));
    text_free(&text);
    time_profile_print_json(profile, &table, &words, &text);
    assert_null(strstr(text_chars(&text), "nan"));
    assert_int_equal(time_profile_stacks(profile, "program").count, 0);
    text_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sample_is_of_one_kind),
        cmocka_unit_test(lists_begin_with_what_took_most),
        cmocka_unit_test(the_table_is_that_of_the_shared_dispatch),
        cmocka_unit_test(or_of_the_bytecode_that_took_most),
        cmocka_unit_test(or_of_the_one_that_was_chosen),
        cmocka_unit_test(stacks_say_where_each_sample_was),
        cmocka_unit_test(of_nothing_nothing_is_told),
    };
    return cmocka_run_group_tests(tests, read_anatomy, close_anatomy);
}
