// What a pass reports is what it did: where none of its counters has counted, the module
// is the one that it was, to the letter. Each pass runs alone over every module of the
// tests' folders that it takes, and over random ones.
#define _GNU_SOURCE
#include "ir/text/text.h"
#include "ir/verify/verify.h"
#include "passes/manager/pass.h"
#include "tests/unit/ir_random.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS = 300, MOST_BLOCKS = 12, MOST_OPEN_FOLDERS = 16 };

static size_t modules, quiet; // how many were looked at, and how many runs said nothing

static int64_t sum_of_counters(const PassReportEntry *entry) {
    int64_t sum = 0;
    for (size_t i = 0; i < entry->counters.count; i++)
        sum += entry->counters.items[i].value;
    return sum;
}

static bool refuses(const PassReportEntry *entry) {
    for (size_t i = 0; i < entry->remarks.count; i++)
        if (strstr(entry->remarks.items[i], "nothing done"))
            return true;
    return false;
}

// NULL: it isn't a module, or a wrong one.
static IrModule *parse(Arena *arena, const char *text) {
    FILE *nowhere = fopen("/dev/null", "w");
    assert_non_null(nowhere);
    Diagnostics diagnostics = {
        {.name = "module.mir", .text = text, .length = strlen(text)}, nowhere, 0, 0};
    IrModule *module = ir_parse(arena, &diagnostics);
    if (module && !ir_verify_or_report(module, nowhere))
        module = NULL;
    fclose(nowhere);
    return module;
}

static void check_pass(const char *name, const char *text, const Pass *pass,
                       const char *parameter) {
    Arena *arena = arena_new();
    IrModule *module = parse(arena, text);
    PassReport report = {.arena = arena};
    PassContext context = {
        .module = module, .parameter = parameter, .scratch = arena, .report = &report};
    Text before = {0}, after = {0};
    ir_print(module, &before);
    pass_report_begin(&report, pass->name, parameter);
    pass->run(&context);
    ir_print(module, &after);
    const PassReportEntry *entry = &report.entries.items[0];
    bool said_nothing = sum_of_counters(entry) == 0 || refuses(entry);
    quiet += said_nothing;
    if (said_nothing && strcmp(text_chars(&before), text_chars(&after)) != 0)
        fail_msg("%s: %s says that it has done nothing and has changed the module", name,
                 pass->name);
    if (!ir_verify_or_report(module, stderr))
        fail_msg("%s: wrong after %s", name, pass->name);
    text_free(&before);
    text_free(&after);
    arena_free(arena);
}

static void check_text(const char *name, const char *text) {
    Arena *arena = arena_new();
    const IrModule *module = parse(arena, text);
    for (size_t p = 0; module && p < pass_count(); p++) {
        const Pass *pass = pass_at(p);
        if (!(pass->takes >> module->form & 1))
            continue;
        check_pass(name, text, pass, pass->parameter_default);
        if (strcmp(pass->name, "place-gil-checks") == 0)
            check_pass(name, text, pass, "none");
    }
    modules += module != NULL;
    arena_free(arena);
}

static int check_file(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status, (void)place;
    size_t length = strlen(path);
    if (kind != FTW_F || length < 4 || strcmp(path + length - 4, ".mir") != 0)
        return 0;
    Text text = {0};
    assert_true(text_read_file(&text, path));
    check_text(path, text_chars(&text));
    text_free(&text);
    return 0;
}

static void a_pass_that_says_nothing_changes_no_module_of_the_tests(void **state) {
    (void)state;
    modules = quiet = 0;
    assert_int_equal(nftw(LOOPWRIGHT_SOURCE_DIR "/tests", check_file, MOST_OPEN_FOLDERS, FTW_PHYS),
                     0);
    assert_true(modules > 20);
    assert_true(quiet > modules);
}

static void a_pass_that_says_nothing_changes_no_random_module(void **state) {
    (void)state;
    modules = quiet = 0;
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        Arena *arena = arena_new();
        RandomCode code = random_code(arena, seed, 1 + (int)(seed % MOST_BLOCKS));
        Text text = {0};
        ir_print(code.module, &text);
        check_text(arena_printf(arena, "seed %u", (unsigned)seed), text_chars(&text));
        text_free(&text);
        arena_free(arena);
    }
    assert_int_equal(modules, SEEDS);
    assert_true(quiet > SEEDS / 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pass_that_says_nothing_changes_no_module_of_the_tests),
        cmocka_unit_test(a_pass_that_says_nothing_changes_no_random_module),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
