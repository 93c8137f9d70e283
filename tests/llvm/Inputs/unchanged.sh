# Emits a variant with and without places, methods and names of locals, and compares the code.
# usage: unchanged.sh LOOPWRIGHT HELPER FLAGS …
loopwright=$1 helper=$2
shift 2
"$loopwright" opt "$@" -o with.mir 2>/dev/null
sed '/^method /d; /^inlined /d; /^source /d; /^part /d; s/ ![0-9][0-9:#]*$//; s/ ![0-9][0-9:#]* {$/ {/' with.mir >without.mir
for each in with without; do
  "$helper" emit $each.mir -o $each.o 2>/dev/null || exit 1
  objcopy -O binary --only-section='.text*' $each.o $each.text
  echo "$each: $("$helper" emit --kind=llvm-ir $each.mir -o - | grep -c 'DILocalVariable(name: "sum"') sums"
done
cmp with.text without.text && echo the same code
