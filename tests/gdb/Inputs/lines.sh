# Asks gdb for the lines of the definition, and stops in `add`.
# usage: lines.sh INTERPRETER ROOT
definition=$2/runtime/Interpreter.som
line=$(grep -n '^    add: index' "$definition" | cut -d: -f1)
timeout 120 gdb -nx -q -batch -iex "add-auto-load-safe-path $(dirname "$1")" -ex "source $(dirname "$0")/lines.py" \
  -ex "break Interpreter.som:$((line + 1))" -ex "run -cp $2/bench/programs Harness Mandelbrot 1 1" -ex bt \
  -ex "info locals" -ex "tbreak Interpreter.som:$((line + 4))" -ex "delete 1" -ex continue -ex "info locals" -ex "print *frame" \
  "$1" </dev/null 2>&1
