"""Says which checks of the tests would pass whatever a command printed, even if it failed.

usage: check_checks.py TESTS

FileCheck is content with any text in which what a NOT forbids is missing. So each prefix that
a test runs it with has to find something, too.
"""

import os
import re
import sys

PREFIX = re.compile(r"--check-prefix(?:es)?[= ]([\w,-]+)")
DIRECTIVE = re.compile(r"\b([A-Z][\w-]*?)(-NEXT|-NOT|-SAME|-DAG|-LABEL|-EMPTY|-COUNT-\d+)?:")


def used_prefixes(text):
    """The prefixes of each run of FileCheck on the test itself."""
    for line in text.replace("\\\n", " ").splitlines():
        if "RUN:" not in line:
            continue
        for command in re.split(r"\bFileCheck\b", line)[1:]:
            given = PREFIX.findall(command)
            if "%s" not in command.split("|")[0]:
                continue
            yield given[0].split(",") if given else ["CHECK"]


def positive_prefixes(text):
    found = set()
    for line in text.splitlines():
        directive = DIRECTIVE.search(line)
        if directive and directive.group(2) != "-NOT":
            found.add(directive.group(1))
    return found


def main(folder):
    wrong = looked_at = 0
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("Inputs", "corpus")]
        for name in names:
            if not name.endswith((".test", ".mir")):
                continue
            looked_at += 1
            with open(os.path.join(path, name), encoding="utf-8") as file:
                text = file.read()
            positive = positive_prefixes(text)
            for prefixes in used_prefixes(text):
                if not positive & set(prefixes):
                    wrong += 1
                    print(f"{os.path.join(path, name)}: {','.join(prefixes)} finds nothing")
    print(f"{looked_at} tests")
    return 1 if wrong or not looked_at else 0


sys.exit(main(sys.argv[1]))
