#!/usr/bin/env python3
"""Runs programs under random legal pipelines of passes: they do what they do under -O0.

usage: pipelines.py [OPTIONS] LOOPWRIGHT FOLDER

For each pipeline an interpreter is emitted, and runs every program of the language, SOM's in the
collector's stress mode, too. After each pass of it the module is verified and printed, and what is
read back runs in the evaluator, with programs that are drawn as well. Output and exit status have
to be those of -O0. FOLDER gets what is made.

examples:
  tests/pipelines/pipelines.py build/bin/loopwright /tmp/pipelines
  tests/pipelines/pipelines.py --only=17 build/bin/loopwright /tmp/pipelines
"""
import argparse
import collections
import concurrent.futures
import difflib
import os
import random
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True  # beside the sources nothing is made
from drawing import Drawing, read_registry, read_sequences
from languages import LANGUAGES, do

MOST_LINES = 30  # of a difference


def difference(expected, found):
    """What a run differs in, as text."""
    texts = [f"{text}\nexit {status}".splitlines() for status, text in (expected, found)]
    lines = list(difflib.unified_diff(*texts, "-O0", "pipeline", lineterm=""))
    return "\n".join(lines[:MOST_LINES])


class Checking:
    """What all pipelines are checked with."""

    def __init__(self, language, options):
        self.language, self.options = language, options
        self.programs = language.programs()
        base = os.path.join(language.folder, "O0")
        language.interpreter(["-O0"], base)
        self.expected = {(program, *mode): program.run([base, *mode])
                         for mode in language.modes for program in self.programs}
        ending_well = [program for program in self.programs
                       if program.folder == self.programs[0].folder
                       and self.expected[program,][0] == 0]
        self.drawing = Drawing(read_registry(language.loopwright),
                               read_sequences(language.profile(ending_well)),
                               language.default_profile)

    def run(self, what, command, program, mode):
        """A list with what is wrong with the run, if anything is."""
        expected, found = self.expected[program, *mode], program.run([*command, *mode])
        if expected == found:
            return []
        return [f"{what}: {' '.join([*mode, str(program)])}\n{difference(expected, found)}"]

    def check_machine_code(self, folder, words):
        interpreter = os.path.join(folder, "interpreter")
        self.language.interpreter(["--passes=" + ",".join(words)], interpreter)
        return [problem for mode in self.language.modes for program in self.programs
                for problem in self.run("machine code", [interpreter], program, mode)]

    def check_each_pass(self, folder, words, chance):
        """One pass after the other, each on what is read back from the text of the one before."""
        module, problems = self.language.definition, []
        for place, word in enumerate(words, 1):
            output = os.path.join(folder, f"after{place}.mir")
            do([self.language.loopwright, "opt", "--verify-each", f"--passes={word}", module,
                "-o", output])
            for program in chance.sample(self.programs, self.options.programs):
                problems += self.run(f"evaluator, after pass {place}, {word}",
                                     self.language.evaluator(output), program,
                                     chance.choice(self.language.modes))
            module = output
        return problems

    def check(self, number):
        """The pipeline's passes, and what is wrong with it, if anything is. In that case what was
        made of it stays."""
        folder = os.path.join(self.language.folder, f"pipeline{number}")
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder)
        chance = random.Random(f"{self.options.seed}/{number}")
        words = self.drawing.pipeline(chance, folder)
        problems = []
        try:
            problems += self.check_machine_code(folder, words)
            problems += self.check_each_pass(folder, words, chance)
        except subprocess.CalledProcessError as error:
            command = " ".join(error.cmd)
            problems.append(f"exit status {error.returncode}: {command}\n{error.stderr}")
        if not problems:
            shutil.rmtree(folder)
        return words, "\n".join(problems)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0],
                                     epilog=__doc__[__doc__.index("For each"):],
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", choices=LANGUAGES, default="som")
    parser.add_argument("--pipelines", type=int, default=200, metavar="N",
                        help="how many, numbered from 0 (200)")
    parser.add_argument("--seed", default="loopwright", metavar="WORD", help="for other pipelines")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="that pipeline alone")
    parser.add_argument("--programs", type=int, default=2, metavar="N",
                        help="how many the evaluator runs after a pass (2)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N",
                        help="how many pipelines at the same time (one a processor)")
    parser.add_argument("loopwright", metavar="LOOPWRIGHT")
    parser.add_argument("folder", metavar="FOLDER")
    options = parser.parse_args()
    folder = os.path.abspath(options.folder)
    os.makedirs(folder, exist_ok=True)
    language = LANGUAGES[options.language](os.path.abspath(options.loopwright), folder)
    checking = Checking(language, options)
    numbers = range(options.pipelines) if options.only is None else [options.only]
    failed, passes = 0, collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for number, (words, problems) in zip(numbers, pool.map(checking.check, numbers)):
            passes.update(word.split("=")[0] for word in words)
            if problems:
                print(f"PIPELINE {number}: --passes={','.join(words)}\n{problems}", flush=True)
                failed += 1
    print(f"{len(numbers)} pipelines of {sum(passes.values())} passes, {failed} differ from -O0")
    for name, count in sorted(passes.items()):
        print(f"{count:5} {name}")
    sys.exit(failed > 0)


main()
