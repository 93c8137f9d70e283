// The image: what whoever runs an interpreter has to know of it, as text. It belongs to one
// module, as the passes have left it: the definition doesn't say which fused bytecodes there
// are, nor where polls went. An emitted object carries it as the constant `loopwright_image`,
// the evaluator hands it to the runtime with the module, and the generated header has that of
// the definition itself, so that all learn the opcodes in one way. docs/loop-language.md
// ("What an interpreter says of itself") has the form.
#ifndef IR_IMAGE_H
#define IR_IMAGE_H

#include "ir/ir.h"
#include "support/text.h"

// The first line, with the version of this form: whoever reads an image compares it.
#define IR_IMAGE_FORM "loopwright 2"

// Appends the image of the module, which the verifier accepts: lines `KEY WORDS`, each with a
// newline at its end. It describes the bytecodes of the first table.
void ir_image(const IrModule *module, Text *out);

#endif
