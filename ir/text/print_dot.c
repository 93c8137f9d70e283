// See print_dot.h. Nodes are numbered in the order of the text form, so that the same module
// gives the same graph. A region is drawn as a cluster; the dispatch has an arrow to each
// bytecode, which the text only has as a table.
//
// In a view nearly every way ends outside of it. Arrows to all that a dispatch may lead to would be
// most of the picture, and say nothing: each place outside is one name, without a box.
#include "ir/text/print_dot.h"

#include "ir/text/print.h"
#include "support/pointer_map.h"

typedef struct Drawing {
    Printer printer;
    Text *out;
    Arena *arena;
    IrShownRegions regions;
    bool is_view;
    PointerMap nodes; // of blocks
    PointerMap
        outside; // of a view: of blocks, tables, bytecodes and functions that it doesn't show
    int outside_count;
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

// ---- Arrows ---------------------------------------------------------------------------

static void draw_label(const Drawing *drawing, const char *label, bool cold) {
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

// To a place outside of the view, which the first arrow to it makes.
static void draw_way_out(Drawing *drawing, const IrBlock *from, const void *place, const char *name,
                         const char *label, bool cold) {
    if (pointer_map_add(drawing->arena, &drawing->outside, place, drawing->outside_count))
        text_addf(drawing->out, "  o%d [label=\"%s\", shape=plaintext];\n",
                  drawing->outside_count++, name);
    text_addf(drawing->out, "  b%d -> o%d", pointer_map_find(&drawing->nodes, from),
              pointer_map_find(&drawing->outside, place));
    draw_label(drawing, label, cold);
}

static void draw_arrow(Drawing *drawing, const IrBlock *from, const IrBlock *to, const char *label,
                       bool cold) {
    int target = pointer_map_find(&drawing->nodes, to);
    if (target >= 0) {
        text_addf(drawing->out, "  b%d -> b%d", pointer_map_find(&drawing->nodes, from), target);
        draw_label(drawing, label, cold);
    } else if (drawing->is_view) {
        Text name = {0};
        text_addf(&name, "^%s", ir_name(drawing->printer.names, to));
        draw_way_out(drawing, from, to, text_chars(&name), label, cold);
        text_free(&name);
    }
}

static void draw_dispatch(Drawing *drawing, const IrInstruction *dispatch) {
    const IrTable *table = dispatch->table;
    if (drawing->is_view) {
        draw_way_out(drawing, dispatch->block, table, "the next bytecode", "", false);
        return;
    }
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (table->bytecodes.items[i].block)
            draw_arrow(drawing, dispatch->block, table->bytecodes.items[i].block,
                       table->bytecodes.items[i].name, false);
    if (table->default_block)
        draw_arrow(drawing, dispatch->block, table->default_block, "default", true);
}

static void draw_exit(Drawing *drawing, const IrInstruction *last) {
    const IrBytecode *bytecode = ir_exit_bytecode(last);
    if (drawing->is_view && bytecode)
        draw_way_out(drawing, last->block, bytecode, bytecode->name, "exit", true);
}

// A handler's cold functions are drawn with it, as clusters of their own.
static void draw_tail(Drawing *drawing, const IrInstruction *last) {
    const IrBlock *entry = last->callee->regions.items[0]->blocks.items[0];
    if (pointer_map_find(&drawing->nodes, entry) >= 0)
        draw_arrow(drawing, last->block, entry, "tail", false);
    else if (drawing->is_view)
        draw_way_out(drawing, last->block, last->callee, last->callee->name, "tail", false);
}

// Cold edges are dashed: those that are unlikely, and the slow way of polls.
static void draw_edges(Drawing *drawing, const IrInstruction *last) {
    if (last->op == IR_DISPATCH)
        draw_dispatch(drawing, last);
    else if (last->op == IR_EXIT)
        draw_exit(drawing, last);
    else if (last->op == IR_TAIL)
        draw_tail(drawing, last);
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

// ---- The graph --------------------------------------------------------------------------

static void draw_region(const Drawing *drawing, const IrRegion *region, int number) {
    Text *out = drawing->out;
    text_addf(out, "  subgraph cluster_%d {\n    label=\"", number);
    if (ir_is_trunk(region))
        text_addf(out, "@%s", region->function->name);
    else
        text_addf(out, "%s%s", ir_name(drawing->printer.names, region),
                  region->restartable ? " (restartable)" : "");
    text_add(out, "\";\n");
    for (size_t b = 0; b < region->blocks.count; b++)
        draw_block(drawing, region->blocks.items[b]);
    text_add(out, "  }\n");
}

// A bytecode is to fit on a page: the size is that of A4 paper and of letter paper within their
// margins, in inches, and there is less white between blocks.
static void draw_style(const Drawing *drawing) {
    if (drawing->is_view)
        text_add(drawing->out, "  graph [size=\"7.5,10\", nodesep=0.15, ranksep=0.25];\n"
                               "  node [shape=box, fontname=\"monospace\", margin=\"0.08,0.04\"];\n"
                               "  edge [arrowsize=0.7];\n");
    else
        text_add(drawing->out, "  node [shape=box, fontname=\"monospace\"];\n");
}

void ir_print_dot(const IrModule *module, const IrView *view, Text *out) {
    Arena *arena = arena_new();
    Drawing drawing = {.printer = {module, ir_names_new(module, arena), out},
                       .out = out,
                       .arena = arena,
                       .regions = ir_view_regions(module, view, arena),
                       .is_view = view != NULL};
    int nodes = 0;
    for (size_t r = 0; r < drawing.regions.count; r++) {
        const IrRegion *region = drawing.regions.items[r];
        for (size_t b = 0; b < region->blocks.count; b++)
            pointer_map_add(arena, &drawing.nodes, region->blocks.items[b], nodes++);
    }
    text_addf(out, "digraph \"%s\" {\n", module->name);
    draw_style(&drawing);
    for (size_t r = 0; r < drawing.regions.count; r++)
        draw_region(&drawing, drawing.regions.items[r], (int)r);
    for (size_t r = 0; r < drawing.regions.count; r++) {
        const IrRegion *region = drawing.regions.items[r];
        for (size_t b = 0; b < region->blocks.count; b++)
            draw_edges(&drawing, region->blocks.items[b]->last);
    }
    text_add(out, "}\n");
    arena_free(arena);
}
