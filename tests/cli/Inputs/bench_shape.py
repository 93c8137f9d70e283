"""Checks that `bench --json` has the keys that other tools rely on: FILE [counted]."""
import json
import sys

report = json.load(open(sys.argv[1]))
counted = "counted" in sys.argv
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
