#!/usr/bin/env python3
"""Interrupts `loopwright profile` itself, as no terminal does, and says how it ended and what it reported.

usage: interrupted_profile.py LOOPWRIGHT SOM CLASSES FOLDER

The program is Ending.som of CLASSES: it opens a pipe with a name once it runs, and then goes round in a loop. If no sample was
taken before the interrupt came, it is tried again, and given more time.
"""
import json, os, signal, subprocess, sys, time

loopwright, som, classes, folder = sys.argv[1:]
pipe, report = os.path.join(folder, "pipe"), os.path.join(folder, "profile.json")
os.mkfifo(pipe)
words = [loopwright, "profile", "--executable=" + som, "--json", "-o", report, "-cp", classes, "Ending", "never", pipe]


def interrupt_after(seconds):
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL,
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    with open(pipe, "w"):
        pass
    time.sleep(seconds)
    child.send_signal(signal.SIGINT)
    try:
        return "ended with %d" % child.wait(timeout=20)
    except subprocess.TimeoutExpired:
        child.kill()
        return "goes on"


for seconds in (0.2, 0.5, 1, 2, 4):
    how = interrupt_after(seconds)
    if how == "goes on" or os.path.exists(report):
        break
print(how)
with open(report, encoding="utf-8") as file:
    print("sampled:", json.load(file)["samples"] > 0)
