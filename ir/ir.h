// The mini IR: SSA with block arguments for bytecode loops. This header holds the data
// structures and the builder; docs/ir.md is the language's reference. Nothing here knows a
// language: opcodes, records and runtime functions are data of the module.
//
// In static single assignment form each value is defined once (Cytron et al., "Efficiently
// Computing Static Single Assignment Form and the Control Dependence Graph", 1991), so who
// asks where a value comes from follows one pointer. Where ways join, a block takes
// parameters and each edge passes arguments, which says the same as phi functions without
// their rule of reading all at once (Appel, "SSA is Functional Programming", 1998). Unlike
// a compiler's usual IR this one has a word for the interpreter's own loop: a table, and a
// dispatch through it. That is what lets a pass reason about what stays from one bytecode to
// the next.
//
// All of a module lives in its arena, and is freed with it. Passes change it in place.
#ifndef IR_IR_H
#define IR_IR_H

#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/pointer_map.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct IrModule IrModule;
typedef struct IrFunction IrFunction;
typedef struct IrRegion IrRegion;
typedef struct IrBlock IrBlock;
typedef struct IrInstruction IrInstruction;
typedef struct IrValue IrValue;
typedef struct IrRecord IrRecord;
typedef struct IrTable IrTable;

// ---- Types and memory ----------------------------------------------------------

// What a value in the IR can be. `ptr` never moves, `object` and `value` may.
typedef enum IrType {
    IR_VOID,
    IR_I1,
    IR_I8,
    IR_I16,
    IR_I32,
    IR_I64,
    IR_F64,
    IR_PTR,
    IR_OBJECT,
    IR_VALUE,
} IrType;

// What a cell of memory can hold. Integers narrower than 64 bits are read as i64, extended as the
// cell's name says, and written truncated. A single is read as f64, and written rounded to nearest.
typedef enum IrCell {
    IR_CELL_U8,
    IR_CELL_I8,
    IR_CELL_U16,
    IR_CELL_I16,
    IR_CELL_U32,
    IR_CELL_I32,
    IR_CELL_I64,
    IR_CELL_F32,
    IR_CELL_F64,
    IR_CELL_PTR,
    IR_CELL_OBJECT,
    IR_CELL_VALUE,
} IrCell;

// Memory is divided in alias classes: accesses to different ones never touch the same byte,
// so effects are sets of them. A const field belongs to none: it is written once, before
// anyone reads it.
typedef enum IrAliasClass {
    IR_ALIAS_FRAME = 1 << 0,  // state of frames: `pc`, `sp` and their like
    IR_ALIAS_STACK = 1 << 1,  // the stack and the locals
    IR_ALIAS_HEAP = 1 << 2,   // what moves, and what guests can see besides
    IR_ALIAS_CODE = 1 << 3,   // bytecodes, call sites: may be rewritten
    IR_ALIAS_THREAD = 1 << 4, // the thread record
    IR_ALIAS_ALL = (1 << 5) - 1,
} IrAliasClass;

typedef struct IrEffects {
    unsigned reads, writes; // sets of IrAliasClass
    bool collects;          // may move objects
    bool raises;            // may leave for another frame to report an error
    bool blocks;            // may wait for another thread
} IrEffects;

// ---- Module-level declarations -------------------------------------------------

typedef struct IrField {
    const char *name;
    IrRecord *record; // the record that it belongs to
    IrCell cell;      // of the field, or of each element if `is_array`
    int64_t offset;   // bytes from the record's address; may be negative for arrays
    bool is_const, is_array;
    bool is_cached;  // state that a pass is to keep in a register, however few bytecodes use it
    bool is_overlay; // lies over other fields of its record: the same bytes as another type
    unsigned alias_class;    // one IrAliasClass; 0 for a const field
    const IrRecord *pointee; // cell ptr/object: what it points to, or NULL
    // A `cursor` is an i64 that indexes the elements that the path (from the same
    // record, all const) leads to: `pc`, into `method.code`. NULL: none.
    struct IrPath *cursor;
    IrCell cursor_cell; // the elements' cell
    Location at;
} IrField;

struct IrRecord {
    const char *name;
    bool moves;
    int64_t size; // in bytes, without arrays in place
    ARENA_VECTOR(IrField *) fields;
    Location at;
};

// A chain of fields read one after another: `frame.method.code`, rooted at the
// table parameter named `root` (for cursors: NULL, rooted at the record itself).
typedef struct IrPath {
    const char *root;
    ARENA_VECTOR(const IrField *) fields;
} IrPath;

// A runtime function. If `indirect`, the first operand of a call is its address.
typedef struct IrExternal {
    const char *name;
    ARENA_VECTOR(IrType) parameters; // without the address
    IrType result;
    bool indirect;
    IrEffects effects;
    Location at;
} IrExternal;

// A number of stack slots: constant + factor * operand.
typedef struct IrSlots {
    int constant, factor;
    int operand; // index of the operand, -1: none
} IrSlots;

typedef struct IrOperand {
    const char *name;
    IrCell cell;      // as stored in the code; a 32-bit one takes two units of 16 bits
    const char *role; // what it means, in a word of the definition's; NULL: nothing is said
    IrSlots jump;     // of a displacement (its role is "jump"): the stack's growth if it is taken
    bool is_fixed;    // of a quickened bytecode: it stands only where this operand is `fixed`
    int64_t fixed;
} IrOperand;

// Where a bytecode comes from. The loader and the bytecode verifier admit base ones;
// the others are written by the runtime alone.
typedef enum IrOrigin {
    IR_ORIGIN_BASE,      // the definition's
    IR_ORIGIN_RESERVED,  // the definition's, marked as no compiler's to write
    IR_ORIGIN_QUICKENED, // the definition's, what another quickens to
    IR_ORIGIN_FUSED,     // a pass made it of `components`
} IrOrigin;

typedef ARENA_VECTOR(int) IrOpcodes;

// What a bytecode needs on a further stack; what it leaves there, in addition, where it goes on to
// the next bytecode, and where it jumps, by an operand or not.
typedef struct IrStackEffect {
    IrSlots needs, stack, jumped;
} IrStackEffect;

// One bytecode in a table. Exactly one of `block` and `function` is set; neither
// when the case was found unreachable.
typedef struct IrBytecode {
    int opcode;
    const char *name;
    ARENA_VECTOR(IrOperand) operands;
    int length;     // in code units, the opcode's included
    IrSlots needs;  // what has to be on the stack
    IrSlots stack;  // what is there in addition when it goes on to the next bytecode
    bool leaves;    // never goes on to the next (jumps, returns)
    bool jumps;     // may go on anywhere in its frame's code, where no operand says
    IrSlots jumped; // what is there in addition then
    ARENA_VECTOR(IrStackEffect) further; // on each of the module's further stacks; none: nothing
    IrOrigin origin;
    // What the runtime may write in its place; the operands stay.
    IrOpcodes quickens;
    // FUSED: its code is theirs, one after the other, with another first opcode. It has
    // no operands and no stack effect but theirs.
    IrOpcodes components;
    IrBlock *block;
    IrFunction *function;
    Location at;
} IrBytecode;

// A parameter of the table, and so of the loop's header and of each region. The first
// two are the loop's state (IrStateParameter). If `mirrors` is set, it holds what
// reading that path would give.
typedef struct IrTableParameter {
    const char *name;
    IrType type;
    IrPath *mirrors;
    bool is_cursor; // mirrors a cursor field by the address of its element
    int slot;       // holds what that slot of the stack does, from the top, the first is 1; 0: none
} IrTableParameter;

// Where among a table's parameters the loop's state is: its thread and its frame.
typedef enum IrStateParameter {
    IR_THREAD_PARAMETER,
    IR_FRAME_PARAMETER,
    IR_STATE_PARAMETERS, // how many they are
} IrStateParameter;

// How many parameters a loop can carry in registers: as many as LLVM's `preserve_none`
// hands out, 11 integer ones, of which the target of a tail call needs one, and 8 for f64.
// Form `handlers` can't be lowered with more integers; whatever else is more, is spilled.
enum { IR_INTEGER_REGISTERS = 10, IR_FLOAT_REGISTERS = 8 };

// A dispatch table: the module owns it, any number of dispatches share it. The
// bytecodes are sorted by opcode, without gaps, from 0.
struct IrTable {
    const char *name;
    IrCell unit; // the code's unit
    ARENA_VECTOR(IrTableParameter) parameters;
    ARENA_VECTOR(IrBytecode) bytecodes;
    IrBlock *default_block; // both NULL: the default was found unreachable
    IrFunction *default_function;
    bool has_default;
    Location at;
};

// Whose code it is, for debuggers alone: see methods.h.
typedef struct IrMethod IrMethod;
typedef struct IrInlining IrInlining;

typedef enum IrForm {
    IR_FORM_LOOP,
    IR_FORM_REPLICATED,
    IR_FORM_HANDLERS,
} IrForm;

// A stack besides the first one, as of addresses to return to: its name, the frame's pointer to its
// first free slot, and what a slot holds. It grows upwards.
typedef struct IrStack {
    const char *name;
    const IrField *field;
    IrCell cell;
} IrStack;

struct IrModule {
    Arena *arena;
    const char *name;
    const char *source; // the definition's file, for locations; NULL: none
    SourceParts parts;  // files that it includes; of them only names and lines are known
    // The module's own text is its source: it names none and no place in one. Its
    // places serve messages and debuggers, and are printed by ir_print_placed only.
    const char *text; // the text; NULL: the source is another file
    IrForm form;
    bool verified; // takes verified code only, so every opcode is in the table
    ARENA_VECTOR(IrRecord *) records;
    ARENA_VECTOR(IrExternal *) externals;
    ARENA_VECTOR(IrMethod *) methods;
    ARENA_VECTOR(IrTable *) tables;
    ARENA_VECTOR(IrFunction *) functions;
    const IrRecord *frame, *thread; // the loop's state; NULL: none declared
    // The frame's pointer to the first free slot of its operand stack, which grows
    // upwards, and what a slot holds; NULL: none declared.
    const IrField *stack_field;
    IrCell stack_cell;
    ARENA_VECTOR(IrStack) further_stacks;
    // Polls test `poll_field` of the thread and call `poll_external(thread, frame)`.
    const IrField *poll_field;
    const IrExternal *poll_external;
    const char *poll_policy; // set by place-gil-checks; NULL before it
    // The barrier of store.ref: if (base.barrier_field & barrier_mask) != 0, call
    // `barrier_external(thread, object)`.
    const IrField *barrier_field;
    uint64_t barrier_mask;
    const IrExternal *barrier_external;
};

// ---- Code ------------------------------------------------------------------------

typedef enum IrOp {
#define IR_OP(enumerator, text, shape) IR_##enumerator,
#include "ir/ops.def"
#undef IR_OP
    IR_OP_COUNT
} IrOp;

// How operands and results are typed.
typedef enum IrShape {
    IR_SHAPE_UNARY,         // T -> T, an integer type but i1
    IR_SHAPE_BINARY,        // T, T -> T, an integer type but i1 (and, or, xor: i1 too)
    IR_SHAPE_COMPARE,       // T, T -> i1
    IR_SHAPE_FLOAT_UNARY,   // f64 -> f64
    IR_SHAPE_FLOAT_BINARY,  // f64, f64 -> f64
    IR_SHAPE_FLOAT_COMPARE, // f64, f64 -> i1
    IR_SHAPE_CONVERT,       // integer -> integer type of the instruction
    IR_SHAPE_I64_TO_F64,
    IR_SHAPE_F64_TO_I64,
    IR_SHAPE_VALUE_TO_I64,
    IR_SHAPE_I64_TO_VALUE,
    IR_SHAPE_OBJECT_TO_I64,
    IR_SHAPE_I64_TO_OBJECT,
    IR_SHAPE_PTR_TO_I64,
    IR_SHAPE_I64_TO_PTR,
    IR_SHAPE_PTR_OFFSET,     // ptr, i64 -> ptr
    IR_SHAPE_PTR_DIFFERENCE, // ptr, ptr -> i64
    IR_SHAPE_SELECT,         // i1, T, T -> T
    IR_SHAPE_LOAD,           // base [, index]
    IR_SHAPE_STORE,          // base [, index], value
    IR_SHAPE_ADDRESS,        // base [, index] -> ptr
    IR_SHAPE_CALL,
    IR_SHAPE_POLL_SITE,
    IR_SHAPE_ABANDON,
    IR_SHAPE_COMPONENT,
    IR_SHAPE_BR, // the rest are terminators
    IR_SHAPE_IF,
    IR_SHAPE_SWITCH,
    IR_SHAPE_DISPATCH,
    IR_SHAPE_EXIT,
    IR_SHAPE_POLL,
    IR_SHAPE_RET,
    IR_SHAPE_TAIL,
    IR_SHAPE_UNREACHABLE,
} IrShape;

typedef enum IrPollKind {
    IR_POLL_CALL,
    IR_POLL_BACK_EDGE,
    IR_POLL_BYTECODE, // before all that a bytecode does
    IR_POLL_KINDS,
} IrPollKind;

typedef enum IrLikely {
    IR_LIKELY_UNKNOWN,
    IR_LIKELY_TRUE,
    IR_LIKELY_FALSE,
} IrLikely;

// An SSA value: a block's parameter, an instruction's result, or a constant.
struct IrValue {
    enum { IR_CONSTANT, IR_PARAMETER, IR_RESULT } kind;
    IrType type;
    const char *name; // a base name; the printer makes it unique. NULL: "t"
    union {
        int64_t integer; // constants: sign-extended (i1: 0 or 1), null ptr as 0
        double number;   // f64 constants
        struct {
            IrBlock *block;
            int index;
        } parameter;
        IrInstruction *instruction;
    };
};

// A way out of a block, with the arguments for the target's parameters.
typedef struct IrEdge {
    IrBlock *block;
    ARENA_VECTOR(IrValue *) arguments;
    int64_t case_value; // of a switch's case
} IrEdge;

typedef ARENA_VECTOR(IrValue *) IrValues;

struct IrInstruction {
    IrOp op;
    IrBlock *block;
    IrInstruction *previous, *next;
    IrValue *result; // NULL: none
    // By shape: LOAD base [index]; STORE base [index] value; ADDRESS base [index];
    // CALL the arguments, preceded by the address if indirect; IF, SWITCH, DISPATCH and
    // EXIT the condition or opcode (EXIT: a constant); DISPATCH, EXIT and TAIL then the
    // arguments; RET nothing or the result.
    IrValues operands;
    // BR: 1; IF: true, false; POLL: fast, cold; SWITCH: the cases, then the default.
    ARENA_VECTOR(IrEdge) edges;
    Location at;
    const IrInlining *inlined; // the method that `at` is in; NULL: the region's own
    // LOAD, STORE, STORE_REF, ADDRESS: either through `field` (has_index: it is an
    // array in place), or by elements of `cell` in `alias_class` (ADDRESS: of `record`).
    const IrField *field;
    const IrRecord *record;
    IrCell cell;
    unsigned alias_class;
    const IrExternal *external; // CALL
    IrTable *table;             // DISPATCH, EXIT
    IrFunction *callee;         // TAIL
    IrPollKind poll_kind;       // POLL_SITE, POLL
    IrLikely likely;            // IF
    int component;              // COMPONENT: which of the bytecode's, from 0
};

struct IrBlock {
    const char *name; // a base name; the printer makes it unique within its region
    IrRegion *region;
    IrValues parameters;
    IrInstruction *first, *last; // the last is the terminator
    int index;                   // position in its region; kept by ir_renumber
    Location at;                 // of its name, where the module's text is its source
};

// A part of a function with names of its own. Region 0 is the trunk: bytecode, loop
// header, dispatch. Each other one is a bytecode's (or the default's): it uses no
// value from outside but its bytecode block's parameters, which are the table's.
struct IrRegion {
    const char *name;
    IrFunction *function;
    ARENA_VECTOR(IrBlock *) blocks; // the first is its bytecode
    bool restartable;               // claims to be; the verifier checks it
};

struct IrFunction {
    const char *name;
    IrModule *module;
    IrType result;
    ARENA_VECTOR(IrRegion *) regions;
    IrBlock *header; // form loop: the loop's header, a block of the trunk
    Location at;     // of its name, where the module's text is its source
};

// ---- Operations, types, cells (operations.c, effects.c, bytecodes.c) ------------------

const char *ir_op_text(IrOp op);
IrShape ir_op_shape(IrOp op);
bool ir_op_is_terminator(IrOp op);
// Does it leave for a bytecode through a table: DISPATCH, EXIT?
bool ir_op_leaves_by_table(IrOp op);
const char *ir_type_text(IrType type);             // "i64"
int ir_type_width(IrType type);                    // in bits: 1, 8, 16, 32; 64 of any other type
const char *ir_cell_text(IrCell cell);             // "u16"
IrType ir_cell_type(IrCell cell);                  // the type that a load gives
int ir_cell_size(IrCell cell);                     // in bytes
bool ir_cell_holds(IrCell cell, int64_t number);   // as it is, in one of at most 32 bits
const char *ir_alias_text(unsigned alias_classes); // of a set: "frame heap", "all"; 0: "const"
const char *ir_form_text(IrForm form);
const char *ir_poll_kind_text(IrPollKind kind);
int ir_type_bits(IrType type); // of i1 … i64; 0 for other types

// The size that a record has if none is given: the end of its scalar fields, rounded
// up to 8. The length in code units that a bytecode's operands give it.
int64_t ir_record_default_size(const IrRecord *record);
// One that is fused is as long as its components together.
int ir_bytecode_default_length(const IrTable *table, const IrBytecode *bytecode);
// The bytecode that an EXIT goes on at; NULL if there is no such opcode.
const IrBytecode *ir_exit_bytecode(const IrInstruction *instruction);
// Is the operand a displacement from the next bytecode?
bool ir_operand_is_jump(const IrOperand *operand);
// How many code units lie between the start of a fused bytecode and its component; INT_MAX
// where that is no int, which the verifier refuses.
int ir_component_offset(const IrTable *table, const IrBytecode *bytecode, size_t component);
// Which bytecode a compiler wrote where each one may stand: `bases` gets as many opcodes as
// there are bytecodes. A base or reserved one stands for itself, a quickened one for that which
// quickens to it, at once or by way of others, a fused one for its first component's.
enum { IR_NO_BASE = -1, IR_TWO_BASES = -2 };
void ir_find_bases(const IrTable *table, int *bases);
// What keeps the runtime from writing one opcode in the place of the other: "another
// length", "other operands", "another stack effect", "more to find on the stack". NULL:
// nothing.
const char *ir_quickening_fault(const IrBytecode *from, const IrBytecode *to);

// The index operand of a LOAD, STORE, STORE_REF or ADDRESS, or NULL; and the value
// that a STORE or STORE_REF writes.
IrValue *ir_access_index(const IrInstruction *instruction);
IrValue *ir_stored_value(const IrInstruction *instruction);
// The cell that a LOAD, STORE or STORE_REF accesses.
IrCell ir_access_cell(const IrInstruction *instruction);

// The type of the result that the operands (of CALL the external, of CONVERT the
// instruction's result) ask for; IR_VOID: it has none.
IrType ir_result_type(const IrInstruction *instruction);

// Whether two values are one, or constants of one type and alike. Those of f64 are if their
// bits are: 0.0 and -0.0 differ, and what is not a number is like itself.
bool ir_same_value(const IrValue *a, const IrValue *b);

// Whether the value is among the operands or the arguments of the edges.
bool ir_uses(const IrInstruction *instruction, const IrValue *value);

// Whether the table dispatches to the block, by a bytecode or by default.
bool ir_leads_to(const IrTable *table, const IrBlock *block);
// Adds the blocks and functions that the table leads to, to a map in `arena` whose numbers
// mean nothing: for who asks about all of them.
void ir_add_targets(const IrTable *table, Arena *arena, PointerMap *targets);

// ---- A table's parameters (parameters.c) --------------------------------------------

// The loop's state as a block has it whose parameters are a table's: the header, or the
// first block of a region or handler. NULL: it has no such parameter.
IrValue *ir_state_value(const IrBlock *block, IrStateParameter which);
// The name of a parameter of the table that holds the loop's state; the table has it.
const char *ir_state_name(const IrTable *table, IrStateParameter which);
// The record that the table's parameter `index` points to: one of the loop's state, or
// what the path that it mirrors leads to. NULL: nothing in particular.
const IrRecord *ir_parameter_record(const IrModule *module, const IrTable *table, size_t index);
// The table's parameter that mirrors a field of the frame, -1: none does.
int ir_table_mirror(const IrTable *table, const IrField *field);
// How many slots from the top of the stack the table's parameters hold.
int ir_table_slots(const IrTable *table);
// Do bytecodes of the same names begin with the same parameters in both tables, but for the slots
// that these hold? Then the tables are states of one loop.
bool ir_tables_match(const IrTable *one, const IrTable *other);
// How many registers are left for parameters of the type; negative: there are too many.
int ir_registers_left(const IrTable *table, IrType type);

// What executing one instruction may do. Terminators: POLL has no effect (its cold
// block has), DISPATCH reads no memory. STORE_REF has the barrier's effects besides
// the store's. A mark (POLL_SITE) has those of the poll that it may become. A store to
// a const field writes no memory: nobody has read it yet.
IrEffects ir_effects(const IrInstruction *instruction);

// Is it the call of the module's poll external, or a mark where one may be put? Others run
// meanwhile; so what it writes is their work, and this frame goes on as if nothing had been.
bool ir_lets_others_run(const IrInstruction *instruction);

// May the instruction go if nobody uses its result? Not stores (those to const
// fields neither), marks, terminators, and calls that do more than read.
bool ir_is_removable(const IrInstruction *instruction);

// Is this load a frame read as docs/ir.md defines it: a scalar field of the frame
// record, or a const field of a record that const fields lead to from the frame?
bool ir_is_frame_read(const IrModule *module, const IrInstruction *load);
bool ir_is_frame_write(const IrModule *module, const IrInstruction *store);

// ---- Building ------------------------------------------------------------------------

IrModule *ir_module_new(Arena *arena, const char *name);
IrRecord *ir_record_new(IrModule *module, const char *name, bool moves);
IrField *ir_field_new(IrModule *module, IrRecord *record, const char *name, IrCell cell,
                      int64_t offset);
IrExternal *ir_external_new(IrModule *module, const char *name, IrType result);
IrTable *ir_table_new(IrModule *module, const char *name);
// A function with an empty trunk.
IrFunction *ir_function_new(IrModule *module, const char *name, IrType result);
IrRegion *ir_region_new(IrFunction *function, const char *name);
IrBlock *ir_block_new(IrRegion *region, const char *name);
IrValue *ir_parameter_new(IrBlock *block, IrType type, const char *name);

// Look-ups by name; NULL if there is none.
IrRecord *ir_find_record(const IrModule *module, const char *name);
IrField *ir_find_field(const IrRecord *record, const char *name);
const IrBytecode *ir_find_bytecode(const IrTable *table, const char *name);
IrExternal *ir_find_external(const IrModule *module, const char *name);
IrTable *ir_find_table(const IrModule *module, const char *name);
IrFunction *ir_find_function(const IrModule *module, const char *name);

// The path of the fields "method.code" from a record; NULL if one doesn't exist.
IrPath *ir_path_new(IrModule *module, const char *root, const IrRecord *from, const char *fields);

// A constant of i1 … i64 or ptr (0), cut to the type: sign-extended, i1 is 0 or 1.
IrValue *ir_integer(IrModule *module, IrType type, int64_t value);
IrValue *ir_number(IrModule *module, double value); // f64

// An instruction in no block, its insertion before `before` (NULL: at the block's end), and its
// result: the pieces that ir_build… (ir/builder.h) are made of.
IrInstruction *ir_instruction_new(IrModule *module, IrOp op, Location at);
void ir_insert(IrInstruction *instruction, IrBlock *block, IrInstruction *before);
IrValue *ir_result_new(IrModule *module, IrInstruction *instruction, IrType type);

void ir_edge_argument(IrModule *module, IrEdge *edge, IrValue *value);
// A case of a SWITCH, placed before its default; the edge is valid until the next one.
IrEdge *ir_switch_case(IrModule *module, IrInstruction *instruction, int64_t value, IrBlock *block);

// ---- Changing --------------------------------------------------------------------------

// Unlinks an instruction from its block; it may be inserted again.
void ir_remove(IrInstruction *instruction);
// Every use of `old` in the region (operands and edge arguments) becomes `replacement`.
void ir_replace_uses(IrRegion *region, const IrValue *old, IrValue *replacement);
// Splits before `instruction`: it and what follows go into a new block of the same
// region, placed right after. The old block is left without a terminator.
IrBlock *ir_split_before(IrModule *module, IrInstruction *instruction, const char *name);
// Takes parameter `index` off a block; edges are the caller's to mend.
void ir_remove_parameter(IrBlock *block, size_t index);
// Sets the blocks' indices again after blocks were added, moved or removed.
void ir_renumber(IrFunction *function);
// Appends a parameter to the table, to the header (form loop) and to the bytecode of each
// region but the trunk. Arguments on dispatches and on edges to the header are the
// caller's to add. Returns its index. (Taking one away again is left to passes.)
size_t ir_table_parameter_new(IrTable *table, IrFunction *function, const char *name, IrType type,
                              IrPath *mirrors, bool is_cursor);

#endif
