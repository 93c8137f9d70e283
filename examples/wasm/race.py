#!/usr/bin/env python3
"""Races WebAssembly engines on the same modules: in turn, so that what disturbs the machine
disturbs all of them, and checks that all print the same.

usage: race.py [--runs=N] [--sizes=NAME=N,...] FOLDER NAME=COMMAND NAME=COMMAND ...

FOLDER has mandelbrot.wasm, nbody.wasm, queens.wasm and words.wasm, as c/build.sh makes them. A
COMMAND gets the module and the size behind its words. Times are of the whole process, in
milliseconds: the median; ratios are of medians, to the first engine named.
"""
import os
import shlex
import statistics
import subprocess
import sys
import time

SIZES = {"mandelbrot": 750, "nbody": 150000, "queens": 11, "words": 1500000}


def fail(text):
    print(f"race.py: error: {text}", file=sys.stderr)
    sys.exit(1)


def options(arguments):
    """Answers the number of runs, the sizes, and the other words."""
    runs, sizes, words = 5, dict(SIZES), []
    for argument in arguments:
        if argument.startswith("--runs="):
            runs = int(argument[7:])
        elif argument.startswith("--sizes="):
            for pair in argument[8:].split(","):
                name, size = pair.split("=")
                sizes[name] = int(size)
        else:
            words.append(argument)
    if len(words) < 2 or runs < 1 or not all("=" in word for word in words[1:]):
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        sys.exit(2)
    return runs, sizes, words


def timed(command, module, size):
    """One run: what it printed, and the milliseconds."""
    begin = time.perf_counter()
    done = subprocess.run(command + [module, str(size)], capture_output=True, check=False)
    took = (time.perf_counter() - begin) * 1000
    if done.returncode != 0:
        fail(f"{' '.join(command)} {module} {size}: exit status {done.returncode}")
    return done.stdout, took


def race(folder, engines, program, size, runs):
    """The times of each engine, in the order of `engines`."""
    module = os.path.join(folder, program + ".wasm")
    times, expected = [[] for _ in engines], None
    for _ in range(runs):
        for index, (name, command) in enumerate(engines):
            printed, took = timed(command, module, size)
            if expected is None:
                expected = printed
            if printed != expected:
                fail(f"{program} {size}: {name} prints {printed}, and {engines[0][0]} {expected}")
            times[index].append(took)
    return times


def main():
    runs, sizes, words = options(sys.argv[1:])
    engines = [(word.split("=", 1)[0], shlex.split(word.split("=", 1)[1])) for word in words[1:]]
    width = max(len(name) for name, _ in engines)
    ratios = [[] for _ in engines]
    for program, size in sizes.items():
        times = race(words[0], engines, program, size, runs)
        base = statistics.median(times[0])
        print(f"{program} {size}")
        for index, (name, _) in enumerate(engines):
            middle = statistics.median(times[index])
            ratios[index].append(middle / base)
            print(f"  {name:{width}} {middle:8.1f} [{min(times[index]):.1f}, {max(times[index]):.1f}]"
                  f"  {middle / base:.2f}")
    print("geometric mean")
    for index, (name, _) in enumerate(engines):
        print(f"  {name:{width}} {statistics.geometric_mean(ratios[index]):.2f}")


if __name__ == "__main__":
    main()
