"""The languages whose programs run under random pipelines: SOM, and those of examples/.

A language knows its programs, how an interpreter of it is made, and how the evaluator runs a
module of it. Programs are checked against what they do under -O0, which other tests hold against
what is written down.
"""
import glob
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TIME_LIMIT = 120  # seconds for a run


def do(command):
    """Runs a command that has to succeed."""
    subprocess.run(command, check=True, capture_output=True, text=True)


class Program:
    def __init__(self, folder, words):
        self.folder, self.words = folder, words

    def __str__(self):
        return " ".join(self.words)

    def run(self, command):
        """(exit status, what is printed); how long a benchmark takes is left out."""
        try:
            result = subprocess.run([*command, *self.words], cwd=self.folder, timeout=TIME_LIMIT,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT)
        except subprocess.TimeoutExpired:
            return "time limit", ""
        text = result.stdout.decode(errors="backslashreplace")
        return result.returncode, re.sub(r"\b\d+us\b", "Nus", text)


class Language:
    modes = [[]]  # flags that each program runs with, one after the other

    def __init__(self, loopwright, folder):
        self.loopwright, self.folder = loopwright, folder

    def profile(self, programs):
        """A file with the sequences of bytecodes that these, all of one folder, execute."""
        file = os.path.join(self.folder, "executed.profile")
        others = [f"--program={program}" for program in programs[1:]]
        subprocess.run([self.loopwright, "profile", "--superinstructions", "--most=400",
                        "-o", file, f"--definition={self.definition}", *self.entry(), *others,
                        "--", *programs[0].words], cwd=programs[0].folder, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return file

    def evaluator(self, module):
        return [self.loopwright, "run", "--engine=eval", "--passes=", f"--definition={module}",
                *self.entry()]

    def entry(self):
        return []


class Som(Language):
    modes = [[], ["--gc=stress"]]
    definition = os.path.join(ROOT, "runtime", "Interpreter.som")
    default_profile = os.path.join(ROOT, "runtime", "Interpreter.profile")

    def programs(self):
        """Those of tests/programs that run under all variants, and the fourteen benchmarks."""
        return self.tests() + self.benchmarks()

    def tests(self):
        found = []
        for file in sorted(glob.glob(os.path.join(ROOT, "tests", "programs", "*.som"))):
            with open(file, encoding="utf-8", errors="replace") as text:
                run = re.search(r"RUN: %variants %s(.*)", text.read())
            if run:
                flags = run.group(1).split()
                words = [*flags, "-cp", ".:Inputs", os.path.basename(file)]
                found += self.cases(file, words) or [Program(os.path.dirname(file), words)]
        return found

    def cases(self, file, words):
        """A program for each case, where `variants` is told that there are cases."""
        if words[0] != "--cases":
            return []
        with open(file.replace(".som", ".expected"), encoding="utf-8") as text:
            names = re.findall(r"^== (.*)", text.read(), flags=re.M)
        return [Program(os.path.dirname(file), [*words[1:], name]) for name in names]

    def benchmarks(self):
        listed = subprocess.run([os.path.join(ROOT, "bench", "verify"), "--ours", "--list"],
                                capture_output=True, text=True, check=True).stdout
        path = "tests/programs/Inputs:bench/programs"
        return [Program(ROOT, ["-cp", path, "Harness", name, "1", size])
                for name, size in map(str.split, listed.splitlines())]

    def interpreter(self, flags, output):
        do([self.loopwright, "emit", *flags, "-o", output])


class Example(Language):
    """One of examples/, whose runtime is compiled once."""

    def __init__(self, loopwright, folder, name):
        super().__init__(loopwright, folder)
        self.name, self.home = name, os.path.join(ROOT, "examples", name)
        self.definition = os.path.join(self.home, f"{name.title()}.som")
        self.default_profile = os.path.join(self.home, f"{name.title()}.profile")
        self.errors = os.path.join(ROOT, "tests", "examples", "Inputs", name, "run-errors.txt")
        generate = os.path.join(os.path.dirname(loopwright), "loopwright-gen")
        do([generate, self.definition, "-o", f"{folder}/{name}.h"])
        parts = sorted(glob.glob(os.path.join(self.home, "runtime", "*.c")))
        objects = [f"{folder}/{os.path.basename(part)}.o" for part in parts]
        for part, compiled in zip(parts, objects):
            do([os.environ.get("CC", "cc"), "-std=gnu17", "-O2", "-fPIC", f"-I{folder}", "-c", part,
                "-o", compiled])
        do(["ar", "rc", f"{folder}/{name}.a", *objects])

    def entry(self):
        return [f"--runtime={self.folder}/{self.name}.a"]

    def programs(self):
        """The example's own, and those that fail, each with its place and message."""
        files = sorted(glob.glob(os.path.join(self.home, "programs", f"*.{self.name}")))
        programs = [Program(self.home, [os.path.relpath(file, self.home)]) for file in files]
        with open(self.errors, encoding="utf-8") as text:
            for number, case in enumerate(re.split(r"^== .*\n", text.read(), flags=re.M)[1:]):
                programs.append(Program(self.folder, [f"error{number}.{self.name}"]))
                with open(f"{self.folder}/error{number}.{self.name}", "w",
                          encoding="utf-8") as output:
                    output.write(case)
        return programs

    def interpreter(self, flags, output):
        do([self.loopwright, "emit", *flags, f"--definition={self.definition}", *self.entry(), "-o",
            output])


def tally(loopwright, folder):
    return Example(loopwright, folder, "tally")


def reed(loopwright, folder):
    return Example(loopwright, folder, "reed")


LANGUAGES = {"som": Som, "tally": tally, "reed": reed}
