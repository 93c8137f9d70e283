#!/usr/bin/env python3
"""Ends a `som` by signals while it works, and says how it ended and what it had printed.

usage: signals.py SOM LOOPWRIGHT FOLDER [SIGNAL]

With a SIGNAL only that one is tried.

The program, Printing.som, prints three lines and then reads a pipe with a name, which tells
us that it has come so far.
"""
import os, signal, subprocess, sys, time

som, loopwright, folder = sys.argv[1:4]
here = os.path.dirname(os.path.abspath(__file__))
pipe = os.path.join(folder, "pipe")
os.mkfifo(pipe)


def start(command, how, stdout, ignored=()):
    def prepare():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)

    words = command + ["-cp", here, "Printing", how, pipe]
    child = subprocess.Popen(words, stdout=stdout, stdin=subprocess.DEVNULL, preexec_fn=prepare)
    with open(pipe, "w"):
        pass
    return child


def ended(child):
    try:
        status = child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        return "did not end"
    return "ended by " + signal.Signals(-status).name[3:] if status < 0 else f"status {status}"


def check(what, name, how="looping", command=[som], stdout=subprocess.PIPE):
    child = start(command, how, stdout)
    time.sleep(0.2)
    child.send_signal(getattr(signal, "SIG" + name))
    how_ended = ended(child)
    if child.stdout:
        printed = child.stdout.read()
    else:
        with open(stdout.name, "rb") as file:
            printed = file.read()
    print(f"{what} {name}: {how_ended}, printed {len(printed.splitlines())} lines")


if len(sys.argv) > 4:
    check("looping", sys.argv[4])
    sys.exit()
for name in ("INT", "TERM", "HUP", "ABRT"):
    check("looping", name)
with open(os.path.join(folder, "file"), "w") as file:
    check("looping, to a file", "TERM", stdout=file)
check("multiplying", "INT", how="multiplying")
check("evaluating", "INT", command=[loopwright, "run", "--engine=eval", "-O0"])

child = subprocess.Popen(
    [som], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
)
child.stdin.write(f"1 println. 2 println. 3 println. system loadFile: '{pipe}'. [ true ] whileTrue: []\n".encode())
child.stdin.flush()
with open(pipe, "w"):
    pass
time.sleep(0.2)
child.send_signal(signal.SIGINT)
print(f"from standard input INT: {ended(child)}, printed {len(child.stdout.read().splitlines())} lines")

child = start([som], "printing", subprocess.PIPE)
time.sleep(0.5)  # the pipe is full
child.send_signal(signal.SIGTERM)
print(f"to who doesn't read TERM: {ended(child)}")
child.stdout.close()

child = start([som], "looping", subprocess.PIPE, ignored=(signal.SIGHUP,))
child.send_signal(signal.SIGHUP)
time.sleep(0.2)
print("ignoring HUP:", "runs on" if child.poll() is None else "was ended")
child.kill()
child.wait()

child = start([som], "printing", subprocess.PIPE)
child.stdout.read(10)
child.stdout.close()
print(f"printing to who goes away: {ended(child)}")
