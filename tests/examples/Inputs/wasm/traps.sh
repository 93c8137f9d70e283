# Calls the functions of test/traps.wat, and prints what each says and its exit status.
# usage: traps.sh COMMAND MODULE
for call in unreachable behind far stored 'zero 0' 'zero 1' 'overflow -1' 'overflow 1' 'large 1e10' \
  'large -7.9' 'large nan' 'nothing 7' 'nothing 2' type deep 'zero x' zero nope; do
  $1 --invoke=${call% *} "$2" $(case $call in *' '*) echo "${call#* }" ;; esac) 2>&1
  echo "$call: $?"
done
