// See handler_blocks.h. A dispatch has no successors (machine_code.h), so the walk ends at it by
// itself.
#include "backend/anatomy/handler_blocks.h"

const bool *handler_beginnings(Arena *arena, const DispatchReport *report) {
    bool *beginnings = ARENA_ARRAY(arena, bool, report->code->blocks.count);
    for (size_t i = 0; i < report->bytecodes.count; i++)
        beginnings[report->bytecodes.items[i].in_table->block] = true;
    return beginnings;
}

bool *handler_blocks(Arena *arena, const DispatchReport *report, const bool *beginnings, int from) {
    const MachineCode *code = report->code;
    bool *reached = ARENA_ARRAY(arena, bool, code->blocks.count);
    ARENA_VECTOR(int) open = {0};
    ARENA_PUSH(arena, &open, from);
    reached[from] = true;
    while (open.count > 0) {
        const MachineBlock *block = &code->blocks.items[open.items[--open.count]];
        for (size_t s = 0; s < block->successors.count; s++) {
            int next = block->successors.items[s];
            if (reached[next] || beginnings[next])
                continue;
            reached[next] = true;
            ARENA_PUSH(arena, &open, next);
        }
    }
    return reached;
}
