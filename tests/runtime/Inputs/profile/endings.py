#!/usr/bin/env python3
"""Ends a profiled `som` by signals, and says how it ended and whether its profile is there.

usage: endings.py SOM FOLDER [LOOPWRIGHT]

With LOOPWRIGHT it is `loopwright profile --guest` that is ended. The program, Ending.som, opens a pipe with a name once
it runs, and then goes round in a loop. SIGPIPE comes of printing, to nobody: in the loop, and at the very end.
"""
import json, os, signal, subprocess, sys

som, folder, *loopwright = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
pipe, profile = os.path.join(folder, "pipe"), os.path.join(folder, "profile.json")
os.mkfifo(pipe)


def prepare():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)


if loopwright:
    command = loopwright + ["profile", "--guest", "--executable=" + som, "--json", "-o", profile]
else:
    command = [som, "--profile=" + profile]


def check(name, child, selector):
    try:
        printed, errors = child.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        child.kill()
        printed, errors = child.communicate()
    print(name, "ended by", child.returncode, printed, errors.splitlines()[:1])
    if not os.path.exists(profile):
        print("there is no profile")
        return
    with open(profile, encoding="utf-8") as file:
        sends = json.load(file)["sends"]["sites"]
    print(selector, "is among the sends:", selector in [row["selector"] for row in sends])
    os.remove(profile)


for number in (signal.SIGINT, signal.SIGTERM) if loopwright else (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    words = command + ["-cp", here, "Ending", "never", pipe]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=prepare)
    with open(pipe, "w"):
        pass
    child.send_signal(number)
    check(number.name, child, "loadFile:")
for how, selector in (("printing", "println"), ("exit", "exit:")):
    reader, writer = os.pipe()
    os.close(reader)
    words = command + ["-cp", here, "Ending", how]
    child = subprocess.Popen(words, stdout=writer, stderr=subprocess.PIPE, preexec_fn=prepare)
    os.close(writer)
    check(how, child, selector)
