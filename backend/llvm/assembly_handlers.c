// See assembly_handlers.h. In the convention that handlers have among themselves (preserve_none)
// every register is the callee's but `%rbp`, which debuggers liked to find frames by. A handler
// that needs it saves it first, on all of its ways, and gets it back before its dispatch. But
// nobody has anything in it: handlers are entered by tail calls only, the functions of C that they
// call preserve it, and the function that C enters the loop by saves it once for all of them.
//
// So where nothing but `%rbp` is on the machine's stack, it is not saved. Where something is called
// the stack has to be aligned for that, which saving it does as well: then all stays.
#include "backend/llvm/assembly_handlers.h"

#include "backend/llvm/assembly_text.h"

// The instructions, and what unwinders are told of them.
static bool is_saving(const char *at) {
    return assembly_begins_with(at, "\tpushq\t%rbp") || assembly_begins_with(at, "\tpopq\t%rbp") ||
           assembly_begins_with(at, "\t.cfi_def_cfa_offset") ||
           assembly_begins_with(at, "\t.cfi_offset\t%rbp") ||
           assembly_begins_with(at, "\t.cfi_offset %rbp");
}

static bool moves_stack(const char *at) {
    return assembly_begins_with(at, "\tpush") || assembly_begins_with(at, "\tpop") ||
           assembly_begins_with(at, "\tcall") || assembly_find_in_line(at, "%rsp") ||
           assembly_begins_with(at, "\t.cfi_def_cfa_register");
}

static bool saves_only_rbp(const char *from, const char *end) {
    bool saves = false;
    for (const char *at = from; at < end; at = assembly_next_line(at)) {
        if (is_saving(at))
            saves = true;
        else if (moves_stack(at))
            return false;
    }
    return saves;
}

void llvm_assembly_free_rbp(const char *assembly, Text *finished) {
    static const char start[] = "\t.cfi_startproc", stop[] = "\t.cfi_endproc";
    const char *end = assembly;
    for (const char *at = strstr(assembly, start); at; at = strstr(at, start)) {
        const char *from = end;
        end = strstr(at, stop);
        if (!end)
            end = at + strlen(at);
        if (!saves_only_rbp(at, end)) {
            text_add_bytes(finished, from, (size_t)(end - from));
        } else {
            text_add_bytes(finished, from, (size_t)(at - from));
            for (const char *line = at; line < end; line = assembly_next_line(line))
                if (!is_saving(line))
                    text_add_bytes(finished, line, (size_t)(assembly_next_line(line) - line));
        }
        at = end;
    }
    text_add(finished, end);
}
