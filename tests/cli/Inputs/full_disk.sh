# Fills a small disk, has commands write to it, and says what they said and what is there then.
# usage: full_disk.sh LOOPWRIGHT ROOT FOLDER, in FOLDER, where disk/ and temporary/ are empty
loopwright=$1 root=$2 folder=$3
hello=$root/tests/runtime/Inputs/Hello.som mir=$root/tests/cli/Inputs/summing.mir
mount -t tmpfs -o size=64k tmpfs disk || exit 1
mkdir disk/cache
echo old >disk/old
ln -s old disk/link
cat /dev/zero >disk/filling 2>/dev/null
export TMPDIR="$folder/temporary" LOOPWRIGHT_CACHE="$folder/cache"

there() { ls -A disk disk/cache temporary; }
before=$(there)

check() { # what command …
  what=$1 same=changed left=more
  shift
  said=$("$@" 2>&1)
  status=$?
  echo "$what: $(echo "$said" | tr '\n' ' ' | sed 's/ *$//')"
  [ "$(cat disk/old)" = old ] && [ -L disk/link ] && same='as it was'
  [ "$(there)" = "$before" ] && left=nothing
  echo "status $status, old $same, $left else"
}

check opt "$loopwright" opt -O0 -o disk/old
check 'opt --dot' "$loopwright" opt -O0 --dot -o disk/old
for kind in mir llvm-ir assembly object executable; do
  check "emit $kind" "$loopwright" emit -O0 --emit=$kind -o disk/old
done
check 'emit over a link' "$loopwright" emit -O0 --emit=object -o disk/link
check reduce "$loopwright" reduce --test='exit 1' -o disk/old "$mir"
check 'run --counts' "$loopwright" run --engine=eval --counts=disk/old -O0 "$hello"
LOOPWRIGHT_CACHE=disk/cache check 'run, the cache' "$loopwright" run -O0 "$hello"
TMPDIR=disk check 'run, temporary files' "$loopwright" run -O1 "$hello"
check loopwright-gen "$loopwright-gen" "$root/runtime/Interpreter.som" -o disk/old
