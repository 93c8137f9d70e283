"""Writes two campaigns of nine runs that differ in one variant only, which takes half as long again.

usage: slower.py OLD.jsonl NEW.jsonl
"""
import json
import random
import sys

PROGRAMS = ["-cp p Harness Sieve 1 500", "-cp p Harness Queens 1 200"]
TIMES = {"-O0": 90000, "-O2": 15000}


def write(path, factor):
    drawn = random.Random(1)
    with open(path, "w") as file:
        head = {"format": 1, "runs": 9, "layouts": 1, "subjects": [{"name": name} for name in TIMES],
                "programs": PROGRAMS}
        print(json.dumps({"campaign": head}), file=file)
        for run in range(9):
            for program in PROGRAMS:
                for name, time in TIMES.items():
                    noise = 1 + 0.02 * drawn.random()
                    print(json.dumps({"variant": name, "program": program, "run": run,
                                      "microseconds": round(time * noise * factor.get(name, 1))}), file=file)


write(sys.argv[1], {})
write(sys.argv[2], {"-O2": 1.5})
