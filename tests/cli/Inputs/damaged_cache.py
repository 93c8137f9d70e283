"""Damages an emitted interpreter in the cache in all ways, and says whether it was made again.

usage: damaged_cache.py LOOPWRIGHT PROGRAM

The cache is LOOPWRIGHT_CACHE, an empty folder or none yet.
"""

import glob
import os
import subprocess
import sys

loopwright, program = sys.argv[1:]
cache = os.environ["LOOPWRIGHT_CACHE"]


def run():
    done = subprocess.run([loopwright, "run", "-O1", program], capture_output=True, text=True, timeout=100)
    said = (done.stdout + done.stderr).strip()
    return said if done.returncode == 0 else f"status {done.returncode}: {said}"


def contents():
    found = {}
    for path in glob.glob(os.path.join(cache, "*")):
        with open(path, "rb") as file:
            found[os.path.splitext(path)[1]] = file.read()
    return found


def empty(path):
    open(path, "wb").close()


def cut_off(path):
    os.truncate(path, os.path.getsize(path) * 2 // 3)


def change(path):
    with open(path, "r+b") as file:
        file.seek(os.path.getsize(path) // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))


def check(what, damage, *endings):
    for ending in endings:
        damage(base + ending)
    print(f"{what}: {run()},", "as before" if contents() == before else "not as before")


print(f"made: {run()},", len(os.listdir(cache)), "files")
before = contents()
base = glob.glob(os.path.join(cache, "*.mir"))[0][: -len(".mir")]
check("empty program", empty, "")
check("cut off program", cut_off, "")
check("one bit of the program", change, "")
check("no program", os.unlink, "")
check("program that can't be run", lambda path: os.chmod(path, 0o600), "")
check("empty object", empty, ".o")
check("cut off object", cut_off, ".o")
check("empty module", empty, ".mir")
check("empty record", empty, ".sums")
check("cut off record", cut_off, ".sums")
check("no record", os.unlink, ".sums")
check("all empty", empty, "", ".o", ".mir", ".sums")
times = [os.stat(base + ending).st_mtime_ns for ending in ("", ".o", ".mir", ".sums")]
said = run()
same = times == [os.stat(base + ending).st_mtime_ns for ending in ("", ".o", ".mir", ".sums")]
print(f"sound: {said},", "untouched" if same else "made again")
