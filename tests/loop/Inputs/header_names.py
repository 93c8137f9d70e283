"""Definitions whose names get in each other's way in C, or in C's own.

usage: header_names.py LOOPWRIGHT-GEN FOLDER

From each either a header comes that compiles, in two dialects and after the headers that a
program usually includes, or an error with its place. What has to be an error is marked.
"""
import os
import re
import subprocess
import sys

generator, folder = sys.argv[1:]

# Names that are a word of C's, or of the header's own, somewhere.
RECORDS = """int int64_t Int bool true NULL null assert static_assert offsetof linux unix errno stdin
EOF FILE DIR size_t Size time_t INT64_MAX INT64_C I alignas nullptr constexpr thread_local typeof asm
restrict inline to To value record interpret main loopwright_image OP_COUNT OP_HALT Op op NamesUnit
NamesBytecode NamesOpcode names_operand names_bytecodes HostPlain Value Address""".split()
MEMBERS = """int int64_t bool true assert static_assert offsetof linux unix errno stdin size_t time_t
alignas constexpr thread_local typeof asm to value record main thread frame size""".split()


def definition(records="", thread="thread", frame="frame", fields="", externals="", constants="",
               bytecodes="", name="Names", libraries=""):
    return """Thread = Record ( | answers <Int64> | )
%(records)s
Frame = Record (
    | code <const Elements of: UInt8 in: code>
      pc <Int64 indexes: code> %(fields)s |
)
Host = Externals (
    unknown: opcode <Int64> <^ blocks> = primitive
    %(externals)s
)
%(libraries)s
%(name)s = BytecodeLoop (
    | %(thread)s <Thread> %(frame)s <Frame> |
    halt = ( self stop )
    %(bytecodes)s
    unknownBytecode: opcode <UInt8> = ( Host unknown: opcode. self stop )
    ----
    code <^Elements of: UInt8 in: code> = ( ^%(frame)s code )
    pc <^Int64> = ( ^%(frame)s pc )
    pc: index <Int64> = ( %(frame)s pc: index )
    %(constants)s
)
""" % locals()


def cases():
    """(what, definition, does it have to be an error?); the last None: it may be either."""
    for name in RECORDS:
        yield "record " + name, definition(
            records="%s = Record ( | a <Int64> b <%s> | )" % (name, name)), None
    for name in MEMBERS:
        yield "field " + name, definition(fields="%s <Int64>" % name), None
        yield "argument " + name, definition(
            externals="do: %s <Int64> with: size <Int64> and: box <Frame> <^Int64> = primitive" % name), None
        yield "thread " + name, definition(thread=name), None
    yield "frame", definition(frame="int64_t"), False
    yield "operand", definition(bytecodes="int: int <UInt8> = ( self stop )"), False
    yield "signature", definition(
        externals="int: f <Address> and: size <Int64> <^Int64 indirect> = primitive"), False
    for owner, name in ("Size", "t"), ("Static", "assert"), ("Va", "start"), ("INT64", "c"):
        yield "function", definition(libraries="%s = Externals ( %s = primitive )" % (owner, name)), None
        yield "accessor", definition(records="%s = Record ( | %s <Int64> | )" % (owner, name)), True
        yield "array", definition(
            records="%s = Record ( | %s <inline Elements of: UInt8> | )" % (owner, name)), True
    yield "accessor", definition().replace("answers", "local"), True
    for loop, name in ("Size", "max"), ("int", "max"), ("INT8", "c"), ("INT8", "limit"):
        yield "constant", definition(name=loop, constants="%s <^Int64> = ( ^1 )" % name), name != "limit"
    pairs = [("fooBar", "foo_bar"), ("fOO", "fOo"), ("int", "int_"), ("aB", "a_b")]
    for one, other in pairs:
        yield "fields", definition(fields="%s <Int64> %s <Int64>" % (one, other)), True
        yield "field and array", definition(
            fields="%s <Int64> %s <inline Elements of: Value in: stack>" % (one, other)), one != "int"
        yield "arguments", definition(
            externals="do: %s <Int64> with: %s <Int64> <^Int64> = primitive" % (one, other)), True
        yield "thread and argument", definition(
            thread=one, externals="do: %s <Int64> <^Int64> = primitive" % other), True
        yield "thread and frame", definition(thread=one, frame=other), True
        yield "constants", definition(
            constants="%s <^Int64> = ( ^1 ) %s <^Int64> = ( ^2 )" % (one, other)), one != "int"
        yield "functions", definition(
            externals="%s <^Int64> = primitive %s <^Int64> = primitive" % (one, other)), one != "int"
        yield "bytecodes", definition(
            bytecodes="%s = ( self stop ) %s = ( self stop )" % (one, other)), one != "int"
    yield "setter", definition(fields="x <Int64> setX <Int64>"), True
    yield "setter and array", definition(
        fields="x <Int64> setX <inline Elements of: Value in: stack>"), True
    yield "two records' fields", definition(
        records="FrameSite = Record ( | calls <Int64> | )", fields="site_calls <Int64>"), True
    yield "two records", definition(
        records="FooBar = Record ( | a <Int64> | ) Foo_bar = Record ( | a <Int64> | )"), True
    yield "records without fields", definition(records="FooBar = Record ( ) FOOBar = Record ( )"), False
    yield "a record and a function", definition(
        records="Host = Record ( | unknown <Int64> | )".replace("Host", "Hos_t"),
        libraries="HOS = Externals ( t_unknown = primitive )"), None
    yield "a field and a function", definition(
        records="VM = Record ( | run <Int64> | )", libraries="Vm = Externals ( run = primitive )"), True
    yield "a setter and a function", definition(
        records="VM = Record ( | run <Int64> | )", libraries="Vm = Externals ( setRun = primitive )"), True
    yield "a record and a signature", definition(
        records="HostRun = Record ( | a <Int64> | )",
        externals="run: f <Address> <^Int64 indirect> = primitive"), True
    yield "two signatures", definition(
        libraries="VM1 = Externals ( a: f <Address> <^Int64 indirect> = primitive ) "
                  "VM = Externals ( _1_a: f <Address> <^Int64 indirect> = primitive )".replace("_1_a", "n1_a")), None
    yield "a record and an opcode", definition(records="OP_HALT = Record ( | a <Int64> | )"), True
    yield "a record and a constant", definition(
        records="NAMES_LIMIT = Record ( | a <Int64> | )", constants="limit <^Int64> = ( ^1 )"), True
    # Whatever the header defines for itself, by what the header of a plain definition has.
    open(definitions, "w").write(definition())
    subprocess.run([generator, definitions, "-o", plain], check=True)
    text = open(plain).read()
    own = set(re.findall(r"^#define (\w+)|^enum (?:\{ )?(\w+)|^\} (\w+);|^typedef .*\b(\w+);"
                         r"|^static (?:inline|const) .*?(\w+)[\[(]|^    ((?:OP|ROLE)_\w+)|(\w+)\[\];", text, flags=re.M))
    for name in sorted("".join(each) for each in own):
        if name.startswith(("NAMES_", "OP_", "ROLE_", "Names")):
            yield "own " + name, definition(records="%s = Record ( | a <Int64> | )" % name), True
        elif name.startswith("names_"):
            yield "own " + name, definition(
                libraries="NAMES = Externals ( %s = primitive )" % name.removeprefix("names_")), True
    for name in ("bytecodes", "externals", "operandsMax", "generated_h", "fingerprintRecords"):
        yield "own macro", definition(constants="%s <^Int64> = ( ^5 )" % name), True
    yield "own setter", definition(records="NAMES = Record ( | operand <Int64> | )"), True
    yield "own image", definition(libraries="Loopwright = Externals ( image = primitive )"), True
    for own in ("bytecodes", "externals", "operandsMax"):
        yield "opcode and macro", definition(name="OP", bytecodes="%s = ( self stop )" % own), True
    yield "opcode and constant", definition(
        name="Op", bytecodes="limit = ( self stop )", constants="limit <^Int64> = ( ^5 )"), True
    for name in ("limit", "generatedH", "bytecodes"):
        yield "role and macro", definition(
            name="Role", bytecodes="do: a <UInt8 %s> = ( self stop )" % name,
            constants="limit <^Int64> = ( ^5 )"), True
    yield "role and record", definition(
        records="ROLE_LOCAL = Record ( | a <Int64> | )",
        bytecodes="do: a <UInt8 local> = ( self stop )"), True
    yield "opcode and count", definition(bytecodes="count = ( self stop )"), True


DIALECTS = (["-std=gnu17"], ["-std=gnu2x", "-include", "stdio.h", "-include", "errno.h", "-include",
                             "time.h", "-include", "stdlib.h", "-include", "limits.h"])
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
definitions = os.path.join(folder, "Names.som")
os.makedirs(folder, exist_ok=True)
plain = os.path.join(folder, "plain.h")
made, failures, refused = {}, 0, 0


def fail(what, problem):
    global failures
    failures += 1
    print("%s: %s" % (what, problem))


for number, (what, text, wrong) in enumerate(cases()):
    open(definitions, "w").write(text)
    header = os.path.join(folder, "names%d.h" % number)
    run = subprocess.run([generator, definitions, "-o", header], stderr=subprocess.PIPE, text=True)
    if run.returncode == 0:
        made[header] = what
        if wrong:
            fail(what, "no error")
        continue
    refused += 1
    if run.returncode != 1 or not re.match(r"\S*Names\.som:\d+:\d+: error: ", run.stderr):
        fail(what, "status %d: %s" % (run.returncode, run.stderr))
    elif wrong is False:
        fail(what, run.stderr)
for dialect in DIALECTS:
    compiled = subprocess.run(["cc", *dialect, *WARNINGS, "-x", "c", *made], stderr=subprocess.PIPE, text=True)
    for header in sorted(set(re.findall(r"\S*/names\d+\.h(?=:\d+:.*error)", compiled.stderr))):
        fail(made[header], re.search(re.escape(header) + ".*error.*", compiled.stderr).group(0))
    if compiled.returncode and not failures:
        fail("all", compiled.stderr)
print("%d refused, %d made, %d wrong" % (refused, len(made), failures))
sys.exit(failures > 0)
