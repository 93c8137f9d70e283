"""Reads a report as a browser does, and says what is in it. usage: page.py [--hostile] PAGE.html"""
import re
import sys
from html.parser import HTMLParser

import names

VOID = {"meta", "link", "input", "br"}
KNOWN = set("""html head meta link title style body header p span main section h1 h2 h3 strong em a aside ul li ol nav div
table thead tbody tr th td figure svg desc g path polygon rect text tspan details summary label input code dl dt dd pre br
small i""".split())


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.sections, self.section = [], [], None
        self.title = self.heading = ""
        self.texts, self.elements, self.plots, self.absent = [], set(), [], []
        self.ids, self.unbalanced, self.attributes = [], [], set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.elements.add(tag)
        self.attributes |= set(attributes)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "section":
            self.section = {"id": attributes["id"], "title": "", "plots": 0, "tables": 0}
            self.sections.append(self.section)
        if self.section is not None and tag == "table":
            self.section["tables"] += 1
        if tag == "svg":
            self.section["plots"] += 1
            self.plots.append({"viewbox": attributes.get("viewbox"), "children": set(), "text": ""})
        elif "svg" in self.open:
            self.plots[-1]["children"].add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.unbalanced.append(tag)
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if "style" in self.open:
            return
        self.texts.append(data)
        inside = self.open[-1] if self.open else ""
        if inside == "title" and "svg" not in self.open:
            self.title += data
        if "h1" in self.open and not re.fullmatch(r"[A-Z]\d*", data):
            self.heading += data
        if inside == "h2" and self.section is not None:
            self.section["title"] += data


def plural(count, word):
    return "%d %s%s" % (count, word, "" if count == 1 else "s")


def absent(text):
    found = re.search(r"<h3>What isn’t here</h3>\n<ul>\n(.*?)</ul>", text, re.S)
    return re.findall(r"<li>(.*?): ", found.group(1)) if found else []


def check_plots(page):
    assert page.plots
    for plot in page.plots:
        assert plot["viewbox"] and {"title", "desc"} <= plot["children"], plot
    assert len(page.ids) == len(set(page.ids)), sorted(page.ids)
    print("each plot has a title, a description and a viewBox, and no name twice")


def check_alone(page, text):
    assert not re.search(r"(src|href)\s*=\s*[\"']?\s*(https?:|//|file:)", text, re.I)
    assert not re.search(r"url\(|@import", text)
    assert not page.elements & {"script", "iframe", "object", "img"}
    assert not [name for name in page.attributes if name.startswith("on")], page.attributes
    assert not page.unbalanced and not page.open, (page.unbalanced, page.open)
    assert len(text.encode()) < 3 << 20
    print("self-contained, without a script, under 3 MiB")


def describe(page, text):
    print("%s\n%s" % (page.title, page.heading))
    for section in page.sections:
        title = ", " + section["title"] if section["id"] != "answer" else ""
        print("%s%s: %s, %s" % (section["id"], title, plural(section["plots"], "plot"), plural(section["tables"], "table")))
    if absent(text):
        print("not here: " + "; ".join(absent(text)))
    check_plots(page)


def check_hostile(page, text):
    seen = "".join(page.texts)
    for name in names.SEEN:
        assert name in seen, name
    print("all names are there as texts: %d" % len(names.SEEN))
    assert page.elements <= KNOWN, page.elements - KNOWN
    assert "LoopwrightText" not in text
    print("no element that isn't the page's")


is_hostile = sys.argv[1] == "--hostile"
with open(sys.argv[-1], encoding="utf-8", errors="strict") as file:
    text = file.read()
page = Page(text)
(check_hostile if is_hostile else describe)(page, text)
check_alone(page, text)
