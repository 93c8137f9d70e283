"""Does what a page of the documentation does.

usage: check_files.py [--update] PAGE FOLDER-OF-PROGRAMS WORKING-FOLDER

A fenced block with a file's name after its language is that file; a block `console` holds
commands after `$ `, each with what it prints. They are given to one shell, one after another,
for which $LOOPWRIGHT_ROOT is the root of the source tree. A block `console llvm-19` is machine code
of LLVM 19, and is left alone where there is none. So are other blocks.

With --update the page gets what the commands print.
"""

import os
import re
import subprocess
import sys

BLOCK = re.compile(r"^```(.*)\n((?:(?!```).*\n)*)```$", flags=re.M)
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*\n)((?:(?!\$ ).*\n)*)", flags=re.M)
END = "\x1e"  # no command prints it
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Page:
    def __init__(self, path, programs):
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        self.programs = os.path.abspath(programs)
        self.commands = []

    def is_run(self, words):
        """Whether a block with these words after its fence holds commands to run here."""
        if words[:1] != ["console"]:
            return False
        helpers = [os.path.join(self.programs, "..", "libexec", "loopwright-" + word) for word in words[1:]]
        return all(map(os.path.exists, helpers))

    def prepare(self, folder):
        """Writes the page's files, and collects its commands: (command, what it prints)."""
        os.makedirs(folder, exist_ok=True)
        for words, text in BLOCK.findall(self.text):
            words = words.split()
            if self.is_run(words):
                self.commands += COMMAND.findall(text)
            elif len(words) == 2 and words[0] != "console":
                with open(os.path.join(folder, words[1]), "w", encoding="utf-8") as file:
                    file.write(text)

    def run(self, folder):
        """What each command prints, and its exit status."""
        script = "".join("{ %s} 2>&1\necho '%s'$?\n" % (command, END) for command, _ in self.commands)
        environment = dict(os.environ, LOOPWRIGHT_ROOT=ROOT, PATH=self.programs + ":" + os.environ["PATH"])
        shell = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, timeout=1200, text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        results = re.findall(r"([^%s]*)%s(\d+)\n" % (END, END), shell.stdout)
        if len(results) != len(self.commands):
            sys.exit("the shell ends after %d of %d commands:\n%s" % (len(results), len(self.commands), shell.stdout))
        return [(output, int(status)) for output, status in results]

    def updated(self, results):
        outputs = iter(results)

        def command(found):
            return "$ " + found[1] + next(outputs)[0]

        def block(found):
            words, text = found.groups()
            return "```%s\n%s```" % (words, COMMAND.sub(command, text)) if self.is_run(words.split()) else found[0]

        return BLOCK.sub(block, self.text)


def main(words):
    update = words[:1] == ["--update"]
    path, programs, folder = words[update:]
    page = Page(path, programs)
    page.prepare(folder)
    results = page.run(folder)
    failures = 0
    for (command, expected), (output, status) in zip(page.commands, results):
        if status != 0 or (output != expected and not update):
            failures += 1
            print("`%s` exits with %d and prints\n%s" % (command.rstrip(), status, output))
    if update and not failures:
        with open(path, "w", encoding="utf-8") as file:
            file.write(page.updated(results))
    print("%d commands" % len(page.commands))
    return 1 if failures else 0


sys.exit(main(sys.argv[1:]))
