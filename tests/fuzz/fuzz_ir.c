// The IR's text form: parsed, printed, verified, and what the verifier admits through
// passes. Printed text parses and prints to itself; no pass makes a module that the
// verifier refuses. Which passes run, and in which order, follows from the input.
#include "ir/text/text.h"
#include "ir/verify/verify.h"
#include "passes/manager/pass.h"
#include "support/hash.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PASSES = 4 };

static IrModule *parse(Arena *arena, const char *text, size_t size, FILE *stream) {
    Diagnostics diagnostics = {.source = {.name = "fuzz.mir", .text = text, .length = size},
                               .stream = stream};
    return ir_parse(arena, &diagnostics);
}

static void check_printing(Arena *arena, const IrModule *module) {
    Text first = {0}, second = {0};
    ir_print(module, &first);
    const IrModule *again = parse(arena, text_chars(&first), first.length, stderr);
    if (!again)
        abort();
    ir_print(again, &second);
    if (strcmp(text_chars(&first), text_chars(&second)) != 0)
        abort();
    text_free(&first);
    text_free(&second);
}

static uint32_t hash_of(const uint8_t *data, size_t size) {
    uint64_t hash = hash_more(HASH_OF_NOTHING, data, size);
    return (uint32_t)(hash ^ hash >> 32);
}

// One pass, or several. A list that the module's form allows not is none.
static void run_passes(Arena *arena, IrModule *module, uint32_t hash) {
    Text list = {0}, error = {0};
    uint32_t count = 1 + hash % MOST_PASSES;
    hash /= MOST_PASSES;
    for (uint32_t i = 0; i < count; i++, hash /= (uint32_t)pass_count())
        text_addf(&list, "%s%s", i ? "," : "", pass_at(hash % pass_count())->name);
    PipelineRequest request = {.passes = text_chars(&list)};
    Pipeline pipeline;
    if (pipeline_build(&request, -1, module->form, arena, &pipeline, &error)) {
        PipelineRun run = {.verify_each = true, .stream = stderr};
        if (!pipeline_run(&pipeline, module, &run)) {
            fprintf(stderr, "passes: %s\n", text_chars(&list));
            abort();
        }
        check_printing(arena, module);
    }
    text_free(&list);
    text_free(&error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_new();
    IrModule *module = parse(arena, (const char *)data, size, NULL);
    if (module) {
        check_printing(arena, module);
        IrComplaints complaints = {0};
        if (ir_verify(module, arena, &complaints))
            run_passes(arena, module, hash_of(data, size));
    }
    arena_free(arena);
    return 0;
}
