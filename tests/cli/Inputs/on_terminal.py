"""Runs a command whose standard output is a terminal, and prints what that shows. The status is the command's.

usage: on_terminal.py COMMAND [ARGS]"""
import os
import subprocess
import sys

ours, its = os.openpty()
command = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=its)
os.close(its)
shown = b""
try:
    while more := os.read(ours, 4096):
        shown += more
except OSError:  # the other end is closed
    pass
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
sys.stdout.flush()
sys.exit(command.wait())
