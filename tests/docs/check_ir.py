"""Checks docs/ir.md against the program.

usage: check_ir.py LOOPWRIGHT ROOT WORKING-FOLDER

The examples are fenced blocks; the words after the fence say what they are:

  mir NAME.mir       a module, also a file for the commands; canonical as it stands
  mir setting        a module with a comment `; the example` where instructions go
  mir                instructions for the setting, or declarations for a module around them
  mir wrong RULE     the same; its first line is a comment with the message that it gives,
                     `…` standing for any part of it
  c NAME.c           a file for the commands
  console            commands after `$ `, and what they print

Every operation of ir/ops.def has to stand in an example, and every rule of the verifier
has to be described and, where text can break it, broken.
"""

import os
import re
import subprocess
import sys

loopwright, root, folder = sys.argv[1:]
UNBREAKABLE = {"regions"}  # names of other regions are unknown to the parser
TERMINATORS = ("br", "if", "switch", "dispatch", "poll", "ret", "tail", "exit", "unreachable")
DECLARATIONS = ("record", "external", "table", "thread", "frame", "stack", "poll", "barrier")
failures = 0


def fail(message):
    global failures
    failures += 1
    print(message)


def examples(lines):
    """The fenced blocks: (line number, words after the fence, text)."""
    start, words, block = None, None, []
    for number, line in enumerate(lines, 1):
        if not line.startswith("```"):
            block.append(line)
        elif start is None:
            start, words, block = number, line[3:].split(), []
        else:
            yield start, words, "".join(each + "\n" for each in block)
            start = None


def code_lines(text):
    return [line.split(";")[0].strip() for line in text.splitlines() if line.split(";")[0].strip()]


def in_setting(setting, text):
    last = code_lines(text)[-1].split()[0]
    if last not in TERMINATORS:
        text += "br ^loop(%thread, %frame)\n"
    assert "; the example\n" in setting
    return setting.replace("; the example\n", text)


def around_declarations(text):
    """A module with these declarations, and with the regions that its tables lead to."""
    if "function @" in text:
        return "module Example\nform %s\n" % ("loop" if "^loop" in text else "replicated") + text
    parameters = re.search(r"table @\w+\((.*)\) \w+ \{", text)
    names = re.findall(r"-> \^(\w+)", text)
    heads = ", ".join(re.findall(r"%\w+: \w+", parameters.group(1))) if parameters else ""
    regions = "".join(
        "region %s {\n^%s(%s):\n  unreachable\n}\n" % (name, name, heads) for name in names
    )
    return (
        "module Example\nform replicated\n%sfunction @interpret {\ntrunk {\n^entry:\n  ret\n}\n%s}\n"
        % (text, regions)
    )


def whole(setting, text):
    first = code_lines(text)[0].split()[0]
    if first == "module":
        return text
    is_poll = re.match(r"poll (call|backEdge)", code_lines(text)[0])
    is_declaration = first in DECLARATIONS and not is_poll
    return around_declarations(text) if is_declaration else in_setting(setting, text)


def opt(text):
    run = subprocess.run(
        [loopwright, "opt", "--passes=", "--verify-each", "-"],
        input=text, capture_output=True, text=True, timeout=60,
    )
    return run.returncode, run.stdout, run.stderr


def check_right(place, text, is_canonical):
    status, printed, errors = opt(text)
    if status:
        return fail("%s: refused:\n%s" % (place, errors))
    again = opt(printed)
    if again[1] != printed:
        fail("%s: prints to another text when parsed again" % place)
    if is_canonical and printed != text:
        fail("%s: is not as it is printed:\n%s" % (place, printed))


def check_wrong(place, rule, message, text):
    status, _, errors = opt(text)
    if status != 1:
        fail("%s: exit status %d where an error is expected" % (place, status))
    if not re.search(".*".join(map(re.escape, message.split("…"))), errors):
        fail("%s: expected %s, got\n%s" % (place, message, errors))
    if rule != "syntax" and "[%s]" % rule not in message:
        fail("%s: the message is not of the rule %s" % (place, rule))


def check_commands(place, text):
    environment = dict(os.environ, PATH=os.path.dirname(loopwright) + ":" + os.environ["PATH"])
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, expected = part.partition("\n")
        run = subprocess.run(
            command, shell=True, cwd=folder, env=environment, timeout=60, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        if run.stdout != expected:
            fail("%s: `%s` prints\n%sand not\n%s" % (place, command, run.stdout, expected))


def operations_in(text):
    """The words that stand where an operation does, with what they may be without suffix."""
    found = set()
    for line in code_lines(text):
        word = re.match(r"(?:%[\w.]+ = )?([\w.]+)", line)
        if word:
            found |= {word.group(1), word.group(1).rpartition(".")[0]}
    return found


def rules():
    found = set()
    folder = os.path.join(root, "ir", "verify")
    for name in os.listdir(folder):
        if name.endswith(".c"):
            text = open(os.path.join(folder, name)).read()
            found |= set(re.findall(r'complain\(verifier,\s*"([a-z-]+)"', text))
            found |= set(re.findall(r'\brule\[\] = "([a-z-]+)"', text))
    if not found:
        fail("no file of ir/verify names a rule")
    return found


def main():
    document = open(os.path.join(root, "docs", "ir.md")).read()
    blocks = list(examples(document.splitlines()))
    setting = next(text for _, words, text in blocks if words == ["mir", "setting"])
    shown, broken = set(), set()
    os.makedirs(folder, exist_ok=True)
    for line, words, text in blocks:
        place = "docs/ir.md:%d" % line
        if len(words) == 2 and "." in words[1]:
            open(os.path.join(folder, words[1]), "w").write(text)
        if words[:2] == ["mir", "wrong"]:
            broken.add(words[2])
            message = text.splitlines()[0][2:]
            check_wrong(place, words[2], message, whole(setting, text))
        elif words[:1] == ["mir"]:
            shown |= operations_in(text)
            is_file = len(words) == 2 and words[1] != "setting"
            full = in_setting(text, "ret\n") if words[1:] == ["setting"] else whole(setting, text)
            check_right(place, full, is_file)
        elif words == ["console"]:
            check_commands(place, text)
        elif words[:1] != ["c"]:
            fail("%s: a block of an unknown kind" % place)
    definitions = open(os.path.join(root, "ir", "ops.def")).read()
    for operation in re.findall(r'^IR_OP\(\w+, "([^"]+)"', definitions, flags=re.M):
        if operation not in shown:
            fail("no example has the operation %s" % operation)
        if not re.search(r"`%s[`.]" % re.escape(operation), document):
            fail("no table has the operation %s" % operation)
    for rule in rules():
        if "**`%s`**" % rule not in document:
            fail("the rule %s is not described" % rule)
        if rule not in broken | UNBREAKABLE:
            fail("no example breaks the rule %s" % rule)
    print("%d examples" % len(blocks))
    return 1 if failures else 0


sys.exit(main())
