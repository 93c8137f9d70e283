# Sequences of bytecodes that are worth a superinstruction, after how often each is executed.
# Made by
#   loopwright profile --superinstructions -O0 -fno-superinstructions --most=60 --most-code=2000 --for-others
# from these programs, a million bytecodes of each:
#   training/divisors.tally
#       645231 dispatches become 356040 (0.552)
#   training/life.tally
#       1313403 dispatches become 660011 (0.503)
#   training/matrix.tally
#       220736 dispatches become 72904 (0.330)
#   training/sorting.tally
#       249606 dispatches become 165911 (0.665)

103271 local push
87811 argument push
79292 local local
72725 multiply local add element
67395 lessOrEqual jumpIfFalse
67189 local argument
55730 add setLocal local push add setLocal jumpBack
49895 element local
47520 multiply argument
45812 local push add setLocal jumpBack
44067 local argument less jumpIfFalse
42980 setLocal jumpBack
39791 local push add
39246 less jumpIfFalse
38993 setElement local
35119 argument return
34473 unequal jumpIfFalse
32181 remainder push
31926 greaterOrEqual jumpIfFalse
31186 local add
21508 argument argument
20771 setLocal argument
9922 setElement local push add setLocal jumpBack
8000 local push less jumpIfFalse
7344 local local callArguments
6207 push setLocal
5316 push setLocal push setLocal
3941 add setLocal
3761 multiply local add
3544 setLocal local push
3471 equal and
3365 local push add setLocal
3351 setElement local local
2293 local callArguments
2287 setLocal local local
1949 local local element
1558 local local less jumpIfFalse
1538 setElement local push add setLocal
1505 push return
