"""Starts a campaign and interrupts it once it has made some runs; prints its status.

usage: interrupt.py COMMAND… --raw=FILE …
"""
import os
import signal
import subprocess
import sys
import time

raw = next(word[6:] for word in sys.argv if word.startswith("--raw="))
campaign = subprocess.Popen(sys.argv[1:])
while not (os.path.exists(raw) and open(raw).read().count("microseconds") > 2) and campaign.poll() is None:
    time.sleep(0.05)
campaign.send_signal(signal.SIGINT)
print("status", campaign.wait(), flush=True)
