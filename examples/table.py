#!/usr/bin/env python3
"""Races a language's interpreters on its programs, checks every result, and prints a table of what
each pass did.

usage: table.py LOOPWRIGHT FOLDER [--runs=N] [--against=COMMAND] [FLAGS ...]

LOOPWRIGHT is the command, FOLDER one of this folder's: Name.som, runtime/*.c, programs/, and
race.txt, whose lines are a program's name, its size, and the last line that it must print. What is
counted is the first of them, at its own size, by the evaluator.

FLAGS are each one interpreter, as for `loopwright emit`; the first is what the others are compared
with. Without any there are those of the tables in docs/. COMMAND is another interpreter, which is
raced as well, {program} and {size} in it being replaced. A round runs each once, beginning with
another one each time. Times are of the processor (user), the median of the rounds. A ratio is the
median of the rounds' ratios, with its distribution-free interval.

example: table.py build/bin/loopwright examples/reed -O0 -O2 --against='lua5.4 examples/reed/lua/{program}.lua {size}'
"""
import glob
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile

PASSES = ["place-gil-checks=none", "hoist-frame-reads", "eliminate-default-case", "fold-ranges",
          "cache-frame-state", "sink-frame-reads", "forward-stack", "sink-address-arithmetic", "fold",
          "cse", "dce", "simplify-cfg", "split-cold", "replicate-dispatch", "tail-call-handlers",
          "superinstructions"]
MORE = ["place-gil-checks=none", "forward-stack", "sink-frame-reads", "sink-address-arithmetic",
        "split-cold", "replicate-dispatch", "tail-call-handlers", "superinstructions"]
VARIANTS = (["-O0"] + [f"-O0 -f{name}" for name in PASSES] +
            ["-O1"] + [f"-O1 -f{name}" for name in MORE] +
            ["-O2 -fno-superinstructions", "-O2 -fno-forward-stack", "-O2",
             "-O2 -ftail-call-handlers -fno-outline-cold", "-O2 -ftail-call-handlers"])
WITH_STACK = ["-O2 -fcache-stack-top", "-O2 -ftail-call-handlers -fcache-stack-top"]


class Language:
    def __init__(self, loopwright, folder):
        self.loopwright, self.folder = loopwright, folder
        (self.definition,) = glob.glob(os.path.join(folder, "*.som"))
        self.name = os.path.basename(self.definition)[:-4].lower()
        runtime = sorted(glob.glob(os.path.join(folder, "runtime", "*.c")))
        self.flags = [f"--definition={self.definition}", *(f"--runtime={file}" for file in runtime)]
        with open(os.path.join(folder, "race.txt"), encoding="utf-8") as file:
            self.races = [line.rstrip("\n").split(" ", 2) for line in file]
        with open(self.definition, encoding="utf-8") as file:
            self.has_stack = "\n    stackPointer" in file.read()

    def program(self, name):
        return os.path.join(self.folder, "programs", f"{name}.{self.name}")

    def variants(self):
        return VARIANTS + (WITH_STACK if self.has_stack else [])


class Racer:
    """A command, with the times of its runs by program. It may be an interpreter of somebody else's."""

    def __init__(self, label, command):
        self.label, self.command, self.times = label, command, {}

    def run(self, name, size, last_line):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        command = self.command(name, size)
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0 or result.stdout.splitlines()[-1:] != [last_line]:
            sys.exit(f"NOT VERIFIED: {' '.join(command)}\n{result.stdout}{result.stderr}")
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        self.times.setdefault(name, []).append(spent)

    def ratios(self, first, name):
        return [mine / base for mine, base in zip(self.times[name], first.times[name])]


class Interpreter(Racer):
    """One that is built here, and what was counted of it."""

    def __init__(self, language, out, flags):
        super().__init__(flags, lambda name, size: [executable, language.program(name), size])
        executable, loop = os.path.join(out, "program"), os.path.join(out, "loop.o")
        counts, words = os.path.join(out, "counts"), flags.split()
        os.mkdir(out)

        def loopwright(*arguments):
            return subprocess.run([language.loopwright, *arguments], check=True,
                                  stdout=subprocess.PIPE).stdout

        loopwright("emit", *words, *language.flags, "-o", executable)
        loopwright("emit", *words, language.flags[0], "--emit=object", "--no-pic", "-o", loop)
        loopwright("run", "--engine=eval", *words, f"--counts={counts}", *language.flags, "--",
                   language.program(language.races[0][0]))
        with open(counts, encoding="utf-8") as file:
            self.counts = json.load(file)
        self.dispatch = json.loads(loopwright("dispatch", "--json", f"--counts={counts}", loop))


def interval(ratios):
    """The narrowest pair of order statistics that holds the median in 95 of 100 cases,
    or the widest there is, with how often it does."""
    count, outside, cut = len(ratios), 2 / 2 ** len(ratios), 0
    while (more := outside + 2 * math.comb(count, cut + 1) / 2 ** count) <= 0.05:
        outside, cut = more, cut + 1
    ordered = sorted(ratios)
    return ordered[cut], ordered[-1 - cut], 1 - outside


def race(racers, races, runs):
    width = max(len(racer.label) for racer in racers)
    for name, size, last_line in races:
        for turn in range(runs):
            for step in range(len(racers)):
                racers[(turn + step) % len(racers)].run(name, size, last_line)
        print(f"{name} {size}")
        for racer in racers:
            ratios = racer.ratios(racers[0], name)
            low, high, sure = interval(ratios)
            print(f"  {racer.label:{width}} {1000 * statistics.median(racer.times[name]):7.0f} ms"
                  f"  x {statistics.median(ratios):.3f}"
                  f"  [{low:.3f}, {high:.3f}] {100 * sure:.0f} %", flush=True)


def print_table(racers, races):
    names = [name for name, _, _ in races]
    widths = [max(len(name), 4) for name in names]
    print()
    for row, racer in enumerate(racers, 1):
        print(f"{row:3}  {racer.label}")
    head = "  ".join(f"{name:>{width}}" for name, width in zip(names, widths))
    print(f"\n     ratio of times\n     {head}   mean")
    for row, racer in enumerate(racers, 1):
        medians = [statistics.median(racer.ratios(racers[0], name)) for name in names]
        cells = "  ".join(f"{ratio:{width}.2f}" for ratio, width in zip(medians, widths))
        print(f"{row:3}  {cells}  {statistics.geometric_mean(medians):5.2f}")
    print("\n     for each bytecode         for each dispatch")
    print("     dispatches  frame reads   instructions  blocks  sites")
    for row, racer in enumerate(racers, 1):
        if isinstance(racer, Interpreter):
            counts, dispatch = racer.counts, racer.dispatch
            print(f"{row:3}  {counts['dispatches'] / counts['bytecodes']:10.2f}"
                  f"  {counts['frame_reads'] / counts['bytecodes']:11.2f}"
                  f"  {dispatch['dispatch_instructions']:13.2f}"
                  f"  {dispatch['dispatch_blocks']:6.2f}  {dispatch['dispatch_sites']:5}")


def usage():
    print(__doc__, file=sys.stderr)
    sys.exit(2)


def main():
    runs, others, flags, words = 9, [], [], sys.argv[1:]
    if len(words) < 2 or words[0].startswith("-") or not os.path.isdir(words[1]):
        usage()
    language = Language(os.path.abspath(words[0]), words[1])
    for word in words[2:]:
        if word.startswith("--runs="):
            runs = int(word[7:]) if word[7:].isdecimal() else 0
            if not runs:
                usage()
        elif word.startswith("--against="):
            pattern = word[10:]
            label = os.path.basename(pattern.split()[0])
            others.append(Racer(label, lambda name, size, pattern=pattern: [
                part.format(program=name, size=size) for part in pattern.split()]))
        else:
            flags.append(word)
    with tempfile.TemporaryDirectory() as folder:
        racers = [Interpreter(language, os.path.join(folder, str(number)), variant)
                  for number, variant in enumerate(flags or language.variants())] + others
        race(racers, language.races, runs)
    print_table(racers, language.races)


main()
