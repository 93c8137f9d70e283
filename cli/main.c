// The `loopwright` command: finds the subcommand and runs it. Every way out goes through one
// check that what was printed has got out, on both streams.
#include "cli/command.h"

#include "support/streams.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

// Asked for, the list of commands is output, and after a mistake it is part of the message.
static int run(int argc, char **argv) {
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--version") == 0) {
        puts("loopwright " LOOPWRIGHT_VERSION);
        return EXIT_OK;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        command_print_usage(stdout);
        return EXIT_OK;
    }
    const Command *command = command_find(word);
    if (command)
        return command->run(command, argc - 2, argv + 2);
    if (argc > 1)
        fprintf(stderr, "loopwright: error: unknown command '%s'\n", word);
    command_print_usage(stderr);
    return EXIT_USAGE;
}

// What was printed may still be in a buffer, and the disk full: a command that has done its work
// but lost its output must not exit with 0.
int main(int argc, char **argv) {
    streams_start();
    int status = run(argc, argv);
    if (status == EXIT_OK && (fflush(stdout) != 0 || ferror(stdout)))
        status = command_failure("can't write to standard output: %s", strerror(errno));
    // Figures that were asked for (`--stats`), or a warning. There is nowhere to say it.
    if (status == EXIT_OK && ferror(stderr))
        status = EXIT_FAILED;
    return status;
}
