// See machine_code.h. Decoding is capstone's: one handle gives the operands, a second
// one the text as the rest of the project's tools show it. Blocks begin where a jump leads
// to, after a jump, and where a table leads to.
//
// Registers are numbered by the whole, whatever part an instruction names, as a value that was
// written to `eax` is read from `rax`. Whether the rest of the register is kept or cleared by
// such a write is what `writes_partly` says.
#include "backend/anatomy/machine_code.h"

#include <capstone/capstone.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- Registers -----------------------------------------------------------------------

// The register that the one of capstone's number (in any width) is part of, or -1: flags, segments
// and what else a program doesn't compute with. By its name, which is the architecture's, and
// which may stand within a longer one (`bp` in `rbp`): hence the look at both of its ends.
static int register_number(csh handle, unsigned id) {
    static const char *const families[] = {
        "rax eax ax al ah", "rcx ecx cx cl ch", "rdx edx dx dl dh", "rbx ebx bx bl bh",
        "rsp esp sp spl",   "rbp ebp bp bpl",   "rsi esi si sil",   "rdi edi di dil",
    };
    const char *name = id ? cs_reg_name(handle, id) : NULL;
    if (!name)
        return -1;
    int number;
    if (sscanf(name, "xmm%d", &number) == 1 || sscanf(name, "ymm%d", &number) == 1)
        return number < 16 ? 16 + number : -1;
    if (sscanf(name, "r%d", &number) == 1 && number >= 8 && number < 16)
        return number;
    size_t length = strlen(name);
    for (int i = 0; i < 8; i++)
        for (const char *at = families[i]; (at = strstr(at, name)); at += length)
            if ((at == families[i] || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
                return i;
    return -1;
}

// Writing 32 bits clears the rest of a register, writing 8 or 16 keeps it.
static bool is_part(csh handle, unsigned id) {
    const char *name = cs_reg_name(handle, id);
    size_t length = strlen(name);
    if (name[0] == 'x' || name[0] == 'y' || name[0] == 'e')
        return false;
    if (name[0] == 'r' && length >= 2)
        return name[length - 1] == 'b' || name[length - 1] == 'w';
    return true;
}

// What the instruction reads and writes, implied operands included (the `cl` of a shift). An
// instruction that capstone knows nothing of has none.
static void read_registers(csh handle, const cs_insn *decoded, MachineInstruction *instruction) {
    cs_regs reads, writes;
    uint8_t read_count, write_count;
    if (cs_regs_access(handle, decoded, reads, &read_count, writes, &write_count) != 0)
        return;
    for (int i = 0; i < read_count; i++) {
        int number = register_number(handle, reads[i]);
        if (number >= 0)
            instruction->reads |= UINT32_C(1) << number;
    }
    for (int i = 0; i < write_count; i++) {
        int number = register_number(handle, writes[i]);
        if (number < 0)
            continue;
        instruction->writes |= UINT32_C(1) << number;
        if (is_part(handle, writes[i]))
            instruction->writes_partly |= UINT32_C(1) << number;
    }
}

// ---- Instructions --------------------------------------------------------------------

// Where the linker has put an address there is a number. It is taken for the address if the program
// has something there; beside a base register only where no address is small enough to be a
// distance, which those of a program that can be anywhere (PIE) may be.
static void resolve_linked(const ObjectFile *object, const cs_insn *decoded,
                           const cs_x86_op *operand, MachineMemory *memory) {
    bool from_here = operand->mem.base == X86_REG_RIP;
    memory->target = (uint64_t)operand->mem.disp;
    if (from_here)
        memory->target += decoded->address + decoded->size;
    bool is_alone = from_here || operand->mem.base == X86_REG_INVALID;
    memory->is_relocated = (is_alone ? from_here || object->is_placed : object->is_placed) &&
                           object_has_address(object, memory->target);
}

// The displacement of an operand that is relocated is whatever the compiler left there: the address
// is the relocation's. A relative one counts from the instruction's end.
static void read_memory(csh handle, const ObjectFile *object, const cs_insn *decoded,
                        const cs_x86_op *operand, MachineInstruction *instruction) {
    MachineMemory *memory = &instruction->memory;
    *memory = (MachineMemory){
        .used = true,
        .base = register_number(handle, operand->mem.base),
        .index = register_number(handle, operand->mem.index),
        .scale = operand->mem.scale,
        .displacement = operand->mem.disp,
    };
    instruction->width = operand->size;
    if (object->is_linked) {
        resolve_linked(object, decoded, operand, memory);
        return;
    }
    const ObjectRelocation *relocation =
        object_relocation_within(object, decoded->address, decoded->address + decoded->size);
    if (relocation && relocation->is_defined) {
        memory->is_relocated = true;
        memory->target = relocation->target;
        if (relocation->relative)
            memory->target += decoded->address + decoded->size - relocation->where;
    }
}

static bool is_one_of(const char *name, const char *const *list) {
    for (; *list; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

// A move's destination comes first in capstone's order.
static MachineKind kind_of_move(const cs_insn *decoded, const MachineInstruction *instruction) {
    if (instruction->memory.used)
        return decoded->detail->x86.operands[0].type == X86_OP_MEM ? MACHINE_STORE : MACHINE_LOAD;
    return instruction->has_constant ? MACHINE_CONSTANT : MACHINE_MOVE;
}

// By group and number where capstone has them, else by mnemonic: moves and arithmetic have dozens
// of numbers. `xor` of a register with itself is how compilers write a zero, and is no arithmetic
// on what was in it.
static MachineKind kind_of(csh handle, const cs_insn *decoded,
                           const MachineInstruction *instruction) {
    static const char *const moves[] = {
        "mov",    "movabs", "movzx",  "movsx",  "movsxd", "movss", "movsd", "movaps",
        "movups", "movapd", "movupd", "movdqa", "movdqu", "movq",  "movd",  NULL,
    };
    static const char *const arithmetic[] = {
        "add", "sub", "inc", "dec", "lea", "shl", "sal",  "shr",
        "sar", "and", "or",  "xor", "neg", "not", "imul", NULL,
    };
    static const char *const comparisons[] = {"cmp", "test", "bt", "ucomisd", "comisd", NULL};
    const cs_x86 *x86 = &decoded->detail->x86;
    if (decoded->id == X86_INS_NOP)
        return MACHINE_PADDING;
    if (cs_insn_group(handle, decoded, CS_GRP_CALL))
        return MACHINE_CALL;
    if (cs_insn_group(handle, decoded, CS_GRP_RET) || decoded->id == X86_INS_UD2 ||
        decoded->id == X86_INS_HLT)
        return MACHINE_RETURN;
    if (decoded->id == X86_INS_JMP)
        return x86->operands[0].type == X86_OP_IMM ? MACHINE_JUMP : MACHINE_INDIRECT_JUMP;
    if (cs_insn_group(handle, decoded, CS_GRP_JUMP))
        return MACHINE_CONDITIONAL_JUMP;
    if (is_one_of(decoded->mnemonic, comparisons))
        return MACHINE_COMPARE;
    if ((decoded->id == X86_INS_XOR || decoded->id == X86_INS_XORPS) &&
        x86->operands[0].type == X86_OP_REG && x86->operands[1].type == X86_OP_REG &&
        x86->operands[0].reg == x86->operands[1].reg)
        return MACHINE_CONSTANT; // zero
    if (is_one_of(decoded->mnemonic, arithmetic))
        return MACHINE_ARITHMETIC;
    return is_one_of(decoded->mnemonic, moves) ? kind_of_move(decoded, instruction) : MACHINE_OTHER;
}

// A jump out of its section has a relocation, and its encoded distance is no distance yet.
static void read_jump(const ObjectFile *object, const cs_insn *decoded,
                      MachineInstruction *instruction, csh handle) {
    const cs_x86_op *operand = &decoded->detail->x86.operands[0];
    instruction->jump_register =
        operand->type == X86_OP_REG ? register_number(handle, operand->reg) : -1;
    if (operand->type != X86_OP_IMM)
        return;
    instruction->jump_target = (uint64_t)operand->imm;
    const ObjectRelocation *relocation =
        object_relocation_within(object, decoded->address, decoded->address + decoded->size);
    if (relocation)
        instruction->jump_target = relocation->is_defined ? relocation->target + decoded->address +
                                                                decoded->size - relocation->where
                                                          : 0;
}

// Of two operands the first is written, in Intel's order, which capstone keeps. With memory in the
// first place an instruction stores, unless it compares; one that has no other operand is read (a
// call, a jump, a push), but for those that step it in place.
static void decode_operands(csh handle, const ObjectFile *object, const cs_insn *decoded,
                            MachineInstruction *instruction) {
    const cs_x86 *x86 = &decoded->detail->x86;
    instruction->jump_register = -1;
    read_registers(handle, decoded, instruction);
    for (int i = 0; i < x86->op_count; i++) {
        const cs_x86_op *operand = &x86->operands[i];
        if (operand->type == X86_OP_MEM)
            read_memory(handle, object, decoded, operand, instruction);
        if (operand->type == X86_OP_IMM)
            instruction->has_constant = true;
    }
    if (decoded->id == X86_INS_INC || decoded->id == X86_INS_DEC)
        instruction->has_constant = true;
    instruction->kind = kind_of(handle, decoded, instruction);
    if (instruction->memory.used && decoded->id != X86_INS_LEA) {
        bool is_first = x86->operands[0].type == X86_OP_MEM;
        bool is_read_only = instruction->kind == MACHINE_COMPARE || x86->op_count == 1;
        bool is_step = decoded->id == X86_INS_INC || decoded->id == X86_INS_DEC ||
                       decoded->id == X86_INS_NEG || decoded->id == X86_INS_NOT;
        instruction->stores = is_first && (!is_read_only || is_step);
        instruction->loads = !is_first || instruction->kind != MACHINE_STORE;
    }
    if (instruction->kind == MACHINE_JUMP || instruction->kind == MACHINE_CONDITIONAL_JUMP ||
        instruction->kind == MACHINE_INDIRECT_JUMP)
        read_jump(object, decoded, instruction, handle);
}

// ---- Sections ------------------------------------------------------------------------

typedef struct Decoders {
    csh operands, text;
} Decoders;

// The text, with the name of what a relocation will put in where it has one. An address of a table
// shows as nothing at all in an object: `jmpq *(, %rax, 8)`.
static const char *text_of(Arena *arena, const ObjectFile *object, const cs_insn *text,
                           const MachineInstruction *instruction) {
    uint64_t address = instruction->address;
    const ObjectRelocation *relocation =
        object_relocation_within(object, address, address + text->size);
    const char *hole = strstr(text->op_str, "(, ");
    if (instruction->memory.used && instruction->memory.is_relocated && hole) {
        const char *number = hole; // a program has one there: the address
        while (number > text->op_str && isxdigit((unsigned char)number[-1]))
            number--;
        if (number > text->op_str && number[-1] == 'x')
            number -= 2;
        return arena_printf(arena, "%s %.*stable%s", text->mnemonic, (int)(number - text->op_str),
                            text->op_str, hole);
    }
    if (relocation && relocation->symbol && *relocation->symbol)
        return arena_printf(arena, "%s %s", text->mnemonic, relocation->symbol);
    return arena_printf(arena, text->op_str[0] ? "%s %s" : "%s%s", text->mnemonic, text->op_str);
}

// What is decoded together: a section, or what lies in it of the code that was emitted.
typedef struct Stretch {
    const uint8_t *bytes;
    size_t size;
    uint64_t address;
    uint64_t shown_from; // the address that is shown as 0
} Stretch;

// Two decoders walk in step over the same bytes. What can't be decoded (data among the code, or an
// instruction newer than capstone) is skipped byte by byte until something can, and shown as such.
static void decode_stretch(MachineCode *code, const Attribution *attribution,
                           const Decoders *decoders, const Stretch *stretch) {
    const ObjectFile *object = code->object;
    const uint8_t *bytes = stretch->bytes, *text_bytes = bytes;
    size_t left = stretch->size, text_left = left;
    uint64_t address = stretch->address, text_address = address;
    cs_insn *decoded = cs_malloc(decoders->operands), *text = cs_malloc(decoders->text);
    while (left > 0) {
        MachineInstruction instruction = {.address = address, .size = 1, .block = -1};
        if (cs_disasm_iter(decoders->operands, &bytes, &left, &address, decoded)) {
            instruction.size = decoded->size;
            decode_operands(decoders->operands, object, decoded, &instruction);
        } else {
            bytes++, left--, address++;
        }
        text_bytes = bytes - instruction.size, text_left = left + instruction.size;
        instruction.offset = text_address = instruction.address - stretch->shown_from;
        instruction.text = "(not decoded)";
        if (cs_disasm_iter(decoders->text, &text_bytes, &text_left, &text_address, text))
            instruction.text = text_of(code->arena, object, text, &instruction);
        instruction.to_whom = attributed_to(attribution, instruction.address);
        instruction.line = attributed_line(attribution, instruction.address);
        instruction.is_told = instruction.line.line > 0 && !attribution->is_by_hand;
        ARENA_PUSH(code->arena, &code->instructions, instruction);
    }
    cs_free(decoded, 1);
    cs_free(text, 1);
}

// A section of an object is all emitted; of a program's there are the spans that are.
static void decode_section(MachineCode *code, const Attribution *attribution,
                           const Decoders *decoders, const ObjectSection *section) {
    if (!code->object->is_linked) {
        Stretch stretch = {section->bytes, section->size, section->address, section->address};
        decode_stretch(code, attribution, decoders, &stretch);
        return;
    }
    for (size_t i = 0; i < attribution->code.count; i++) {
        const ObjectSpan *span = &attribution->code.items[i];
        if (span->from < section->address || span->to <= span->from ||
            span->to > section->address + section->size)
            continue;
        Stretch stretch = {section->bytes + (span->from - section->address), span->to - span->from,
                           span->from, 0};
        decode_stretch(code, attribution, decoders, &stretch);
    }
}

bool machine_is_stack(const MachineMemory *memory) {
    return memory->used && memory->base == MACHINE_STACK_POINTER && memory->index < 0;
}

uint32_t machine_address_registers(const MachineMemory *memory) {
    uint32_t set = 0;
    if (memory->used && memory->base >= 0)
        set |= UINT32_C(1) << memory->base;
    if (memory->used && memory->index >= 0)
        set |= UINT32_C(1) << memory->index;
    return set & ~(UINT32_C(1) << MACHINE_STACK_POINTER);
}

int machine_code_find(const MachineCode *code, uint64_t address) {
    size_t low = 0, high = code->instructions.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code->instructions.items[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low < code->instructions.count && code->instructions.items[low].address == address
               ? (int)low
               : -1;
}

// ---- Blocks --------------------------------------------------------------------------

static bool ends_block(MachineKind kind) {
    return kind == MACHINE_JUMP || kind == MACHINE_CONDITIONAL_JUMP ||
           kind == MACHINE_INDIRECT_JUMP || kind == MACHINE_RETURN;
}

static void mark_leader(const MachineCode *code, bool *leaders, uint64_t address) {
    int index = machine_code_find(code, address);
    if (index >= 0)
        leaders[index] = true;
}

// Leaders, in the compiler writers' word: the first instructions of blocks (Aho et al., Compilers,
// 8.4.1). One more place than there are instructions, for what would follow the last.
static bool *find_leaders(const MachineCode *code, const ObjectFile *object) {
    size_t count = code->instructions.count;
    bool *leaders = ARENA_ARRAY(code->arena, bool, count + 1);
    leaders[0] = true;
    for (size_t i = 0; i < count; i++) {
        const MachineInstruction *instruction = &code->instructions.items[i];
        if (ends_block(instruction->kind)) {
            leaders[i + 1] = true;
            if (instruction->jump_target)
                mark_leader(code, leaders, instruction->jump_target);
        }
        // A gap: another section.
        if (i > 0 &&
            code->instructions.items[i - 1].address + code->instructions.items[i - 1].size !=
                instruction->address)
            leaders[i] = true;
    }
    // Tables, and whoever else knows an address of code.
    for (size_t i = 0; i < object->relocations.count; i++)
        if (object->relocations.items[i].is_defined && !object->relocations.items[i].relative)
            mark_leader(code, leaders, object->relocations.items[i].target);
    return leaders;
}

// A conditional jump has two successors, an indirect one none here (where it leads is the table's
// affair), a call goes on after it.
static void link_block(MachineCode *code, MachineBlock *block) {
    const MachineInstruction *last = &code->instructions.items[block->last];
    if (last->jump_target) {
        int target = machine_code_find(code, last->jump_target);
        if (target >= 0)
            ARENA_PUSH(code->arena, &block->successors, code->instructions.items[target].block);
    }
    bool falls_through = !ends_block(last->kind) || last->kind == MACHINE_CONDITIONAL_JUMP;
    size_t next = (size_t)block->last + 1;
    if (falls_through && next < code->instructions.count &&
        code->instructions.items[next].address == last->address + last->size)
        ARENA_PUSH(code->arena, &block->successors, code->instructions.items[next].block);
}

// The first instruction is a leader, so there is a block when one is asked for. Links come last, as
// a jump may lead forward.
static void find_blocks(MachineCode *code, const ObjectFile *object) {
    const bool *leaders = find_leaders(code, object);
    for (size_t i = 0; i < code->instructions.count; i++) {
        if (leaders[i]) {
            MachineBlock block = {.first = (int)i};
            ARENA_PUSH(code->arena, &code->blocks, block);
        }
        code->instructions.items[i].block = (int)code->blocks.count - 1;
        code->blocks.items[code->blocks.count - 1].last = (int)i;
    }
    for (size_t b = 0; b < code->blocks.count; b++)
        link_block(code, &code->blocks.items[b]);
}

static bool open_decoders(Decoders *decoders) {
    if (cs_open(CS_ARCH_X86, CS_MODE_64, &decoders->operands) != CS_ERR_OK)
        return false;
    if (cs_open(CS_ARCH_X86, CS_MODE_64, &decoders->text) != CS_ERR_OK) {
        cs_close(&decoders->operands);
        return false;
    }
    cs_option(decoders->operands, CS_OPT_DETAIL, CS_OPT_ON);
    cs_option(decoders->text, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);
    return true;
}

static int by_address(const void *left, const void *right) {
    const MachineInstruction *a = left, *b = right;
    return a->address < b->address ? -1 : a->address > b->address;
}

MachineCode *machine_code_read(Arena *arena, const ObjectFile *object,
                               const Attribution *attribution) {
    MachineCode *code = ARENA_NEW(arena, MachineCode);
    code->object = object;
    code->arena = arena;
    Decoders decoders;
    if (!open_decoders(&decoders)) {
        fprintf(stderr, "error: the disassembler can't be started\n");
        return NULL;
    }
    for (size_t i = 0; i < object->sections.count; i++)
        if (object->sections.items[i].is_code)
            decode_section(code, attribution, &decoders, &object->sections.items[i]);
    cs_close(&decoders.operands);
    cs_close(&decoders.text);
    if (code->instructions.count == 0) {
        fprintf(stderr, "%s: error: the object has no code\n", object->path);
        return NULL;
    }
    // Sections come in the file's order, which need not be that of their addresses.
    qsort(code->instructions.items, code->instructions.count, sizeof *code->instructions.items,
          by_address);
    find_blocks(code, object);
    return code;
}
