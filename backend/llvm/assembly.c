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

#include "backend/llvm/assembly_handlers.h"
#include "backend/llvm/assembly_text.h"
#include "backend/llvm/code_symbols.h"
#include "backend/llvm/placement.h"
#include "support/arena.h"

#include <string.h>

const char llvm_assembly_jump_mark[] = "# all dispatches jump here";

// The jump through a function's first table of cases. Where LLVM has duplicated it, there are more.
static const char table_jump[] = "\tjmpq\t*.LJTI0_0(";
static const char indirect_jump[] = "\tjmpq\t*";

// The line of the label that `at` comes after, in the same block; NULL where there is none.
static const char *label_before(const char *text, const char *at) {
    while (at > text) {
        at--;
        while (at > text && at[-1] != '\n')
            at--;
        if (assembly_begins_with(at, ASSEMBLY_LABEL))
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

// Takes the instructions from `at` to the jump, each with its place in the definition. Whether a
// debugger may stop there is left as it was (`is_stmt` holds until it is said anew). false where
// there are other ways to go: a sanitizer looks at the table before it is read.
static bool add_instructions(Text *body, const char *at) {
    for (;; at = assembly_next_line(at)) {
        bool is_place = assembly_begins_with(at, "\t.loc\t");
        bool is_jump = assembly_begins_with(at, indirect_jump);
        bool goes_elsewhere = assembly_begins_with(at, "\tj") || assembly_begins_with(at, "\tcall");
        if ((goes_elsewhere && !is_jump) || assembly_begins_with(at, ASSEMBLY_LABEL))
            return false;
        const char *end = strchr(at, '\n');
        const char *flag = is_place ? assembly_find_in_line(at, " is_stmt") : NULL;
        if (flag)
            end = flag;
        if (is_place || assembly_is_instruction(at)) {
            add_until(body, at, end);
            text_add(body, "\n");
        }
        if (is_jump)
            return true;
    }
}

static void copy_jump(const char *assembly, bool is_neutral, Text *copied) {
    const char *mark = strstr(assembly, llvm_assembly_jump_mark);
    const char *block = mark ? label_before(assembly, mark) : NULL;
    const char *jump = block ? strstr(mark, indirect_jump) : NULL;
    Text body = {0}, to_block = {0};
    const char *from = assembly;
    if (jump && add_instructions(&body, assembly_next_line(block))) {
        text_addf(&to_block, "\tjmp\t%.*s\n", (int)strcspn(block, ":"), block);
        for (const char *at = assembly; *at; at = assembly_next_line(at)) {
            if (at == jump && is_neutral) {
                from = add_until(copied, from, assembly_next_line(at));
                add_alignment(copied);
            } else if (assembly_begins_with(at, text_chars(&to_block))) {
                add_until(copied, from, at);
                text_add_bytes(copied, text_chars(&body), body.length);
                from = assembly_next_line(at);
            }
        }
    }
    text_add(copied, from);
    text_free(&body);
    text_free(&to_block);
}

// A bytecode that others go on with is entered by their jumps and through the table. LLVM puts a
// block in between for the table's sake, and may leave it there with nothing in it but a jump.
typedef struct Detour {
    const char *label, *target; // each with what follows it
} Detour;

typedef ARENA_VECTOR(Detour) Detours;

static bool is_same_label(const char *left, const char *right) {
    size_t length = assembly_label_length(left);
    return length == assembly_label_length(right) && strncmp(left, right, length) == 0;
}

// The labels that stand in front of a jump. A block may have several: `.Ltmp3` is what a table
// names it by.
static Detours find_detours(const char *assembly, Arena *scratch) {
    Detours detours = {0};
    size_t open = 0; // the last so many have only labels behind them
    for (const char *at = assembly; *at; at = assembly_next_line(at)) {
        static const char to_block[] = "\tjmp\t.LBB";
        if (*at == '.') {
            ARENA_PUSH(scratch, &detours, ((Detour){.label = at}));
            open++;
        } else if (assembly_is_instruction(at)) {
            bool is_detour = assembly_begins_with(at, to_block);
            for (size_t i = detours.count - open; is_detour && i < detours.count; i++)
                detours.items[i].target = at + sizeof "\tjmp\t" - 1;
            if (!is_detour)
                detours.count -= open;
            open = 0;
        }
    }
    detours.count -= open;
    return detours;
}

static const char *past_detour(const Detours *detours, const char *label_of_block) {
    for (size_t i = 0; i < detours->count; i++)
        if (is_same_label(detours->items[i].label, label_of_block))
            return detours->items[i].target;
    return label_of_block;
}

// The first line of the table's addresses after `at`; the text's end after the last table.
static const char *next_table(const char *at) {
    static const char table[] = "\n" ASSEMBLY_DISPATCH_TABLE;
    const char *found;
    while ((found = strstr(at, table))) {
        at = assembly_next_line(found + 1);
        if (assembly_begins_with(at, ASSEMBLY_ADDRESS))
            return at;
    }
    return at + strlen(at);
}

// Has tables name what their blocks jump to, and adds that to `entered`.
static void lead_past_detours(const char *assembly, Detours *entered, Text *passed,
                              Arena *scratch) {
    Detours detours = find_detours(assembly, scratch);
    const char *from = assembly;
    for (const char *at = next_table(assembly); *at; at = next_table(at))
        for (; assembly_begins_with(at, ASSEMBLY_ADDRESS); at = assembly_next_line(at)) {
            const char *named = at + sizeof ASSEMBLY_ADDRESS - 1,
                       *target = past_detour(&detours, named);
            if (target == named)
                continue;
            ARENA_PUSH(scratch, entered, ((Detour){.label = target}));
            add_until(passed, from, named);
            text_addf(passed, "%.*s\n", (int)assembly_label_length(target), target);
            from = assembly_next_line(at);
        }
    text_add(passed, from);
}

// What a table has come to name begins a line, as what it named before does.
static void align_entered(const char *assembly, const Detours *entered, Text *aligned) {
    const char *from = assembly;
    for (const char *at = assembly; *at; at = assembly_next_line(at))
        for (size_t i = 0; assembly_begins_with(at, ASSEMBLY_LABEL) && i < entered->count; i++)
            if (is_same_label(at, entered->items[i].label)) {
                from = add_until(aligned, from, at);
                add_alignment(aligned);
                break;
            }
    text_add(aligned, from);
}

static void finish_replicated(const char *assembly, bool is_neutral, Text *finished) {
    Arena *scratch = arena_new();
    Detours entered = {0};
    Text copied = {0}, passed = {0};
    copy_jump(assembly, is_neutral, &copied);
    lead_past_detours(text_chars(&copied), &entered, &passed, scratch);
    if (is_neutral)
        align_entered(text_chars(&passed), &entered, finished);
    else
        text_add(finished, text_chars(&passed));
    text_free(&copied);
    text_free(&passed);
    arena_free(scratch);
}

void llvm_assembly_finish(const LlvmRequest *request, const IrModule *module,
                          const LlvmPlaces *places, const char *assembly, Text *finished) {
    bool is_neutral = llvm_flags_is(&request->flags, LLVM_FLAG_LAYOUT, "neutral");
    Text placed = {0}, lined = {0};
    if (module->form == IR_FORM_REPLICATED)
        finish_replicated(assembly, is_neutral, &placed);
    else if (module->form == IR_FORM_LOOP && is_neutral)
        align_dispatch(assembly, &placed);
    else if (module->form == IR_FORM_HANDLERS)
        llvm_assembly_free_rbp(assembly, &placed);
    else
        text_add(&placed, assembly);
    llvm_code_lines_add(places, request->kind == LLVM_KIND_ASSEMBLY, text_chars(&placed), &lined);
    if (module->form == IR_FORM_HANDLERS)
        text_add(finished, text_chars(&lined));
    else
        llvm_code_symbols_add(module, text_chars(&lined), finished);
    text_free(&placed);
    text_free(&lined);
}
