// `loopwright reduce`: the smallest module, or list of passes, for which a command still
// fails. The command is what knows the failure; we only take things out, and ask it. That is
// delta debugging (ddmin.h) over several kinds of items, from coarse to fine, until no kind
// makes the module smaller: as LLVM's llvm-reduce does it.
#include "cli/command.h"
#include "cli/process.h"
#include "cli/reduce/ddmin.h"
#include "cli/reduce/reduce_edits.h"
#include "ir/text/text.h"
#include "ir/verify/verify.h"
#include "passes/manager/pass.h"
#include "support/hash.h"
#include "support/interruption.h"
#include "support/output_file.h"
#include "support/shell_word.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What a shell exits with for a command that it can't execute, or can't find.
enum { ANY_FAILURE = -1, NOT_EXECUTABLE = 126, NOT_FOUND = 127 };

typedef struct Reduction {
    const char *test;           // the command
    const char *input, *output; // files; no output: standard output, at the end
    const char *passes;         // NULL: there is no list
    int status;                 // that the command has to exit with; ANY_FAILURE: not known yet
    bool verify;                // a candidate must pass the verifier
    bool module_too;            // false: only the list is reduced
    Arena *arena;
    const char *path; // where the command finds the candidate
    Text best;        // the smallest module so far
    const char *list; // the smallest list of passes so far; "" if there is none
    size_t tests;     // how often the command ran
    // Hashes of what the command did not fail for: a table with open addressing, 0 a free slot.
    // The kinds overlap (an empty block, say, is reached by several), and a run of the command
    // costs more than all else. Two modules of one hash would cost a chance to get smaller, no
    // more.
    uint64_t *refused;
    size_t refused_capacity, refused_count; // the capacity is a power of two
} Reduction;

// ---- The test --------------------------------------------------------------------------

// The command with `{}` and `{passes}` filled in.
static void fill_in(const Reduction *reduction, const char *list, Text *out) {
    for (const char *c = reduction->test; *c; c++) {
        if (strncmp(c, "{}", 2) == 0) {
            text_add_shell_word(out, reduction->path);
            c += 1;
        } else if (strncmp(c, "{passes}", 8) == 0) {
            text_add_shell_word(out, list);
            c += 7;
        } else {
            text_add_bytes(out, c, 1);
        }
    }
}

// Takes the status of the module as it is for the one wanted. A command that the shell
// can't run would fail for anything: -1, as if it couldn't be tried.
static int fails_first(Reduction *reduction, int status, const Text *errors) {
    if (status == NOT_EXECUTABLE || status == NOT_FOUND) {
        size_t length = strcspn(text_chars(errors), "\n");
        command_failure("the command can't be run, it exits with %d: %.*s", status, (int)length,
                        text_chars(errors));
        return -1;
    }
    if (status)
        reduction->status = status;
    return status != 0;
}

// Does the command fail as it should? -1 if it can't be tried.
static int fails(Reduction *reduction, const Text *module, const char *list) {
    if (!output_file_write(reduction->path, module)) {
        command_failure("can't write %s: %s", reduction->path, strerror(errno));
        return -1;
    }
    Text command = {0}, output = {0}, errors = {0};
    fill_in(reduction, list, &command);
    char *argv[] = {"/bin/sh",    "-c", (char *)text_chars(&command), "sh", (char *)reduction->path,
                    (char *)list, NULL};
    int status = process_run(argv, &output, &errors);
    if (status < 0)
        command_failure("can't start /bin/sh: %s", strerror(errno));
    reduction->tests++;
    int failing = status < 0                         ? -1
                  : reduction->status == ANY_FAILURE ? fails_first(reduction, status, &errors)
                                                     : status == reduction->status;
    text_free(&command);
    text_free(&output);
    text_free(&errors);
    return failing;
}

// Never 0, which is a free slot's.
static uint64_t hash(const Text *module, const char *list) {
    uint64_t bits = hash_more(HASH_OF_NOTHING, text_chars(module), module->length);
    return hash_more(bits, list, strlen(list)) | 1;
}

static bool was_refused(const Reduction *reduction, uint64_t bits) {
    for (size_t place = bits; reduction->refused_capacity; place++) {
        uint64_t there = reduction->refused[place & (reduction->refused_capacity - 1)];
        if (!there || there == bits)
            return there == bits;
    }
    return false;
}

// At most half of the slots are taken, so that a search ends.
static void refuse(Reduction *reduction, uint64_t bits) {
    if (reduction->refused_count * 2 >= reduction->refused_capacity) {
        const uint64_t *old = reduction->refused;
        size_t count = reduction->refused_capacity;
        reduction->refused_capacity = count ? count * 2 : 1024;
        reduction->refused = ARENA_ARRAY(reduction->arena, uint64_t, reduction->refused_capacity);
        reduction->refused_count = 0;
        for (size_t i = 0; i < count; i++)
            if (old[i])
                refuse(reduction, old[i]);
    }
    size_t place = bits;
    while (reduction->refused[place & (reduction->refused_capacity - 1)])
        place++;
    reduction->refused[place & (reduction->refused_capacity - 1)] = bits;
    reduction->refused_count++;
}

// The smallest so far is on disk at any time, so that who loses patience has it.
static bool keep_best(Reduction *reduction, Text *module, const char *list) {
    if (module != &reduction->best) {
        text_free(&reduction->best);
        reduction->best = *module;
        *module = (Text){0};
    }
    reduction->list = list;
    if (!reduction->output || !reduction->module_too)
        return true;
    return command_write(reduction->output, &reduction->best);
}

// Takes the candidate if the command fails for it. It is freed. One that equals what there is
// (nothing could be taken out) is as good, and isn't tested again: ddmin then believes its items
// gone, and tries others.
static bool consider(Reduction *reduction, Text *module, const char *list) {
    bool good;
    uint64_t bits = hash(module, list);
    if (strcmp(text_chars(module), text_chars(&reduction->best)) == 0 &&
        strcmp(list, reduction->list) == 0) {
        good = true;
    } else if (was_refused(reduction, bits)) {
        good = false;
    } else {
        good = fails(reduction, module, list) == 1;
        if (good)
            good = keep_best(reduction, module, list);
        else
            refuse(reduction, bits);
    }
    text_free(module);
    return good;
}

// ---- Modules -----------------------------------------------------------------------------

// Each candidate is made from the text anew: an edit leaves a module in any state, and the text is
// all that a candidate is.
static IrModule *parse(Arena *arena, const char *name, const Text *text, FILE *stream) {
    Diagnostics diagnostics = {
        .source = {.name = name, .text = text_chars(text), .length = text->length},
        .stream = stream};
    return ir_parse(arena, &diagnostics);
}

// What doesn't parse is none for the command to see: it would fail for that, and not for what it is
// after. The same goes for what the verifier rejects, unless that is what is looked for.
static bool is_acceptable(const Reduction *reduction, const Text *text) {
    Arena *arena = arena_new();
    IrModule *module = parse(arena, "candidate", text, NULL);
    IrComplaints complaints = {0};
    bool good = module && (!reduction->verify || ir_verify(module, arena, &complaints));
    arena_free(arena);
    return good;
}

// The search among the items of one kind. All its candidates are made from `base` by taking items
// out: the numbers of items belong to that text, and would mean others in a smaller one.
typedef struct KindSearch {
    Reduction *reduction;
    const ReduceKind *kind;
    Text base;
    bool *drop; // scratch: one for each item
} KindSearch;

// A candidate that is longer is none, as the round would never end otherwise: taking out may put
// constants in, which are longer than names.
static bool test_items(void *context, const bool *kept, size_t count) {
    KindSearch *search = context;
    for (size_t i = 0; i < count; i++)
        search->drop[i] = !kept[i];
    Arena *arena = arena_new();
    IrModule *module = parse(arena, "candidate", &search->base, NULL);
    search->kind->take_out(module, search->drop);
    Text text = {0};
    ir_print(module, &text);
    arena_free(arena);
    bool longer = text.length > search->reduction->best.length;
    if (!longer && is_acceptable(search->reduction, &text))
        return consider(search->reduction, &text, search->reduction->list);
    text_free(&text);
    return false;
}

static size_t count_items(const Reduction *reduction, const ReduceKind *kind) {
    Arena *arena = arena_new();
    IrModule *module = parse(arena, "candidate", &reduction->best, NULL);
    size_t count = kind->take_out(module, NULL);
    arena_free(arena);
    return count;
}

static size_t count_lines(const Text *text) {
    size_t lines = 0;
    for (const char *c = text_chars(text); *c; c++)
        lines += *c == '\n';
    return lines;
}

// True if the module became smaller. If its text is as long as before, whatever changed in it,
// there is no point in another round.
static bool reduce_kind(Reduction *reduction, const ReduceKind *kind) {
    size_t count = count_items(reduction, kind), length = reduction->best.length;
    if (count == 0)
        return false;
    KindSearch search = {.reduction = reduction, .kind = kind};
    text_add(&search.base, text_chars(&reduction->best));
    Arena *arena = arena_new();
    search.drop = ARENA_ARRAY(arena, bool, count);
    bool *kept = ARENA_ARRAY(arena, bool, count);
    memset(kept, true, count);
    ddmin(kept, count, test_items, &search);
    arena_free(arena);
    text_free(&search.base);
    if (reduction->best.length >= length)
        return false;
    fprintf(stderr, "reduce: %s: %zu of %zu left, %zu lines (%zu tests)\n", kind->name,
            count_items(reduction, kind), count, count_lines(&reduction->best), reduction->tests);
    return true;
}

static void reduce_module(Reduction *reduction) {
    size_t count;
    const ReduceKind *kinds = reduce_kinds(&count);
    // Each round that goes on has made the text shorter.
    for (bool smaller = true; smaller;) {
        smaller = false;
        for (size_t i = 0; i < count; i++)
            smaller |= reduce_kind(reduction, &kinds[i]);
    }
}

// ---- Lists of passes ------------------------------------------------------------------------

// The search among the passes of a list.
typedef struct ListSearch {
    Reduction *reduction;
    char **names; // with their parameters, as the list has them
    IrForm form;  // of the module, which some passes need to be a certain one
} ListSearch;

// A list without the pass that makes a form leaves those that need it without what they take: that
// is a candidate which can't be run.
static bool list_is_legal(Arena *arena, const char *list, IrForm form, Text *error) {
    PipelineRequest request = {.passes = list};
    Pipeline pipeline;
    return pipeline_build(&request, -1, form, arena, &pipeline, error);
}

static bool test_list(void *context, const bool *kept, size_t count) {
    ListSearch *search = context;
    Reduction *reduction = search->reduction;
    Text list = {0}, error = {0};
    for (size_t i = 0; i < count; i++)
        if (kept[i])
            text_addf(&list, "%s%s", list.length ? "," : "", search->names[i]);
    const char *names = arena_strdup(reduction->arena, text_chars(&list));
    text_free(&list);
    bool good = list_is_legal(reduction->arena, names, search->form, &error);
    text_free(&error);
    if (!good)
        return false;
    Text module = {0};
    text_add(&module, text_chars(&reduction->best));
    return consider(reduction, &module, names);
}

// Lists come before modules: fewer passes make each run of the command faster. A pass with a
// parameter is one item.
static void reduce_list(Reduction *reduction, IrForm form) {
    size_t count = *reduction->list != '\0';
    for (const char *c = reduction->list; *c; c++)
        count += *c == ',';
    if (count == 0)
        return;
    ListSearch search = {reduction, ARENA_ARRAY(reduction->arena, char *, count), form};
    char *rest = arena_strdup(reduction->arena, reduction->list);
    for (size_t i = 0; i < count; i++)
        search.names[i] = strsep(&rest, ",");
    bool *kept = ARENA_ARRAY(reduction->arena, bool, count);
    memset(kept, true, count);
    size_t left = ddmin(kept, count, test_list, &search);
    if (left < count)
        fprintf(stderr, "reduce: passes: %zu of %zu left: %s (%zu tests)\n", left, count,
                reduction->list, reduction->tests);
}

// ---- The command ----------------------------------------------------------------------------

enum { ONLY_NOTHING = -1, ONLY_PASSES };

typedef struct ReduceOptions {
    const char *test, *passes, *input, *output;
    int status, only;
    bool no_verify;
} ReduceOptions;

static const Option option_list[] = {
    {OPTION_TEXT, "--test", "'COMMAND'",
     "fails for the modules that are wanted; put `timeout 10` before one\n"
     "that may hang, which makes its status 124",
     .offset = offsetof(ReduceOptions, test)},
    {OPTION_NUMBER, "--status", "N",
     "the status that counts (default: that for the module as it is)",
     .offset = offsetof(ReduceOptions, status), .least = 0, .most = 255,
     .wanted = "an exit status from 0 to 255 is wanted"},
    {OPTION_TEXT, "--passes", "LIST",
     "reduce this list of passes, too: `{passes}` (also $2) in COMMAND",
     .offset = offsetof(ReduceOptions, passes)},
    {OPTION_CHOICE, "--only", "passes", "reduce the list and not the module; print it",
     .offset = offsetof(ReduceOptions, only)},
    {OPTION_SWITCH, "--no-verify", NULL, "candidates need only parse, and not pass the verifier",
     .offset = offsetof(ReduceOptions, no_verify)},
    {OPTION_CALL, "--load-pass", "FILE.so", "passes of a plug-in, for --passes",
     .take = command_take_plugin},
    {OPTION_TEXT, "-o", "OUT.mir", "where to (default: standard output, also `-`)",
     .offset = offsetof(ReduceOptions, output)},
};

const OptionTable command_reduce_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_INPUT,
    .words_offset = offsetof(ReduceOptions, input),
};

// Reads the input in its normal form; false after an error.
static bool read_input(Reduction *reduction, IrForm *form) {
    Text text = {0};
    if (!text_read_file(&text, reduction->input)) {
        command_failure("can't read %s: %s", command_input_name(reduction->input), strerror(errno));
        text_free(&text);
        return false;
    }
    IrModule *module = parse(reduction->arena, reduction->input, &text, stderr);
    text_free(&text);
    if (!module || (reduction->verify && !ir_verify_or_report(module, stderr)))
        return false;
    *form = module->form;
    ir_print(module, &reduction->best);
    Text error = {0};
    reduction->list = reduction->passes ? reduction->passes : "";
    bool good = list_is_legal(reduction->arena, reduction->list, *form, &error);
    if (!good)
        command_failure("%s", text_chars(&error));
    text_free(&error);
    return good;
}

// Always the same file, as the command may tell by its name what is what; its ending says that it
// is a module.
static bool make_candidate_path(Reduction *reduction) {
    reduction->path = command_temporary(reduction->arena, ".mir");
    return reduction->path;
}

static void print_result(const Reduction *reduction) {
    fprintf(stderr, "reduce: %zu lines left after %zu tests", count_lines(&reduction->best),
            reduction->tests);
    if (reduction->passes)
        fprintf(stderr, "; passes: %s", *reduction->list ? reduction->list : "none");
    fputc('\n', stderr);
    if (!reduction->module_too)
        printf("%s\n", reduction->list);
    else if (!reduction->output)
        fputs(text_chars(&reduction->best), stdout);
}

// First the module as it is: without a failure there is nothing to keep, and its status is the one
// that counts from then on. Otherwise a module that makes the command fail in another way (a crash
// turned into a complaint) would be taken for a smaller one of the same kind.
static bool reduce(Reduction *reduction) {
    IrForm form;
    if (!read_input(reduction, &form) || !make_candidate_path(reduction))
        return false;
    int failing = fails(reduction, &reduction->best, reduction->list);
    bool good = failing == 1;
    if (failing == 0)
        command_failure(reduction->status == ANY_FAILURE
                            ? "the command exits with 0 for %s as it is: nothing to reduce"
                            : "the command doesn't exit with that status for %s as it is",
                        reduction->input);
    if (good)
        good = keep_best(reduction, &reduction->best, reduction->list);
    if (good) {
        reduce_list(reduction, form);
        if (reduction->module_too)
            reduce_module(reduction);
        print_result(reduction);
    }
    temporary_remove(reduction->path);
    return good;
}

static int check_options(const Command *command, const ReduceOptions *options) {
    if (!options->test)
        return command_usage_error(command, "--test='COMMAND' is missing");
    if (!options->input)
        return command_usage_error(command, "no .mir file is given");
    if (options->only == ONLY_PASSES && !options->passes)
        return command_usage_error(command, "--only=passes goes with --passes=");
    return EXIT_OK;
}

int command_reduce(const Command *command, int argc, char **argv) {
    ReduceOptions options = {.output = "-", .status = ANY_FAILURE, .only = ONLY_NOTHING};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    status = check_options(command, &options);
    if (status)
        return status;
    Reduction reduction = {
        .test = options.test,
        .input = options.input,
        .output = strcmp(options.output, "-") == 0 ? NULL : options.output,
        .passes = options.passes,
        .status = options.status,
        .verify = !options.no_verify,
        .module_too = options.only != ONLY_PASSES,
        .arena = arena_new(),
    };
    bool good = reduce(&reduction);
    text_free(&reduction.best);
    arena_free(reduction.arena);
    return good ? EXIT_OK : EXIT_FAILED;
}
