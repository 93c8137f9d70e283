"""Says what cells `loopwright gil --json` has: their keys, and a line for each policy with its verdicts.

usage: gil_cells.py FILE

A cell that holds or is violated has rounds, and took some time; one that was tried for the time that it holds took at
least that.
"""

import collections
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    cells = json.load(file)
print("keys", " ".join(sorted({key for cell in cells for key in cell})))
verdicts = collections.defaultdict(set)
for cell in cells:
    assert isinstance(cell["interval_us"], int) and cell["seconds"] > 0, cell
    assert (cell["verdict"] in ("holds", "violated")) == isinstance(cell["iterations"], int), cell
    assert (cell["verdict"] is None) == ("reason" in cell), cell
    verdicts[cell["kind"], cell["policy"]].add("%s %s %s" % (cell["demo"], cell["interval_us"], cell["verdict"]))
for (kind, policy), found in sorted(verdicts.items()):
    print(kind, policy + ":", ", ".join(sorted(found)))
