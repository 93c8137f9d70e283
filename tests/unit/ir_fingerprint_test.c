// Fingerprints: each part's number changes with what it stands for and with nothing
// else.
#include "ir/fingerprint.h"
#include "tests/unit/ir_text_fixture.h"

static const char text[] = "module M form loop code any\n"
                           "record Frame { pc: i64 @0 frame sp: ptr @8 frame }\n"
                           "external send(ptr, i64) -> ptr reads all\n"
                           "table @t(%p: ptr) u16 {\n"
                           "0 push(index: u16) stack 1 -> ^push\n"
                           "1 quick(index: u16) quickened -> none\n"
                           "default -> none }\n"
                           "function @f { trunk { ^loop(%p: ptr): dispatch 0, @t(%p) }\n"
                           "region push { ^push(%p: ptr): br ^loop(%p) } }\n";

// The fingerprint of the text with its first `from` replaced.
static uint64_t fingerprint(IrFingerprintPart part, const char *from, const char *to) {
    const char *place = strstr(text, from);
    assert_non_null(place);
    Text changed = {0};
    text_add_bytes(&changed, text, (size_t)(place - text));
    text_addf(&changed, "%s%s", to, place + strlen(from));
    Arena *arena = arena_new();
    IrModule *module = parse_text(arena, text_chars(&changed), changed.length, NULL);
    assert_non_null(module);
    uint64_t number = ir_fingerprint(module, part);
    arena_free(arena);
    text_free(&changed);
    return number;
}

typedef struct Change {
    const char *from, *to;
    int part; // -1: none
} Change;

static void each_change_shows_in_its_part_only(void **state) {
    (void)state;
    static const Change changes[] = {
        {"0 push(", "0 drop(", IR_FINGERPRINT_BYTECODES},
        {"(index: u16)", "(number: u16)", IR_FINGERPRINT_BYTECODES},
        {"(index: u16)", "(index: i16)", IR_FINGERPRINT_BYTECODES},
        {"(index: u16)", "()", IR_FINGERPRINT_BYTECODES},
        {"(index: u16)", "(index: u16 jump 0)", IR_FINGERPRINT_BYTECODES},
        {"(index: u16)", "(index: u16 local)", IR_FINGERPRINT_BYTECODES},
        {"(index: u16)", "(index: u16) length 3", IR_FINGERPRINT_BYTECODES},
        {"(index: u16)", "(index: u16) needs 1", IR_FINGERPRINT_BYTECODES},
        {"stack 1", "stack 2", IR_FINGERPRINT_BYTECODES},
        {"stack 1", "stack 1 + 1 * index", IR_FINGERPRINT_BYTECODES},
        {"stack 1", "stack 1 leaves", IR_FINGERPRINT_BYTECODES},
        {"stack 1", "stack 1 reserved", IR_FINGERPRINT_BYTECODES},
        {"(%p: ptr) u16", "(%p: ptr) u8", IR_FINGERPRINT_BYTECODES},
        {"quickened", "", IR_FINGERPRINT_BYTECODES},
        {"quickened", "reserved", IR_FINGERPRINT_BYTECODES},
        {"quickened", "needs 1 stack 1 leaves quickened", -1},
        {"record Frame", "record State", IR_FINGERPRINT_RECORDS},
        {"record Frame", "record Frame moves", IR_FINGERPRINT_RECORDS},
        {"record Frame", "record Frame size 24", IR_FINGERPRINT_RECORDS},
        {"pc: i64 @0", "at: i64 @0", IR_FINGERPRINT_RECORDS},
        {"pc: i64 @0", "pc: u32 @0", IR_FINGERPRINT_RECORDS},
        {"pc: i64 @0", "pc: i64 @8", IR_FINGERPRINT_RECORDS},
        {"pc: i64 @0", "pc: i64[] @0", IR_FINGERPRINT_RECORDS},
        {"send(", "call(", IR_FINGERPRINT_EXTERNALS},
        {"(ptr, i64)", "(ptr, ptr)", IR_FINGERPRINT_EXTERNALS},
        {"(ptr, i64)", "(ptr)", IR_FINGERPRINT_EXTERNALS},
        {"-> ptr reads", "reads", IR_FINGERPRINT_EXTERNALS},
        {"reads all", "indirect reads all", IR_FINGERPRINT_EXTERNALS},
        {"reads all", "collects reads heap", -1},
        {"code any", "code verified", -1},
        {"index: u16) quick", "other: u16) quick", -1},
        {"-> ^push", "-> none", -1},
        {"default -> none", "", -1},
        {"(index: u16) stack 1", " components quick, quick", IR_FINGERPRINT_BYTECODES},
        {"stack 1", "stack 1 quickens quick", -1},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        for (int part = 0; part < IR_FINGERPRINT_PARTS; part++) {
            uint64_t before = fingerprint((IrFingerprintPart)part, "module", "module");
            uint64_t after = fingerprint((IrFingerprintPart)part, changes[i].from, changes[i].to);
            if ((before != after) != (part == changes[i].part))
                fail_msg("%s, change %zu", ir_fingerprint_text((IrFingerprintPart)part), i);
        }
}

// The numbers themselves: they must not depend on compiler, machine or run.
static void fingerprints_are_stable(void **state) {
    (void)state;
    Arena *arena = arena_new();
    IrModule *empty = ir_module_new(arena, "M");
    for (int part = 0; part < IR_FINGERPRINT_PARTS; part++)
        assert_true(ir_fingerprint(empty, (IrFingerprintPart)part) == 0xcbf29ce484222325u);
    arena_free(arena);
    assert_true(fingerprint(IR_FINGERPRINT_BYTECODES, "module", "module") == 0xb2297e2ceeef1a4bu);
    assert_true(fingerprint(IR_FINGERPRINT_RECORDS, "module", "module") == 0x269892822bfd397bu);
    assert_true(fingerprint(IR_FINGERPRINT_EXTERNALS, "module", "module") == 0x7ba5851268fa9308u);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_shows_in_its_part_only),
        cmocka_unit_test(fingerprints_are_stable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
