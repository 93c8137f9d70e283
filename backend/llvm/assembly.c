// See assembly.h. LLVM could copy the jump itself, by tail duplication once registers are given
// out. But then each of a thousand dispatches has an edge to each of hundreds of bytecodes, and
// LLVM, which places blocks after that, looks at all of them again and again: it took two thirds of
// the time of a whole emission. In the text a copy is a line, and it is the same code. (Compilers
// of C share the jumps of computed gotos as well, and copy them late.)
//
// Nor can LLVM be told where a shared dispatch lies. All bytecodes jump there, and LLVM places it
// behind one of them, which saves that one its jump. So its place depends on how long that bytecode
// is; and across two lines of the cache a dispatch takes several cycles more.
#include "backend/llvm/assembly.h"

#include "backend/llvm/placement.h"

#include <string.h>

const char llvm_assembly_jump_mark[] = "# all dispatches jump here";

// What is jumped to has a label at the beginning of a line, `.LBB0_2:`.
static const char label[] = ".LBB";
// The jump through a function's first table of cases. Where LLVM has duplicated it, there are more.
static const char table_jump[] = "\tjmpq\t*.LJTI0_0(";
static const char indirect_jump[] = "\tjmpq\t*";

static bool begins_with(const char *at, const char *what) {
    return strncmp(at, what, strlen(what)) == 0;
}

// Where the line after that of `at` begins; the text's end after the last one.
static const char *next_line(const char *at) {
    const char *end = strchr(at, '\n');
    return end ? end + 1 : at + strlen(at);
}

// The line of the label that `at` comes after, in the same block; NULL where there is none.
static const char *label_before(const char *text, const char *at) {
    while (at > text) {
        at--;
        while (at > text && at[-1] != '\n')
            at--;
        if (begins_with(at, label))
            return at;
    }
    return NULL;
}

static void add_alignment(Text *finished) {
    text_addf(finished, "\t.balign\t%d, 0x90\n", LLVM_CODE_LINE);
}

// Returns where to go on.
static const char *add_until(Text *finished, const char *from, const char *to) {
    text_add_bytes(finished, from, (size_t)(to - from));
    return to;
}

static void align_dispatch(const char *assembly, Text *finished) {
    const char *jump = strstr(assembly, table_jump);
    bool is_shared = jump && !strstr(jump + 1, table_jump);
    const char *dispatch = is_shared ? label_before(assembly, jump) : NULL;
    if (dispatch) {
        assembly = add_until(finished, assembly, dispatch);
        add_alignment(finished);
    }
    text_add(finished, assembly);
}

// The instructions from `at` to the jump, each with its place in the definition. Whether a debugger
// may stop there is left as it was (`is_stmt` holds until it is said anew).
static void add_instructions(Text *body, const char *at) {
    for (bool jumped = false; !jumped; at = next_line(at)) {
        jumped = begins_with(at, indirect_jump);
        bool is_place = begins_with(at, "\t.loc\t");
        bool is_instruction = *at == '\t' && at[1] != '.' && at[1] != '#';
        const char *end = strchr(at, '\n');
        const char *flag = is_place ? strstr(at, " is_stmt") : NULL;
        if (flag && flag < end)
            end = flag;
        if (is_place || is_instruction) {
            add_until(body, at, end);
            text_add(body, "\n");
        }
    }
}

static void copy_jump(const char *assembly, bool is_neutral, Text *finished) {
    const char *mark = strstr(assembly, llvm_assembly_jump_mark);
    const char *block = mark ? label_before(assembly, mark) : NULL;
    const char *jump = block ? strstr(mark, indirect_jump) : NULL;
    if (!jump) {
        text_add(finished, assembly);
        return;
    }
    Text body = {0}, to_block = {0};
    add_instructions(&body, next_line(block));
    text_addf(&to_block, "\tjmp\t%.*s\n", (int)strcspn(block, ":"), block);
    const char *from = assembly;
    for (const char *at = assembly; *at; at = next_line(at)) {
        if (at == jump && is_neutral) {
            from = add_until(finished, from, next_line(at));
            add_alignment(finished);
        } else if (begins_with(at, text_chars(&to_block))) {
            add_until(finished, from, at);
            text_add_bytes(finished, text_chars(&body), body.length);
            from = next_line(at);
        }
    }
    text_add(finished, from);
    text_free(&body);
    text_free(&to_block);
}

void llvm_assembly_finish(const LlvmFlags *flags, IrForm form, const char *assembly,
                          Text *finished) {
    bool is_neutral = llvm_flags_is(flags, LLVM_FLAG_LAYOUT, "neutral");
    if (form == IR_FORM_REPLICATED)
        copy_jump(assembly, is_neutral, finished);
    else if (form == IR_FORM_LOOP && is_neutral)
        align_dispatch(assembly, finished);
    else
        text_add(finished, assembly);
}
