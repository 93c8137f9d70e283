#!/usr/bin/env python3
"""Holds profiles of programs against what is known of the programs.

usage: check.py allocating|looping|sending|deep FILE.json
       check.py same FILE.json FILE.json          (allocation and sends)
       check.py folded FILE.json FILE.folded      (not of the same run: methods only)

Prints `ok`, or what differs; the exit status is 1 then.
"""
import collections
import json
import sys

trouble = []


def expect(what, found, wanted):
    if found != wanted:
        trouble.append(f"{what}: {found}, not {wanted}")


def expect_between(what, found, least, most):
    if not least <= found <= most:
        trouble.append(f"{what}: {found}, not from {least} to {most}")


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def rows(profile, method, **others):
    """The sites of a method, all of whose other keys are as given."""
    return [row for row in profile["sites"]
            if row["method"] == method and all(row[key] == value for key, value in others.items())]


def check_sums(profile):
    """What the parts of any profile say together."""
    if "allocation" in profile:
        allocation = profile["allocation"]
        for key in ("objects", "bytes", "survived", "survived_bytes", "undecided"):
            expect(f"the sum of {key}", sum(row[key] for row in allocation["sites"]), allocation[key])
    if "sends" in profile:
        sends = profile["sends"]
        expect("the sum of misses", sum(row["misses"] for row in sends["sites"]), sends["misses"])
        expect("of kinds", sum(row["misses"] for row in sends["kinds"]), sends["misses"])
        expect("sites of kinds", sum(row["sites"] for row in sends["kinds"]), len(sends["sites"]))
    if "time" in profile:
        time = profile["time"]
        for key in ("methods", "lines", "stacks"):
            expect(f"samples of {key}", sum(row["samples"] for row in time[key]), time["samples"])
            # Each is rounded.
            expect_between(f"the sum of {key}", sum(row["self"] for row in time[key]),
                           time["microseconds"] - len(time[key]), time["microseconds"] + len(time[key]))


def allocating(profile):
    def site(selector, what, line):
        found = rows(profile["allocation"], "Allocating>>" + selector, **{"class": what, "line": line})
        return [(row["objects"], row["bytes"], row["survived"], row["undecided"]) for row in found]

    def size(bytes):
        return (bytes + 15) // 16 * 16

    # A word for the header, one for the length, and one for each element.
    expect("arrays", site("arrays:keeping:", "Array", 19), [(1000, 1000 * size(7 * 8), 99, 0)])
    # As many blocks, and contexts for the variable that each refers to.
    expect("blocks", site("blocks:", "Block1", 27), [(300, 300 * 32, 0, 0)])
    expect("contexts", site("blocks:", "(context)", 26), [(300, 300 * size(6 * 8), 0, 0)])
    # `1 << 100`, and the sum.
    expect("integers", site("numbers:", "Integer", 33), [(100, 100 * size(4 * 8), 0, 0)])
    expect("large arrays", site("large:", "Array", 39), [(3, 3 * size(40002 * 8), 1, 0)])
    expect("the last", site("last", "Array", 43), [(1, size(4 * 8), 0, 1)])


def looping(profile):
    time = profile["time"]
    self_time = collections.Counter({row["method"]: row["self"] for row in time["methods"]})
    total = collections.Counter({row["method"]: row["total"] for row in time["methods"]})
    lines = collections.Counter({(row["method"], row["line"]): row["self"] for row in time["lines"]})
    often, seldom = "Looping>>often", "Looping>>turn:"
    expect("the first", time["methods"][0]["method"], often)
    expect_between("the share of often", self_time[often] / time["microseconds"], 0.7, 0.98)
    expect_between("the share of turn:", self_time[seldom] / time["microseconds"], 0.02, 0.3)
    expect_between("the rest", 1 - (self_time[often] + self_time[seldom]) / time["microseconds"], -0.001, 0.1)
    expect_between("both:, with all it calls", total["Looping>>both:"] / time["microseconds"], 0.95, 1.001)
    expect("seldom calls turn:", total["Looping>>seldom"] >= total[seldom] > 0, True)
    expect_between("the loop's line", lines[often, 18] / self_time[often], 0.9, 1.001)
    stack = ["Looping>>run", "Looping>>both:", "Looping>>seldom", seldom]
    expect("one stack of turn:", [row["frames"][-4:] for row in time["stacks"] if row["frames"][-1] == seldom],
           [stack])


def sending(profile):
    def site(selector, sent):
        found = rows(profile["sends"], "Sending>>" + selector, selector=sent)
        return [(row["kind"], row["misses"], sorted(row["classes"])) for row in found]

    expect("one class, setting", site("one:", "field:"), [("setter", 1, ["Sending"])])
    expect("one class, getting", site("one:", "field"), [("getter", 1, ["Sending"])])
    expect("in a loop", site("run", "one:"), [("self", 1, ["Sending"])])
    expect("two in turn", site("two:", "hashcode"), [("primitive", 100, ["Sending", "String"])])
    expect("three in turn", site("three:", "asString"), [("primitive", 100, ["Integer", "String", "Symbol"])])
    expect("a constant", site("three:", "receivers"), [("constant", 1, ["Sending"])])


def deep(profile):
    time = profile["time"]
    expect("all samples are cut", time["cut"] >= time["samples"] * 0.5 > 0, True)
    frames = [row["frames"] for row in time["stacks"] if len(row["frames"]) > 100]
    expect("frames", {(len(each), each[0], each[1], each[-1]) for each in frames},
           {(time["depth"] + 1, "(callers that were cut off)", "Ending>>goDown:", "Ending>>goDown:")})


def same(one, other):
    for part in ("allocation", "sends"):
        left, right = (sorted(json.dumps({key: value for key, value in row.items()
                                          if key not in ("survived", "survived_bytes", "undecided", "bytecode")},
                                         sort_keys=True)
                              for row in each[part]["sites"]) for each in (one, other))
        expect(f"rows of {part} that differ", sorted(set(left) ^ set(right)), [])


def main(what, *paths):
    profile = load(paths[0])
    check_sums(profile)
    if what == "same":
        same(profile, load(paths[1]))
    else:
        {"allocating": allocating, "looping": looping, "sending": sending, "deep": deep, "sums": lambda _: None}[what](profile)
    print("\n".join(trouble) or "ok")
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
