"""Runs the examples in the help text of each command, in a folder that has what they name.

usage: check_help.py ROOT BUILD FOLDER

An example may have a description after it, apart by three blanks or more, and go on in the next
line after a backslash. Mandelbrot is run at the smallest size, but where it is sampled: it would often
end before the first sample. Nothing is looked at (`less`) or drawn (`dot`).
"""

import os
import re
import shutil
import subprocess
import sys

root, build, folder = sys.argv[1:]
tools = os.path.join(folder, "tools")
environment = dict(os.environ, ROOT=root, LOOPWRIGHT_CACHE=os.path.join(folder, "cache"))
environment["PATH"] = ":".join([tools, build + "/bin", build + "/libexec", environment["PATH"]])


def run(command):
    return subprocess.run(command, shell=True, cwd=folder, env=environment, timeout=600, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def write(name, text):
    with open(os.path.join(folder, name), "w") as file:
        file.write(text)


def read(*name):
    with open(os.path.join(root, *name)) as file:
        return file.read()


def prepare():
    os.makedirs(tools)
    for programs in ("bench", "examples"):
        os.symlink(os.path.join(root, programs), os.path.join(folder, programs))
    for tool in ("less", "dot"):
        write(os.path.join("tools", tool), "#!/bin/sh\ncat >/dev/null\n")
    shutil.copy(os.path.join(root, "tests", "runtime", "Inputs", "Hello.som"), folder)
    # The counter is the machine of the loop language's page.
    page = read("docs", "loop-language.md")
    for name in ("Adder.som", "adder.c", "main.c"):
        write(name, re.search(r"^```\w+ %s\n(.*?)^```$" % re.escape(name), page, flags=re.M | re.S)[1])
    # And so is the Forth.
    os.mkdir(os.path.join(folder, "runtime"))
    shutil.copy(os.path.join(folder, "Adder.som"), os.path.join(folder, "Forth.som"))
    shutil.copy(os.path.join(folder, "adder.c"), os.path.join(folder, "runtime", "run.c"))
    loop = read("tests", "llvm", "Inputs", "stack-loop.mir")
    write("loop.mir", loop)
    write("big.mir", re.sub(r"^module \w+", "module Big", loop, flags=re.M))
    write("same-result.sh", '#!/bin/sh\n! grep -q "^module Big" "$1"\n')
    for command in (
        "chmod +x tools/* same-result.sh",
        'cc -std=gnu17 -shared -fPIC -I "$ROOT" "$ROOT/tests/docs/Inputs/mine.c" -o mine.so',
        "loopwright-gen Adder.som -o adder.h && loopwright opt -O0 Adder.som -o counter.mir",
        "cc -shared -fPIC adder.c -o counter.so && cat adder.c >>main.c",
        "loopwright bench --runs=5 --raw=yesterday.jsonl -cp bench/programs Harness Sieve 2 500",
    ):
        made = run(command)
        if made.returncode != 0:
            sys.exit("`%s` fails:\n%s" % (command, made.stdout))


def section(command, title):
    """The indented lines after a title in a command's help."""
    text = run(command + " --help").stdout.replace("\\\n", " ")
    found = re.search(r"^%s:\n((?:  .*\n)*)" % title, text, flags=re.M | re.I)
    return [line.strip() for line in found[1].splitlines()] if found else []


prepare()
commands = ["loopwright", "som"] + sorted(os.listdir(build + "/libexec"))
commands += ["loopwright " + line.split()[0] for line in section("loopwright", "commands")]
count = failures = 0
for command in commands:
    for line in section(command, "examples"):
        example = re.split(r" {3,}(?=[a-z])", line)[0]
        small = example if " profile " in example else re.sub(r"Mandelbrot \d+ \d+", "Mandelbrot 1 1", example)
        result = run(small)
        count += 1
        if "to sample a process" in result.stdout:
            continue  # this machine forbids it, or has no perf events
        if command == "loopwright race" and result.returncode == 1 and " fail" in result.stdout:
            continue  # it has found what it looked for
        if result.returncode != 0:
            failures += 1
            print("%s: `%s` exits with %d and prints\n%s" % (command, example, result.returncode, result.stdout))
print("%d examples of %d commands" % (count, len(commands)))
sys.exit(1 if failures else 0)
