"""Command lines that nobody means, for every command: what is wrong is said, with the status
for it, and nothing ends by a signal or doesn't end.

usage: hostile.py LOOPWRIGHT SOM FOLDER ROOT
"""

import os
import re
import subprocess
import sys

loopwright, som, folder, root = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
os.chdir(folder)
HELLO = os.path.join(root, "tests/runtime/Inputs/Hello.som")
MIR = os.path.join(root, "tests/cli/Inputs/summing.mir")
LONG = "x" * 100_000  # the system allows 128 KiB for one word
ODD = b"\xff\xfe\x80"  # no UTF-8
LINES = "two\nlines"
DEEP = "d/" * 300
os.makedirs(DEEP, exist_ok=True)
checked = 0


def fail(words, why, said):
    shown = " ".join(repr(word)[:60] for word in words)
    print(f"{shown}: {why}\n    {said[:300]!r}")


def check(words, status, said="", **streams):
    """Runs `words`; `said` is looked for on standard error."""
    global checked
    checked += 1
    closed = streams.pop("closed", None)
    if closed is not None:
        streams["preexec_fn"] = lambda: os.close(closed)
    for name, default in (("stdin", subprocess.DEVNULL), ("stdout", subprocess.DEVNULL)):
        streams.setdefault(name, default)
    try:
        done = subprocess.run(words, stderr=subprocess.PIPE, timeout=100, **streams)
    except subprocess.TimeoutExpired:
        fail(words, "does not end", b"")
        return
    errors = done.stderr.decode(errors="replace")
    if done.returncode != status:
        fail(words, f"status {done.returncode}, not {status}", errors)
    elif not re.search(said, errors, re.DOTALL):
        fail(words, f"{said!r} is not said", errors)
    elif status and not errors.strip():
        fail(words, "nothing is said", errors)


def lw(*words, status=2, said="", **streams):
    check([loopwright, *words], status, said, **streams)


def run_som(*words, status=2, said="", **streams):
    check([som, *words], status, said, **streams)


def full(words, what):
    with open("/dev/full", "w") as stream:
        check(words, 1, what + r".*No space left on device", stdout=stream)


commands = ("opt", "emit", "run", "bench", "dispatch", "disasm", "passes", "reduce")

# The command itself.
for word in ("", LONG, ODD, LINES, "-", "--", "-x", "OPT"):
    lw(word, said="unknown command")
lw("help", "", said="unknown command")

# Flags that there aren't, and values that are missing or wrong.
for command in commands:
    for word in ("--no-such-flag", "-" + LONG, b"--" + ODD, "--" + LINES, "---", "-O9", "-fno-", "--help=1"):
        # What `run` doesn't know goes to the program.
        lw(command, word, said="error: |som: unknown option")
for command in ("opt", "emit", "bench", "reduce"):
    lw(command, "-o", said="no (OUT.mir|FILE) is given after '-o'")
    lw(command, "-o", "", said="no (OUT.mir|FILE) is given after '-o'")
for command in ("opt", "emit", "run"):
    lw(command, "--definition=", said="no file is given by --definition=")
    lw(command, "--llvm=", said="is not one of")
    lw(command, "--passes=" + "dce," * 20_000 + "x", said="error: .*'?x")
    lw(command, "--passes=,", said="error: ")
    lw(command, "-f", said="error: ")
    lw(command, "-fdce=x", said="error: ")
    lw(command, "--load-pass=", status=1, said="can't load passes")
    lw(command, "--load-pass=/dev/zero", status=1, said="can't load passes")
lw("opt", "--analyze=", said="no analysis is called")
lw("opt", "--bisect-limit=", said="a number of passes")
lw("opt", "--bisect-limit=99999999999999999999", said="a number of passes")
lw("opt", "--print-before=", said="no pass is called")
lw("emit", "--emit=", said="is not one of --emit=mir")
lw("bench", "--runs=", said="a number from 1")
lw("bench", "--runs=0", said="a number from 1")
lw("bench", "--runs=-1", said="a number from 1")
lw("bench", "--runs=99999999999999999999", said="a number from 1")
lw("bench", "--variant=" + LONG, "X", said="unknown flag")
lw("bench", "-cp", said="is given after '-cp'")
lw("bench", "-cp", ".", said="no program is given")
lw("reduce", "--status=256", MIR, said="an exit status from 0 to 255")
lw("reduce", MIR, said="--test='COMMAND' is missing")
lw("run", said="no program is given")
lw("run", "--", said="no program is given")
lw("run", "--entry=x", "X", said="--entry goes with --runtime")
for command in ("run", "emit", "profile", "dispatch"):
    lw(command, "--runtime=", said="a C source")
    lw(command, "--runtime=x", said="a C source")
    lw(command, "--runtime=-x.c", said="a C source")
    lw(command, "--runtime=x.c", "--entry=main", said="the name of a C function")
    lw(command, "--runtime=x.c", "--entry=a-b", said="the name of a C function")
    lw(command, "--runtime=x.c", "--entry=", said="the name of a C function")
    lw(command, *["--runtime=x.c"] * 257, said="more than 256 files")
lw("disasm", said="no class is given")
lw("disasm", "-cp", said="no DIR.* is given after '-cp'")
lw("disasm", "Array", "do:", "x", said="unexpected argument 'x'")
lw("passes", "x", said="unexpected argument 'x'")

# Inputs: empty names, two of them, names of any kind that aren't there, what can't be read.
for command, flags in (("opt", []), ("emit", []), ("reduce", ["--test=false"])):
    lw(command, *flags, "", said="a file's name is empty")
    lw(command, *flags, MIR, MIR, said="more than one input")
    lw(command, *flags, "--", MIR, "-x", said="more than one input")
    for name in (LONG, ODD, LINES, "none", DEEP + "none.mir", "none/none"):
        lw(command, *flags, name, status=1, said="can't read .*(No such file|too long)")
    lw(command, *flags, DEEP, status=1, said="Is a directory")
    lw(command, *flags, "/proc/self/mem", status=1, said="Input/output error")
    lw(command, *flags, "/dev/null", status=1, said="/dev/null:1:1: error:")
    lw(command, *flags, "-", status=1, said="can't read standard input", closed=0)
NO_CLASS = "can't be a class's name|there is no class x"
for name in ("", "my class", LONG, ODD, LINES, "1x", ".som", "/"):
    run_som(name, status=1, said=NO_CLASS + "|No such file")
    lw("disasm", name, status=1, said=NO_CLASS)
    lw("run", "-O0", name, status=1, said=NO_CLASS + "|No such file")
run_som("none.som", status=1, said="No such file")
run_som(DEEP + "None.som", status=1, said="No such file")
run_som("-cp", LONG, "None", status=1, said="there is no class None")
run_som("-cp", ODD, "None", status=1, said="there is no class None")
run_som("-cp", ":" * 10_000, "None", status=1, said="there is no class None")
run_som("-cp", "", "None", status=1, said="there is no class None")

# `som`'s options.
for word in ("-", "-x", "---", "--help=1", "-" + LONG, b"-" + ODD, "--gc", "--gc=", "--" + LINES):
    run_som(word, said="som: unknown option")
for size in ("", "0", "-1", "1T", "1KK", "99999999999999999999", "0x10"):
    run_som("--heap-max=" + size, HELLO, said="not a number of bytes")
run_som("-cp", said="no directories after")
run_som("-cp", "a", "-cp", "b", "--gc-stats", "--gc-stats", HELLO, LONG, ODD, "", LINES, status=0)
run_som(*["-cp", "a"] * 1000, HELLO, *["x" * 100] * 5000, status=0)
lw("opt", "-O0", "-O1", "-O0", "-fdce", "-fno-dce", "--stats", "--stats", "-o", "a", "-o", "b", status=0)
lw("run", "-O0", "-O0", HELLO, LONG, ODD, "", LINES, status=0)

# Outputs that can't be written.
for kind in ("mir", "llvm-ir", "assembly", "object", "executable"):
    for name in ("none/x", ".", "/dev/null/x", LONG):
        lw("emit", "-O0", "--emit=" + kind, "-o", name, status=1, said="error: ")
    if kind != "executable":
        lw("emit", "-O0", "--emit=" + kind, "-o", "/dev/full", status=1, said="No space left|/dev/full")
for name in ("none/x", ".", "/dev/full", LONG):
    lw("opt", "-O0", "-o", name, status=1, said="can't write ")
    lw("reduce", "--test=exit 1", "-o", name, MIR, status=1, said="can't write ")
os.environ["TMPDIR"] = "/dev/null"
lw("emit", "-O0", "-o", "x", status=1, said="can't write to /dev/null")
lw("reduce", "--test=false", MIR, status=1, said="can't write to /dev/null")
del os.environ["TMPDIR"]
cache = os.environ.get("LOOPWRIGHT_CACHE")
for name in ("/dev/null", "/dev/null/x", LONG):
    os.environ["LOOPWRIGHT_CACHE"] = name
    lw("run", "-O0", HELLO, status=0, said="warning: .*can't (make the cache folder|keep)")
os.environ["LOOPWRIGHT_CACHE"] = cache or "cache"

# A standard output that is full, or closed.
full([loopwright, "--help"], "standard output")
full([loopwright, "--version"], "standard output")
for command in commands:
    full([loopwright, command, "--help"], "standard output")
full([loopwright, "passes", "--json"], "standard output")
full([loopwright, "opt", "-O0"], "standard output")
full([loopwright, "opt", "--dot", MIR], "standard output")
full([loopwright, "opt", "--analyze=loops", MIR], "standard output")
full([loopwright, "emit", "--emit=mir", "-O0", "-o", "-"], "standard output")
full([loopwright, "emit", "--emit=assembly", "-O0", "-o", "-"], "")
full([loopwright, "disasm", "Array"], "standard output")
full([loopwright, "reduce", "--test=exit 1", MIR], "standard output")
full([loopwright, "run", "-O0", HELLO], "standard output")
full([loopwright, "run", "--engine=eval", "-O0", HELLO], "standard output")
full([som, "--help"], "standard output")
full([som, "--version"], "standard output")
full([som, HELLO], "standard output")
lw("opt", "-O0", status=1, said="standard output: Bad file", closed=1)
lw("passes", status=1, said="standard output: Bad file", closed=1)
lw("opt", "-O0", "-o", "c.mir", status=0, closed=1)
lw("emit", "-O0", "-o", "c", status=0, closed=1)
lw("emit", "-O0", "-o", "c", status=0, closed=0)
run_som(HELLO, status=1, said="standard output: Bad file", closed=1)
run_som("--help", status=1, said="standard output: Bad file", closed=1)
run_som(HELLO, status=0, closed=0)
run_som(status=1, said="standard input: Bad file", closed=0)

# Who reads goes away: that ends us as it ends others, without a word.
for words in ([loopwright, "opt", "-O0"], [loopwright, "run", "-O0", "-cp", root + "/tests/runtime/Inputs", "Printing", "printing", "/dev/null"]):
    writer = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    writer.stdout.read(1)
    writer.stdout.close()
    said = writer.stderr.read()
    status = writer.wait(100)
    checked += 1
    if status != -13 or said:
        fail(words, f"status {status} and a word when the reader goes away", said.decode())

print(f"{checked} command lines")
