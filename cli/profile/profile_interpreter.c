// See profile_interpreter.h.
#include "cli/profile/profile_interpreter.h"

#include "cli/emitted_cache.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// What was emitted before has to be something that can be run: an object is none.
static bool check_executable(const char *path) {
    struct stat status;
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0)
        return true;
    command_failure("%s is no executable (`loopwright emit FLAGS -o FILE` makes one)", path);
    return false;
}

static bool emit(const Variant *variant, Arena *arena, ProfiledInterpreter *interpreter) {
    IrModule *module = variant_module(variant, arena, NULL, false, NULL);
    Emitted emitted;
    if (!module || !emitted_cache_get(variant, arena, module, &emitted))
        return false;
    Text flags = {0};
    variant_print(variant, &flags);
    *interpreter =
        (ProfiledInterpreter){emitted.executable, arena_strdup(arena, text_chars(&flags))};
    text_free(&flags);
    return true;
}

bool profile_interpreter(const ProfileOptions *options, Arena *arena,
                         ProfiledInterpreter *interpreter) {
    const char *given = options->executable;
    *interpreter = (ProfiledInterpreter){given, given};
    if (given ? !check_executable(given) : !emit(&options->variant, arena, interpreter))
        return false;
    // A name without a slash is of this folder, and not looked for elsewhere.
    if (!strchr(interpreter->executable, '/'))
        interpreter->executable = arena_printf(arena, "./%s", interpreter->executable);
    return true;
}
