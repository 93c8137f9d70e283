"""A harness that measures nothing, in the place of Are-We-Fast-Yet's: what it is asked for decides
how it behaves. It has to work in its own folder, as that one's for Lua does."""
import os
import sys

benchmark, iterations, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
if not os.path.exists("harness.py"):
    sys.exit("not in its folder")
if benchmark == "Queens":
    sys.exit("Benchmark failed with incorrect result")
if benchmark == "Towers":
    print("Towers: iterations=1 runtime: soon")
    sys.exit()
if benchmark == "Mandelbrot":
    print(f"No verification result for {size} found")
    sys.exit(1)
for _ in range(iterations):
    print(f"{benchmark}: iterations=1 runtime: {size}000.5us")
