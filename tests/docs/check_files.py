"""Does what a page of the documentation does.

usage: check_files.py PAGE FOLDER-OF-PROGRAMS WORKING-FOLDER

A fenced block with a file's name after its language is that file; a block `console` holds
commands after `$ `, and what they print. Other blocks are left alone.
"""

import os
import re
import subprocess
import sys

page, programs, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
environment = dict(os.environ, PATH=programs + ":" + os.environ["PATH"])
commands = failures = 0
for words, text in re.findall(r"^```(.*)\n((?:(?!```).*\n)*)```$", open(page).read(), flags=re.M):
    words = words.split()
    if len(words) == 2:
        with open(os.path.join(folder, words[1]), "w") as file:
            file.write(text)
    if words != ["console"]:
        continue
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, expected = part.partition("\n")
        run = subprocess.run(
            command, shell=True, cwd=folder, env=environment, timeout=60, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        commands += 1
        if run.stdout != expected or run.returncode != 0:
            failures += 1
            print("`%s` exits with %d and prints\n%s" % (command, run.returncode, run.stdout))
print("%d commands" % commands)
sys.exit(1 if failures else 0)
