#!/usr/bin/env python3
"""Races Tally's interpreters on its programs, checks every result, and prints a table.

usage: bench.py BUILD-FOLDER-OF-LOOPWRIGHT [--runs=N] [FLAGS ...]

FLAGS are each one interpreter, as for `loopwright emit`; the first is what the others are
compared with. Without any there are those of the table in examples/README.md. A round runs
each interpreter once, beginning with another one each time. Times are of the processor
(user), the median of the rounds. A ratio is the median of the rounds' ratios, with its
distribution-free interval. What is counted is the same in every run.

example: bench.py build -O0 '-O0 -fcache-frame-state' -O1
"""
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

# Program, size, and the last line that it must print.
PROGRAMS = [
    ("sieve", 5000000, "348513 primes below 5000000"),
    ("fibonacci", 33, "fibonacci(33) = 3524578"),
    ("mandelbrot", 5000, "1968607 iterations"),
    ("collatz", 100000, "77031 takes 350 steps"),
    ("queens", 11, "2680 ways"),
]
COUNTED = "sieve"  # at its own size, by the evaluator

VARIANTS = ["-O0", "-O0 -fcache-frame-state", "-O0 -feliminate-default-case",
            "-O0 -feliminate-default-case -fcache-frame-state", "-O0 -fhoist-frame-reads", "-O1",
            "-O1 -fforward-stack", "-O1 -freplicate-dispatch", "-O1 -ftail-call-handlers",
            "-O1 -fsuperinstructions", "-O2 -fno-forward-stack", "-O2",
            "-O2 -ftail-call-handlers -fno-forward-stack", "-O2 -ftail-call-handlers",
            "-O2 -ftail-call-handlers -fcache-stack-top"]


class Interpreter:
    """One that has been built, with the times of its runs by program, and what was counted."""

    def __init__(self, build, out, flags):
        self.flags, self.tally = flags, os.path.join(out, "tally")
        self.times = {name: [] for name, _, _ in PROGRAMS}
        words = flags.split()
        subprocess.run([os.path.join(HERE, "build.sh"), build, out, *words], check=True)
        loopwright, counts = os.path.join(build, "bin", "loopwright"), os.path.join(out, "counts")
        subprocess.run([loopwright, "run", "--engine=eval", *words, f"--counts={counts}",
                        f"--definition={HERE}/Tally.som", f"--externals={out}/tally.so",
                        "--entry=tally", f"{HERE}/programs/{COUNTED}.tally"],
                       check=True, stdout=subprocess.DEVNULL)
        with open(counts, encoding="utf-8") as file:
            self.counts = json.load(file)
        self.dispatch = json.loads(subprocess.run(
            [loopwright, "dispatch", "--json", f"--counts={counts}", f"{out}/loop.o"],
            check=True, capture_output=True).stdout)

    def run(self, program, size, last_line):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        result = subprocess.run(
            [self.tally, os.path.join(HERE, "programs", program + ".tally"), str(size)],
            capture_output=True, text=True)
        if result.returncode != 0 or result.stdout.splitlines()[-1:] != [last_line]:
            sys.exit(f"NOT VERIFIED: {self.tally} {program} {size}\n{result.stdout}{result.stderr}")
        self.times[program].append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)

    def ratios(self, first, program):
        return [mine / base for mine, base in zip(self.times[program], first.times[program])]


def interval(ratios):
    """The narrowest pair of order statistics that holds the median in 95 of 100 cases,
    or the widest there is, with how often it does."""
    count, outside, cut = len(ratios), 2 / 2 ** len(ratios), 0
    while (more := outside + 2 * math.comb(count, cut + 1) / 2 ** count) <= 0.05:
        outside, cut = more, cut + 1
    ordered = sorted(ratios)
    return ordered[cut], ordered[-1 - cut], 1 - outside


def race(interpreters, runs):
    for program, size, last_line in PROGRAMS:
        for turn in range(runs):
            for step in range(len(interpreters)):
                interpreters[(turn + step) % len(interpreters)].run(program, size, last_line)
        print(f"{program} {size}")
        for interpreter in interpreters:
            ratios = interpreter.ratios(interpreters[0], program)
            low, high, sure = interval(ratios)
            print(f"  {interpreter.flags:49}"
                  f" {1000 * statistics.median(interpreter.times[program]):7.0f} ms"
                  f"  x {statistics.median(ratios):.3f}"
                  f"  [{low:.3f}, {high:.3f}] {100 * sure:.0f} %", flush=True)


def print_table(interpreters):
    print()
    for row, interpreter in enumerate(interpreters, 1):
        print(f"{row:3}  {interpreter.flags}")
    names = [name for name, _, _ in PROGRAMS]
    print(f"\n     {'ratio of times':<{sum(len(name) + 2 for name in names) + 9}}"
          f"dispatches  frame reads    instructions  blocks  sites")
    print(f"     {'  '.join(names)}   mean    / bytecode   / bytecode    / dispatch")
    for row, interpreter in enumerate(interpreters, 1):
        medians = [statistics.median(interpreter.ratios(interpreters[0], name)) for name in names]
        counts, dispatch = interpreter.counts, interpreter.dispatch
        cells = "  ".join(f"{ratio:{len(name)}.2f}" for name, ratio in zip(names, medians))
        print(f"{row:3}  {cells}  {statistics.geometric_mean(medians):5.2f}"
              f"  {counts['dispatches'] / counts['bytecodes']:12.2f}"
              f"  {counts['frame_reads'] / counts['bytecodes']:11.2f}"
              f"  {dispatch['dispatch_instructions']:14.2f}"
              f"  {dispatch['dispatch_blocks']:6.2f}  {dispatch['dispatch_sites']:5}")


def usage():
    print(__doc__, file=sys.stderr)
    sys.exit(2)


def main():
    runs, words = 9, sys.argv[1:]
    if not words or words[0].startswith("-"):
        usage()
    build, flags = words[0], []
    for word in words[1:]:
        if word.startswith("--runs="):
            runs = int(word[7:]) if word[7:].isdecimal() else 0
            if not runs:
                usage()
        else:
            flags.append(word)
    with tempfile.TemporaryDirectory() as folder:
        interpreters = [Interpreter(build, os.path.join(folder, str(number)), variant)
                        for number, variant in enumerate(flags or VARIANTS)]
        race(interpreters, runs)
    print_table(interpreters)


main()
