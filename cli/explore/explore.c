// `loopwright explore`: an interpreter to look at, in one page: the definition, the IR before and
// after each pass, machine code. What is shown is made in cli/explore/; here is the command line.
#include "cli/command.h"
#include "cli/explore/explored.h"
#include "cli/explore/flags.h"
#include "cli/explore/page.h"
#include "cli/explore/server.h"
#include "cli/view_option.h"
#include "support/interruption.h"
#include "support/json/json_text.h"
#include "support/output_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { NOT_SERVED = -1 };

typedef struct ExploreOptions {
    Variant variant;
    const char *input, *output;
    const char *diff[2]; // FLAGS or a file each; NULL: one interpreter is looked at
    const char *bytecodes;
    DispatchWeights weights;
    int port; // NOT_SERVED, or where
    bool json;
} ExploreOptions;

static int take_bytecodes(const Command *command, void *into, const char *names) {
    return view_option_take(command, &((ExploreOptions *)into)->bytecodes, names);
}

static const Option option_list[] = {
    {OPTION_TEXT, "-o", "FILE", "where to (`-` is standard output)",
     .offset = offsetof(ExploreOptions, output)},
    {OPTION_PAIR, "--diff", "A B",
     "two interpreters side by side: each is 'FLAGS' (added to those\n"
     "given otherwise) or a file",
     .offset = offsetof(ExploreOptions, diff)},
    {OPTION_CALL, "--bytecode", "A,B,...", "these bytecodes only: a smaller page",
     .take = take_bytecodes},
    DISPATCH_WEIGHTS_OPTIONS(ExploreOptions),
    {OPTION_NUMBER, "--serve", "PORT",
     "serve the page to this machine, with a switch for each flag, until\n"
     "interrupted (default: port 8019; 0: any that is free)",
     .offset = offsetof(ExploreOptions, port), .without = "8019", .least = 0, .most = 65535},
    {OPTION_SWITCH, "--json", NULL, "the page's data instead",
     .offset = offsetof(ExploreOptions, json), .is_format = true},
};

const OptionTable command_explore_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_INPUT,
    .words_offset = offsetof(ExploreOptions, input),
    .takes_flags = true,
    .variant_offset = offsetof(ExploreOptions, variant),
};

// ---- A page --------------------------------------------------------------------------

static void print_document(const ExploreOptions *options, const ExploredVariant *explored,
                           size_t count, Text *out) {
    json_t *document = explore_document(explored, count);
    if (options->json) {
        json_text_print_compact(document, out);
        text_add(out, "\n");
    } else {
        explore_page(document, out);
    }
    json_decref(document);
}

static bool print_page(const ExploreOptions *options, Arena *arena, const VariantSide *sides,
                       size_t count, Text *out) {
    ExploreRequest request = {options->bytecodes, options->weights};
    ExploredVariant explored[2] = {{0}, {0}};
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = explored_make(&explored[i], arena, &request, &sides[i]);
    for (size_t i = 0; good && i < count && options->diff[0]; i++)
        if (options->diff[i][0] == '-')
            explored[i].subject.name = options->diff[i];
    if (good)
        print_document(options, explored, count, out);
    for (size_t i = 0; i < count; i++)
        explored_close(&explored[i]);
    return good;
}

// That a page can't be written is said before an interpreter is made, which takes its time.
static bool make_page(const ExploreOptions *options, Arena *arena, const VariantSide *sides,
                      size_t count) {
    const char *name = options->output ? options->output : "-";
    OutputFile output;
    Text text = {0};
    bool begun = output_file_begin(&output, arena, name);
    bool good = begun && print_page(options, arena, sides, count, &text);
    bool put = good && output_file_put(&output, &text);
    bool written = put && output_file_finish(&output, false);
    if (!begun || (good && !written))
        command_failure("can't write %s: %s", command_output_name(name), strerror(errno));
    if (begun && !put)
        output_file_abandon(&output);
    text_free(&text);
    return written;
}

// ---- Serving it ----------------------------------------------------------------------

// The page sets flags for itself; what it can't set is given to each interpreter that it asks for.
static bool serve(const ExploreOptions *options, Arena *arena, int argc, char **argv,
                  const VariantSide *sides, size_t count) {
    ExploreServer server = {.arena = arena, .port = options->port};
    for (size_t i = 0; i < count; i++)
        explore_server_add_variant(&server, &sides[i].variant);
    explore_server_add_words(&server, argc, argv);
    return explore_server_run(&server);
}

// ---- The command ---------------------------------------------------------------------

// What differs between two that are served has a switch; what has none is given to both.
static int check_served_sides(const Command *command, Arena *arena, const char *const *sides) {
    for (int i = 0; sides[0] && i < 2; i++) {
        char *rest = arena_strdup(arena, sides[i]);
        for (char *word; (word = strtok_r(rest, " \t\n", &rest));)
            if (!explore_flag_has_switch(word))
                return command_usage_error(command,
                                           "with --serve, '%s' can't differ between two: give "
                                           "it outside of --diff",
                                           word);
    }
    return EXIT_OK;
}

static int check_options(const Command *command, const ExploreOptions *options) {
    bool serves = options->port != NOT_SERVED;
    if (serves && options->output)
        return command_usage_error(command, "--serve writes no file: -o goes without it");
    if (serves && options->json)
        return command_usage_error(command, "--serve answers with a page: --json goes without it");
    if (serves && options->input && strcmp(options->input, "-") == 0)
        return command_usage_error(command, "--serve reads its loop again each time: no `-`");
    if (!serves && !options->output && !options->json && isatty(STDOUT_FILENO))
        return command_usage_error(command, "a page is not for a terminal: -o FILE says where to");
    return dispatch_weights_check(command, &options->weights);
}

// What was emitted before has no passes to be looked at.
static int check_input(const Command *command, const char *input) {
    if (!dispatch_subject_is_made(input))
        return EXIT_OK;
    return command_usage_error(command,
                               "%s is no loop (.mir, .som): passes are looked at while "
                               "they run, so what was emitted can't be explored",
                               input);
}

static int run(const Command *command, const ExploreOptions *options, Arena *arena, int argc,
               char **argv) {
    int status = check_options(command, options);
    if (!status && options->port != NOT_SERVED)
        status = check_served_sides(command, arena, options->diff);
    VariantSide sides[2];
    size_t count = options->diff[0] ? 2 : 1;
    for (size_t i = 0; !status && i < count; i++) {
        sides[i] = (VariantSide){options->variant, options->input};
        if (options->diff[0])
            status = variant_side_read(command, arena, options->diff[i], &sides[i]);
        if (!status)
            status = check_input(command, sides[i].input);
    }
    if (status)
        return status;
    bool good = options->port == NOT_SERVED ? make_page(options, arena, sides, count)
                                            : serve(options, arena, argc, argv, sides, count);
    return good ? EXIT_OK : EXIT_FAILED;
}

int command_explore(const Command *command, int argc, char **argv) {
    ExploreOptions options = {.variant = variant_new(), .port = NOT_SERVED};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    Arena *arena = arena_new();
    status = run(command, &options, arena, argc, argv);
    arena_free(arena);
    temporary_remove_all();
    return status;
}
