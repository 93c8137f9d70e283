// See emitter.h. The helper prints what it makes, and we put it into its place, so that
// there is one who says what can't be written, and who leaves nothing half done.
#include "cli/emitter.h"

#include "cli/command.h"
#include "cli/emitted_check.h"
#include "cli/linking/loop_runtime.h"
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
                             "|shared|executable";

const char *emitter_ending(EmitterKind kind) {
    static const char *const endings[] = {
        [EMITTER_MIR] = ".mir",
#define LLVM_KIND(id, name, ending) [EMITTER_##id] = ending,
#include "backend/llvm/flags/llvm_flags.def"
        [EMITTER_SHARED] = ".so",
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

bool emitter_is_placed(const Variant *variant, EmitterKind goal) {
    return llvm_flags_is(&variant->llvm, LLVM_FLAG_PIC, "auto")
               ? goal == EMITTER_EXECUTABLE
               : llvm_flags_is(&variant->llvm, LLVM_FLAG_PIC, "off");
}

// What the helper complains of goes to our standard error as it is: its messages have the form of
// ours. Only where it can say nothing itself (not started, ended by a signal) do we.
bool emitter_compile(const Variant *variant, Arena *arena, EmitterKind kind, EmitterKind goal,
                     const char *mir, Text *out) {
    LlvmFlags settled = variant->llvm;
    llvm_flags_set(&settled, LLVM_FLAG_PIC, emitter_is_placed(variant, goal) ? "off" : "on");
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
    size_t count = 6 + llvm_flags_words(&settled, arena, words + 6);
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

// ---- Emitting ---------------------------------------------------------------------------

const char *emitter_temporary(Arena *arena, const Text *text) {
    const char *path = command_temporary(arena, "");
    return path && command_write(path, text) ? path : NULL;
}

const char *emitter_temporary_module(Arena *arena, const IrModule *module) {
    Text text = {0};
    ir_print_placed(module, &text);
    const char *path = emitter_temporary(arena, &text);
    text_free(&text);
    return path;
}

typedef struct Emission {
    const Variant *variant;
    Arena *arena;
    const IrModule *module;
    EmitterKind kind;
    const LoopRuntime *runtime; // of what is linked
    const OutputFile *output;
    const char *name;
} Emission;

static bool is_linked(EmitterKind kind) {
    return kind == EMITTER_SHARED || kind == EMITTER_EXECUTABLE;
}

// Links the object, and puts the program into its place.
static bool link_output(const Emission *emission, const Text *object) {
    Arena *arena = emission->arena;
    const OutputFile *output = emission->output;
    const char *input = emitter_temporary(arena, object), *name = emission->name;
    Text nothing = {0}, program = {0};
    // A linker goes back and forth in what it writes: it can't do that in a pipe.
    const char *path = output->target ? output->path : emitter_temporary(arena, &nothing);
    LinkGoal goal = emission->kind == EMITTER_SHARED ? LINK_SHARED_LIBRARY : LINK_EXECUTABLE;
    bool good =
        input && path && emitted_check(emission->module, emission->variant, input, name) &&
        loop_runtime_link(emission->runtime, arena, goal,
                          emitter_is_placed(emission->variant, emission->kind), input, path, name);
    if (good && !output->target) {
        good = text_read_file_up_to(&program, path, SIZE_MAX) && output_file_put(output, &program);
        if (!good)
            command_failure("can't write %s: %s", name, strerror(errno));
    }
    text_free(&program);
    return good;
}

// Where the object is a file of ours it is checked; what went to a pipe can't be read back.
static bool make_output(const Emission *emission) {
    EmitterKind kind = emission->kind;
    const OutputFile *output = emission->output;
    const char *mir = emitter_temporary_module(emission->arena, emission->module);
    Text made = {0};
    bool good = mir && emitter_compile(emission->variant, emission->arena,
                                       is_linked(kind) ? EMITTER_OBJECT : kind, kind, mir, &made);
    if (good && is_linked(kind)) {
        good = link_output(emission, &made);
    } else if (good) {
        good = output_file_put(output, &made);
        if (!good)
            command_failure("can't write %s: %s", command_output_name(emission->name),
                            strerror(errno));
    }
    text_free(&made);
    return good &&
           (kind != EMITTER_OBJECT || !output->target ||
            emitted_check(emission->module, emission->variant, output->path, emission->name));
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
    LoopRuntime runtime;
    if (is_linked(kind) && !loop_runtime_make(variant, arena, module, &runtime))
        return false;
    OutputFile output;
    bool begun = output_file_begin(&output, arena, name);
    bool good =
        begun && make_output(&(Emission){variant, arena, module, kind, &runtime, &output, name});
    bool finished = good && output_file_finish(&output, kind == EMITTER_EXECUTABLE);
    if (!begun || (good && !finished))
        command_failure("can't write %s: %s", command_output_name(name), strerror(errno));
    if (begun && !good)
        output_file_abandon(&output);
    temporary_remove_all();
    return finished;
}
