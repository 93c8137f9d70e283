// See machine_frame.h. A compiler makes the room before it does anything else, by pushing what it
// saves or by lowering the stack pointer, of which each writes the stack pointer alone.
#include "backend/anatomy/machine_frame.h"

bool machine_frame_is_always_made(const MachineCode *code, int block) {
    const MachineBlock *first = &code->blocks.items[block];
    for (int i = first->first; i <= first->last; i++) {
        MachineKind kind = code->instructions.items[i].kind;
        if (kind == MACHINE_CALL || kind == MACHINE_RETURN)
            return false;
    }
    return code->instructions.items[first->first].writes == UINT32_C(1) << MACHINE_STACK_POINTER;
}
