#!/usr/bin/env python3
"""Races Tally's interpreters on its programs, and checks every result.

usage: bench.py BUILD-FOLDER-OF-LOOPWRIGHT [--runs=N] [FLAGS ...]

FLAGS (default: -O0 -O1) are each one interpreter, as for `loopwright emit`; the first is
what the others are compared with. A round runs each interpreter once, beginning with
another one each time. Times are of the processor (user), the median of the rounds. A
ratio is the median of the rounds' ratios, with its distribution-free interval.

example: bench.py build -O0 '-O0 -fcache-frame-state' -O1
"""
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


def run(interpreter, program, size, last_line):
    """The seconds that one run takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    result = subprocess.run(
        [interpreter, os.path.join(HERE, "programs", program + ".tally"), str(size)],
        capture_output=True, text=True)
    if result.returncode != 0 or result.stdout.splitlines()[-1:] != [last_line]:
        sys.exit(f"NOT VERIFIED: {interpreter} {program} {size}\n{result.stdout}{result.stderr}")
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def interval(ratios):
    """The narrowest pair of order statistics that holds the median in 95 of 100 cases,
    or the widest there is, with how often it does."""
    count, outside, cut = len(ratios), 2 / 2 ** len(ratios), 0
    while (more := outside + 2 * math.comb(count, cut + 1) / 2 ** count) <= 0.05:
        outside, cut = more, cut + 1
    ordered = sorted(ratios)
    return ordered[cut], ordered[-1 - cut], 1 - outside


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
    flags = flags or ["-O0", "-O1"]
    with tempfile.TemporaryDirectory() as folder:
        interpreters = []
        for number, variant in enumerate(flags):
            out = os.path.join(folder, str(number))
            subprocess.run([os.path.join(HERE, "build.sh"), build, out, *variant.split()], check=True)
            interpreters.append(os.path.join(out, "tally"))
        for program, size, last_line in PROGRAMS:
            times = [[] for _ in flags]
            for turn in range(runs):
                for step in range(len(flags)):
                    row = (turn + step) % len(flags)
                    times[row].append(run(interpreters[row], program, size, last_line))
            print(f"{program} {size}")
            for variant, mine in zip(flags, times):
                ratios = [m / base for m, base in zip(mine, times[0])]
                low, high, sure = interval(ratios)
                print(f"  {variant:40} {1000 * statistics.median(mine):7.0f} ms"
                      f"  x {statistics.median(ratios):.3f}"
                      f"  [{low:.3f}, {high:.3f}] {100 * sure:.0f} %")


main()
