// Code as a machine with a prefix has it: runs it twice, the second time as the first has left it,
// and lists it before and after.
#include "machine.h"

#include <stdio.h>
#include <string.h>

typedef struct Space {
    Frame frame;
    char gap[64 - sizeof(Frame)];
    int64_t locals[1024], stack[16];
} Space;

void host_report(Thread *thread, Frame *frame, int64_t number) {
    (void)thread;
    Space *space = (Space *)frame;
    printf("%lld, %d on the stack\n", (long long)number, (int)(frame->sp - space->stack));
}

static uint8_t *emit(uint8_t *to, int opcode, int64_t first, int64_t second) {
    int64_t values[] = {first, second};
    int form = machine_form(opcode, values), skipped = 0;
    if (form < 0) {
        puts("it fits nowhere");
        return to;
    }
    const MachineBytecode *bytecode = &machine_bytecodes[form];
    if (form != opcode) {
        to[0] = MACHINE_PREFIX;
        to[1] = (uint8_t)opcode;
        skipped = MACHINE_WIDE_FIRST;
    } else {
        to[0] = (uint8_t)opcode;
    }
    for (int i = skipped; i < bytecode->operand_count; i++)
        machine_set_operand(to, &bytecode->operands[i], values[i - skipped]);
    return to + bytecode->length;
}

static void list(const uint8_t *code, const uint8_t *end) {
    for (const uint8_t *at = code; at < end;) {
        const MachineBytecode *bytecode = &machine_bytecodes[machine_opcode(at)];
        printf("%s%s", at > code ? " " : "", bytecode->name);
        for (int i = 0; i < bytecode->operand_count; i++)
            printf(" %lld", (long long)machine_operand(at, &bytecode->operands[i]));
        at += bytecode->length;
    }
    puts("");
}

static void execute(void (*interpret)(Thread *, Frame *), uint8_t *code) {
    Thread thread = {0};
    static Space space;
    space = (Space){.frame = {.code = code}};
    space.frame.sp = space.stack;
    interpret(&thread, &space.frame);
}

// The interpreter's superinstruction of `load` and the prefix behind it, which then executes the
// prefix as long as it stands; `load` if it has none.
static uint8_t load_with_prefix(const char *image) {
    const char *name = strstr(image, " load_wide fused");
    int opcode = OP_LOAD;
    while (name && name > image && name[-1] != '\n')
        name--;
    if (name && sscanf(name, "bytecode %d", &opcode) == 1)
        fputs("joined\n", stderr);
    return (uint8_t)opcode;
}

// Counts local 700 up by 300 to 30000, and adds local 3, which the prefix does nothing for: before
// `add` it is as if it weren't there.
int run(void (*interpret)(Thread *, Frame *), int argc, char **argv, const char *image) {
    (void)argc, (void)argv;
    uint8_t code[128], *end = emit(code, OP_PUSH, -5, 0);
    end = emit(end, OP_STORE, 3, 0);
    uint8_t *again = end;
    end = emit(end, OP_INCREMENT_BY, 700, 300);
    end = emit(end, OP_INCREMENT_BY, 3, 1);
    end = emit(end, OP_LOAD, 700, 0);
    end = emit(end, OP_PUSH, 30000, 0);
    int64_t back = again - (end + machine_bytecodes[OP_JUMP_IF_LESS].length);
    end = emit(end, OP_JUMP_IF_LESS, back, 0);
    uint8_t *load = end;
    end = emit(end, OP_LOAD, 3, 0);
    end = emit(end, OP_LOAD, 700, 0);
    *end++ = MACHINE_PREFIX;
    end = emit(end, OP_ADD, 0, 0);
    end = emit(end, OP_PUSH, 70000, 0);
    end = emit(end, OP_HALT, 0, 0);
    list(code, end);
    *load = load_with_prefix(image);
    execute(interpret, code);
    execute(interpret, code);
    *load = OP_LOAD;
    list(code, end);
    return 0;
}
