// Inside the printer: what print.c (declarations) and print_code.c share. Users include
// ir/text/text.h; only the drawing of graphs and the listing of analyses print single
// instructions by this.
#ifndef IR_TEXT_PRINT_H
#define IR_TEXT_PRINT_H

#include "ir/ir.h"
#include "ir/text/names.h"
#include "support/text.h"

typedef struct Printer {
    const IrModule *module;
    const IrNames *names;
    Text *out;
    bool has_places; // those of the definition, or of the text if they were asked for
} Printer;

// ` !line:column`, or nothing for no place.
void ir_print_location(const Printer *printer, Location at);

// In quotes, with what can't stand there as it is behind a backslash.
void ir_print_string(Text *out, const char *string);

// Appends the words of the effects, a blank before each: " collects reads heap".
void ir_print_effects(Text *out, const IrEffects *effects);

// A function or a region with its newline; an instruction without indentation, location, newline.
void ir_print_function_code(const Printer *printer, const IrFunction *function);
void ir_print_region_code(const Printer *printer, const IrRegion *region);
void ir_print_instruction_code(const Printer *printer, const IrInstruction *instruction);

#endif
