# Sequences of bytecodes that are worth a superinstruction, after how often each is executed.
# Made by
#   loopwright profile --superinstructions -O0 -fno-superinstructions --most=110 --most-code=3000 --for-others
# from these programs, a million bytecodes of each:
#   training/ackermann.reed
#       6686 dispatches become 5044 (0.754)
#   training/anagrams.reed
#       46731 dispatches become 35632 (0.762)
#   training/collatz.reed
#       232422 dispatches become 154859 (0.666)
#   training/divisors.reed
#       128129 dispatches become 107116 (0.836)
#   training/gauss.reed
#       8979 dispatches become 4979 (0.555)
#   training/letters.reed
#       23948 dispatches become 11684 (0.488)
#   training/life.reed
#       121590 dispatches become 103251 (0.849)
#   training/particles.reed
#       45304 dispatches become 26881 (0.593)
#   training/permutations.reed
#       101248 dispatches become 63404 (0.626)
#   training/search.reed
#       180521 dispatches become 131793 (0.730)
#   training/spectral.reed
#       133778 dispatches become 91580 (0.685)
#   training/towers.reed
#       19308 dispatches become 12153 (0.629)
#   training/waves.reed
#       31914 dispatches become 26307 (0.824)

281484 addImmediateLeftNumber jumpBack
264901 setElementAtTo loopBack
209950 elementOfAt elementOfAt
196552 multiplyDoublesLeftRight addDoublesLeftRight
158933 multiplyDoublesLeftRight subtractDoublesLeftRight
158306 globalFrom moveFrom moveFrom callFirstCountInto
152087 remainderImmediateLeftNumber equalConstantToElse
141690 setFieldNameTo fieldOfName fieldOfName
122239 addIntegersLeftRight addImmediateLeftNumber
108522 addImmediateLeftNumber addImmediateLeftNumber jumpBack
99900 quotientImmediateLeftNumber elementOfAt
96952 globalFrom elementOfAt
88254 lessIntegersThanElse addImmediateLeftNumber
77414 moveFrom moveFrom
74765 globalFrom moveFrom callFirstCountInto
65693 globalFrom moveFrom addImmediateLeftNumber
61369 fieldOfName addImmediateLeftNumber
53398 setFieldNameTo fieldOfName
51779 addImmediateLeftNumber divideLeftRight
47137 fieldOfName callFirstCountInto
45311 newTableElementsFields setFieldNameTo setFieldNameTo
44788 moveFrom jumpBack
44720 loadConstantFrom callFirstCountInto
40648 loadIntegerNumber prepareLoopElse
40139 addImmediateLeftNumber addImmediateLeftNumber
38356 elementOfAt elementOfAt setElementAtTo
38349 globalFrom addImmediateLeftNumber
38337 loadIntegerNumber return
35629 loadIntegerNumber unequalConstantToElse
35101 loadIntegerNumber loadIntegerNumber
33278 setElementAtTo returnNil
30030 moveFrom callFirstCountInto
28008 addImmediateLeftNumber return
27702 loadIntegerNumber elementOfAt
27126 globalFrom moveFrom moveFrom addImmediateLeftNumber callFirstCountInto
27125 addIntegersLeftRight remainderImmediateLeftNumber
21491 loadIntegerNumber lengthOf addImmediateLeftNumber
