"""Does with a configuration what ReBench does: each command line is put together, its %(…)s are replaced
twice, a shell runs it with the environment that the configuration has, and each `runtime` becomes a
line of the data file.

usage: rebench.py FILE.conf
"""
import re
import subprocess
import sys

import yaml

config = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
with open(config["default_data_file"], "w", encoding="utf-8") as data:
    columns = ("invocation iteration value unit criterion benchmark executor suite extraArgs cores inputSize "
               "varValue tag machine")
    print(*columns.split(), sep="\t", file=data)
    for execution in config["experiments"][config["default_experiment"]]["executions"]:
        for name, details in execution.items():
            executor = config["executors"][name]
            for suite_name in details["suites"]:
                suite = config["benchmark_suites"][suite_name]
                for benchmark, settings in ((n, s) for each in suite["benchmarks"] for n, s in each.items()):
                    words = [executor["executable"], executor.get("args", ""), suite["command"],
                             str(settings.get("extra_args", ""))]
                    line = " ".join(words) % {
                        "benchmark": settings["command"], "iterations": settings.get("iterations", 1)}
                    for invocation in range(1, suite["invocations"] + 1):
                        output = subprocess.run(
                            line % {"invocation": invocation}, shell=True, check=True, text=True,
                            stdout=subprocess.PIPE, cwd=suite.get("location"), env=config["runs"]["env"]).stdout
                        times = re.findall(r"iterations=1 runtime: ([0-9.]+)us", output)
                        for iteration, time in enumerate(times, 1):
                            print(invocation, iteration, f"{float(time) / 1000:f}", "ms", "total", benchmark,
                                  name, suite_name, settings.get("extra_args", ""), 1, "", "", "", "",
                                  sep="\t", file=data)
