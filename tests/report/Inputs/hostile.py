"""A campaign with its names changed into hostile ones, or only its first subject, program and run; or a release with
hostile names.
usage: hostile.py [--single] CAMPAIGN.jsonl | --release RELEASE.json"""
import json
import sys

import names

if sys.argv[1] == "--release":
    release = json.load(open(sys.argv[2]))
    for key, name in zip(("release", "date", "machine", "baseline"), names.HOSTILE):
        release[key] = name
    for subject, name in zip(release["subjects"], reversed(names.HOSTILE)):
        subject["name"] = name
    print(json.dumps(release))
    sys.exit()
is_single = sys.argv[1] == "--single"
lines = [json.loads(line) for line in open(sys.argv[-1])]
campaign = lines[0]["campaign"]
if is_single:
    campaign["subjects"] = campaign["subjects"][:1]
    campaign["programs"] = campaign["programs"][:1]
    lines = [line for line in lines if "campaign" in line
             or line["variant"] == campaign["subjects"][0]["name"] and line["program"] == campaign["programs"][0]
             and line.get("run", 0) == 0]
else:
    changed = {subject["name"]: name for subject, name in zip(campaign["subjects"], names.HOSTILE)}
    programs = {program: name for program, name in zip(campaign["programs"], names.HOSTILE)}
    for subject in campaign["subjects"]:
        subject["name"] = changed.get(subject["name"], subject["name"])
        subject["made_by"] = subject["command"] = names.HOSTILE[0]
    campaign["programs"] = [programs.get(program, program) for program in campaign["programs"]]
    for key in ("date", "version", "count_args"):
        campaign[key] = names.HOSTILE[1]
    for key in ("processor", "kernel", "compiler"):
        campaign["machine"][key] = names.HOSTILE[2]
    campaign["machine"]["hints"] = names.HOSTILE
    for number, line in enumerate(lines[1:]):
        if "run" in line:  # and counters, which the other one has not
            line.update(instructions=1e6 + number, cycles=4e5, branch_misses=123)
        line["variant"] = changed.get(line["variant"], line["variant"])
        line["program"] = programs.get(line["program"], line["program"])
for line in lines:
    print(json.dumps(line))
