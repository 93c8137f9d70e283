// The table that an indirect jump reads its target from. There are two kinds: addresses, of 64
// bits each, and distances from the table's beginning, of 32, as compilers make them of a switch
// where code can be anywhere. In such code the table's address is in a register, too, often one
// that keeps it throughout the loop.
#ifndef BACKEND_ANATOMY_JUMP_TABLES_H
#define BACKEND_ANATOMY_JUMP_TABLES_H

#include "backend/anatomy/machine_code.h"

typedef struct JumpTable {
    uint64_t address; // 0: no table
    bool of_distances;
} JumpTable;

// The table that the jump, an instruction's index, goes through; none (address 0) where it can't be
// told. A jump by a register is followed to a load in its own block. What the register with the
// table's address holds is followed through blocks; where ways come from an indirect jump, it is
// taken for what it is everywhere else.
JumpTable jump_table_of(const MachineCode *code, int jump);

// The address that a slot of the table leads to. False: there is no such slot.
bool jump_table_slot(const ObjectFile *object, JumpTable table, size_t index, uint64_t *target);

// How many slots lead to instructions, one after the other. Tables that follow one another directly
// count as one: this only chooses between tables, and any reader stops by itself.
int jump_table_length(const MachineCode *code, JumpTable table);

// The load of a distance that the sum, an instruction of the same block, adds the table's address
// to; -1: it isn't one.
int jump_table_distance_load(const MachineCode *code, int sum);

#endif
