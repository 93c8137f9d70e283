#!/usr/bin/env python3
"""Ends a profiled `som` by signals, and says how it ended and whether its profile is there.

usage: endings.py SOM FOLDER [LOOPWRIGHT]

With LOOPWRIGHT it is `loopwright profile --guest` that is ended. The program, Ending.som, opens a pipe with a name once it runs, and then goes round in a loop.
"""
import json, os, signal, subprocess, sys

som, folder, *loopwright = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
pipe, profile = os.path.join(folder, "pipe"), os.path.join(folder, "profile.json")
os.mkfifo(pipe)


def prepare():
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


if loopwright:
    command = loopwright + ["profile", "--guest", "--executable=" + som, "--json", "-o", profile]
else:
    command = [som, "--profile=" + profile]
for number in (signal.SIGINT, signal.SIGTERM):
    words = command + ["-cp", here, "Ending", "never", pipe]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=prepare)
    with open(pipe, "w"):
        pass
    child.send_signal(number)
    try:
        printed, errors = child.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        child.kill()
        printed, errors = child.communicate()
    print(number.name, "ended by", child.returncode, printed, errors.splitlines()[:1])
    if not os.path.exists(profile):
        print("there is no profile")
        continue
    with open(profile, encoding="utf-8") as file:
        sends = json.load(file)["sends"]["sites"]
    print("loadFile: is among the sends:", "loadFile:" in [row["selector"] for row in sends])
    os.remove(profile)
