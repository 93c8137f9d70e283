"""Compares reports of `dispatch --json` with the first: all must be the same but for where the code is."""
import json
import sys

FIGURES = ("instructions", "blocks", "sites")
SAME = FIGURES + ("bytecode", "classes", "polls", "least", "median", "most", "bytecodes")


def comparable(path):
    with open(path) as file:
        report = json.load(file)
    # A jump's text has an address, so that of an instruction is compared without its operands.
    steps = [(step["text"].split()[0], step["class"], step["line"], step["operation"])
             for step in report["path"]]
    return {"path": steps, **{key: report[key] for key in SAME}}


first = comparable(sys.argv[1])
for path in sys.argv[2:]:
    other = comparable(path)
    for key, value in first.items():
        assert other[key] == value, (path, key, other[key], value)
    print("same: %d instructions, %d blocks, %d sites" % tuple(other[key] for key in FIGURES))
