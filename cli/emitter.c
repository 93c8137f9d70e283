// See emitter.h. The helper is a process of its own so that two versions of LLVM
// never share one, and LLVM's process-wide options belong to one variant.
#include "cli/emitter.h"

#include "cli/command.h"
#include "cli/interruption.h"
#include "cli/process.h"
#include "ir/text/text.h"
#include "runtime/som.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const kind_names[] = {"mir", "llvm-ir", "assembly", "object", "executable"};

static const char *runtime_library(Arena *arena) {
    return arena_printf(arena, "%s/../lib/libsomruntime.a", process_own_folder());
}

const char *emitter_helper(const Variant *variant, Arena *arena) {
    static const int versions[] = {22, 19};
    for (size_t i = 0; i < 2; i++) {
        if (variant->llvm && variant->llvm != versions[i])
            continue;
        const char *path = arena_printf(arena, "%s/../libexec/loopwright-llvm-%d",
                                        process_own_folder(), versions[i]);
        if (access(path, X_OK) == 0)
            return path;
    }
    if (variant->llvm)
        command_failure("LLVM %d was not found when Loopwright was built", variant->llvm);
    else
        command_failure("no LLVM helper in %s/../libexec", process_own_folder());
    return NULL;
}

// A new file beside `target`, or in the folder of temporary ones; complains if there is none.
static const char *make_file(Arena *arena, const char *target) {
    const char *path = temporary_file(arena, arena_printf(arena, "%s.", target), "");
    if (!path)
        command_failure("can't write %s: %s", target, strerror(errno));
    return path;
}

static bool run_helper(const Variant *variant, Arena *arena, const char *mir, EmitKind kind,
                       const char *path) {
    const char *helper = emitter_helper(variant, arena);
    if (!helper)
        return false;
    char *argv[] = {(char *)helper,
                    "emit",
                    arena_printf(arena, "--kind=%s", kind_names[kind]),
                    arena_printf(arena, "--llvm-tail-dup=%s", variant->tail_dup),
                    arena_printf(arena, "--llvm-alias=%s", variant->alias),
                    "-o",
                    (char *)path,
                    (char *)mir,
                    variant->sanitize ? arena_printf(arena, "--sanitize=%s", variant->sanitize)
                                      : NULL,
                    NULL};
    int status = process_run(argv, NULL, NULL);
    if (status < 0)
        command_failure("can't start %s: %s", helper, strerror(errno));
    else if (status > 128)
        command_failure("%s was ended by signal %d", helper, status - 128);
    return status == 0;
}

// An executable is linked with SOM's runtime. Another loop has one of its own.
static bool runtime_fits(const IrModule *module) {
    for (size_t i = 0; i < module->externals.count; i++) {
        const IrExternal *external = module->externals.items[i];
        if (external->indirect || som_external(external->name))
            continue;
        command_failure("SOM's runtime has no function '%s', so it can't run %s: emit an object "
                        "(--emit=object) and link it with a runtime of its own",
                        external->name, module->name);
        return false;
    }
    return true;
}

static bool link_executable(const Variant *variant, Arena *arena, const char *object,
                            const char *path) {
    const char *library = runtime_library(arena);
    if (access(library, R_OK) != 0) {
        command_failure("the runtime %s can't be read: %s", library, strerror(errno));
        return false;
    }
    const char *own = LOOPWRIGHT_SANITIZE[0] ? "-fsanitize=" LOOPWRIGHT_SANITIZE : NULL;
    const char *sanitize =
        variant->sanitize ? arena_printf(arena, "-fsanitize=%s", variant->sanitize) : own;
    char *argv[] = {"cc",           "-no-pie",        "-o",    (char *)path,
                    (char *)object, (char *)library,  "-lgmp", "-lm",
                    "-lpthread",    (char *)sanitize, NULL};
    int status = process_run(argv, NULL, NULL);
    if (status < 0)
        command_failure("linking an executable needs the system's C compiler, and `cc` can't be "
                        "started: %s (--emit=object needs none)",
                        strerror(errno));
    else if (status > 0)
        command_failure("cc failed to link %s (exit status %d)", path, status);
    return status == 0;
}

// Writes the module for the user, or where the helper reads it from: for debuggers with
// the places of its own text, which the helper doesn't see.
static bool write_module(const IrModule *module, bool for_helper, const char *path) {
    Text text = {0};
    if (for_helper)
        ir_print_placed(module, &text);
    else
        ir_print(module, &text);
    bool good = text_write_file(&text, path);
    if (!good)
        command_failure("can't write %s: %s", command_output_name(path), strerror(errno));
    text_free(&text);
    return good;
}

bool emitter_emit(const Variant *variant, Arena *arena, const IrModule *module, EmitKind kind,
                  const char *path) {
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        command_failure("can't write %s: %s", path, strerror(EISDIR));
        return false;
    }
    if (kind == EMIT_MIR)
        return write_module(module, false, path);
    path = process_path(arena, path);
    if (kind == EMIT_EXECUTABLE && !runtime_fits(module))
        return false;
    const char *base = arena_printf(arena, "%s/loopwright", temporary_folder(arena));
    const char *mir = make_file(arena, base);
    bool linked = kind == EMIT_EXECUTABLE;
    const char *object = mir && linked ? make_file(arena, base) : path;
    unfinished_begin(path);
    bool good = mir && object && write_module(module, true, mir) &&
                run_helper(variant, arena, mir, linked ? EMIT_OBJECT : kind, object) &&
                (!linked || link_executable(variant, arena, object, path));
    unfinished_done(path);
    temporary_remove(mir);
    if (linked)
        temporary_remove(object);
    return good;
}

// ---- The cache ------------------------------------------------------------------------

static uint64_t hash_more(uint64_t hash, const void *bytes, size_t length) {
    for (const unsigned char *byte = bytes; length--; byte++)
        hash = (hash ^ *byte) * UINT64_C(0x100000001b3); // FNV-1a
    return hash;
}

// A program that was built anew makes other code: its time and size stand for it.
static uint64_t hash_program(uint64_t hash, const char *path) {
    struct stat status;
    if (stat(path, &status) != 0)
        return hash;
    int64_t facts[] = {status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
    return hash_more(hash, facts, sizeof facts);
}

static bool make_folders(const char *path) {
    char copy[4096];
    if (strlen(path) >= sizeof copy) {
        errno = ENAMETOOLONG;
        return false;
    }
    strcpy(copy, path);
    for (char *slash = copy; (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return mkdir(copy, 0777) == 0 || errno == EEXIST;
}

// The folder that the user's environment names. NULL: none.
static const char *named_cache(Arena *arena) {
    const char *own = getenv("LOOPWRIGHT_CACHE"), *xdg = getenv("XDG_CACHE_HOME"),
               *home = getenv("HOME");
    if (own && *own)
        return process_path(arena, own);
    // A relative one is to be ignored, says the XDG Base Directory Specification.
    if (xdg && *xdg == '/')
        return arena_printf(arena, "%s/loopwright", xdg);
    if (home && *home)
        return process_path(arena, arena_printf(arena, "%s/.cache/loopwright", home));
    return NULL;
}

// Without a home: in the folder of temporary files, where others may write, too. What is
// run from there must be ours, so the folder has to be, and nobody else's.
static const char *temporary_cache(Arena *arena) {
    const char *folder =
        arena_printf(arena, "%s/loopwright-%lu", temporary_folder(arena), (unsigned long)geteuid());
    struct stat status;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        command_failure("can't make the cache folder %s: %s", folder, strerror(errno));
        return NULL;
    }
    if (lstat(folder, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
        !(status.st_mode & 077))
        return folder;
    command_failure("the cache folder %s is not a folder that only its owner, you, may use; "
                    "LOOPWRIGHT_CACHE names another one",
                    folder);
    return NULL;
}

// Where emitted interpreters are kept; it exists. NULL after an error.
static const char *cache_folder(Arena *arena) {
    const char *folder = named_cache(arena);
    if (!folder)
        return temporary_cache(arena);
    if (make_folders(folder))
        return folder;
    command_failure("can't make the cache folder %s: %s", folder, strerror(errno));
    return NULL;
}

// Makes `path` complete or not at all: what was made is a temporary file, which is renamed.
static bool publish(const char *path, const char *temporary, bool made) {
    if (!made) {
        temporary_remove(temporary);
        return false;
    }
    if (temporary_rename(temporary, path))
        return true;
    command_failure("can't write %s: %s", path, strerror(errno));
    return false;
}

bool emitter_cached(const Variant *variant, Arena *arena, const IrModule *module,
                    Emitted *emitted) {
    const char *helper = emitter_helper(variant, arena);
    if (!helper || !runtime_fits(module))
        return false;
    Text text = {0};
    ir_print_placed(module, &text);
    variant_identity(variant, &text);
    uint64_t hash = hash_more(UINT64_C(0xcbf29ce484222325), text_chars(&text), text.length);
    text_free(&text);
    hash = hash_program(hash_program(hash, helper), runtime_library(arena));
    const char *folder = cache_folder(arena);
    if (!folder)
        return false;
    const char *base = arena_printf(arena, "%s/%016" PRIx64, folder, hash);
    emitted->mir = arena_printf(arena, "%s.mir", base);
    emitted->object = arena_printf(arena, "%s.o", base);
    emitted->executable = base;
    if (access(emitted->executable, X_OK) == 0 && access(emitted->object, R_OK) == 0)
        return true;
    const char *mir = make_file(arena, base);
    if (!mir || !publish(emitted->mir, mir, write_module(module, true, mir)))
        return false;
    const char *object = make_file(arena, base);
    if (!object || !publish(emitted->object, object,
                            run_helper(variant, arena, emitted->mir, EMIT_OBJECT, object)))
        return false;
    const char *executable = make_file(arena, base);
    return executable && publish(emitted->executable, executable,
                                 link_executable(variant, arena, emitted->object, executable));
}
