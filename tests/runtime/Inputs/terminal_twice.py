#!/usr/bin/env python3
"""Runs a `som` on a pseudo-terminal, has it multiply for long, types Ctrl-C until it ends, and
says how that was and whether the terminal echoes again."""
import os, pty, select, signal, sys, termios, time

process, terminal = pty.fork()
if process == 0:
    os.environ.update(TERM="vt100", SOM_HISTORY="")
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])


def read_until(word):
    text = b""
    while word not in text:
        if not select.select([terminal], [], [], 60)[0]:
            sys.exit(f"no {word!r} but {text!r}")
        text += os.read(terminal, 4096)


read_until(b"som> ")
os.write(terminal, b"n := (7 << 500000000) + 1. 'begun' println. n := n * n * n\n")
read_until(b"\nbegun")
for _ in range(600):
    time.sleep(0.1)
    os.write(terminal, b"\x03")
    ended, status = os.waitpid(process, os.WNOHANG)
    if ended:
        break
status = os.waitstatus_to_exitcode(status)
echoes = termios.tcgetattr(terminal)[3] & termios.ECHO
print("ended by", signal.Signals(-status).name if status < 0 else status, "echo", "on" if echoes else "off")
