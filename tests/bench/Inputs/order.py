"""Holds the order of runs in two files of raw data against each other.

usage: order.py ONE.jsonl OTHER.jsonl
"""
import json
import sys


def order(path):
    lines = [json.loads(line) for line in open(path)]
    names = [subject["name"] for subject in lines[0]["campaign"]["subjects"]]
    programs = lines[0]["campaign"]["programs"]
    runs = [(run["run"], programs.index(run["program"]), names.index(run["variant"]))
            for run in lines if "microseconds" in run]
    return runs, sorted(runs)


(one, plain), (other, _) = map(order, sys.argv[1:])
print("the same order, %s" % ("and not that of the command line" if one != plain else "that of the command line")
      if one == other else "orders differ: %s %s" % (one, other))
