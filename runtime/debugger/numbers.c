// See numbers.h. Beside them stands the extension itself, in the section in which gdb looks for
// such things: an executable is one file, wherever it is taken.
//
// The section begins with the kind of what follows: 4 is Python's text, with a name in its first
// line, and it ends with a zero ("The .debug_gdb_scripts section", in gdb's manual). It is loaded
// by nobody but gdb, and is not in memory when the program runs.
#include "runtime/debugger/numbers.h"

#include "interpreter.h"

__asm__(".pushsection .debug_gdb_scripts, \"MS\", @progbits, 1\n"
        ".byte 4\n"
        ".ascii \"som_gdb.py\\n\"\n"
        ".incbin \"" SOM_GDB_SCRIPT "\"\n"
        ".byte 0\n"
        ".popsection\n");

const DebuggerNumbers som_debugger_numbers = {
    .immediate_tag = INTERPRETER_IMMEDIATE_TAG,
    .object_tag = INTERPRETER_OBJECT_TAG,
    .integer_tag = INTERPRETER_INTEGER_TAG,
    .integer_bias = INTERPRETER_INTEGER_BIAS,
    .nil_bits = INTERPRETER_NIL_BITS,
    .true_bits = INTERPRETER_TRUE_BITS,
    .false_bits = INTERPRETER_FALSE_BITS,
    .absent_bits = INTERPRETER_ABSENT_BITS,
    .failed_bits = INTERPRETER_FAILED_BITS,
};
