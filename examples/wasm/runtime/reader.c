// See reader.h.
#include "reader.h"

#include <string.h>

uint8_t read_byte(Reader *reader) {
    if (reader->at >= reader->end)
        failure_raise(reader->failure, MALFORMED, reader->at, "unexpected end");
    return reader->bytes[reader->at++];
}

const uint8_t *read_bytes(Reader *reader, size_t count) {
    if (count > reader->end - reader->at)
        failure_raise(reader->failure, MALFORMED, reader->at, "unexpected end");
    reader->at += count;
    return reader->bytes + reader->at - count;
}

// A number of `bits` bits in groups of seven. The last byte that such a number may have holds the
// rest, and what is left of that byte has to be zeros, or the sign.
static uint64_t read_leb(Reader *reader, int bits, bool is_signed) {
    size_t start = reader->at;
    uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
        uint8_t byte = read_byte(reader);
        int rest = bits - shift; // bits that this byte may add
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (rest <= 7) {
            if (byte & 0x80)
                failure_raise(reader->failure, MALFORMED, start, "integer representation too long");
            int unused = is_signed ? (int8_t)(byte << 1) >> rest : (byte & 0x7F) >> rest;
            if (unused != 0 && !(is_signed && unused == -1))
                failure_raise(reader->failure, MALFORMED, start, "integer too large");
        }
        if (byte & 0x80)
            continue;
        if (is_signed && (byte & 0x40) && shift + 7 < 64)
            number |= UINT64_MAX << (shift + 7);
        return number;
    }
}

uint32_t read_u32(Reader *reader) {
    return (uint32_t)read_leb(reader, 32, false);
}

int32_t read_s32(Reader *reader) {
    return (int32_t)read_leb(reader, 32, true);
}

int64_t read_s64(Reader *reader) {
    return (int64_t)read_leb(reader, 64, true);
}

static int64_t read_fixed(Reader *reader, int count) {
    const uint8_t *bytes = read_bytes(reader, (size_t)count);
    uint64_t number = 0;
    for (int i = 0; i < count; i++)
        number |= (uint64_t)bytes[i] << (8 * i);
    return (int64_t)number;
}

int64_t read_f32(Reader *reader) {
    return read_fixed(reader, 4);
}

int64_t read_f64(Reader *reader) {
    return read_fixed(reader, 8);
}

uint32_t read_count(Reader *reader) {
    size_t start = reader->at;
    uint32_t count = read_u32(reader);
    if (count > reader->end - reader->at)
        failure_raise(reader->failure, MALFORMED, start, "length out of bounds");
    return count;
}

// How many bytes follow the first one of a character, and the least that so many may stand for.
static bool is_utf8(const uint8_t *at, const uint8_t *end) {
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    while (at < end) {
        uint8_t first = *at++;
        if (first < 0x80)
            continue;
        int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
        if (first < 0xC0 || first >= 0xF8 || end - at < more)
            return false;
        uint32_t character = first & (0x3F >> more);
        for (int i = 0; i < more; i++, at++) {
            if ((*at & 0xC0) != 0x80)
                return false;
            character = character << 6 | (*at & 0x3F);
        }
        if (character < least[more] || character > 0x10FFFF ||
            (character >= 0xD800 && character < 0xE000))
            return false;
    }
    return true;
}

Name read_name(Reader *reader) {
    uint32_t length = read_u32(reader);
    size_t start = reader->at;
    if (length > reader->end - reader->at)
        failure_raise(reader->failure, MALFORMED, reader->at, "length out of bounds");
    const uint8_t *bytes = read_bytes(reader, length);
    if (!is_utf8(bytes, bytes + length))
        failure_raise(reader->failure, MALFORMED, start, "malformed UTF-8 encoding");
    return (Name){(const char *)bytes, length};
}

bool name_is(Name name, const char *text) {
    return strlen(text) == name.length && !memcmp(name.text, text, name.length);
}

bool names_equal(Name left, Name right) {
    return left.length == right.length && !memcmp(left.text, right.text, left.length);
}
