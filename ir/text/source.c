// See source.h. Messages show the line that they complain of, wherever the module's places are
// in: its own text, or the definition's files, if they are still there. A module may name any
// file, so only regular ones of a bearable size are opened: a device or a pipe would hang.
#include "ir/text/source.h"

#include "support/source_text.h"

#include <string.h>

SourceParts ir_source_parts(const IrModule *module) {
    SourceParts parts = {0};
    for (size_t i = 0; i < module->parts.count; i++)
        ARENA_PUSH(module->arena, &parts, module->parts.items[i]);
    return parts;
}

Source ir_source(const IrModule *module, Text *buffer) {
    Source source = {.name = module->source ? module->source : module->name,
                     .parts = ir_source_parts(module)};
    if (module->text) {
        source.text = module->text;
        source.length = strlen(module->text);
    } else if (module->source) {
        source_read(module->source, &source.parts, buffer);
        source.text = buffer->length ? text_chars(buffer) : NULL;
        source.length = buffer->length;
    }
    return source;
}
