"""Checks what `loopwright race --json` has printed.

usage: check.py found|none|replay|count FILE
"""

import json
import sys

what, name = sys.argv[1:]
with open(name) as file:
    data = json.load(file)
assert data["program"][:2] == ["-cp", "examples/racing"], data["program"]
assert data["flags"] == "-O0 -fplace-gil-checks=visible-effects", data["flags"]


def check_story():
    assert data["verdict"]["kind"] == "status" and data["verdict"]["number"] == 1
    assert data["verdict"]["line"] == "ERROR: number 1 was handed out twice"
    assert data["errors"].startswith(data["verdict"]["line"]) and data["output"] == ""
    assert data["after"]["switches"] == 2 and data["after"]["forced"] == 1
    segments = data["segments"]
    assert [segment["thread"] for segment in segments] == [1, 2, 1]
    assert [segment["switch"] and segment["switch"]["kind"] for segment in segments] == ["poll", "end", None]
    assert [segment["switch"] and segment["switch"]["next"] for segment in segments] == [2, 1, None]
    stopped = segments[0]["switch"]["place"]
    assert stopped["method"] == "DoubledId>>take" and "next + 1" in stopped["text"]
    assert stopped["text"][stopped["column"] - 1:].startswith("next :="), stopped
    assert any(line["text"] and "id   := next." in line["text"] for line in segments[1]["lines"])
    assert len(data["decisions"]) == 1 and data["decisions"][0]["next"] == 2


if what == "found":
    check_story()
    assert data["found"] and data["tried"] == data["schedule"]["seed"] + 1
    assert data["before"]["switches"] >= data["after"]["switches"]
    assert data["shrinking"]["decisions"] == 1 and data["shrinking"]["is_least"]
    assert data["schedule"]["repeats"] and data["schedule"]["command"].startswith("loopwright run -O0 ")
elif what == "replay":
    check_story()
    assert data["schedule"]["not_taken"] == 0 and data["schedule"]["file"].endswith("doubled")
elif what == "count":
    counts = data["counts"]
    assert not data["found"] and data["tried"] == 20
    assert counts["random"]["tried"] == counts["pct"]["tried"] == 10
    assert 0 < counts["random"]["failing"] + counts["pct"]["failing"] < 20
else:
    assert not data["found"] and data["tried"] == 20 and data["late"] == 0
    assert "schedule" not in data
print("ok")
