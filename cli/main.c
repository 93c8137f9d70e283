// The `loopwright` command: finds the subcommand and runs it. Every way out goes through one
// check that what was printed has got out, on both streams.
#include "cli/command.h"

#include "support/streams.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void print_usage(FILE *stream) {
    fputs("usage: loopwright COMMAND [ARGUMENTS]\n\n"
          "Builds native bytecode interpreters from one naive definition, and shows what each\n"
          "optimisation did to them.\n\ncommands:\n",
          stream);
    size_t count;
    const Command *commands = command_list(&count);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "  %-8s %s\n", commands[i].name, commands[i].help);
    fputs(
        "\n`loopwright COMMAND --help` says more, with examples. `--version` prints the version.\n"
        "In any command `--` ends the flags.\n\n"
        "examples:\n"
        "  loopwright opt -O1 --stats\n"
        "  loopwright run -O2 -cp bench/programs Harness Mandelbrot 1 500\n",
        stream);
}

// `help COMMAND` and `COMMAND --help` are the same; asked for, the list of commands is output, and
// after a mistake it is part of the message.
static int run(int argc, char **argv) {
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--version") == 0) {
        puts("loopwright " LOOPWRIGHT_VERSION);
        return EXIT_OK;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
        (strcmp(word, "help") == 0 && argc == 2)) {
        print_usage(stdout);
        return EXIT_OK;
    }
    bool help = strcmp(word, "help") == 0;
    const Command *command = command_find(help ? argv[2] : word);
    if (!command) {
        if (argc > 1)
            fprintf(stderr, "loopwright: error: unknown command '%s'\n", help ? argv[2] : word);
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (help)
        return command_help(command);
    return command->run(command, argc - 2, argv + 2);
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
