// What LLVM is told: flags as words, and back.
#include "backend/llvm/flags/llvm_flags.h"
#include "support/choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// Takes the words, which have to be right, and gives what the flags say of themselves.
static void assert_words(const char *const *given, const char *const *expected) {
    Arena *arena = arena_new();
    LlvmFlags flags = {0};
    Text error = {0};
    for (; *given; given++)
        assert_int_equal(llvm_flags_take(&flags, *given, &error), LLVM_FLAG_TAKEN);
    const char *words[LLVM_FLAGS + LLVM_MOST_OPTIONS];
    size_t count = llvm_flags_words(&flags, arena, words);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(expected[i]);
        assert_string_equal(words[i], expected[i]);
    }
    assert_null(expected[count]);
    assert_int_equal(error.length, 0);
    arena_free(arena);
}
#define WORDS(...) ((const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static void what_is_at_its_default_is_not_said(void **state) {
    (void)state;
    assert_words(WORDS(), WORDS());
    assert_words(WORDS("--cpu=generic", "--llvm-tail-dup=off", "--sanitize=none"), WORDS());
    assert_words(WORDS("--llvm-alias=full", "--llvm-alias=none"), WORDS());
}

static void the_rest_is_said_in_the_order_of_the_table(void **state) {
    (void)state;
    assert_words(
        WORDS("--cpu=native", "--llvm-option=-x", "--llvm-tail-dup=on", "--llvm-option=-y=2"),
        WORDS("--llvm-tail-dup=on", "--cpu=native", "--llvm-option=-x", "--llvm-option=-y=2"));
    assert_words(WORDS("--llvm-placement=2", "--llvm-tail-dup=12", "--llvm-layout=default"),
                 WORDS("--llvm-layout=default", "--llvm-placement=2", "--llvm-tail-dup=12"));
    assert_words(WORDS("--llvm-placement=2", "--llvm-placement=0"), WORDS());
    assert_words(WORDS("--llvm-tail-dup=007"), WORDS("--llvm-tail-dup=7"));
    assert_words(WORDS("--sanitize=address", "--sanitize=thread"), WORDS("--sanitize=thread"));
}

static void assert_taken(const char *word, LlvmFlagTaken expected, const char *said) {
    LlvmFlags flags = {0};
    Text error = {0};
    assert_int_equal(llvm_flags_take(&flags, word, &error), expected);
    assert_string_equal(text_chars(&error), said);
    text_free(&error);
}

static void what_is_wrong_is_said_and_what_is_another_s_is_left(void **state) {
    (void)state;
    assert_taken("--cpu=fast", LLVM_FLAG_WRONG, "'--cpu=fast' is not one of --cpu=generic|native");
    assert_taken("--cpu=", LLVM_FLAG_WRONG, "'--cpu=' is not one of --cpu=generic|native");
    assert_taken("--cpu=1", LLVM_FLAG_WRONG, "'--cpu=1' is not one of --cpu=generic|native");
    assert_taken("--llvm-placement=N", LLVM_FLAG_WRONG,
                 "'--llvm-placement=N' is not one of --llvm-placement=0|N");
    assert_taken("--llvm-placement=-1", LLVM_FLAG_WRONG,
                 "'--llvm-placement=-1' is not one of --llvm-placement=0|N");
    assert_taken("--llvm-tail-dup=1000001", LLVM_FLAG_WRONG,
                 "'--llvm-tail-dup=1000001' is not one of --llvm-tail-dup=off|on|N");
    assert_taken("--cpu=nat", LLVM_FLAG_WRONG, "'--cpu=nat' is not one of --cpu=generic|native");
    assert_taken("--llvm-option=x", LLVM_FLAG_WRONG,
                 "--llvm-option=x: an option of LLVM's begins with '-' and is one line");
    assert_taken("--llvm-option=-", LLVM_FLAG_WRONG,
                 "--llvm-option=-: an option of LLVM's begins with '-' and is one line");
    assert_taken("--cpu", LLVM_FLAG_NOT_MINE, "");
    assert_taken("-cpu=native", LLVM_FLAG_NOT_MINE, "");
    assert_taken("--llvm=19", LLVM_FLAG_NOT_MINE, "");
    assert_taken("", LLVM_FLAG_NOT_MINE, "");
}

static void there_is_room_for_so_many_options_and_no_more(void **state) {
    (void)state;
    LlvmFlags flags = {0};
    Text error = {0};
    for (int i = 0; i < LLVM_MOST_OPTIONS; i++)
        assert_int_equal(llvm_flags_take(&flags, "--llvm-option=-x", &error), LLVM_FLAG_TAKEN);
    assert_int_equal(llvm_flags_take(&flags, "--llvm-option=-x", &error), LLVM_FLAG_WRONG);
    assert_string_equal(text_chars(&error), "more than 32 options for LLVM");
    text_free(&error);
}

static void a_choice_is_found_by_its_whole_name(void **state) {
    (void)state;
    Arena *arena = arena_new();
    assert_int_equal(choice_find("native|eval", "native"), 0);
    assert_int_equal(choice_find("native|eval", "eval"), 1);
    assert_int_equal(choice_find("native|eval", "eva"), -1);
    assert_int_equal(choice_find("native|eval", ""), -1);
    assert_int_equal(choice_find("native|eval", "native|eval"), -1);
    assert_int_equal(choice_find("one", "one"), 0);
    assert_string_equal(choice_at("native|eval", 0, arena), "native");
    assert_string_equal(choice_at("native|eval", 1, arena), "eval");
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_at_its_default_is_not_said),
        cmocka_unit_test(the_rest_is_said_in_the_order_of_the_table),
        cmocka_unit_test(what_is_wrong_is_said_and_what_is_another_s_is_left),
        cmocka_unit_test(there_is_room_for_so_many_options_and_no_more),
        cmocka_unit_test(a_choice_is_found_by_its_whole_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
