// See dispatch_model.h. The path goes to llvm-mca as assembly, once: the latency is that of one
// dispatch by itself, from the start of its first instruction to the end of its last. The
// reciprocal throughput is llvm-mca's own for the block: what many such paths in a row take each,
// where nothing but the processor's units limits them. Caches and branch prediction, which decide
// what a dispatch takes on the clock, no such model knows.
#include "cli/dispatch/dispatch_model.h"

#include "cli/command.h"
#include "cli/emitter.h"
#include "cli/process.h"
#include "support/interruption.h"

#include <jansson.h>

#include <errno.h>
#include <string.h>

// "llvm-mca 19.1.7", of the lines that --version prints.
static const char *tool_text(Arena *arena, const Text *output) {
    const char *at = strstr(text_chars(output), "LLVM version ");
    at = at ? at + strlen("LLVM version ") : "";
    return arena_printf(arena, "llvm-mca %.*s", (int)strcspn(at, " \n"), at);
}

// That of the LLVM that made the code, as models change from one version to the next; else whatever
// there is. NULL after an error on stderr.
static const char *find_tool(Arena *arena, int version, const char **described) {
    const char *const names[] = {arena_printf(arena, "llvm-mca-%d", version), "llvm-mca"};
    for (int i = version ? 0 : 1; i < 2; i++) {
        char *const words[] = {(char *)names[i], "--version", NULL};
        Text output = {0}, errors = {0};
        int status = process_run(words, &output, &errors);
        *described = tool_text(arena, &output);
        text_free(&output);
        text_free(&errors);
        if (status == 0)
            return names[i];
    }
    if (version)
        command_failure("llvm-mca was not found, which --mca needs (Debian: llvm-%d)", version);
    else
        command_failure("llvm-mca was not found, which --mca needs (Debian: llvm)");
    return NULL;
}

static const char *write_assembly(const DispatchReport *report, const DispatchPath *path) {
    Text text = {0};
    for (size_t i = 0; i < path->steps.count; i++)
        text_addf(&text, "%s\n",
                  report->code->instructions.items[path->steps.items[i].instruction].text);
    const char *file = emitter_temporary(report->arena, &text);
    text_free(&text);
    return file;
}

static double number_in(const json_t *object, const char *key) {
    return json_number_value(json_object_get(object, key));
}

// The model out of the tool's answer; false: it isn't what was expected.
static bool read_answer(const DispatchReport *report, const Text *output, size_t steps,
                        DispatchModel *model) {
    json_t *root = json_loadb(text_chars(output), output->length, JSON_ALLOW_NUL, NULL);
    const json_t *region = json_array_get(json_object_get(root, "CodeRegions"), 0);
    const json_t *summary = json_object_get(region, "SummaryView");
    const json_t *list =
        json_object_get(json_object_get(region, "InstructionInfoView"), "InstructionList");
    bool good = json_array_size(list) == steps && summary;
    model->latency = (int)number_in(summary, "TotalCycles");
    model->throughput = number_in(summary, "BlockRThroughput");
    model->latencies = ARENA_ARRAY(report->arena, double, steps);
    model->throughputs = ARENA_ARRAY(report->arena, double, steps);
    for (size_t i = 0; good && i < steps; i++) {
        model->latencies[i] = number_in(json_array_get(list, i), "Latency");
        model->throughputs[i] = number_in(json_array_get(list, i), "RThroughput");
    }
    json_decref(root);
    return good;
}

// Its first line of complaint. It goes on with another processor where it doesn't know the one that
// was asked for, so that is an error, too.
static bool has_complained(Arena *arena, const char *processor, int status, const Text *errors) {
    const char *line = arena_strndup(arena, text_chars(errors), strcspn(text_chars(errors), "\n"));
    bool is_unknown = strstr(line, "is not a recognized processor") != NULL;
    if (is_unknown)
        command_failure("--mca=%s: llvm-mca knows no such processor (`llvm-mca -mcpu=help` lists "
                        "them)",
                        processor);
    else if (status != 0)
        command_failure("llvm-mca failed (exit status %d): %s", status, line);
    return is_unknown || status != 0;
}

bool dispatch_model_add(DispatchReport *report, const char *processor, int llvm_version) {
    Arena *arena = report->arena;
    const MeasuredBytecode *shown = dispatch_report_shown(report).shown;
    DispatchModel *model = ARENA_NEW(arena, DispatchModel);
    model->processor = processor;
    const char *tool = find_tool(arena, llvm_version, &model->tool);
    const char *file = tool && shown ? write_assembly(report, &shown->path) : NULL;
    if (!file)
        return tool && !shown;
    char *const words[] = {(char *)tool,
                           "-mtriple=x86_64-pc-linux-gnu",
                           arena_printf(arena, "-mcpu=%s", processor),
                           "-iterations=1",
                           "--json",
                           (char *)file,
                           NULL};
    Text output = {0}, errors = {0};
    int status = process_run(words, &output, &errors);
    bool good = !has_complained(arena, processor, status, &errors);
    if (good && !read_answer(report, &output, shown->path.steps.count, model)) {
        command_failure("%s gave no figures for the path's instructions", model->tool);
        good = false;
    }
    text_free(&output);
    text_free(&errors);
    temporary_remove(file);
    if (good)
        report->model = model;
    return good;
}
