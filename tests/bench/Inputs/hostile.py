"""Reads damaged raw data: whatever the damage, the command ends by itself with status 0 or 1, and if it
is 1 says why.

usage: hostile.py LOOPWRIGHT FOLDER
"""
import json
import os
import random
import subprocess
import sys

loopwright, folder = sys.argv[1:]
good = open(os.path.join(folder, "raw.jsonl"), "rb").read()
drawn = random.Random(4)
VALUES = [None, True, -1, 0, 1e300, 1e-300, 10 ** 18, "", "\u0000", "x" * 100000, [], {}, [[[]]], {"name": {}}]


def damaged():
    """One value of one line is another one."""
    lines = [json.loads(line) for line in good.splitlines()]
    line = drawn.choice(lines)
    if "campaign" in line and drawn.random() < 0.8:
        line = line["campaign"]
    line[drawn.choice(list(line))] = drawn.choice(VALUES)
    return "\n".join(map(json.dumps, lines)).encode()


def torn():
    """Bytes are missing, doubled, or others."""
    at, end = sorted(drawn.randrange(len(good)) for _ in range(2))
    return drawn.choice([good[:at], good[at:end], good[:at] + good[end:], good[:end] + good[at:],
                         good[:at] + bytes(drawn.randrange(256) for _ in range(20)) + good[at:]])


count = 0
for make in [damaged] * 60 + [torn] * 40 + [lambda: b"", lambda: b"\n\n", lambda: b"\0" * 5000, lambda: good * 2]:
    path = os.path.join(folder, "hostile.jsonl")
    with open(path, "wb") as file:
        file.write(make())
    for command in (["--import=" + path, "--json"], ["--compare=" + path, "--with=" + path]):
        done = subprocess.run([loopwright, "bench", *command], capture_output=True, timeout=120)
        assert done.returncode in (0, 1), (command, done.returncode, done.stderr)
        assert done.returncode == 0 or b"error: " in done.stderr or b"slower" in done.stdout, (command, done)
    count += 1
print("each of %d files was read or refused" % count)
