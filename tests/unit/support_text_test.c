// Text buffers and whole files.
#include "support/text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

static void a_file_reads_back_as_it_was_written(void **state) {
    (void)state;
    Text text = {0}, again = {0};
    for (int i = 0; i < 100000; i++)
        text_add_bytes(&text, (char[]){(char)i}, 1);
    assert_true(text_write_file(&text, path_of("file")));
    assert_true(text_read_file(&again, path_of("file")));
    assert_int_equal(again.length, text.length);
    assert_memory_equal(again.chars, text.chars, text.length);
    text_free(&text);
    text_free(&again);
    assert_true(text_write_file(&text, path_of("file")));
    assert_true(text_read_file(&again, path_of("file")));
    assert_int_equal(again.length, 0);
    unlink(path_of("file"));
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

static void what_cannot_be_written_says_why(void **state) {
    (void)state;
    Text text = {0};
    text_add(&text, "x");
    assert_false(text_write_file(&text, path_of("missing/file")));
    assert_int_equal(errno, ENOENT);
    assert_false(text_write_file(&text, directory));
    assert_int_equal(errno, EISDIR);
    text_free(&text);
}

static void a_full_device_is_noticed_and_not_removed(void **state) {
    (void)state;
    struct stat status;
    if (stat("/dev/full", &status) != 0 || !S_ISCHR(status.st_mode))
        skip();
    Text text = {0};
    text_add(&text, "x");
    assert_false(text_write_file(&text, "/dev/full"));
    assert_int_equal(errno, ENOSPC);
    assert_int_equal(stat("/dev/full", &status), 0);
    text_free(&text);
}

static void more_than_the_limit_is_not_read(void **state) {
    (void)state;
    Text text = {0};
    text_add(&text, "12345");
    assert_true(text_write_file(&text, path_of("five")));
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
    text_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_is_an_empty_string),
        cmocka_unit_test(strings_bytes_and_formats_are_appended),
        cmocka_unit_test(a_buffer_grows_as_needed),
        cmocka_unit_test(a_file_reads_back_as_it_was_written),
        cmocka_unit_test(what_cannot_be_read_says_why),
        cmocka_unit_test(what_cannot_be_written_says_why),
        cmocka_unit_test(a_full_device_is_noticed_and_not_removed),
        cmocka_unit_test(more_than_the_limit_is_not_read),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
