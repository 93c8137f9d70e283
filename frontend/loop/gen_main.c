// loopwright-gen: `loopwright gen` as a program of its own, because it is needed to build the
// latter: the runtime and the guest compiler include the header. So it is linked with this room
// and those that it uses, and with nothing else.
#include "frontend/loop/generate.h"
#include "support/streams.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: loopwright-gen DEFINITION.som [-o HEADER.h] [--depfile=FILE]\n"
    "Writes the C header for the bytecode loop that the definition holds\n"
    "(\"-\" is standard output; without -o it is called after the loop); with\n"
    "--depfile also a rule of make, which says on which files it depends.\n";

static int generate(const char *input, const char *output, const char *depfile) {
    Arena *arena = arena_new();
    LoopGenerated result = loop_generate(arena, input, &output, depfile);
    const char *at = result == LOOP_UNREADABLE   ? input
                     : result == LOOP_UNWRITABLE ? output
                     : result == LOOP_NO_RULE    ? depfile
                                                 : NULL;
    if (at)
        fprintf(stderr, "loopwright-gen: %s: %s\n", at, strerror(errno));
    arena_free(arena);
    return result == LOOP_GENERATED ? 0 : 1;
}

int main(int argc, char **argv) {
    streams_start();
    static const char depfile_flag[] = "--depfile=";
    const char *input = NULL, *output = NULL, *depfile = NULL;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help")) {
            fputs(usage, stdout);
            return 0;
        }
        if (!strcmp(argv[i], "-o") && i + 1 < argc && !output) {
            output = argv[++i];
        } else if (!strncmp(argv[i], depfile_flag, sizeof depfile_flag - 1) && !depfile) {
            depfile = argv[i] + sizeof depfile_flag - 1;
        } else if (argv[i][0] != '-' && !input) {
            input = argv[i];
        } else {
            fprintf(stderr, "loopwright-gen: unexpected argument `%s`\n%s", argv[i], usage);
            return 2;
        }
    }
    if (!input) {
        fputs(usage, stderr);
        return 2;
    }
    return generate(input, output, depfile);
}
