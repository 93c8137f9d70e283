// See llvm_options.h. What LLVM knows is read from its own list of options, printed
// by a child process, as printing ends the process.
//
// Tail duplication is the one optimisation of LLVM's that decides what a measurement of
// dispatch measures: whether a shared dispatch block is copied to the end of each handler.
// LLVM does it up to a bound on the edges into and out of the block, which differs between
// versions. So it is switched off, or bounded by a number that is told, and never left as it is.
//
// Placement is the other thing that shows on the clock and is nobody's merit: which line of the
// cache a block begins in, and whether the ends of two bytecodes were merged into one, which
// costs one of them a jump. In the neutral layout each block that is only jumped to begins a
// line, and nothing is merged, so that variants differ by their instructions (Mytkowicz et al.,
// "Producing Wrong Data Without Doing Anything Obviously Wrong!", 2009). What LLVM has no option
// for is a block that another one also runs into; see assembly.c.
#include "backend/llvm/llvm_options.h"

#include "support/text.h"

#include <llvm-c/Core.h>
#include <llvm-c/Support.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// Nothing is duplicated: neither before nor after register allocation, nor while
// blocks are placed.
static const char *const without_duplication[] = {
    "-disable-early-taildup",
    "-disable-tail-duplicate",
    "-tail-dup-placement=false",
    NULL,
};

// Bounds on the edges into and out of a block that is duplicated.
static const char *const duplication_bounds[] = {
    "-tail-dup-pred-size",
    "-tail-dup-succ-size",
    NULL,
};

// What many dispatches begin with must not be moved into the jump that they share until it is
// copied (assembly.h).
static const char *const shared_jump[] = {
    "-sink-common-insts=false",
    NULL,
};

// A constant that several bytecodes need (the tags of values do not fit an instruction) would be
// made once, before the loop, and keep a register from then on: in form replicated five of them
// drove three of the loop's parameters to the machine's stack. In a handler it would be made before
// its ways part, by the way that needs none as well.
static const char *const unhoisted_constants[] = {
    "-disable-constant-hoisting",
    NULL,
};

// Two slots of the stack would be loaded at once, as a vector, just after bytecodes have stored one
// each. A processor can't forward two stores to one load: it waits until both are in the cache,
// which takes longer than all else that `add` does.
static const char *const scalar_slots[] = {
    "-vectorize-slp=false",
    NULL,
};

// The pc lives in all bytecodes, and each hands it on by a move. The register allocator takes such
// moves away, but looks at a long interval 256 times at most: from some five hundred bytecodes on
// the pc was moved to another register and back for every addition.
static const char *const all_moves[] = {
    "-large-interval-freq-threshold=1000000",
    NULL,
};

static const char *const neutral_layout[] = {
    "-align-all-nofallthru-blocks=6", // the logarithm of a line of 64 bytes
    "-enable-tail-merge=0",
    NULL,
};

const char *llvm_version(void) {
    static char version[32];
    unsigned major, minor, patch;
    LLVMGetVersion(&major, &minor, &patch);
    snprintf(version, sizeof version, "%u.%u.%u", major, minor, patch);
    return version;
}

// What is to be tried in a process of its own, as LLVM may end it.
typedef struct Trial {
    int stream; // which stream is read
    int count;
    const char *const *arguments;
} Trial;

enum { TRIAL_RETURNED = 77 }; // exit status: LLVM has taken the arguments and gone on

static void parse_and_exit(const Trial *trial, int output) {
    // What LLVM prints on the other stream is not for whoever reads ours.
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    dup2(output, trial->stream);
    LLVMParseCommandLineOptions(trial->count, trial->arguments, "");
    _exit(TRIAL_RETURNED);
}

// Has LLVM parse the arguments in a child process. Returns how that ended, as waitpid does,
// with what it printed added to `said`; -1 with errno set when it can't be tried.
static int try_arguments(const Trial *trial, Text *said) {
    int ends[2];
    fflush(NULL); // else the child would print what is in the buffers once more
    if (pipe(ends) != 0)
        return -1;
    pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return -1;
    }
    if (child == 0) {
        close(ends[0]);
        parse_and_exit(trial, ends[1]);
    }
    close(ends[1]);
    char chunk[4096];
    ssize_t count;
    while ((count = read(ends[0], chunk, sizeof chunk)) > 0 || (count < 0 && errno == EINTR))
        if (count > 0)
            text_add_bytes(said, chunk, (size_t)count);
    close(ends[0]);
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

// LLVM's list of its options. False with errno set when it can't be had. Its parser prints the
// list and ends the process: it can't be asked for it.
static bool read_known_options(Text *known) {
    static const char *const arguments[] = {"loopwright-llvm", "--help-hidden"};
    return try_arguments(&(Trial){STDOUT_FILENO, 2, arguments}, known) != -1;
}

// Options stand in the list as `  --name`, one a line, with one dash or two, followed by what
// value they take. Of an option that is asked for only the name is looked up here; whether its
// value is right, a trial tells.
static bool is_known(const Text *known, const char *option) {
    while (*option == '-')
        option++;
    size_t length = strcspn(option, "=");
    for (const char *line = text_chars(known); line; line = strchr(line, '\n')) {
        line += strspn(line, "\n ");
        const char *name = line + strspn(line, "-");
        if (name > line && length > 0 && strncmp(name, option, length) == 0 &&
            strchr(" =\n[", name[length]))
            return true;
    }
    return false;
}

// Complains about each option that LLVM doesn't have.
static bool check_known(int count, const char *const *arguments) {
    Text known = {0};
    if (!read_known_options(&known)) {
        fprintf(stderr, "error: LLVM's options can't be listed: %s\n", strerror(errno));
        return false;
    }
    bool all_known = true;
    for (int i = 1; i < count; i++)
        if (!is_known(&known, arguments[i])) {
            fprintf(stderr, "error: LLVM %s doesn't know the option '%s'\n", llvm_version(),
                    arguments[i]);
            all_known = false;
        }
    text_free(&known);
    return all_known;
}

// LLVM complains of a value that an option can't have and goes on as if it hadn't been given;
// with other options, as -help, it prints what was asked for and ends.
static bool check_taken(int count, const char *const *arguments) {
    Text said = {0};
    int status = try_arguments(&(Trial){STDERR_FILENO, count, arguments}, &said);
    if (status == -1)
        fprintf(stderr, "error: LLVM's options can't be tried: %s\n", strerror(errno));
    else if (said.length > 0)
        fprintf(stderr, "error: LLVM %s does not take these options: %s", llvm_version(),
                text_chars(&said));
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != TRIAL_RETURNED)
        fprintf(stderr, "error: with these options LLVM %s ends, and compiles nothing\n",
                llvm_version());
    bool taken = said.length == 0 && WIFEXITED(status) && WEXITSTATUS(status) == TRIAL_RETURNED;
    text_free(&said);
    return taken;
}

typedef struct Arguments {
    const char *items[16 + LLVM_MOST_OPTIONS];
    int count;
} Arguments;

static void add(Arguments *arguments, const char *option) {
    arguments->items[arguments->count++] = option;
}

static void add_all(Arguments *arguments, const char *const *options) {
    while (*options)
        add(arguments, *options++);
}

// In form `replicated` there are copies without LLVM's doing.
static void add_duplication(Arguments *arguments, const LlvmFlags *flags, const IrModule *module,
                            Arena *arena) {
    bool is_replicated = module->form == IR_FORM_REPLICATED;
    if (is_replicated)
        add_all(arguments, shared_jump);
    if (is_replicated || llvm_flags_is(flags, LLVM_FLAG_TAIL_DUPLICATION, "off")) {
        add_all(arguments, without_duplication);
        return;
    }
    int bound = llvm_flags_number(flags, LLVM_FLAG_TAIL_DUPLICATION, LLVM_MOST_NUMBER);
    for (const char *const *option = duplication_bounds; *option; option++)
        add(arguments, arena_printf(arena, "%s=%d", *option, bound));
}

// What flags of ours stand for comes first, so that an option of LLVM's own overrides it.
static Arguments arguments_of(const LlvmFlags *flags, const IrModule *module, Arena *arena) {
    Arguments arguments = {.items = {"loopwright-llvm"}, .count = 1};
    add_duplication(&arguments, flags, module, arena);
    add_all(&arguments, scalar_slots);
    add_all(&arguments, all_moves);
    if (module->form != IR_FORM_LOOP)
        add_all(&arguments, unhoisted_constants);
    if (llvm_flags_is(flags, LLVM_FLAG_LAYOUT, "neutral"))
        add_all(&arguments, neutral_layout);
    for (size_t i = 0; i < flags->option_count; i++)
        add(&arguments, flags->options[i]);
    return arguments;
}

bool llvm_options_set(const LlvmFlags *flags, const IrModule *module, Arena *arena) {
    const Arguments arguments = arguments_of(flags, module, arena);
    bool good = check_known(arguments.count, arguments.items) &&
                check_taken(arguments.count, arguments.items);
    if (good)
        LLVMParseCommandLineOptions(arguments.count, arguments.items, "");
    return good;
}
