"""Prints what a sampled profile says, coarsely, if its lists agree with each other."""
import json
import sys

profile = json.load(open(sys.argv[1]))
kinds = profile["kinds"]
loop = sum(kinds[kind]["samples"] for kind in ("dispatch", "work", "polls"))


def samples(rows):
    return sum(row["samples"] for row in rows)


assert profile["event"] in ("cycles", "cpu-clock"), profile["event"]
assert samples(kinds.values()) == profile["samples"] > 0
assert samples(profile["bytecodes"]) == samples(profile["lines"]) == samples(profile["addresses"]) == loop
assert samples(profile["functions"]) == kinds["runtime"]["samples"] + kinds["libraries"]["samples"]
assert samples(profile["libraries"]) == kinds["libraries"]["samples"]
assert abs(sum(kind["share"] for kind in kinds.values()) - 1) < 1e-6
for row in profile["bytecodes"]:
    assert samples(row["kinds"].values()) == row["samples"], row
by_address = {row["address"]: row["samples"] for row in profile["addresses"]}
for row in profile["table"]["rows"]:
    assert by_address.get(row["address"], 0) == row["samples"], row
    assert row["class"] and row["text"], row
shares = {"loop": loop / profile["samples"], **{name: kind["share"] for name, kind in kinds.items()}}
print("table of", profile["table"]["of"])
print("more than half:", " ".join(sorted(name for name, share in shares.items() if share > 0.5)))
print("unattributed:", "little" if shares["unattributed"] < 0.01 else shares["unattributed"])
