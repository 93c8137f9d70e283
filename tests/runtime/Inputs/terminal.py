#!/usr/bin/env python3
"""Runs a command on a pseudo-terminal, types what standard input holds a line at a time,
each when a prompt has appeared, then Ctrl-D, and prints what the terminal showed.
`<up>` in a line stands for that key, `<eof>` for Ctrl-D without an end of line. A line
that ends in `<interrupt>` isn't ended, but given up with Ctrl-C; `<interrupt WORD>` stands
for its end and Ctrl-C once a line with WORD is shown. Statuses below 0 are signals.
`--plain` in front of the command: it leaves the editing of lines to the terminal."""
import os, pty, re, select, signal, sys, termios, time

PROMPT = re.compile(rb"(som> |   \| )[^\n]*$")
SECONDS = 60


def shown(terminal, until=PROMPT):
    """What is shown until the next prompt or the end; False as the second at the end."""
    text = b""
    while not until.search(text[-200:]):
        if not select.select([terminal], [], [], SECONDS)[0]:
            sys.exit(f"no prompt after {SECONDS} s, but {text!r}")
        try:
            more = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            more = b""
        if not more:
            return text, False
        text += more
    return text, True


def await_editor(terminal):
    """An editor shows its prompt before it takes the terminal: what is typed between the two
    is the terminal's own business, Ctrl-D among it."""
    latest = time.monotonic() + SECONDS
    while termios.tcgetattr(terminal)[3] & termios.ICANON:
        if time.monotonic() > latest:
            sys.exit(f"no editor after {SECONDS} s")
        time.sleep(0.001)


def main():
    plain = sys.argv[1] == "--plain"
    command = sys.argv[1 + plain :]
    lines = sys.stdin.read().splitlines()
    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "vt100"
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execv(command[0], command)
    text, alive = shown(terminal)
    for line in lines + ["<eof>"]:
        if not alive:
            break
        if not plain:
            await_editor(terminal)
        keys = line.replace("<up>", "\x1b[A")
        awaited = re.search("<interrupt (.*)>$", keys)
        if awaited:
            os.write(terminal, keys[: awaited.start()].encode() + b"\n")
            more, alive = shown(terminal, re.compile(rb"\n" + awaited[1].encode() + rb"\r?\n"))
            text += more
            keys = "\x03"
        elif keys.endswith("<interrupt>"):
            typed = keys[: -len("<interrupt>")].encode()
            os.write(terminal, typed)
            more, alive = shown(terminal, re.compile(re.escape(typed) + b"$"))
            text += more
            keys = "\x03"
        else:
            keys = "\x04" if line == "<eof>" else keys + "\n"
        os.write(terminal, keys.encode())
        more, alive = shown(terminal)
        text += more
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    printed = re.sub(rb"\x1b[\[(][0-9;?]*[A-Za-z]|\x1b[=>]|\r", b"", text)
    sys.stdout.write(printed.decode(errors="replace"))
    print(f"\nstatus {status}")


main()
