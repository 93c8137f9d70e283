"""Holds docs/passes.md against the passes that there are.

usage: check_passes.py [--update] PAGE LOOPWRIGHT

The page's table has a row for each pass of `loopwright passes --json`, in the same order; each
pass has a section of its own, with an excerpt that a command prints. With --update the table is
made anew.
"""

import json
import re
import subprocess
import sys

HEAD = "| pass | from | form | what it does |\n|---|---|---|---|\n"
ALL_FORMS = ["loop", "replicated", "handlers"]


def row(entry):
    name = entry["name"]
    level = entry["level"]
    takes = entry["takes"]
    form = "any" if takes == ALL_FORMS else ", ".join(takes)
    if entry["gives"]:
        form += " → " + entry["gives"]
    parameter = " `=%s`" % entry["parameter"] if entry["parameter"] else ""
    cells = ["[`%s`](#%s)%s" % (name, name, parameter), "–" if level is None else "`-O%d`" % level, form, entry["help"]]
    return "| %s |\n" % " | ".join(cell.replace("|", "\\|") for cell in cells)


def sections(text):
    """What stands under each heading of a pass, by the pass's name."""
    parts = re.split(r"^(#+ .*)\n", text, flags=re.M)
    return {heading[5:-1]: part for heading, part in zip(parts[1::2], parts[2::2]) if heading.startswith("### `")}


def main(words):
    update = words[:1] == ["--update"]
    path, loopwright = words[update:]
    passes = json.loads(subprocess.run([loopwright, "passes", "--json"], check=True, stdout=subprocess.PIPE).stdout)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    start = text.index(HEAD)
    end = text.index("\n\n", start) + 1
    table = HEAD + "".join(map(row, passes))
    complaints = []
    if update:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text[:start] + table + text[end:])
    elif text[start:end] != table:
        complaints.append("the table has to be\n" + table)
    found = sections(text)
    names = [each["name"] for each in passes]
    complaints += ["no section ### `%s`" % name for name in names if name not in found]
    complaints += ["no pass `%s`" % name for name in found if name not in names]
    complaints += ["no excerpt of `%s`" % name for name in found if "```console" not in found[name]]
    print("\n".join(complaints + ["%d passes" % len(passes)]))
    return 1 if complaints else 0


sys.exit(main(sys.argv[1:]))
