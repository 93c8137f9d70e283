# Sequences of bytecodes that become superinstructions, families of them: what stands in braces
# stands for each of its names. See docs/ir.md, "Superinstructions".

# An operation with its operands, and what becomes of its result
{pushLocal,pushArgument} {pushLocal,pushArgument,pushInteger} {add,subtract,multiply} popLocal
{pushLocal,pushArgument} {pushLocal,pushArgument,pushInteger} {add,subtract,multiply}
pushLocal {pushLocal,pushArgument,pushInteger} {less,lessOrEqual,greater,equal} {jumpIfTrueOther,jumpIfFalseOther}
{pushLocal,pushArgument,pushInteger,pushFieldReceiver} {add,subtract,multiply} popLocal
{pushLocal,pushArgument,pushInteger,pushFieldReceiver} {add,subtract,multiply,bitAnd}
{pushLocal,pushInteger} {less,lessOrEqual,greater,equal,unequal} {jumpIfTrueOther,jumpIfFalseOther}
{add,subtract,multiply} {popLocal,popFieldReceiver}
{less,lessOrEqual,greater,greaterOrEqual,equal,unequal} {jumpIfTrueOther,jumpIfFalseOther}

# The same of Doubles: up to two operations, and a comparison
{pushLocal,pushConstant} pushLocal {addDoubles,subtractDoubles,multiplyDoubles} pushLocal {addDoubles,subtractDoubles,multiplyDoubles} popLocal
{pushLocal,pushConstant} pushLocal {addDoubles,subtractDoubles,multiplyDoubles} pushLocal {addDoubles,subtractDoubles,multiplyDoubles}
{pushLocal,pushArgument,pushFieldReceiver,pushConstant} {pushLocal,pushConstant} {addDoubles,subtractDoubles,multiplyDoubles} popLocal
{pushLocal,pushArgument,pushFieldReceiver,pushConstant} {pushLocal,pushConstant} {addDoubles,subtractDoubles,multiplyDoubles}
pushLocal {addDoubles,subtractDoubles,multiplyDoubles} pushLocal {addDoubles,subtractDoubles,multiplyDoubles} popLocal
{pushLocal,pushArgument,pushFieldReceiver,pushConstant} {addDoubles,subtractDoubles,multiplyDoubles} popLocal
{pushLocal,pushArgument,pushFieldReceiver,pushConstant} {addDoubles,subtractDoubles,multiplyDoubles}
{addDoubles,subtractDoubles,multiplyDoubles} {popLocal,popFieldReceiver}
pushLocal pushLocal {addDoubles,subtractDoubles,multiplyDoubles} pushConstant {lessDoubles,lessOrEqualDoubles,greaterDoubles,greaterOrEqualDoubles} jumpIfFalseOther
{pushLocal,pushConstant} {lessDoubles,lessOrEqualDoubles,greaterDoubles,greaterOrEqualDoubles} {jumpIfTrueOther,jumpIfFalseOther}
{lessDoubles,lessOrEqualDoubles,greaterDoubles,greaterOrEqualDoubles} {jumpIfTrueOther,jumpIfFalseOther}

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

# Elements, identity, and the tests for nil
{pushLocal,pushArgument,pushFieldReceiver} {pushLocal,pushArgument} at
{pushLocal,pushArgument} at
at popLocal
{pushLocal,pushArgument} atPut pop
atPut pop
{pushLocal,pushFieldReceiver} length
{pushLocal,pushArgument,pushFieldReceiver} {isNil,notNil} {jumpIfTrueOther,jumpIfFalseOther}
{pushLocal,pushArgument,pushNil} identical {jumpIfTrueOther,jumpIfFalseOther}
{isNil,notNil,identical,not} {jumpIfTrueOther,jumpIfFalseOther}
{identical,not} returnLocal

# Sequences of bytecodes that are worth a superinstruction, after how often each is executed.
# Made by
#   loopwright profile -O0 -fno-superinstructions --bytecodes=250 --most-code=5000 --for-others
# from these programs, a million bytecodes of each:
#   -cp bench/programs:bench/training Harness Bank 1 1
#       384372 dispatches become 207180 (0.539)
#   -cp bench/programs:bench/training Harness Calculator 1 1
#       91015 dispatches become 55167 (0.606)
#   -cp bench/programs:bench/training Harness EventQueue 1 1
#       181323 dispatches become 97184 (0.536)
#   -cp bench/programs:bench/training Harness Life 1 1
#       3915308 dispatches become 1970714 (0.503)
#   -cp bench/programs:bench/training Harness MatrixProduct 1 1
#       654123 dispatches become 203940 (0.312)
#   -cp bench/programs:bench/training Harness Newton 1 1
#       954682 dispatches become 521119 (0.546)
#   -cp bench/programs:bench/training Harness Numbers 1 1
#       679332 dispatches become 297283 (0.438)
#   -cp bench/programs:bench/training Harness Particles 1 1
#       411990 dispatches become 176193 (0.428)
#   -cp bench/programs:bench/training Harness Pipelines 1 1
#       182380 dispatches become 100573 (0.551)
#   -cp bench/programs:bench/training Harness SearchTree 1 1
#       1145036 dispatches become 736006 (0.643)
#   -cp bench/programs:bench/training Harness Sorting 1 1
#       1066395 dispatches become 525384 (0.493)
#   -cp bench/programs:bench/training Harness WordCount 1 1
#       81988 dispatches become 46842 (0.571)

143474 equal jumpIfFalseOther
134355 less jumpIfFalseOther
129714 pushLocal pushInteger
129045 pushLocal pushInteger add popLocal jumpBack
117134 pushLocal pushLocal
100413 pushLocal pushArgument
99096 pushLocal at
88542 pushArgument pushLocal
84209 pushInteger add
83070 pushArgument pushLocal at
81766 pushFieldReceiver pushArgument sendArguments
72521 pushArgument pushArgument
72213 pushArgument pushFieldReceiver
69467 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushLocal pushLocal
68769 pushFieldReceiver pushArgument
64223 popLocal pushLocal pushInteger add popLocal jumpBack
63566 pushLocal pushFieldReceiver
59623 multiplyDoubles addDoubles
59583 popLocal jumpBack
49986 pushInteger equal jumpIfFalseOther
49056 lessOrEqual jumpIfFalseOther
48638 popLocal pushArgument
48607 equal jumpIfTrueOther
46078 popLocal pushLocal pushLocal
46005 pushArgument pushConstant
42590 popFieldReceiver pushFieldReceiver
42382 pushFieldReceiver pushLocal at
39524 pushArgument pushInteger
38631 pushFieldReceiver isNil jumpIfFalseOther
37751 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushArgument
35879 pushLocal pushInteger multiply
35445 pushFieldReceiver length greater jumpIfFalseOther
35230 pushFieldReceiver pushInteger
34830 pushLocal isNil
34587 pushConstant pushLocal
33305 at atPut pop
31709 pushLocal pushFieldReceiver less jumpIfFalseOther
31601 pushFieldReceiver pushArgument at popLocal
31139 pushFieldReceiver pushConstant
30629 subtractDoubles popLocal
30587 subtractDoubles popLocal pushLocal pushLocal
30583 multiplyDoubles pushLocal pushLocal multiplyDoubles addDoubles
30533 popLocal pushLocal
30448 pushLocal pushInteger greater jumpIfFalseOther
29720 pushFieldReceiver pushInteger add popFieldReceiver pushFieldReceiver
28947 pushLocal returnLocal
28879 pushFieldReceiver pushLocal
28852 atPut pop
28520 add popLocal
27767 pushInteger subtract
26865 popLocal pushFieldReceiver
26770 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushArgument pushLocal
24102 pushConstant divideFloat
24089 popFieldReceiver pushFieldReceiver pushInteger add
23152 popFieldReceiver pushTrue
22745 pushLocal pushLocal at
22057 pushLocal pushLocal lessOrEqual jumpIfFalseOther
21176 pushArgument pushLocal atPut pop returnSelf
20883 pop jumpBack
20595 pop pushLocal pushInteger add popLocal jumpBack
20157 pop pushLocal
19816 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushLocal pushArgument
18325 pushLocal pushInteger multiply pushInteger add
17460 popLocal jump
16623 pop pushLocal popLocal jumpBack
15889 pushArgument popLocal pushArgument popLocal pushLocal pushInteger
15308 popLocal pushLocal popLocal pushLocal
14648 pushArgument pushArgument pushLocal
11408 popLocal pushLocal pushConstant
10647 pop jump
