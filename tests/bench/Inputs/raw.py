"""Tells what stands in a file of raw data, and in the report that was made with it.

usage: raw.py RAW.jsonl REPORT.json
"""
import collections
import json
import sys

lines = [json.loads(line) for line in open(sys.argv[1])]
report = json.load(open(sys.argv[2]))
campaign = lines[0]["campaign"]
runs = [line for line in lines if "microseconds" in line]
pairs = collections.Counter((run["variant"], run["program"]) for run in runs)
print("subjects", " ".join("%(kind)s:%(name)s" % subject for subject in campaign["subjects"]))
print("%d runs of %d pairs, each %s" % (len(runs), len(pairs), "/".join(map(str, set(pairs.values())))))
long = next(run for run in runs if run["program"].endswith("600"))
print("first: %s of %s" % (long["microseconds"], long["iterations_us"]))
print("counts of %d" % sum("counts" in line for line in lines))
rows = report["rows"]
twin = next(row for row in rows if row["kind"] == "aa")
assert all(row["wall_us"] > 0 and row["user_us"] >= 0 and row["runs"] == campaign["runs"] for row in rows), rows
print("%d rows, %s verified; %s is the %s as %s" % (
    len(rows), "all" if all(row["verified"] for row in rows) else "not all", twin["variant"], twin["difference"],
    twin["same_code_as"]))
print("means of", " ".join(row["variant"] for row in report["means"]))
