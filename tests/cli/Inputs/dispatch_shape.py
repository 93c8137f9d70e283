"""Checks what `dispatch --json` prints, of one interpreter or of two: what must hold of any."""
import json
import sys

CLASSES = {"opcode fetch", "pc advance", "frame read", "spill or reload", "copy", "address arithmetic",
           "range check", "table load", "jump", "other"}


def check(report):
    path, classes = report["path"], report["classes"]
    assert set(classes) <= CLASSES, classes
    assert sum(classes.values()) == report["instructions"] == len(path), classes
    assert classes.get("other", 0) <= 0.05 * report["instructions"], path
    for step in path:
        assert step["class"] in CLASSES and int(step["address"], 16) >= 0 and step["text"], step
        assert (step["line"] is None) <= (step["column"] is None), step
    lengths = {row["name"]: row["instructions"] for row in report["bytecodes"] if row["instructions"]}
    for row in report["bytecodes"]:
        assert row["classes"] is None or sum(row["classes"].values()) == row["instructions"], row
    assert lengths[report["bytecode"]] == report["instructions"]
    assert lengths[report["least"]] == min(lengths.values())
    assert lengths[report["most"]] == max(lengths.values())
    assert lengths[report["least"]] <= lengths[report["median"]] <= lengths[report["most"]]
    dispatches = [row for row in report["bytecodes"] if row["instructions"]]
    weight = sum(row["weight"] for row in dispatches)
    mean = sum(row["weight"] * row["instructions"] for row in dispatches) / weight
    assert abs(mean - report["dispatch_instructions"]) < 1e-6
    assert abs(sum(report["dispatch_classes"].values()) - mean) < 1e-6
    assert ("mean" in report) == report["dispatch_weighted"]
    if "mean" in report:
        assert abs(report["mean"] - mean) < 1e-6
    if "model" in report:
        assert report["model"]["latency"] > 0 and report["model"]["throughput"] > 0
        assert all(step["latency"] >= 0 and step["throughput"] >= 0 for step in path)


with open(sys.argv[1]) as file:
    report = json.load(file)
if "rows" in report:
    sides = report["a"], report["b"]
    for side, key in zip(sides, "ab"):
        check(side)
        used = [row[key] for row in report["rows"] if row[key] is not None]
        assert used == list(range(side["instructions"])), used
        for row in report["rows"]:
            assert row[key] is None or side["path"][row[key]]["class"] == row["class"], row
        assert {name: both[key] for name, both in report["classes"].items() if both[key]} == side["classes"]
    print("%s: %d and %d instructions in %d rows" % (sides[0]["bytecode"], sides[0]["instructions"],
                                                     sides[1]["instructions"], len(report["rows"])))
else:
    check(report)
    print("%s: %d instructions" % (report["bytecode"], report["instructions"]))
