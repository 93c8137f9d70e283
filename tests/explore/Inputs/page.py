"""Says what a page of `loopwright explore` shows, if it is whole and needs nothing else.

usage: page.py PAGE.html [DATA.json]    (which has to be the page's data)
"""
import html.parser
import json
import re
import sys

from document import Document, of_page

UNCLOSED = {"meta", "link", "input"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.title = [], ""

    def handle_starttag(self, tag, attributes):
        assert tag not in ("img", "iframe", "object"), tag
        for name, value in attributes:
            assert not (name in ("src", "href") and not value.startswith("data:")) and not name.startswith("on"), name
        if tag not in UNCLOSED:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "title":
            self.title += data


with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
page = Page()
page.feed(text)
page.close()
assert not page.open, page.open
assert not re.search(r"https?:|@import|url\(|<!-- put", text)
assert "default-src 'none'" in text and "prefers-color-scheme: dark" in text
print(page.title)
data = of_page(sys.argv[1])
document = Document(data)
for variant in document.variants:
    names = [bytecode["name"] for bytecode in variant["bytecodes"]]
    print("variant %s, form %s, %d site%s, %s: %s" % (
        variant["name"], variant["form"], variant["sites"], "s" * (variant["sites"] != 1),
        "weighted" if variant["weighted"] else "unweighted", " ".join(names)))
    print(", ".join(["lowered"] + [step["pass"] for step in variant["passes"]]))
    lines = data["definitions"][variant["definition"]]["text"].splitlines()
    for bytecode in variant["bytecodes"]:
        if bytecode.get("line"):
            print("%s, line %d: %s" % (bytecode["name"], bytecode["line"], lines[bytecode["line"] - 1].strip()))
    executed = [any(handler.get("executed") for handler in bytecode["handlers"]) for bytecode in variant["bytecodes"]]
    print("%d of %d bytecodes executed" % (sum(executed), len(executed)))
if len(sys.argv) > 2:
    with open(sys.argv[2], encoding="utf-8") as file:
        assert json.load(file) == data
    print("the same data")
print("self-contained")
