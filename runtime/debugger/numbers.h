// What gdb's extension (som_gdb.py) needs to know of the definition and can't find in debug
// information, where macros don't stand. Nothing in the program reads it.
#ifndef RUNTIME_DEBUGGER_NUMBERS_H
#define RUNTIME_DEBUGGER_NUMBERS_H

#include <stdint.h>

// The tags of values, and those that stand for themselves.
typedef struct DebuggerNumbers {
    uint64_t immediate_tag, object_tag, integer_tag, integer_bias;
    uint64_t nil_bits, true_bits, false_bits, absent_bits, failed_bits;
} DebuggerNumbers;

extern const DebuggerNumbers som_debugger_numbers;

#endif
