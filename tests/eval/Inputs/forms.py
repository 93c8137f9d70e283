"""Writes a module of form `loop` in another form.

usage: forms.py replicated|handlers IN.mir OUT.mir

For modules whose loop carries thread and frame only, with `Frame.code`, `Frame.pc` and
code of bytes, and with the dispatch in the header.
"""

import itertools
import re
import sys

form, source, target = sys.argv[1:]
text = open(source).read().replace("form loop\n", "form %s\n" % form)
numbers = itertools.count()


def dispatch(match):
    number = next(numbers)
    return (
        "  %%code_%d = load %%frame, Frame.code\n"
        "  %%pc_%d = load %%frame, Frame.pc\n"
        "  %%opcode_%d = load.u8 %%code_%d, %%pc_%d in code\n"
        "  dispatch %%opcode_%d, @bytecodes(%%thread, %%frame)\n" % ((number,) * 6)
    )


text = re.sub(r"\^loop\(%thread\.1.*?\n\}", "}", text, count=1, flags=re.S)
text = re.sub(r"  br \^loop\(%thread, %frame\)\n", dispatch, text)
if form == "handlers":
    head, regions = text.split("\nregion ", 1)
    head = head.replace("-> ^", "-> @") + "\n}\n"
    for region in regions.rsplit("}\n", 1)[0].split("region "):
        name, rest = region.split(" ", 1)
        head += "\nfunction @%s {\ntrunk %s}\n" % (name, rest)
    text = head
open(target, "w").write(text)
