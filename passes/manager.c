// Runs a pipeline: times each pass, verifies and prints where asked.
#include "ir/text.h"
#include "ir/verify.h"
#include "passes/pass.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void print_if(const char *wanted, const char *when, const Pass *pass, const IrModule *module,
                     FILE *stream) {
    if (!wanted || (strcmp(wanted, "*") != 0 && strcmp(wanted, pass->name) != 0))
        return;
    Text text = {0};
    ir_print(module, &text);
    fprintf(stream, "; %s %s\n%s", when, pass->name, text_chars(&text));
    text_free(&text);
}

static bool verify(const IrModule *module, const char *when, const char *pass, FILE *stream) {
    if (ir_verify_or_report(module, stream))
        return true;
    fprintf(stream, "the module is wrong %s %s\n", when, pass);
    return false;
}

bool pipeline_run(const Pipeline *pipeline, IrModule *module, const PipelineRun *run) {
    FILE *stream = run->stream ? run->stream : stderr;
    for (size_t i = 0; i < pipeline->steps.count; i++) {
        const PipelineStep *step = &pipeline->steps.items[i];
        if (!(step->pass->takes >> module->form & 1)) {
            fprintf(stderr, "loopwright: pass '%s' got form %s\n", step->pass->name,
                    ir_form_text(module->form));
            abort();
        }
        if (i == 0 && run->verify_each && !verify(module, "before", step->pass->name, stream))
            return false;
        print_if(run->print_before, "before", step->pass, module, stream);
        pass_report_begin(run->report, step->pass->name, step->parameter);
        Arena *scratch = arena_new();
        PassContext context = {module, step->parameter, scratch, run->report};
        double start = now();
        step->pass->run(&context);
        double seconds = now() - start;
        arena_free(scratch);
        if (run->report)
            run->report->entries.items[run->report->entries.count - 1].seconds = seconds;
        print_if(run->print_after, "after", step->pass, module, stream);
        if (run->verify_each && !verify(module, "after", step->pass->name, stream))
            return false;
    }
    return true;
}
