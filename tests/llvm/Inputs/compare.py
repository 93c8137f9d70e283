"""Compares what `dispatch --json` says of one loop with its default and without."""
import json
import sys

kept, gone = (json.load(open(path)) for path in sys.argv[1:3])
lengths = {row["name"]: row["instructions"] for row in gone["bytecodes"]}
assert list(lengths)[:7] == [
    "add", "pushConst", "popLocal", "pushLocal", "less", "jumpIfTrue", "halt"]
assert lengths["halt"] is None
assert gone["dispatch_instructions"] < kept["dispatch_instructions"]
assert gone["dispatch_blocks"] < kept["dispatch_blocks"]
fewer = sum(row["instructions"] is not None and row["instructions"] == lengths[row["name"]] + 2
            for row in kept["bytecodes"])
assert fewer >= 22, fewer
print("two instructions fewer in 22 of 23 or more")
for report in (kept, gone):
    assert sum(report["classes"].values()) == len(report["path"])
print("classes add up")
assert [step["line"] for step in kept["path"] if step["class"] == "opcode fetch"] == [9]
print("the opcode is read in line 9")
