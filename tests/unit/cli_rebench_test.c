// ReBench's files: data that becomes a campaign and comes back, the configuration of a campaign,
// and what is said of files that are none. All data here are made up.
#include "cli/bench/rebench_data.h"
#include "cli/bench/rebench_export.h"
#include "cli/bench/rebench_import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char path[] = "made-up.data"; // as messages call it
static Arena *arena;

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

// ---- Files --------------------------------------------------------------------------------------

static const char *said; // on stderr, by what was called last; the file is FILE

static Campaign *import(const char *text, size_t length) {
    Text data = {0};
    text_add_bytes(&data, text, length);
    FILE *into = tmpfile();
    int before = dup(STDERR_FILENO);
    dup2(fileno(into), STDERR_FILENO);
    Campaign *campaign = rebench_import(arena, path, &data);
    text_free(&data);
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    char chars[8192];
    rewind(into);
    chars[fread(chars, 1, sizeof chars - 1, into)] = '\0';
    fclose(into);
    const char *rest = chars;
    said = "";
    for (const char *at; (at = strstr(rest, path)); rest = at + strlen(path))
        said = arena_printf(arena, "%s%.*sFILE", said, (int)(at - rest), rest);
    said = arena_printf(arena, "%s%s", said, rest);
    return campaign;
}

// What the campaign has: "SUBJECT|PROGRAM run.placement MEDIAN: ITERATIONS" a line, in
// microseconds.
static const char *runs_of(const Campaign *campaign) {
    const char *all = "";
    for (size_t i = 0; campaign && i < campaign->measured.count; i++) {
        const CampaignRun *run = &campaign->measured.items[i];
        assert_int_equal(run->verdict, RUN_VERIFIED);
        all = arena_printf(
            arena, "%s%s|%s %d.%d %g:", all, campaign->subjects.items[run->subject].name,
            campaign->programs.items[run->program], run->run, run->placement, run->microseconds);
        for (size_t each = 0; each < run->iteration_count; each++)
            all = arena_printf(arena, "%s %g", all, run->iterations[each]);
        all = arena_printf(arena, "%s\n", all);
    }
    return campaign ? all : said;
}

static const char *imported(const char *text) {
    return runs_of(import(text, strlen(text)));
}

#define HEAD                                                                                       \
    "invocation\titeration\tvalue\tunit\tcriterion\tbenchmark\texecutor\tsuite\textraArgs\t"

// ---- Reading ------------------------------------------------------------------------------------

static void files_of_all_versions_are_read(void **state) {
    (void)state;
    static const char wanted[] =
        "fast|Sieve 100 0.0 2000: 1500 2500\nslow|Sieve 100 0.0 9000: 9000\n";
    // 1.0, which doesn't name the columns.
    assert_string_equal(imported("#!/usr/bin/rebench x.conf\n"
                                 "# Source: {}\n"
                                 "1\t1\t1.500000\tms\ttotal\tSieve\tfast\tsmall\t100\t1\t\t\n"
                                 "1\t2\t2.500000\tms\ttotal\tSieve\tfast\tsmall\t100\t1\t\t\n"
                                 "1\t1\t9\tms\ttotal\tSieve\tslow\tsmall\t100\t1\t\t\n"),
                        wanted);
    assert_string_equal(said, "");
    // 1.2 names them.
    assert_string_equal(imported(HEAD "cores\tinputSize\tvarValue\tmachine\n"
                                      "1\t1\t1500\tus\ttotal\tSieve\tfast\tsmall\t100\t1\t\t\t\n"
                                      "1\t2\t0.0025\ts\ttotal\tSieve\tfast\tsmall\t100\t1\t\t\t\n"
                                      "1\t1\t9e6\tns\ttotal\tSieve\tslow\tsmall\t100\t1\t\t\t\n"),
                        wanted);
    // 1.3 has more of them, and benchmarks in comments.
    assert_string_equal(
        imported("#!/usr/bin/rebench x.conf\n# Execution Start: 2026-01-02T03:04:05\n" HEAD
                 "cores\tinputSize\tvarValue\ttag\tmachine\trunId\n"
                 "# benchmark: 0={\"name\":\"Sieve\"}\n"
                 "# run_id: 0={\"benchmark_id\":0}\n"
                 "1\t1\t1.5\tms\ttotal\tSieve\tfast\tsmall\t100\t1\t\t\t\t\t0\n"
                 "1\t2\t2.5\tms\ttotal\tSieve\tfast\tsmall\t100\t1\t\t\t\t\t0\n"
                 "# run_id: 1={\"benchmark_id\":0}\n"
                 "1\t1\t9\tms\ttotal\tSieve\tslow\tsmall\t100\t1\t\t\t\t\t1\n"),
        wanted);
}

static void a_file_says_when_and_where_it_was_made(void **state) {
    (void)state;
    static const char text[] =
        "# Execution Start: 2026-01-02T03:04:05\r\n"
        "# Environment: {\"cpu\":\"Made "
        "up\",\"osType\":\"Linux\",\"software\":[{\"name\":\"kernel\","
        "\"version\":\"#1\"},{\"name\":\"kernel-release\",\"version\":\"6.1\"}]}\r\n"
        "# Environment: {nonsense\r\n" HEAD "\r\n"
        "3\t1\t5\tms\ttotal\tA\t-O0\ts\t\r\n"
        "1\t1\t5\tms\ttotal\tA\tother\ts\t\r\n";
    const Campaign *campaign = import(text, sizeof text - 1);
    assert_string_equal(runs_of(campaign), "-O0|A 2.0 5000: 5000\nother|A 0.0 5000: 5000\n");
    assert_string_equal(campaign->date, "2026-01-02T03:04:05");
    assert_string_equal(campaign->machine.processor, "Made up");
    assert_string_equal(campaign->machine.kernel, "Linux 6.1");
    assert_string_equal(campaign->clock, "harness");
    assert_int_equal(campaign->runs, 3);
    assert_int_equal(campaign->layouts, 1);
    assert_int_equal(campaign->subjects.items[0].kind, SUBJECT_VARIANT);
    assert_int_equal(campaign->subjects.items[1].kind, SUBJECT_PEER);
    assert_false(campaign_counts(campaign, 1, 0)->has_reads);
}

static void other_criteria_are_passed_over(void **state) {
    (void)state;
    assert_string_equal(imported("1\t1\tmuch\tKiB\tMaxRSS\tA\tx\ts\t\t1\t\t\n"
                                 "1\t1\t5\tms\ttotal\tA\tx\ts\t\t1\t\t\n"
                                 "1\t2\t3\tms\truntime\tA\tx\ts\t\t1\t\t\n"
                                 // Where there are both, one is in the other.
                                 "1\t3\t3\tms\truntime\tA\tx\ts\t\t1\t\t\n"
                                 "1\t3\t4\tms\ttotal\tA\tx\ts\t\t1\t\t\n"),
                        "x|A 0.0 4000: 5000 3000 4000\n");
}

static void what_tells_rows_apart_is_in_their_names(void **state) {
    (void)state;
    assert_string_equal(imported("1\t1\t1\tms\ttotal\tA\tx\ts\t7 8\t2\tbig\tv\n"),
                        "x|A 7 8 big v cores=2 0.0 1000: 1000\n");
    // Of one executor in two suites; but suites of two executors are none of the names' business.
    assert_string_equal(imported("1\t1\t1\tms\ttotal\tA\tx\ts\t\t1\t\t\n"
                                 "1\t1\t2\tms\ttotal\tA\tx\tt\t\t1\t\t\n"),
                        "x|s: A 0.0 1000: 1000\nx|t: A 0.0 2000: 2000\n");
    assert_string_equal(imported("1\t1\t1\tms\ttotal\tA\tx\ts\t\t1\t\t\n"
                                 "1\t1\t2\tms\ttotal\tA\ty\tt\t\t1\t\t\n"),
                        "x|A 0.0 1000: 1000\ny|A 0.0 2000: 2000\n");
    assert_string_equal(imported(HEAD "machine\n"
                                      "1\t1\t1\tms\ttotal\tA\tx\ts\t\tleft\n"
                                      "1\t1\t2\tms\ttotal\tA\tx\ts\t\tright\n"),
                        "x @left|A 0.0 1000: 1000\nx @right|A 0.0 2000: 2000\n");
}

static void runs_are_in_the_order_of_the_file(void **state) {
    (void)state;
    assert_string_equal(imported("2\t1\t1\tms\ttotal\tB\ty\ts\t\t1\t\t\n"
                                 "1\t1\t2\tms\ttotal\tA\tx\ts\t\t1\t\t\n"
                                 "1\t1\t3\tms\ttotal\tB\ty\ts\t\t1\t\t\n"
                                 "2\t2\t4\tms\ttotal\tB\ty\ts\t\t1\t\t\n"),
                        "y|B 1.0 2500: 1000 4000\nx|A 0.0 2000: 2000\ny|B 0.0 3000: 3000\n");
}

static void ours_come_first_by_their_names(void **state) {
    (void)state;
    static const char text[] = "1\t1\t1\tms\ttotal\tB\tluajit\n"
                               "1\t1\t2\tms\ttotal\tA\t-O2\n"
                               "1\t1\t3\tms\ttotal\tB\t-O0 (again)\n"
                               "1\t1\t4\tms\ttotal\tB\t-O0\n";
    static const char *const names[] = {"-O0", "-O0 (again)", "-O2", "luajit"};
    static const SubjectKind kinds[] = {SUBJECT_VARIANT, SUBJECT_AA, SUBJECT_VARIANT, SUBJECT_PEER};
    const Campaign *campaign = import(text, sizeof text - 1);
    assert_int_equal(campaign->subjects.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(campaign->subjects.items[i].name, names[i]);
        assert_int_equal(campaign->subjects.items[i].kind, kinds[i]);
    }
    assert_string_equal(campaign->programs.items[0], "A");
    assert_string_equal(runs_of(campaign), "luajit|B 0.0 1000: 1000\n-O2|A 0.0 2000: 2000\n"
                                           "-O0 (again)|B 0.0 3000: 3000\n-O0|B 0.0 4000: 4000\n");
    // Where none is ours, nobody is somebody else's.
    campaign = import(text, sizeof "1\t1\t1\tms\ttotal\tB\tluajit\n" - 1);
    assert_int_equal(campaign->subjects.items[0].kind, SUBJECT_VARIANT);
}

static void what_is_wrong_has_its_place(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"",
         "loopwright: error: FILE: there is no time in it: no line with the criterion 'total'\n"},
        {"# nothing\n\n",
         "loopwright: error: FILE: there is no time in it: no line with the criterion "
         "'total'\n"},
        {"one\n", "FILE:1:1: error: 1 field with tabs between them, where 7 are wanted\none\n^\n"},
        {HEAD "\n1\t1\t1\tms\ttotal\tA\tx\ts\t\t\t\t\t\n",
         "FILE:2:1: error: 13 fields with tabs between them, where 10 are wanted\n"
         "1\t1\t1\tms\ttotal\tA\tx\ts\t\t\t\t\t\n^\n"},
        {"invocation\titeration\tvalue\tunit\tbenchmark\texecutor\n",
         "FILE:1:1: error: there is no column 'criterion'\n"
         "invocation\titeration\tvalue\tunit\tbenchmark\texecutor\n^\n"},
        {"invocation\tinvocation\n",
         "FILE:1:12: error: 'invocation' is the name of two columns\ninvocation\tinvocation\n"
         "          \t^\n"},
        {"#\n0\t1\t1\tms\ttotal\tA\tx\n",
         "FILE:2:1: error: '0' is no number from 1 to 1000000\n0\t1\t1\tms\ttotal\tA\tx\n^\n"},
        {"1\t-1\t1\tms\ttotal\tA\tx\n",
         "FILE:1:3: error: '-1' is no number from 1 to 1000000\n1\t-1\t1\tms\ttotal\tA\tx\n \t^\n"},
        {"1\t1\tNaN\tms\ttotal\tA\tx\n",
         "FILE:1:5: error: 'NaN' is no time\n1\t1\tNaN\tms\ttotal\tA\tx\n \t \t^\n"},
        {"1\t1\t1\tKiB\ttotal\tA\tx\n",
         "FILE:1:7: error: 'KiB' is no unit of time: s, ms, us or ns\n"
         "1\t1\t1\tKiB\ttotal\tA\tx\n \t \t \t^\n"},
        {"1\t1\t1\tms\ttotal\tA\t\n",
         "FILE:1:18: error: a name is missing\n1\t1\t1\tms\ttotal\tA\t\n"
         " \t \t \t  \t     \t \t^\n"},
        {"1\t1\t1\tms\ttotal\tA\tx\n1\t1\t1\tms\ttotal\tA\tx\n",
         "FILE:2:1: error: iteration 1 of invocation 1 is there twice: it is in line 1, too\n"
         "1\t1\t1\tms\ttotal\tA\tx\n^\n"},
        {"[2013-01-02T03:04:05]\t1\tms\ttotal\tA\tx\n",
         "FILE:1:1: error: this is of a ReBench before 1.0, which doesn't say of which process a "
         "time "
         "is\n[2013-01-02T03:04:05]\t1\tms\ttotal\tA\tx\n^\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(imported(cases[i][0]), cases[i][1]);
}

static void a_time_is_a_decimal_number(void **state) {
    (void)state;
    static const char *const none[] = {"",    "-1",    "+1",    "inf", "1e999", "0x10",
                                       "1e",  "1e+",   ".",     "e5",  " 1",    "1 ",
                                       "1,5", "1.5.2", "1_000", "nan", "1e5e5", "Infinity"};
    static const char *const some[] = {"0", "1", "1.5", ".5", "1.", "1e3", "1E-3", "1.5e+2"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        imported(arena_printf(arena, "1\t1\t%s\tms\ttotal\tA\tx\n", none[i]));
        assert_non_null(strstr(said, "is no time"));
    }
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        imported(arena_printf(arena, "1\t1\t%s\tms\ttotal\tA\tx\n", some[i]));
        assert_string_equal(said, "");
    }
}

static void a_line_without_an_end_is_left_out(void **state) {
    (void)state;
    assert_string_equal(imported("1\t1\t1\tms\ttotal\tA\tx\n2\t1\t7\tms\ttotal\tA\tx"),
                        "x|A 0.0 1000: 1000\n");
    assert_string_equal(said,
                        "loopwright: warning: FILE:2: the last line has no end: it is left out\n");
}

static void what_is_no_text_is_an_error(void **state) {
    (void)state;
    static const char nothing[] = "1\t1\t1\tms\ttotal\tA\tx\n1\t1\t1\tms\0\n";
    assert_null(import(nothing, sizeof nothing - 1));
    assert_string_equal(said, "FILE:2:9: error: there is a NUL byte\n");
    char bytes[2048];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 167 + i / 256);
    assert_null(import(bytes, sizeof bytes));
    char *tabs = arena_alloc(arena, 100001);
    memset(tabs, '\t', 100000);
    tabs[100000] = '\n';
    assert_null(import(tabs, 100001));
}

// Each executor has a benchmark of its own, so there would be a table of ten thousand by ten
// thousand.
static void no_table_is_made_that_is_too_large(void **state) {
    (void)state;
    Text text = {0};
    for (int i = 0; i < 1001; i++)
        text_addf(&text, "1\t1\t1\tms\ttotal\tA%d\tx%d\n", i, i);
    assert_null(import(text_chars(&text), text.length));
    assert_string_equal(
        said, "loopwright: error: FILE: 1001 executors and 1001 benchmarks are too many\n");
    text_free(&text);
}

// ---- There and back -----------------------------------------------------------------------------

static void add_run(Campaign *campaign, size_t subject, int placement, int run, size_t count) {
    CampaignRun made = {.subject = subject,
                        .placement = placement,
                        .run = run,
                        .iterations = ARENA_ARRAY(arena, double, count + 1),
                        .iteration_count = count};
    for (size_t i = 0; i < count; i++)
        made.iterations[i] = 1000.125 * (double)(i + 1) + run;
    made.microseconds = count ? made.iterations[count / 2] : 77;
    ARENA_PUSH(arena, &campaign->measured, made);
}

static Campaign *made_up(size_t layouts) {
    Campaign *campaign = campaign_new(arena);
    static const char *const names[] = {"-O0", "-O2 -fno-dce", "luajit -joff"};
    for (size_t i = 0; i < 3; i++)
        ARENA_PUSH(arena, &campaign->subjects, ((CampaignSubject){.name = names[i]}));
    ARENA_PUSH(arena, &campaign->programs, "-cp bench/programs Harness Sieve 3 100");
    campaign->runs = 2;
    campaign->layouts = layouts;
    campaign->date = "2026-11-29T20:40:00Z";
    campaign_complete(campaign);
    return campaign;
}

static void a_campaign_comes_back(void **state) {
    (void)state;
    for (size_t layouts = 1; layouts < 3; layouts++) {
        Campaign *campaign = made_up(layouts), *back;
        for (size_t subject = 0; subject < 2; subject++)
            for (size_t placement = 0; placement < layouts; placement++)
                for (int run = 0; run < 2; run++)
                    add_run(campaign, subject, (int)placement, run, 3);
        add_run(campaign, 2, 0, 0, 0);
        Text text = {0};
        rebench_data_print(campaign, &text);
        back = import(text_chars(&text), text.length);
        text_free(&text);
        assert_string_equal(said, "");
        assert_string_equal(runs_of(back),
                            arena_printf(arena,
                                         "%sluajit -joff|-cp bench/programs Harness Sieve 3 100 "
                                         "0.0 77: 77\n",
                                         (campaign->measured.count--, runs_of(campaign))));
        assert_int_equal(back->layouts, layouts);
        assert_string_equal(back->date, campaign->date);
    }
}

static void what_failed_and_what_does_not_fit(void **state) {
    (void)state;
    Campaign *campaign = made_up(1);
    campaign->subjects.items[0].name = "-O0\t#\n";
    add_run(campaign, 0, 0, 0, 1);
    add_run(campaign, 0, 0, 1, 1);
    campaign->measured.items[1].verdict = RUN_WRONG;
    Text text = {0};
    rebench_data_print(campaign, &text);
    assert_string_equal(runs_of(import(text_chars(&text), text.length)),
                        "-O0 # |-cp bench/programs Harness Sieve 3 100 0.0 1000.12: 1000.12\n");
    text_free(&text);
}

// ---- The configuration --------------------------------------------------------------------------

static const char *exported(const Campaign *campaign, const RebenchSubject *subjects,
                            const RebenchProgram *programs) {
    setenv("PATH", "/usr/bin", 1);
    unsetenv("HOME");
    unsetenv("LOOPWRIGHT_CACHE");
    Text text = {0};
    FILE *into = tmpfile();
    int before = dup(STDERR_FILENO);
    dup2(fileno(into), STDERR_FILENO);
    rebench_export(&(RebenchExport){campaign, subjects, programs, "/opt/bin/loopwright", "a.conf"},
                   &text);
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    fclose(into);
    const char *copy = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return copy;
}

static const char *const sieve[] = {"-cp", "bench/programs", "Harness", "Sieve", "3", "100"};

static void a_configuration_names_what_the_campaign_has(void **state) {
    (void)state;
    static const char *const words[] = {"/usr/bin/luajit", "-joff", "harness.lua"};
    const Peer peer = {
        .name = "luajit -joff", .words = words, .word_count = 3, .directory = "/awfy/Lua"};
    const RebenchSubject subjects[] = {
        {.flags = "-O0"}, {.flags = "-O2 -fno-dce"}, {.peer = &peer}};
    const char *text = exported(made_up(1), subjects, &(RebenchProgram){sieve, 6});
    assert_non_null(strstr(text, "\n.loopwright: &loopwright \"/opt/bin/loopwright\"\n\n"
                                 "default_data_file: \"a.data\"\n"
                                 "default_experiment: campaign\n"
                                 "runs:\n    env:\n        PATH: \"/usr/bin\"\n"));
    assert_string_equal(
        strstr(text, "\nbenchmark_suites:\n"),
        "\nbenchmark_suites:\n"
        "    \"programs 1\":\n"
        "        gauge_adapter: RebenchLog\n"
        "        command: \"-cp bench/programs Harness %(benchmark)s %(iterations)s\"\n"
        "        invocations: 2\n"
        "        benchmarks:\n"
        "            - \"-cp bench/programs Harness Sieve 3 100\": {command: \"Sieve\", "
        "iterations: 3, "
        "extra_args: \"100\"}\n"
        "    \"luajit -joff's programs\":\n"
        "        gauge_adapter: RebenchLog\n"
        "        command: \"%(benchmark)s %(iterations)s\"\n"
        "        location: \"/awfy/Lua\"\n"
        "        invocations: 2\n"
        "        benchmarks:\n"
        "            - \"-cp bench/programs Harness Sieve 3 100\": {command: \"Sieve\", "
        "iterations: 3, "
        "extra_args: \"100\"}\n"
        "\n"
        "executors:\n"
        "    \"-O0\":\n"
        "        executable: *loopwright\n"
        "        args: \"run -O0 --\"\n"
        "    \"-O2 -fno-dce\":\n"
        "        executable: *loopwright\n"
        "        args: \"run -O2 -fno-dce --\"\n"
        "    \"luajit -joff\":\n"
        "        executable: \"/usr/bin/luajit\"\n"
        "        args: \"-joff harness.lua\"\n"
        "\n"
        "experiments:\n"
        "    campaign:\n"
        "        executions:\n"
        "            - \"-O0\": {suites: [\"programs 1\"]}\n"
        "            - \"-O2 -fno-dce\": {suites: [\"programs 1\"]}\n"
        "            - \"luajit -joff\": {suites: [\"luajit -joff's programs\"]}\n");
}

static void placements_are_executors_and_controls_are_none(void **state) {
    (void)state;
    const RebenchSubject subjects[] = {{.flags = "-O0"}, {0}, {0}};
    const char *text = exported(made_up(2), subjects, &(RebenchProgram){sieve, 6});
    assert_non_null(strstr(text, "\n# Left out, as only `loopwright bench` can build it: "
                                 "\"-O2 -fno-dce\"\n"));
    assert_string_equal(strstr(text, "\nexecutors:\n"),
                        "\nexecutors:\n"
                        "    \"-O0 (placement 0)\":\n"
                        "        executable: *loopwright\n"
                        "        args: \"run -O0 --llvm-placement=0 --\"\n"
                        "    \"-O0 (placement 1)\":\n"
                        "        executable: *loopwright\n"
                        "        args: \"run -O0 --llvm-placement=1 --\"\n"
                        "\n"
                        "experiments:\n"
                        "    campaign:\n"
                        "        executions:\n"
                        "            - \"-O0 (placement 0)\": {suites: [\"programs 1\"]}\n"
                        "            - \"-O0 (placement 1)\": {suites: [\"programs 1\"]}\n");
}

static void hostile_names_are_quoted(void **state) {
    (void)state;
    Campaign *campaign = made_up(1);
    campaign->subjects.count = 1;
    campaign->subjects.items[0].name = "a: \"b\"\\\n\x7f\xff\xf0\x9f\x98\x80 #";
    campaign->programs.items[0] = "50% it's";
    static const char *const words[] = {"50%", "it's", "a b"};
    const RebenchSubject subjects[] = {{.flags = "-O0"}};
    const char *text = exported(campaign, subjects, &(RebenchProgram){words, 3});
    // ReBench looks once at what it puts in the place of %(benchmark)s.
    assert_non_null(strstr(text, "        command: \"%(benchmark)s\"\n"));
    assert_non_null(
        strstr(text, "            - \"50% it's\": {command: \"50%% 'it'\\\\''s' 'a b'\"}\n"));
    assert_non_null(strstr(text, "    \"a: \\\"b\\\"\\\\\\u000a\\u007f?\xf0\x9f\x98\x80 #\":\n"));
    // And twice at the rest.
    static const char *const more[] = {"-cp", "a%b", "Harness", "Sieve", "1", "5%"};
    const RebenchSubject flagged[] = {{.flags = "--cpu=%s"}};
    text = exported(campaign, flagged, &(RebenchProgram){more, 6});
    assert_non_null(strstr(text, "\"-cp a%%%%b Harness %(benchmark)s %(iterations)s\"\n"));
    assert_non_null(strstr(text, "extra_args: \"5%%%%\"}\n"));
    assert_non_null(strstr(text, "args: \"run --cpu=%%%%s --\"\n"));
    // A key of more than 1024 characters has to be said to be one.
    char *name = arena_alloc(arena, 1201);
    memset(name, 'x', 1200);
    campaign->subjects.items[0].name = name;
    text = exported(campaign, subjects, &(RebenchProgram){words, 3});
    assert_non_null(
        strstr(text, arena_printf(arena, "\n    ? \"%s\"\n    :\n        executable", name)));
    assert_non_null(strstr(
        text, arena_printf(arena,
                           "\n            - ? \"%s\"\n              : {suites: [\"programs 1\"]}\n",
                           name)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(files_of_all_versions_are_read),
        TEST(a_file_says_when_and_where_it_was_made),
        TEST(other_criteria_are_passed_over),
        TEST(what_tells_rows_apart_is_in_their_names),
        TEST(runs_are_in_the_order_of_the_file),
        TEST(ours_come_first_by_their_names),
        TEST(what_is_wrong_has_its_place),
        TEST(a_time_is_a_decimal_number),
        TEST(a_line_without_an_end_is_left_out),
        TEST(what_is_no_text_is_an_error),
        TEST(no_table_is_made_that_is_too_large),
        TEST(a_campaign_comes_back),
        TEST(what_failed_and_what_does_not_fit),
        TEST(a_configuration_names_what_the_campaign_has),
        TEST(placements_are_executors_and_controls_are_none),
        TEST(hostile_names_are_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
