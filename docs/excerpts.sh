# What docs/passes.md and others print their excerpts with: functions for a shell in an empty folder, for which
# $LOOPWRIGHT_ROOT is the root of the source tree, and whose PATH has the built tools.
#
# FLAGS is one word with all flags of an interpreter. Where there are two of them, it is shown what
# the second ones change. The language is one of examples/: Tally, unless LANGUAGE names another.

language=${LANGUAGE:-tally}
cp -r "$LOOPWRIGHT_ROOT/examples/$language/." .
definition=$(echo *.som)
loopwright-gen "$definition" -o "$language.h"
cc -std=gnu17 -shared -fPIC -I. runtime/*.c -o "$language.so" -lm

# ir NAME FLAGS [FLAGS [LINES]]: a bytecode of the language's in the IR; or a difference, with so many
# lines around it (all, unless they are given)
ir() {
  ir_of "$1" "$2" >before
  if [ $# = 2 ]; then
    cat before
  else
    ir_of "$1" "$3" | diff -U "${4-99}" before - | sed '1,3d; s/^@@.*/ .../'
  fi
}

ir_of() { # NAME FLAGS, without places in the definition
  loopwright opt $2 --definition="$definition" | sed -n "/^inlined /d; s/ ![0-9:#]*//; /^[a-z]* *@*$1 {/,/^}/p"
}

# machine NAME FLAGS [FLAGS]: a bytecode's machine code and that of the way to the next one; or two
# side by side
machine() {
  machine_of "$1" "$2" >before
  if [ $# = 2 ]; then
    cat before
  else
    machine_of "$1" "$3" | paste before - | awk -F '\t' '{ printf "%-54s  %s\n", $1, $2 }' | sed 's/ *$//'
  fi
}

machine_of() { # NAME FLAGS
  object "$2"
  way "$1" loop.o
}

# way NAME OBJECT: a bytecode's way to the next one, without addresses and places
way() {
  loopwright dispatch --bytecode="$1" "$2" |
    sed '1,/^$/d; /^$/,$d; /^ /s/^\(.\{70\}\).*/\1/; s/^ *[0-9a-f]*  //; s/ *$//'
}

object() { # FLAGS
  loopwright emit --llvm=19 $1 --emit=object --no-pic --definition="$definition" -o loop.o
}

# shape FLAGS ...: how long a dispatch is in the mean, how many there are, how long the code is
shape() {
  for flags; do
    object "$flags"
    bytes=$(size -A loop.o | awk '$1 == ".text" { print $2 }')
    echo "$(loopwright dispatch loop.o | head -1), $bytes bytes: $flags"
  done
}

# evaluate_som FLAGS: counts what SOM's loop executes for Mandelbrot
evaluate_som() {
  loopwright run --engine=eval $1 --counts=counts.json \
    -cp "$LOOPWRIGHT_ROOT"/bench/programs Harness Mandelbrot 1 50 >result
}

# dispatches FLAGS ...: how long a dispatch of SOM's loop is, weighted by what Mandelbrot executes
dispatches() {
  for flags; do
    evaluate_som "$flags"
    echo "$(loopwright dispatch --llvm=19 $flags --counts=counts.json 2>result | head -1): $flags"
  done
}

# text FLAGS: the machine code of all bytecodes, as bytes
text() {
  object "$1"
  objcopy -O binary -j .text loop.o text
  cat text
}

# count COUNTER FLAGS ...: what the evaluator counts while the language's sieve runs, up to 1000
count() {
  counter=$1
  shift
  for flags; do
    loopwright run --engine=eval $flags --counts=counts.json --definition="$definition" \
      --runtime="./$language.so" -- "programs/sieve.$language" 1000 >result
    counted "$flags"
  done
}

# count_som COUNTER FLAGS ...: the same of SOM's loop, and Mandelbrot
count_som() {
  counter=$1
  shift
  for flags; do
    evaluate_som "$flags"
    counted "$flags"
  done
}

# counters FLAGS ...: all that is counted while SOM's loop runs Mandelbrot, a column for each
counters() {
  printf '%-24s' ''
  printf '%11s' "$@"
  echo
  for flags; do
    evaluate_som "$flags"
    sed -n 's/^  "\([a-z_]*\)": \([0-9]*\),$/\1 \2/p' counts.json
  done | awk '
    !($1 in row) { names[++count] = $1 }
    { row[$1] = row[$1] sprintf("%11s", $2) }
    END { for (i = 1; i <= count; i++) printf "%-24s%s\n", names[i], row[names[i]] }'
}

counted() { # FLAGS: the line of the whole run, not of one bytecode
  sed -n "s|^  \"$counter\": \(.*\),|\1  $1|p" counts.json
}

# stats FLAGS PASS: what a pass says that it did to the language's loop
stats() {
  loopwright opt $1 --stats --definition="$definition" -o after 2>&1 | awk "/^[a-z]/ { on = /^$2/ } on"
}
