"""usage: figures.py FILE.json ROWS: does the table of `bench --json` have what a row is to have?"""

import json
import sys

rows = json.load(open(sys.argv[1]))["rows"]
assert len(rows) == int(sys.argv[2]), len(rows)
for row in rows:
    assert row["verified"] is True, row
    assert row["median_us"] > 0 and row["dispatch_instructions"] > 0, row
    assert "process" not in sys.argv[1] or row["frame_reads_per_bytecode"] > 0, row
