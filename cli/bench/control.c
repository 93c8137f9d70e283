// See control.h.
#include "cli/bench/control.h"

#include "cli/command.h"
#include "cli/emitter.h"
#include "cli/linking/loop_runtime.h"
#include "cli/process.h"
#include "support/choice.h"
#include "support/interruption.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char control_kinds[] = "switch|goto";

// ---- The compiler -------------------------------------------------------------------------

typedef struct Compiler {
    const char *command; // looked up in PATH, unless it has a slash
    const char *name;    // "clang 19"; NULL: it can't be started
    bool is_clang;
    int version;
} Compiler;

// The first line that the command prints. NULL: it can't be started, or fails.
static const char *first_line(Arena *arena, const char *command, const char *option) {
    const char *words[] = {command, option, NULL};
    Text output = {0}, errors = {0};
    const char *line = NULL;
    if (process_run((char *const *)words, &output, &errors) == 0)
        line = arena_strndup(arena, text_chars(&output), strcspn(text_chars(&output), "\n"));
    text_free(&output);
    text_free(&errors);
    return line;
}

// `--version` tells whose compiler it is, whatever it is called; `-dumpversion`, which both have,
// tells the version alone.
static Compiler ask_compiler(Arena *arena, const char *command) {
    Compiler compiler = {.command = command};
    const char *family = first_line(arena, command, "--version"),
               *version = family ? first_line(arena, command, "-dumpversion") : NULL;
    if (!version)
        return compiler;
    compiler.is_clang = strstr(family, "clang") != NULL;
    compiler.version = atoi(version);
    compiler.name =
        arena_printf(arena, "%s %d", compiler.is_clang ? "clang" : "gcc", compiler.version);
    return compiler;
}

// Debian's names and places of a clang of that version, then whatever `clang` is.
static Compiler find_compiler(Arena *arena, int version) {
    const char *const commands[] = {
        arena_printf(arena, "clang-%d", version),
        arena_printf(arena, "/usr/lib/llvm-%d/bin/clang", version),
        "clang",
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        Compiler compiler = ask_compiler(arena, commands[i]);
        if (compiler.name && compiler.is_clang && compiler.version == version)
            return compiler;
    }
    return ask_compiler(arena, "cc");
}

// ---- The source ---------------------------------------------------------------------------

// Where the source is, and the header that was generated from the definition.
typedef struct ControlSource {
    const char *file, *header_folder;
} ControlSource;

static bool is_there(Arena *arena, const ControlSource *source) {
    return access(source->file, R_OK) == 0 &&
           access(arena_printf(arena, "%s/interpreter.h", source->header_folder), R_OK) == 0;
}

// The installed one, or that of the source tree and the build folder that this program is in.
static bool find_source(Arena *arena, ControlSource *source) {
    const char *own = process_own_folder();
    const ControlSource installed = {
        arena_printf(arena, "%s/../share/loopwright/control/control.c", own),
        arena_printf(arena, "%s/../include/loopwright", own)};
    const ControlSource built = {LOOPWRIGHT_SOURCE_DIR "/bench/control/control.c",
                                 arena_printf(arena, "%s/../generated", own)};
    *source = is_there(arena, &installed) ? installed : built;
    if (is_there(arena, source))
        return true;
    command_failure("the control's source is neither at %s nor at %s, with the generated "
                    "interpreter.h in %s or %s",
                    installed.file, built.file, installed.header_folder, built.header_folder);
    return false;
}

// ---- Building -----------------------------------------------------------------------------

// What keeps the compilers from making a few shared jumps of one jump a bytecode. GCC's manual
// names the first two for computed gotos. Clang merges all of them before it optimises, and since
// LLVM 19 duplicates them again only if told that so many are not too many.
static const char *const gcc_flags[] = {"-fno-gcse", "-fno-crossjumping", "-fno-tree-tail-merge",
                                        NULL};
static const char *const clang_flags[] = {"-mllvm", "-tail-dup-pred-size=4096", NULL};

static bool compile(Arena *arena, int kind, const Compiler *compiler, const ControlSource *source,
                    const char *object) {
    ARENA_VECTOR(const char *) words = {0};
    const char *const always[] = {compiler->command,
                                  "-std=gnu17",
                                  "-O3",
                                  "-fno-strict-aliasing",
                                  "-fno-pie",
                                  arena_printf(arena, "-I%s", source->header_folder),
                                  "-c",
                                  source->file,
                                  "-o",
                                  object};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        ARENA_PUSH(arena, &words, always[i]);
    if (kind == choice_find(control_kinds, "goto")) {
        ARENA_PUSH(arena, &words, "-DCONTROL_GOTO");
        for (const char *const *flag = compiler->is_clang ? clang_flags : gcc_flags; *flag; flag++)
            ARENA_PUSH(arena, &words, *flag);
    }
    ARENA_PUSH(arena, &words, NULL);
    int status = process_run((char *const *)words.items, NULL, NULL);
    if (status != 0)
        command_failure("%s failed to compile %s (exit status %d)", compiler->command, source->file,
                        status);
    return status == 0;
}

bool control_build(Arena *arena, int kind, int version, Emitted *emitted, const char **name) {
    Compiler compiler = find_compiler(arena, version);
    if (!compiler.name) {
        command_failure("the control needs a C compiler, and neither clang-%d nor `cc` can be "
                        "started",
                        version);
        return false;
    }
    *name = compiler.name;
    ControlSource source;
    if (!find_source(arena, &source))
        return false;
    Text nothing = {0};
    const Variant plain = variant_new();
    LoopRuntime runtime;
    *emitted = (Emitted){.object = emitter_temporary(arena, &nothing),
                         .executable = emitter_temporary(arena, &nothing),
                         .is_temporary = true};
    return emitted->object && emitted->executable &&
           compile(arena, kind, &compiler, &source, emitted->object) &&
           loop_runtime_make(&plain, arena, NULL, &runtime) &&
           loop_runtime_link(&runtime, arena, LINK_EXECUTABLE, true, emitted->object,
                             emitted->executable, "the control");
}
