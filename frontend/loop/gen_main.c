// loopwright-gen: writes the C header that is generated from a loop's definition. It is a
// program of its own, and not a command of `loopwright`, because it is needed to build the
// latter: the runtime and the guest compiler include the header. So it is linked with this room
// and those that it uses, and with nothing else.
#include "frontend/loop/loop.h"
#include "frontend/syntax/parse.h"
#include "support/output_file.h"
#include "support/streams.h"

#include <errno.h>
#include <string.h>

static const char usage[] = "usage: loopwright-gen DEFINITION.som -o HEADER.h\n"
                            "Writes the C header for the bytecode loop that the definition holds\n"
                            "(\"-\" is standard output).\n";

static int fail(const char *path) {
    fprintf(stderr, "loopwright-gen: %s: %s\n", path, strerror(errno));
    return 1;
}

static int generate(const char *input, const char *output) {
    Text source = {0}, header = {0};
    int status = 1;
    Arena *arena = arena_new();
    if (!text_read_file(&source, input)) {
        status = fail(input);
    } else {
        Diagnostics diagnostics = {
            .source = {.name = input, .text = text_chars(&source), .length = source.length},
            .stream = stderr};
        AstFile *file = syntax_parse_file(arena, &diagnostics);
        if (file && loop_header(arena, &diagnostics, file, &header))
            status = output_file_write(output, &header) ? 0 : fail(output);
    }
    arena_free(arena);
    text_free(&source);
    text_free(&header);
    return status;
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
    if (!input || !output) {
        fputs(usage, stderr);
        return 2;
    }
    return generate(input, output);
}
