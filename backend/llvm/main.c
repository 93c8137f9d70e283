// The program loopwright-llvm-NN: everything that needs LLVM, in a process of its
// own, so that each variant starts from a fresh LLVM and two versions never meet. There is one
// for each LLVM that was found at build time, from the same sources. Should LLVM crash on a
// module, it is this process that ends, and `loopwright` can say so.
#include "backend/llvm/emit_command.h"
#include "backend/llvm/flags/llvm_flags.h"
#include "backend/llvm/llvm_options.h"
#include "support/streams.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_line(Text *out, const char *syntax, const char *help) {
    text_addf(out, "  %-32s%s\n", syntax, help);
}

static void print_help(FILE *stream) {
    Text text = {0}, kinds = {0};
    int major = atoi(llvm_version());
    text_addf(&text,
              "usage: loopwright-llvm-%d emit [options] IN.mir\n\n"
              "Lowers a module of mini IR through LLVM (-O3) and writes one file:\n",
              major);
    text_add(&kinds, "--kind=");
    for (LlvmKind kind = 0; kind < LLVM_KINDS; kind++)
        text_addf(&kinds, "%s%s", kind ? "|" : "", llvm_kind_name(kind));
    add_line(&text, text_chars(&kinds), "what to write (default: object)");
    add_line(&text, "-o FILE", "where to (interpreter.o; other kinds: standard output)");
    llvm_flags_describe(add_line, &text);
    add_line(&text, "--flags=TEXT", "the variant's flags, kept in loopwright_image");
    add_line(&text, "--version", "LLVM's version");
    text_addf(&text,
              "\nA file named - is standard input or output. The exit status is 1 after errors "
              "in the\ninput and 2 after errors in the arguments.\n\n"
              "examples:\n"
              "  loopwright-llvm-%d emit --llvm-tail-dup=on -o loop.o loop.mir\n"
              "  loopwright-llvm-%d emit --kind=assembly loop.mir\n",
              major, major);
    fputs(text_chars(&text), stream);
    text_free(&text);
    text_free(&kinds);
}

int main(int count, char **arguments) {
    streams_start();
    const char *command = count > 1 ? arguments[1] : "";
    for (int i = 1; i < count; i++)
        if (strcmp(arguments[i], "--help") == 0) {
            print_help(stdout);
            return 0;
        }
    if (strcmp(command, "--version") == 0) {
        puts(llvm_version());
        return 0;
    }
    if (strcmp(command, "emit") == 0)
        return llvm_emit_command(count - 2, arguments + 2);
    fprintf(stderr, "loopwright-llvm: %s%s\n\n", *command ? "unknown command: " : "no command",
            command);
    print_help(stderr);
    return 2;
}
