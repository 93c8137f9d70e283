// What `loopwright gil` prints for programs: an object, or a line, a cell. What others are
// documented to do is data already, in the file literature.json.
#include "cli/gil/gil.h"
#include "support/csv_field.h"
#include "support/json/json_text.h"

#include <inttypes.h>

// A refusal is no verdict on the claim, so it is data only for who has asked for the policy.
static bool is_told(const Gil *gil, const GilCell *cell) {
    return cell->verdict != GIL_REFUSED || gil->policies_named;
}

static const char *kind_of(const GilCell *cell) {
    return cell->column->is_python ? "python" : "policy";
}

static json_t *verdict_json(GilVerdict verdict) {
    return verdict ? json_text(gil_verdict_text(verdict)) : json_null();
}

static bool has_rounds(const GilCell *cell) {
    return cell->verdict == GIL_HOLDS || cell->verdict == GIL_VIOLATED;
}

static json_t *cell_json(const GilCell *cell) {
    json_t *data =
        json_pack("{s:o, s:o, s:s, s:I, s:o, s:o, s:o, s:f}", "demo", json_text(cell->demo->name),
                  "policy", json_text(cell->column->name), "kind", kind_of(cell), "interval_us",
                  (json_int_t)cell->interval, "verdict", verdict_json(cell->verdict), "expected",
                  verdict_json(cell->expected), "iterations",
                  has_rounds(cell) ? json_integer((json_int_t)cell->rounds) : json_null(),
                  "seconds", cell->seconds);
    if (cell->failure)
        json_object_set_new(data, "reason", json_text(cell->failure));
    return data;
}

void gil_json(const Gil *gil, Text *out) {
    json_t *all = json_array();
    for (size_t i = 0; i < gil->cells.count; i++)
        if (is_told(gil, &gil->cells.items[i]))
            json_array_append_new(all, cell_json(&gil->cells.items[i]));
    json_text_print(all, out);
    json_decref(all);
}

static void add_verdict(Text *out, GilVerdict verdict) {
    text_addf(out, ",%s", verdict ? gil_verdict_text(verdict) : "");
}

void gil_csv(const Gil *gil, Text *out) {
    text_add(out, "demo,policy,kind,interval_us,verdict,expected,iterations,seconds,reason\n");
    for (size_t i = 0; i < gil->cells.count; i++) {
        const GilCell *cell = &gil->cells.items[i];
        if (!is_told(gil, cell))
            continue;
        text_add_csv_field(out, cell->demo->name);
        text_add(out, ",");
        text_add_csv_field(out, cell->column->name);
        text_addf(out, ",%s,%" PRId64, kind_of(cell), cell->interval);
        add_verdict(out, cell->verdict);
        add_verdict(out, cell->expected);
        text_add(out, ",");
        if (has_rounds(cell))
            text_addf(out, "%" PRId64, cell->rounds);
        text_addf(out, ",%.3f,", cell->seconds);
        text_add_csv_field(out, cell->failure ? cell->failure : "");
        text_add(out, "\n");
    }
}
