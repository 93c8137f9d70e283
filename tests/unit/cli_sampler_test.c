// Sampling where there is no process to sample. (That samples come is tests/cli/profile-time.test's
// subject, where the kernel gives any.)
#include "cli/profile/sampler.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

// In libc's place: there are too many processes.
pid_t fork(void) {
    errno = EAGAIN;
    return -1;
}

static int open_files(void) {
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void nothing_stays_open_where_no_process_can_be_made(void **state) {
    (void)state;
    char *const words[] = {"/bin/true", NULL};
    int before = open_files();
    Arena *arena = arena_new();
    Samples samples;
    assert_false(sampler_run(arena, words[0], words, 100, false, &samples));
    assert_int_equal(samples.items.count, 0);
    arena_free(arena);
    assert_int_equal(open_files(), before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_stays_open_where_no_process_can_be_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
