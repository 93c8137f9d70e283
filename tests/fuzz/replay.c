// A fuzz target without libFuzzer: gives it each file that the command line names, or
// each file of a folder, so that a corpus is replayed by any compiler's build.
#include "support/text.h"
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_folder(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

// An exact copy, so that a sanitizer sees a read beyond the end.
static void replay_file(const char *path) {
    Text text = {0};
    if (!text_read_file(&text, path)) {
        fprintf(stderr, "can't read %s\n", path);
        exit(1);
    }
    uint8_t *copy = malloc(text.length ? text.length : 1);
    if (!copy)
        abort();
    memcpy(copy, text_chars(&text), text.length);
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(copy, text.length);
    free(copy);
    text_free(&text);
}

static int replay_folder(const char *path) {
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort), files = 0;
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            Text file = {0};
            text_addf(&file, "%s/%s", path, entries[i]->d_name);
            if (!is_folder(text_chars(&file))) {
                replay_file(text_chars(&file));
                files++;
            }
            text_free(&file);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return files;
}

int main(int argc, char **argv) {
    int files = 0;
    for (int i = 1; i < argc; i++) {
        if (is_folder(argv[i])) {
            files += replay_folder(argv[i]);
        } else {
            replay_file(argv[i]);
            files++;
        }
    }
    printf("%d files\n", files);
    return files ? 0 : 1;
}
