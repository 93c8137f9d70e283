#!/usr/bin/env python3
"""Makes of SOM's interpreter one that rewrites the code that it runs, as often as it can.

usage: rewriting.py PLAIN.mir REWRITING.mir

PLAIN.mir is what `loopwright opt --passes=` prints of the definition. Fused bytecodes are
added at the end of its table, so that the others keep their numbers: one written out
below, the others made of their components' regions, one after the other. The region of a
base bytecode that they or a quickened one can stand for gets code at its start that writes
their opcode, where what follows fits and the unit holds the opcode that it runs as. So every
program is a test of what the runtime makes of such code, long before a pass makes any.
"""
import re
import sys

# Sequences, longest first where they begin alike. The last component may leave as it
# likes, the others go on to the next instruction and nowhere else.
WRITTEN_OUT = ["pushLocal", "pushLocal", "addDoubles"]
FUSED = [WRITTEN_OUT, ["pushLocal", "pushLocal", "less"],
         ["pushArgument", "pushArgument", "sendGetterArguments"],
         ["pop", "pushLocal", "sendArguments"]]
FUSED += [[first, last] for first in ("pushLocal", "pushArgument", "pushInteger")
          for last in ("add", "less", "jumpIfTrueOther", "jumpIfFalseOther", "sendArguments")
          if [first, last] != ["pushLocal", "add"]]  # where it would hide the one written out
FUSED += [["pushLocal", "returnLocal"], ["pushArgument", "pushGlobal"], ["pushNil", "equal"],
          ["popLocal", "jumpBack"], ["pop", "returnSelf"], ["pushConstant", "sendArguments"],
          ["addDoubles", "popLocal"]]
# These are in the table for tests that put them into code themselves.
BY_HAND = [["pushLocal", "pushLocal", "add"], ["addDoubles", "returnLocal"]]
QUICKENED = {"addDoubles": "add"}

REGIONS = """\
region pushLocalPushLocalAddDoubles {
^pushLocalPushLocalAddDoubles(%thread: ptr, %frame: ptr):
  %method = load %frame, Frame.method
  %code = load %method, Method.code
  %pc = load %frame, Frame.pc
  %t = add %pc, 1
  %i = load.u16 %code, %t in code
  %a = load %frame, Frame.locals, %i
  component 1
  %t.1 = add %pc, 3
  %j = load.u16 %code, %t.1 in code
  %b = load %frame, Frame.locals, %j
  component 2
  %a_bits = value.bits %a
  %left = f64.from_bits %a_bits
  %b_bits = value.bits %b
  %right = f64.from_bits %b_bits
  %sp = load %frame, Frame.sp
  %are_doubles = fcmp.ord %left, %right
  if %are_doubles, ^doubles, ^others likely
^doubles:
  %sum = fadd %left, %right
  %bits = f64.bits %sum
  %result = value.from_bits %bits
  store.value %sp, 0, %result in stack
  %above = ptr.add %sp, 8
  store %frame, Frame.sp, %above
  %next = add %pc, 6
  store %frame, Frame.pc, %next
  br ^loop(%thread, %frame)
^others:
  store.value %sp, 0, %a in stack
  store.value %sp, 1, %b in stack
  %both = ptr.add %sp, 16
  store %frame, Frame.sp, %both
  %place = add %pc, 4
  store %frame, Frame.pc, %place
  exit addDoubles, @bytecodes(%thread, %frame)
}
"""

# When a base bytecode quickens: after the opcode's test, up to a value `%q_wanted`.
WANTED = {
    "addDoubles": """\
  %q_sp = load %frame, Frame.sp
  %q_a = load.value %q_sp, -2 in stack
  %q_a_bits = value.bits %q_a
  %q_left = f64.from_bits %q_a_bits
  %q_b = load.value %q_sp, -1 in stack
  %q_b_bits = value.bits %q_b
  %q_right = f64.from_bits %q_b_bits
  %q_wanted = fcmp.ord %q_left, %q_right
""",
}


def name_of(sequence):
    return sequence[0] + "".join(name[0].upper() + name[1:] for name in sequence[1:])


class Interpreter:
    def __init__(self, text):
        # Which helper a place is in is for debuggers, and regions are put together here.
        text = re.sub(r"(?m)^inlined .*\n", "", text)
        text = re.sub(r"(?m)(!\d+:\d+)#\d+$", r"\1", text)
        self.text = text
        entries = re.findall(r"^  (\d+) (\w+)\((.*?)\).*$", text, re.M)
        unit = {"u16": 1, "i16": 1, "u32": 2, "i32": 2}
        self.opcodes = {name: int(number) for number, name, _ in entries}
        self.lengths = {name: 1 + sum(unit[word] for word in re.findall(r": (\w+)", operands))
                        for _, name, operands in entries}
        self.regions = {match.group(1): match.group(2) for match in re.finditer(
            r"^region (\w+)(?: restartable)? \{\n(.*?)^\}\n", text + REGIONS, re.M | re.S)}
        for name in [name_of(sequence) for sequence in FUSED + BY_HAND]:
            self.opcodes[name] = len(self.opcodes)

    def entries(self):
        """The lines that are added to the table."""
        for sequence in FUSED + BY_HAND:
            name = name_of(sequence)
            yield f"  {self.opcodes[name]} {name} components {', '.join(sequence)} -> ^{name}\n"

    def choices(self, first, label):
        """Blocks that write the first fused opcode that fits what follows, or go to `label`."""
        sequences = [sequence for sequence in FUSED if sequence[0] == first]
        lines = []
        for i, sequence in enumerate(sequences):
            here = f"q_{first}_{i}"
            other = f"^q_{first}_{i + 1}_1" if i + 1 < len(sequences) else label
            offset = 0
            for k, component in enumerate(sequence[1:], 1):
                offset += self.lengths[sequence[k - 1]]
                after = f"^{here}_{k + 1}" if k + 1 < len(sequence) else f"^{here}_write"
                lines += [f"^{here}_{k}:", f"  %{here}_place_{k} = add %q_pc, {offset}",
                          f"  %{here}_unit_{k} = load.u16 %q_code, %{here}_place_{k} in code",
                          f"  %{here}_is_{k} = cmp.eq %{here}_unit_{k}, {self.opcodes[component]}",
                          f"  if %{here}_is_{k}, {after}, {other}"]
            lines += [f"^{here}_write:",
                      f"  store.u16 %q_code, %q_pc, {self.opcodes[name_of(sequence)]} in code",
                      "  br ^q_go"]
        return (f"^q_{first}_0_1" if sequences else label), lines

    def rewriting(self, name):
        """Code for the start of a bytecode's region, after which that goes on in ^q_go."""
        label, lines = self.choices(name, "^q_go")
        for quick in [each for each, base in QUICKENED.items() if base == name]:
            write, more = self.choices(quick, "^q_write")
            lines += more + ["^q_quick:", WANTED[quick].rstrip("\n"), f"  if %q_wanted, {write}, {label}",
                             "^q_write:", f"  store.u16 %q_code, %q_pc, {self.opcodes[quick]} in code",
                             "  br ^q_go"]
            label = "^q_quick"
        if label == "^q_go":
            return ""
        lines = ["  %q_method = load %frame, Frame.method", "  %q_code = load %q_method, Method.code",
                 "  %q_pc = load %frame, Frame.pc", "  %q_opcode = load.u16 %q_code, %q_pc in code",
                 f"  %q_is_own = cmp.eq %q_opcode, {self.opcodes[name]}",
                 f"  if %q_is_own, {label}, ^q_go"] + lines
        return "\n".join(lines) + "\n^q_go:\n"

    def with_rewriting(self, name):
        if name in QUICKENED:
            return self.regions[name]
        first, rest = self.regions[name].split("\n", 1)
        return first + "\n" + self.rewriting(name) + rest

    def component(self, name, k, next_label):
        """A component's code with names of its own; its way on leads to `next_label`."""
        code = re.sub(r"exit \w+,", f"exit {name},", self.with_rewriting(name))
        code = re.sub(r"%(?!thread\b|frame\b)(?=\w)", f"%c{k}_", code)
        code = re.sub(r"\^(?!loop\b)", f"^c{k}_", code)
        first, rest = code.split("\n", 1)
        if next_label:
            rest, count = re.subn(r"br \^loop\(%thread, %frame\)", f"br {next_label}", rest)
            assert count == 1 and "^loop" not in rest, name
        return first.split("(")[0], rest

    def fuse(self, sequence):
        name, code = name_of(sequence), ""
        for k, each in enumerate(sequence):
            following = f"^c{k + 1}_{sequence[k + 1]}" if k + 1 < len(sequence) else None
            label, rest = self.component(each, k, following)
            start = f"^{name}(%thread: ptr, %frame: ptr):\n" if k == 0 else f"{label}:\n  component {k}\n"
            code += start + rest
        return f"region {name} {{\n{code}}}\n"

    def rewritten(self):
        more = "".join(self.entries())
        text = self.text.replace("  default ->", more + "  default ->", 1)
        firsts = {sequence[0] for sequence in FUSED} - set(QUICKENED)
        for name in firsts | set(QUICKENED.values()):
            text = text.replace(f"region {name} {{\n{self.regions[name]}}}\n",
                                f"region {name} {{\n{self.with_rewriting(name)}}}\n")
        regions = REGIONS + "".join(self.fuse(sequence) for sequence in FUSED + BY_HAND
                                    if sequence != WRITTEN_OUT)
        assert text.endswith("}\n}\n")
        return text[:-2] + regions + "}\n"


def main():
    plain, rewriting = sys.argv[1:]
    with open(plain, encoding="utf-8") as file:
        text = file.read()
    with open(rewriting, "w", encoding="utf-8") as file:
        file.write(Interpreter(text).rewritten())


if __name__ == "__main__":
    main()
