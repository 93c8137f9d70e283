// See emitted_cache.h. An interpreter is made among the temporary files and copied into the
// cache when it is whole, so that an error of the making and one of the keeping are told
// apart: the first ends the command, the second is only a warning.
#include "cli/emitted_cache.h"

#include "cli/cache.h"
#include "cli/command.h"
#include "cli/emitted_check.h"
#include "cli/emitter.h"
#include "cli/linking/loop_runtime.h"
#include "ir/text/text.h"
#include "support/hash.h"
#include "support/interruption.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// ---- The key ----------------------------------------------------------------------------

// A cache may be on a disk that several machines share: what is emitted for this very
// processor is no good on another.
static uint64_t hash_processor(uint64_t hash) {
    Text text = {0};
    if (text_read_file(&text, "/proc/cpuinfo")) {
        static const char *const keys[] = {"model name", "flags"};
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            const char *line = strstr(text_chars(&text), keys[i]);
            hash = line ? hash_more(hash, line, strcspn(line, "\n")) : hash;
        }
    }
    text_free(&text);
    return hash;
}

// All that decides what the executable is: the module (with the places of its text, which become
// debug information), LLVM's flags, the helper, the runtime that it is linked with. Which passes
// made the module needn't be asked; but the flags are shown by the interpreter (`--version`), so
// they are part of it.
static uint64_t key_of(const Variant *variant, const char *helper, const LoopRuntime *runtime,
                       const Text *module) {
    Text flags = {0};
    variant_print(variant, &flags);
    uint64_t key = cache_hash_text(cache_hash_text(HASH_OF_NOTHING, module), &flags);
    text_free(&flags);
    key = cache_hash_file(key, helper);
    key = hash_more(key, &runtime->hash, sizeof runtime->hash);
    return llvm_flags_is(&variant->llvm, LLVM_FLAG_PROCESSOR, "native") ? hash_processor(key) : key;
}

// ---- Entries ----------------------------------------------------------------------------

// An entry's files; the module is there from the start.
enum { FILE_MIR, FILE_OBJECT, FILE_EXECUTABLE, FILES };

// What is to be made, or found.
typedef struct Making {
    const Variant *variant;
    const IrModule *module;
    const LoopRuntime *runtime;
    CacheFile files[FILES];
    CacheEntry entry;
} Making;

// ---- Making -----------------------------------------------------------------------------

// Emits the interpreter into temporary files, and reads them.
static bool make(Making *making, Arena *arena, Emitted *emitted) {
    Text nothing = {0};
    CacheFile *files = making->files;
    const IrModule *module = making->module;
    const char *mir = emitter_temporary(arena, &files[FILE_MIR].contents);
    if (!mir || !emitter_compile(making->variant, arena, EMITTER_OBJECT, EMITTER_EXECUTABLE, mir,
                                 &files[FILE_OBJECT].contents))
        return false;
    temporary_remove(mir);
    emitted->object = emitter_temporary(arena, &files[FILE_OBJECT].contents);
    emitted->executable = emitter_temporary(arena, &nothing);
    emitted->is_temporary = true;
    if (!emitted->object || !emitted->executable ||
        !emitted_check(module, making->variant, emitted->object, module->name) ||
        !loop_runtime_link(making->runtime, arena, LINK_EXECUTABLE,
                           emitter_is_placed(making->variant, EMITTER_EXECUTABLE), emitted->object,
                           emitted->executable, module->name))
        return false;
    if (text_read_file_up_to(&files[FILE_EXECUTABLE].contents, emitted->executable, SIZE_MAX))
        return true;
    command_failure("can't read %s: %s", emitted->executable, strerror(errno));
    return false;
}

static void use_entry(const Making *making, Emitted *emitted) {
    *emitted = (Emitted){.object = making->files[FILE_OBJECT].path,
                         .executable = making->files[FILE_EXECUTABLE].path};
}

// What can't be kept is still good: the caller gets the temporary files, and a warning says that
// the next run has to emit again.
static bool get(Making *making, Arena *arena, Emitted *emitted) {
    const CacheEntry *entry = &making->entry;
    if (entry->record && cache_entry_is_sound(entry)) {
        use_entry(making, emitted);
        return true;
    }
    if (!make(making, arena, emitted))
        return false;
    if (!entry->record)
        return true;
    if (!cache_entry_publish(entry, arena)) {
        command_warning("the cache can't keep %s: %s", making->files[FILE_EXECUTABLE].path,
                        strerror(errno));
        return true;
    }
    temporary_remove(emitted->object);
    temporary_remove(emitted->executable);
    use_entry(making, emitted);
    return true;
}

// The helper is looked for first, as its absence is an error even if the cache could do without it.
bool emitted_cache_get(const Variant *variant, Arena *arena, const IrModule *module,
                       Emitted *emitted) {
    const char *helper = emitter_helper(variant, arena).path;
    LoopRuntime runtime;
    if (!helper || !loop_runtime_make(variant, arena, module, &runtime))
        return false;
    Making making = {variant, module, &runtime,
                     .files = {{.ending = ".mir"}, {.ending = ".o"}, {"", .is_executable = true}}};
    making.entry = (CacheEntry){.files = making.files, .count = FILES};
    ir_print_placed(module, &making.files[FILE_MIR].contents);
    const char *folder = runtime.is_elsewhere ? NULL : cache_folder(arena);
    if (folder)
        cache_entry_name(&making.entry, arena, folder,
                         key_of(variant, helper, &runtime, &making.files[FILE_MIR].contents));
    bool good = get(&making, arena, emitted);
    cache_entry_free(&making.entry);
    emitted->runtime = runtime.is_default ? 0 : runtime.hash;
    return good;
}

// It has to be something that can be run: an object is none. A name without a slash is of this
// folder, and not looked for elsewhere.
const char *emitted_before(const char *path, Arena *arena) {
    struct stat status;
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0)
        return strchr(path, '/') ? path : arena_printf(arena, "./%s", path);
    command_failure("%s is no executable (`loopwright emit FLAGS -o FILE` makes one)", path);
    return NULL;
}
