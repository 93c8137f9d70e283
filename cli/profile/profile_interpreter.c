// See profile_interpreter.h.
#include "cli/profile/profile_interpreter.h"

#include "cli/emitted_cache.h"

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
    if (!given)
        return emit(&options->variant, arena, interpreter);
    *interpreter = (ProfiledInterpreter){emitted_before(given, arena), given};
    return interpreter->executable;
}
