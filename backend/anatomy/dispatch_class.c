// See dispatch_class.h. Most classes show by an instruction alone: what it reads is told by its
// address and width. For arithmetic this is not enough. To add to the `pc` and to compute an
// address are both an addition, and which of them it is depends on where the sum goes. So the fetch
// of the opcode is found first: its base is the `pc`, unless that is a field of the frame.
#include "backend/anatomy/dispatch_class.h"

#include "backend/anatomy/jump_tables.h"

const char *dispatch_class_text(DispatchClass class) {
    static const char *const texts[DISPATCH_CLASSES] = {
        "opcode fetch", "pc advance", "frame read", "spill or reload", "copy", "address arithmetic",
        "range check",  "table load", "jump",       "other",
    };
    return texts[class];
}

static const MachineInstruction *instruction_of(const MachineCode *code, const DispatchPath *path,
                                                size_t step) {
    return &code->instructions.items[path->steps.items[step].instruction];
}

// ---- By the instruction alone ------------------------------------------------------------

// Room on the machine's stack, taken or given back: what a machine frame costs, in which spills
// lie.
static bool moves_stack(const MachineInstruction *instruction) {
    return instruction->kind != MACHINE_CALL && instruction->writes & UINT32_C(1)
                                                                          << MACHINE_STACK_POINTER;
}

// A table shows by its relocation, a spilled register by the stack, the opcode by being narrower
// than a word.
static DispatchClass class_of_load(const MachineInstruction *instruction) {
    if (instruction->memory.is_relocated)
        return DISPATCH_TABLE_LOAD;
    if (machine_is_stack(&instruction->memory))
        return DISPATCH_SPILL;
    return instruction->width < 8 ? DISPATCH_OPCODE_FETCH : DISPATCH_FRAME_READ;
}

// What a dispatch stores, but for spilled registers, is the `pc`.
static bool stores_pc(const MachineInstruction *instruction) {
    return instruction->stores && !machine_is_stack(&instruction->memory);
}

static DispatchClass class_of(const MachineInstruction *instruction) {
    if (moves_stack(instruction))
        return DISPATCH_SPILL;
    switch (instruction->kind) {
    case MACHINE_INDIRECT_JUMP:
    case MACHINE_JUMP: return DISPATCH_JUMP;
    case MACHINE_COMPARE:
    case MACHINE_CONDITIONAL_JUMP: return DISPATCH_RANGE_CHECK;
    case MACHINE_MOVE:
    case MACHINE_CONSTANT: return DISPATCH_COPY;
    case MACHINE_LOAD: return class_of_load(instruction);
    case MACHINE_STORE: return stores_pc(instruction) ? DISPATCH_PC_ADVANCE : DISPATCH_SPILL;
    case MACHINE_ARITHMETIC: return stores_pc(instruction) ? DISPATCH_PC_ADVANCE : DISPATCH_ADDRESS;
    default: return DISPATCH_OTHER;
    }
}

// ---- By where it leads -------------------------------------------------------------------

// Is it arithmetic that was taken for an address's until now?
static bool is_sum(const MachineCode *code, const DispatchPath *path, size_t step) {
    return path->steps.items[step].class == DISPATCH_ADDRESS &&
           instruction_of(code, path, step)->kind == MACHINE_ARITHMETIC;
}

static void mark_advance(const MachineCode *code, DispatchPath *path, size_t step) {
    if (is_sum(code, path, step))
        path->steps.items[step].class = DISPATCH_PC_ADVANCE;
}

// Marks what one of the `wanted` registers comes from, before the step `end`: arithmetic, through
// copies. What is stored as the `pc` on the way is wanted, too, if `with_stores`.
static void mark_sources(const MachineCode *code, DispatchPath *path, size_t end, uint32_t wanted,
                         bool with_stores) {
    for (size_t step = end; step-- > 0;) {
        const MachineInstruction *instruction = instruction_of(code, path, step);
        bool gives = instruction->writes & wanted;
        wanted &= ~instruction->writes;
        if (with_stores && stores_pc(instruction))
            wanted |= instruction->reads & ~machine_address_registers(&instruction->memory);
        if (!gives)
            continue;
        mark_advance(code, path, step);
        if (instruction->kind == MACHINE_MOVE || instruction->kind == MACHINE_ARITHMETIC)
            wanted |= instruction->reads;
    }
}

// Marks what is computed from the register `base`, or from copies of it, with what it holds at the
// step `fetch`.
static void mark_results(const MachineCode *code, DispatchPath *path, size_t fetch, int base) {
    uint32_t holders = UINT32_C(1) << base;
    size_t begin = fetch;
    while (begin > 0 && !(instruction_of(code, path, begin - 1)->writes & holders))
        begin--;
    for (size_t step = begin; step < path->steps.count; step++) {
        const MachineInstruction *instruction = instruction_of(code, path, step);
        bool takes = instruction->reads & holders;
        holders &= ~instruction->writes;
        if (!takes)
            continue;
        mark_advance(code, path, step);
        if (instruction->kind == MACHINE_MOVE)
            holders |= instruction->writes;
    }
}

// The step that fetches the opcode, -1: none. `from_frame` is set if a field of the frame is read
// before it: that is where the `pc` is, then.
static int find_fetch(const DispatchPath *path, bool *from_frame) {
    for (size_t step = 0; step < path->steps.count; step++) {
        if (path->steps.items[step].class == DISPATCH_FRAME_READ)
            *from_frame = true;
        if (path->steps.items[step].class == DISPATCH_OPCODE_FETCH)
            return (int)step;
    }
    return -1;
}

// Where the `pc` is in a register, arithmetic that gives or takes it moves it on. If nothing is
// fetched (the next opcode is known), additions of a constant do.
static void find_advances(const MachineCode *code, DispatchPath *path) {
    mark_sources(code, path, path->steps.count, 0, true);
    bool from_frame = false;
    int fetch = find_fetch(path, &from_frame);
    if (from_frame)
        return;
    int base = fetch < 0 ? -1 : instruction_of(code, path, (size_t)fetch)->memory.base;
    if (base >= 0) {
        mark_sources(code, path, (size_t)fetch, UINT32_C(1) << base, false);
        mark_results(code, path, (size_t)fetch, base);
    }
    for (size_t step = 0; base < 0 && step < path->steps.count; step++)
        if (instruction_of(code, path, step)->has_constant)
            mark_advance(code, path, step);
}

// Where the table's address is in a register (code that can be anywhere), the load is told by what
// it is for: the jump goes where it says, or as far from the table.
static void find_table_load(const MachineCode *code, DispatchPath *path) {
    size_t last = path->steps.count - 1;
    int wanted = instruction_of(code, path, last)->jump_register;
    for (size_t step = last; wanted >= 0 && step-- > 0;) {
        if (!(instruction_of(code, path, step)->writes >> wanted & 1))
            continue;
        int load = jump_table_distance_load(code, path->steps.items[step].instruction);
        for (size_t earlier = 0; load >= 0 && earlier < step; earlier++)
            if (path->steps.items[earlier].instruction == load)
                path->steps.items[earlier].class = DISPATCH_TABLE_LOAD;
        if (path->steps.items[step].class == DISPATCH_FRAME_READ)
            path->steps.items[step].class = DISPATCH_TABLE_LOAD;
        return;
    }
}

// The table's load first, which would pass for a read of the frame.
void dispatch_classify(const MachineCode *code, DispatchPath *path) {
    for (size_t step = 0; step < path->steps.count; step++)
        path->steps.items[step].class = class_of(instruction_of(code, path, step));
    find_table_load(code, path);
    find_advances(code, path);
}
