// See fuse.h. Each instruction may become the start of a sequence, also one that another
// sequence covers: only the unit at a start is overwritten, and who comes to the midst of a
// sequence, by a jump or a return, finds the plain opcode there, or another start. So for each
// instruction by itself that choice is best with which the fewest dispatches are left up to the
// end of the code: a shortest path through a graph that leads forwards only, found from its end
// (dynamic parsing, as Ertl, Gregg, Krall and Paysan, "vmgen", 2002, do it; greedy parsing,
// longest first, is simpler and may leave more).
#include "runtime/bytecodes/fuse.h"

#include <stdlib.h>

// A node stands for the sequence of opcodes on the way to it. Its children are a list: at the
// root, which has many, they are found by opcode.
typedef struct FuseNode {
    int opcode;         // of the way that leads here
    int fused;          // the opcode that stands for the sequence; -1: none does
    int child, sibling; // 0: there is none, as the root is nobody's child
} FuseNode;

struct FuseTree {
    const Bytecodes *bytecodes;
    Arena *arena;
    ARENA_VECTOR(FuseNode) nodes;
    int *first; // by opcode: the root's child
};

// ---- The tree ---------------------------------------------------------------------------------

static int find_child(const FuseTree *tree, int node, int opcode) {
    if (node == 0)
        return tree->first[opcode];
    int child = tree->nodes.items[node].child;
    while (child && tree->nodes.items[child].opcode != opcode)
        child = tree->nodes.items[child].sibling;
    return child;
}

static int add_child(FuseTree *tree, int node, int opcode) {
    int child = find_child(tree, node, opcode);
    if (child)
        return child;
    child = (int)tree->nodes.count;
    FuseNode made = {.opcode = opcode, .fused = -1, .sibling = tree->nodes.items[node].child};
    ARENA_PUSH(tree->arena, &tree->nodes, made);
    tree->nodes.items[node].child = child;
    if (node == 0)
        tree->first[opcode] = child;
    return child;
}

const FuseTree *fuse_tree_new(const Bytecodes *bytecodes, Arena *arena) {
    FuseTree *tree = NULL;
    for (int i = 0; i < bytecodes->count; i++) {
        const Bytecode *fused = &bytecodes->items[i];
        if (!fused->component_count)
            continue;
        if (!tree) {
            tree = ARENA_NEW(arena, FuseTree);
            *tree = (FuseTree){.bytecodes = bytecodes,
                               .arena = arena,
                               .first = ARENA_ARRAY(arena, int, bytecodes->count)};
            ARENA_PUSH(arena, &tree->nodes, (FuseNode){.fused = -1});
        }
        int node = 0;
        for (int k = 0; k < fused->component_count; k++)
            node = add_child(tree, node, fused->components[k]);
        tree->nodes.items[node].fused = i;
    }
    return tree;
}

// ---- Choosing -----------------------------------------------------------------------------------

typedef struct Choice {
    int64_t dispatches; // from here to the end of the code, at least
    int opcode;         // what to write here for that
} Choice;

// The best of all sequences that begin at `pc`, where what follows has been chosen.
static Choice choose(const FuseTree *tree, const InterpreterUnit *code, int64_t pc, int64_t count,
                     const Choice *choices) {
    Choice best = {.dispatches = INT64_MAX, .opcode = code[pc]};
    int64_t next = pc;
    for (int node = 0; next < count;) {
        const Bytecode *at = bytecode_at(tree->bytecodes, &code[next]);
        next += at->length;
        node = find_child(tree, node, at->opcode);
        bool is_plain = best.dispatches == INT64_MAX;
        int opcode = is_plain ? code[pc] : node ? tree->nodes.items[node].fused : -1;
        // Of equals the longer one: it may lead to one that is longer still.
        if (opcode >= 0 && 1 + choices[next].dispatches <= best.dispatches)
            best = (Choice){1 + choices[next].dispatches, opcode};
        if (!node)
            break;
    }
    return best;
}

void fuse_code(const FuseTree *tree, InterpreterUnit *code, int64_t count) {
    if (!tree || !count)
        return;
    Arena *scratch = arena_new();
    Choice *choices = ARENA_ARRAY(scratch, Choice, count + 1);
    int64_t *starts = ARENA_ARRAY(scratch, int64_t, count);
    int64_t instructions = 0;
    for (int64_t pc = 0; pc < count;) {
        const Bytecode *at = bytecode_at(tree->bytecodes, &code[pc]);
        if (at->component_count)
            code[pc] = (InterpreterUnit)at->components[0];
        starts[instructions++] = pc;
        pc += at->written->length;
    }
    for (int64_t i = instructions; i-- > 0;)
        choices[starts[i]] = choose(tree, code, starts[i], count, choices);
    for (int64_t i = 0; i < instructions; i++)
        code[starts[i]] = (InterpreterUnit)choices[starts[i]].opcode;
    arena_free(scratch);
}
