"""Says which lines of the documentation are wider than 120 characters.

usage: check_width.py FILE.md …

Tables, fenced blocks, and single words without a blank (links) can't be wrapped.
"""

import sys

MOST = 120


def wide_lines(path):
    fenced = False
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.lstrip().startswith("```"):
                fenced = not fenced
            can_be_wrapped = not fenced and not line.startswith("|") and " " in line.strip(" -*")
            if can_be_wrapped and len(line) > MOST:
                yield number, len(line)


def main(paths):
    wrong = False
    for path in paths:
        for number, width in wide_lines(path):
            wrong = True
            print(f"{path}:{number}: {width} characters")
    print(f"{len(paths)} pages")
    return 1 if wrong or not paths else 0


sys.exit(main(sys.argv[1:]))
