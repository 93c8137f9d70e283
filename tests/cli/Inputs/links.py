"""Are the files there that the pages below a folder lead to? usage: links.py FOLDER"""

import os
import re
import sys

LINK = re.compile(r"\]\(([^)#:\s]+)[^):]*\)")

count = 0
for folder, _, names in os.walk(sys.argv[1]):
    for name in sorted(names):
        page = os.path.join(folder, name)
        text = open(page, encoding="utf-8").read() if name.endswith(".md") else ""
        for target in LINK.findall(text):
            count += 1
            if not os.path.exists(os.path.join(folder, target)):
                print(f"{page}: there is no {target}")
print(count, "links")
