"""Starts a program that writes a trace to a file, and never ends; waits until it is in its loop, and interrupts it.

The file can't grow without bound, should that fail."""
import os
import resource
import signal
import subprocess
import sys
import time

MOST = 1 << 26


def prepare():
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who runs tests may ignore it
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST, MOST))


def has_come_to_loop(path):
    try:
        with open(path, encoding="utf-8") as file:
            return "Ending>>loops" in file.read(1 << 18)
    except OSError:
        return False


path = sys.argv[1]
child = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, preexec_fn=prepare)
end = time.monotonic() + 60
while not has_come_to_loop(path) and time.monotonic() < end and child.poll() is None:
    time.sleep(0.02)
child.send_signal(signal.SIGINT)
try:
    status = child.wait(60)
finally:
    child.kill()
with open(path, "rb") as file:
    file.seek(-min(os.path.getsize(path), 200), os.SEEK_END)
    tail = file.read()
last = tail.split(b"\n")[-2]
whole = tail.endswith(b"\n") and b"Ending>>loops" in last and b"|" in last
print(f"signal {-status}, and {'whole lines' if whole else 'not a whole line: %r' % tail}")
