// See straight_runs.h. A node of the tree stands for the bytecodes on the way to it. Its children
// are a list; only the root has so many that they are found by opcode.
#include "cli/profile/straight_runs.h"

typedef struct RunNode {
    int opcode; // of the way that leads here
    int parent;
    int child, sibling; // 0: there is none, as the root is nobody's child
    int depth;
    uint64_t times; // how many runs ended here
} RunNode;

struct RunRecorder {
    Arena *arena;
    const IrTable *table;
    const bool *ends;
    ARENA_VECTOR(RunNode) nodes;
    int *first;           // by opcode: the root's child
    int node;             // what was executed of the run that goes on; 0: none does
    const char *expected; // where the run's next opcode stands
};

// The last record of a stream: no run is empty.
static const StraightRun end_of_runs = {NULL, 0, 0};

RunRecorder *run_recorder_new(Arena *arena, const IrTable *table, const bool *ends) {
    RunRecorder *recorder = ARENA_NEW(arena, RunRecorder);
    *recorder = (RunRecorder){.arena = arena,
                              .table = table,
                              .ends = ends,
                              .first = ARENA_ARRAY(arena, int, table->bytecodes.count)};
    ARENA_PUSH(arena, &recorder->nodes, (RunNode){.opcode = -1});
    return recorder;
}

static int find_child(const RunRecorder *recorder, int node, int opcode) {
    if (node == 0)
        return recorder->first[opcode];
    int child = recorder->nodes.items[node].child;
    while (child && recorder->nodes.items[child].opcode != opcode)
        child = recorder->nodes.items[child].sibling;
    return child;
}

static int go_on(RunRecorder *recorder, int node, int opcode) {
    int child = find_child(recorder, node, opcode);
    if (child)
        return child;
    child = (int)recorder->nodes.count;
    RunNode made = {.opcode = opcode,
                    .parent = node,
                    .sibling = recorder->nodes.items[node].child,
                    .depth = recorder->nodes.items[node].depth + 1};
    ARENA_PUSH(recorder->arena, &recorder->nodes, made);
    recorder->nodes.items[node].child = child;
    if (node == 0)
        recorder->first[opcode] = child;
    return child;
}

static void end_run(RunRecorder *recorder) {
    if (recorder->node)
        recorder->nodes.items[recorder->node].times++;
    recorder->node = 0;
}

static void see(void *context, const IrTable *table, int opcode, const void *fetched_from) {
    RunRecorder *recorder = context;
    if (table != recorder->table)
        return;
    if (fetched_from != recorder->expected)
        end_run(recorder);
    recorder->node = go_on(recorder, recorder->node, opcode);
    recorder->expected = (const char *)fetched_from +
                         ir_cell_size(table->unit) * table->bytecodes.items[opcode].length;
    if (recorder->ends[opcode])
        end_run(recorder);
}

EvalObserver run_recorder_observer(RunRecorder *recorder) {
    return (EvalObserver){.see = see, .context = recorder};
}

static bool put(FILE *stream, const StraightRun *run) {
    return fwrite(&run->times, sizeof run->times, 1, stream) == 1 &&
           fwrite(&run->count, sizeof run->count, 1, stream) == 1 &&
           (!run->count || fwrite(run->opcodes, sizeof *run->opcodes, (size_t)run->count, stream) ==
                               (size_t)run->count);
}

bool run_recorder_write(RunRecorder *recorder, FILE *stream) {
    end_run(recorder);
    bool good = true;
    for (size_t i = 1; good && i < recorder->nodes.count; i++) {
        const RunNode *end = &recorder->nodes.items[i];
        if (!end->times)
            continue;
        StraightRun run = {ARENA_ARRAY(recorder->arena, int, end->depth), end->depth, end->times};
        for (const RunNode *node = end; node->depth; node = &recorder->nodes.items[node->parent])
            run.opcodes[node->depth - 1] = node->opcode;
        good = put(stream, &run);
    }
    return good && put(stream, &end_of_runs) && fflush(stream) == 0;
}

bool straight_runs_read(FILE *stream, Arena *arena, StraightRuns *runs) {
    for (;;) {
        StraightRun run;
        if (fread(&run.times, sizeof run.times, 1, stream) != 1 ||
            fread(&run.count, sizeof run.count, 1, stream) != 1)
            return false;
        if (!run.count)
            return true;
        run.opcodes = ARENA_ARRAY(arena, int, run.count);
        if (fread(run.opcodes, sizeof *run.opcodes, (size_t)run.count, stream) != (size_t)run.count)
            return false;
        ARENA_PUSH(arena, runs, run);
    }
}
