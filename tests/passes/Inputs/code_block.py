"""Prints the first block of a language in a Markdown file: code_block.py FILE LANGUAGE."""
import re
import sys

text = open(sys.argv[1], encoding="utf-8").read()
block = re.search(r"^```" + re.escape(sys.argv[2]) + r"\n(.*?)^```$", text, re.M | re.S)
if not block:
    sys.exit(f"{sys.argv[1]} has no block of {sys.argv[2]}")
sys.stdout.write(block.group(1))
