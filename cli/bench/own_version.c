// See own_version.h. The build leaves the commit in a file (commit.cmake), beside which we are, or
// which was installed with us.
#include "cli/bench/own_version.h"

#include "cli/process.h"
#include "support/text.h"

#include <string.h>

static const char *commit_in(Arena *arena, const char *folder) {
    Text text = {0};
    const char *path = arena_printf(arena, "%s/%s/commit", process_own_folder(), folder);
    bool is_there = text_read_file(&text, path);
    const char *commit = arena_strndup(arena, text_chars(&text), strcspn(text_chars(&text), "\n"));
    text_free(&text);
    return is_there ? commit : NULL;
}

const char *own_version(Arena *arena) {
    const char *commit = commit_in(arena, "../share/loopwright");
    if (!commit)
        commit = commit_in(arena, "../generated");
    return commit && *commit ? arena_printf(arena, "loopwright " LOOPWRIGHT_VERSION " (%s)", commit)
                             : "loopwright " LOOPWRIGHT_VERSION;
}
