// The engine as a command: the emitted interpreter, if it was made from the same definition
// as the header that everything else here is compiled with.
#include "wasm.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int run(void (*interpreter)(void *machine, void *frame), int argc, char **argv, const char *image);

static void run_emitted(void *machine, void *frame) {
    interpret(machine, frame);
}

static bool image_has(const char *part, uint64_t fingerprint) {
    char line[64];
    snprintf(line, sizeof line, "\n%s %016" PRIx64 "\n", part, fingerprint);
    return strstr(loopwright_image, line) != NULL;
}

int main(int argc, char **argv) {
    if (!image_has("bytecodes", WASM_FINGERPRINT_BYTECODES) ||
        !image_has("records", WASM_FINGERPRINT_RECORDS) ||
        !image_has("externals", WASM_FINGERPRINT_EXTERNALS)) {
        fputs("wasm: error: the interpreter was made from another definition\n", stderr);
        return 1;
    }
    return run(run_emitted, argc - 1, argv + 1, loopwright_image);
}
