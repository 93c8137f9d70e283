# Looks at a program's stack, alive and dead.
# usage: stack.sh INTERPRETER CLASSPATH
cd "$(dirname "$1")" || exit 1
look() { # arguments of gdb …
  LC_ALL=C.UTF-8 timeout 60 gdb -nx -q -batch -iex "add-auto-load-safe-path $PWD" "$@" </dev/null 2>&1
}
# What gdb says by itself differs by version: only what stands between the marks is shown.
marked() {
  sed -n '/^MARK/,/^UNMARK/p' | sed 's/^MARK //; /^UNMARK/d; /^$/d'
}
look -ex "break divideFloat" -ex "run -cp $2 Deep" -ex "echo MARK alive\n" -ex som-bt -ex "som-bt 1" -ex "print frame" \
  -ex "source $2/values.py" -ex "echo UNMARK\n" -ex "generate-core-file $1.core" "$1" | marked
look -ex "echo MARK dead\n" -ex som-bt -ex "source $2/values.py" -ex "som-bt all" -ex core-file -ex som-bt \
  -ex "echo UNMARK\n" "$1" "$1.core" | marked
# Where the loop goes on after a call, LLVM may have kept none of its variables.
look -ex "break vm_fill_site_arguments if count == 2" -ex "run -cp $2 Deep" -ex finish -ex "echo MARK after\n" -ex som-bt \
  -ex "echo UNMARK\n" "$1" | marked
damage() { # how long the selector's text is to be
  echo "set var ((Symbol *)((Method *)((Frame *)frame)->method)->signature)->length = $1"
}
look -ex "break divideFloat" -ex "run -cp $2 Deep" -ex "echo MARK damaged\n" -ex "$(damage '1ll << 40')" -ex "som-bt 1" \
  -ex "print frame" -ex "$(damage 500)" -ex "som-bt 1" -ex "$(damage -5)" -ex "som-bt 1" \
  -ex "$(damage 5)" -ex "set var ((Frame *)frame)->caller = (Frame *)frame" -ex som-bt -ex "som-bt ²" \
  -ex "echo UNMARK\n" "$1" | marked
rm -f "$1.core"
