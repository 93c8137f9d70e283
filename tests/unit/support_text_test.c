// Text buffers, and whole files that are read.
#include "support/text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[64];

static int make_directory(void **state) {
    (void)state;
    strcpy(directory, "/tmp/support_text_XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state) {
    (void)state;
    return rmdir(directory);
}

static const char *path_of(const char *name) {
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static void an_empty_buffer_is_an_empty_string(void **state) {
    (void)state;
    Text text = {0};
    assert_string_equal(text_chars(&text), "");
    text_free(&text);
}

static void strings_bytes_and_formats_are_appended(void **state) {
    (void)state;
    Text text = {0};
    text_add(&text, "a");
    text_add_bytes(&text, "b\0c", 3);
    text_add_bytes(&text, NULL, 0);
    text_addf(&text, "%d%%%s", 12, "d");
    assert_int_equal(text.length, 8);
    assert_memory_equal(text_chars(&text), "ab\0c12%d", 9);
    text_free(&text);
    assert_int_equal(text.length, 0);
    text_add(&text, "again");
    assert_string_equal(text_chars(&text), "again");
    text_free(&text);
}

static void a_buffer_grows_as_needed(void **state) {
    (void)state;
    Text text = {0};
    for (int i = 0; i < 100000; i++)
        text_add(&text, "0123456789");
    text_addf(&text, "%2000000d", 1);
    assert_int_equal(text.length, 3000000);
    assert_memory_equal(text.chars + 999990, "0123456789 ", 11);
    assert_int_equal(strlen(text.chars), 3000000);
    text_free(&text);
}

static void what_cannot_be_read_says_why(void **state) {
    (void)state;
    Text text = {0};
    assert_false(text_read_file(&text, path_of("missing")));
    assert_int_equal(errno, ENOENT);
    assert_false(text_read_file(&text, directory));
    assert_int_equal(errno, EISDIR);
    assert_int_equal(text.length, 0);
}

static void more_than_the_limit_is_not_read(void **state) {
    (void)state;
    FILE *file = fopen(path_of("five"), "w");
    assert_non_null(file);
    fputs("12345", file);
    fclose(file);
    Text read = {0};
    assert_true(text_read_file_up_to(&read, path_of("five"), 5));
    assert_string_equal(text_chars(&read), "12345");
    text_free(&read);
    assert_false(text_read_file_up_to(&read, path_of("five"), 4));
    assert_int_equal(errno, EFBIG);
    assert_int_equal(read.length, 0);
    unlink(path_of("five"));
    // The size of a device isn't known before.
    assert_false(text_read_file_up_to(&read, "/dev/zero", 100000));
    assert_int_equal(errno, EFBIG);
    text_free(&read);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_is_an_empty_string),
        cmocka_unit_test(strings_bytes_and_formats_are_appended),
        cmocka_unit_test(a_buffer_grows_as_needed),
        cmocka_unit_test(what_cannot_be_read_says_why),
        cmocka_unit_test(more_than_the_limit_is_not_read),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
