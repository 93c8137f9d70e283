// See source.h. Messages show the line that they complain of, wherever the module's places are
// in: its own text, or the definition's file, if it is still there. A module may name any
// file, so only regular ones of a bearable size are opened: a device or a pipe would hang.
#include "ir/text/source.h"

#include <string.h>
#include <sys/stat.h>

enum { LONGEST_SOURCE = 16 * 1024 * 1024 };

static bool is_readable(const char *file) {
    struct stat status;
    return stat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= LONGEST_SOURCE;
}

Source ir_source(const IrModule *module, Text *buffer) {
    Source source = {.name = module->source ? module->source : module->name};
    if (module->text) {
        source.text = module->text;
        source.length = strlen(module->text);
    } else if (module->source && is_readable(module->source) &&
               text_read_file(buffer, module->source)) {
        source.text = text_chars(buffer);
        source.length = buffer->length;
    }
    return source;
}
