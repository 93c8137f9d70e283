// Reading the counters, and writing them as JSON. A counter belongs to a bytecode and an
// event; sums are made when somebody asks, so that counting costs one addition.
#include "backend/eval/code.h"
#include "support/json/json_text.h"

static EvalCounts counts_from(const EvalCounters counters) {
    return (EvalCounts){
        .count = counters[EVAL_COUNT],
        .frame_reads_const = counters[EVAL_FRAME_READS_CONST],
        .frame_reads_state = counters[EVAL_FRAME_READS_STATE],
        .frame_writes = counters[EVAL_FRAME_WRITES],
        .stack_loads = counters[EVAL_STACK_LOADS],
        .stack_stores = counters[EVAL_STACK_STORES],
        .dispatches = counters[EVAL_DISPATCHES],
        .range_checks = counters[EVAL_RANGE_CHECKS],
        .polls = counters[EVAL_POLLS],
    };
}

EvalCounts eval_totals(const EvalProgram *program) {
    EvalCounters totals = {0};
    for (int i = 0; i < EVAL_COUNTER_COUNT; i++)
        totals[i] = program->outside[i];
    for (size_t t = 0; t < program->module->tables.count; t++)
        for (size_t e = 0; e <= program->tables[t].count; e++)
            for (int i = 0; i < EVAL_COUNTER_COUNT; i++)
                totals[i] += program->tables[t].counters[e][i];
    return counts_from(totals);
}

// The default's row is the last of a table.
EvalCounts eval_counts(const EvalProgram *program, const IrTable *table, int opcode) {
    const EvalTable *found = program->tables;
    while (found->table != table)
        found++;
    return counts_from(found->counters[opcode < 0 ? found->count : (size_t)opcode]);
}

EvalCounts eval_counts_outside(const EvalProgram *program) {
    return counts_from(program->outside);
}

const uint64_t *eval_clock(const EvalProgram *program) {
    return &program->clock;
}

static void set_number(json_t *object, const char *key, uint64_t value) {
    json_object_set_new(object, key, json_integer((json_int_t)value));
}

static void set_counts(json_t *object, const EvalCounts *counts) {
    set_number(object, "frame_reads", counts->frame_reads_const + counts->frame_reads_state);
    set_number(object, "frame_reads_const", counts->frame_reads_const);
    set_number(object, "frame_reads_state", counts->frame_reads_state);
    set_number(object, "frame_writes", counts->frame_writes);
    set_number(object, "range_checks", counts->range_checks);
    set_number(object, "dispatches", counts->dispatches);
    set_number(object, "polls", counts->polls);
    set_number(object, "stack_loads", counts->stack_loads);
    set_number(object, "stack_stores", counts->stack_stores);
}

static json_t *entry_json(const IrTable *table, int opcode, const char *name,
                          const EvalCounts *counts) {
    json_t *entry = json_object();
    json_object_set_new(entry, "name", json_text(name));
    json_object_set_new(entry, "table", json_text(table->name));
    json_object_set_new(entry, "opcode", json_integer(opcode));
    set_number(entry, "count", counts->count);
    set_counts(entry, counts);
    return entry;
}

static json_t *add_table(const EvalProgram *program, json_t *list, const EvalTable *table) {
    const IrTable *from = table->table;
    for (size_t e = 0; e < table->count; e++) {
        EvalCounts counts = eval_counts(program, from, (int)e);
        json_array_append_new(list,
                              entry_json(from, (int)e, from->bytecodes.items[e].name, &counts));
    }
    EvalCounts counts = eval_counts(program, from, -1);
    if (table->has_default)
        json_array_append_new(list, entry_json(from, -1, "(default)", &counts));
    return list;
}

// Reads per bytecode are by the clock, which is the same number under every variant: a fused
// bytecode counts as the ones that it is made of, or variants could not be compared.
static json_t *counts_json(const EvalProgram *program) {
    json_t *root = json_object(), *outside = json_object(), *list = json_array();
    EvalCounts totals = eval_totals(program), unattributed = eval_counts_outside(program);
    double reads = (double)(totals.frame_reads_const + totals.frame_reads_state);
    set_number(root, "bytecodes", program->clock);
    set_counts(root, &totals);
    json_object_set_new(root, "frame_reads_per_bytecode",
                        json_real(program->clock ? reads / (double)program->clock : 0.0));
    set_counts(outside, &unattributed);
    json_object_set_new(root, "outside", outside);
    for (size_t t = 0; t < program->module->tables.count; t++)
        add_table(program, list, &program->tables[t]);
    json_object_set_new(root, "per_bytecode", list);
    return root;
}

void eval_counts_json(const EvalProgram *program, Text *out) {
    json_t *root = counts_json(program);
    json_text_print(root, out);
    json_decref(root);
}
