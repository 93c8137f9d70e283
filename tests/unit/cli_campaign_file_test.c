// Campaigns in files: which words a file is, and that what is wrong in it is said with its place,
// whether the file's form is wrong or an option's value.
#include "cli/bench/campaign_file.h"

#include "cli/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/loopwright-campaign-XXXXXX";
static Arena *arena;

static int begin_all(void **state) {
    (void)state;
    int file = mkstemp(path);
    return file < 0 || close(file) != 0;
}

static int end_all(void **state) {
    (void)state;
    return unlink(path);
}

static int begin(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static void write_file(const char *text, size_t length) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

// ---- What is said on stderr ---------------------------------------------------------------------

typedef struct Listening {
    FILE *into;
    int before;
} Listening;

static Listening listen(void) {
    Listening listening = {tmpfile(), dup(STDERR_FILENO)};
    assert_non_null(listening.into);
    dup2(fileno(listening.into), STDERR_FILENO);
    return listening;
}

// What was said, with the file's name as FILE.
static const char *heard(const Listening *listening) {
    fflush(stderr);
    dup2(listening->before, STDERR_FILENO);
    close(listening->before);
    char chars[4096];
    rewind(listening->into);
    chars[fread(chars, 1, sizeof chars - 1, listening->into)] = '\0';
    fclose(listening->into);
    const char *all = "", *rest = chars;
    for (const char *at; (at = strstr(rest, path)); rest = at + strlen(path))
        all = arena_printf(arena, "%s%.*sFILE", all, (int)(at - rest), rest);
    return arena_printf(arena, "%s%s", all, rest);
}

// ---- Words --------------------------------------------------------------------------------------

// The words, each in brackets with its place; or what is said on stderr.
static const char *words_in(const char *text, size_t length) {
    write_file(text, length);
    OptionFile file;
    Listening listening = listen();
    bool good = campaign_file_read(arena, path, &file);
    const char *said = heard(&listening);
    if (!good)
        return said;
    assert_string_equal(said, "");
    const char *all = "";
    for (size_t i = 0; i < file.count; i++)
        all = arena_printf(arena, "%s%d:%d[%s]", all, file.places[i].line, file.places[i].column,
                           file.words[i]);
    return all;
}

static const char *words_of(const char *text) {
    return words_in(text, strlen(text));
}

static void a_line_is_an_option(void **state) {
    (void)state;
    assert_string_equal(words_of("# ours\n\n--runs=9\n  --variant=-O0 -fno-dce \n"
                                 "-cp bench/programs\n\t-o\ta b \n --json"),
                        "3:1[--runs=9]4:3[--variant=-O0 -fno-dce]5:1[-cp]5:5[bench/programs]"
                        "6:2[-o]6:5[a b]7:2[--json]");
    assert_string_equal(words_of(""), "");
    assert_string_equal(words_of("\n \n#"), "");
    assert_string_equal(words_of("--runs=3\r\n-cp a\r\n"), "1:1[--runs=3]2:1[-cp]2:5[a]");
    assert_string_equal(words_of("--name="), "1:1[--name=]");
    assert_string_equal(words_of("--name=a=b # c"), "1:1[--name=a=b # c]");
    assert_string_equal(words_of("--name=\xff\x01"), "1:1[--name=\xff\x01]");
}

static void what_is_no_option_is_an_error(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"Harness\n", "FILE:1:1: error: an option is wanted, or a comment, which begins with '#'\n"
                      "Harness\n^\n"},
        {"--json\n  -\n",
         "FILE:2:3: error: an option is wanted, or a comment, which begins with '#'"
         "\n  -\n  ^\n"},
        {"--runs 9", "FILE:1:7: error: an option's value stands behind a '=': --runs=VALUE\n"
                     "--runs 9\n      ^\n"},
        {"--variant='-O0'",
         "FILE:1:11: error: quotes mean nothing here: the value is the rest of the "
         "line\n--variant='-O0'\n          ^\n"},
        {"-O2",
         "FILE:1:4: error: a value is wanted behind '-O2'; flags of an interpreter are given by "
         "--variant=FLAGS\n-O2\n   ^\n"},
        {"-cp\n--json",
         "FILE:1:4: error: a value is wanted behind '-cp'; flags of an interpreter are "
         "given by --variant=FLAGS\n-cp\n   ^\n"},
        {"--campaign=b",
         "FILE:1:1: error: a campaign file can't name another one\n--campaign=b\n^\n"},
        {"-h", "FILE:1:1: error: help is asked for on the command line\n-h\n^\n"},
        {"--", "FILE:1:1: error: there is nothing to end by '--': each line is an option\n--\n^\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(words_of(cases[i][0]), cases[i][1]);
}

static void all_errors_of_a_file_are_said(void **state) {
    (void)state;
    const char *said = words_of("one\n--runs=3\ntwo\n");
    assert_non_null(strstr(said, "FILE:1:1: error: "));
    assert_non_null(strstr(said, "FILE:3:1: error: "));
}

static void what_is_no_text_is_an_error(void **state) {
    (void)state;
    static const char nothing[] = "--json\n--n=\0b\n";
    assert_string_equal(words_in(nothing, sizeof nothing - 1),
                        "FILE:2:5: error: there is a NUL byte\n");
    char *much = arena_alloc(arena, (1 << 20) + 1);
    memset(much, '#', (1 << 20) + 1);
    assert_string_equal(words_in(much, 1 << 20), "");
    assert_string_equal(words_in(much, (1 << 20) + 1),
                        "loopwright: error: can't read the campaign FILE: File too large\n");
    OptionFile file;
    Listening listening = listen();
    bool good = campaign_file_read(arena, "/nowhere/at/all", &file);
    assert_string_equal(heard(&listening), "loopwright: error: can't read the campaign "
                                           "/nowhere/at/all: No such file or directory\n");
    assert_false(good);
}

// ---- With the command line ----------------------------------------------------------------------

typedef struct Taken {
    int runs;
    bool json;
    const char *folder, *campaign, *last;
} Taken;

static int take_last(const Command *command, void *into, const char *value) {
    if (*value == '!')
        return command_usage_error(command, "not that: %s", value);
    ((Taken *)into)->last = value;
    return EXIT_OK;
}

static const Option option_list[] = {
    {OPTION_NUMBER, "--runs", "N", "", .offset = offsetof(Taken, runs), .least = 1, .most = 9},
    {OPTION_SWITCH, "--json", NULL, "", .offset = offsetof(Taken, json)},
    {OPTION_TEXT, "-cp", "DIR", "", .offset = offsetof(Taken, folder)},
    {OPTION_TEXT, "--campaign", "FILE", "", .offset = offsetof(Taken, campaign)},
    {OPTION_CALL, "--last", "X", "", .take = take_last},
};

static const OptionTable options = {.options = option_list,
                                    .count = sizeof option_list / sizeof *option_list};
static const Command command = {.name = "try", .options = &options};

// Parses the file with these words after it; what is said goes to `*said`.
static int parse(const char *text, int argc, const char *const *own, Taken *taken,
                 const char **said) {
    write_file(text, strlen(text));
    *taken = (Taken){0};
    OptionFile file;
    assert_true(campaign_file_read(arena, path, &file));
    char **argv = campaign_file_splice(arena, &file, &argc, (char *const *)own);
    int status;
    Listening listening = listen();
    bool good = options_parse_file(&command, taken, &file, argc, argv, &status);
    *said = heard(&listening);
    assert_int_equal(good, status == EXIT_OK);
    return status;
}

static void the_command_line_wins(void **state) {
    (void)state;
    Taken taken;
    const char *said, *const own[] = {"--runs=2", "--last=own"};
    assert_int_equal(parse("--runs=7\n--json\n-cp a folder\n--last=file", 2, own, &taken, &said),
                     EXIT_OK);
    assert_string_equal(said, "");
    assert_int_equal(taken.runs, 2);
    assert_true(taken.json);
    assert_string_equal(taken.folder, "a folder");
    assert_string_equal(taken.last, "own");
}

static void an_error_is_where_it_stands(void **state) {
    (void)state;
    Taken taken;
    const char *said, *const own[] = {"--runs=no"};
    assert_int_equal(parse("--json\n --runs=many\n", 0, NULL, &taken, &said), EXIT_FAILED);
    assert_string_equal(said, "FILE:2:2: error: --runs=many: a number from 1 to 9 is wanted\n"
                              " --runs=many\n ^\n");
    assert_int_equal(parse("\n--last=!\n", 0, NULL, &taken, &said), EXIT_FAILED);
    assert_string_equal(said, "FILE:2:1: error: not that: !\n--last=!\n^\n");
    assert_int_equal(parse("--what=1", 0, NULL, &taken, &said), EXIT_FAILED);
    assert_string_equal(said, "FILE:1:1: error: unknown flag '--what=1'\n--what=1\n^\n");
    assert_int_equal(parse("--json", 1, own, &taken, &said), EXIT_USAGE);
    assert_string_equal(said, "loopwright try: error: --runs=no: a number from 1 to 9 is wanted\n"
                              "Try `loopwright try --help`.\n");
}

static void the_last_file_that_is_named_counts(void **state) {
    (void)state;
    char *const words[] = {"--json", "--campaign=a", "--campaign=b", "--", "--campaign=c"};
    assert_string_equal(campaign_file_named(5, words), "b");
    assert_string_equal(campaign_file_named(2, words), "a");
    assert_null(campaign_file_named(1, words));
    char *const nothing[] = {"--campaign=", "--campaign", "--campaigns=d"};
    assert_null(campaign_file_named(3, nothing));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_is_an_option, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_option_is_an_error, begin, end),
        cmocka_unit_test_setup_teardown(all_errors_of_a_file_are_said, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_text_is_an_error, begin, end),
        cmocka_unit_test_setup_teardown(the_command_line_wins, begin, end),
        cmocka_unit_test_setup_teardown(an_error_is_where_it_stands, begin, end),
        cmocka_unit_test_setup_teardown(the_last_file_that_is_named_counts, begin, end),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
