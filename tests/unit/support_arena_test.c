// Arenas: zeroed, aligned, of any size; vectors that grow.
#include "support/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static int new_arena(void **state) {
    *state = arena_new();
    return 0;
}

static int free_arena(void **state) {
    arena_free(*state);
    return 0;
}

static void memory_is_zeroed_and_aligned(void **state) {
    Arena *arena = *state;
    for (size_t size = 0; size < 300; size++) {
        unsigned char *memory = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(memory[i], 0);
            memory[i] = 0xAA;
        }
    }
}

static void what_is_reserved_is_handed_out_in_order(void **state) {
    Arena *arena = *state;
    arena_reserve(arena, 1 << 16);
    char *first = arena_alloc(arena, 32), *last = first;
    for (int i = 1; i < 2000; i++)
        last = arena_alloc(arena, 32);
    assert_ptr_equal(last, first + 1999 * 32);
    arena_reserve(arena, 1); // less than a page
    memory_is_zeroed_and_aligned(state);
}

static void allocations_do_not_overlap(void **state) {
    Arena *arena = *state;
    enum { COUNT = 2000 };
    unsigned char *pieces[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        pieces[i] = arena_alloc(arena, i);
        memset(pieces[i], (int)(i & 0xFF), i);
    }
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < i; j++)
            assert_true(pieces[i][j] == (i & 0xFF));
    }
}

static void large_pieces_may_follow_and_precede_small_ones(void **state) {
    Arena *arena = *state;
    char *small = arena_strdup(arena, "small");
    unsigned char *large = arena_alloc(arena, 20 * 1024 * 1024);
    memset(large, 0xFF, 20 * 1024 * 1024);
    char *last = arena_strdup(arena, "last");
    assert_string_equal(small, "small");
    assert_string_equal(last, "last");
    assert_int_equal(large[20 * 1024 * 1024 - 1], 0xFF);
}

static void strings_are_copied(void **state) {
    Arena *arena = *state;
    char source[] = "text";
    char *whole = arena_strdup(arena, source), *part = arena_strndup(arena, source, 2);
    source[0] = 'X';
    assert_string_equal(whole, "text");
    assert_string_equal(part, "te");
    assert_string_equal(arena_strndup(arena, source, 0), "");
    assert_memory_equal(arena_strndup(arena, "a\0b", 3), "a\0b", 4);
}

static void strings_are_formatted_at_any_length(void **state) {
    Arena *arena = *state;
    assert_string_equal(arena_printf(arena, "%s-%d", "x", 7), "x-7");
    char *wide = arena_printf(arena, "%100000d", 1);
    assert_int_equal(strlen(wide), 100000);
    assert_int_equal(wide[99999], '1');
}

static void vectors_grow_and_keep_their_items(void **state) {
    Arena *arena = *state;
    ARENA_VECTOR(int) vector = {0};
    for (int i = 0; i < 10000; i++)
        ARENA_PUSH(arena, &vector, i);
    assert_int_equal(vector.count, 10000);
    assert_true(vector.capacity >= vector.count);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(vector.items[i], i);
}

static void typed_allocation_is_zeroed(void **state) {
    Arena *arena = *state;
    struct pair {
        void *a;
        int b;
    } *one = ARENA_NEW(arena, struct pair), *many = ARENA_ARRAY(arena, struct pair, 3);
    assert_null(one->a);
    assert_int_equal(many[2].b, 0);
}

static void freeing_no_arena_is_allowed(void **state) {
    (void)state;
    arena_free(NULL);
}

static void more_than_there_is_ends_the_program_with_a_message(void **state) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        arena_alloc(*state, SIZE_MAX - 100);
        _exit(0);
    }
    close(ends[1]);
    char message[64] = "";
    assert_true(read(ends[0], message, sizeof message - 1) > 0);
    close(ends[0]);
    assert_string_equal(message, "error: out of memory\n");
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(what_is_reserved_is_handed_out_in_order),
        cmocka_unit_test(allocations_do_not_overlap),
        cmocka_unit_test(large_pieces_may_follow_and_precede_small_ones),
        cmocka_unit_test(strings_are_copied),
        cmocka_unit_test(strings_are_formatted_at_any_length),
        cmocka_unit_test(vectors_grow_and_keep_their_items),
        cmocka_unit_test(typed_allocation_is_zeroed),
        cmocka_unit_test(more_than_there_is_ends_the_program_with_a_message),
        cmocka_unit_test(freeing_no_arena_is_allowed),
    };
    return cmocka_run_group_tests(tests, new_arena, free_arena);
}
