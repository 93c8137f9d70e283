#!/usr/bin/env python3
"""Holds what `bench/threads --small --json polls split` prints against the shape that it must have: each level
with each policy, and each policy with 1, 2 and 8 threads. Instructions are the same every time, so of these it
says that they are as many as without polls, more or less.

usage: bench_threads.py FILE.json
"""
import json
import sys

POLICIES = ["calls-and-back-edges", "every-bytecode", "visible-effects"]
with open(sys.argv[1], encoding="utf-8") as file:
    rows = json.load(file)
polls = [row for row in rows if row["part"] == "polls"]
assert [(row["level"], row["policy"], row["benchmark"]) for row in polls] == [
    (level, policy, what) for level in ("-O0", "-O1") for policy in POLICIES
    for what in ("Mandelbrot", "geometric mean")], polls
assert all(row["runs"] == 1 and row["interval"] is None and row["ratio"] > 0 for row in polls), polls
assert all(0.5 < row["instructions"] < 2 for row in polls), polls
split = rows[len(polls):]
assert [(row["policy"], row["threads"]) for row in split] == [
    (policy, threads) for policy in POLICIES for threads in (1, 2, 8)], split
assert all(row["microseconds"] > 0 and row["size"] == 50 for row in split), split
