// See jump_tables.h. In an object each slot is a relocation; in a program it is one that the loader
// resolves, or one that was found again (object_find_slots), or a distance that the linker put in.
#include "backend/anatomy/jump_tables.h"

#include <string.h>

enum { ADDRESS_SLOT = 8, DISTANCE_SLOT = 4 };

// ---- Slots --------------------------------------------------------------------------------------

static const ObjectSection *section_at(const ObjectFile *object, uint64_t address, size_t size) {
    for (size_t i = 0; i < object->sections.count; i++) {
        const ObjectSection *section = &object->sections.items[i];
        if (section->bytes && address >= section->address &&
            address - section->address <= section->size &&
            section->size - (address - section->address) >= size)
            return section;
    }
    return NULL;
}

// A relocation fills a slot with `target - where`, and the distance counts from the table.
static bool distance_slot(const ObjectFile *object, uint64_t table, uint64_t slot,
                          uint64_t *target) {
    const ObjectRelocation *relocation = object_relocation_at(object, slot);
    if (relocation) {
        *target = relocation->target - (slot - table);
        return relocation->is_defined && relocation->relative && relocation->size == DISTANCE_SLOT;
    }
    const ObjectSection *section =
        object->is_linked ? section_at(object, slot, DISTANCE_SLOT) : NULL;
    int32_t distance = 0;
    if (section)
        memcpy(&distance, section->bytes + (slot - section->address), sizeof distance);
    *target = table + (uint64_t)(int64_t)distance;
    return section != NULL;
}

bool jump_table_slot(const ObjectFile *object, JumpTable table, size_t index, uint64_t *target) {
    if (table.of_distances)
        return distance_slot(object, table.address, table.address + index * DISTANCE_SLOT, target);
    const ObjectRelocation *slot =
        object_relocation_at(object, table.address + index * ADDRESS_SLOT);
    if (!slot || !slot->is_defined || slot->size != ADDRESS_SLOT)
        return false;
    *target = slot->target;
    return true;
}

int jump_table_length(const MachineCode *code, JumpTable table) {
    int length = 0;
    uint64_t target;
    while (jump_table_slot(code->object, table, (size_t)length, &target) &&
           machine_code_find(code, target) >= 0)
        length++;
    return length;
}

// ---- Registers ----------------------------------------------------------------------------------

static const MachineInstruction *instruction_at(const MachineCode *code, int index) {
    return &code->instructions.items[index];
}

// The last instruction in [first, index) that writes the register; -1: none.
static int writer_before(const MachineCode *code, int first, int index, int wanted) {
    for (int i = index - 1; i >= first && wanted >= 0; i--)
        if (instruction_at(code, i)->writes >> wanted & 1)
            return i;
    return -1;
}

static int writer_in_block(const MachineCode *code, int index, int wanted) {
    int block = instruction_at(code, index)->block;
    return block < 0 ? -1 : writer_before(code, code->blocks.items[block].first, index, wanted);
}

// Is it a `lea` of an address that the program has?
static bool takes_address(const MachineInstruction *instruction) {
    return instruction->kind == MACHINE_ARITHMETIC && !instruction->loads &&
           instruction->memory.is_relocated;
}

// A register that is brought back from the machine's stack, or from another register, holds what it
// held before: a table's address is no variable of the program's, which would be given others.
static bool restores(const MachineInstruction *instruction) {
    return instruction->kind == MACHINE_MOVE ||
           (instruction->kind == MACHINE_LOAD && machine_is_stack(&instruction->memory));
}

// What the search for a register's value has found: one address, none, or several.
typedef struct Search {
    const MachineCode *code;
    int wanted;
    bool *seen; // blocks
    uint64_t address;
    bool differs;
    bool is_restored; // on some way: so it may have been put into another register at first
} Search;

static void take_writer(Search *search, const MachineInstruction *writer) {
    search->is_restored |= restores(writer);
    if (restores(writer))
        return;
    if (!takes_address(writer) || (search->address && search->address != writer->memory.target))
        search->differs = true;
    else
        search->address = writer->memory.target;
}

static bool precedes(const MachineBlock *block, int other) {
    for (size_t i = 0; i < block->successors.count; i++)
        if (block->successors.items[i] == other)
            return true;
    return false;
}

// Goes on at the ends of all blocks that lead to this one.
static void search_before(Search *search, int block) {
    const MachineCode *code = search->code;
    for (size_t b = 0; b < code->blocks.count && !search->differs; b++) {
        const MachineBlock *other = &code->blocks.items[b];
        if (search->seen[b] || !precedes(other, block))
            continue;
        search->seen[b] = true;
        int writer = writer_before(code, other->first, other->last + 1, search->wanted);
        if (writer >= 0)
            take_writer(search, instruction_at(code, writer));
        else
            search_before(search, (int)b);
    }
}

// The table's address that any instruction puts into the register, if there is only one.
static void search_everywhere(Search *search) {
    const MachineCode *code = search->code;
    for (size_t i = 0; i < code->instructions.count; i++) {
        const MachineInstruction *writer = instruction_at(code, (int)i);
        bool is_wanted = search->is_restored || (writer->writes >> search->wanted & 1);
        if (is_wanted && takes_address(writer) &&
            jump_table_length(code, (JumpTable){writer->memory.target, false}) > 1)
            take_writer(search, writer);
    }
}

// The address that a register holds before the instruction; 0: it isn't known.
static uint64_t address_in(const MachineCode *code, int index, int wanted) {
    int block = instruction_at(code, index)->block;
    int writer = wanted < 0 || block < 0 ? -1 : writer_in_block(code, index, wanted);
    Search search = {.code = code, .wanted = wanted, .differs = wanted < 0 || block < 0};
    if (writer >= 0)
        take_writer(&search, instruction_at(code, writer));
    if (search.differs)
        return 0;
    if (writer < 0) {
        Arena *scratch = arena_new();
        search.seen = ARENA_ARRAY(scratch, bool, code->blocks.count);
        search_before(&search, block);
        arena_free(scratch);
    }
    if (!search.differs && !search.address)
        search_everywhere(&search);
    return search.differs ? 0 : search.address;
}

// The address of the table that an instruction reads: by its operand, or by a register.
static uint64_t table_read_by(const MachineCode *code, int index) {
    const MachineInstruction *reader = instruction_at(code, index);
    return reader->memory.is_relocated ? reader->memory.target
                                       : address_in(code, index, reader->memory.base);
}

// ---- Jumps --------------------------------------------------------------------------------------

int jump_table_distance_load(const MachineCode *code, int sum) {
    const MachineInstruction *adds = instruction_at(code, sum);
    for (int number = 0; number < MACHINE_REGISTERS && adds->kind == MACHINE_ARITHMETIC; number++) {
        int load = adds->reads >> number & 1 ? writer_in_block(code, sum, number) : -1;
        const MachineInstruction *loads = load < 0 ? NULL : instruction_at(code, load);
        if (loads && loads->kind == MACHINE_LOAD && loads->width == DISTANCE_SLOT &&
            loads->memory.index >= 0 && loads->memory.scale == DISTANCE_SLOT)
            return load;
    }
    return -1;
}

JumpTable jump_table_of(const MachineCode *code, int jump) {
    const MachineInstruction *jumps = instruction_at(code, jump);
    if (jumps->memory.used)
        return (JumpTable){table_read_by(code, jump), false};
    int writer = writer_in_block(code, jump, jumps->jump_register);
    if (writer < 0)
        return (JumpTable){0};
    if (instruction_at(code, writer)->kind == MACHINE_LOAD)
        return (JumpTable){table_read_by(code, writer), false};
    int load = jump_table_distance_load(code, writer);
    return load < 0 ? (JumpTable){0} : (JumpTable){table_read_by(code, load), true};
}
