// See emitter.h. The helper prints what it makes, and we put it into its place, so that
// there is one who says what can't be written, and who leaves nothing half done.
#include "cli/emitter.h"

#include "cli/command.h"
#include "cli/default_loop.h"
#include "cli/emitted_check.h"
#include "cli/process.h"
#include "ir/text/text.h"
#include "support/choice.h"
#include "support/interruption.h"
#include "support/output_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PATIENCE = 5 }; // seconds that LLVM may take without a word

const char emitter_kinds[] = "mir"
#define LLVM_KIND(id, name, ending) "|" name
#include "backend/llvm/flags/llvm_flags.def"
                             "|executable";

const char *emitter_ending(EmitterKind kind) {
    static const char *const endings[] = {
        [EMITTER_MIR] = ".mir",
#define LLVM_KIND(id, name, ending) [EMITTER_##id] = ending,
#include "backend/llvm/flags/llvm_flags.def"
        [EMITTER_EXECUTABLE] = "",
    };
    return endings[kind];
}

// ---- The helper -------------------------------------------------------------------------

static const char *helper_path(Arena *arena, int version) {
    return arena_printf(arena, "%s/../libexec/loopwright-llvm-%d", process_own_folder(), version);
}

const char *emitter_llvm_versions(Arena *arena) {
    const char *found = "";
    for (const char *versions = VARIANT_LLVM_VERSIONS; versions;) {
        int version = atoi(versions);
        versions = strchr(versions, '|');
        versions += versions != NULL;
        if (access(helper_path(arena, version), X_OK) == 0)
            found = arena_printf(arena, "%s%s%d", found, *found ? "|" : "", version);
    }
    return found;
}

// Beside this program, and never by PATH: a helper of another build would make something else of
// the same module. The versions are tried from the newest on.
EmitterHelper emitter_helper(const Variant *variant, Arena *arena) {
    for (const char *versions = VARIANT_LLVM_VERSIONS; versions;) {
        EmitterHelper helper = {.version = atoi(versions)};
        versions = strchr(versions, '|');
        versions += versions != NULL;
        if (variant->llvm_version && variant->llvm_version != helper.version)
            continue;
        helper.path = helper_path(arena, helper.version);
        if (access(helper.path, X_OK) == 0)
            return helper;
    }
    if (variant->llvm_version)
        command_failure("LLVM %d was not found when Loopwright was built", variant->llvm_version);
    else
        command_failure("no LLVM helper in %s/../libexec", process_own_folder());
    return (EmitterHelper){0};
}

// Of the processor, by children that have ended: how busy the machine is with others says nothing.
static double child_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// What the helper complains of goes to our standard error as it is: its messages have the form of
// ours. Only where it can say nothing itself (not started, ended by a signal) do we.
bool emitter_compile(const Variant *variant, Arena *arena, EmitterKind kind, const char *mir,
                     Text *out) {
    const char *helper = emitter_helper(variant, arena).path;
    if (!helper)
        return false;
    Text flags = {0};
    variant_print(variant, &flags);
    // Six before the flags; after them the module, and the NULL that ends the list.
    const char *words[6 + LLVM_FLAGS + LLVM_MOST_OPTIONS + 2] = {
        helper,
        "emit",
        arena_printf(arena, "--kind=%s", choice_at(emitter_kinds, (int)kind, arena)),
        arena_printf(arena, "--flags=%s", text_chars(&flags)),
        "-o",
        "-"};
    size_t count = 6 + llvm_flags_words(&variant->llvm, arena, words + 6);
    words[count] = mir;
    text_free(&flags);
    double before = child_seconds();
    int status = process_run((char *const *)words, out, NULL);
    double seconds = child_seconds() - before;
    if (status == 0 && seconds > PATIENCE)
        command_note("LLVM took %.1f s to compile this interpreter", seconds);
    if (status < 0)
        command_failure("can't start %s: %s", helper, strerror(errno));
    else if (status > 128)
        command_failure("%s was ended by signal %d", helper, status - 128);
    return status == 0;
}

// ---- The linker -------------------------------------------------------------------------

static bool is_for_thread_sanitizer(const Variant *variant) {
    return llvm_flags_is(&variant->llvm, LLVM_FLAG_SANITIZER, "thread");
}

// By the system's C compiler, which knows where C's startup code and libraries are. `-no-pie` as
// the helper's code is for fixed addresses.
bool emitter_link(const Variant *variant, Arena *arena, const char *object, const char *path,
                  const char *name) {
    ARENA_VECTOR(const char *) words = {0};
    const char *const begin[] = {"cc", "-no-pie", "-o", path, object};
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        ARENA_PUSH(arena, &words, begin[i]);
    DefaultLoopRuntime runtime = default_loop_runtime(&variant->llvm, arena);
    for (size_t i = 0; i < sizeof runtime.files / sizeof *runtime.files; i++) {
        if (access(runtime.files[i], R_OK) != 0) {
            command_failure("the runtime%s %s can't be read: %s",
                            is_for_thread_sanitizer(variant) ? " for --sanitize=thread" : "",
                            runtime.files[i], strerror(errno));
            return false;
        }
        ARENA_PUSH(arena, &words, runtime.files[i]);
    }
    for (const char *const *library = runtime.libraries; *library; library++)
        ARENA_PUSH(arena, &words, *library);
    // The runtime may be instrumented, too: in a build of ours with a sanitizer, every program
    // that it is linked into needs that sanitizer's runtime.
    const char *sanitizers = llvm_flags_is(&variant->llvm, LLVM_FLAG_SANITIZER, "none")
                                 ? LOOPWRIGHT_SANITIZE
                                 : llvm_flags_choice(&variant->llvm, LLVM_FLAG_SANITIZER, arena);
    if (*sanitizers)
        ARENA_PUSH(arena, &words, arena_printf(arena, "-fsanitize=%s", sanitizers));
    ARENA_PUSH(arena, &words, NULL);
    int status = process_run((char *const *)words.items, NULL, NULL);
    if (status < 0)
        command_failure("linking an executable needs the system's C compiler, and `cc` can't be "
                        "started: %s (--emit=object needs none)",
                        strerror(errno));
    else if (status > 0)
        command_failure("cc failed to link %s (exit status %d)", name, status);
    return status == 0;
}

// ---- Emitting ---------------------------------------------------------------------------

const char *emitter_temporary(Arena *arena, const Text *text) {
    const char *prefix = arena_printf(arena, "%s/loopwright", temporary_folder(arena));
    const char *path = temporary_file(arena, arena_printf(arena, "%s.", prefix), "");
    bool good = path && output_file_write(path, text);
    if (!good)
        command_failure("can't write %s: %s", path ? path : prefix, strerror(errno));
    return good ? path : NULL;
}

const char *emitter_temporary_module(Arena *arena, const IrModule *module) {
    Text text = {0};
    ir_print_placed(module, &text);
    const char *path = emitter_temporary(arena, &text);
    text_free(&text);
    return path;
}

// Links the object, and puts the program into its place.
static bool link_output(const Variant *variant, Arena *arena, const IrModule *module,
                        const Text *object, const OutputFile *output, const char *name) {
    const char *input = emitter_temporary(arena, object);
    Text nothing = {0}, program = {0};
    // A linker goes back and forth in what it writes: it can't do that in a pipe.
    const char *path = output->target ? output->path : emitter_temporary(arena, &nothing);
    bool good = input && path && emitted_check(module, variant, input, name) &&
                emitter_link(variant, arena, input, path, name);
    if (good && !output->target) {
        good = text_read_file_up_to(&program, path, SIZE_MAX) && output_file_put(output, &program);
        if (!good)
            command_failure("can't write %s: %s", name, strerror(errno));
    }
    text_free(&program);
    return good;
}

// Where the object is a file of ours it is checked; what went to a pipe can't be read back.
static bool make_output(const Variant *variant, Arena *arena, const IrModule *module,
                        EmitterKind kind, const OutputFile *output, const char *name) {
    bool links = kind == EMITTER_EXECUTABLE;
    const char *mir = emitter_temporary_module(arena, module);
    Text made = {0};
    bool good = mir && emitter_compile(variant, arena, links ? EMITTER_OBJECT : kind, mir, &made);
    if (good && links) {
        good = link_output(variant, arena, module, &made, output, name);
    } else if (good) {
        good = output_file_put(output, &made);
        if (!good)
            command_failure("can't write %s: %s", command_output_name(name), strerror(errno));
    }
    text_free(&made);
    return good && (kind != EMITTER_OBJECT || !output->target ||
                    emitted_check(module, variant, output->path, name));
}

// A loop that the runtime doesn't fit is refused before anything is made: the linker would only say
// which symbols are undefined.
bool emitter_emit(const Variant *variant, Arena *arena, const IrModule *module, EmitterKind kind,
                  const char *name) {
    if (kind == EMITTER_MIR) {
        Text text = {0};
        ir_print(module, &text);
        bool written = command_write(name, &text);
        text_free(&text);
        return written;
    }
    if (kind == EMITTER_EXECUTABLE && !default_loop_fits(module))
        return false;
    OutputFile output;
    bool begun = output_file_begin(&output, arena, name);
    bool good = begun && make_output(variant, arena, module, kind, &output, name);
    bool finished = good && output_file_finish(&output, kind == EMITTER_EXECUTABLE);
    if (!begun || (good && !finished))
        command_failure("can't write %s: %s", command_output_name(name), strerror(errno));
    if (begun && !good)
        output_file_abandon(&output);
    temporary_remove_all();
    return finished;
}
