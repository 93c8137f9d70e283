// Programs that leave nothing to be read of what the evaluator counted (profile-uncounted.test).
// The externals are those of the counter, which this is linked with.
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

typedef void Interpret(void *thread, void *frame);

int leaves(Interpret *interpret) {
    (void)interpret;
    _exit(EXIT_SUCCESS);
}

int killed(Interpret *interpret) {
    (void)interpret;
    return raise(SIGKILL);
}

// The evaluator puts its file beside the place, and then into it: a folder lets nothing be put.
int replaces(Interpret *interpret) {
    (void)interpret;
    return system("for file in \"$TMPDIR\"/*counts*; do rm \"$file\" && mkdir \"$file\"; done");
}

int writes(Interpret *interpret) {
    (void)interpret;
    _exit(system("for file in \"$TMPDIR\"/*counts*; do echo none > \"$file\"; done"));
}
