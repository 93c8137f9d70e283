// The text form's printer: functions, blocks, instructions, literals. One line an
// instruction, and nothing but what is needed to read it back.
#include "ir/methods.h"
#include "ir/text/literals.h"
#include "ir/text/print.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The shortest decimal that reads back as the same double (whole numbers without an
// exponent while they are short); what has none as its bits.
static void print_number(Text *out, double number) {
    if (!isfinite(number)) {
        uint64_t bits;
        memcpy(&bits, &number, sizeof bits);
        text_addf(out, "0x%016" PRIx64, bits);
        return;
    }
    if (fabs(number) < 1e15 && number == (double)(int64_t)number) {
        text_addf(out, "%.1f", number);
        return;
    }
    char digits[40];
    // 17 digits are always enough (Steele and White, 1990); most numbers need few.
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number)
            break;
    }
    text_add(out, digits);
    if (!strpbrk(digits, ".e"))
        text_add(out, ".0");
}

// A value; `place` is the type that a literal would take from its place.
static void print_value(const Printer *printer, const IrValue *value, IrType place) {
    Text *out = printer->out;
    if (value->kind != IR_CONSTANT)
        text_addf(out, "%%%s", ir_name(printer->names, value));
    else if (value->type == IR_F64)
        print_number(out, value->number);
    else if (value->type == IR_PTR && value->integer == 0)
        text_add(out, "null");
    else {
        text_addf(out, "%" PRId64, value->integer);
        if (value->type != place)
            text_addf(out, ":%s", ir_type_text(value->type));
    }
}

static void print_operand(const Printer *printer, const IrInstruction *instruction, size_t index) {
    print_value(printer, instruction->operands.items[index],
                ir_operand_literal_type(instruction, index));
}

// The operands from `first` on, separated by commas.
static void print_operands(const Printer *printer, const IrInstruction *instruction, size_t first) {
    for (size_t i = first; i < instruction->operands.count; i++) {
        if (i > first)
            text_add(printer->out, ", ");
        print_operand(printer, instruction, i);
    }
}

static void print_edge(const Printer *printer, const IrEdge *edge) {
    Text *out = printer->out;
    text_addf(out, "^%s", ir_name(printer->names, edge->block));
    if (!edge->arguments.count)
        return;
    text_add(out, "(");
    for (size_t i = 0; i < edge->arguments.count; i++) {
        if (i)
            text_add(out, ", ");
        print_value(printer, edge->arguments.items[i], ir_argument_literal_type(edge, i));
    }
    text_add(out, ")");
}

static void print_edges(const Printer *printer, const IrInstruction *instruction) {
    for (size_t i = 0; i < instruction->edges.count; i++) {
        if (i)
            text_add(printer->out, ", ");
        print_edge(printer, &instruction->edges.items[i]);
    }
}

static void print_access(const Printer *printer, const IrInstruction *instruction) {
    Text *out = printer->out;
    const IrField *field = instruction->field;
    bool is_address = instruction->op == IR_ADDRESS;
    if (!field)
        text_addf(out, ".%s",
                  is_address ? instruction->record->name : ir_cell_text(instruction->cell));
    text_add(out, " ");
    print_operand(printer, instruction, 0);
    if (field)
        text_addf(out, ", %s.%s", field->record->name, field->name);
    if (instruction->operands.count > 1) {
        text_add(out, ", ");
        print_operands(printer, instruction, 1);
    }
    if (!field && !is_address)
        text_addf(out, " in %s", ir_alias_text(instruction->alias_class));
}

static void print_switch(const Printer *printer, const IrInstruction *instruction) {
    Text *out = printer->out;
    text_add(out, " ");
    print_operand(printer, instruction, 0);
    text_add(out, " {");
    for (size_t i = 0; i < instruction->edges.count; i++) {
        const IrEdge *edge = &instruction->edges.items[i];
        if (i + 1 < instruction->edges.count)
            text_addf(out, " %" PRId64 " -> ", edge->case_value);
        else
            text_add(out, " default -> ");
        print_edge(printer, edge);
    }
    text_add(out, " }");
}

static void print_if(const Printer *printer, const IrInstruction *instruction) {
    text_add(printer->out, " ");
    print_operand(printer, instruction, 0);
    text_add(printer->out, ", ");
    print_edges(printer, instruction);
    if (instruction->likely != IR_LIKELY_UNKNOWN)
        text_add(printer->out, instruction->likely == IR_LIKELY_TRUE ? " likely" : " unlikely");
}

static void print_exit(const Printer *printer, const IrInstruction *instruction) {
    const IrBytecode *bytecode = ir_exit_bytecode(instruction);
    text_addf(printer->out, " %s, @%s(", bytecode ? bytecode->name : "?", instruction->table->name);
    print_operands(printer, instruction, 1);
    text_add(printer->out, ")");
}

void ir_print_instruction_code(const Printer *printer, const IrInstruction *instruction) {
    Text *out = printer->out;
    if (instruction->result)
        text_addf(out, "%%%s = ", ir_name(printer->names, instruction->result));
    text_add(out, ir_op_text(instruction->op));
    switch (ir_op_shape(instruction->op)) {
    case IR_SHAPE_LOAD:
    case IR_SHAPE_STORE:
    case IR_SHAPE_ADDRESS: print_access(printer, instruction); return;
    case IR_SHAPE_SWITCH: print_switch(printer, instruction); return;
    case IR_SHAPE_IF: print_if(printer, instruction); return;
    case IR_SHAPE_CALL:
        text_addf(out, " @%s(", instruction->external->name);
        print_operands(printer, instruction, 0);
        text_add(out, ")");
        return;
    case IR_SHAPE_DISPATCH:
        text_add(out, " ");
        print_operand(printer, instruction, 0);
        text_addf(out, ", @%s(", instruction->table->name);
        print_operands(printer, instruction, 1);
        text_add(out, ")");
        return;
    case IR_SHAPE_EXIT: print_exit(printer, instruction); return;
    case IR_SHAPE_COMPONENT: text_addf(out, " %d", instruction->component); return;
    case IR_SHAPE_TAIL:
        text_addf(out, " @%s(", instruction->callee->name);
        print_operands(printer, instruction, 0);
        text_add(out, ")");
        return;
    case IR_SHAPE_POLL_SITE:
        text_addf(out, " %s", ir_poll_kind_text(instruction->poll_kind));
        return;
    case IR_SHAPE_POLL:
        text_addf(out, " %s, ", ir_poll_kind_text(instruction->poll_kind));
        print_edges(printer, instruction);
        return;
    case IR_SHAPE_BR:
        text_add(out, " ");
        print_edges(printer, instruction);
        return;
    case IR_SHAPE_CONVERT: text_addf(out, ".%s", ir_type_text(instruction->result->type)); break;
    default: break;
    }
    if (instruction->operands.count)
        text_add(out, " ");
    print_operands(printer, instruction, 0);
}

// A region's inlinings, numbered in the order in which its instructions are in them.
typedef struct Inlinings {
    Arena *scratch;
    PointerMap numbers;
} Inlinings;

static int number_of(const Inlinings *inlinings, const IrInlining *inlining) {
    return pointer_map_find(&inlinings->numbers, inlining);
}

// What it is within comes before it.
static void print_inlining(const Printer *printer, Inlinings *inlinings,
                           const IrInlining *inlining) {
    if (!inlining || number_of(inlinings, inlining) >= 0)
        return;
    print_inlining(printer, inlinings, inlining->within);
    int number = (int)inlinings->numbers.count + 1;
    pointer_map_add(inlinings->scratch, &inlinings->numbers, inlining, number);
    text_addf(printer->out, "inlined #%d ", number);
    ir_print_string(printer->out, inlining->method->name);
    if (inlining->is_component)
        text_addf(printer->out, " component %d", inlining->component);
    ir_print_location(printer, inlining->call);
    if (inlining->within)
        text_addf(printer->out, " in #%d", number_of(inlinings, inlining->within));
    text_add(printer->out, "\n");
}

static void print_inlinings(const Printer *printer, const IrRegion *region, Inlinings *inlinings) {
    for (size_t b = 0; b < region->blocks.count; b++)
        for (const IrInstruction *at = region->blocks.items[b]->first; at; at = at->next)
            if (at->at.line)
                print_inlining(printer, inlinings, at->inlined);
}

static void print_block(const Printer *printer, const Inlinings *inlinings, const IrBlock *block) {
    Text *out = printer->out;
    text_addf(out, "^%s", ir_name(printer->names, block));
    for (size_t i = 0; i < block->parameters.count; i++) {
        const IrValue *parameter = block->parameters.items[i];
        text_addf(out, "%s%%%s: %s", i ? ", " : "(", ir_name(printer->names, parameter),
                  ir_type_text(parameter->type));
    }
    text_add(out, block->parameters.count ? "):\n" : ":\n");
    Location last = {0, 0};
    const IrInlining *last_inlined = NULL;
    for (const IrInstruction *at = block->first; at; at = at->next) {
        text_add(out, "  ");
        ir_print_instruction_code(printer, at);
        // A place that is the same as the line above's is left out: most instructions of a
        // line of the definition have one.
        Location here = at->at.line ? at->at : (Location){0, 0};
        const IrInlining *inlined = at->at.line ? at->inlined : NULL;
        if (printer->has_places &&
            (here.line != last.line || here.column != last.column || inlined != last_inlined)) {
            text_addf(out, " !%d:%d", here.line, here.column);
            if (inlined)
                text_addf(out, "#%d", number_of(inlinings, inlined));
        }
        last = here;
        last_inlined = inlined;
        text_add(out, "\n");
    }
}

void ir_print_region_code(const Printer *printer, const IrRegion *region) {
    Text *out = printer->out;
    Inlinings inlinings = {.scratch = arena_new()};
    if (region->function->regions.items[0] == region)
        text_add(out, "trunk");
    else
        text_addf(out, "region %s", ir_name(printer->names, region));
    text_add(out, region->restartable ? " restartable {\n" : " {\n");
    if (printer->has_places)
        print_inlinings(printer, region, &inlinings);
    for (size_t i = 0; i < region->blocks.count; i++)
        print_block(printer, &inlinings, region->blocks.items[i]);
    text_add(out, "}\n");
    arena_free(inlinings.scratch);
}

void ir_print_function_code(const Printer *printer, const IrFunction *function) {
    Text *out = printer->out;
    text_addf(out, "function @%s", function->name);
    if (function->result != IR_VOID)
        text_addf(out, " -> %s", ir_type_text(function->result));
    text_add(out, " {\n");
    for (size_t i = 0; i < function->regions.count; i++)
        ir_print_region_code(printer, function->regions.items[i]);
    text_add(out, "}\n");
}
