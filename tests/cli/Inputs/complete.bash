# Sources the completion of loopwright for bash, and completes command lines with it as bash does.
# usage: bash complete.bash SCRIPT
# Each line of standard input is a command line, whose last word is to be completed: `|` stands at its
# end, so that a blank in front of it can be seen. Prints what there is, on one line.
. "$1"
while IFS= read -r line; do
  line=${line%|}
  # As bash does it: `=` is a word of its own.
  read -ra COMP_WORDS <<<"${line//=/ = }"
  [[ $line == *[\ =] ]] && COMP_WORDS+=('')
  [[ $line == *= ]] && unset 'COMP_WORDS[-1]'
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _loopwright 2>/dev/null
  echo "$line: $(printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | xargs)"
done
