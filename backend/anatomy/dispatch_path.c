// See dispatch_path.h. Two steps: the way (a shortest path over blocks), and the slice (from
// the jump backward, following what its target is computed from). What each instruction is for is
// dispatch_class.c's subject.
//
// A backward slice (Weiser 1984) is what a value depends on. It alone would be too much, as
// the opcode depends on pc and pc on all that came before, and too little, as copies and
// spills of state that the dispatch carries along feed nothing on the path. So the debug
// information bounds it and adds to it.
#include "backend/anatomy/dispatch_class.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

// ---- The way -------------------------------------------------------------------------

// More than any handler has instructions: a call is the slow path (a send's lookup, a collection),
// and the way that is usual has none where it can.
enum { CALL_COST = 100000 };

static long block_cost(const MachineCode *code, int block) {
    long cost = 0;
    for (int i = code->blocks.items[block].first; i <= code->blocks.items[block].last; i++)
        cost += code->instructions.items[i].kind == MACHINE_CALL ? CALL_COST : 1;
    return cost;
}

// Shortest ways from `from` by block cost (Dijkstra, with a linear search for the
// nearest: interpreters have a few thousand blocks at most). Returns the block of
// the nearest dispatch site, or -1; `before` gets each block's predecessor.
static int nearest_site(Arena *arena, const MachineCode *code, const DispatchSites *sites, int from,
                        int *before) {
    size_t count = code->blocks.count;
    long *cost = ARENA_ARRAY(arena, long, count);
    bool *done = ARENA_ARRAY(arena, bool, count);
    ARENA_VECTOR(int) open = {0};
    for (size_t i = 0; i < count; i++)
        cost[i] = LONG_MAX;
    cost[from] = block_cost(code, from);
    before[from] = -1;
    ARENA_PUSH(arena, &open, from);
    while (open.count > 0) {
        size_t nearest = 0;
        for (size_t i = 1; i < open.count; i++)
            if (cost[open.items[i]] < cost[open.items[nearest]])
                nearest = i;
        int block = open.items[nearest];
        open.items[nearest] = open.items[--open.count];
        if (done[block])
            continue;
        done[block] = true;
        if (dispatch_sites_has(sites, code->blocks.items[block].last))
            return block;
        for (size_t s = 0; s < code->blocks.items[block].successors.count; s++) {
            int next = code->blocks.items[block].successors.items[s];
            long reached = cost[block] + block_cost(code, next);
            if (!done[next] && reached < cost[next]) {
                cost[next] = reached;
                before[next] = block;
                ARENA_PUSH(arena, &open, next);
            }
        }
    }
    return -1;
}

typedef ARENA_VECTOR(int) Way; // instructions in order of execution

// The way is found from its end, since each block knows the one before it; then turned round.
static Way find_way(Arena *arena, const MachineCode *code, const DispatchSites *sites, int from) {
    int *before = ARENA_ARRAY(arena, int, code->blocks.count);
    Way blocks = {0}, way = {0};
    for (int b = nearest_site(arena, code, sites, from, before); b >= 0; b = before[b])
        ARENA_PUSH(arena, &blocks, b);
    while (blocks.count > 0) {
        const MachineBlock *block = &code->blocks.items[blocks.items[--blocks.count]];
        for (int i = block->first; i <= block->last; i++)
            ARENA_PUSH(arena, &way, i);
    }
    return way;
}

// ---- The slice -----------------------------------------------------------------------

// What carries values and computes none. Such an instruction says nothing of what it is for: LLVM
// gives a copy or a reload the line of whatever stood nearest.
static bool is_carried(const MachineInstruction *instruction) {
    return instruction->kind == MACHINE_MOVE || instruction->kind == MACHINE_CONSTANT ||
           instruction->kind == MACHINE_PADDING ||
           ((instruction->kind == MACHINE_LOAD || instruction->kind == MACHINE_STORE) &&
            machine_is_stack(&instruction->memory));
}

// Work where debug information says so, with a line. Without one LLVM has merged it out of several
// places, and the scope means little; and a loop by hand has none.
static bool is_surely_work(const MachineInstruction *instruction) {
    return instruction->to_whom == ATTRIBUTED_TO_WORK && instruction->is_told;
}

// What the walk backward still looks for the origin of: registers, and the places in memory whose
// contents the slice needs, named by their registers as these are at the point that the walk has
// come back to. There are seldom more than two or three places at once; one beyond those that
// there is room for is not followed, which leaves the slice smaller.
typedef struct Slice {
    uint32_t registers;
    MachineMemory places[16];
    int place_count;
} Slice;

// The contents of a table are the linker's: no store gives them.
static void need_place(Slice *slice, const MachineMemory *memory) {
    if (slice->place_count < 16 && !memory->is_relocated)
        slice->places[slice->place_count++] = *memory;
}

// Plainly the same: by the same registers. Two names of one place are not recognised, and what only
// they would connect stays out of the slice.
static bool is_same_place(const MachineMemory *a, const MachineMemory *b) {
    return a->base == b->base && a->index == b->index && a->displacement == b->displacement &&
           (a->index < 0 || a->scale == b->scale);
}

static bool take_place(Slice *slice, const MachineMemory *memory) {
    for (int i = 0; i < slice->place_count; i++)
        if (is_same_place(&slice->places[i], memory)) {
            slice->places[i] = slice->places[--slice->place_count];
            return true;
        }
    return false;
}

static bool uses(int number, uint32_t registers) {
    return number >= 0 && (registers >> number & 1);
}

// Walking back over an instruction that writes a register: a place named by it is
// known by another name before a copy, and by none before anything else.
static void rename_places(Slice *slice, const MachineInstruction *instruction) {
    bool copies = instruction->kind == MACHINE_MOVE;
    int source = -1;
    for (int i = 0; copies && i < MACHINE_REGISTERS; i++)
        if (instruction->reads >> i & 1)
            source = i;
    for (int i = slice->place_count - 1; i >= 0; i--) {
        MachineMemory *place = &slice->places[i];
        if (!uses(place->base, instruction->writes) && !uses(place->index, instruction->writes))
            continue;
        if (!copies || source < 0) {
            *place = slice->places[--slice->place_count];
            continue;
        }
        if (uses(place->base, instruction->writes))
            place->base = source;
        if (uses(place->index, instruction->writes))
            place->index = source;
    }
}

// What the slice needs before an instruction that gives it something. A register of which it
// writes only a part is needed before it still, for the rest.
static void need_operands(Slice *slice, const MachineInstruction *instruction) {
    slice->registers &= ~(instruction->writes & ~instruction->writes_partly);
    slice->registers |= instruction->reads & ~(UINT32_C(1) << MACHINE_STACK_POINTER);
    slice->registers |= machine_address_registers(&instruction->memory);
    if (instruction->loads)
        need_place(slice, &instruction->memory);
}

// A read from the code: units are narrower than words, and what else is loaded on the way (the
// frame's fields) is not.
static bool is_narrow_load(const MachineInstruction *instruction) {
    return instruction->kind == MACHINE_LOAD && instruction->width < 8 &&
           !machine_is_stack(&instruction->memory);
}

// Marks in `in_slice` what the last instruction of the way gets its target from. Of what was in
// memory before a call nothing is known, and the registers that it writes come from it.
static void find_slice(const MachineCode *code, const Way *way, bool *in_slice) {
    Slice slice = {0};
    size_t last = way->count - 1;
    const MachineInstruction *jump = &code->instructions.items[way->items[last]];
    in_slice[last] = true;
    need_operands(&slice, jump);
    for (size_t i = last; i-- > 0;) {
        const MachineInstruction *instruction = &code->instructions.items[way->items[i]];
        bool gives_register = (instruction->writes & slice.registers) != 0;
        bool gives_place = instruction->stores && take_place(&slice, &instruction->memory);
        if (instruction->kind == MACHINE_CALL)
            slice = (Slice){.registers = slice.registers & ~instruction->writes};
        rename_places(&slice, instruction);
        if (!gives_register && !gives_place)
            continue;
        if (is_surely_work(instruction) && !is_carried(instruction)) {
            slice.registers &= ~instruction->writes; // what work computes, it computes
            continue;
        }
        in_slice[i] = true;
        need_operands(&slice, instruction);
    }
}

// Takes operands out of the slice again, and what is computed from them alone: where
// LLVM has merged the operands' reads of several bytecodes, no line says whose they
// are. The opcode is what is read from the code last.
static void drop_operands(const MachineCode *code, const Way *way, bool *in_slice) {
    size_t opcode = way->count;
    for (size_t i = 0; i < way->count; i++)
        if (in_slice[i] && is_narrow_load(&code->instructions.items[way->items[i]]))
            opcode = i;
    uint32_t operands = 0; // registers that hold nothing else
    for (size_t i = 0; i < opcode && opcode < way->count; i++) {
        const MachineInstruction *instruction = &code->instructions.items[way->items[i]];
        bool reads_operand = is_narrow_load(instruction);
        bool computes_only = instruction->kind == MACHINE_ARITHMETIC && !instruction->memory.used &&
                             instruction->reads && !(instruction->reads & ~operands);
        operands &= ~instruction->writes;
        if (!reads_operand && !computes_only)
            continue;
        operands |= instruction->writes;
        if (instruction->to_whom == ATTRIBUTED_TO_WORK)
            in_slice[i] = false;
    }
}

// ---- The path ------------------------------------------------------------------------

// A poll's compare and branch. The jump of a dispatch that LLVM has merged with one is still the
// dispatch's.
static bool is_poll(const MachineInstruction *instruction) {
    return instruction->to_whom == ATTRIBUTED_TO_POLL && instruction->kind != MACHINE_INDIRECT_JUMP;
}

static bool is_work(const MachineInstruction *instruction, bool in_slice) {
    return instruction->to_whom == ATTRIBUTED_TO_WORK && !in_slice && !is_carried(instruction) &&
           instruction->kind != MACHINE_JUMP && instruction->kind != MACHINE_INDIRECT_JUMP;
}

// Blocks count from the last work on: dispatch that LLVM has scheduled among the work runs in the
// work's block.
DispatchPath dispatch_path_find(Arena *arena, const MachineCode *code, const DispatchSites *sites,
                                int block) {
    DispatchPath path = {0};
    Way way = find_way(arena, code, sites, block);
    if (way.count == 0)
        return path;
    path.dispatches = true;
    bool *in_slice = ARENA_ARRAY(arena, bool, way.count);
    find_slice(code, &way, in_slice);
    drop_operands(code, &way, in_slice);
    size_t after = 0; // the last work, that is
    for (size_t i = 0; i < way.count; i++)
        if (is_work(&code->instructions.items[way.items[i]], in_slice[i]))
            after = i + 1;
    int last_block = -1;
    for (size_t i = 0; i < way.count; i++) {
        const MachineInstruction *instruction = &code->instructions.items[way.items[i]];
        path.polls += is_poll(instruction);
        path.padding += instruction->kind == MACHINE_PADDING;
        ARENA_PUSH(arena, &path.way, way.items[i]);
        if (is_poll(instruction) || instruction->kind == MACHINE_PADDING ||
            !(i >= after || in_slice[i] || instruction->to_whom == ATTRIBUTED_TO_DISPATCH))
            continue;
        DispatchStep step = {.instruction = way.items[i]};
        ARENA_PUSH(arena, &path.steps, step);
        if (i >= after && instruction->block != last_block) {
            last_block = instruction->block;
            path.blocks++;
        }
    }
    dispatch_classify(code, &path);
    return path;
}
