"""Writes a large module.

usage: large.py KIND N

`chain`: N blocks one after the other. `ladder`: N blocks that may each leave for the last.
`operations`: N in one block, each using the one before. `regions`: N bytecodes. `name`: one of
N letters. `derived`: an address into an object goes through N blocks, of which the last stands
first. `live`: N values are live across N calls that collect, which is wrong. `joins`: N blocks,
each reached from the one before and from a switch. `empty`: the same, with nothing in them.
`arms`: N ways of a switch compute the same. `kin`: N bytecodes, of which each quickens to the
one before. `handlers`: N bytecodes, each a function.
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
elif kind in ("derived", "live"):
    if kind == "derived":
        lines = ["%p = address %o, A.elements, 0", "br ^b0(%p)"]
        for i in reversed(numbers):
            to = "br ^b%d(%%p%d)" % (i + 1, i) if i + 1 < count else "ret 0"
            lines += ["^b%d(%%p%d: ptr):" % (i, i), to]
    else:
        lines = ["%%v%d = load %%f, R.object" % i for i in numbers]
        lines += ["call @collect()"] * count
        lines += ["store %%f, R.object, %%v%d" % i for i in numbers] + ["ret 0"]
    print("module M\nform handlers\nrecord A moves size 16 {\n  elements: value[] @16 heap\n}\n"
          "record R {\n  object: object @0 frame\n}\n"
          "external collect() collects\nfunction @f -> i64 {\ntrunk {\n"
          "^entry(%f: ptr, %o: object):\n" + "\n".join(lines) + "\n}\n}")
elif kind in ("joins", "empty", "arms"):
    passes = kind == "joins"
    lines = ["switch %a {" + "".join(
        " %d -> ^b%d" % (i, i) + ("(%a)" if passes else "") for i in numbers)
        + " default -> ^end }"]
    for i in numbers:
        to = "br ^b%d" % (i + 1) + ("(%%p%d)" % i if passes else "")
        to = to if i + 1 < count and kind != "arms" else "br ^end"
        lines += ["^b%d%s:" % (i, "(%%p%d: i64)" % i if passes else "")]
        lines += ["%%x%d = add %%a, 7" % i, "call @show(%%x%d)" % i] if kind == "arms" else []
        lines += ["call @show(%%p%d)" % i] if passes else []
        lines += [to]
    print("module M\nform handlers\nexternal show(i64) blocks\nfunction @f -> i64 {\ntrunk {\n"
          "^entry(%a: i64):\n" + "\n".join(lines + ["^end:", "ret %a"]) + "\n}\n}")
elif kind == "kin":
    print("module M\nform handlers\ntable @t(%a: i64) u32 {")
    for i in range(count - 1):
        print("  %d q%d() quickened%s -> none" % (i, i, " quickens q%d" % (i - 1) if i else ""))
    print("  %d base() quickens q%d -> none\n}\nfunction @f -> i64 {\ntrunk {\n^entry(%%a: i64):\n"
          "ret 0\n}\n}" % (count - 1, count - 2))
elif kind == "handlers":
    print("module M\nform handlers\ncode verified\ntable @t(%a: i64) u32 {\n"
          + "".join("  %d b%d() -> @b%d\n" % (i, i, i) for i in numbers) + "}\n"
          + "function @f -> i64 {\ntrunk {\n^entry(%a: i64):\n  dispatch %a, @t(%a)\n}\n}\n"
          + "".join("function @b%d -> i64 {\ntrunk {\n^b%d(%%a: i64):\n  ret %%a\n}\n}\n" % (i, i)
                    for i in numbers))
else:
    function(["%%%s = add %%a, 1" % ("x" * count), "ret %%%s" % ("x" * count)])
