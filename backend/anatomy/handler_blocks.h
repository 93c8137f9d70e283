// Which blocks of machine code a bytecode's handler consists of: those that control can come to
// from its beginning, up to dispatches and to where other handlers begin. Blocks that several
// handlers share are in each of them.
#ifndef BACKEND_ANATOMY_HANDLER_BLOCKS_H
#define BACKEND_ANATOMY_HANDLER_BLOCKS_H

#include "backend/anatomy/dispatch_report.h"

// Marks the blocks where handlers begin.
const bool *handler_beginnings(Arena *arena, const DispatchReport *report);

// Marks the blocks of the handler that begins with the block `from`.
bool *handler_blocks(Arena *arena, const DispatchReport *report, const bool *beginnings, int from);

#endif
