"""Prints what objdump shows at the address of the first instruction of a report's path."""
import json
import subprocess
import sys

report, program = sys.argv[1:]
with open(report) as file:
    address = int(json.load(file)["path"][0]["address"], 16)
lines = subprocess.run(["objdump", "-d", "--no-show-raw-insn", "--start-address=%d" % address,
                        "--stop-address=%d" % (address + 16), program],
                       stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
print(next(" ".join(line.split()[1:]) for line in lines if line.split(":")[0].strip() == "%x" % address))
