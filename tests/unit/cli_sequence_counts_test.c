// How often sequences of bytecodes are executed.
#include "cli/profile/sequence_counts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// A program with one run.
static ProfiledProgram program_of(int *opcodes, int count, uint64_t times, double weight,
                                  StraightRun *run) {
    *run = (StraightRun){opcodes, count, times};
    return (ProfiledProgram){.words = "", .runs = {run, 1, 1}, .weight = weight};
}

static double times_of(const SequenceCounts *counts, int count, int first, int second) {
    double found = 0;
    for (size_t i = 0; i < counts->items.count; i++) {
        const Sequence *sequence = &counts->items.items[i].sequence;
        if (sequence->count == count && sequence->opcodes[0] == first &&
            (count < 2 || sequence->opcodes[1] == second)) {
            assert_true(found == 0); // each once
            found = counts->items.items[i].times;
        }
    }
    return found;
}

static void sequences_overlap_and_are_as_long_as_asked_for(void **state) {
    (void)state;
    Arena *arena = arena_new();
    StraightRun run;
    ProfiledProgram program = program_of((int[]){5, 5, 5, 2}, 4, 10, 1, &run);
    ProfiledPrograms programs = {&program, 1, 1};
    SequenceCounts counts = sequence_counts(arena, &programs, 2);
    assert_true(counts.bytecodes == 40);
    assert_int_equal(counts.items.count, 4);
    assert_true(times_of(&counts, 1, 5, 0) == 30);
    assert_true(times_of(&counts, 1, 2, 0) == 10);
    assert_true(times_of(&counts, 2, 5, 5) == 20);
    assert_true(times_of(&counts, 2, 5, 2) == 10);
    arena_free(arena);
}

static void shorter_ones_come_first_then_the_more_frequent(void **state) {
    (void)state;
    Arena *arena = arena_new();
    StraightRun run;
    ProfiledProgram program = program_of((int[]){1, 2, 2}, 3, 1, 1, &run);
    ProfiledPrograms programs = {&program, 1, 1};
    SequenceCounts counts = sequence_counts(arena, &programs, 3);
    assert_int_equal(counts.items.count, 5);
    assert_int_equal(counts.items.items[0].sequence.opcodes[0], 2);
    assert_int_equal(counts.items.items[1].sequence.opcodes[0], 1);
    assert_int_equal(counts.items.items[2].sequence.opcodes[1], 2);
    assert_int_equal(counts.items.items[4].sequence.count, 3);
    arena_free(arena);
}

static void programs_count_by_their_weights(void **state) {
    (void)state;
    Arena *arena = arena_new();
    StraightRun runs[2];
    ProfiledProgram both[] = {program_of((int[]){1}, 1, 4, 0.5, &runs[0]),
                              program_of((int[]){1, 3}, 2, 1, 2, &runs[1])};
    ProfiledPrograms programs = {both, 2, 2};
    SequenceCounts counts = sequence_counts(arena, &programs, 1);
    assert_true(times_of(&counts, 1, 1, 0) == 4);
    assert_true(times_of(&counts, 1, 3, 0) == 2);
    assert_true(counts.bytecodes == 6);
    arena_free(arena);
}

// More of them than the table has room for at first.
static void there_may_be_many(void **state) {
    (void)state;
    Arena *arena = arena_new();
    enum { MANY = 3000 };
    int *opcodes = ARENA_ARRAY(arena, int, MANY);
    for (int i = 0; i < MANY; i++)
        opcodes[i] = i;
    StraightRun run;
    ProfiledProgram program = program_of(opcodes, MANY, 1, 1, &run);
    ProfiledPrograms programs = {&program, 1, 1};
    SequenceCounts counts = sequence_counts(arena, &programs, 2);
    assert_int_equal(counts.items.count, MANY + MANY - 1);
    for (size_t i = 0; i < counts.items.count; i++)
        assert_true(counts.items.items[i].times == 1);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_overlap_and_are_as_long_as_asked_for),
        cmocka_unit_test(shorter_ones_come_first_then_the_more_frequent),
        cmocka_unit_test(programs_count_by_their_weights),
        cmocka_unit_test(there_may_be_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
