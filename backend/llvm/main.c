// The program loopwright-llvm-NN: everything that needs LLVM, in a process of its
// own, so that each variant starts from a fresh LLVM and two versions never meet.
#include "backend/llvm/dispatch_command.h"
#include "backend/llvm/emit_command.h"
#include "backend/llvm/llvm_options.h"
#include "support/streams.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: loopwright-llvm-NN emit [options] IN.mir\n"
    "       loopwright-llvm-NN dispatch [options] OBJECT.o\n"
    "\n"
    "emit lowers a module of mini IR through LLVM (-O3) and writes one file:\n"
    "  --kind=object|assembly|llvm-ir  what to write (object)\n"
    "  -o FILE                         where to (interpreter.o; other kinds: standard output)\n"
    "  --llvm-tail-dup=off|on          whether LLVM may duplicate a shared dispatch (off)\n"
    "  --llvm-alias=none|full          whether LLVM is told that memory regions differ (none)\n"
    "  --sanitize=none|address|thread  instrument the interpreter itself (none)\n"
    "  --cpu=generic|native            which processor to emit for (generic)\n"
    "  --flags=TEXT                    the variant's flags, kept in loopwright_image\n"
    "  --llvm-option=-NAME[=VALUE]     a further option of LLVM's own\n"
    "\n"
    "dispatch disassembles an emitted object and measures its dispatch path:\n"
    "  --json                          as JSON instead of text\n"
    "  --counts=FILE.json              weigh the bytecodes by the evaluator's counts\n"
    "  --bytecode=NAME                 show this one's path, and in text its work\n"
    "\n"
    "  --version                       LLVM's version\n"
    "\n"
    "A file named - is standard input or output. The exit status is 1 after errors in the\n"
    "input and 2 after errors in the arguments.\n"
    "\n"
    "examples:\n"
    "  loopwright-llvm-19 emit --llvm-tail-dup=on -o loop.o loop.mir\n"
    "  loopwright-llvm-19 emit --kind=assembly loop.mir\n"
    "  loopwright-llvm-19 dispatch --json --counts=counts.json loop.o\n";

int main(int count, char **arguments) {
    streams_start();
    const char *command = count > 1 ? arguments[1] : "";
    for (int i = 1; i < count; i++)
        if (strcmp(arguments[i], "--help") == 0) {
            fputs(help, stdout);
            return 0;
        }
    if (strcmp(command, "--version") == 0) {
        puts(llvm_version());
        return 0;
    }
    if (strcmp(command, "emit") == 0)
        return emit_command(count - 2, arguments + 2);
    if (strcmp(command, "dispatch") == 0)
        return dispatch_command(count - 2, arguments + 2);
    fprintf(stderr, "loopwright-llvm: %s%s\n\n%s", *command ? "unknown command: " : "no command",
            command, help);
    return 2;
}
