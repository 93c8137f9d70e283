// See history.h. Bytecodes go by name: passes make new ones, copy them and move their code.
#include "cli/explore/history.h"

#include "ir/text/text.h"

#include <string.h>

// NULL: it isn't in the history.
static HistoryBytecode *find(const History *history, const char *name) {
    for (size_t i = 0; i < history->bytecodes.count; i++)
        if (strcmp(history->bytecodes.items[i].name, name) == 0)
            return &history->bytecodes.items[i];
    return NULL;
}

// One that wasn't there from the beginning is listed when it appears; it had no code before.
static HistoryBytecode *find_or_add(History *history, const char *name) {
    HistoryBytecode *found = find(history, name);
    if (found)
        return found;
    HistoryBytecode bytecode = {.name = arena_strdup(history->arena, name)};
    ARENA_PUSH(history->arena, &history->bytecodes, bytecode);
    return &history->bytecodes.items[history->bytecodes.count - 1];
}

static void add_state(History *history, HistoryBytecode *bytecode, const char *text) {
    size_t count = bytecode->states.count;
    const char *last = count ? bytecode->states.items[count - 1].text : "";
    if (count && strcmp(last, text) == 0)
        return;
    HistoryState state = {history->report->entries.count, arena_strdup(history->arena, text)};
    // A state before the first, so that each begins before the first pass.
    if (!count && state.steps > 0) {
        HistoryState nothing = {0, ""};
        ARENA_PUSH(history->arena, &bytecode->states, nothing);
        if (!*text)
            return;
    }
    ARENA_PUSH(history->arena, &bytecode->states, state);
}

static void observe_regions(History *history, const IrModule *module, const IrNames *names,
                            HistoryBytecode *bytecode, const IrShownRegions *regions) {
    Text text = {0};
    ir_print_regions(module, names, regions, &text);
    add_state(history, bytecode, text_chars(&text));
    text_free(&text);
}

static void observe_bytecode(History *history, const IrModule *module, const IrNames *names,
                             const char *name) {
    Arena *scratch = arena_new();
    IrShownRegions regions = ir_view_bytecode(module, name, scratch);
    observe_regions(history, module, names, find_or_add(history, name), &regions);
    arena_free(scratch);
}

// Where a loop has several states, its tables have bytecodes of the same names, and one name gives
// the code of all.
static void observe_all(History *history, const IrModule *module, const IrNames *names) {
    for (size_t t = 0; t < module->tables.count; t++) {
        const IrTable *table = module->tables.items[t];
        for (size_t b = 0; b < table->bytecodes.count; b++) {
            const char *name = table->bytecodes.items[b].name;
            if (t == 0 || !ir_find_bytecode(module->tables.items[0], name))
                observe_bytecode(history, module, names, name);
        }
        if (table->has_default || find(history, "default"))
            observe_bytecode(history, module, names, "default");
    }
}

static void observe(void *observer, const IrModule *module, const PipelineStep *step) {
    (void)step;
    History *history = observer;
    Arena *scratch = arena_new();
    const IrNames *names = ir_names_new(module, scratch);
    IrShownRegions rest = ir_view_rest(module, scratch);
    observe_regions(history, module, names, &history->trunk, &rest);
    if (!history->view)
        observe_all(history, module, names);
    for (size_t i = 0; history->view && i < history->view->names.count; i++)
        observe_bytecode(history, module, names, history->view->names.items[i]);
    arena_free(scratch);
}

void history_watch(History *history, PipelineRun *run) {
    history->trunk = (HistoryBytecode){.name = "trunk"};
    run->observe = observe;
    run->observer = history;
}
