// From flags to pipelines: levels, toggles, lists, parameters, and what is wrong with
// them; and the manager's prints, reports and verification.
#include "ir/text/text.h"
#include "passes/manager/pass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NO_LEVEL = -1 };

// "place-gil-checks=none,dce": what --passes= would have to say. What is left out isn't said.
static void describe(const Pipeline *pipeline, Text *out) {
    for (size_t i = 0; i < pipeline->steps.count; i++) {
        const PipelineStep *step = &pipeline->steps.items[i];
        if (step->left_out)
            continue;
        text_addf(out, "%s%s", out->length ? "," : "", step->pass->name);
        if (step->parameter)
            text_addf(out, "=%s", step->parameter);
    }
}

// Takes the flags (up to a NULL) and answers the pipeline's text, or "error: …".
static char *pipeline_of(int default_level, const char *first, ...) {
    PipelineRequest request = {0};
    Text error = {0}, text = {0};
    va_list flags;
    va_start(flags, first);
    for (const char *flag = first; flag && !error.length; flag = va_arg(flags, const char *))
        if (pipeline_take_flag(&request, flag, &error) == PIPELINE_NOT_MINE)
            text_addf(&error, "not mine: %s", flag);
    va_end(flags);
    Arena *arena = arena_new();
    Pipeline pipeline;
    if (!error.length &&
        pipeline_build(&request, default_level, IR_FORM_LOOP, arena, &pipeline, &error))
        describe(&pipeline, &text);
    else
        text_addf(&text, "error: %s", text_chars(&error));
    char *copy = strdup(text_chars(&text));
    text_free(&text);
    text_free(&error);
    arena_free(arena);
    return copy;
}

#define assert_pipeline(expected, ...)                                                             \
    do {                                                                                           \
        char *got = pipeline_of(__VA_ARGS__, NULL);                                                \
        assert_string_equal(got, expected);                                                        \
        free(got);                                                                                 \
    } while (0)

#define POLLS   "place-gil-checks=calls-and-back-edges"
#define CLEANUP "fold,cse,dce,simplify-cfg"

static void levels_add_passes(void **state) {
    (void)state;
    assert_pipeline(POLLS, NO_LEVEL, "-O0");
    assert_pipeline(POLLS ",hoist-frame-reads,eliminate-default-case,fold-ranges,"
                          "cache-frame-state," CLEANUP,
                    NO_LEVEL, "-O1");
    assert_pipeline(POLLS, 2, "-O1", "-O0");
}

static void a_level_runs_what_takes_the_form_that_was_asked_for(void **state) {
    (void)state;
    assert_pipeline(POLLS ",hoist-frame-reads,eliminate-default-case,fold-ranges,"
                          "cache-frame-state,tail-call-handlers," CLEANUP ",outline-cold",
                    NO_LEVEL, "-O1", "-ftail-call-handlers");
    assert_pipeline(POLLS ",tail-call-handlers", NO_LEVEL, "-O0", "-ftail-call-handlers");
}

static void without_a_level_the_default_decides(void **state) {
    (void)state;
    assert_pipeline("", NO_LEVEL, "--passes=");
    assert_pipeline("dce", NO_LEVEL, "-fdce");
    assert_pipeline(POLLS ",dce", 0, "-fdce");
}

static void a_toggle_stands_at_its_place_in_the_registry(void **state) {
    (void)state;
    assert_pipeline(POLLS ",hoist-frame-reads,cache-frame-state", NO_LEVEL, "-O0",
                    "-fcache-frame-state", "-fhoist-frame-reads");
    assert_pipeline(POLLS ",hoist-frame-reads,fold-ranges,cache-frame-state," CLEANUP, NO_LEVEL,
                    "-O1", "-fno-eliminate-default-case");
    assert_pipeline("", NO_LEVEL, "-O0", "-fno-place-gil-checks");
    assert_pipeline(POLLS ",dce", NO_LEVEL, "-O0", "-fno-dce", "-fdce");
}

static void the_eight_variants_differ(void **state) {
    (void)state;
    static const char *const names[] = {"hoist-frame-reads", "eliminate-default-case",
                                        "cache-frame-state"};
    for (int variant = 0; variant < 8; variant++) {
        char flags[3][64], expected[256] = POLLS;
        for (int i = 0; i < 3; i++) {
            snprintf(flags[i], sizeof flags[i], "-f%s%s", variant >> i & 1 ? "" : "no-", names[i]);
            if (variant >> i & 1)
                strcat(strcat(expected, ","), names[i]);
        }
        assert_pipeline(expected, NO_LEVEL, "-O0", flags[0], flags[1], flags[2]);
    }
}

static void parameters_are_checked(void **state) {
    (void)state;
    assert_pipeline("place-gil-checks=none", NO_LEVEL, "-O0", "-fplace-gil-checks=none");
    assert_pipeline("place-gil-checks=none,dce", NO_LEVEL, "--passes=place-gil-checks=none,dce");
    assert_pipeline("error: place-gil-checks has no policy 'often'; there are 'none', "
                    "'calls-and-back-edges', 'every-bytecode' and 'visible-effects'",
                    NO_LEVEL, "-fplace-gil-checks=often");
    assert_pipeline("error: pass 'dce' takes no parameter", NO_LEVEL, "--passes=dce=1");
    assert_pipeline("error: -fno-place-gil-checks takes no parameter", NO_LEVEL,
                    "-fno-place-gil-checks=none");
}

static void unknown_names_are_errors_with_the_nearest_one(void **state) {
    (void)state;
    assert_pipeline("error: unknown pass 'hoist-frame-read', did you mean 'hoist-frame-reads'?",
                    NO_LEVEL, "-fhoist-frame-read");
    assert_pipeline("error: unknown pass 'cse2', did you mean 'cse'?", NO_LEVEL, "--passes=cse2");
    assert_pipeline("error: unknown pass ''; 'loopwright passes' lists those that there are",
                    NO_LEVEL, "-f");
    assert_pipeline("error: unknown pass 'dec', did you mean 'dce'?", NO_LEVEL, "-fno-dec");
    assert_pipeline("error: unknown pass 'nope'; 'loopwright passes' lists those that there are",
                    NO_LEVEL, "-fnope");
    assert_pipeline("error: unknown pass ''; 'loopwright passes' lists those that there are",
                    NO_LEVEL, "--passes=dce,,cse");
    assert_pipeline("error: a pass's name is missing after the last ',' of --passes=", NO_LEVEL,
                    "--passes=dce,");
    char long_name[1024];
    memset(long_name, 'x', sizeof long_name);
    memcpy(long_name, "-f", 2);
    long_name[sizeof long_name - 1] = '\0';
    assert_pipeline("error: unknown pass 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...'", NO_LEVEL,
                    long_name);
}

static void a_list_is_the_whole_pipeline(void **state) {
    (void)state;
    assert_pipeline("dce,hoist-frame-reads,dce", NO_LEVEL, "--passes=dce,hoist-frame-reads,dce");
    assert_pipeline("error: --passes= is the whole pipeline; it can't be combined with -O or -f",
                    NO_LEVEL, "--passes=dce", "-O1");
    assert_pipeline("error: --passes= is the whole pipeline; it can't be combined with -O or -f",
                    NO_LEVEL, "-fdce", "--passes=");
}

static void other_flags_are_not_taken(void **state) {
    (void)state;
    assert_pipeline("error: not mine: --stats", NO_LEVEL, "--stats");
    assert_pipeline("error: not mine: -o", NO_LEVEL, "-o");
    assert_pipeline("error: unknown level '-O3'; there are -O0, -O1 and -O2", NO_LEVEL, "-O3");
    assert_pipeline("error: unknown level '-O12'; there are -O0, -O1 and -O2", NO_LEVEL, "-O12");
}

static void a_pass_refuses_a_form_that_it_does_not_take(void **state) {
    (void)state;
    PipelineRequest request = {.passes = "dce,hoist-frame-reads"};
    Arena *arena = arena_new();
    Pipeline pipeline;
    Text error = {0};
    assert_false(pipeline_build(&request, NO_LEVEL, IR_FORM_HANDLERS, arena, &pipeline, &error));
    assert_string_equal(text_chars(&error), "pass 'hoist-frame-reads' doesn't take form handlers, "
                                            "in which the module is; it needs form loop");
    text_free(&error);
    arena_free(arena);
}

static const PipelineStep *find_step(const Pipeline *pipeline, const char *name) {
    for (size_t i = 0; i < pipeline->steps.count; i++)
        if (strcmp(pipeline->steps.items[i].pass->name, name) == 0)
            return &pipeline->steps.items[i];
    return NULL;
}

static void a_level_s_pass_that_does_not_take_the_form_is_left_out(void **state) {
    (void)state;
    PipelineRequest request = {.has_level = true, .level = 2};
    Arena *arena = arena_new();
    Pipeline pipeline;
    Text error = {0};
    assert_true(pipeline_build(&request, NO_LEVEL, IR_FORM_HANDLERS, arena, &pipeline, &error));
    assert_string_equal(find_step(&pipeline, "place-gil-checks")->left_out,
                        "it needs form loop, and the module is in form handlers");
    assert_null(find_step(&pipeline, "dce")->left_out);
    assert_true(pipeline_build(&request, NO_LEVEL, IR_FORM_LOOP, arena, &pipeline, &error));
    assert_null(find_step(&pipeline, "replicate-dispatch")->left_out);
    // Asked for by name it is an error.
    assert_int_equal(pipeline_take_flag(&request, "-fplace-gil-checks", &error), PIPELINE_TAKEN);
    assert_false(pipeline_build(&request, NO_LEVEL, IR_FORM_HANDLERS, arena, &pipeline, &error));
    assert_string_equal(text_chars(&error),
                        "pass 'place-gil-checks' doesn't take form handlers, in which the module "
                        "is; it needs form loop; --passes= takes the place of -O and -f, and may "
                        "be empty");
    text_free(&error);
    arena_free(arena);
}

static const char module_text[] = "module Test\nform handlers\nfunction @f -> i64 {\ntrunk {\n"
                                  "^entry(%n: i64):\n  %dead = add %n, 1\n  ret %n\n}\n}\n";

static void the_manager_prints_reports_and_verifies(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Diagnostics diagnostics = {
        {.name = "test.mir", .text = module_text, .length = strlen(module_text)}, stderr, 0, 0};
    IrModule *module = ir_parse(arena, &diagnostics);
    assert_non_null(module);
    PipelineRequest request = {.passes = "cse,dce"};
    Pipeline pipeline;
    Text error = {0};
    assert_true(pipeline_build(&request, NO_LEVEL, IR_FORM_HANDLERS, arena, &pipeline, &error));
    char *printed;
    size_t length;
    FILE *stream = open_memstream(&printed, &length);
    PassReport report = {.arena = arena};
    PipelineRun run = {.verify_each = true,
                       .print_before = "dce",
                       .print_after = "*",
                       .stream = stream,
                       .report = &report};
    assert_true(pipeline_run(&pipeline, module, &run));
    fclose(stream);
    assert_non_null(strstr(printed, "; after cse\nmodule Test\n"));
    assert_null(strstr(printed, "; before cse"));
    assert_non_null(strstr(printed, "; before dce\nmodule Test\n"));
    const char *after = strstr(printed, "; after dce\n");
    assert_non_null(after);
    assert_null(strstr(after, "%dead"));
    free(printed);
    Text text = {0};
    pass_report_print(&report, false, &text);
    assert_string_equal(text_chars(&text), "cse\n       0  instructions removed\n"
                                           "dce\n       1  instructions removed\n"
                                           "       0  block parameters removed\n"
                                           "       0  blocks removed\n");
    text_free(&text);
    pass_report_print(&report, true, &text);
    assert_non_null(strstr(text_chars(&text), " ms)"));
    text_free(&text);
    arena_free(arena);
}

typedef struct Observed {
    Text steps; // names, each with how many instructions there were
} Observed;

static void observe(void *observer, const IrModule *module, const PipelineStep *step) {
    int count = 0;
    const IrBlock *block = module->functions.items[0]->regions.items[0]->blocks.items[0];
    for (const IrInstruction *at = block->first; at; at = at->next)
        count++;
    text_addf(&((Observed *)observer)->steps, "%s %d\n", step ? step->pass->name : "-", count);
}

static void an_observer_sees_the_module_before_all_and_after_each(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Diagnostics diagnostics = {
        {.name = "test.mir", .text = module_text, .length = strlen(module_text)}, stderr, 0, 0};
    IrModule *module = ir_parse(arena, &diagnostics);
    assert_non_null(module);
    Observed observed = {0};
    PipelineRun run = {.observe = observe, .observer = &observed};
    Text error = {0};
    Pipeline pipeline;
    PipelineRequest nothing = {.passes = ""}, request = {.passes = "cse,dce"};
    assert_true(pipeline_build(&nothing, NO_LEVEL, IR_FORM_HANDLERS, arena, &pipeline, &error));
    assert_true(pipeline_run(&pipeline, module, &run));
    assert_string_equal(text_chars(&observed.steps), "- 2\n");
    assert_true(pipeline_build(&request, NO_LEVEL, IR_FORM_HANDLERS, arena, &pipeline, &error));
    assert_true(pipeline_run(&pipeline, module, &run));
    assert_string_equal(text_chars(&observed.steps), "- 2\n- 2\ncse 2\ndce 1\n");
    text_free(&observed.steps);
    arena_free(arena);
}

static void a_wrong_module_is_found_before_the_first_pass(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Diagnostics diagnostics = {
        {.name = "test.mir", .text = module_text, .length = strlen(module_text)}, stderr, 0, 0};
    IrModule *module = ir_parse(arena, &diagnostics);
    assert_non_null(module);
    module->functions.items[0]->result = IR_PTR; // but an i64 is returned
    PipelineRequest request = {.passes = "dce"};
    Pipeline pipeline;
    Text error = {0};
    assert_true(pipeline_build(&request, NO_LEVEL, IR_FORM_HANDLERS, arena, &pipeline, &error));
    char *printed;
    size_t length;
    FILE *stream = open_memstream(&printed, &length);
    PipelineRun run = {.verify_each = true, .stream = stream};
    assert_false(pipeline_run(&pipeline, module, &run));
    fclose(stream);
    assert_non_null(strstr(printed, "the module is wrong before dce"));
    free(printed);
    arena_free(arena);
}

static void reports_count_only_while_a_pass_runs(void **state) {
    (void)state;
    pass_count_add(NULL, "nothing", 1);
    pass_remark(NULL, "nothing");
    Arena *arena = arena_new();
    PassReport report = {.arena = arena};
    pass_count_add(&report, "early", 1);
    pass_report_begin(&report, "one", "two");
    pass_count_add(&report, "things", 2);
    pass_count_add(&report, "things", 3);
    pass_remark(&report, "%d remarks", 1);
    Text text = {0};
    pass_report_print(&report, false, &text);
    assert_string_equal(text_chars(&text), "one=two\n       5  things\n  1 remarks\n");
    text_free(&text);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_add_passes),
        cmocka_unit_test(a_level_runs_what_takes_the_form_that_was_asked_for),
        cmocka_unit_test(without_a_level_the_default_decides),
        cmocka_unit_test(a_toggle_stands_at_its_place_in_the_registry),
        cmocka_unit_test(the_eight_variants_differ),
        cmocka_unit_test(parameters_are_checked),
        cmocka_unit_test(unknown_names_are_errors_with_the_nearest_one),
        cmocka_unit_test(a_list_is_the_whole_pipeline),
        cmocka_unit_test(other_flags_are_not_taken),
        cmocka_unit_test(a_pass_refuses_a_form_that_it_does_not_take),
        cmocka_unit_test(a_level_s_pass_that_does_not_take_the_form_is_left_out),
        cmocka_unit_test(the_manager_prints_reports_and_verifies),
        cmocka_unit_test(an_observer_sees_the_module_before_all_and_after_each),
        cmocka_unit_test(a_wrong_module_is_found_before_the_first_pass),
        cmocka_unit_test(reports_count_only_while_a_pass_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
