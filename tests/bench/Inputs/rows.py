"""Prints the rows of `loopwright bench --json` that are peers', a line each, and how many others there
are: kind, variant, program, verified and, where it isn't, why.

usage: rows.py FILE.json
"""
import json
import sys

rows = json.load(open(sys.argv[1], encoding="utf-8"))["rows"]
peers = [row for row in rows if row.get("kind") == "peer"]
for row in peers:
    print(row["kind"], row["variant"], "|", row["program"], "|", row["verified"], row.get("reason") or "")
print(len(rows) - len(peers), "others")
