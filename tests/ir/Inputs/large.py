"""Writes a large module.

usage: large.py chain|ladder|operations|regions|name N

`chain`: N blocks one after the other. `ladder`: N blocks that may each leave for the last.
`operations`: N in one block, each using the one before. `regions`: N bytecodes. `name`: one of
N letters.
"""

import sys

kind, count = sys.argv[1], int(sys.argv[2])
LOOP = """module M
form loop
code verified
record T {
}
record F {
  code: ptr @0 const
  pc: i64 @8 frame cursor code u32
}
thread T
frame F
table @t(%%t: ptr, %%f: ptr) u32 {
%s}
function @i {
trunk {
^entry(%%t: ptr, %%f: ptr):
  br ^loop(%%t, %%f)
^loop(%%t.1: ptr, %%f.1: ptr):
  %%c = load %%f.1, F.code
  %%pc = load %%f.1, F.pc
  %%o = load.u32 %%c, %%pc in code
  dispatch %%o, @t(%%t.1, %%f.1)
}
%s}
"""


def function(lines):
    print("module M\nform handlers\nfunction @f -> i64 {\ntrunk {\n^entry(%a: i64):")
    print("\n".join(lines) + "\n}\n}")


numbers = range(count)
if kind == "chain":
    lines = ["br ^b0"]
    for i in numbers:
        lines += ["^b%d:" % i, "%%x%d = add %%a, %d" % (i, i), "br ^b%d" % (i + 1)]
    function(lines + ["^b%d:" % count, "ret %a"])
elif kind == "ladder":
    lines = ["br ^b0(%a)"]
    for i in numbers:
        lines += [
            "^b%d(%%p%d: i64):" % (i, i),
            "%%c%d = cmp.slt %%p%d, %d" % (i, i, i),
            "%%x%d = add %%p%d, 1" % (i, i),
            "if %%c%d, ^b%d(%%x%d), ^end(%%p%d)" % (i, i + 1, i, i),
        ]
    function(lines + ["^b%d(%%q: i64):" % count, "br ^end(%q)", "^end(%r: i64):", "ret %r"])
elif kind == "operations":
    function(["%x0 = add %a, 1"] + ["%%x%d = mul %%x%d, 3" % (i + 1, i) for i in numbers]
             + ["ret %%x%d" % count])
elif kind == "regions":
    print(LOOP % (
        "".join("  %d b%d() -> ^b%d\n" % (i, i, i) for i in numbers),
        "".join("region b%d {\n^b%d(%%t: ptr, %%f: ptr):\n  br ^loop(%%t, %%f)\n}\n" % (i, i)
                for i in numbers)))
else:
    function(["%%%s = add %%a, 1" % ("x" * count), "ret %%%s" % ("x" * count)])
