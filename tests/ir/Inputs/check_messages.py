"""Is each message of the IR's verifier and parser expected by some test?

usage: check_messages.py ROOT

A message is a string that the sources of ir/ hand to one of the reporting functions. It is
expected where a line of a test (or of docs/ir.md, whose wrong examples are run) has all its
words between the %s, in order: tests that pass have then provoked it.
"""

import glob
import os
import re
import sys

root = sys.argv[1]
STRING = r'"((?:[^"\\]|\\.)*)"'
REPORTS = {
    "verify*.c": r"\b(?:complain|complain_in|complain_also)\(",
    "[pl][ae][rx]*.c": r"\b(?:ir_parse_fail|diagnostic_error|diagnostic_note)\(",
}
# What the parser expects: the message is "expected %s, found %s".
EXPECTED = r"\b(?:ir_parse_token|ir_parse_plain_name)\([^;{]*?" + STRING


def joined(text):
    """Adjacent literals are one, and so are the lines of a call."""
    return re.sub(r'"\s*\n\s*"', "", text)


def arguments(text, start):
    """The text of a call's arguments, from after its parenthesis."""
    depth, place, quoted = 1, start, False
    while depth:
        c = text[place]
        if quoted:
            place += c == "\\"
            quoted = c != '"' or text[place] == "\\"
            quoted = not (c == '"')
        elif c == '"':
            quoted = True
        elif c in "()":
            depth += 1 if c == "(" else -1
        place += 1
    return text[start : place - 1]


def messages():
    for pattern, calls in REPORTS.items():
        for path in sorted(glob.glob(os.path.join(root, "ir", pattern))):
            text = joined(open(path).read())
            place = os.path.relpath(path, root)
            for call in re.finditer(calls, text):
                strings = re.findall(STRING, arguments(text, call.end()))
                # The rule's name comes first where it is written out.
                sentences = [each for each in strings if " " in each]
                if sentences:
                    yield place, sentences[0]
            for name in re.findall(EXPECTED, text):
                yield place, "expected %s, found" % name


def pieces(message):
    message = message.replace("%%", "\0").replace('\\"', '"').replace("\\\\", "\\")
    parts = re.split(r"%[-.0-9]*(?:ll|l|z)?[a-z]", message)
    return [part.replace("\0", "%").strip() for part in parts if part.strip()]


def expectations():
    for pattern in ("tests/ir/*.mir", "tests/ir/*.test", "tests/unit/ir_*.c", "tests/unit/ir_*.h",
                    "tests/passes/*.mir", "docs/ir.md"):
        for path in glob.glob(os.path.join(root, pattern)):
            text = joined(open(path).read())
            for line in text.replace('\\"', '"').replace("\\\\", "\\").splitlines():
                yield line


def is_expected(parts, lines):
    pattern = re.compile(".*".join(re.escape(part) for part in parts))
    return any(pattern.search(line) for line in lines)


lines = list(expectations())
missing, count = [], 0
for place, message in messages():
    count += 1
    if not is_expected(pieces(message), lines):
        missing.append("%s: no test expects: %s" % (place, message))
print("\n".join(missing + ["%d messages" % count]))
sys.exit(1 if missing else 0)
