// See counting.h. Starts ourselves: the evaluator runs in a process of its own, as every
// interpreter does. The counts are of a smaller run of the same program, as the evaluator is much
// slower than machine code; whoever gives its size sees to it that it executes the same bytecodes
// as often, relative to one another.
#include "cli/counting.h"

#include "cli/bench/harness_output.h"
#include "cli/command.h"
#include "cli/process.h"
#include "ir/text/text.h"
#include "support/interruption.h"
#include "support/output_file.h"

#include <errno.h>
#include <string.h>

typedef ARENA_VECTOR(char *) Words;

static void add_words(Arena *arena, Words *words, const char *text) {
    char *rest = arena_strdup(arena, text);
    for (char *word; (word = strtok_r(rest, " \t\n", &rest));)
        ARENA_PUSH(arena, words, word);
}

// `interpreter` begins the list of words, and is gone on with.
static bool run(Arena *arena, const char *name, Words interpreter, const char *class_path,
                const char *program) {
    Words *words = &interpreter;
    if (class_path) {
        ARENA_PUSH(arena, words, "-cp");
        ARENA_PUSH(arena, words, arena_strdup(arena, class_path));
    }
    add_words(arena, words, program);
    ARENA_PUSH(arena, words, NULL);
    Text output = {0}, errors = {0};
    int status = process_run(words->items, &output, &errors);
    if (status != 0)
        command_failure("counting %s (%s) failed: %s", name, program,
                        harness_failure(arena, status, &output, &errors));
    text_free(&output);
    text_free(&errors);
    return status == 0;
}

static Words begin(Arena *arena, const char *counts) {
    Words words = {0};
    ARENA_PUSH(arena, &words, arena_printf(arena, "%s/loopwright", process_own_folder()));
    ARENA_PUSH(arena, &words, "run");
    ARENA_PUSH(arena, &words, "--engine=eval");
    ARENA_PUSH(arena, &words, arena_printf(arena, "--counts=%s", counts));
    return words;
}

bool counting_run(Arena *arena, const char *name, const char *flags, const char *class_path,
                  const char *program, const char *counts) {
    Words words = begin(arena, counts);
    add_words(arena, &words, flags);
    return run(arena, name, words, class_path, program);
}

// As text, so that plug-ins need not be loaded again, and standard input not be read again.
bool counting_run_module(Arena *arena, const char *name, const IrModule *module,
                         const char *class_path, const char *program, const char *counts) {
    const char *prefix = arena_printf(arena, "%s/loopwright.", temporary_folder(arena));
    const char *path = temporary_file(arena, prefix, ".mir");
    Text text = {0};
    ir_print(module, &text);
    bool good = path && output_file_write(path, &text);
    if (!good)
        command_failure("can't write %s: %s", path ? path : prefix, strerror(errno));
    text_free(&text);
    if (!good)
        return false;
    Words words = begin(arena, counts);
    ARENA_PUSH(arena, &words, "--passes=");
    ARENA_PUSH(arena, &words, arena_printf(arena, "--definition=%s", path));
    good = run(arena, name, words, class_path, program);
    temporary_remove(path);
    return good;
}

const char *counting_file(Arena *arena) {
    const char *folder = temporary_folder(arena);
    const char *path =
        temporary_file(arena, arena_printf(arena, "%s/loopwright-counts.", folder), "");
    if (!path)
        command_failure("can't write to %s: %s", folder, strerror(errno));
    return path;
}
