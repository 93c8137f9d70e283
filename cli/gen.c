// `loopwright gen`: the C header of a definition, which is all that a runtime knows of its loop.
// The work is done in frontend/loop, which the build's own loopwright-gen shares.
#include "cli/command.h"
#include "frontend/loop/generate.h"

#include <errno.h>
#include <string.h>

typedef struct GenOptions {
    const char *input, *output, *depfile;
} GenOptions;

static const Option option_list[] = {
    {OPTION_TEXT, "-o", "HEADER.h",
     "where to (`-`: standard output; default: called after the loop,\n"
     "`forth.h` for `Forth`, in the current folder)",
     .offset = offsetof(GenOptions, output)},
    {OPTION_TEXT, "--depfile", "FILE",
     "also a rule of make, which says on which files the header depends",
     .offset = offsetof(GenOptions, depfile)},
};

const OptionTable command_gen_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_INPUT,
    .words_offset = offsetof(GenOptions, input),
};

int command_gen(const Command *command, int argc, char **argv) {
    GenOptions options = {0};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    if (!options.input)
        return command_usage_error(command, "no definition is given");
    const char *const written[] = {options.output, options.depfile};
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        if (written[i] && command_is_same_file(options.input, written[i]))
            return command_usage_error(command, "%s would be written over", options.input);
    Arena *arena = arena_new();
    LoopGenerated result = loop_generate(arena, options.input, &options.output, options.depfile);
    if (result == LOOP_UNREADABLE)
        command_failure("can't read %s: %s", command_input_name(options.input), strerror(errno));
    if (result == LOOP_UNWRITABLE)
        command_failure("can't write %s: %s", command_output_name(options.output), strerror(errno));
    if (result == LOOP_NO_RULE)
        command_failure("can't write %s: %s", command_output_name(options.depfile),
                        strerror(errno));
    arena_free(arena);
    return result == LOOP_GENERATED ? EXIT_OK : EXIT_FAILED;
}
