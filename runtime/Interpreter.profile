# Sequences of bytecodes that become superinstructions, families of them: what stands in braces
# stands for each of its names. See docs/ir.md, "Superinstructions".

# An operation with its operands, and what becomes of its result
{pushLocal,pushArgument} {pushLocal,pushArgument,pushInteger} {add,subtract,multiply} popLocal
{pushLocal,pushArgument} {pushLocal,pushArgument,pushInteger} {add,subtract,multiply}
{pushLocal,pushArgument} {pushLocal,pushArgument,pushInteger} {less,lessOrEqual,greater,equal} {jumpIfTrueOther,jumpIfFalseOther}
{pushLocal,pushArgument,pushInteger,pushFieldReceiver} {add,subtract,multiply} popLocal
{pushLocal,pushArgument,pushInteger,pushFieldReceiver} {add,subtract,multiply,bitAnd}
{pushLocal,pushArgument,pushInteger,pushFieldReceiver} {less,lessOrEqual,greater,equal,unequal} {jumpIfTrueOther,jumpIfFalseOther}
{add,subtract,multiply} {popLocal,popFieldReceiver}
{less,lessOrEqual,greater,greaterOrEqual,equal,unequal} {jumpIfTrueOther,jumpIfFalseOther}

# Moving values
{pushLocal,pushArgument,pushInteger,pushFieldReceiver,pushConstant,pushNil} {popLocal,popFieldReceiver}
{pushLocal,pushArgument,pushFieldReceiver} {pushLocal,pushArgument,pushInteger,pushFieldReceiver}
{pushLocal,pushArgument,pushFieldReceiver} pushLocal pushLocal
dup {popLocal,popFieldReceiver} pop
dup {popLocal,popFieldReceiver}
pop {pushLocal,pushArgument,pushFieldReceiver}
{popLocal,popFieldReceiver} {pushLocal,pushArgument}

# Ends
{pushLocal,pushFieldReceiver,pushNil,pushTrue,pushFalse} returnLocal
pop returnSelf
popLocal jumpBack
{pushLocal,pushArgument,pushFieldReceiver} {jumpIfTrueOther,jumpIfFalseOther,jumpIfNil,jumpIfNotNil}

# Sequences of bytecodes that are worth a superinstruction, after how often each is executed.
# Made by
#   loopwright profile -O0 -fno-superinstructions --bytecodes=250 --most-code=25000 --for-others
# from these programs, a million bytecodes of each:
#   -cp bench/programs:bench/training Harness Bank 1 1
#       384372 dispatches become 145747 (0.379)
#   -cp bench/programs:bench/training Harness Calculator 1 1
#       91015 dispatches become 43950 (0.483)
#   -cp bench/programs:bench/training Harness EventQueue 1 1
#       181323 dispatches become 82528 (0.455)
#   -cp bench/programs:bench/training Harness Life 1 1
#       4247084 dispatches become 1652841 (0.389)
#   -cp bench/programs:bench/training Harness MatrixProduct 1 1
#       654119 dispatches become 191248 (0.292)
#   -cp bench/programs:bench/training Harness Newton 1 1
#       954657 dispatches become 469457 (0.492)
#   -cp bench/programs:bench/training Harness Numbers 1 1
#       679332 dispatches become 248385 (0.366)
#   -cp bench/programs:bench/training Harness Particles 1 1
#       411968 dispatches become 138843 (0.337)
#   -cp bench/programs:bench/training Harness Pipelines 1 1
#       182380 dispatches become 71994 (0.395)
#   -cp bench/programs:bench/training Harness SearchTree 1 1
#       1145036 dispatches become 600055 (0.524)
#   -cp bench/programs:bench/training Harness Sorting 1 1
#       1066395 dispatches become 416460 (0.391)
#   -cp bench/programs:bench/training Harness WordCount 1 1
#       81988 dispatches become 36733 (0.448)

153623 pushLocal sendArguments
149475 pushLocal pushInteger add popLocal jumpBack
116353 less jumpIfFalseOther
112008 pushFieldReceiver pushArgument sendArguments
109764 pushArgument pushLocal sendArguments
92644 equal jumpIfFalseOther
84923 pushArgument sendArguments
84002 pushFieldReceiver sendArguments
81876 pushArgument pushFieldReceiver
75338 pushLocal pushLocal
73345 subtract popLocal
68607 greater jumpIfFalseOther
61105 pushLocal pushFieldReceiver
60868 pushLocal pushArgument sendArguments
53034 pushArgument pushArgument sendArguments
52640 multiply add popLocal
49470 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushLocal pushLocal
46005 pushArgument pushConstant
45453 pushLocal multiply
45390 jumpIfTrueOther pushLocal sendArguments
43848 lessOrEqual jumpIfFalseOther
43217 popLocal jumpBack
42928 pushInteger equal jumpIfFalseOther
42904 popLocal pushFieldReceiver
40650 pop pushLocal pushInteger add popLocal jumpBack
38460 popFieldReceiver pushFieldReceiver
38405 pushLocal pushInteger
37243 pushFieldReceiver pushLocal sendArguments
37132 pushLocal pushArgument
36829 pushFieldReceiver pushFieldReceiver sendArguments
36031 pushConstant equal
35433 equal jumpIfTrueOther
34149 pushArgument pushArgument
31709 pushLocal pushFieldReceiver less jumpIfFalseOther
31696 pushLocal pushLocal multiply
31139 pushFieldReceiver pushConstant
30738 pop returnSelf
30588 pushLocal pushLocal multiply pushLocal pushLocal multiply add
29720 pushFieldReceiver pushInteger add popFieldReceiver pushFieldReceiver
29387 pushFieldReceiver pushArgument
28559 pushInteger add
28228 pushArgument pushLocal pushLocal sendArguments
28142 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushArgument pushLocal
27977 pushLocal pushInteger greater jumpIfFalseOther
27465 pushLocal pushLocal sendArguments
27097 pushLocal returnLocal
26173 add pushInteger add
26010 multiply pushLocal
24396 popLocal pushLocal pushLocal
24102 pushConstant divideFloat
23728 pushArgument pushInteger
23044 pushTrue returnLocal
22689 pushFieldReceiver pushInteger add popFieldReceiver
21909 pushLocal less jumpIfFalseOther
21014 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushArgument pushArgument pushLocal sendArguments
20944 add popLocal
20883 pop jumpBack
20333 pushLocal pushLocal lessOrEqual jumpIfFalseOther
19577 pushLocal pushInteger sendArguments
18581 pop pushFieldReceiver
18477 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushLocal pushLocal sendArguments
17970 pushLocal pushInteger add sendArguments
17490 pushFieldReceiver pushInteger
17069 pushInteger subtract
16623 pop pushLocal popLocal jumpBack
15427 pushCapturedDepth pushArgument sendArguments
15308 popLocal pushLocal popLocal
15141 popLocal pushArgument pushArgument
14861 pushLocal popLocal
14786 pushArgument popLocal pushArgument popLocal pushLocal pushInteger
14738 equal sendArguments
13891 pushLocal pushInteger equal jumpIfFalseOther
13832 pushInteger multiply pushInteger sendArguments
13462 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushLocal pushArgument
13155 pushFieldReceiver pushLocal
13110 pushLocal pushInteger less jumpIfFalseOther
13090 less jumpIfTrueOther
12991 pushLocal pushInteger equal jumpIfTrueOther
12420 subtract popLocal jumpBack
11845 popLocal pushLocal sendArguments
11588 pushLocal pushConstant
11571 popLocal pushArgument pushFieldReceiver
11564 pushLocal pushArgument pushLocal sendArguments
11520 add sendArguments
11483 pushLocal subtract
11455 pushLocal pushInteger multiply pushInteger add pushInteger sendArguments
11409 pushLocal jumpIfTrueOther
11162 pop pushArgument pushArgument
11149 subtract popFieldReceiver
11068 pushLocal pushInteger multiply pushInteger sendArguments
11066 add popFieldReceiver
10647 pop jump
10529 popLocal pushLocal pushInteger add popLocal jumpBack
10452 popLocal pushLocal pushLocal sendArguments
10449 equal returnLocal
10273 pushFieldReceiver pushInteger add popFieldReceiver returnSelf
9183 popLocal pushArgument
9068 pushGlobal pushArgument sendArguments
8815 pop pushLocal
8761 pushFieldReceiver pushFieldReceiver pushArgument sendArguments
8715 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushArgument pushLocal sendArguments
8517 subtract sendArguments
7901 pushLocal pushInteger add popLocal pushLocal pushInteger add popLocal jumpBack
7826 pushArgument pushArgument pushInteger
7434 pushLocal pushInteger multiply pushFieldReceiver sendArguments
7304 pushArgument returnLocal
7092 pushInteger subtract sendArguments
7059 popLocal pushLocal pushInteger equal jumpIfFalseOther
6991 multiply add
6965 pushLocal pushInteger multiply
6870 pushLocal pushInteger multiply pushInteger add
6820 pop pushLocal pushArgument sendArguments
6723 pushArgument pushLocal
6595 pushLocal pushInteger add popLocal
6539 pushArgument pushInteger add
6523 add returnLocal
6178 pushInteger popLocal
6157 pop pushArgument
5978 popLocal pushFieldReceiver pushLocal sendArguments
5836 pushArgument pushLocal pushLocal
5761 pushFalse returnLocal
5759 pushInteger popLocal pushArgument sendArguments
5528 jumpUnlessIntegers popLocal popLocal pushLocal pushLocal lessOrEqual jumpIfFalseOther
5127 pop pushLocal pushInteger add popLocal pushLocal pushInteger
4946 dup popCapturedDepth returnLocal
4838 popLocal pushInteger
4666 pushArgument pushArgument multiply
4548 pushArgument pushInteger add returnLocal
4411 pushCapturedDepth pushInteger add
4235 pop pushLocal returnLocal
4157 pushArgument pushInteger sendArguments
4112 pushInteger greater jumpIfFalseOther
3945 pushLocal popLocal jumpBack
3914 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushArgument
3770 pop pushInteger
3635 pushLocal pushInteger add pushLocal sendArguments
3500 subtract popFieldReceiver pushFieldReceiver
3488 add popLocal pushLocal pushInteger add popLocal jumpBack
3349 popLocal pushLocal
3290 pushInteger equal
3234 jumpUnlessIntegers popLocal popLocal pushLocal pushLocal lessOrEqual jumpIfFalseOther pushLocal pushLocal sendArguments
2927 pushArgument popLocal pushArgument
2714 pushFieldReceiver pushInteger sendArguments
2430 pushFieldReceiver pushInteger greater jumpIfFalseOther
2426 popLocal pushLocal pushInteger greater jumpIfFalseOther
2346 pushFieldReceiver pushInteger multiply
2292 popLocal pushArgument pushLocal sendArguments
2254 pushCapturedDepth pushInteger
2254 pushLocal pushInteger add
2224 jumpUnlessIntegers popLocal popLocal pushLocal pushLocal lessOrEqual jumpIfFalseOther pushArgument
2050 jumpIfTrueOther pushLocal
2037 popLocal pushLocal pushArgument sendArguments
2034 popFieldReceiver returnSelf
1745 pushNil returnLocal
1627 pushInteger popLocal pushArgument
1516 jumpUnlessIntegers popLocal popLocal pushLocal pushLocal lessOrEqual jumpIfFalseOther pushLocal pushLocal
1514 popLocal pushLocal pushLocal lessOrEqual jumpIfFalseOther
1389 pushInteger popFieldReceiver
1251 pushArgument add
1248 pushConstant add
1240 pushArgument popFieldReceiver
1162 add dup popCapturedDepth returnLocal
1150 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushLocal
1124 pushArgument popLocal
1110 pushCapturedDepth pushArgument
1048 popFieldReceiver pushTrue
663 popLocal pushLocal pushInteger
662 pushLocal pushInteger add popLocal pushLocal pushInteger
609 pop pushLocal pushArgument
351 pushArgument popFieldReceiver pushArgument popFieldReceiver
