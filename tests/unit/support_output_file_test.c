// Outputs: whole or not at all, whatever stops them.
#include "support/interruption.h"
#include "support/output_file.h"
#include "support/streams.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];

static int make_folder(void **state) {
    (void)state;
    streams_start();
    strcpy(folder, "/tmp/support_output_XXXXXX");
    return mkdtemp(folder) ? chdir(folder) : -1;
}

static int remove_folder(void **state) {
    (void)state;
    return chdir("/") | rmdir(folder);
}

static void write_text(const char *name, const char *chars) {
    Text text = {0};
    text_add(&text, chars);
    assert_true(output_file_write(name, &text));
    text_free(&text);
}

// The errno with which writing these bytes fails; 0: it doesn't.
static int refusal(const char *name, const char *chars) {
    Text text = {0};
    text_add(&text, chars);
    int error = output_file_write(name, &text) ? 0 : errno;
    text_free(&text);
    return error;
}

static void assert_holds(const char *name, const char *expected) {
    Text text = {0};
    assert_true(text_read_file(&text, name));
    assert_string_equal(text_chars(&text), expected);
    text_free(&text);
}

static mode_t mode_of(const char *name) {
    struct stat status;
    assert_int_equal(lstat(name, &status), 0);
    return status.st_mode;
}

// Removes these files, and asserts that there are no others.
static void assert_only(const char *const *names) {
    for (; *names; names++)
        assert_int_equal(unlink(*names), 0);
    DIR *stream = opendir(".");
    for (const struct dirent *entry; (entry = readdir(stream));)
        assert_int_equal(entry->d_name[0], '.'), assert_true(strlen(entry->d_name) <= 2);
    closedir(stream);
}
#define ASSERT_ONLY(...) assert_only((const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static void a_file_reads_back_as_it_was_written(void **state) {
    (void)state;
    Text text = {0}, again = {0};
    for (int i = 0; i < 100000; i++)
        text_add_bytes(&text, (char[]){(char)i}, 1);
    assert_true(output_file_write("file", &text));
    assert_true(text_read_file(&again, "file"));
    assert_int_equal(again.length, text.length);
    assert_memory_equal(again.chars, text.chars, text.length);
    text_free(&text);
    text_free(&again);
    write_text("file", "");
    assert_holds("file", "");
    ASSERT_ONLY("file");
}

static void what_cannot_be_written_says_why(void **state) {
    (void)state;
    char long_name[300];
    memset(long_name, 'x', sizeof long_name);
    long_name[299] = '\0';
    assert_int_equal(refusal("missing/file", "x"), ENOENT);
    assert_int_equal(refusal(folder, "x"), EISDIR);
    assert_int_equal(refusal(".", "x"), EISDIR);
    assert_int_equal(refusal("new/", "x"), EISDIR);
    assert_int_equal(refusal("", "x"), ENOENT);
    assert_int_equal(refusal("/dev/null/file", "x"), ENOTDIR);
    assert_int_equal(refusal(long_name, "x"), ENAMETOOLONG);
    assert_int_equal(refusal("/dev/fd/1000", "x"), EBADF);
    ASSERT_ONLY();
}

static void a_name_may_be_as_long_as_a_name_can_be(void **state) {
    (void)state;
    char name[256];
    memset(name, 'x', sizeof name);
    name[255] = '\0';
    write_text(name, "long");
    assert_holds(name, "long");
    ASSERT_ONLY(name);
}

static void a_name_may_begin_with_a_dash(void **state) {
    (void)state;
    write_text("-x", "dash");
    assert_holds("./-x", "dash");
    ASSERT_ONLY("-x");
}

static void what_is_new_has_the_usual_permissions_and_what_is_replaced_its_own(void **state) {
    (void)state;
    mode_t mask = umask(027);
    write_text("file", "new");
    assert_int_equal(mode_of("file") & 07777, 0640);
    chmod("file", 0604);
    write_text("file", "newer");
    assert_int_equal(mode_of("file") & 07777, 0604);
    umask(mask);
    assert_holds("file", "newer");
    ASSERT_ONLY("file");
}

static void a_program_may_be_run_by_who_may_read_it(void **state) {
    (void)state;
    Arena *arena = arena_new();
    mode_t mask = umask(022);
    OutputFile output;
    for (int round = 0; round < 2; round++) {
        assert_true(output_file_begin(&output, arena, "program"));
        assert_true(output_file_finish(&output, true));
        assert_int_equal(mode_of("program") & 07777, round ? 0750 : 0755);
        chmod("program", 0640);
    }
    umask(mask);
    ASSERT_ONLY("program");
    arena_free(arena);
}

static void what_may_not_be_written_is_not_replaced(void **state) {
    (void)state;
    if (geteuid() == 0)
        skip(); // who may write everything
    write_text("file", "protected");
    chmod("file", 0444);
    assert_int_equal(refusal("file", "new"), EACCES);
    assert_holds("file", "protected");
    ASSERT_ONLY("file");
}

static void a_link_is_followed_and_stays(void **state) {
    (void)state;
    mkdir("there", 0777);
    write_text("there/file", "old");
    assert_int_equal(symlink("file", "there/link"), 0);
    assert_int_equal(symlink("there/link", "link"), 0);
    assert_int_equal(symlink("there/new", "dangling"), 0);
    write_text("link", "through two links");
    write_text("dangling", "made");
    assert_true(S_ISLNK(mode_of("link")) && S_ISLNK(mode_of("there/link")));
    assert_holds("there/file", "through two links");
    assert_holds("there/new", "made");
    assert_int_equal(symlink("round", "round"), 0);
    assert_int_equal(refusal("round", "x"), ELOOP);
    unlink("there/file"), unlink("there/link"), unlink("there/new");
    assert_int_equal(rmdir("there"), 0);
    ASSERT_ONLY("link", "dangling", "round");
}

static void a_device_is_written_and_stays(void **state) {
    (void)state;
    assert_int_equal(refusal("/dev/null", "x"), 0);
    assert_true(S_ISCHR(mode_of("/dev/null")));
    struct stat status;
    if (stat("/dev/full", &status) != 0 || !S_ISCHR(status.st_mode))
        skip();
    assert_int_equal(refusal("/dev/full", "x"), ENOSPC);
    assert_true(S_ISCHR(mode_of("/dev/full")));
    ASSERT_ONLY();
}

static void a_pipe_with_a_name_gets_the_text(void **state) {
    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    pid_t child = fork();
    if (child == 0) {
        write_text("pipe", "by pipe");
        _exit(0);
    }
    char read_back[16] = "";
    int reader = open("pipe", O_RDONLY);
    assert_int_equal(read(reader, read_back, sizeof read_back), 7);
    assert_string_equal(read_back, "by pipe");
    close(reader);
    waitpid(child, NULL, 0);
    assert_true(S_ISFIFO(mode_of("pipe")));
    ASSERT_ONLY("pipe");
}

// Whatever the name: a stream that leads to a file goes on in it where it was.
static void a_stream_is_not_opened_anew(void **state) {
    (void)state;
    int file = open("file", O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(file, "before ", 7), 7);
    char name[32], link[32];
    snprintf(name, sizeof name, "/dev/fd/%d", file);
    write_text(name, "by number ");
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    assert_int_equal(symlink(link, "link"), 0);
    write_text("link", "by link ");
    int stdout_before = dup(STDOUT_FILENO);
    fflush(stdout);
    dup2(file, STDOUT_FILENO);
    printf("printed ");
    write_text("-", "stdout ");
    write_text("/dev/stdout", "again");
    dup2(stdout_before, STDOUT_FILENO);
    close(stdout_before);
    close(file);
    assert_holds("file", "before by number by link printed stdout again");
    ASSERT_ONLY("file", "link");
}

static void a_limit_leaves_what_was_there(void **state) {
    (void)state;
    write_text("file", "old");
    struct rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 4;
    setrlimit(RLIMIT_FSIZE, &limit);
    int error = refusal("file", "longer than that"), new_error = refusal("new", "longer");
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(error, EFBIG);
    assert_int_equal(new_error, EFBIG);
    assert_holds("file", "old");
    ASSERT_ONLY("file");
}

static void what_is_abandoned_leaves_what_was_there(void **state) {
    (void)state;
    write_text("file", "old");
    Arena *arena = arena_new();
    OutputFile output;
    assert_true(output_file_begin(&output, arena, "file"));
    assert_string_not_equal(output.path, "file");
    output_file_abandon(&output);
    assert_holds("file", "old");
    arena_free(arena);
    ASSERT_ONLY("file");
}

// In a child that begins an output and is ended by each of these.
static void a_signal_leaves_what_was_there(void **state) {
    (void)state;
    static const int signals[] = {SIGHUP, SIGINT, SIGTERM, SIGQUIT, SIGXCPU, SIGALRM, SIGUSR1};
    FILE *file = fopen("file", "w");
    fputs("old", file);
    fclose(file);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            Arena *arena = arena_new();
            OutputFile output;
            signal(signals[i], SIG_DFL);
            if (output_file_begin(&output, arena, "file"))
                raise(signals[i]);
            _exit(1);
        }
        int status;
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signals[i]);
        assert_holds("file", "old");
    }
    ASSERT_ONLY("file");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        // First: its children catch the signals, and not we.
        cmocka_unit_test(a_signal_leaves_what_was_there),
        cmocka_unit_test(a_file_reads_back_as_it_was_written),
        cmocka_unit_test(what_cannot_be_written_says_why),
        cmocka_unit_test(a_name_may_be_as_long_as_a_name_can_be),
        cmocka_unit_test(a_name_may_begin_with_a_dash),
        cmocka_unit_test(what_is_new_has_the_usual_permissions_and_what_is_replaced_its_own),
        cmocka_unit_test(a_program_may_be_run_by_who_may_read_it),
        cmocka_unit_test(what_may_not_be_written_is_not_replaced),
        cmocka_unit_test(a_link_is_followed_and_stays),
        cmocka_unit_test(a_device_is_written_and_stays),
        cmocka_unit_test(a_pipe_with_a_name_gets_the_text),
        cmocka_unit_test(a_stream_is_not_opened_anew),
        cmocka_unit_test(a_limit_leaves_what_was_there),
        cmocka_unit_test(what_is_abandoned_leaves_what_was_there),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
