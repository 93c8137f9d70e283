// `loopwright profile --guest`: what a program does as its author knows it. The emitted interpreter
// takes the profile itself (runtime/profile); here it is made, run, and asked for the forms that
// are wanted. Its program has its own streams and its own exit status, as with time.
#include "cli/profile/profile_interpreter.h"
#include "support/interruption.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct GuestRun {
    const ProfileOptions *options;
    Arena *arena;
    ProfiledInterpreter interpreter;
    const char *report, *folded; // temporary files; NULL: not wanted
    int status;                  // as waitpid gives it
} GuestRun;

// The interpreter writes the form that a file's name says.
static bool make_files(GuestRun *run) {
    const ProfileOptions *options = run->options;
    const char *prefix =
        arena_printf(run->arena, "%s/loopwright-guest-", temporary_folder(run->arena));
    bool good = true;
    if (profile_has_report(options)) {
        run->report = temporary_file(run->arena, prefix, options->json ? ".json" : ".txt");
        good = run->report != NULL;
    }
    if (good && (options->folded || options->flame)) {
        run->folded = temporary_file(run->arena, prefix, ".folded");
        good = run->folded != NULL;
    }
    if (!good)
        command_failure("can't make a temporary file: %s", strerror(errno));
    return good;
}

// ---- The process ---------------------------------------------------------------------------

static char **words_of(const GuestRun *run) {
    const ProfileOptions *options = run->options;
    ARENA_VECTOR(char *) words = {0};
    ARENA_PUSH(run->arena, &words, (char *)run->interpreter.executable);
    if (run->report)
        ARENA_PUSH(run->arena, &words, arena_printf(run->arena, "--profile=%s", run->report));
    if (run->folded)
        ARENA_PUSH(run->arena, &words, arena_printf(run->arena, "--profile=%s", run->folded));
    ARENA_PUSH(run->arena, &words, arena_printf(run->arena, "--profile-of=%s", options->guest));
    ARENA_PUSH(run->arena, &words,
               arena_printf(run->arena, "--profile-rows=%zu", profile_rows(options)));
    for (int i = 0; i < options->program.count; i++)
        ARENA_PUSH(run->arena, &words, options->program.words[i]);
    ARENA_PUSH(run->arena, &words, NULL);
    return words.items;
}

// In the child. Standard output is the report's, unless that goes to a file.
_Noreturn static void become(const GuestRun *run, char *const *words) {
    bool apart = strcmp(run->options->output, "-") == 0;
    if (!apart || dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
        execv(words[0], words);
    command_failure("can't start %s: %s", words[0], strerror(errno));
    _exit(EXIT_FAILED);
}

static volatile pid_t running;

static void hand_on_signal(int number) {
    kill(running, number);
}

// Ctrl-C is for the program: it ends, and what was found until then is reported.
static bool start(GuestRun *run) {
    char *const *words = words_of(run);
    fflush(NULL);
    running = child_fork();
    if (running == 0)
        become(run, words);
    if (running < 0)
        return command_failure("can't start %s: %s", words[0], strerror(errno)) == EXIT_OK;
    const struct sigaction ours = {.sa_handler = hand_on_signal};
    struct sigaction before;
    sigaction(SIGINT, &ours, &before);
    run->status = child_wait(running);
    sigaction(SIGINT, &before, NULL);
    return true;
}

// ---- What was written ----------------------------------------------------------------------

// Takes the lines apart: the frames with semicolons between them, a blank, the count.
static FoldedStacks read_stacks(const GuestRun *run, char *chars) {
    FoldedStacks stacks = {0};
    for (char *line; (line = strtok_r(chars, "\n", &chars));) {
        char *count = strrchr(line, ' ');
        if (!count)
            continue;
        *count = '\0';
        ARENA_VECTOR(const char *) frames = {0};
        for (char *frame; (frame = strtok_r(line, ";", &line));)
            ARENA_PUSH(run->arena, &frames, frame);
        folded_stacks_add(&stacks, run->arena, frames.items, frames.count,
                          strtoull(count + 1, NULL, 10));
    }
    return stacks;
}

static bool pass_stacks(const GuestRun *run, Text *text) {
    FoldedStacks stacks = read_stacks(run, arena_strdup(run->arena, text_chars(text)));
    if (!stacks.count)
        return command_failure("there are no stacks: the program has to run longer") == EXIT_OK;
    return profile_write_stacks(run->options, profile_program(run->options, run->arena),
                                "microseconds", &stacks);
}

static bool pass_report(const GuestRun *run, Text *text) {
    if (text->length)
        return command_write(run->options->output, text);
    return command_failure("%s has written no profile: is it an interpreter of SOM, as `loopwright "
                           "emit` makes them now?",
                           run->interpreter.executable) == EXIT_OK;
}

static bool pass(const GuestRun *run, const char *file,
                 bool (*hand_on)(const GuestRun *run, Text *text)) {
    Text text = {0};
    bool good = text_read_file(&text, file);
    if (!good)
        command_failure("can't read %s: %s", file, strerror(errno));
    // A program that failed before it ran has said why.
    if (good && (text.length || run->status == 0))
        good = hand_on(run, &text);
    text_free(&text);
    return good;
}

int profile_guest(ProfileOptions *options) {
    GuestRun run = {.options = options, .arena = arena_new()};
    int status = EXIT_FAILED;
    if (profile_interpreter(options, run.arena, &run.interpreter) && make_files(&run) &&
        start(&run)) {
        status = profile_status(run.status);
        bool good = !run.folded || pass(&run, run.folded, pass_stacks);
        good = good && (!run.report || pass(&run, run.report, pass_report));
        if (!good && status == EXIT_OK)
            status = EXIT_FAILED;
    }
    arena_free(run.arena);
    temporary_remove_all();
    return status;
}
