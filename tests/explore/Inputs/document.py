"""The data of `loopwright explore`, read as docs/exploring.md describes it."""
import json
import re

PLACE = re.compile(r" !(\d+):(\d+)(?:#\d+)?$")


def of_page(path):
    """The data that stands in a page."""
    with open(path, encoding="utf-8") as file:
        return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', file.read(), re.S)[1])


class Document:
    def __init__(self, data):
        self.data, self.strings, self.variants = data, data["strings"], data["variants"]

    def lines_after(self, history, steps):
        """The IR once so many steps of the pipeline were done."""
        lines = [self.strings[number] for number in history["before"]]
        for step, edits in history["changes"]:
            if step > steps:
                break
            for at, removed, added in reversed(edits):
                lines[at:at + removed] = [self.strings[number] for number in added]
        return lines

    def rows(self, handler):
        """The handler's instructions, each with its fields by name."""
        for block in handler["way"] + handler["elsewhere"]:
            for address, text, purpose, *rest in block:
                line, column, operation, number = (rest + [0, 0, None, 0][len(rest):])
                yield {"address": address, "text": self.strings[text], "purpose": self.strings[purpose],
                       "line": line, "column": column, "number": number,
                       "operation": None if operation is None else self.strings[operation]}

    def operations(self, history):
        """Of the IR after all steps: from an operation's number to its text and place."""
        found, number, region, place = {}, 0, -1, (0, 0)
        for text in self.lines_after(history, 1 << 30):
            if re.match(r"(region|trunk)\b", text):
                region += 1
                number = history["numbers"][region]
            if not text.startswith("  "):
                place = (0, 0)
                continue
            match = PLACE.search(text)
            place = (int(match[1]), int(match[2])) if match else place
            found[number] = (PLACE.sub("", text).strip(), place)
            number += 1
        return found
