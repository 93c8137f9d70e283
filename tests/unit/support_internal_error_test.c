// An internal error says what it is and ends the process by SIGABRT.
#include "support/internal_error.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void an_internal_error_is_reported_and_aborts(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        signal(SIGABRT, SIG_DFL); // cmocka catches it
        dup2(ends[1], STDERR_FILENO);
        internal_error("a test of %d lines", 1);
    }
    close(ends[1]);
    char text[200] = "";
    size_t length = 0;
    for (ssize_t count; (count = read(ends[0], text + length, sizeof text - 1 - length)) > 0;)
        length += (size_t)count;
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_string_equal(text, "support_internal_error_test: internal error: a test of 1 lines\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_internal_error_is_reported_and_aborts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
