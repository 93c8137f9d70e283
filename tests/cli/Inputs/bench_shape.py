"""Checks that `bench --json` has the keys that other tools rely on.

usage: bench_shape.py FILE [counted] [layouts=N]
"""
import json
import sys

report = json.load(open(sys.argv[1]))
counted = "counted" in sys.argv
layouts = next((int(word[8:]) for word in sys.argv if word.startswith("layouts=")), 1)
assert report["layouts"] == layouts, report
rows = report["rows"]
assert [row["variant"] for row in rows] == ["-O0", "-O1"], rows
for row in rows:
    assert row["verified"] is True and "reason" not in row, row
    assert row["kind"] == "variant" and row["program"] == report["program"], row
    assert row["ratio_low"] <= row["ratio"] <= row["ratio_high"], row
    assert row["dispatch_sites"] >= 1 and row["dispatch_instructions"] > 0, row
    assert row["dispatch_blocks"] >= 1 and row["median_us"] > 0, row
    assert row["dispatch_weighted"] is counted, row
    if counted:
        assert row["frame_reads_per_bytecode"] > 0, row
    else:
        assert row["frame_reads_per_bytecode"] is None, row
    assert len(row["times_us"]) == report["runs"] * layouts, row
    assert ("layouts" in row) == (layouts > 1), row
    if layouts > 1:
        assert [each["placement"] for each in row["layouts"]] == list(range(layouts)), row
        ratios = sorted(each["ratio"] for each in row["layouts"])
        assert ratios[0] <= row["ratio"] <= ratios[-1], row
        assert sum((each["times_us"] for each in row["layouts"]), []) == row["times_us"], row
