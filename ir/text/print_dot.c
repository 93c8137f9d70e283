// See print_dot.h. Nodes are numbered in the order of the text form, so that the same module
// gives the same graph. A region is drawn as a cluster; the dispatch has an arrow to each
// bytecode, which the text only has as a table.
#include "ir/text/print_dot.h"

#include "ir/text/print.h"
#include "support/pointer_map.h"

typedef struct Drawing {
    Printer printer;
    Text *out;
    PointerMap nodes; // of blocks
} Drawing;

// Text within a label: quotes and backslashes escaped, lines end to the left.
static void add_label_text(Text *out, const char *chars) {
    for (const char *c = chars; *c; c++) {
        if (*c == '"' || *c == '\\')
            text_add(out, "\\");
        text_add_bytes(out, c, 1);
    }
}

static void draw_block(const Drawing *drawing, const IrBlock *block) {
    Text label = {0};
    Printer printer = drawing->printer;
    printer.out = &label;
    Text *out = drawing->out;
    text_addf(&label, "^%s", ir_name(printer.names, block));
    for (size_t i = 0; i < block->parameters.count; i++)
        text_addf(&label, "%s%%%s: %s", i ? ", " : "(",
                  ir_name(printer.names, block->parameters.items[i]),
                  ir_type_text(block->parameters.items[i]->type));
    text_add(&label, block->parameters.count ? "):" : ":");
    text_addf(out, "    b%d [label=\"", pointer_map_find(&drawing->nodes, block));
    add_label_text(out, text_chars(&label));
    text_add(out, "\\l");
    for (const IrInstruction *at = block->first; at; at = at->next) {
        text_free(&label);
        ir_print_instruction_code(&printer, at);
        add_label_text(out, text_chars(&label));
        text_add(out, "\\l");
    }
    text_add(out, "\"];\n");
    text_free(&label);
}

static void draw_arrow(const Drawing *drawing, const IrBlock *from, const IrBlock *to,
                       const char *label, bool cold) {
    int source = pointer_map_find(&drawing->nodes, from);
    int target = pointer_map_find(&drawing->nodes, to);
    if (target < 0)
        return;
    text_addf(drawing->out, "  b%d -> b%d", source, target);
    if (*label || cold) {
        text_add(drawing->out, " [");
        if (*label)
            text_addf(drawing->out, "label=\"%s\"", label);
        if (cold)
            text_addf(drawing->out, "%sstyle=dashed", *label ? ", " : "");
        text_add(drawing->out, "]");
    }
    text_add(drawing->out, ";\n");
}

static void draw_dispatch(const Drawing *drawing, const IrInstruction *dispatch) {
    const IrTable *table = dispatch->table;
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (table->bytecodes.items[i].block)
            draw_arrow(drawing, dispatch->block, table->bytecodes.items[i].block,
                       table->bytecodes.items[i].name, false);
    if (table->default_block)
        draw_arrow(drawing, dispatch->block, table->default_block, "default", true);
}

// Cold edges are dashed: those that are unlikely, and the slow way of polls.
static void draw_edges(const Drawing *drawing, const IrInstruction *last) {
    if (last->op == IR_DISPATCH)
        draw_dispatch(drawing, last);
    for (size_t e = 0; e < last->edges.count; e++) {
        Text label = {0};
        bool cold = false;
        if (last->op == IR_IF) {
            text_add(&label, e == 0 ? "true" : "false");
            cold = last->likely == (e == 0 ? IR_LIKELY_FALSE : IR_LIKELY_TRUE);
        } else if (last->op == IR_POLL) {
            text_add(&label, e == 0 ? "fast" : "cold");
            cold = e == 1;
        } else if (last->op == IR_SWITCH) {
            if (e + 1 < last->edges.count)
                text_addf(&label, "%lld", (long long)last->edges.items[e].case_value);
            else
                text_add(&label, "default");
        }
        draw_arrow(drawing, last->block, last->edges.items[e].block, text_chars(&label), cold);
        text_free(&label);
    }
}

static void draw_region(const Drawing *drawing, const IrRegion *region, int number, bool trunk) {
    Text *out = drawing->out;
    text_addf(out, "  subgraph cluster_%d {\n    label=\"", number);
    if (trunk)
        text_addf(out, "@%s", region->function->name);
    else
        text_addf(out, "%s%s", ir_name(drawing->printer.names, region),
                  region->restartable ? " (restartable)" : "");
    text_add(out, "\";\n");
    for (size_t b = 0; b < region->blocks.count; b++)
        draw_block(drawing, region->blocks.items[b]);
    text_add(out, "  }\n");
}

void ir_print_dot(const IrModule *module, Text *out) {
    Arena *arena = arena_new();
    Drawing drawing = {.printer = {module, ir_names_new(module, arena), out}, .out = out};
    int nodes = 0, clusters = 0;
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++) {
            const IrRegion *region = module->functions.items[f]->regions.items[r];
            for (size_t b = 0; b < region->blocks.count; b++)
                pointer_map_add(arena, &drawing.nodes, region->blocks.items[b], nodes++);
        }
    text_addf(out, "digraph \"%s\" {\n  node [shape=box, fontname=\"monospace\"];\n", module->name);
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++)
            draw_region(&drawing, module->functions.items[f]->regions.items[r], clusters++, r == 0);
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++) {
            const IrRegion *region = module->functions.items[f]->regions.items[r];
            for (size_t b = 0; b < region->blocks.count; b++)
                draw_edges(&drawing, region->blocks.items[b]->last);
        }
    text_add(out, "}\n");
    arena_free(arena);
}
