"""Ends `loopwright` by signals in the midst of its work, and says what it left behind.

usage: interrupted.py LOOPWRIGHT RUNTIME-FOLDER FOLDER INPUTS

The LLVM helper, the linker and the test of `reduce` are scripts that wait: each notes
its own number and that of a child of its own. Nothing of them, and no file, may stay.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

loopwright, runtime, folder, inputs = sys.argv[1:]
shutil.rmtree(folder, ignore_errors=True)
for name in ("bin", "libexec", "tools", "temporary", "cache", "out"):
    os.makedirs(os.path.join(folder, name))
program = os.path.join(folder, "bin", "loopwright")
shutil.copy(loopwright, program)
shutil.copytree(runtime, os.path.join(folder, "lib"))
made = os.path.join(folder, "made.o")
subprocess.run([loopwright, "emit", "-O0", "--emit=object", "-o", made], check=True)
numbers = os.path.join(folder, "numbers")
NOTE = ">>" + shlex.quote(numbers)
WAIT = f"#!/bin/sh\nsleep 1000 &\necho $! {NOTE}\necho $$ {NOTE}\nwait\n"
# An interpreter that does what the first run of `race` is for, and waits in all others.
FOLLOW = """#!/bin/sh
for word; do
  case $word in --schedule-log=*) printf 'schedule 1\\nsteps 9\\n' >"${word#*=}" && exit 0 ;; esac
done
""" + WAIT.partition("\n")[2]
# A linker whose executables wait; a helper that has made its object before.
waiting = os.path.join(folder, "wait")
LINK = f'#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\ncp {shlex.quote(waiting)} "$2" && chmod +x "$2"\n'
MAKE = f"#!/bin/sh\ncat {shlex.quote(made)}\n"


def script(path, text):
    path = os.path.join(folder, path)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o755)


def is_alive(number):
    try:
        with open(f"/proc/{number}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def has_ended(number):
    for _ in range(500):
        if not is_alive(number):
            return True
        time.sleep(0.01)
    return False


def noted():
    try:
        with open(numbers) as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def left_behind():
    return sorted(
        os.path.relpath(os.path.join(path, name), folder)
        for top in ("temporary", "cache", "out")
        for path, _, names in os.walk(os.path.join(folder, top))
        for name in names
    )


def check(what, number, words, ignored=False, helper=WAIT, linker=WAIT, interpreter=WAIT, runs=1):
    for name in ("22", "19"):
        script(f"libexec/loopwright-llvm-{name}", helper)
    script("tools/cc", linker)
    script("wait", interpreter)
    if os.path.exists(numbers):
        os.unlink(numbers)
    for name in left_behind():
        os.unlink(os.path.join(folder, name))
    environment = dict(
        os.environ,
        PATH=os.path.join(folder, "tools") + ":" + os.environ["PATH"],
        TMPDIR=os.path.join(folder, "temporary"),
        LOOPWRIGHT_CACHE=os.path.join(folder, "cache"),
    )
    child = subprocess.Popen(
        [program] + words,
        env=environment,
        cwd=os.path.join(folder, "out"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # What runs the tests may itself ignore SIGINT.
        preexec_fn=lambda: signal.signal(number, signal.SIG_IGN if ignored else signal.SIG_DFL),
    )
    while len(noted()) < 2 * runs and child.poll() is None:
        time.sleep(0.01)
    child.send_signal(number)
    if ignored:
        time.sleep(0.1)
        print(what, "runs on" if child.poll() is None else "was ended")
        child.send_signal(signal.SIGTERM)
        number = signal.SIGTERM
    status = child.wait(30)
    name = signal.Signals(number).name
    ended = name if status == -number else f"status {status}"
    alive = [each for each in noted() if not has_ended(each)]
    # What is complete stays in the cache: a hash, and perhaps an ending.
    kept = [each for each in left_behind() if not re.fullmatch(r"cache/[0-9a-f]{16}(\.mir|\.o|\.sums)?", each)]
    print(what, ended, "alive:", len(alive), "files:", " ".join(kept) or "none")
    for each in alive:
        os.kill(each, signal.SIGKILL)


mir = os.path.join(inputs, "summing.mir")
run = ["-O0", "Hello"]
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
    check("emitting", number, ["emit", "-O0", "-o", "som"])
check("object", signal.SIGTERM, ["emit", "-O0", "--emit=object", "-o", "som.o"])
check("linking", signal.SIGTERM, ["emit", "-O0", "-o", "som"], helper=MAKE)
check("running", signal.SIGINT, ["run"] + run)
check("running, linking", signal.SIGINT, ["run"] + run, helper=MAKE)
check("racing", signal.SIGTERM, ["bench", "--variant=-O0"] + run[1:], helper=MAKE, linker=LINK)
gil = ["gil", "-O0", "--policy=calls-and-back-edges", "--no-python", "--demo=Counter,OnePair"]
check("demonstrating", signal.SIGINT, gil, helper=MAKE, linker=LINK)
schedules = ["race", "-O0", "--jobs=5"] + run[1:]
check("scheduling", signal.SIGINT, schedules, helper=MAKE, linker=LINK, interpreter=FOLLOW, runs=5)
check("reducing", signal.SIGTERM, ["reduce", f"--test={shlex.quote(waiting)}", mir])
check("ignoring", signal.SIGHUP, ["reduce", f"--test={shlex.quote(waiting)}", mir], ignored=True)
