// See characters.h. The tables are ranges of whole blocks where these are nearly all alike:
// a caret that is a column off does less harm than a database of Unicode. (The idea, and
// the ranges of wide characters: Markus Kuhn's wcwidth.)
#include "support/characters.h"

// Tables are in ascending order, so a search ends at the first range beyond the code.
typedef struct Range {
    uint32_t first, last;
} Range;

static const Range invisible[] = {
    {0x0000, 0x001F}, {0x007F, 0x00A0},   {0x00AD, 0x00AD},    {0x034F, 0x034F}, {0x061C, 0x061C},
    {0x115F, 0x1160}, {0x1680, 0x1680},   {0x17B4, 0x17B5},    {0x180B, 0x180F}, {0x2000, 0x200F},
    {0x2028, 0x202F}, {0x205F, 0x206F},   {0x2800, 0x2800},    {0x3000, 0x3000}, {0x3164, 0x3164},
    {0xE000, 0xF8FF}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},    {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB},
    {0xFFFE, 0xFFFF}, {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF},
};

static const Range combining[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x06D6, 0x06DC}, {0x0900, 0x0902}, {0x0941, 0x0948}, {0x094D, 0x094D}, {0x0E34, 0x0E3A},
    {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0x302A, 0x302D},
    {0x3099, 0x309A}, {0xFE20, 0xFE2F},
};

static const Range wide[] = {
    {0x1100, 0x115E},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD},
};

static bool is_in(const Range *ranges, size_t count, uint32_t code) {
    for (size_t i = 0; i < count && ranges[i].first <= code; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}

#define IS_IN(ranges, code) is_in(ranges, sizeof ranges / sizeof *ranges, code)

size_t character_length(const char *bytes, size_t left) {
    const unsigned char *all = (const unsigned char *)bytes;
    unsigned char first = left ? all[0] : 0xFF;
    if (first < 0x80)
        return 1;
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || left < length)
        return 0;
    // What the second byte may be: after these four first bytes not everything, or a character
    // would have two forms, be half of a UTF-16 pair, or lie beyond U+10FFFF.
    unsigned char low = 0x80, high = 0xBF;
    if (first == 0xE0)
        low = 0xA0;
    else if (first == 0xED)
        high = 0x9F;
    else if (first == 0xF0)
        low = 0x90;
    else if (first == 0xF4)
        high = 0x8F;
    if (all[1] < low || all[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((all[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

uint32_t character_code(const char *bytes, size_t length) {
    unsigned char first = (unsigned char)bytes[0];
    uint32_t code = length == 1 ? first : first & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)bytes[i] & 0x3F);
    return code;
}

bool character_is_visible(uint32_t code) {
    return !IS_IN(invisible, code);
}

int character_columns(uint32_t code) {
    return IS_IN(combining, code) ? 0 : IS_IN(wide, code) ? 2 : 1;
}

void text_add_valid(Text *text, const char *chars, size_t length) {
    for (size_t i = 0; i < length;) {
        size_t step = character_length(chars + i, length - i);
        text_add_bytes(text, step ? chars + i : "?", step ? step : 1);
        i += step ? step : 1;
    }
}

void text_add_visible(Text *text, const char *chars, size_t length) {
    for (size_t i = 0; i < length;) {
        size_t step = character_length(chars + i, length - i);
        uint32_t code = step ? character_code(chars + i, step) : 0;
        if (!step)
            text_addf(text, "0x%02X", (unsigned char)chars[i]);
        else if (character_is_visible(code))
            text_add_bytes(text, chars + i, step);
        else
            text_addf(text, "U+%04X", (unsigned)code);
        i += step ? step : 1;
    }
}
