// A module's source as messages show it: the definition's file, or the text that the
// module was parsed from.
#ifndef IR_TEXT_SOURCE_H
#define IR_TEXT_SOURCE_H

#include "ir/ir.h"
#include "support/text.h"

// The name, and the text as far as it can be had: what is no regular file, or a huge
// one, isn't read, and messages lack the line then. A module without source gives its
// own name. `buffer` is empty before, holds what was read, and is the caller's to free;
// the rest lives as long as the module.
Source ir_source(const IrModule *module, Text *buffer);

// The files that the definition includes; their texts are in the source's own. Lives as long as the
// module.
SourceParts ir_source_parts(const IrModule *module);

#endif
