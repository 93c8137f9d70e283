// The report's parts that are worth a test by themselves: names in HTML, axes, what becomes of
// gnuplot's SVG, files of releases. The page as a whole is tests/report's.
#include "cli/report/axis.h"
#include "cli/report/history.h"
#include "cli/report/markup.h"
#include "cli/report/plot_svg.h"
#include "cli/report/report.h"
#include "support/interruption.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state) {
    *state = arena_new();
    return 0;
}

static int tear_down(void **state) {
    arena_free(*state);
    temporary_remove_all();
    return 0;
}

// ---- Names --------------------------------------------------------------------------------------

static void assert_escaped(const char *chars, const char *wanted) {
    Text text = {0};
    markup_text(&text, chars);
    assert_string_equal(text_chars(&text), wanted);
    text_free(&text);
}

static void names_are_escaped_and_what_is_invisible_is_told(void **state) {
    (void)state;
    assert_escaped("-O2 -fsuperinstructions", "-O2 -fsuperinstructions");
    assert_escaped("</script>", "&lt;/script&gt;");
    assert_escaped("a & \"b\" 'c'", "a &amp; &quot;b&quot; &#39;c&#39;");
    assert_escaped("a\nb\x01", "aU+000AbU+0001");
    assert_escaped("\xff\xc3(", "0xFF0xC3(");
    assert_escaped("\xe2\x80\xae", "U+202E");
    assert_escaped("größer", "größer");
    assert_escaped("", "");
}

static void assert_within(const char *chars, size_t columns, const char *wanted, bool fits) {
    Text text = {0};
    assert_int_equal(markup_text_within(&text, chars, columns), fits);
    assert_string_equal(text_chars(&text), wanted);
    text_free(&text);
}

static void long_names_lose_their_middle(void **state) {
    (void)state;
    assert_within("12345678", 8, "12345678", true);
    assert_within("1234567890", 9, "123…67890", false);
    assert_within("<<<<<<<<<<", 9, "&lt;&lt;&lt;…&lt;&lt;&lt;&lt;&lt;", false);
    // A wide character takes two columns, and is not cut in half.
    assert_within("名前名前名前", 9, "名…名前", false);
    assert_within("\n\n\n\n\n\n", 9, "U+0…+000A", false);
}

// ---- Axes ---------------------------------------------------------------------------------------

static void assert_ticks(const Axis *axis, size_t most) {
    assert_true(axis->ticks.count >= 2 && axis->ticks.count <= most);
    for (size_t i = 0; i < axis->ticks.count; i++) {
        assert_true(axis->ticks.items[i] >= axis->least - 1e-9);
        assert_true(axis->ticks.items[i] <= axis->greatest + 1e-9);
        assert_true(!i || axis->ticks.items[i] > axis->ticks.items[i - 1]);
    }
}

static void axes_have_few_ticks_at_any_scale(void **state) {
    Arena *arena = *state;
    Axis axis = axis_for(arena, 0.16, 1, true, 8);
    assert_ticks(&axis, 8);
    assert_true(axis.least < 0.16 && axis.greatest > 1);
    // From almost nothing to a million times of it, at any number of ticks, and the other way
    // round.
    for (double span = 1; span < 1e7; span *= 1.7)
        for (size_t most = 5; most <= 10; most++)
            for (double least = 1e-3; least < 1e6; least *= 13) {
                axis = axis_for(arena, least, least * span, true, most);
                assert_ticks(&axis, most);
                axis = axis_for(arena, least, least * span, false, most);
                assert_ticks(&axis, most);
            }
    axis = axis_for(arena, 0, 0, false, 5);
    assert_ticks(&axis, 5);
    axis = axis_for(arena, 0, 81, false, 8);
    assert_true(axis.least == 0);
}

// ---- What gnuplot draws -------------------------------------------------------------------------

static void assert_drawn(Arena *arena, const char *svg, const char *wanted) {
    Plot plot = {.arena = arena};
    plot_text(&plot, "<tspan class=\"name\">-O2 &amp; more</tspan>");
    Text drawn = {0}, out = {0};
    text_add(&drawn, svg);
    plot_svg_add(&plot, &drawn, &out);
    assert_string_equal(text_chars(&out), wanted);
    text_free(&drawn);
    text_free(&out);
}

static void plots_have_the_pages_colours_and_texts_and_no_names_of_their_own(void **state) {
    Arena *arena = *state;
    // Names that every plot has, and what isn't to be seen, don't come through.
    assert_drawn(arena,
                 "<?xml version=\"1.0\"?>\n<svg width=\"6\">\n<title>Gnuplot</title>\n"
                 "<desc>Produced by <b>x</b></desc>\n<rect x=\"0\" fill=\"none\"/>\n"
                 "<defs>\n<circle id='gpDot' r='0.5'/></defs>\n"
                 "<g id=\"gnuplot_plot_1\" >\n</g>\n</svg>\n",
                 "");
    // Colours are the page's; coordinates are rounded.
    assert_drawn(arena, "<path stroke='rgb(  0,   0,   5)'  d='M1.26,2.00 L3.04,-4.96'/>",
                 "<path stroke=\"var(--plot-variant)\" d=\"M1.3 2L3 -5\"/>\n");
    assert_drawn(arena, "<path stroke='rgb(255, 0, 0)' onclick='x()' d='M1,2'/>",
                 "<path stroke=\"currentColor\" d=\"M1 2\"/>\n");
    // Texts.
    assert_drawn(arena, "<text><tspan font-family=\"sans\" >" PLOT_TEXT_WORD "0</tspan></text>\n",
                 "<text><tspan class=\"name\">-O2 &amp; more</tspan></text>\n");
    assert_drawn(arena, "<text>" PLOT_TEXT_WORD "7</text>", "<text>" PLOT_TEXT_WORD "7</text>\n");
    // Points become dots of one path, and diamonds shapes.
    assert_drawn(arena,
                 "<use xlink:href='#gpPt6' transform='translate(1.00,2.00) scale(2.25)' "
                 "color='rgb(  0,   0,   2)'/>\n"
                 "<use xlink:href='#gpPt6' transform='translate(3.00,4.00) scale(2.25)' "
                 "color='rgb(  0,   0,   2)'/>\n"
                 "<use xlink:href='#gpPt12' transform='translate(3.00,4.00) scale(5.00)' "
                 "color='rgb(  0,   0,   1)'/>\n</g>",
                 "<path class=\"dots\" fill=\"none\" stroke=\"var(--dim)\" stroke-width=\"4.5\" "
                 "d=\"M1 2h0M3 4h0\"/>\n"
                 "<path fill=\"currentColor\" stroke=\"none\" d=\"M-4 4l7.0 -7.0 7.0 7.0 -7.0 "
                 "7.0z\"/>\n</g>\n");
    // Cut off anywhere, it is no fault of ours.
    static const char whole[] = "<g fill='none'><path d='M1,2'/><text>1</text></g>";
    for (size_t length = 0; length < sizeof whole; length++) {
        Plot plot = {.arena = arena};
        Text drawn = {0}, out = {0};
        text_add_bytes(&drawn, whole, length);
        plot_svg_add(&plot, &drawn, &out);
        text_free(&drawn);
        text_free(&out);
    }
}

// ---- Releases -----------------------------------------------------------------------------------

static Campaign *campaign_made(Arena *arena, Analysis *analysis) {
    Campaign *campaign = campaign_new(arena);
    campaign->date = "2026-11-29T20:40:00Z";
    campaign->machine.processor = "a <machine>";
    ARENA_PUSH(arena, &campaign->subjects, ((CampaignSubject){.name = "-O0"}));
    ARENA_PUSH(arena, &campaign->subjects, ((CampaignSubject){.name = "-O2 \"x\""}));
    ARENA_PUSH(arena, &campaign->programs, "Harness Sieve 2 100");
    ARENA_PUSH(arena, &campaign->programs, "Harness Queens 2 100");
    campaign_complete(campaign);
    *campaign_counts(campaign, 1, 0) =
        (CampaignCounts){.has_dispatch = true, .dispatch_instructions = 3};
    *campaign_counts(campaign, 1, 1) =
        (CampaignCounts){.has_dispatch = true, .dispatch_instructions = 4};
    static AnalysisRow means[2];
    means[1] = (AnalysisRow){.subject = 1, .has_ratio = true, .has_interval = true};
    means[1].ratio = (StatisticsInterval){0.352, 0.341, 0.366, 0.95};
    *analysis = (Analysis){.campaign = campaign, .means = means, .mean_programs = 2};
    return campaign;
}

static void write_text(const char *path, const char *chars) {
    Text text = {0};
    text_add(&text, chars);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text_chars(&text), file);
    fclose(file);
    text_free(&text);
}

static void releases_come_back_as_they_were_written_and_bad_files_are_left_out(void **state) {
    Arena *arena = *state;
    Analysis analysis;
    Campaign *campaign = campaign_made(arena, &analysis);
    char folder[] = "/tmp/loopwright-releases.XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *good = arena_printf(arena, "%s/0.2.0.json", folder);
    const char *older = arena_printf(arena, "%s/old.json", folder);
    const char *broken = arena_printf(arena, "%s/broken.json", folder);
    const char *odd = arena_printf(arena, "%s/odd.json", folder);
    assert_true(history_write(good, campaign, &analysis, "0.2.0"));
    write_text(older, "{\"release\": \"0.1.0\", \"date\": \"2026-01-01\", \"subjects\": []}");
    write_text(broken, "{\"release\": ");
    write_text(odd, "{\"release\": \"9\", \"date\": \"2027\", \"subjects\": [{\"name\": 7}]}");

    const ReportHistory *history = history_read(arena, folder);
    assert_int_equal(history->releases.count, 2);
    assert_string_equal(history->releases.items[0].release, "0.1.0");
    const HistoryRelease *release = &history->releases.items[1];
    assert_string_equal(release->release, "0.2.0");
    assert_string_equal(release->machine, "a <machine>");
    assert_string_equal(release->baseline, "-O0");
    assert_int_equal(release->programs, 2);
    assert_int_equal(release->subjects.count, 2);
    assert_true(release->subjects.items[0].ratio == RUN_NO_FIGURE);
    assert_true(release->subjects.items[0].dispatch_instructions == RUN_NO_FIGURE);
    assert_string_equal(release->subjects.items[1].name, "-O2 \"x\"");
    assert_true(fabs(release->subjects.items[1].ratio - 0.352) < 1e-9);
    assert_true(fabs(release->subjects.items[1].high - 0.366) < 1e-9);
    assert_true(fabs(release->subjects.items[1].dispatch_instructions - 3.5) < 1e-9);
    assert_int_equal(history_read(arena, "/nowhere/at/all")->releases.count, 0);

    const char *const files[] = {good, older, broken, odd};
    for (int i = 0; i < 4; i++)
        assert_int_equal(remove(files[i]), 0);
    assert_int_equal(remove(folder), 0);
}

// ---- What was gathered --------------------------------------------------------------------------

static Text page_of(const Campaign *campaign, const ReportExtras *extras) {
    Text page = {0};
    const Analysis *analysis = analysis_of(campaign->arena, campaign);
    assert_true(report_html(campaign, analysis, extras, NULL, &page));
    return page;
}

static Campaign *campaign_run(Arena *arena) {
    Analysis analysis;
    Campaign *campaign = campaign_made(arena, &analysis);
    for (size_t i = 0; i < 16; i++) {
        CampaignRun run = {.subject = i % 2, .program = i / 2 % 2, .run = (int)(i / 4)};
        run.microseconds = 1000 + 10.0 * (double)i;
        run.wall = run.user = run.system = RUN_NO_FIGURE;
        run.instructions = run.cycles = run.branch_misses = RUN_NO_FIGURE;
        ARENA_PUSH(arena, &campaign->measured, run);
    }
    campaign->runs = 4;
    campaign->layouts = 1;
    return campaign;
}

static bool contains(const Text *page, const char *chars) {
    return strstr(text_chars(page), chars) != NULL;
}

static void what_could_not_be_gathered_is_said_and_the_rest_is_there(void **state) {
    Arena *arena = *state;
    if (!report_check())
        skip();
    Campaign *campaign = campaign_run(arena);
    Text page = page_of(campaign, NULL);
    assert_true(contains(&page, "What isn’t here"));
    assert_false(contains(&page, "id=\"code\""));
    text_free(&page);

    ReportExtras extras = {.no_flame = "a <flaw>"};
    ReportVariant first = {.subject = 0, .no_dispatch = "no <machine> code"};
    ReportVariant second = {.subject = 1, .no_executed = "nothing \"counted\""};
    ARENA_PUSH(arena, &extras.variants, first);
    ARENA_PUSH(arena, &extras.variants, second);
    page = page_of(campaign, &extras);
    assert_true(contains(&page, "no &lt;machine&gt; code"));
    assert_true(contains(&page, "nothing &quot;counted&quot;"));
    assert_true(contains(&page, "a &lt;flaw&gt;"));
    text_free(&page);
}

// The commands that print them may be another version's, some day.
static void data_of_another_form_are_taken_as_far_as_they_go(void **state) {
    Arena *arena = *state;
    if (!report_check())
        skip();
    static const char *const documents[] = {
        "{}",
        "[1, 2]",
        "{\"dispatch_instructions\": \"many\", \"path\": 7, \"per_bytecode\": {}}",
        "{\"path\": [1, null, {\"text\": \"<b>\", \"class\": \"\\\"x\"}],"
        " \"per_bytecode\": [null, {\"name\": \"<i>\", \"count\": 3}],"
        " \"dispatch_classes\": {\"<u>\": 1, \"jump\": 2}, \"dispatch_instructions\": 2,"
        " \"table\": {\"of\": \"<s>\", \"rows\": [{\"share\": 0.5}, {\"share\": -1}]}}",
    };
    Campaign *campaign = campaign_run(arena);
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        json_t *data = json_loads(documents[i], 0, NULL);
        assert_non_null(data);
        ReportExtras extras = {.flame = i % 2 ? "<svg viewBox=\"0 0 5 5\">" : "no picture"};
        ReportVariant variant = {.dispatch = data, .samples = data, .executed = data};
        json_incref(data);
        json_incref(data);
        ARENA_PUSH(arena, &extras.variants, variant);
        Text page = page_of(campaign, &extras);
        static const char *const tags[] = {"<b>", "<s>", "<u>"};
        for (int t = 0; t < 3; t++)
            assert_false(contains(&page, tags[t]));
        assert_true(contains(&page, "</html>"));
        text_free(&page);
        report_extras_free(&extras);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_are_escaped_and_what_is_invisible_is_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(long_names_lose_their_middle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(axes_have_few_ticks_at_any_scale, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            plots_have_the_pages_colours_and_texts_and_no_names_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            releases_come_back_as_they_were_written_and_bad_files_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_could_not_be_gathered_is_said_and_the_rest_is_there,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(data_of_another_form_are_taken_as_far_as_they_go, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
