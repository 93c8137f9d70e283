// loopwright-gen: `loopwright gen` as a program of its own, because it is needed to build the
// latter: the runtime and the guest compiler include the header. So it is linked with this room
// and those that it uses, and with nothing else.
#include "frontend/loop/generate.h"
#include "support/streams.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char usage[] = "usage: loopwright-gen DEFINITION.som [-o HEADER.h]\n"
                            "Writes the C header for the bytecode loop that the definition holds\n"
                            "(\"-\" is standard output; without -o it is called after the loop).\n";

static int generate(const char *input, const char *output) {
    Arena *arena = arena_new();
    LoopGenerated result = loop_generate(arena, input, &output);
    if (result == LOOP_UNREADABLE || result == LOOP_UNWRITABLE)
        fprintf(stderr, "loopwright-gen: %s: %s\n", result == LOOP_UNREADABLE ? input : output,
                strerror(errno));
    arena_free(arena);
    return result == LOOP_GENERATED ? 0 : 1;
}

int main(int argc, char **argv) {
    streams_start();
    const char *input = NULL, *output = NULL;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help")) {
            fputs(usage, stdout);
            return 0;
        }
        if (!strcmp(argv[i], "-o") && i + 1 < argc && !output) {
            output = argv[++i];
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
    return generate(input, output);
}
