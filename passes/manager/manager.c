// Runs a pipeline: times each pass, verifies and prints where asked. Our own passes are
// verified after each step only if somebody asks (`--verify-each`), those of plug-ins always:
// what they leave has to be a module before anything else looks at it. A pass that broke the
// module is named at once, which is the point of verifying between passes and not at the end.
#include "ir/text/text.h"
#include "ir/verify/verify.h"
#include "passes/manager/pass.h"
#include "passes/manager/plugin_guard.h"
#include "support/line_diff.h"

#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void print_if(const char *wanted, const char *when, const Pass *pass, const IrModule *module,
                     const IrView *view, FILE *stream) {
    if (!wanted || (strcmp(wanted, "*") != 0 && strcmp(wanted, pass->name) != 0))
        return;
    Text text = {0};
    ir_print_view(module, view, &text);
    fprintf(stream, "; %s %s\n%s", when, pass->name, text_chars(&text));
    text_free(&text);
}

// By text, as the text form is canonical: what isn't in the difference is the same.
static void print_changes(const Text *before, const IrModule *module, const Pass *pass,
                          const IrView *view, FILE *stream) {
    Text after = {0}, changes = {0};
    ir_print_view(module, view, &after);
    if (line_diff(text_chars(before), text_chars(&after), &changes))
        fprintf(stream, "--- before %s\n+++ after %s\n%s", pass->name, pass->name,
                text_chars(&changes));
    else
        fprintf(stream, "; %s changed nothing%s\n", pass->name, view ? " here" : "");
    text_free(&after);
    text_free(&changes);
}

static void blame(const char *when, const Pass *pass, FILE *stream) {
    fprintf(stream, "the module is wrong %s %s", when, pass->name);
    if (pass->plugin)
        fprintf(stream, " (from %s)", pass->plugin);
    fputc('\n', stream);
}

static bool verify(const IrModule *module, const char *when, const Pass *pass, FILE *stream) {
    if (ir_verify_or_report(module, stream))
        return true;
    blame(when, pass, stream);
    return false;
}

// Is the module in the form that the pass says it leaves? Others' passes may be wrong.
static bool form_is_as_said(const PipelineStep *step, IrForm before, const IrModule *module,
                            FILE *stream) {
    int said = step->pass->gives == PASS_KEEPS_FORM ? (int)before : step->pass->gives;
    if ((int)module->form == said)
        return true;
    fprintf(stream, "%s: error: pass '%s' leaves form %s and says that it leaves %s\n",
            step->pass->plugin, step->pass->name, ir_form_text(module->form),
            ir_form_text((IrForm)said));
    return false;
}

void pass_fail(PassContext *context, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    text_addv(context->failure, format, arguments);
    va_end(arguments);
}

// A pass gets an arena of its own, so that nothing can be left over from one to the next but
// what is in the module. Only the pass itself is timed. False: it failed.
static bool run_step(const PipelineStep *step, IrModule *module, const PipelineRun *run,
                     FILE *stream) {
    PassReport *report = run->report;
    Text failure = {0};
    pass_report_begin(report, step->pass->name, step->parameter);
    Arena *scratch = arena_new();
    PassContext context = {.module = module,
                           .parameter = step->parameter,
                           .profile = run->profile,
                           .scratch = scratch,
                           .report = report,
                           .failure = &failure};
    double start = now();
    if (step->pass->plugin)
        plugin_guard_begin(step->pass->plugin, "in pass", step->pass->name);
    step->pass->run(&context);
    if (step->pass->plugin)
        plugin_guard_end();
    double seconds = now() - start;
    arena_free(scratch);
    if (report)
        report->entries.items[report->entries.count - 1].seconds = seconds;
    bool good = failure.length == 0;
    if (!good)
        fprintf(stream, "loopwright: error: %s: %s\n", step->pass->name, text_chars(&failure));
    text_free(&failure);
    return good;
}

// What others' code leaves may be no module at all, so that looking at it crashes.
static bool leaves_a_module(const PipelineStep *step, IrForm before, const IrModule *module,
                            FILE *stream) {
    plugin_guard_begin(step->pass->plugin, "in the verifier of what was left by pass",
                       step->pass->name);
    bool good = form_is_as_said(step, before, module, stream) &&
                verify(module, "after", step->pass, stream);
    plugin_guard_end();
    return good;
}

// By name and not by number: a pass may make bytecodes, and then they have no code before it.
static void measure(const IrModule *module, const char *bytecode, IrSize *size) {
    Arena *scratch = arena_new();
    IrShownRegions regions = ir_view_bytecode(module, bytecode, scratch);
    for (size_t i = 0; i < regions.count; i++)
        ir_size_add(size, module, regions.items[i]);
    arena_free(scratch);
}

static void measure_before(const IrModule *module, const PipelineRun *run, PassSizes *sizes) {
    for (size_t i = 0; run->view && i < run->view->names.count; i++) {
        sizes[i] = (PassSizes){.bytecode = run->view->names.items[i]};
        measure(module, sizes[i].bytecode, &sizes[i].before);
    }
}

static void report_sizes(const IrModule *module, const PipelineRun *run, PassSizes *sizes) {
    for (size_t i = 0; run->view && i < run->view->names.count; i++) {
        measure(module, sizes[i].bytecode, &sizes[i].after);
        pass_sizes_add(run->report, &sizes[i]);
    }
}

// What is printed and checked after the pass. What others' code leaves is looked at before anything
// walks over it.
static bool observe_result(const PipelineStep *step, IrForm before, const IrModule *module,
                           const PipelineRun *run, const Text *text_before, FILE *stream) {
    bool others = step->pass->plugin != NULL;
    if (others && !leaves_a_module(step, before, module, stream))
        return false;
    print_if(run->print_after, "after", step->pass, module, run->view, stream);
    if (run->print_changed)
        print_changes(text_before, module, step->pass, run->view, stream);
    return others || !run->verify_each || verify(module, "after", step->pass, stream);
}

// A step with all that is printed and checked around it.
static bool observe_step(const PipelineStep *step, IrModule *module, const PipelineRun *run,
                         FILE *stream) {
    IrForm before = module->form;
    Text text_before = {0};
    Arena *scratch = arena_new();
    PassSizes *sizes = ARENA_ARRAY(scratch, PassSizes, run->view ? run->view->names.count : 0);
    print_if(run->print_before, "before", step->pass, module, run->view, stream);
    if (run->print_changed)
        ir_print_view(module, run->view, &text_before);
    measure_before(module, run, sizes);
    bool good = run_step(step, module, run, stream) &&
                observe_result(step, before, module, run, &text_before, stream);
    if (good)
        report_sizes(module, run, sizes);
    if (good && run->observe)
        run->observe(run->observer, module, step);
    text_free(&text_before);
    arena_free(scratch);
    return good;
}

// For finding the pass that breaks something by halving (`opt --bisect-limit`, as LLVM has
// it).
static bool within_limit(const PipelineRun *run, size_t index, const PipelineStep *step,
                         FILE *stream) {
    if (!run->has_limit)
        return true;
    bool runs = run->limit < 0 || index < (size_t)run->limit;
    fprintf(stream, "bisect: %s pass %zu: %s%s%s\n", runs ? "running" : "not running", index + 1,
            step->pass->name, step->parameter ? "=" : "", step->parameter ? step->parameter : "");
    return runs;
}

bool pipeline_run(const Pipeline *pipeline, IrModule *module, const PipelineRun *run) {
    FILE *stream = run->stream ? run->stream : stderr;
    if (run->observe)
        run->observe(run->observer, module, NULL);
    for (size_t i = 0; i < pipeline->steps.count; i++) {
        const PipelineStep *step = &pipeline->steps.items[i];
        if (step->left_out) {
            pass_report_begin(run->report, step->pass->name, step->parameter);
            pass_remark(run->report, "left out: %s", step->left_out);
            continue;
        }
        if (!within_limit(run, i, step, stream))
            continue;
        // The pass that was to give the form that this one takes has refused to.
        if (!(step->pass->takes >> module->form & 1)) {
            pass_report_begin(run->report, step->pass->name, step->parameter);
            pass_remark(run->report, "nothing done: the module is still in form %s",
                        ir_form_text(module->form));
            continue;
        }
        if (i == 0 && run->verify_each && !verify(module, "before", step->pass, stream))
            return false;
        if (!observe_step(step, module, run, stream))
            return false;
    }
    return true;
}
